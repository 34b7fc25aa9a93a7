"""What the keys of ``[tool.convcalc]`` take: codes, levels, patterns, rules.

Each function reads one such value of TOML. It raises ValueError, which says what is expected.
"""

from collections.abc import Mapping

from convcalc.choices import expected_one_of
from convcalc.files import Glob, globs
from convcalc.findings import LEVELS, brief
from convcalc.rules.tuning import (
    Tuning,
    WrongTuningError,
    codes_of,
    stated_once,
    suggestion,
    tuning_of,
)

#: Of `include`, and of all matrices; how much is tried of them is bounded in `study.matching`.
MOST_PATTERNS = 1000
_LONGEST_PATTERN = 300  #: characters; fnmatch takes quadratic time for open brackets


def texts(value: object) -> tuple[str, ...]:
    """A list of texts."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise ValueError(f"expected a list of texts, got {brief(str(value))!r}")


def patterns(value: object) -> tuple[Glob, ...]:
    """Patterns of names of specs."""
    found = texts(value)
    if len(found) > MOST_PATTERNS or any(len(one) > _LONGEST_PATTERN for one in found):
        raise ValueError(
            f"expected up to {MOST_PATTERNS:,} patterns of up to {_LONGEST_PATTERN} characters"
        )
    return tuple(glob for one in found for glob in globs(one))


def codes(value: object) -> frozenset[str]:
    """Codes, names and beginnings of codes as the codes that they stand for."""
    return wanted_codes(texts(value))


def wanted_codes(words: tuple[str, ...]) -> frozenset[str]:
    """The codes that some words stand for: codes, names, beginnings of codes.

    Raises:
        ValueError: a word stands for none; says which was probably meant.
    """
    found: set[str] = set()
    for word in words:
        meant = codes_of(word)
        if not meant:
            help = "give each code by itself" if "," in word else suggestion(word)
            raise ValueError(f"no code {brief(word)!r}: {help}")
        found |= meant
    return frozenset(found)


def flag(value: object) -> bool:
    """``true`` or ``false``."""
    if isinstance(value, bool):
        return value
    raise ValueError(f"expected true or false, got {brief(str(value))!r}")


def level(value: object) -> str:
    """A level of findings: ``warning``."""
    if value in LEVELS:
        return str(value)
    raise ValueError(expected_one_of(LEVELS, brief(str(value))))


def rules(value: object) -> Mapping[str, Tuning]:
    """A table of rules, each with its thresholds or its severity, by code."""
    if not isinstance(value, dict):
        raise ValueError("expected a table of rules")
    try:
        found, words = {}, dict[str, str]()
        for word, own in value.items():
            code, tuning = tuning_of(word, own)
            stated_once(code, word, words)
            found[code] = tuning
        return found
    except WrongTuningError as error:
        raise ValueError("; ".join((str(error), *error.help))) from error
