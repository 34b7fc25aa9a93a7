"""The arguments of a block: which of them are Python's, with which defaults, and every call's."""

from collections import ChainMap, Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from convcalc.formula import Call, Name
from convcalc.interop.write.spec.definitions import Definition
from convcalc.interop.write.spec.expressions import (
    Code,
    Expression,
    NotSaidError,
    expression,
    names_in,
    python,
    replaced,
    value_of,
)
from convcalc.interop.write.spec.names import IN_CHANNELS, safe
from convcalc.layers.option import Value
from convcalc.network.record import Values
from convcalc.tree.nodes import Sequence as Items

_MOST_OWN = 4  #: arguments that the spec does not have


class Param(NamedTuple):
    """An argument of a class."""

    name: str
    source: str
    """The block's argument; ``in_channels``; '' for one that the spec does not have."""
    default: Value
    """None where there is none: every call gives it."""
    types: str

    def head(self) -> str:
        """The argument as a function's head declares it."""
        default = "" if self.default is None else f" = {python(self.default)}"
        return f"{self.name}: {self.types}{default}"


class Params:
    """The arguments of one block's class, found while its lines are written."""

    def __init__(
        self,
        definition: Definition,
        given: set[str],
        variables: Values,
        values: Mapping[int, dict[str, Value]],
        times: Sequence[int],
    ) -> None:
        self.definition, self.times = definition, times
        self.values = values
        """What each call gives, by the names that Python has for it."""
        self.names: dict[str, Expression] = {
            word: Fraction(repr(value)) if isinstance(value, float) else value
            for word, value in variables.items()
        }
        """What the names of the spec's formulas are here."""
        self.defaults: dict[str, Value] = {}
        self.locals: dict[str, Expression] = {}
        """What is worked out from other arguments, in order."""
        self.own: dict[str, str] = {}
        """Arguments that the spec does not have, and what they are."""
        self.used: set[str] = set()
        for word, node in definition.args.items():
            self.names[word] = Name(self.definition.names[word], 0)
            if word in dict(definition.spliced):
                if isinstance(node, Items) and not node.items:
                    self.defaults[word] = False
                continue
            try:
                default = expression(node)
                if not isinstance(default, Name | Call):
                    self.defaults[word] = value_of(default, {})
                elif word not in given:
                    self.names[word] = self.local(word, replaced(default, self.names))
            except NotSaidError:
                continue

    def local(self, word: str, value: Expression) -> Expression:
        """What a default that no call overrides is: a name for it, or itself where it is short."""
        if not isinstance(value, Call):
            return value
        self.locals[self.definition.names[word]] = value
        return Name(self.definition.names[word], 0)

    def named(self, channels: Expression) -> Mapping[str, Expression]:
        """What the names of a formula are where it has these `in_channels`."""
        return ChainMap({IN_CHANNELS: channels}, self.names)

    def add(self, role: str, given: Mapping[int, Value]) -> Expression:
        """An argument for values of which the spec says nothing.

        Raises:
            NotSaidError: there would be too many.
        """
        if len(self.own) >= _MOST_OWN:
            raise NotSaidError
        base = safe(role)
        name, number = base, 2
        taken = {*self.own, *self.definition.names.values()}
        while name in taken or any(name in values for values in self.values.values()):
            name, number = f"{base}_{number}", number + 1
        usual = _usual((value, self.times[i]) for i, value in given.items())
        self.own[name] = role
        self.defaults[name] = usual
        for i, values in self.values.items():
            values[name] = given.get(i, usual)
        return Name(name, 0)

    def use(self, tree: Expression) -> None:
        """Note the names of an expression that is written."""
        self.used |= names_in(tree)

    def listed(self) -> list[Param]:
        """The arguments that are used: channels first, those with a default last."""
        for name, value in reversed(self.locals.items()):
            if name in self.used:
                self.used |= names_in(value)
        names = {IN_CHANNELS: IN_CHANNELS}
        names.update((name, word) for word, name in self.definition.names.items())
        names.update(dict.fromkeys(self.own, ""))
        found = [
            Param(name, word, self.defaults.get(word or name), self.types(name))
            for name, word in names.items()
            if name in self.used and name not in self.locals
        ]
        return sorted(found, key=lambda param: param.default is not None)

    def without_locals(self, tree: Expression) -> Expression:
        """An expression of arguments alone."""
        for name, value in reversed(self.locals.items()):
            tree = replaced(tree, {name: value})
        return tree

    def lines(self) -> list[str]:
        """What `__init__` works out first."""
        return [f"{n} = {python(value)}" for n, value in self.locals.items() if n in self.used]

    def types(self, name: str) -> str:
        """The type of an argument."""
        values = [values[name] for values in self.values.values() if name in values]
        found = dict.fromkeys(map(_type, values))
        if self.defaults.get(name) is not None:
            found.setdefault(_type(self.defaults[name]))
        if "float" in found:  # a type checker's float may be an int
            found.pop("int", None)
        return " | ".join(sorted(found, key=len))


def _type(value: Value) -> str:
    if isinstance(value, tuple):
        return f"tuple[{', '.join(map(_type, value))}]"
    return "type[nn.Module]" if isinstance(value, Code) else type(value).__name__


def _usual(values: Iterable[tuple[Value, int]]) -> Value:
    """The most frequent of some values and how often each is there; the first of those."""
    found: Counter[Value] = Counter()
    for value, times in values:
        found[value] += times
    return max(found, key=found.__getitem__)
