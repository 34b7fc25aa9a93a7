"""What can be typed at a place: kinds, options, names, variables, by the program's own tables."""

import re
from collections.abc import Iterable
from functools import partial
from itertools import count
from typing import NamedTuple

from convcalc.editor.beside import given
from convcalc.editor.calling import wanted
from convcalc.editor.cursor import Typing, typing
from convcalc.editor.readable import entry_line, passed, readable
from convcalc.editor.reading import Reading, half_typed
from convcalc.editor.symbols.record import VARIABLE
from convcalc.editor.words import beside, is_literal, section_words, sections
from convcalc.findings import CODES, Span
from convcalc.layers import BY_NAME
from convcalc.layers.option import Option, shown
from convcalc.network.expectations import SECTIONS
from convcalc.network.record import INPUT
from convcalc.rules import BY_CODE
from convcalc.spec.document import KEYS
from convcalc.spec.shortforms import EXAMPLES
from convcalc.spec.values import RESERVED
from convcalc.tree.nodes import BESIDE, Mapping, Scalar

KIND, BLOCK, KEY, VALUE, NAME, FORMULA = "kind", "block", "key", "value", "name", "variable"

_NAMED = frozenset({"from", "weights", "like", "outputs"})


class Proposal(NamedTuple):
    """One word that can be typed."""

    label: str
    sort: str
    text: str
    """What is put in the place of the word that is typed."""
    detail: str = ""
    doc: str = ""
    snippet: str = ""
    """What editors that know snippets put there, with $1, $2 where the cursor goes; '' for none."""


class Proposals(NamedTuple):
    """What can be typed, and the stretch that it replaces."""

    span: Span
    found: tuple[Proposal, ...]


def proposals(reading: Reading, good: Reading | None, line: int, column: int) -> Proposals:
    """What can be typed at a place. `good` knows the names where the text cannot be read."""
    here = typing(reading.lines.lines, line, column)
    if _is_segment(here):  # FIRST..LAST: one name of them
        here = here._replace(word=here.word.rpartition("..")[2])
    known = reading if reading.root.entries else good or half_typed(reading, line)
    plain = dict.fromkeys(_found(here, known, reading.lines.lines, line, column))
    if here.key is None and not here.entry:  # what is there already is not typed again
        there = given(reading.lines.lines, line, column) - {here.word}
        plain = {one: None for one in plain if one.sort != KEY or one.label not in there}
    found = tuple(one if one.snippet else one._replace(snippet=_snippet(one)) for one in plain)
    return Proposals(Span(line, column - len(here.word), line, column), found)


#: where something is to be typed in the text of a proposal: a value, an entry of a list
_GAP = re.compile(r"(?<=: )(?=[,}]|\Z)|(?<=\[)(?=\])")
#: what begins a section, with an example where there is one
_SECTIONS = {
    "input": "input: ${1:32x32x3}",
    "layers": "layers:\n  - $0",
    "vars": "vars: {${1:width}: ${2:16}}",
    "blocks": "blocks:\n  ${1:block}:\n    layers:\n      - $0",
}


def _snippet(proposal: Proposal) -> str:
    """The text with a stop at each gap, the last one behind it; '' for a word alone."""
    if proposal.sort == FORMULA or not _GAP.search(proposal.text):
        return ""
    stops = count(1)
    text = re.sub(r"([\\$])", r"\\\1", proposal.text)
    found = _GAP.sub(lambda gap: f"${next(stops)}" if gap.end() < len(text) else "$0", text)
    return found if found.endswith("$0") else f"{found}$0"


def _is_segment(here: Typing) -> bool:
    return here.key == "checkpoint" and here.keys[:1] == ("budget",)


def _found(
    here: Typing, known: Reading, lines: list[str], line: int, column: int
) -> Iterable[Proposal]:
    parent = here.keys[-1] if here.keys else ""
    if here.key is not None and here.key in here.keys:
        parent = here.keys[-2] if len(here.keys) > 1 else ""
    argument = None
    if not here.formula:
        argument = wanted(here, partial(_argument_names, known), lines, line, column)
    if argument is not None and argument[:2] in known.symbols.naming:
        below = len(lines) + 1 if not argument.block else entry_line(lines, argument.line)
        return _layers(here, known, below)
    listed = parent if here.key is None and here.entry else here.key
    if listed in _NAMED and not here.formula and argument is None:
        below = len(lines) + 1 if listed == "outputs" else entry_line(lines, line)
        return _layers(here, known, below)
    if _is_segment(here):
        begun = lines[line - 1][: column - 1 - len(here.word)].endswith("..")
        return [*([] if begun else _values(parent, "checkpoint", known)), *_segments(known, lines)]
    if argument is not None and argument.listed:
        made = (argument.block, argument.name) in known.symbols.making
        return [*(_entries(known) if made else ()), *_formula(here, known, "=")]
    if here.key == "ignore":
        return [Proposal(code, VALUE, code, name) for code, name in CODES.items()]
    if here.formula:
        return _formula(here, known)
    if here.key is not None and not here.entry:
        words = _values(parent, here.key, known)
        return words if is_literal(parent, here.key) else [*words, *_formula(here, known, "=")]
    if not here.keys and not here.entry:
        return [
            Proposal(key, KEY, f"{key}: ", sections().get(key, ""), snippet=_SECTIONS.get(key, ""))
            for key in KEYS
        ]
    return _keys(here, parent, known)


def _keys(here: Typing, parent: str, known: Reading) -> Iterable[Proposal]:
    """Keys of a mapping, or the beginning of an entry."""
    if here.keys == ("blocks",):
        return []
    if len(here.keys) == 2 and here.keys[0] == "blocks":
        return [Proposal(word, KEY, f"{word}: ") for word in ("args", "layers", "notes")]
    if parent in SECTIONS and len(here.keys) == 1:
        return [Proposal(word, KEY, f"{word}: ", parent) for word in SECTIONS[parent]]
    if here.keys == ("rules",):
        return [Proposal(rule.name, KEY, f"{rule.name}: ", code) for code, rule in _rules()]
    if here.entry:
        return _entries(known)
    if parent in BY_NAME:
        return _options(parent)
    if parent == "repeat":
        return [Proposal(word, KEY, f"{word}: ") for word in ("times", "layers")]
    if parent in known.symbols.names("block"):
        return _arguments(parent, known)
    if here.inside or parent not in {"args", "vars", "rounding", "input", "inputs"}:
        return [Proposal(word, KEY, f"{word}: ", beside().get(word, "")) for word in BESIDE]
    return [Proposal(word, KEY, f"{word}: ") for word in ("conv", "pool") if parent == "rounding"]


def _rules() -> Iterable[tuple[str, "_Named"]]:
    return [(code, _Named(CODES[code])) for code in BY_CODE]


class _Named(NamedTuple):
    name: str


def _entries(known: Reading) -> Iterable[Proposal]:
    """What an entry may begin with."""
    for word in EXAMPLES:
        yield Proposal(word, KIND, word, "short form")
    for word in BY_NAME:
        layer = BY_NAME[word]
        needed = ", ".join(f"{option.key}: " for option in layer.options() if option.required)
        text = f"{word}: {{{needed}}}" if needed else word
        if layer.merges:
            text = f"{word}: {{branches: [[], identity]}}"
        doc = (layer.__doc__ or "").partition("\n")[0]
        yield Proposal(word, KIND, text, "layer kind", doc)
    yield Proposal("repeat", KIND, "repeat: {times: 2, layers: []}", "layers, several times")
    for name in known.symbols.names("block"):
        required = [word for word, value in _args(name, known) if value == ""]
        given = ", ".join(f"{word}: " for word in required)
        yield Proposal(name, BLOCK, f"{name}: {{{given}}}" if given else name, "block")


def _options(kind: str) -> Iterable[Proposal]:
    layer = BY_NAME[kind]
    for option in layer.options():
        yield Proposal(option.key, KEY, f"{option.key}: ", _detail(option), option.doc)
    if layer.merges:
        yield Proposal("branches", KEY, "branches: ", "the branches to join")


def _detail(option: Option[object]) -> str:
    """What an option takes, and its default."""
    if option.required:
        return f"{option.wants}; required"
    default = option.default
    if default is None or default == ():
        return option.wants
    text = default if isinstance(default, str) else shown(default)  # type: ignore[arg-type]
    return f"{option.wants}; default {text}"


def _args(block: str, known: Reading) -> list[tuple[str, str]]:
    """A block's arguments with their defaults; '' for one that must be given."""
    blocks = known.root.get("blocks")
    body = blocks.get(block) if isinstance(blocks, Mapping) else None
    args = body.get("args") if isinstance(body, Mapping) else None
    if not isinstance(args, Mapping):
        return []
    return [
        (word, value.text if isinstance(value, Scalar) else "a list")
        for word, (_, value) in args.entries.items()
    ]


def _argument_names(known: Reading, block: str) -> list[str] | None:
    """A block's arguments in order; None where there is no such block."""
    found = [word for word, _ in _args(block, known)]
    return found if found or block in known.symbols.names("block") else None


def _arguments(block: str, known: Reading) -> Iterable[Proposal]:
    for word, value in _args(block, known):
        detail = f"argument of {block}; {f'default {value}' if value else 'required'}"
        yield Proposal(word, KEY, f"{word}: ", detail)


def _values(kind: str, key: str, known: Reading) -> list[Proposal]:
    """The words that an option takes."""
    words: tuple[str, ...] = ()
    if kind in BY_NAME:
        for option in BY_NAME[kind].options():
            if key in (option.key, option.letter):
                words = tuple(str(word) for word in getattr(option, "words", ()))
                if isinstance(option.default, bool) or "true" in option.wants:
                    words = ("true", "false", *words)
    words = words or section_words(kind, key)
    return [Proposal(word, VALUE, word, key) for word in words]


def _formula(here: Typing, known: Reading, head: str = "") -> Iterable[Proposal]:
    """The names of a formula; `head` begins one."""
    scope = here.keys[1] if len(here.keys) > 1 and here.keys[0] == "blocks" else ""
    inside = known.symbols.names(VARIABLE, scope) if scope else []
    for name in dict.fromkeys([*inside, *known.symbols.names(VARIABLE, "")]):
        what = f"argument of {scope}" if name in inside else "variable"
        yield Proposal(name, FORMULA, f"{head}{name}", what)
    if known.symbols.names(VARIABLE) or here.formula:
        for name in RESERVED[:3]:
            yield Proposal(name, FORMULA, f"{head}{name}", "in formulas")


def _layers(here: Typing, known: Reading, line: int) -> Iterable[Proposal]:
    """The names of layers that can be read, and in a block the arguments that may name one."""
    block = here.keys[1] if here.keys[:1] == ("blocks",) and len(here.keys) > 1 else ""
    for name, detail in readable(known, line, block):
        yield Proposal(name, NAME, name, detail)
    for word in passed(_args(block, known)) if block else ():
        yield Proposal(f"={word}", NAME, f"={word}", f"argument of {block}")
    for owner, word in sorted(known.symbols.naming):
        if not owner and here.keys[:1] not in {("vars",), ("outputs",)}:
            yield Proposal(f"={word}", NAME, f"={word}", "variable")


def _segments(known: Reading, lines: list[str]) -> Iterable[Proposal]:
    """The layers and calls that a segment begins or ends with."""
    steps = () if known.outcome is None else known.outcome.network.steps
    inputs = {step.name for step in steps if step.kind == INPUT}
    for name, detail in readable(known, len(lines) + 1, ""):
        if name not in inputs:
            yield Proposal(name, NAME, name, detail)
