"""A value alone where a kind's options were expected: ``- dropout: 0.5``."""

import re
from itertools import chain
from typing import Any

from convcalc import dialects
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.layers.option import Option, Value
from convcalc.layers.upsample import LARGEST_FACTOR
from convcalc.network.record import Step
from convcalc.spec import bare_numbers, by_number
from convcalc.spec.as_text import text_of
from convcalc.spec.by_number import Above, Named
from convcalc.spec.computed import signed
from convcalc.spec.hints import missing, missing_space
from convcalc.spec.listed_names import of_merge
from convcalc.spec.options_behind import behind_number, named
from convcalc.spec.truth import truth
from convcalc.spec.viewed import help as view_help
from convcalc.spec.viewed import numbers
from convcalc.tree.nodes import Node, Scalar, Sequence
from convcalc.tree.scalars import AmbiguousError, resolve


def is_only_taker(kind: str, key: str, text: str) -> bool:
    """Whether a value alone can mean one option only: the required one, or the only one."""
    options, value = BY_NAME[kind].options(), _value(Scalar(text, 0))
    if text[:1] == "[":
        value = tuple(numbers(Scalar(text, 0)))
    required = [option.key for option in options if option.required]
    takers = [option.key for option in options if option.takes(value)]
    if kind == "upsample" and text[:1] != "=" and _is_factor(value):
        takers = ["scale"]
        required = takers
    return key in takers and [key] in (
        (takers,) if isinstance(value, tuple) else (required, takers)
    )


def bare_value(
    kind: str,
    options: tuple[Option[Any], ...],
    node: Node,
    above: Above = lambda: "",
    step: Step | None = None,
    named: Named = lambda number: "",
) -> tuple[str, ...]:
    """``- dropout: 0.5``: the option that takes the value, the required ones asked first.

    `step` is what arrives, `above` gives its name, '' where it has none that can be written;
    `named` gives the name of a layer that a number counts back to.
    """
    if BY_NAME[kind].merges:
        return of_merge(kind, node, above, named)
    if isinstance(node, Scalar) and not node.plain and ": " in node.text:
        from convcalc.spec.quoted import is_block

        way = "write" if is_block(node) else "remove the quotes, and write"
        return (f"{way} braces: `{kind}: {{{plain(node.text.strip())}}}`",)
    spaced = missing_space(node.text) if isinstance(node, Scalar) else ()
    if spaced:
        return spaced
    if isinstance(node, Scalar) and kind in {node.text, dialects.kind(node.text, BY_NAME)}:
        return (f"write `{kind}` in place of `{kind}: {text_of(node)}`",)
    if written := assigned(kind, [option.key for option in options], node):
        return written
    if isinstance(node, Scalar) and re.fullmatch(r"[1-9][0-9]*(_[0-9]+)+", node.text):
        node = Scalar(node.text.replace("_", ""), node.start)  # which parsers read differently
    node = signed(node)
    there, got = truth(node), text_of(node)
    if there is False:
        return (f"leave out `{kind}: {got}`: every entry is a layer",)
    required = [option.key for option in options if option.required]
    if there and required:
        (sample,) = missing(BY_NAME[kind], required, False)
        return (f"it needs {' and '.join(required)}: {sample.removeprefix('write ')}",)
    if there:
        return (f"write `{kind}` in place of `{kind}: {got}`",)
    if kind == "softmax" and (axis := _axis(_value(node), step)):
        return axis
    counted = by_number.alone(kind, node, above, named)
    if counted and not required and not any(option.takes(_value(node)) for option in options):
        return counted
    if odd := bare_numbers.help(kind, got, _value(node), step):
        return odd
    if not options:
        return (f"`- {kind}`",)
    if kind == "reshape" and -1 in numbers(node):
        (help,) = view_help(numbers(node), step)
        if help.startswith("did you mean"):
            return (f"write `flatten` in place of `reshape: {got}`",)
        return (re.sub("`(shape: [0-9x]+)`", r"`reshape: {\1}`", help),)
    if isinstance(node, Scalar) and (given := _several(node)):
        got = f"[{', '.join(map(str, given))}]"
        node = Sequence(node.start)
        node.items = [Scalar(str(number), node.start) for number in given]
    value = _value(node)
    if required == ["filters", "kernel"] and (listed := _sizes(kind, node, step)):
        return listed
    if required == ["kernel"] and (windows := _windows(kind, node, step)):
        return windows
    if kind == "fc" and len(given := numbers(node)) == 2:
        return (f"write `fc: {{units: {given[1]}}}`: what arrives is known",)
    if kind == "slice" and isinstance(node, Sequence) and len(node.items) == 2:
        start, stop = map(text_of, node.items)
        return (f"write `slice: {{start: {start}, stop: {stop}}}`",)
    if kind == "pad" and (sides := _pairs(node)):
        return (f"write `pad: {{sides: [{', '.join(map(str, sides))}]}}`",)
    if kind == "pad" and got == "same":
        from convcalc.layers.pad import PAD_SAME

        return (PAD_SAME,)
    if kind == "upsample" and (times := re.fullmatch(r"[xX]([1-9][0-9]?)|([1-9][0-9]?)[xX]", got)):
        return (f"write `upsample: {{scale: {times[1] or times[2]}}}`",)
    if kind == "upsample" and options[1].takes(value) and not _is_factor(value):
        factor, size = (f"`upsample: {{{word}: {got}}}`" for word in ("scale", "size"))
        return (f"as a factor it is {factor}, as the size of the output {size}",)
    if kind == "upsample" and got == "same":
        return ("write `upsample: {scale: 2}`, or the layer that is as large: `{like: conv1}`",)
    if kind == "crop":
        return (cropped(got),)
    if kind.endswith("_norm") and not required and isinstance(value, int) and step is not None:
        if step.output is not None and step.output[-1] == value:
            return (f"write `{kind}` in place of `{kind}: {got}`",)
        arrives = f" are {step.output[-1]:,}" if step.output else ""
        return (f"write `- {kind}`: the channels that arrive{arrives or ' are known'}",)

    def rank(option: Option[Any]) -> tuple[bool, bool]:
        return value not in getattr(option, "words", ()), not option.required

    for option in sorted(options, key=rank):
        if option.takes(value):
            further = [key for key in required if key != option.key]
            (sample,) = missing(BY_NAME[kind], further, True) if further else ("",)
            more = f", {sample.removeprefix('add `').rstrip('`')}" if sample else ""
            return (f"write `{kind}: {{{option.key}: {got}{more}}}`",)
    takes = f"{kind} takes {', '.join(option.key for option in options)}"
    if isinstance(node, Scalar) and re.fullmatch("[A-Za-z_]{2,}[0-9]+", got):
        return (takes, f"a name stands below its layer: `name: {got}`")
    return (takes,)


_SPACED = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:[\s,]\s{0,9}(?:0|[1-9][0-9]{0,8})){1,7}")


def _several(node: Scalar) -> tuple[int, ...]:
    """``(2, 2)``, ``2, 2`` and ``2 2``, lists of numbers in other languages; () for other texts."""
    if _SPACED.fullmatch(node.text):
        return tuple(map(int, node.text.replace(",", " ").split()))
    return tuple(numbers(node)) if node.text[:1] == "(" else ()


def _is_factor(value: Value) -> bool:
    """Whether numbers of an upsample are factors, as `CC114` takes them, and no output size."""
    listed = value if isinstance(value, tuple) else (value,)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}(x[0-9]{1,9})+", value):
        listed = tuple(map(int, value.split("x")))
    return all(type(one) is int and 0 < one <= LARGEST_FACTOR for one in listed)


def cropped(number: str) -> str:
    """Help for a number of a crop that may be what it cuts or what it keeps."""
    cut, kept = f"`crop: {{sides: {number}}}`", f"`crop: {{size: {number}}}`"
    return f"{cut} cuts so much from every side, {kept} keeps so much"


def _axis(value: Value, step: Step | None) -> tuple[str, ...]:
    """``softmax: -1``, an axis: the last one are the channels in Keras, the width in PyTorch."""
    if type(value) is not int or value < -4 or value > 4:
        return ()
    if step is not None and len(step.output or ()) == 1 and value in {1, -1}:
        return (f"write `softmax` in place of `softmax: {value}`",)
    return (f"`softmax` is over the channels: axis {value} may be another",)


_ASSIGNED = re.compile(r"([A-Za-z_]\w{0,40})\s*=\s*([\w.]{1,20})[\s,]*")


def assigned(kind: str, names: list[str], node: Node) -> tuple[str, ...]:
    """``p=0.5`` and ``filters=64 kernel=3``, arguments as calls have them; () for other values."""
    text = node.text[:200] if isinstance(node, Scalar) else ""
    if isinstance(node, Sequence) and len(node.items) <= len(names):
        text = ", ".join(map(text_of, node.items))
    if "=" in text and (given := behind_number(kind, names, text)):
        return (f"did you mean `{given}`?",)
    pairs = _ASSIGNED.findall(text)
    if not pairs or _ASSIGNED.sub("", text).strip():
        return ()
    known = [(named(word, own, names), own) for word, own in pairs]
    if not all(word for word, _ in known):
        return (f"options are written `{kind}: {{{names[0] if names else 'name'}: value}}`",)
    return (f"did you mean `{{{', '.join(f'{word}: {own}' for word, own in known)}}}`?",)


def _sizes(kind: str, node: Node, step: Step | None) -> tuple[str, ...]:
    """``[3, 64, 3]`` and ``3x3x64``: the order of PyTorch, of the notes or of a table."""
    text = node.text if isinstance(node, Scalar) else ""
    if match := re.fullmatch(r"([0-9]{1,3})x([0-9]{1,3})x([0-9]{1,9})", text):
        height, width, filters = match.groups()
        kernel = height if height == width else f"[{height}, {width}]"
        return (f"write `{kind}: {{filters: {filters}, kernel: {kernel}}}`",)
    items = node.items if isinstance(node, Sequence) else []
    if len(items) == 2 and (not numbers(node) or numbers(node)[0] >= numbers(node)[1]):
        first, second = map(text_of, items)
        return (f"write `{kind}: {{filters: {first}, kernel: {second}}}`",)
    sizes = numbers(node) or numbers(Scalar(re.sub(r"\s+", ",", text.strip()), 0))
    arriving = step.output[-1] if step is not None and step.output else 0
    if not 2 <= len(sizes) <= 6 or min(sizes) < 0:
        return ()
    if len(sizes) > 2 and sizes[0] == arriving and sizes[1] > sizes[2]:
        sizes = sizes[1:]  # PyTorch's, which states what arrives
    if len(sizes) == 2 and sizes[0] == arriving and sizes[1] > _LARGEST_KERNEL:
        filters = f"filters: {sizes[1]}, kernel: 3"
        return (f"write `{kind}: {{{filters}}}` with its own kernel: what arrives is known",)
    if len(sizes) == 2 and sizes[0] < sizes[1]:
        sizes = sizes[::-1]  # the filters are many
    keys = ("filters", "kernel", "stride", "pad", "dilation", "groups")
    pairs = ", ".join(f"{key}: {size}" for key, size in zip(keys, sizes, strict=False))
    return (f"write `{kind}: {{{pairs}}}`",)


_LARGEST_KERNEL = 11


def _windows(kind: str, node: Node, step: Step | None) -> tuple[str, ...]:
    """``[3, 2, 1]``, kernel, stride and padding in a row; () where they are the kernel's sizes."""
    items = node.items if isinstance(node, Sequence) else []
    axes = len(step.output) - 1 if step is not None and step.output else 2
    keys = ("kernel", "stride", "pad")
    sizes = [*map(text_of, items)]
    if not 2 <= len(sizes) <= len(keys) or not all(
        size[:1] == "=" or size.isdecimal() for size in sizes
    ):
        return ()
    pairs = ", ".join(f"{key}: {size}" for key, size in zip(keys, sizes, strict=False))
    if len(sizes) != axes:
        return (f"write `{kind}: {{{pairs}}}`",)
    if len(set(sizes)) == 1:
        return ()
    listed = "x".join(sizes)
    if not listed.replace("x", "").isdecimal():
        listed = f"[{', '.join(sizes)}]"
    return (f"write `{kind}: {{{pairs}}}`, or of a window of {listed}: `kernel: {listed}`",)


def _pairs(node: Node) -> tuple[int, ...]:
    """``[[1, 2], [3, 4]]``, what is before and after each axis, in a row; () for other lists."""
    rows = [numbers(item) for item in node.items] if isinstance(node, Sequence) else []
    return tuple(chain(*rows)) if rows and {len(row) for row in rows} == {2} else ()


def _value(node: Node) -> Value:
    if isinstance(node, Sequence):
        return tuple(_value(item) for item in node.items)
    text = node.text if isinstance(node, Scalar) else ""
    if text[:1] == "=":
        return 1  # what a formula makes is a number
    try:
        return resolve(text)
    except AmbiguousError:
        return text
