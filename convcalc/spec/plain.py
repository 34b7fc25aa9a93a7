"""A network written out as a plain spec: one entry a layer, every block and repeat expanded."""

import json

from convcalc.layers.base import Layer, Roundings
from convcalc.layers.written import options_of
from convcalc.network.record import INPUT, Network, Step
from convcalc.shapes import written
from convcalc.tree.scalars import safely


def written_out(network: Network, layers: dict[int, Layer]) -> str:
    """The spec of a network with the layers at some positions replaced."""
    steps = network.steps
    lines = [
        f"{key}: {json.dumps(text, ensure_ascii=False)}"
        for key, text in (("name", network.name), ("source", network.origin))
        if text
    ]
    inputs = [step for step in steps if step.kind == INPUT]
    shapes = [written(step.output) for step in inputs if step.output]
    if len(inputs) == 1 and inputs[0].name == INPUT:
        lines.append(f"input: {shapes[0]}")
    else:
        pairs = [
            f"{safely(step.name)}: {shape}" for step, shape in zip(inputs, shapes, strict=True)
        ]
        lines.append(f"inputs: {{{', '.join(pairs)}}}")
    roundings = network.roundings
    if roundings != Roundings():
        lines.append(f"rounding: {{conv: {roundings.conv.value}, pool: {roundings.pool.value}}}")
    lines.append("layers:")
    for index, step in enumerate(steps):
        layer = layers.get(index, step.layer)
        if layer is not None:
            lines.append(f"  - {_entry(network, index, step, layer)}")
    if len(network.outputs) > 1:
        listed = network.listed or network.outputs[:-1]
        named = ", ".join(safely(steps[i].name) for i in listed)
        lines.append(f"outputs: [{named}]")
    expected = [entry for entry in network.expect if entry.key != "output"]
    for section, stated in (("expect", expected), ("budget", network.budget)):
        if stated:
            text = ", ".join(f"{entry.key}: {entry.value}" for entry in stated)
            lines.append(f"{section}: {{{text}}}")
    return "\n".join(lines) + "\n"


def _entry(network: Network, index: int, step: Step, layer: Layer) -> str:
    steps = network.steps
    options = options_of(layer)
    if step.like is not None:
        options["like"] = safely(steps[step.like].name)
    text = ", ".join(f"{key}: {value}" for key, value in options.items())
    parts = [f"{layer.kind}: {{{text}}}"]
    parts.append(f"name: {safely(step.name)}")
    first_of_several = index > 1 and steps[index - 1].kind == INPUT  # would read the first input
    if step.inputs != (index - 1,) or first_of_several or layer.merges:
        names = [safely(steps[i].name) for i in step.inputs]
        parts.append(f"from: [{', '.join(names)}]" if layer.merges else f"from: {names[0]}")
    if step.shares is not None:
        parts.append(f"weights: {safely(steps[step.shares].name)}")
    if step.ignore:
        parts.append(f"ignore: [{', '.join(step.ignore)}]")
    if step.checkpoint:
        mark = step.checkpoint
        parts.append(f"checkpoint: {f'segment{mark[1:]}' if mark[:1] == '=' else mark}")
    return f"{{{', '.join(parts)}}}"
