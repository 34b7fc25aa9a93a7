"""What other tools' layers state of their input, compared with what arrives there.

Imported only where something is wrong.
"""

import math
import re
from collections.abc import Sequence as Sequence_

from convcalc.dialects import kind, option
from convcalc.findings import plain
from convcalc.layers import MERGES, SEVERAL_READ
from convcalc.network.graph import Graph
from convcalc.network.record import INPUT, Step
from convcalc.shapes import written
from convcalc.spec import called
from convcalc.spec.context import Entry
from convcalc.spec.foreign import each_place
from convcalc.spec.foreign.asked import KINDS, class_in
from convcalc.spec.separate import in_entry
from convcalc.spec.stated_input import NUMBERS, SHAPES, input_layer, sizes_in
from convcalc.spec.viewed import in_call as view_call
from convcalc.tree.nodes import Node, Scalar, Sequence

_CHANNELS = ("in_channels", "num_features", "num_channels")
STATED = frozenset({*_CHANNELS, *NUMBERS, *SHAPES})
_CALL = re.compile(r"(?:\w+\.)*(?:(Conv(?:Transpose)?|BatchNorm|InstanceNorm)[123]d|(Linear))\s*\(")
_FIRST = re.compile(
    r"\s*+(?:in_channels|in_features|num_features)?+\s*+=?+\s*+([0-9]{1,12})\s*+[,)]"
)

#: the help of one whose channels are the first size of the input: its name, the two shapes
TURNED = re.compile(r"channels come last: write `([^`]+): ([0-9x]+)` in place of ([0-9x]+)\Z")
_LONGEST = 300
_FIRST_CALL = re.compile(r"(?:\w+\.)*\w+ ?\([^()]*(?:\([^()]*\)[^()]*)*\)")
_LISTED = re.compile(r"((?:\w+\.)*\w+):\s*+\[([0-9., ]*+)\]\s*\Z")


def differs(word: str, text: str, step: Step | None) -> tuple[str, ...]:
    """Help where an option states another number than arrives: it is no option to leave out."""
    if order := _channels_first(step, word, text):
        return (order,)
    told = _told(step, word, text)
    return (f"{told}: if the net is right, remove `{word}`",) if told else ()


def withheld(word: str, text: str, step: Step | None) -> tuple[str, ...]:
    """Help where an option does not agree with what arrives, or that is not known yet."""
    if word in STATED and (step is None or step.output is None):
        return (f"`{word}` states what arrives, which is not known here: mend what is above first",)
    return differs(word, text, step)


def normalized(word: str, text: str, step: Step | None) -> tuple[str, ...]:
    """``normalized_shape: [16, 32, 32]`` of a layer_norm, which is over the channels."""
    shape = step.output if step is not None else None
    if word != "normalized_shape" or (shape and sizes_in(word, text) == shape[-1:]):
        return ()
    return ("it is over the channels, with `axes: all` over the whole volume",)


def agrees(word: str, text: str, step: Step) -> bool:
    """Whether what a call states arrives; not known is no."""
    return step.output is not None and not _told(step, word, text)


def depthwise(word: str, text: str, step: Step | None) -> tuple[str, ...]:
    """``filters: 32`` of a depthwise_conv, which makes a multiple of those that arrive."""
    shape = step.output if step is not None else None
    if option(word, ["filters"]) != "filters" and word not in {"filters", "K"}:
        return ()
    why = "it has one filter a channel, or `multiplier` of them"
    if shape is None or not re.fullmatch(r"[1-9][0-9]{0,11}", text):
        return (why,)
    times, rest = divmod(int(text), shape[-1])
    if rest or not times:
        return (
            f"{why}: to mix {shape[-1]:,} channels into {int(text):,}, `conv1-{text}` after it",
        )
    if times == 1:
        return (f"leave out `{word}`: {why}",)
    return (f"write `multiplier: {times}` in place of `{word}: {text}`",)


_OVER_CHANNELS = ("softmax", "concat", "batch_norm", "group_norm", "instance_norm", "layer_norm")


def axis(kind: str, word: str, text: str, step: Step | None) -> tuple[str, ...]:
    """Help for an axis that need not be the channels, over which a kind always is here.

    PyTorch's and Caffe's channels are axis 1, Keras's and TensorFlow's are the last one.
    """
    shape = step.output if step is not None else None
    if kind not in _OVER_CHANNELS or word not in {"dim", "axis"} or not shape:
        return ()
    given, last = f"{word}: {text}", len(shape)
    if kind == "layer_norm" and last > 1 and text in _whole(last):
        return (f"write `axes: all` in place of `{given}`",)
    sure = {"1", "-1"} if last == 1 else {"1"} if word == "dim" else {"-1", str(last)}
    if text in sure:
        return (f"leave out `{word}`: it is over the channels",)
    if text in {"1", "-1"}:
        first, other = ("height", "Keras") if text == "1" else ("width", "PyTorch")
        why = f"in {other} `{given}` is the {first}" if last == 3 else f"`{given}` may be another"
        return (f"it is over the channels: {why}; remove it if they are meant",)
    return (f"it is over the channels, which `{plain(given)}` is not",)


def _whole(axes: int) -> tuple[str, str]:
    """All axes of a volume but the batch, counted from the front and from the end."""
    first, behind = range(1, axes + 1), range(-axes, 0)
    return f"[{', '.join(map(str, first))}]", f"[{', '.join(map(str, behind))}]"


def in_call(
    call: str, step: Step | None, help: tuple[str, ...], steps: Sequence_[Step] = ()
) -> tuple[str, ...]:
    """The help for a call whose meaning is held against what arrives: where it differs, no edit.

    PyTorch's first argument states it; Keras's Dense depends on it, which behind other faults may
    not be known. `steps` are the layers up to there.
    """
    if steps:
        help = each_place.help(call, help, steps, step)
    if "(" in call and (own := view_call(call, step) or input_layer(call, step)):
        return own
    if "(" in call and step is not None and step.output is not None:
        exactly = called.help(call, KINDS, True, step.output)
        help = exactly if exactly != called.help(call, KINDS, True) else help
    stated = stated_in(call)
    if order := next(filter(None, (_channels_first(step, *one) for one in stated)), ""):
        return (order,)
    told = next(filter(None, (_told(step, *one) for one in stated)), "")
    if not told:
        return help
    return told, *(re.sub("did you mean (`.*`)[?]", r"if the net is right: \1", h) for h in help)


def in_graph(
    word: str, graph: Graph, at: int, help: tuple[str, ...], value: Node | None = None
) -> tuple[str, ...]:
    """The help for a word behind step `at`, held against what arrives: its rounding, too."""
    from convcalc.spec import waits
    from convcalc.spec.foreign import rounded

    told = in_call(word, graph.steps[at], help, graph.steps)
    told = rounded.help(word, value, told, graph.steps[at], graph.roundings)
    return waits.help(word, value, told, graph.steps[at])


def stated_in(call: str) -> list[tuple[str, str]]:
    """The arguments of a call that state what arrives, and their values; of a list in order, too.

    >>> stated_in("nn.Linear: [30, 10]")
    [('in_features', '30')]
    """
    call = class_in(call)
    if listed := _LISTED.match(call):
        call = f"{listed[1]}({listed[2]})"
    elif whole := _FIRST_CALL.match(call[:_LONGEST]):
        call = whole[0]
    given = called.by_name(call) if "(" in call else {}
    found = [(word, str(value)) for word, value in given.items() if word in STATED]
    match = _CALL.match(call)
    first = _FIRST.match(call[match.end() :]) if match else None
    if found or match is None or first is None or (match[2] and first[0][-1] == ")"):
        return found  # Linear(10) has the units alone
    return [("in_features" if match[2] else "in_channels", first[1])]


def states_input(call: str) -> bool:
    """Whether a call states what arrives."""
    return bool(stated_in(call))


def _told(step: Step | None, word: str, text: str) -> str:
    """``pool1 makes 7x7x64 = 3,136 numbers, not 512``; '' where that is not known or agrees."""
    shape = step.output if step is not None else None
    stated = sizes_in(word, text) if word in STATED else ()
    if step is None or shape is None or not stated:
        return ""
    name, here = plain(step.name), written(shape)
    if word in SHAPES:
        same = len(stated) == len(shape) and all(
            n in {-1, m} for n, m in zip(stated, shape, strict=True)
        )
        return "" if same else f"{name} makes {here}, not {_shape(stated)}"
    if len(stated) > 1 or stated[0] < 0:
        return ""
    number = math.prod(shape) if word in NUMBERS else shape[-1]
    if number == stated[0]:
        return ""
    if word not in NUMBERS:
        return f"{name} makes {here}: {number:,} channels, not {stated[0]:,}"
    product = f"{here} = " if len(shape) > 1 else ""
    return f"{name} makes {product}{number:,} numbers, not {stated[0]:,}"


def _channels_first(step: Step | None, word: str, text: str) -> str:
    """What to write where the first size of the input is what a layer says its channels are."""
    shape = step.output if step is not None and step.kind == INPUT else None
    stated = sizes_in(word, text) if word in STATED else ()
    last = (*shape[1:], shape[0]) if shape and len(shape) > 1 else ()
    meant = last[-1:] if word in _CHANNELS else last
    if step is None or not shape or not stated or stated != meant or shape.count(shape[0]) > 1:
        return ""
    turned = f"`{plain(step.name)}: {written(last)}` in place of {written(shape)}"
    return f"channels come last: write {turned}"


def _shape(sizes: tuple[int, ...]) -> str:
    return "x".join("?" if size < 0 else str(size) for size in sizes)


def at_once(entry: Entry, help: tuple[str, ...]) -> tuple[str, ...]:
    """The help for a word that is no kind in its entry: what keys beside it have to do with it."""
    help = in_entry(help, entry.beside)
    sources, options = entry.beside.get("from"), entry.value
    if not isinstance(sources, Sequence) or len(sources.items) < 2:
        return help
    meant = kind(entry.kind, MERGES)
    if meant and (options is None or (isinstance(options, Scalar) and not options.text)):
        return (f"did you mean `{meant}`?",)
    if any(f"`{word}" in line for line in help for word in MERGES):
        return help
    return (*(line for line in help if "list --kinds" not in line), SEVERAL_READ)
