"""Neurons, connections, parameters with and without sharing, multiply-accumulates."""

from math import prod

from convcalc.analysis.record import Row
from convcalc.explain.record import Fact, Section, product
from convcalc.layers.base import Parameters
from convcalc.layers.traits import Family
from convcalc.quantity import counted
from convcalc.shapes import Shape, elements, written


def costs(row: Row, inputs: tuple[Shape, ...]) -> tuple[Section, ...]:
    """The sections on what a sized layer costs; none for a layer whose size is unknown."""
    layer, output = row.step.layer, row.step.output
    if layer is None or output is None:
        return ()
    own = layer.parameters(inputs, output)
    if layer.family is Family.CONVOLUTION:
        fan_in = _fan_in(row, inputs)
        return (
            _neurons(row, inputs[0], output, fan_in),
            _sharing(row, output, own, prod(fan_in)),
            _macs(row, own, output),
        )
    if layer.family is Family.FULLY_CONNECTED:
        return _fully_connected(row, inputs[0], own)
    if layer.family is Family.TRANSPOSED_CONVOLUTION:
        lines = [_learned(own)]
        positions = elements(inputs[0][:-1])
        text = (
            f"{own.weights:,} weights * {product(*inputs[0][:-1])} input positions = {row.macs:,}"
        )
        numbers = _numbers(own)
        return (
            Section("parameters", tuple(lines), numbers),
            Section(
                "multiply-accumulates",
                (Fact("", text),),
                {"macs": row.macs, "positions": positions},
            ),
        )
    return _plain(row, own, output)


def _fan_in(row: Row, inputs: tuple[Shape, ...]) -> tuple[int, ...]:
    """The factors of how many numbers of its input one output number reads."""
    kernel = tuple(window.kernel for window in row.step.size.windows)
    if row.step.kind == "depthwise_conv":
        return (*kernel, 1)
    groups: int = row.step.layer.__dict__.get("groups", 1)
    return (*kernel, inputs[0][-1] // groups)


def _neurons(row: Row, shape: Shape, output: Shape, fan_in: tuple[int, ...]) -> Section:
    neurons, each = elements(output), prod(fan_in)
    read, channels = fan_in[-1], shape[-1]
    all_of_them = f"all {channels} channels deep" if channels > 1 else "one channel deep"
    depth = all_of_them if read == channels else f"{read} of {channels} channels deep"
    lines = (
        Fact("neurons", f"{product(*output)} = {neurons:,}, one a number of the output"),
        Fact(
            "connections",
            f"each neuron reads a window of {written(fan_in)} = {each:,} numbers: "
            f"local in space, {depth}",
        ),
        Fact("", f"{neurons:,} * {each:,} = {neurons * each:,} connections"),
    )
    numbers = {
        "neurons": neurons,
        "connections_per_neuron": each,
        "connections": neurons * each,
    }
    return Section("neurons and connections", lines, numbers)


_SHARED = Fact("", "they are another layer's (`weights:`): counted there, not here")


def _sharing(row: Row, output: Shape, own: Parameters, fan_in: int) -> Section:
    """Parameters as the kind has them, and what the other way would take."""
    neurons, channels = elements(output), output[-1]
    bias = bool(own.biases)
    each = f"({fan_in:,} + 1)" if bias else f"{fan_in:,}"
    unshared = neurons * (fan_in + bias)
    shared = channels * (fan_in + bias)
    biases = f" + {counted(channels, 'bias')}" if bias else ", no biases"
    with_text = (
        f"one filter a channel of the output, slid over all positions: {channels:,} * {fan_in:,} = "
        f"{channels * fan_in:,} weights{biases} = {shared:,}"
    )
    without_text = f"a separate filter for every neuron: {neurons:,} * {each} = {unshared:,}"
    times = f" ({unshared // shared:,} times as many)" if shared else ""
    lines = [
        Fact("with sharing", with_text),
        Fact("without", without_text + times),
    ]
    if row.step.kind == "locally_connected":
        lines.append(Fact("", "this layer does not share; a conv would"))
    elif row.step.shares is not None:
        lines.append(_SHARED)
    numbers = {**_numbers(own), "shared": shared, "unshared": unshared}
    return Section("parameters", tuple(lines), numbers)


def _macs(row: Row, own: Parameters, output: Shape) -> Section:
    positions = elements(output[:-1])
    if row.step.kind == "locally_connected":
        text = f"one a weight: {row.macs:,}"
    else:
        text = f"{own.weights:,} weights * {product(*output[:-1])} positions = {row.macs:,}"
    line = Fact("", f"{text} an image; a bias add is none")
    return Section("multiply-accumulates", (line,), {"macs": row.macs, "positions": positions})


def _fully_connected(row: Row, shape: Shape, own: Parameters) -> tuple[Section, ...]:
    units, inputs = (row.step.output or (0,))[-1], elements(shape)
    bias = f" + {counted(own.biases, 'bias')}" if own.biases else ", no biases"
    whole = f"{product(*shape)} = {inputs:,}" if len(shape) > 1 else f"{inputs:,}"
    lines = [
        Fact("neurons", f"{units:,}, each connected to all numbers of its input: {whole}"),
    ]
    weights = [
        Fact(
            "",
            f"{inputs:,} * {units:,} = {own.weights:,} weights{bias} = {own.learned:,}",
        )
    ]
    if row.step.shares is not None:
        weights.append(_SHARED)
    if len(shape) > 1:
        kernel = written(shape[:-1])
        weights.append(
            Fact(
                "as a conv",
                f"{units:,} filters of {kernel}, padding 0, stride 1: the same weights, the same "
                "numbers, and larger inputs work (`convcalc convert --fc-to-conv`)",
            )
        )
    macs = Fact("", f"one a weight: {row.macs:,} an image; a bias add is none")
    return (
        Section(
            "neurons and connections",
            tuple(lines),
            {"neurons": units, "connections_per_neuron": inputs, "connections": own.weights},
        ),
        Section("parameters", tuple(weights), _numbers(own)),
        Section("multiply-accumulates", (macs,), {"macs": row.macs}),
    )


def _plain(row: Row, own: Parameters, output: Shape) -> tuple[Section, ...]:
    """Layers without a weight product: what they learn and what they hold."""
    held = elements(output)
    if row.in_place:
        text = f"{held:,} numbers in its input's own storage: no new volume"
    elif row.new_volume:
        text = f"{product(*output)} = {held:,} numbers in a new volume"
    else:
        text = f"{held:,} numbers; passes its input on when not training"
    sections = [Section("activations", (Fact("", text),), {"activations": held})]
    if own.learned or own.buffers:
        sections.append(Section("parameters", (_learned(own),), _numbers(own)))
    return tuple(sections)


def _learned(own: Parameters) -> Fact:
    parts = [
        f"{number:,} {word}"
        for number, word in (
            (own.weights, "weights"),
            (own.biases, "biases"),
            (own.norm, "scales and shifts"),
        )
        if number
    ]
    text = " + ".join(parts)
    if len(parts) > 1:
        text += f" = {own.learned:,}"
    if own.buffers:
        text += f"{'; ' if text else ''}{own.buffers:,} buffers, not learned"
    return Fact("", text or "none")


def _numbers(own: Parameters) -> dict[str, int]:
    return {**own._asdict(), "params": own.learned}
