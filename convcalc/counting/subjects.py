"""The keys of a convention's tables: ``conv``, ``relu, silu``, ``batch_norm(affine: false)``."""

import re
from typing import NamedTuple

from convcalc.counting.quantities import SITUATIONS
from convcalc.counting.record import REST, Condition
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.layers.option import Count, Flag, InPlace, Option, Sides
from convcalc.layers.words import Choice, FlagOr
from convcalc.network.record import INPUT
from convcalc.suggest import Suggestions

_SUBJECT = re.compile(r"\s*+([a-z0-9_]++)\s*+(?:\(([^()]*)\))?\s*+\Z", re.A)
_RELATION = re.compile(r"(==|!=|<=|>=|<|>)?\s*([A-Za-z_]\w*|-?\d{1,10})\Z", re.A)
_MOST = 100  #: kinds that one key may name

#: What a condition may compare with, where it is not a number.
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "none": None}
_TRUTHS = frozenset({"training", "shared", "ceil_differs", "padded_apart", "linear"})


class SubjectError(Exception):
    """A key that names no layers; `code` is the finding's, `help` what to type."""

    def __init__(self, code: str, message: str, help: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.help = (help,) if help else ()


class Subject(NamedTuple):
    """Layers of one kind whose options are as the conditions say."""

    kind: str
    conditions: tuple[Condition, ...]


def subjects(text: str, suggest: Suggestions) -> list[Subject]:
    """The layers that a key names.

    Raises:
        SubjectError: an unknown kind or option, or a value that the option cannot have.

    >>> [subject.kind for subject in subjects("relu, silu", Suggestions())]
    ['relu', 'silu']
    """
    parts = re.split(r",(?![^()]{0,500}+\))", text)
    if len(parts) > _MOST:
        raise SubjectError("CC014", f"{len(parts)} kinds in one key: at most {_MOST} are read")
    return [_subject(part, suggest) for part in parts]


def _subject(text: str, suggest: Suggestions) -> Subject:
    match = _SUBJECT.match(text)
    if match is None:
        sample = "a kind such as `conv`, `relu, silu` or `batch_norm(affine: false)`"
        raise SubjectError("CC011", f"expected {sample}, got {plain(text.strip())!r}")
    kind, within = match[1], match[2]
    if kind not in BY_NAME and kind not in (REST, INPUT):
        close = suggest.kind(kind, BY_NAME)
        hint = f"did you mean `{close}`?" if close else "`convcalc list` and the README name them"
        raise SubjectError("CC011", f"unknown layer kind {plain(kind)!r}", hint)
    if within is None:
        return Subject(kind, ())
    if kind in (REST, INPUT):
        raise SubjectError("CC012", f"{kind} has no options")
    return Subject(kind, tuple(_condition(kind, part, suggest) for part in within.split(",")))


def _condition(kind: str, text: str, suggest: Suggestions) -> Condition:
    name, colon, asked = (part.strip() for part in text.partition(":"))
    match = _RELATION.match(asked)
    if not colon or match is None:
        sample = "such as `affine: false`, `groups: >1` or `scale: none`"
        raise SubjectError("CC014", f"expected a condition {sample}, got {plain(text.strip())!r}")
    options = {option.key: option for option in BY_NAME[kind].options()}
    if name not in options and name not in SITUATIONS:
        close = suggest.option(name, (*options, *SITUATIONS))
        known = ", ".join((*options, *SITUATIONS))
        hint = f"did you mean `{close}`?" if close else f"known: {known}"
        raise SubjectError("CC012", f"{kind} has no option {plain(name)!r}", hint)
    relation, word = match[1] or "==", match[2]
    value: int | bool | str | None = word
    if word in _WORDS:
        value = _WORDS[word]
    elif word.lstrip("-").isdigit():
        value = int(word)
    wanted = _unfit(options.get(name), name, relation, value)
    if wanted:
        raise SubjectError("CC014", f"{name}: expected {wanted}, got {plain(asked)!r}")
    return Condition(name, relation, value)


def _unfit(
    option: Option[object] | None, name: str, relation: str, value: int | bool | str | None
) -> str:
    """What the option takes instead of this value; '' where it can have it."""
    truth = name in _TRUTHS if option is None else isinstance(option, Flag | InPlace)
    if isinstance(option, FlagOr) and isinstance(value, bool) and relation in {"==", "!="}:
        return ""
    if truth:
        return "" if isinstance(value, bool) and relation in {"==", "!="} else "true or false"
    words = option.words if isinstance(option, Choice | FlagOr | Sides) else ()
    if isinstance(value, str):
        return "" if value in words and relation in {"==", "!="} else (
            " or ".join(words) or "a number"
        )  # fmt: skip
    if isinstance(value, bool) or (words and isinstance(option, Choice | FlagOr)):
        return " or ".join(words) or "a number"
    if value is None:
        required = isinstance(option, Count) or option is None
        return "a number" if required or relation not in {"==", "!="} else ""
    return ""
