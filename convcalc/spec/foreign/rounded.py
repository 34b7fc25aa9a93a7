"""Windows of PyTorch's and Keras's classes, which round down where a size does not come out.

Here that is said, as nobody would know it once the class is gone. Imported only where something is
wrong.
"""

import re

from convcalc.layers import BY_NAME
from convcalc.layers.base import Roundings
from convcalc.layers.option import RejectedError, Value
from convcalc.layers.pool import Pool
from convcalc.layers.windowed import Windowed
from convcalc.network.record import Step
from convcalc.shapes import Shape
from convcalc.spec.foreign.asked import NotCertainError, class_in, is_computed, one_if_equal, tool
from convcalc.spec.foreign.entries import translated
from convcalc.spec.foreign.ours import written_out
from convcalc.spec.shortforms import expand
from convcalc.tree.nodes import Mapping, Node, Scalar
from convcalc.window import Rounding

_WHOLE = re.compile(
    r"\s*((?:\w+\.)*(?:[A-Z]\w*|\w+(?=\())) *(\([^()]*(?:\([^()]*\)[^()]*)*\))?(?:\(\w+\))?"
    r"\s*[,;]?\s*\Z"
)  #: a class, a call of it or of a function, and its call on a volume
_FIRST = re.compile(
    r"\s*+((?:\w+\.)*[A-Z]\w*)(\([^()]*(?:\([^()]*\)[^()]*)*\))(?=[\s,;])"
)  #: of a pattern
_MEANT = re.compile(r"did you mean `([^`]+)`\?\Z|write `([^`]+)`(?: in place of `[^`]+`)?\Z")
#: the help of a class for which it is not known yet what arrives
LEFT_OVER = re.compile("where input is left over, it")
_PAIR = re.compile(r"(\w+): (\[[0-9, ]{1,60}\]|\w+|=[^,{}]{1,60})")
_LONGEST = 300
_Options = dict[str, Value]


def help(
    word: str, value: Node | None, said: tuple[str, ...], step: Step, roundings: Roundings
) -> tuple[str, ...]:
    """The help for a class, with its rounding where the size is none that comes out.

    Args:
        word: the class, or a call of it.
        value: what follows its colon.
        said: the help so far.
        step: what arrives.
        roundings: those of the file.
    """
    word = class_in(word)
    whole = _WHOLE.match(word) if len(word) < _LONGEST else None
    match = whole or _FIRST.match(word[:_LONGEST])
    told = _MEANT.match(said[0]) if match and said else None
    if match is None or told is None or not tool(match[1]):
        return said
    found = _options(told[1] or told[2], match[1], value, step)
    if found is None or not _may_be_left_over(*found, step.output, roundings):
        return said
    kind, options = found
    pools = issubclass(BY_NAME[kind], Pool)
    if pools and whole is None:  # a word of a pattern has no options
        top = "`rounding: floor` at the top of the file"
        return (*said, f"its size is rounded down: {top}") if step.output else said
    if not pools:
        pool = "" if roundings.pool is Rounding.EXACT else f", pool: {roundings.pool.value}"
        top = "floor" if roundings.pool is Rounding.FLOOR else f"{{conv: floor{pool}}}"
        left_over = "its size" if step.output else "where input is left over, its size"
        return (*said, f"{left_over} is rounded down: `rounding: {top}` at the top of the file")
    entry = written_out(kind, {**options, "rounding": Rounding.FLOOR.value})
    if step.output is None:
        return (*said, f"where input is left over, it is rounded down: `{entry}`")
    if said[0] == f"write `{told[2]}`":
        return (f"write `{entry}`", *said[1:])
    if match[2]:
        return (f"did you mean `{entry}`?", *said[1:])
    return (f"write `{entry}` in place of `{match[1]}`", *said[1:])


def may_lose(layer: Windowed, roundings: Roundings) -> bool:
    """Whether the windows of a layer do not reach all of some input."""
    ceil = layer.rounding_under(roundings) is Rounding.CEIL
    return layer.pad != "same" and max(layer.steps) > 1 and not ceil


def _options(entry: str, word: str, value: Node | None, step: Step) -> tuple[str, _Options] | None:
    """The kind of an entry and its options; those behind the class where it is a kind alone."""
    if form := expand(entry):
        kind, options = form[0], {key: one_if_equal(numbers) for key, numbers in form[1]}
        if options.get("stride") == options.get("kernel") and issubclass(BY_NAME[kind], Pool):
            del options["stride"]  # the kernel where nobody gives one
        return kind, options
    kind, colon, rest = entry.partition(": {")
    if kind not in BY_NAME or not issubclass(BY_NAME[kind], Windowed):
        return None
    if colon:
        return kind, {key: _value(text) for key, text in _PAIR.findall(rest)}
    if isinstance(value, Scalar) and value.text.isdecimal():
        return kind, {"kernel": int(value.text)}
    if not isinstance(value, Mapping):
        return None
    try:
        found = translated(word, value, step)
    except NotCertainError:
        return None
    return found[:2] if found and found[0] == kind else None


def _value(text: str) -> Value:
    """A number, a list of numbers or a word as a help has it."""
    if text[:1] == "[":
        numbers: Value = one_if_equal(tuple(map(int, re.findall("[0-9]+", text))))
        return numbers
    return {"true": True, "false": False}.get(text, int(text) if text.isdecimal() else text)


def _may_be_left_over(
    kind: str, options: _Options, shape: Shape | None, roundings: Roundings
) -> bool:
    """Whether a layer's windows may not come out where `shape` arrives, and it says no rounding."""
    known = {option.key: option for option in BY_NAME[kind].options()}
    if "rounding" in options or not options.keys() <= known.keys():
        return False
    computed = {key for key, value in options.items() if is_computed(value)}
    if any(option.required and key not in options for key, option in known.items()):
        return False
    numbers: _Options = {**options, **dict.fromkeys(computed, 2)}  # some number that is no 1
    try:
        layer = BY_NAME[kind](**{known[k].name: known[k].accept(v) for k, v in numbers.items()})
    except (RejectedError, TypeError):
        return False
    if not isinstance(layer, Windowed) or layer.rounding_under(roundings) is not Rounding.EXACT:
        return False
    if shape is None or computed:
        return may_lose(layer, roundings)
    return len(shape) > 1 and not layer.rounds_alike(shape[:-1], Rounding.EXACT, Rounding.FLOOR)
