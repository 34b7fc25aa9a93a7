"""Blocks as classes: bodies that differ in numbers alone are one class with arguments."""

import re
from typing import NamedTuple

from convcalc.interop.fold.arguments import Arguments, Unifier
from convcalc.interop.fold.tree import Slot

_NUMBER = re.compile(r"(?<![\w.\"'\[:])\d+(?![\w.\"'\]])")
_KEYWORD = re.compile(r"(\w+)=\(?$")
_ROLES = {"kernel_size": "kernel", "padding": "pad"}


class Instance(NamedTuple):
    """The body of a class as one block call needs it."""

    path: str
    init: list[str]
    forward: list[str]
    channels: int
    """Channels that arrive."""


class Classes:
    """All classes of a file. Calls are placeholders until every instance is known."""

    def __init__(self) -> None:
        self.bodies: dict[tuple[str, str], list[Instance]] = {}
        self.order: list[tuple[str, str]] = []
        self.calls: dict[str, str] = {}
        self.defaults: dict[str, list[object]] = {}

    def call(self, name: str, instance: Instance) -> str:
        """What makes an instance: replaced when all are known."""
        base = re.sub(r"\d+$", "", re.sub(r"\W", "_", name)) or "block"
        init = _NUMBER.sub("#", _marks_out("\n".join(instance.init)))
        key = (base, "\n".join([init, "--", *instance.forward]))
        if key not in self.bodies:
            self.order.append(key)
        self.bodies.setdefault(key, []).append(instance)
        return f"@{self.order.index(key)}:{len(self.bodies[key]) - 1}@"

    def text(self) -> list[str]:
        """The classes, inner ones first; `resolve` then knows their calls."""
        taken: set[str] = {"Net", "Scale"}
        out: list[str] = []
        seen: dict[str, str] = {}
        for number, key in enumerate(self.order):
            for body, params, given in self.unified(self.bodies[key]):
                name = _class_name(key[0], taken)
                alike = "\n".join([*body, str(params)])
                if alike in seen:
                    name = seen[alike]
                else:
                    taken.add(name)
                    seen[alike] = name
                    self.defaults[name] = [default for _, default in params]
                    out += ["", "", *_class(name, key[0], body, params)]
                for i, values in given.items():
                    self.calls[f"@{number}:{i}@"] = f"{name}({values})"
        return out

    def resolve(self, line: str) -> str:
        """A line with its calls in place."""
        return re.sub(r"@\d+:\d+@", lambda found: self.calls[found[0]], line)

    def brief(self, line: str) -> str:
        """A line whose calls leave out what is the class's default."""
        found = re.search(r"= (?:\(.*?, )?([A-Z]\w*)\((.*)\)(\)?,?)$", line)
        if not found or found[1] not in self.defaults:
            return line
        values, defaults = _arguments(found[2]), self.defaults[found[1]]
        while (
            values
            and defaults[len(values) - 1] is not None
            and (values[-1] == str(defaults[len(values) - 1]))
        ):
            values.pop()
        return f"{line[: found.start(2)]}{', '.join(values)}{line[found.end(2) :]}"

    def unified(self, instances: list[Instance]) -> list["Body"]:
        """Bodies for all instances: one with arguments, or one for each that differs."""
        forward = ["--", *instances[0].forward]
        texts = ["\n".join(map(self.resolve, instance.init)) for instance in instances]
        if len({_NUMBER.sub("#", text) for text in texts}) == 1 and len(set(texts)) > 1:
            slots = [tuple(_slots(t, i.channels)) for t, i in zip(texts, instances, strict=True)]
            found = Unifier(slots, most=12).unify()
            if found is not None:
                return [_with_arguments(found, texts[0], forward, instances)]
        bodies = []
        for text in dict.fromkeys(texts):
            same = {i: "" for i, other in enumerate(texts) if other == text}
            init = text.split("\n") if text else []
            bodies.append(Body([*init, *forward], (), same))
        return bodies


class Body(NamedTuple):
    """The body of a class, its arguments, and what each of its instances gives for them."""

    lines: list[str]
    params: tuple[tuple[str, object], ...]
    given: dict[int, str]


def _with_arguments(
    found: Arguments, text: str, forward: list[str], instances: list[Instance]
) -> Body:
    exprs = iter(found.exprs)
    body = _NUMBER.sub(lambda _: _python(next(exprs)), text)
    uses = "in_channels" in body
    params: tuple[tuple[str, object], ...] = found.params
    given = {}
    for i, (instance, call) in enumerate(zip(instances, found.calls, strict=True)):
        first = [str(instance.channels)] if uses else []
        given[i] = ", ".join([*first, *map(str, call)])
    if uses:
        params = (("in_channels", None), *params)
    return Body([*body.split("\n"), *forward], params, given)


def _arguments(text: str) -> list[str]:
    """The arguments of a call, split at commas outside of brackets."""
    parts, depth, start = [], 0, 0
    for i, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and not depth:
            parts.append(text[start:i].strip())
            start = i + 1
    last = text[start:].strip()
    return [*parts, last] if last else parts


def _marks_out(text: str) -> str:
    """The text with the numbers of instances left out of its calls."""
    return re.sub(r"@(\d+):\d+@", r"@c\1@", text)


def _slots(text: str, channels: int) -> list[Slot]:
    found = []
    for match in _NUMBER.finditer(text):
        word = _KEYWORD.search(text, 0, match.start())
        keyword = word[1] if word and word.end() == match.start() else ""
        role = _ROLES.get(keyword, keyword) or "filters"
        found.append(Slot(role, int(match[0]), channels, role == "filters"))
    return found


def _python(expr: object) -> str:
    """A formula as Python."""
    text = str(expr).removeprefix("=")
    return text.replace("//", " // ").replace("*", " * ")


def _class_name(base: str, taken: set[str]) -> str:
    name = "".join(part.capitalize() for part in base.split("_") if part) or "Block"
    if name[0].isdigit():
        name = f"Block{name}"
    found, number = name, 2
    while found in taken:
        found, number = f"{name}{number}", number + 1
    return found


def _class(
    name: str, base: str, body: list[str], params: tuple[tuple[str, object], ...]
) -> list[str]:
    at = body.index("--")
    init, forward = body[:at], body[at + 1 :]
    given = "".join(
        f", {word}: int" + (f" = {default}" if default is not None else "")
        for word, default in params
    )
    lines = [f"class {name}(nn.Module):", f'    """The block `{base}`."""', ""]
    if init:
        lines += [f"    def __init__(self{given}) -> None:", "        super().__init__()"]
        lines += [f"        {line}" for line in init] + [""]
    lines.append("    def forward(self, x: torch.Tensor) -> torch.Tensor:")
    return lines + [f"        {line}" for line in forward]
