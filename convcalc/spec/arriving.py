"""What other tools' layers state of their input, compared with what arrives there.

Imported only where something is wrong.
"""

import math
import re

from convcalc.dialects import option
from convcalc.findings import plain
from convcalc.network.record import Step
from convcalc.shapes import written
from convcalc.spec import called
from convcalc.spec.foreign.asked import KINDS
from convcalc.spec.viewed import in_call as view_call

_CHANNELS = ("in_channels", "num_features", "num_channels")
_NUMBERS = ("in_features", "input_dim")
_CALL = re.compile(r"(?:\w+\.)*(?:(Conv(?:Transpose)?|BatchNorm|InstanceNorm)[123]d|(Linear))\s*\(")
_FIRST = re.compile(r"\s*(?:in_channels|in_features|num_features)?\s*=?\s*([0-9]{1,12})\s*[,)]")


def differs(word: str, text: str, step: Step | None) -> tuple[str, ...]:
    """Help where an option states another number than arrives: it is no option to leave out."""
    if word not in {*_CHANNELS, *_NUMBERS} or not re.fullmatch(r"[0-9]{1,12}", text):
        return ()
    told = _told(step, int(text), word in _NUMBERS)
    return (f"{told}: if the net is right, remove `{word}`",) if told else ()


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
    sure = {"1", "-1"} if last == 1 else {"1"} if word == "dim" else {"-1", str(last)}
    if text in sure:
        return (f"leave out `{word}`: it is over the channels",)
    if text in {"1", "-1"}:
        first, other = ("height", "Keras") if text == "1" else ("width", "PyTorch")
        why = f"in {other} `{given}` is the {first}" if last == 3 else f"`{given}` may be another"
        return (f"it is over the channels: {why}; remove it if they are meant",)
    return (f"it is over the channels, which `{plain(given)}` is not",)


def in_call(call: str, step: Step | None, help: tuple[str, ...]) -> tuple[str, ...]:
    """The help for a call of PyTorch's, whose first argument states it: then no edit is offered."""
    if "(" in call and (viewed := view_call(call, step)):
        return viewed
    if "(" in call and step is not None and step.output is not None:
        exactly = called.help(call, KINDS, True, step.output)
        help = exactly if exactly != called.help(call, KINDS, True) else help
    stated = _stated(call)
    told = _told(step, *stated) if stated else ""
    if not told:
        return help
    return told, *(re.sub("did you mean (`.*`)[?]", r"if the net is right: \1", h) for h in help)


def _stated(call: str) -> tuple[int, bool] | None:
    """What a call's first argument says of its input, and whether it is all of its numbers."""
    match = _CALL.match(call)
    first = _FIRST.match(call[match.end() :]) if match else None
    if match is None or first is None or (match[2] and first[0][-1] == ")"):
        return None  # Linear(10) has the units alone
    return int(first[1]), bool(match[2])


def states_input(call: str) -> bool:
    """Whether a call of PyTorch's states what arrives, as its first argument."""
    return _stated(call) is not None


def _told(step: Step | None, stated: int, whole: bool) -> str:
    """``pool1 makes 7x7x64 = 3,136 numbers, not 512``; '' where that is not known or agrees."""
    shape = step.output if step is not None else None
    if step is None or shape is None:
        return ""
    number = math.prod(shape) if whole else shape[-1]
    if number == stated:
        return ""
    if not whole:
        return f"{plain(step.name)} makes {written(shape)}: {number:,} channels, not {stated:,}"
    product = f"{written(shape)} = " if len(shape) > 1 else ""
    return f"{plain(step.name)} makes {product}{number:,} numbers, not {stated:,}"
