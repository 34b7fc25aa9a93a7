"""What a file or the configuration says about a code: off, on, its severity, its thresholds.

`rules:` of a spec and ``[tool.convcalc.rules]`` of pyproject.toml have the same form::

    rules:
      large-kernel: {largest: 7, severity: warning}     # by name or by code
      CC210: false
"""

from collections.abc import Mapping
from typing import NamedTuple

from convcalc.findings import CODES, Severity, brief
from convcalc.layers.option import is_integer
from convcalc.rules import BY_CODE
from convcalc.suggest import code as near_code
from convcalc.suggest import nearest

_CODE_OF = {name: code for code, name in CODES.items()}
_NO_VALUES: Mapping[str, int] = {}


class Tuning(NamedTuple):
    """What is said about one code."""

    on: bool | None = None
    severity: Severity | None = None
    values: Mapping[str, int] = _NO_VALUES


class WrongTuningError(Exception):
    """Something that no rule takes; `keys` lead to the place that is wrong."""

    def __init__(self, code: str, keys: tuple[str, ...], message: str, *help: str) -> None:
        super().__init__(message)
        self.code = code
        self.keys = keys
        self.help = tuple(line for line in help if line)


def codes_of(word: str) -> frozenset[str]:
    """The codes that a code, its name or the beginning of a code stands for; empty for none.

    >>> sorted(codes_of("CC10"))[:2], codes_of("large-kernel")
    (['CC101', 'CC102'], frozenset({'CC202'}))
    """
    if word in _CODE_OF:
        return frozenset({_CODE_OF[word]})
    if word[:2].upper() != "CC":
        return frozenset()
    return frozenset(code for code in CODES if code.startswith(word.upper()))


def suggestion(word: str) -> str:
    """The code or name that was probably meant, as a help line."""
    return near_code(word, CODES, _CODE_OF)


def tuning_of(word: str, value: object) -> tuple[str, Tuning]:
    """The code that a key means and what its value says about it.

    Raises:
        WrongTuningError: the key is no code, or the value is not for it.
    """
    code = _CODE_OF.get(word, word)
    if code not in CODES:
        text = f"no rule {brief(word)!r}"
        raise WrongTuningError("CC010", (word,), text, suggestion(word))
    if isinstance(value, bool):
        return code, Tuning(value)
    if not isinstance(value, Mapping):
        text = f"{brief(word)}: expected true, false or thresholds, got {brief(str(value))!r}"
        help = f"`{brief(word)}: false` silences it"
        rule = BY_CODE.get(code)
        if rule is not None and len(rule.thresholds) == 1 and isinstance(value, int):
            help = f"did you mean `{brief(word)}: {{{rule.thresholds[0].name}: {value}}}`?"
        if value in tuple(Severity):
            help = f'`{brief(word)}: {{severity: {value}}}`, in TOML `{{severity = "{value}"}}`'
        raise WrongTuningError("CC014", (word,), text, help)
    severity = None
    values = {}
    for key, number in value.items():
        if key == "severity":
            severity = _severity(word, number)
        else:
            values[key] = _threshold(word, code, key, number)
    return code, Tuning(None, severity, values)


def stated_once(code: str, word: str, words: dict[str, str]) -> None:
    """Take down the word by which a code is tuned.

    Raises:
        WrongTuningError: another word for it came before, so that one of them would be lost.
    """
    first = words.setdefault(code, word)
    if first != word:
        text = f"{first} and {word} are one rule"
        raise WrongTuningError("CC014", (word,), text, "leave one of them out")


def _severity(word: str, value: object) -> Severity:
    if isinstance(value, str) and value in tuple(Severity):
        return Severity(value)
    text = f"severity: expected note, warning or error, got {brief(str(value))!r}"
    raise WrongTuningError("CC014", (word, "severity"), text)


def _threshold(word: str, code: str, key: str, value: object) -> int:
    rule = BY_CODE.get(code)
    names = [threshold.name for threshold in rule.thresholds] if rule else []
    if key not in names:
        close = nearest(key, (*names, "severity"))
        known = f"{CODES[code]} takes {', '.join((*names, 'severity'))}"
        text = f"{CODES[code]} has no threshold {brief(key)!r}"
        hint = f"did you mean `{close}`?" if close else ""
        raise WrongTuningError("CC012", (word, key), text, hint, known)
    if isinstance(value, int) and is_integer(value, 0):
        return value
    text = f"{key}: expected an integer from 0, got {brief(str(value))!r}"
    raise WrongTuningError("CC014", (word, key), text)
