"""Numbers as the arguments of a block: what is right in one of its calls has to be in all."""

import re
from collections.abc import Iterable, Iterator, Mapping

from convcalc.layers.conv import Conv
from convcalc.layers.option import Value
from convcalc.layers.windowed import Windowed
from convcalc.network.record import INPUT, Network, Step
from convcalc.spec.edit import kind_of, options_at
from convcalc.tree.nodes import Mapping as Entry
from convcalc.tree.nodes import Scalar, Sequence

_MOST = 3  #: arguments that are tried for one number
_TIMES = (1, 2, 4)  #: widths that blocks expand by

#: a condition that can be written within brackets and is of arguments, not of what a layer reads
_PLAIN = re.compile(r"=(?!.*in_channels)[\w ()=!<>+*/-]+")

Pair = tuple[str, str]
"""Two formulas that give the same where a shortcut can be the identity: ``stride`` and ``1``."""


def unlike(pairs: Iterable[Pair]) -> str:
    """The condition under which one of some pairs differs; '' for none."""
    tests = " or ".join(f"{left} != {right}" for left, right in pairs)
    return f"={tests}" if tests else ""


def made_once(network: Network, step: Step) -> bool:
    """Whether the entry of a step makes this one, as far as the net could be read."""
    if any(one.kind != INPUT and one.layer is None for one in network.steps):
        return False  # later calls may not have come so far
    return sum(one.place.kind is step.place.kind for one in network.steps) == 1


def projections(
    network: Network,
    step: Step,
    conv: Conv,
    maker: Step | None,
    own: Iterable[Step],
    level: int = 0,
    entries: Mapping[int, Entry] | None = None,
) -> Iterator[tuple[str, tuple[Pair, ...]]]:
    """A 1x1 conv in the arguments of a block, and what is unlike in the calls that need it.

    Args:
        network: the net.
        step: the merge in the block that needs it.
        conv: what one of the calls needs.
        maker: the conv that is as deep, whose filters may be an argument.
        own: the layers of the other branches, whose stride may be one.
        level: 0 for the block that the merge is in, 1 for the one that calls that block, ...
        entries: the entries of the file by their places; what calls give is not looked up without.
    """
    if len(set(conv.stride)) > 1:
        return
    written = maker and _written(maker, step, ("filters", "units", "K"), level)
    depths = [
        written or "",
        *numbers_as_arguments(network, step, conv.filters, level),
        str(conv.filters),
    ]
    strides = stride_words(network, step, conv.stride[0], own, level, entries)
    pad = (", pad: same" if conv.pad == "same" else "") + ("" if conv.bias else ", bias: false")
    for depth in [*dict.fromkeys(filter(None, depths))][: 1 if written else _MOST]:
        for stride in [one for one in strides if one != depth][:_MOST]:
            options = f"filters: {depth}, kernel: 1"
            if stride:
                options += f", stride: {stride}"
            pairs = [(stride[1:], "1")] if stride[:1] == "=" else []
            if not stride or pairs:
                pairs.append(("in_channels", depth.removeprefix("=")))
                yield f"conv: {{{options}{pad}}}", tuple(pairs)
            if "=" in options:
                yield f"conv: {{{options}{pad}}}", ()


def conditional_projections(
    entries: Mapping[int, Entry], step: Step, conv: Conv, maker: Step | None, own: Iterable[Step]
) -> Iterator[tuple[str, str]]:
    """A 1x1 conv, and the condition under which the layer beside it is made that has its stride.

    Args:
        entries: the entries of the file by their places.
        step: the merge in the block that needs it.
        conv: what one of the calls needs.
        maker: the conv that is as deep, whose filters may be an argument.
        own: the layers of the other branches.
    """
    written = maker and _written(maker, step, ("filters", "units", "K"), 0)
    depth = written or str(conv.filters)
    more = (", pad: same" if conv.pad == "same" else "") + ("" if conv.bias else ", bias: false")
    layer = f"conv: {{filters: {depth}, kernel: 1, stride: {conv.stride[0]}{more}}}"
    for one in own:
        stepping = isinstance(one.layer, Windowed) and {*one.layer.steps} == {conv.stride[0]}
        entry = entries.get(kind_of(one).start) if one.place.calls == step.place.calls else None
        when = getattr(entry.get("when") if entry is not None else None, "text", "")
        if stepping and conv.stride[0] > 1 and _PLAIN.fullmatch(when):
            yield layer, when


def stride_words(
    network: Network,
    step: Step,
    stride: int,
    own: Iterable[Step],
    level: int,
    entries: Mapping[int, Entry] | None = None,
) -> list[str]:
    """How a stride may be written: as that of the layer that has it, or as an argument.

    An argument that has this value by chance, as the number of blocks of a stage, is no stride: it
    is one only where no layer beside in the same call makes the step with a number.
    """
    own = [*own]
    written = {text for one in own if (text := _written(one, step, ("stride", "S"), 0))}
    if len(written) == 1 and not level:
        return [*written]
    if stride > 1:
        if len(written) == 1 and level == 1 and entries is not None:
            return [_given(network, entries, step, written.pop(), stride)]
        if not written and any(_steps_by_number(one, step) for one in own):
            return [str(stride)]
        return [*numbers_as_arguments(network, step, stride, level), str(stride)]
    return ["=stride"] if arguments_of(network, step, level).get("stride") == 1 else [""]


def _steps_by_number(one: Step, step: Step) -> bool:
    """Whether a layer of the same call makes a step that its entry has as a number."""
    if one.place.calls != step.place.calls or not isinstance(one.layer, Windowed):
        return False
    options = options_at(one)
    stated = options is not None and not options.entries.keys().isdisjoint({"stride", "S"})
    return max(one.layer.steps) > 1 and (stated or not _written(one, step, ("kernel",), 0))


def _given(
    network: Network, entries: Mapping[int, Entry], step: Step, word: str, value: int
) -> str:
    """What the call around a step gives for an argument: its formula, or the number it has."""
    call = step.place.calls[0]
    entry = entries.get(call.start) if isinstance(call, Scalar) else None
    given = entry.get(call.text) if entry is not None and isinstance(call, Scalar) else None
    items = given.items if isinstance(given, Sequence) else [given]
    names = [*arguments_of(network, step)]
    if isinstance(given, Entry):
        items, names = [given.get(word[1:])], [word[1:]]
    at = names.index(word[1:]) if word[1:] in names else len(items)
    node = items[at] if at < len(items) else None
    text = node.text if isinstance(node, Scalar) else ""
    return text if text[:1] == "=" and "," not in text else str(value)


def _written(maker: Step, step: Step, keys: tuple[str, ...], level: int) -> str:
    """The formula of an option, where it is in the same call; '' where it is none."""
    if level or maker.place.calls != step.place.calls:
        return ""
    options = options_at(maker)
    for key in keys:
        node = options.get(key) if options is not None else None
        if isinstance(node, Scalar) and node.text[:1] == "=" and "," not in node.text:
            return node.text
    return ""


def arguments_of(network: Network, step: Step, level: int = 0) -> dict[str, Value]:
    """What the call that a step is in, or one that this call is in, gave its block."""
    if level >= len(step.units):
        return {}
    return dict(network.arguments.get(step.units[-1 - level], {}))


def numbers_as_arguments(network: Network, step: Step, number: int, level: int = 0) -> list[str]:
    """The arguments that have a value in this call, or that it is a multiple of."""
    return [
        f"={name}" if times == 1 else f"={times}*{name}"
        for times in _TIMES
        for name, value in arguments_of(network, step, level).items()
        if isinstance(value, int) and not isinstance(value, bool) and value * times == number
        if times == 1 or value > 1
    ]
