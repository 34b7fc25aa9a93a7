"""What to type for an entry of another tool: `UpSampling2D: {size: 2}`, `MaxPooling2D`."""

import re
from typing import Any

from convcalc import dialects
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.layers.option import Value
from convcalc.network.record import Step
from convcalc.spec import called
from convcalc.spec.alone import bare_value, is_only_taker
from convcalc.spec.arriving import differs, in_call, withheld
from convcalc.spec.foreign import each_place
from convcalc.spec.foreign.asked import KINDS, NotCertainError, is_computed, tool
from convcalc.spec.foreign.meanings import meant
from convcalc.spec.foreign.orders import WORDS, arguments
from convcalc.spec.foreign.ours import (
    entry_of,
    kind_named,
    options_of,
    written_out,
)
from convcalc.spec.foreign.window_lists import axes_of, either
from convcalc.spec.shortforms import expand
from convcalc.spec.viewed import numbers, unflattened
from convcalc.tree.nodes import BESIDE, Mapping, Node, Scalar, Sequence
from convcalc.tree.scalars import AmbiguousError, resolve

_MOST = 8  #: arguments in order; no class has more that a spec says
#: kinds whose classes take a list of sizes as their first argument, and hardly more
_LISTS = frozenset({"pad", "crop", "upsample", "adaptive_avg_pool", "adaptive_max_pool"})


def help(word: str, node: Node | None, step: Step) -> tuple[str, ...]:
    """Help for an entry that is not its kind with words put in ours; () where it is."""
    given_sizes = numbers(node) if node is not None else ()
    method = _is_method(word)
    turned = method or dialects.folded(word) == "unflatten"
    if turned and (told := unflattened(given_sizes, step, plain(word))):
        return told
    if method and node is not None and given_sizes:
        said = bare_value("reshape", BY_NAME["reshape"].options(), node, step=step)
        return tuple(line.replace("`reshape: [", f"`{word}: [") for line in said)
    if "(" in word:
        return ()
    if dialects.folded(word) == "branches":
        return ("branches are joined: `concat:` or `add:`, and `branches:` two spaces further in",)
    if node is not None and not _is_options(node):
        return why_uncertain(word, node, step) or in_order(word, node, step)
    given = _given(node)
    kind = dialects.kind(word, KINDS)
    for key, value in given.items():
        if kind and (told := differs(key, str(value), step)):
            return (told[0], f"`{kind}` is the kind")
    try:
        found = meant(word, given, step.output)
    except NotCertainError as error:
        return (str(error),)
    if found is None:
        return ()
    if "branches" in found.given:
        return (kind_named(found.kind),)
    try:
        entry = entry_of(found.kind, options_of(found.kind, found.given, {}, found.options))
    except NotCertainError as error:
        return (str(error),)
    if node is None:
        return (f"did you mean `{entry}`?",)
    return (f"write `{entry}` in place of `{plain(word)}`",)


def _is_method(word: str) -> bool:
    """Whether a word is PyTorch's `x.view` or `x.reshape`, whose channels come first."""
    *modules, last = word.split(".")
    return dialects.folded(last) == "view" or (last == "reshape" and bool(modules))


def why_uncertain(word: str, node: Node, step: Step | None) -> tuple[str, ...]:
    """Why numbers behind a word, the arguments of a call, are not certain; () where they are."""
    text = node.text if isinstance(node, Scalar) else ""
    if "=" in text[1:]:
        given = called.by_name(f"{word}({text})")
    elif sizes := _sizes(word, node):
        given = {_order(word)[0]: _value(sizes)}
    else:
        items = node.items if isinstance(node, Sequence) else [node]
        values = [int(v) if str(v).isdecimal() else v for v in map(_value, items)]
        if not all(v >= 0 if isinstance(v, int | float) else str(v)[:1] == "=" for v in values):
            return ()  # names, and numbers that count back
        given = dict(zip(_order(word), values, strict=False))
    try:
        meant(word, given, step.output if step else None)
    except NotCertainError as error:
        return (str(error),)
    return ()


def _as_call(word: str, given: list[Any], step: Step) -> tuple[str, ...]:
    """A text or a list among the arguments of a class: ``Unflatten: [1, [64, 7, 7]]``."""
    if any(isinstance(value, str) and not value.isidentifier() for value in given):
        return ()
    call = f"{word}({', '.join(map(repr, given))})"
    found = called.meant(call, KINDS, step.output)
    if found.why or not found.written or found.activation or found.name:
        return (found.why,) if found.why else ()
    told = in_call(call, step, (f"did you mean `{found.written}`?",))
    return (f"write `{found.written}` in place of `{plain(word)}`",) if "did" in told[0] else told


def in_order(word: str, node: Node, step: Step) -> tuple[str, ...]:
    """Numbers behind a class are its arguments in order, as in a call; () where they are none.

    `ZeroPad2d: [1, 2, 3, 4]` is left, right, top, bottom, and `LocalResponseNorm: 5` has other
    defaults than `lrn`: without the class nobody knows.
    """
    items = node.items if isinstance(node, Sequence) else [node]
    given = [_value(item) for item in items]
    if sizes := _sizes(word, node):
        return _by_name(word, sizes, [sizes], step)
    if any(map(is_computed, given)):
        return _by_name(word, node, items, step)
    listed = ", ".join(map(str, given))
    pairs = all(isinstance(v, list) and [*map(type, v)] == [int, int] for v in given)
    numbers = pairs or all(isinstance(value, bool | int | float) for value in given)
    known = _is_known(word) or _is_either(word)
    if not numbers and len(items) <= _MOST:
        told = _as_call(word, given, step)
        return told if known or not "".join(told).startswith("write `") else ()
    if not known or not 0 < len(items) <= _MOST:
        return ()
    calls = [f"{word}({listed})", f"{word}([{listed}])"]
    if dialects.kind(word, KINDS) in _LISTS:
        calls.reverse()
    found = [called.meant(call, KINDS, step.output) for call in calls]
    call, best = next((one for one in zip(calls, found, strict=True) if one[1].written),
                      (calls[0], found[0]))  # fmt: skip
    if node is not items[0]:
        if best.why:
            return (best.why,)
        if len(items) == axes_of(word, step.output) and dialects.kind(word, KINDS) not in _LISTS:
            order, window = (one.written for one in found)
            if told := either(word, order, window, listed.split(", ")):
                return told
    elif _is_sized(word, best.written):
        size = best.written
        return (
            f"as PyTorch has it, the size: `{size}`; a factor is `{size.replace('size', 'scale')}`",
        )
    elif best.written.count(": ") < 3 and not _says_more(word, listed, best.written):  # one option
        return ()  # the kind by itself does with the number what the class does
    if not best.written or best.activation:
        return ()
    told = in_call(call, step, (f"did you mean `{best.written}`?",))
    if not told[0].startswith("did you mean"):
        return told  # what it states of its input differs
    return (f"write `{best.written}` in place of `{plain(word)}`", *best.without)


def _by_name(word: str, node: Node, items: list[Node], step: Step) -> tuple[str, ...]:
    """Arguments in order, formulas among them, as the options that they are; () where unknown.

    `MaxPool2d: [=k, 2]` has a stride, which `max_pool: [=k, 2]` does not say.
    """
    kind, order = dialects.kind(word, KINDS), _order(word)
    values = [node] if kind in _LISTS else items
    if not _is_known(word) or len(values) > len(order) or kind == "fc":
        return ()  # of an fc nobody knows whether all that arrives is meant
    options = Mapping(node.start)
    for key, value in zip(order, values, strict=False):
        options.entries[key] = Scalar(key, value.start), value
    try:
        found = translated(word, options, step)
    except NotCertainError as error:
        return (str(error),)
    return (f"write `{found[2]}` in place of `{plain(word)}`",) if found else ()


def _order(word: str) -> list[str]:
    """The names of the arguments of a class, in order."""
    folded = dialects.folded(word)
    return arguments(tool(word), dialects.kind(word, KINDS) or folded, folded)


def _sizes(word: str, node: Node) -> Sequence | None:
    """The one argument of a `Reshape`: ``[7, 7, 64]``, as a tuple or in a list of its own too."""
    if _order(word) != ["target_shape"]:
        return None
    if isinstance(node, Sequence):
        alone = node.items[0] if len(node.items) == 1 else None
        return alone if isinstance(alone, Sequence) else node
    given = Sequence(node.start)
    given.items = [Scalar(str(number), node.start) for number in numbers(node)]
    return given if given.items and isinstance(node, Scalar) and node.text[:1] == "(" else None


def _is_known(word: str) -> bool:
    """Whether a word is one tool's, or its arguments have an order of their own."""
    return bool(tool(word)) or dialects.folded(word) in WORDS


def _is_either(word: str) -> bool:
    """Whether a word is several tools' whose numbers in order do not disagree."""
    return dialects.kind(word, KINDS) in {"relu", "prelu"}


def _is_sized(word: str, entry: str) -> bool:
    """Whether the one number of an `Upsample` is a size, which is meant as a factor as often."""
    return dialects.folded(word) == "upsample" and "{size:" in entry


_ONE = re.compile(r"(\w+): \{(\w+): (\S+)\}\Z")


def _says_more(word: str, number: str, entry: str) -> bool:
    """Whether an entry is of another kind, or says the one number in a way of its own."""
    match, form = _ONE.match(entry), expand(entry)
    if dialects.kind(word, KINDS) != (form[0] if form else entry.partition(":")[0]):
        return True  # ReLU: 6
    if match is None:  # LayerScale: 1e-6 is learned, scale: 1e-6 is a constant
        constant = entry in BY_NAME and number[:1].isdigit()
        return constant and any(o.takes(float(number)) for o in BY_NAME[entry].options())
    return match[3] != number or not is_only_taker(*match.groups())  # PReLU: 64


def translated(
    word: str, options: Mapping, step: Step | None
) -> tuple[str, dict[str, Value], str] | None:
    """The kind, its options and the entry that means a layer with options in any tool's words.

    None where an option is not known. Keys that go beside a kind stay in the entry, where they are
    reported.

    Raises:
        NotCertainError: no single entry means the same.
    """
    kind, given = dialects.kind(word, KINDS), _given(options)
    beside = {key: given.pop(key) for key in BESIDE if key in given}
    if not kind or any(withheld(key, str(value), step) for key, value in given.items()):
        return None
    if each_place.waits(word, step):
        raise NotCertainError(each_place.either(kind))
    found = meant(word, given, step.output if step else None)
    if found is not None:
        kind, given, more = found
    else:
        more = {}
    try:
        values = options_of(kind, given, {}, more)
    except NotCertainError:
        return None
    if not all(isinstance(value, str | int) for value in beside.values()):
        return None
    return kind, values, written_out(kind, {**values, **beside})


def _is_options(node: Node) -> bool:
    return isinstance(node, Mapping) or (isinstance(node, Scalar) and not node.text)


def _given(node: Node | None) -> dict[str, Any]:
    """The options of an entry as a call of the other tool has them."""
    entries = node.entries if isinstance(node, Mapping) else {}
    return {word: _value(value) for word, (_, value) in entries.items()}


def _value(node: Node) -> Any:
    if isinstance(node, Sequence):
        return [_value(item) for item in node.items]
    if not isinstance(node, Scalar):
        return ...  # no option takes it
    try:
        return resolve(node.text) if node.plain else node.text
    except AmbiguousError:
        return node.text
