"""What differs between the repetitions of a block: numbers become arguments and formulas."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from convcalc.interop.fold.tree import Element, Hole, Slot

#: factors that people write: four times the width, a sixth of the channels
_FACTORS = (2, 3, 4, 6, 8)
_PARTS = (2, 3, 4, 6, 8, 12, 16, 24, 32)
MOST_ARGUMENTS = 6


class Condition(NamedTuple):
    """A shortcut that is there under a condition: what it holds, with its expressions."""

    when: str
    elements: list[Element]
    exprs: tuple[Any, ...]


class Arguments(NamedTuple):
    """The arguments of a block, its expressions in the order of its slots, and every call."""

    params: tuple[tuple[str, Any], ...]
    exprs: tuple[Any, ...]
    calls: tuple[tuple[Any, ...], ...]


class Unifier:
    """Finds arguments for the slots of several occurrences."""

    def __init__(
        self,
        occurrences: list[tuple[Slot, ...]],
        times: Sequence[int] = (),
        most: int = MOST_ARGUMENTS,
    ) -> None:
        self.columns = list(zip(*occurrences, strict=True))
        self.count = len(occurrences)
        self.times = times or [1] * self.count
        """How often each of them is there."""
        self.params: list[tuple[str, tuple[Any, ...]]] = []
        self.everywhere = tuple(range(self.count))
        self.most = most

    def unify(self) -> Arguments | None:
        """None where there would be too many arguments."""
        exprs: list[Any] = []
        for column in self.columns:
            if column[0].role == "hole":
                exprs.append(None)  # when all numbers have their expressions
            else:
                exprs.append(self.expression(column, self.everywhere))
            if len(self.params) > self.most:
                return None
        for i, column in enumerate(self.columns):
            if column[0].role == "hole":
                expr = self.hole(column, self.output_before(i, exprs))
                if expr is None:
                    return None
                exprs[i] = expr
        if len(self.params) > self.most:
            return None
        return self.finished(exprs)

    def output_before(self, index: int, exprs: list[Any]) -> tuple[tuple[Any, ...], Any] | None:
        """The filters of the last layer of the main branch, by occurrence, and as expression."""
        places = [*range(index - 1, -1, -1), *range(index + 1, len(self.columns))]
        for i in places:
            column = self.columns[i]
            if column[0].filters:
                return tuple(slot.value for slot in column), exprs[i]
        return None

    def expression(self, column: tuple[Slot, ...], where: tuple[int, ...]) -> Any:
        """A literal, a formula, or a new argument for the values at some occurrences."""
        values = [slot.value for slot in column]
        by_name = column[0].role == "from"
        if not by_name and len({_hashable(value) for value in values}) == 1:
            return values[0]
        found = self.formula(column, where)
        if found is not None:
            return found
        if len(where) < self.count:
            return None
        return self.argument(column)

    def argument(self, column: tuple[Slot, ...]) -> str:
        """A new argument, named for what it is."""
        base = {
            "filters": "width",
            "units": "width",
            "multiplier": "multiplier",
            "start": "start",
            "stop": "stop",
        }.get(column[0].role, column[0].role)
        if column[0].role in {"hole", "shortcut"}:
            base = "shortcut"
        if column[0].role == "from":
            base = "skip"
        taken = {name for name, _ in self.params}
        name, number = base, 2
        if base == "width":
            name = next((word for word in ("width", "out") if word not in taken), "width2")
        while name in taken:
            name = f"{base}{number}"
            number += 1
        self.params.append((name, tuple(slot.value for slot in column)))
        return f"={name}"

    def formula(self, column: tuple[Slot, ...], where: tuple[int, ...]) -> str | None:
        """A formula of an argument or of the channels that arrive."""
        values = [slot.value for slot in column]
        for name, given in self.params:
            if [_hashable(given[i]) for i in where] == [_hashable(v) for v in values]:
                return f"={name}"
        if not all(type(value) is int for value in values):
            return None
        own = [slot.channels for slot in column]
        counts = column[0].filters or column[0].role in {
            "groups", "width", "out", "start", "stop",
        }  # fmt: skip
        for name, given in (
            *((n, [g[i] for i in where]) for n, g in self.params),
            *((("in_channels", own),) if counts else ()),
        ):
            if not all(type(value) is int for value in given):
                continue
            role = name.rstrip("0123456789")
            alike = name == "in_channels" or (role in {"width", "out", "groups"}) == counts
            if "blocks" in {role, column[0].role}:
                continue  # how often something is repeated is no multiple of anything
            if not alike and not (column[0].role == "pad" and role == "kernel"):
                continue
            found = _ratio(name, given, values, column[0].role)
            if found:
                return found
        return None

    def hole(self, column: tuple[Slot, ...], output: Any) -> Any:
        """A shortcut: always the same, there under a condition, or an argument."""
        holes = [slot.value for slot in column]
        if len(set(holes)) == 1 and not holes[0].elements:
            return holes[0]
        present = tuple(i for i, hole in enumerate(holes) if hole.elements)
        condition = self.condition(column, present, output)
        if condition is not None:
            return condition
        if len(set(holes)) == 1:
            return holes[0]
        return self.argument(column)

    def condition(
        self, column: tuple[Slot, ...], present: tuple[int, ...], output: Any
    ) -> Condition | None:
        """The shortcut as layers with `when`, its numbers by expressions."""
        first = column[present[0]].value.elements
        keys = {tuple(e.key for e in column[i].value.elements) for i in present}
        if len(keys) > 1:
            return None
        slots = [
            tuple(slot for element in column[i].value.elements for slot in element.slots)
            for i in present
        ]
        exprs = []
        for inner in zip(*slots, strict=True):
            expr = self.expression(inner, present)
            if expr is None:
                return None
            exprs.append(expr)
        if len(present) == self.count:
            return Condition("", first, tuple(exprs))
        when = self.when(column, present, output)
        return Condition(when, first, tuple(exprs)) if when else None

    def when(self, column: tuple[Slot, ...], present: tuple[int, ...], output: Any) -> str:
        """The condition under which the shortcut is there; '' where none of the usual ones is."""
        there = [i in present for i in range(self.count)]
        strides = next((given for name, given in self.params if name == "stride"), None)
        strided = None if strides is None else [value not in {1, (1,)} for value in strides]
        widened = None
        if output is not None:
            values, expr = output
            widened = [s.channels != v for s, v in zip(column, values, strict=True)]
            text = str(expr).removeprefix("=")
        if widened is not None and widened == there:
            return f"=in_channels != {text}"
        if strided is not None and strided == there:
            return "=stride != 1"
        if strided and widened and [a or b for a, b in zip(strided, widened, strict=True)] == there:
            return f"=stride != 1 or in_channels != {text}"
        return ""

    def finished(self, exprs: list[Any]) -> Arguments:
        """Arguments that are mostly the same last, with defaults."""
        first, last = [], []
        for name, values in self.params:
            faces = [_hashable(value) for value in values]
            counts: Counter[Any] = Counter()
            for face, times in zip(faces, self.times, strict=True):
                counts[face] += times
            at = max(range(len(values)), key=lambda i: counts[faces[i]])
            usual, share = values[at], counts[faces[at]]
            plain = isinstance(usual, Hole) and not usual.elements
            simple = name.rstrip("0123456789") in {"stride", "dilation", "groups", "pad", "kernel"}
            if plain or (simple and 2 * share >= sum(self.times) and not isinstance(usual, Hole)):
                last.append((name, usual, values))
            else:
                first.append((name, None, values))
        ordered = [*first, *last]
        params = tuple((name, default) for name, default, _ in ordered)
        calls = tuple(tuple(values[i] for _, _, values in ordered) for i in range(self.count))
        return Arguments(params, tuple(exprs), calls)


def _hashable(value: Any) -> Any:
    return value.same if isinstance(value, Hole) else value


def _ratio(name: str, given: list[int], values: list[int], role: str) -> str:
    """value = name, k*name, name//k for every pair; '' where none holds."""
    pairs = list(zip(given, values, strict=True))
    if all(g == v for g, v in pairs):
        return f"={name}"
    if role == "pad":
        return f"={name}//2" if all(g // 2 == v for g, v in pairs) else ""
    for factor in _FACTORS:
        if all(g * factor == v for g, v in pairs):
            return f"={factor}*{name}"
    for part in _PARTS:
        if all(g == v * part for g, v in pairs):
            return f"={name}//{part}"
    for part in _PARTS:
        if all(g // part == v for g, v in pairs):
            return f"={name}//{part}"
    return ""
