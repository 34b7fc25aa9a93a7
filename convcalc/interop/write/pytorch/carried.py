"""A block as its spec says it: the class with the block's own arguments, formulas and conditions.

Written from all calls of the block at once. A layer that some calls lack has the spec's condition,
which must say so of each; what is in its line is `convcalc.interop.write.pytorch.modules`.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import product
from typing import NamedTuple

from convcalc.formula import Call, Name
from convcalc.interop.write.pytorch.made import Made, Occurrence
from convcalc.interop.write.pytorch.modules import Modules
from convcalc.interop.write.pytorch.parts import Instance, Part
from convcalc.interop.write.spec.arguments import Params
from convcalc.interop.write.spec.definitions import Definitions
from convcalc.interop.write.spec.expressions import (
    Expression,
    NotSaidError,
    joined,
    names_in,
    python,
    replaced,
    worked_out,
)
from convcalc.interop.write.spec.names import IN_CHANNELS

_LEAST_NAMED = 4  #: uses of a formula that is given a name
_NUMBERED = re.compile(r"(\w*?)(0|[1-9]\d*)")


class Line(NamedTuple):
    """A line of code, and when it runs."""

    text: str
    when: Expression = None
    """None for always."""
    turns: tuple[Expression, Expression] = (0, 0)
    """The first turn of a loop, and the one after its last."""


Key = tuple[int, int]  #: a part by its place and its turn; turn 0 for all turns of a loop


class Carrier:
    """Writes the class of some calls of one block."""

    def __init__(
        self,
        spec: Definitions,
        instances: Mapping[int, Instance],
        made: Mapping[int, Made],
        texts: Mapping[str, str],
        params: Params,
        least: int,
    ) -> None:
        self.least = least
        """Turns of a constant number that are written as a loop."""
        self.spec, self.instances, self.params = spec, instances, params
        self.block = params.definition.name
        self.modules = Modules(spec, instances, made, texts, params)
        self.arriving: dict[int, list[Expression]] = {}
        """What may be `in_channels` in the condition at a place: of the first part it is for."""
        self.init: list[Line] = []
        self.forward: list[Line] = []

    def write(self, name: str) -> Made:
        """The class.

        Raises:
            NotSaidError: the spec's words do not give what each call has.
        """
        found: dict[Key, list[Occurrence]] = {}
        for i, one in self.instances.items():
            for part in one.parts:
                found.setdefault(self.key(part), []).append(Occurrence(i, part))
        for key in self.order():
            self.part(key, found[key])
        if len({one.forward[-1] for one in self.instances.values()}) > 1:
            raise NotSaidError
        first = next(iter(self.instances.values()))
        outputs = self.modules.channels.of((i, one.end) for i, one in self.instances.items())
        params = self.params.listed()
        kept = [f"self.{attribute} = {word}" for word, attribute in self.modules.kept.items()]
        return Made(
            name,
            [*self.params.lines(), *kept, *self.with_name(_body(self.init, python), outputs)],
            [*_body(self.forward, self.modules.of_self), first.forward[-1]],
            params,
            self.params.values,
            self.spec.by_name(first.call),
            tuple(map(self.params.without_locals, outputs)),
        )

    def with_name(self, lines: list[str], outputs: list[Expression]) -> list[str]:
        """Lines with a name for what most of them work out; first the line that does."""
        trees = [tree for tree in self.modules.written_out if isinstance(tree, Call)]
        times = Counter(trees)
        usual = max(times, key=times.__getitem__, default=None)
        name = "out_channels" if usual in outputs else "hidden"
        if (
            usual is None
            or times[usual] < _LEAST_NAMED
            or name in {*self.params.names, *self.params.own}
        ):
            return lines
        text = re.escape(python(usual))
        value = re.compile(rf"(?:(?<=\()|(?<==)|(?<=, )){text}(?=[,)])")
        return [f"{name} = {python(usual)}", *(value.sub(name, line) for line in lines)]

    def key(self, part: Part) -> Key:
        """What a part has in common with that of other calls."""
        entry = self.spec.entries.get(part.place)
        if entry is None or entry.loops != 1 or entry.times is None or not part.module:
            return (part.slot, part.turn)
        times = replaced(entry.times, self.params.names)
        if not names_in(times) and (type(times) is not int or times < self.least):
            return (part.slot, part.turn)
        return (part.place, 0)

    def order(self) -> list[Key]:
        """The parts of all calls in one order, which is that of each."""
        found: list[Key] = []
        place: dict[Key, int] = {}
        for one in self.instances.values():
            at = -1
            new: dict[int, list[Key]] = {}  # by the place of the part before
            for key in dict.fromkeys(map(self.key, one.parts)):
                if key not in place:
                    new.setdefault(at, []).append(key)
                elif place[key] <= at:
                    raise NotSaidError
                else:
                    at = place[key]
            if new:
                known = enumerate(found)
                found = [*new.get(-1, ()), *(k for i, own in known for k in (own, *new.get(i, ())))]
                place = {key: i for i, key in enumerate(found)}
        return found

    def condition(self, key: Key, parts: list[Occurrence]) -> Expression:
        """When a part is there; None for always."""
        there = dict.fromkeys(self.instances, 0)
        for one in parts:
            there[one.at] += 1
        words = {
            self.spec.brought(self.block, self.instances[one.at].call, key[0]) for one in parts
        }
        if words != {""} and not self.modules.is_activation(parts[0].part):
            word = self.params.definition.names.get(words.pop(), "")
            if words or not word:
                raise NotSaidError
            for i, count in there.items():
                if self.params.values[i].setdefault(word, bool(count)) is not bool(count):
                    raise NotSaidError
            return None if all(there.values()) else Name(word, 0)
        entry = self.spec.entries.get(key[0])
        for place in entry.places if entry is not None else ():
            here = [*self.modules.arriving(parts), Name(IN_CHANNELS, 0)]
            self.arriving.setdefault(place, here)
        times: Expression = 1
        if entry is not None and not key[1]:
            times = replaced(entry.times, self.params.names)
        count_of = worked_out(times)
        counts = {i: count_of(self.params.values[i]) for i in there}
        if counts == there:
            return None
        if entry is None or not entry.whens or None in entry.whens:
            raise NotSaidError
        for trees in product(*(self.arriving[place] for place in entry.places)):
            named = map(self.params.named, trees)
            whens = [replaced(*one) for one in zip(entry.whens, named, strict=True)]
            works = [worked_out(when) for when in whens]
            holds = {i: all(work(self.params.values[i]) for work in works) for i in there}
            if all(count == (counts[i] if holds[i] else 0) for i, count in there.items()):
                whole = whens[0]
                for when in whens[1:]:
                    whole = joined("and", whole, when)
                return whole
        raise NotSaidError

    def part(self, key: Key, parts: list[Occurrence]) -> None:
        """The lines of a part."""
        when, first = self.condition(key, parts), parts[0].part
        module, run = self.modules.lines(parts, looped=not key[1])
        self.modules.keep(when)
        if not key[1]:
            self.loop(key, parts, when, module)
            return
        if len({one.part.name for one in parts}) > 1:
            raise NotSaidError
        if module:
            self.init.append(Line(f"self.{first.name} = {module}", when))
        self.forward += [Line(text, when) for text in run.split("\n")]

    def loop(self, key: Key, parts: list[Occurrence], when: Expression, module: str) -> None:
        """The lines of a part that is repeated: numbered names, one line in a loop."""
        times = replaced(self.spec.entries[key[0]].times, self.params.names)
        forms = set()
        for one in parts:
            named = _NUMBERED.fullmatch(one.part.name)
            run = re.fullmatch(r"(\w+) = self\.(\w+)\(\1\)", one.part.run)
            if named is None or run is None or run[2] != one.part.name:
                raise NotSaidError
            forms.add((run[1], named[1], int(named[2]) - one.part.turn + 1))
        if len(forms) > 1:
            raise NotSaidError
        variable, base, first = forms.pop()
        end = joined("+", times, first)
        self.modules.keep(end)
        self.init.append(Line(f'self.add_module(f"{base}{{i}}", {module})', when, (first, end)))
        text = f'{variable} = self.get_submodule(f"{base}{{i}}")({variable})'
        self.forward.append(Line(text, when, (first, end)))


def _body(lines: list[Line], said: Callable[[Expression], str]) -> list[str]:
    """Lines under their conditions and loops; those of one condition in a row are together."""
    out: list[str] = []
    before: Expression = None
    for line in lines:
        if line.when is not None and line.when != before:
            out.append(f"if {said(line.when)}:")
        before = line.when
        indent = "" if line.when is None else "    "
        first, end = line.turns
        if end != 0:
            out.append(f"{indent}for i in range({first}, {said(end)}):")
            indent += "    "
        out.append(f"{indent}{line.text}")
    return out
