"""Blocks as functions: bodies that differ in numbers alone are one function with arguments."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from convcalc.interop.fold.arguments import Unifier
from convcalc.interop.write.arguments import NUMBER, argument, formula, in_order, slots_of
from convcalc.interop.write.words import Names, variable

_CALL = re.compile(r"@(\d+)@\[(\w+)\]")
_COUNT = re.compile(r"range\(blocks=(\w+)\)")
_LEAST_LOOP = 3  #: equal lines in a row that are written as a loop
_ARGUMENTS = 12
_KEYWORD = re.compile(r"(\w+)=")
_WORD = re.compile(r"[A-Za-z_]\w*")


class Instance(NamedTuple):
    """The body of a function as one block call needs it."""

    lines: tuple[str, ...]
    channels: int
    """Channels that arrive."""


class Functions:
    """All functions of a file. Calls are placeholders until every instance is known."""

    def __init__(self) -> None:
        self.instances: list[Instance] = []
        """Those that differ from each other: a net may have very many equal calls."""
        self.numbers: dict[tuple[str, Instance], int] = {}
        """Of each of them which it is."""
        self.times: list[int] = []
        """How many calls need each of them."""
        self.groups: dict[tuple[int, str], list[int]] = {}
        self.depths: list[int] = []
        self.calls: dict[int, tuple[str, str]] = {}

    def call(self, name: str, instance: Instance) -> str:
        """What calls an instance, with ``{0}`` for what it reads: replaced when all are known."""
        number = len(self.instances)
        known = self.numbers.setdefault((name, instance), number)
        if known < number:
            self.times[known] += 1
            return f"@{known}@[{{0}}]"
        inner = [int(found[0]) for line in instance.lines for found in _CALL.findall(line)]
        depth = 1 + max((self.depths[i] for i in inner), default=0)
        self.instances.append(instance)
        self.times.append(1)
        self.depths.append(depth)
        base = re.sub(r"\W", "_", name).lower()
        if variable(base) != base:  # no name that Python or the code leaves free
            base = f"block_{base}"
        self.groups.setdefault((depth, base), []).append(number)
        return f"@{number}@[{{0}}]"

    def text(self, taken: set[str], top: list[str]) -> list[str]:
        """The functions, inner ones first; `top` are the lines of the net itself."""
        out: list[str] = []
        # a function that is called where a value has its name would be that value
        for lines in (top, *(one.lines for one in self.instances)):
            taken.update(_WORD.findall("\n".join(lines)))
        names = Names(taken)
        for (_, base), numbers in sorted(self.groups.items(), key=lambda pair: pair[0][0]):
            resolved = {i: self.resolved(self.instances[i].lines) for i in numbers}
            # where one has a loop the others have it too, so that they can be one function
            least = 2 if any(_repeats(lines) for lines in resolved.values()) else _LEAST_LOOP
            forms: dict[str, list[tuple[int, str]]] = {}
            for i, lines in resolved.items():
                text = "\n".join(looped(lines, least))
                forms.setdefault(NUMBER.sub("#", text), []).append((i, text))
            for found in forms.values():
                for params, body, given in self.bodies(found):
                    name = names.free(base)
                    self.calls.update((i, (name, values)) for i, values in given.items())
                    out += ["", "", *_function(name, base, params, body)]
        return out

    def bodies(
        self, found: list[tuple[int, str]]
    ) -> list[tuple[tuple[tuple[str, object], ...], str, dict[int, str]]]:
        """Arguments, body, and what each instance gives: one function, or one a text."""
        texts = [text for _, text in found]
        if len(set(texts)) > 1:
            slots = [tuple(slots_of(text, self.instances[i].channels)) for i, text in found]
            times = [self.times[i] for i, _ in found]
            unified = Unifier(slots, times, most=_ARGUMENTS).unify()
            if unified is not None:
                exprs = iter(unified.exprs)
                body = NUMBER.sub(lambda _: formula(next(exprs)), texts[0])
                given, params = {}, unified.params
                order = in_order(params)
                for (i, _), call in zip(found, unified.calls, strict=True):
                    kept = [n for n in order if call[n] != params[n][1]]
                    given[i] = ", ".join(argument(params[n], call[n]) for n in kept)
                return [(tuple(params[n] for n in order), body, given)]
        return [
            ((), text, {i: "" for i, other in found if other == text})
            for text in dict.fromkeys(texts)
        ]

    def resolved(self, lines: Iterable[str]) -> list[str]:
        """Lines with their calls in place."""

        def call(found: re.Match[str]) -> str:
            name, values = self.calls[int(found[1])]
            return f"{name}({found[2]}{', ' if values else ''}{values})"

        return [_CALL.sub(call, line) for line in lines]


def arguments_of(text: str) -> set[str]:
    """What functions of some code may call their arguments: no value has such a name."""
    words = {"in_channels", "width", "out", "kernel", "pad", "stride", "blocks"}
    words.update(_KEYWORD.findall(text))
    return words | {f"{word}{number}" for word in words for number in range(2, _ARGUMENTS + 2)}


def _repeats(lines: list[str]) -> bool:
    return any(line.startswith("for ") for line in looped(lines, _LEAST_LOOP))


def looped(lines: list[str], least: int) -> list[str]:
    """Lines with a loop in place of so many equal calls in a row."""
    out: list[str] = []
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end] == lines[at]:
            end += 1
        if end - at >= least and re.match(r"(\w+) = [a-z]\w*\(\1[,)]", lines[at]):
            out += [f"for _ in range(blocks={end - at}):", f"    {lines[at]}"]
        else:
            out += lines[at:end]
        at = end
    return out


def chained(lines: list[str]) -> list[str]:
    """Layers called on what other layers give: a line each."""
    out: list[str] = []
    for line in lines:
        name, equals, value = line.partition(" = ")
        parts = []
        while equals and value.endswith(")"):
            at = _opened(value)
            outer, inner = value[:at], value[at + 1 : -1]
            if not outer.endswith(")") or not inner.startswith(("layers.", "keras.ops.")):
                break
            parts.append(outer)
            value = inner
        if not parts:
            out.append(line)
            continue
        out.append(f"{name} = {value}")
        out += [f"{name} = {outer}({name.strip()})" for outer in reversed(parts)]
    return out


def _opened(value: str) -> int:
    """Where the bracket was opened that the last letter closes."""
    depth = 0
    for at in range(len(value) - 1, -1, -1):
        depth += (value[at] == ")") - (value[at] == "(")
        if not depth:
            return at
    return 0


def finished(lines: list[str]) -> list[str]:
    """Lines with the ends of their loops as Python has them."""
    return [_COUNT.sub(r"range(\1)", line) for line in lines]


def _function(name: str, base: str, params: tuple[tuple[str, object], ...], body: str) -> list[str]:
    given = "".join(
        f", {word}: int" + (f" = {default}" if default is not None else "")
        for word, default in params
    )
    first = ["    in_channels = x.shape[-1]"] if "in_channels" in _WORD.findall(body) else []
    return [
        f"def {name}(x: keras.KerasTensor{given}) -> keras.KerasTensor:",
        f'    """The block `{base}`."""',
        *first,
        *(f"    {line}" for line in finished(chained(body.split("\n")))),
    ]
