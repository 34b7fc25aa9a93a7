"""What is wrong with a formula: unknown names, layers' names, texts where it needs numbers.

Imported only where something is wrong.
"""

import re
from itertools import chain, islice
from typing import NoReturn

from convcalc import dialects, formula
from convcalc.findings import brief, plain
from convcalc.layers import BY_NAME
from convcalc.layers.traits import Family
from convcalc.spec.foreign.asked import KINDS
from convcalc.spec.formula_hints import as_fraction, in_formula
from convcalc.spec.formula_ways import of_layer, quotient
from convcalc.spec.hints import equals_sign
from convcalc.spec.leaving import argument, is_leaving
from convcalc.spec.quoted import quoted
from convcalc.spec.unused import mentioned
from convcalc.spec.values import (
    IN_CHANNELS,
    UNKNOWN,
    Bound,
    GivenText,
    Later,
    NoValueError,
    Reader,
)
from convcalc.tree.nodes import Node, Scalar

_SHOWN = 60  #: letters of a formula that a help writes anew
_TRUTH = {"true": 1, "false": 0}
_LISTED = 40  #: variables that a message names
#: a variable compared with itself, which says nothing: no reading of a formula
_WITH_ITSELF = re.compile(
    r"(?<![\w.*/+-])(?<![*/+-] )([A-Za-z_]\w*)\s*(?:[=!<>]=|[<>])\s*\1(?![\w.])"
)


def no_value(reader: Reader, node: Scalar, error: formula.FormulaError) -> NoReturn:
    """Report a formula that has no value.

    Raises:
        NoValueError: it is reported.
    """
    text = node.text
    _layer(reader, text[1:].strip(), node)
    _texts(reader, node)
    message, label = f"{brief(text, 60)}: {plain(str(error))}", plain(str(error))
    help = in_formula(text) or (as_fraction(text) if reader.passes else ())
    help = help or quotient(text, reader)
    reader.fail("CC015", message, node, label, help)


def _texts(reader: Reader, node: Scalar) -> None:
    """Report texts of which a formula needs a number, where they are written: once, not here.

    Raises:
        NoValueError: they are reported.
    """
    try:
        names = formula.names(node.text)
    except formula.FormulaError:
        return
    found = False
    for name in dict.fromkeys(names):
        value = reader.variables.get(name)
        if isinstance(value, GivenText):
            own = value.own.text if isinstance(value.own, Scalar) else "2"
            message = f"{value.word} is set to {plain(value)!r}, and formulas need a number of it"
            help = (f"give a number, such as `--set {value.word}={plain(own)}`",)
            reader.remarks.error("CC015", message, value.own, f"not {plain(value)}", help)
            found = True
        elif isinstance(value, str | Later) and value is not UNKNOWN:
            found = _no_number(reader, name, value, node) or found
    if found:
        raise NoValueError


def _no_number(reader: Reader, name: str, value: str | Later, node: Scalar) -> bool:
    """Report what an argument or variable of a formula is; whether its place is known."""
    named = Scalar(f"={name}", node.start)
    giver, written = reader.origin(named)
    if written is named:
        return False
    what = f"the text {brief(value, 60)!r}" if isinstance(value, str) else "no number"
    message = f"{name} is {what}, and formulas need a number of it"
    mark = reader.word(named, "", use=node)
    help = _meant(giver, value, written) if isinstance(value, str) else ()
    reader.remarks.error("CC015", message, mark, "not a number", help, calls=reader.calls)
    return True


def _meant(giver: Reader, value: str, written: Node) -> tuple[str, ...]:
    """What to type in place of a text, where `giver` reads it."""
    if IN_CHANNELS in value and not giver.at_a_layer:
        return (f"give the number, or write {IN_CHANNELS} in the formula itself",)
    if help := quoted(value, written) or equals_sign(value, giver.variables):
        return help
    more = (IN_CHANNELS,) if giver.at_a_layer else ()
    close = giver.remarks.suggest.nearest(value, chain(giver.variables, more))
    return (f"did you mean `={plain(close)}`?",) if close else ()


def _layer(reader: Reader, name: str, node: Scalar) -> None:
    """Report the name of a layer with an equals sign, where a layer may be named.

    Raises:
        NoValueError: it is reported.
    """
    if reader.layers is None or reader.layers(name) is None:
        return
    help = (f"did you mean `{plain(name)}`?", "a layer's name is given without `=`")
    message = f"{plain(name)!r} is a layer, not a variable"
    reader.fail("CC016", message, node, "a layer's name", help)


def _activation(reader: Reader, name: str, node: Scalar) -> None:
    """Report an activation with an equals sign, as ``act: =silu``.

    Raises:
        NoValueError: it is reported.
    """
    kind = BY_NAME.get(dialects.kind(name, KINDS))
    if kind is None or kind.family is not Family.ACTIVATION:
        return
    if any(option.required for option in kind.options()):
        return
    help = (f"did you mean `{kind.kind}`?", "a layer is given without `=`")
    reader.fail("CC016", f"{plain(name)!r} is a layer, not a variable", node, "a layer", help)


def unknown_variable(reader: Reader, name: str, node: Scalar) -> NoReturn:
    """Report a name that no variable or argument has.

    Raises:
        NoValueError: it is reported, or the variables could not be read.
    """
    remarks, variables = reader.remarks, reader.variables
    if name == IN_CHANNELS:
        help: tuple[str, ...] = (
            "give the number, or write the formula in the options of the layer",
        )
        text = f"{name} can be used in layer options only"
        reader.fail("CC016", text, node, "not a layer option", help)
    if remarks.unread_variables:
        raise NoValueError
    if node.text[1:].strip() == name:
        _layer(reader, name, node)
        _activation(reader, name, node)
    more = (IN_CHANNELS,) if reader.at_a_layer else ()
    # a file may have 45,000 variables, each with an unknown one: none copies the list of them
    close = _leaving(reader, name) or remarks.suggest.argument(name, _idle(reader))
    close = close or remarks.suggest.nearest(name, chain(variables, more))
    written = node.text if len(node.text) <= _SHOWN else ""
    meant = re.sub(rf"(?<![\w.]){re.escape(name)}(?!\w)", close, written) or close
    if _WITH_ITSELF.search(meant):
        close = ""
    help = (f"did you mean `{plain(meant)}`?",) if close else (_known(name, reader, more),)
    if not close and reader.at_a_layer and reader.option is not None:
        own = isinstance(variables, Bound) and variables.block is not None
        help = of_layer(name, node.text, *reader.option, own) or help
    if name.lower() in _TRUTH and not close:
        help = (f"a formula has no `{name}`: write `{_TRUTH[name.lower()]}`",)
    if name in reader.stated:
        help = (f"{name} has no value yet: a variable can use those above it",)
    reader.fail("CC016", f"unknown variable {plain(name)!r}", node, "unknown", help)


def _known(name: str, reader: Reader, more: tuple[str, ...]) -> str:
    """The names that are known in a formula, the one that is most like `name` first."""
    variables = reader.variables
    first = [*islice(chain(variables, more), _LISTED)]
    left = len(variables) + len(more) - len(first)
    like = reader.remarks.suggest.like(name, chain(variables, more))
    if like and like not in first:
        first = [like, *first[:-1]]
    return f"known here: {', '.join(first) or 'none'}{f' and {left:,} more' * bool(left)}"


def _leaving(reader: Reader, name: str) -> str:
    """The argument that is meant by a program's word for the channels that leave a block."""
    if not is_leaving(name):
        return ""
    block = reader.variables.block if isinstance(reader.variables, Bound) else None
    if block is None:
        return ""
    known = reader.remarks.suggest.leaving
    if block.name not in known:
        known[block.name] = argument(block, _idle(reader))
    return known[block.name] if known[block.name] in reader.variables else ""


def _idle(reader: Reader) -> tuple[str, ...]:
    """The arguments of the block around that nothing in it uses: one of them may be misspelt."""
    variables, known = reader.variables, reader.remarks.suggest.idle
    block = variables.block if isinstance(variables, Bound) else None
    if block is None or block.layers is None:
        return ()
    if block.name not in known:
        _, names = mentioned([block.layers, *(default for _, default in block.args.values())])
        known[block.name] = tuple(name for name in block.args if name not in names)
    return tuple(name for name in known[block.name] if name in variables)
