"""Ways out of a formula that is no integer, or that has names which nothing here has.

Imported only where something is wrong.
"""

import re
from collections.abc import Mapping as Variables

from convcalc import formula
from convcalc.findings import plain
from convcalc.layers.option import Value
from convcalc.spec.as_text import text_of
from convcalc.spec.values import IN_CHANNELS, NoValueError, Reader
from convcalc.tree.nodes import Node, Scalar

_LONGEST = 60  #: letters of a formula that a help writes anew
_QUOTIENT = re.compile(r"=\s*([\w.]+)\s*/\s*([\w.]+)\s*\Z", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,9}")
#: what programs call the channels that arrive
ARRIVING = frozenset({
    *("c_in", "cin", "ch_in", "channels_in", "in_ch", "in_c", "in_chs", "in_filters", "in_planes"),
    *("inplanes", "in_dim", "input_channels", "inp", "nin", "n_in", "prev_channels"),
    "prev_filters",
})  # fmt: skip


def to_integer(value: Value, node: Node, reader: Reader) -> tuple[str, ...]:
    """What rounds a formula whose value is a fraction: to the nearest integer, or down."""
    if not isinstance(value, float) or not isinstance(node, Scalar):
        return ()
    body = node.text[1:].strip()
    if node.text[:1] != "=" or len(body) > _LONGEST or body.isidentifier():
        return ()
    return _each(reader, f"=round({body})", f"=({body})//1" if "+" in body else f"={body}//1")


def quotient(text: str, reader: Reader) -> tuple[str, ...]:
    """What rounds a quotient that leaves a remainder: down, or up."""
    match = _QUOTIENT.match(text[:_LONGEST])
    if match is None:
        return ()
    number, by = match.groups()
    more = str(int(by) - 1) if by.isdigit() else f"{by} - 1"
    return _each(reader, f"={number}//{by}", f"=({number} + {more})//{by}")


def _each(reader: Reader, *formulas: str) -> tuple[str, ...]:
    """Formulas with the integer that each is; () where one is none."""
    try:
        values = [formula.evaluate(one, reader.lookup, False) for one in formulas]
    except (formula.FormulaError, NoValueError, KeyError):
        return ()
    if not all(isinstance(one, int) or float(str(one)).is_integer() for one in values):
        return ()
    ways = [
        f"`{plain(one)}` is {int(value)}"  # type: ignore[arg-type]
        for one, value in zip(formulas, values, strict=True)
    ]
    return (", ".join(ways),)


def of_layer(
    name: str,
    text: str,
    key: str,
    options: Variables[str, tuple[Scalar, Node]],
    in_block: bool,
) -> tuple[str, ...]:
    """Help for a name that a formula of the option `key` has, which no variable has; () unknown.

    Args:
        name: the name.
        text: the formula.
        key: the option whose value it is.
        options: those that are given beside it.
        in_block: whether the name may be an argument that the block lacks.
    """
    if len(text) > _LONGEST:
        return ()
    if name.lower() in ARRIVING and not in_block:
        return (f"did you mean `{plain(_put(text, name, IN_CHANNELS))}`?",)
    if name == key:
        return (
            f"`{plain(name)}` is what it sets: the channels that arrive are `{IN_CHANNELS}`, and a "
            "number of your own is given at the top, `vars: {width: 64}`",
        )
    given = options.get(name)
    number = text_of(given[1]) if given is not None else ""
    if _NUMBER.fullmatch(number):
        return (f"did you mean `{plain(_put(text, name, number))}`?",
                "formulas do not read the options of a layer")  # fmt: skip
    return ()


def _put(text: str, name: str, other: str) -> str:
    """A formula with another word for a name."""
    return re.sub(rf"(?<![\w.]){re.escape(name)}(?!\w)", other, text)
