"""Nodes to values: scalars by the core schema, formulas worked out, lists element by element."""

from collections.abc import Callable, Container
from collections.abc import Mapping as Variables
from typing import TYPE_CHECKING, NoReturn

from convcalc.findings import brief, plain
from convcalc.layers.option import Value
from convcalc.network.remarks import Remarks
from convcalc.records import NamedTuple
from convcalc.tree.nodes import Node, Passed, Scalar, Sequence
from convcalc.tree.scalars import AmbiguousError, resolve

IN_CHANNELS = "in_channels"

#: Words of formulas, which no variable or argument can have as its name.
RESERVED = (IN_CHANNELS, "min", "max", "and", "or", "not")


class NoValueError(Exception):
    """There is no value: the error is reported, or follows from one that is."""


class Later(NamedTuple):
    """An argument that is a list or mapping: read where it is used, in the scope of its caller."""

    node: Node
    variables: "Scope"
    in_channels: Callable[[], int]
    calls: tuple[Node, ...]


def no_channels() -> int:
    """What `in_channels` is where no volume arrives."""
    raise NoValueError


#: The value of a variable that could not be read: asking for it is no second fault.
UNKNOWN = Later(Sequence(0), {}, no_channels, ())

Scope = Variables[str, "Value | Later"]


_FRACTIONS = 8  #: how much longer exact fractions take than integers


class GivenText(str):
    """A text that a variable is set to from outside of the file, over its own value there."""

    word: str
    own: Node

    def __new__(cls, text: str, word: str, own: Node) -> "GivenText":
        """A text, the variable's name, and where its own value is."""
        found = super().__new__(cls, text)
        found.word, found.own = word, own
        return found


class Bound(dict[str, "Value | Later"]):
    """The variables in one block call, and where the values of its arguments are written."""

    __slots__ = ("block", "written")

    def __init__(self, variables: Scope, block: "Block | None" = None) -> None:
        super().__init__(variables)
        self.block = block
        """The block that is called."""
        self.written: dict[str, tuple[Reader, Node]] = {}
        """By argument what reads its value, in the call or as a default, and where it is."""


def is_passed(name: str, scope: Variables[str, object]) -> bool:
    """Whether an argument or variable of this name holds words or layers, as `=name` passes on."""
    value = scope.get(name)
    return isinstance(value, str | Later) and value is not UNKNOWN


def values_of(scope: Scope) -> dict[str, Value]:
    """The values of a scope; layers are none."""
    return {word: value for word, value in scope.items() if not isinstance(value, Later)}


if TYPE_CHECKING:
    from convcalc.network.record import Step
    from convcalc.spec.blocks import Block


class Reader:
    """Reads values in one scope; `channels` gives `in_channels` or raises NoValueError."""

    def __init__(
        self,
        remarks: Remarks,
        variables: Scope,
        channels: Callable[[], int],
        calls: tuple[Node, ...] = (),
        arriving: "Step | None" = None,
        alone: bool = False,
        stated: Container[str] = (),
        beside: "Variables[str, Node] | None" = None,
    ) -> None:
        self.remarks = remarks
        self.variables = variables
        self.channels = channels
        self.calls = calls
        self.arriving = arriving
        """The step whose volume arrives, where one does."""
        self.alone = alone
        """Whether the values are those of an entry that is a whole branch."""
        self.beside = beside or {}
        """The keys beside the kind of the entry whose options are read."""
        self.stated = stated
        """All names of `vars`, where the values are theirs: some may stand below."""
        self.layers: Callable[[str], int | None] | None = None
        """Finds the step that a layer's name means, where one may be given."""
        self.default = ""
        """The argument whose default is read."""
        self.fractions = False
        """Whether a quotient of integers need not be one: the value is no size."""
        self.option: tuple[str, Variables[str, tuple[Scalar, Node]]] | None = None
        """The option whose value is read, and those of its layer."""
        self.passes = False
        """Whether the value is an argument's or a variable's: what it is used for is not known."""
        self.bare: Node | None = None
        """The argument that is all of a call's value, without brackets."""

    @property
    def at_a_layer(self) -> bool:
        """Whether a volume arrives where these values are read."""
        return self.channels is not no_channels

    def value(self, node: Node) -> Value:
        """The value of a scalar or a flat list of scalars.

        Raises:
            NoValueError: it has none; the reason is reported.
        """
        found = self.argument(node)
        if isinstance(found, Later):
            if isinstance(found.node, Sequence):
                self.remarks.spend(6 * max(0, len(found.node.items) - 4))
                inner = Reader(self.remarks, found.variables, found.in_channels, found.calls)
                inner.layers = self.layers
                return tuple(inner.element(item) for item in found.node.items)
            self.fail("CC014", "expected a value, got a mapping", node, "options go one level up")
        return found

    def argument(self, node: Node) -> Value | Later:
        """A value, or a list or mapping to be read where it is used.

        Raises:
            NoValueError: it has none; the reason is reported.
        """
        if isinstance(node, Scalar):
            text = node.text
            if text[:1] == "=" and len(text) > 1:
                self.remarks.spend(len(text) if "." not in text else _FRACTIONS * len(text))
                return self.formula(node)
            if not node.plain:
                return text
            try:
                return resolve(text)
            except AmbiguousError as error:
                self.fail("CC004", plain(str(error)), node)
        return Later(node, self.variables, self.channels, self.calls)

    def passed(self, node: Node) -> Value | Later:
        """The value of an argument or variable; ``2*width`` without its ``=`` is refused here.

        Raises:
            NoValueError: it has none; the reason is reported.
        """
        self.passes = True
        found = self.argument(node)
        if isinstance(found, str) and not found.isidentifier():
            from convcalc.spec import hints

            help = hints.formula_in_text(found, self.variables)
            if help:
                message = f"{brief(found, 60)!r} is text: a formula starts with ="
                self.fail("CC014", message, node, "text", help)
        return found

    def element(self, node: Node) -> Value:
        """A scalar inside a list."""
        if isinstance(node, Scalar):
            return self.value(node)
        what = "a list" if isinstance(node, Sequence) else "a mapping"
        self.fail("CC014", f"expected a value in this list, got {what}", node)

    def formula(self, node: Scalar) -> Value | Later:
        """The value of a formula; a lone name passes anything through."""
        text = node.text
        name = text[1:].strip()
        if name in self.variables:
            found = self.variables[name]
            if found is UNKNOWN:
                raise NoValueError
            return found
        from convcalc import formula  # only nets with arithmetic in them pay for it

        try:
            return formula.evaluate(text, self.lookup, self.fractions)
        except KeyError as error:
            from convcalc.spec import formula_faults

            formula_faults.unknown_variable(self, str(error.args[0]), node)
        except formula.FormulaError as error:
            from convcalc.spec import formula_faults

            formula_faults.no_value(self, node, error)

    def origin(self, node: Node) -> "tuple[Reader, Node]":
        """Where a value is written, for a name alone: in the call of a block, or under `vars`.

        What is wrong with it is wrong there, and other calls have nothing to do with it.
        """
        if not isinstance(node, Scalar) or node.text[:1] != "=":
            return self, node
        name = node.text[1:].strip()
        if isinstance(self.variables, Bound) and name in self.variables.written:
            return self.variables.written[name]
        written = self.remarks.variables.get(name)
        if isinstance(written, Node) and name in self.variables:
            return Reader(self.remarks, {}, no_channels), written
        return self, node

    def word(self, node: Node, value: str, use: Node | None = None) -> Passed:
        """A word that a value is or holds, with its own place where a name alone stands for it.

        `use`: where the name is used, if that is not all of the node.
        """
        reader, written = self.origin(node)
        if isinstance(written, Sequence):
            items = (item for item in written.items if isinstance(item, Scalar))
            written = next((item for item in items if item.text == value), written)
        used = f"used here by calls without `{reader.default}`" if reader.default else "used here"
        bare = written is reader.bare
        return Passed(value, use or node, written, used, reader.calls, reader.variables, bare)

    def lookup(self, name: str) -> Value:
        """The value of a variable inside a formula."""
        if name == IN_CHANNELS and name not in self.variables and self.at_a_layer:
            return self.channels()
        value = self.variables[name]
        if value is UNKNOWN:
            raise NoValueError
        if isinstance(value, float):
            self.remarks.spend(2 * _FRACTIONS)
        if isinstance(value, Later):
            from convcalc.formula import FormulaError

            raise FormulaError(f"{name} is a list: arithmetic needs a number")
        return value

    def fail(
        self, code: str, message: str, node: Node, label: str = "", help: tuple[str, ...] = ()
    ) -> NoReturn:
        """Report an error and give up this value; one of a value is told where that is written."""
        is_name = isinstance(node, Scalar) and node.text[:1] == "="
        at = self.word(node, "") if code == "CC014" and is_name else node
        self.remarks.error(code, message, at, label, help, (), self.calls)
        raise NoValueError
