"""One layer's arithmetic, assembled: size, cost, receptive field, matrices, other words for it."""

import re

from convcalc.analysis.record import Analysis
from convcalc.explain.backward import backward
from convcalc.explain.cost import costs
from convcalc.explain.field import field
from convcalc.explain.holding import holding
from convcalc.explain.im2col import im2col
from convcalc.explain.peak import Peak
from convcalc.explain.record import Explanation, Fact, Section
from convcalc.explain.sizing import sizing
from convcalc.explain.words import in_words
from convcalc.findings import plain
from convcalc.network.record import INPUT, Network
from convcalc.quantity import counted
from convcalc.shapes import Shape
from convcalc.suggest import nearest

_NAMED = 8  #: layers that an error names


class NoLayerError(Exception):
    """There is no such layer; the message says which there are."""


def find(network: Network, name: str) -> int:
    """The position of a layer by its name.

    Raises:
        NoLayerError: the net has no layer of that name.
    """
    names = [step.name for step in network.steps]
    if name in names:
        return names.index(name)
    inside = [step.name for step in network.steps if name in step.units]
    if inside:
        raise NoLayerError(
            f"{name} is a block of {len(inside)} layers: name one of them, such as {inside[0]}"
        )
    inside = [one for one in names if one.startswith(f"{name}.")]  # with `times`: name.1, name.2
    if inside:
        text = f"{plain(name)} stands for {counted(len(inside), 'layer')}: name one of them"
        raise NoLayerError(f"{text}, such as {inside[0]}")
    alike = [step.name for step in network.steps if step.kind == name]
    if alike:
        others = f" and {len(alike) - _NAMED} more" if len(alike) > _NAMED else ""
        text = (
            f"{plain(name)} is a kind: name one of its layers, {', '.join(alike[:_NAMED])}{others}"
        )
        raise NoLayerError(text)
    begun = [one for one in names if name and re.match(rf"{re.escape(name)}(?![0-9])", one)]
    begun = begun or [one for one in names if name and one.endswith(f".{name}")]  # within calls
    if begun:
        one = f"one of {_first(begun)}" if len(begun) > 3 else " or ".join(map(plain, begun))
        raise NoLayerError(f"no layer {plain(name)!r}: did you mean {one}?")
    close = nearest(name, names)
    if close:
        raise NoLayerError(f"no layer {plain(name)!r}: did you mean {close}?")
    raise NoLayerError(f"no layer {plain(name)!r}: it has {listed(network)}")


def listed(network: Network) -> str:
    """The layers that can be named, the first few of many."""
    return _first([step.name for step in network.steps if step.kind != INPUT]) or "none"


def _first(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def explain_layer(analysis: Analysis, index: int, peak: Peak | None = None) -> Explanation:
    """Everything about the layer at this position of an analysis.

    `peak` is that of the same analysis, for who asks for many of its layers.
    """
    network, row = analysis.network, analysis.rows[index]
    step = row.step
    shapes = [network.steps[i].output for i in step.inputs]
    inputs: tuple[Shape, ...] = tuple(shape for shape in shapes if shape is not None)
    sections: list[Section | None] = []
    if len(inputs) == len(step.inputs):
        sections = [sizing(row, inputs), *costs(row, inputs)]
        sections += [
            field(analysis, index),
            im2col(row, inputs),
            backward(row),
            holding(analysis, index),
            (peak or Peak(analysis)).of(index),
            _words(row.step.kind, analysis, index),
        ]
    else:
        text = f"not sized: {_root(network, index)}"
        sections = [Section("size", (Fact("", text),), {"output": None})]
    return Explanation(
        network.name or network.source.path,
        network.source.path,
        step.name,
        step.kind,
        step.words(max(1, max((len(s.output) for s in network.steps if s.output), default=3) - 1))
        or step.kind,
        step.place.line if step.kind != INPUT else None,
        tuple(network.steps[i].name for i in step.inputs),
        tuple(section for section in sections if section is not None),
        analysis.settings,
    )


def _root(network: Network, index: int) -> str:
    """The first layer on the way to this one that has no size."""
    at = index
    while True:
        unknown = [i for i in network.steps[at].inputs if network.steps[i].output is None]
        if not unknown:
            break
        at = unknown[0]
    step = network.steps[at]
    if step.kind == INPUT:
        return "the net's input has no size: --input 224x224x3 gives it one"
    return f"{step.name} before it could not be, `convcalc explain` and `check` say why"


def _words(kind: str, analysis: Analysis, index: int) -> Section | None:
    """The layer as other tools write it; None where neither has it."""
    row = analysis.rows[index]
    if row.step.layer is None or row.step.output is None:
        return None
    torch_code, keras_code = in_words(row, "pytorch"), in_words(row, "keras")
    lines = [
        Fact(tool, code) for tool, code in (("PyTorch", torch_code), ("Keras", keras_code)) if code
    ]
    if not lines:
        return None
    return Section(
        "in other words", tuple(lines), {"pytorch": torch_code or None, "keras": keras_code or None}
    )
