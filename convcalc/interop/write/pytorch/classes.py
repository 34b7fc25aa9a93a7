"""Blocks as classes: bodies that differ in numbers alone are one class with arguments."""

import re
from collections.abc import Hashable
from typing import Any, NamedTuple

from convcalc.interop.fold.arguments import Arguments, Unifier
from convcalc.interop.write.arguments import NUMBER, argument, formula, in_order, slots_of
from convcalc.interop.write.pytorch.loops import finished, looped, runs
from convcalc.interop.write.pytorch.own import OWN
from convcalc.interop.write.pytorch.parts import Instance
from convcalc.interop.write.pytorch.said import Said
from convcalc.interop.write.words import Names, returning_tensors, split_words
from convcalc.network.record import Network

_CALL = re.compile(r"@\d+@")
#: calls of classes in finished lines: what comes before, the class, its arguments, what closes
_LINE = re.compile(r'( = |", )([A-Z]\w*)\(([^()]*(?:\([^()]*\)[^()]*)*)\)(\)?,?)$')
_LEAST_LOOP = 3  #: equal calls in a row that are written as a loop
_ARGUMENTS = 12


class Body(NamedTuple):
    """The body of a class, its arguments, and what each of its instances gives for them."""

    init: list[str]
    forward: list[str]
    params: tuple[tuple[str, object], ...]
    given: dict[int, str]


class Classes:
    """All classes of a file. Calls are placeholders until every instance is known."""

    def __init__(self, network: Network) -> None:
        self.instances: list[Instance] = []
        """Those that differ from each other: a net may have very many equal calls."""
        self.numbers: dict[tuple[object, ...], int] = {}
        """Of each of them which it is."""
        self.known: dict[Hashable, Any] = {}
        """What they have in common."""
        self.times: list[int] = []
        """How many calls need each of them."""
        self.said = Said(network, self.times)
        self.groups: dict[tuple[int, str], list[int]] = {}
        self.depths: list[int] = []
        self.calls: dict[str, str] = {}
        self.defaults: dict[str, set[str]] = {}

    def call(self, name: str, instance: Instance) -> str:
        """What makes an instance: replaced when all are known."""
        base, number = re.sub(r"\W", "_", name), len(self.instances)
        instance = instance.shared(self.known)
        known = self.numbers.setdefault((base, *instance.key), number)
        if known < number:
            self.times[known] += 1
            return f"@{known}@"
        depth = 1 + max((self.depths[i] for i in _inner(instance)), default=0)
        self.instances.append(instance)
        self.times.append(1)
        self.depths.append(depth)
        self.groups.setdefault((depth, base), []).append(number)
        return f"@{number}@"

    def text(self) -> list[str]:
        """The classes, inner ones first; `finished` then knows their calls."""
        taken = Names(("Net", *(word[:-1] for word in OWN), *self.said.arguments()))
        out: list[str] = []
        for (_, base), numbers in sorted(self.ordered().items(), key=lambda pair: pair[0][0]):
            made, rest = self.said.classes({i: self.instances[i] for i in numbers}, self.calls)
            for one, calls in made:
                name = taken.free(_class_name(base), between="")
                heads = [param.head() for param in one.params]
                out += ["", "", *_class(name, base, heads, one.init, one.forward)]
                self.calls.update(self.said.named(one._replace(name=name), calls))
            for body in self.unified(rest) if rest else ():
                name = taken.free(_class_name(base), between="")
                self.defaults[name] = {f"{word}={default}" for word, default in body.params}
                heads = [_head(word, default) for word, default in body.params]
                out += ["", "", *_class(name, base, heads, body.init, body.forward)]
                for i, values in body.given.items():
                    self.calls[f"@{i}@"] = f"{name}({values})"
        return out

    def ordered(self) -> dict[tuple[int, str], list[int]]:
        """The calls by name, inner ones first: all calls of a block together, where that can be."""
        blocks = {i: one.block for i, one in enumerate(self.instances) if one.parts}
        depths = dict(enumerate(self.depths))
        for _ in range(len(set(blocks.values())) + 1):
            before = dict(depths)
            for i, one in enumerate(self.instances):
                depths[i] = 1 + max((depths[inner] for inner in _inner(one)), default=0)
            highest: dict[str, int] = {}
            for i, block in blocks.items():
                highest[block] = max(highest.get(block, 0), depths[i])
            depths.update((i, highest[block]) for i, block in blocks.items())
            if depths == before:
                break
        else:
            return self.groups  # names go round in a circle
        found: dict[tuple[int, str], list[int]] = {}
        for (_, base), numbers in self.groups.items():
            for i in numbers:
                found.setdefault((depths[i], base), []).append(i)
        return {key: sorted(numbers) for key, numbers in found.items()}

    def finished(self, instance: Instance) -> tuple[list[str], list[str]]:
        """The lines of a body that is no block: of the net itself."""
        return finished(*looped(self.resolved(instance), instance.forward, _LEAST_LOOP))

    def resolved(self, instance: Instance) -> list[str]:
        """The lines of `__init__` with their calls in place."""
        return [_CALL.sub(lambda found: self.calls[found[0]], line) for line in instance.init]

    def brief(self, line: str) -> str:
        """A line whose calls leave out what is the class's default."""
        found = _LINE.search(line)
        if not found or found[2] not in self.defaults:
            return line
        values = split_words(found[3]) if found[3] else []
        values = [value for value in values if value not in self.defaults[found[2]]]
        return f"{line[: found.start(3)]}{', '.join(values)}{line[found.end(3) :]}"

    def unified(self, numbers: list[int]) -> list[Body]:
        """Bodies for all instances of a block: as few as there are forms."""
        resolved = [(self.resolved(self.instances[i]), self.instances[i].forward) for i in numbers]
        lengths = [run.last - run.first + 1 for body in resolved for run in runs(*body)]
        # where one has a loop the others have it too, so that they can be one class
        least = 2 if max(lengths, default=0) >= _LEAST_LOOP else _LEAST_LOOP
        forms: dict[tuple[str, ...], list[tuple[int, str]]] = {}
        for number, body in zip(numbers, resolved, strict=True):
            init, forward = looped(*body, least)
            text = "\n".join(init)
            form = (NUMBER.sub("#", text), "\n".join(forward))
            forms.setdefault(form, []).append((number, text))
        return [body for form, found in forms.items() for body in self.bodies(form[1], found)]

    def bodies(self, run: str, found: list[tuple[int, str]]) -> list[Body]:
        """One body with arguments for all instances of a form, or one for each that differs."""
        texts, forward = [text for _, text in found], run.split("\n")
        if len(set(texts)) > 1:
            slots = [tuple(slots_of(text, self.instances[i].channels)) for i, text in found]
            times = [self.times[i] for i, _ in found]
            arguments = Unifier(slots, times, most=_ARGUMENTS).unify()
            if arguments is not None:
                channels = {i: self.instances[i].channels for i, _ in found}
                return [_with_arguments(arguments, texts[0], forward, channels)]
        bodies = []
        for text in dict.fromkeys(texts):
            same = {i: "" for i, other in found if other == text}
            bodies.append(Body(*finished(text.split("\n") if text else [], forward), (), same))
        return bodies


def _with_arguments(
    found: Arguments, text: str, forward: list[str], channels: dict[int, int]
) -> Body:
    """A body whose numbers are expressions of its arguments."""
    exprs = iter(found.exprs)
    init = NUMBER.sub(lambda _: formula(next(exprs)), text)
    uses = "in_channels" in init
    given = {}
    params, order = found.params, in_order(found.params)
    for (i, arrive), call in zip(channels.items(), found.calls, strict=True):
        words = [argument(params[n], call[n]) for n in order]
        given[i] = ", ".join([*([str(arrive)] if uses else []), *words])
    params = tuple(params[n] for n in order)
    if uses:
        params = (("in_channels", None), *params)
    return Body(*finished(init.split("\n"), forward), params, given)


def _class_name(base: str) -> str:
    name = "".join(part.capitalize() for part in base.split("_") if part) or "Block"
    if name[0].isdigit() or name in {"I", "O", "F", "None", "True", "False"}:
        name = f"Block{name}"
    return name


def _inner(instance: Instance) -> list[int]:
    return [int(found[1:-1]) for line in instance.init for found in _CALL.findall(line)]


def _head(word: str, default: object) -> str:
    return f"{word}: int" + (f" = {default}" if default is not None else "")


def _class(
    name: str, base: str, heads: list[str], init: list[str], forward: list[str]
) -> list[str]:
    lines = [f"class {name}(nn.Module):", f'    """The block `{base}`."""', ""]
    if init:
        given = ", ".join(["self", *heads])
        lines += [f"    def __init__({given}) -> None:", "        super().__init__()"]
        lines += [f"        {line}" for line in init] + [""]
    lines.append("    def forward(self, x: torch.Tensor) -> torch.Tensor:")
    return lines + [f"        {line}" for line in returning_tensors(forward, ("self", "x"))]
