"""Short forms of a layer: ``conv3-64``, ``conv11-96s4p0``, ``pool2``, ``avgpool7``, ``fc-4096``."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from convcalc.tree.nodes import Marked

_SIZE = r"[1-9][0-9]{0,9}"
_CONV = rf"conv({_SIZE}(?:x{_SIZE}){{0,2}})-({_SIZE})((?:[spdg][0-9]{{1,10}}){{0,4}})\Z"
_POOL = rf"(max|avg|)pool({_SIZE}(?:x{_SIZE}){{0,2}})((?:[sp][0-9]{{1,10}}){{0,2}})\Z"
_FC = rf"fc-({_SIZE})\Z"
_PARTS = "([spdg])([0-9]+)"
_LETTERS = {"s": "stride", "p": "pad", "d": "dilation", "g": "groups"}

#: All words that are short forms, as patterns.
WORDS = (_CONV, _POOL, _FC)

#: What a user may have had in mind, for did-you-mean.
EXAMPLES = ("conv3-64", "pool2", "pool3s2", "maxpool2", "avgpool7", "fc-4096")

Options = dict[str, Any]


@lru_cache(maxsize=4096)
def expand(word: str, axes: int = 2) -> tuple[str, tuple[tuple[str, Any], ...]] | None:
    """The kind and options a short form stands for on that many spatial axes; None for no form.

    Size-preserving padding is (F_eff - 1)/2 on every side; for an even window the odd one goes to
    the bottom and right. A letter given twice makes the word no short form.

    >>> expand("conv11-96s4p0")
    ('conv', (('filters', 96), ('kernel', (11,)), ('stride', 4), ('pad', 0)))
    """
    if not word or not word[-1].isdigit():
        return None  # most words are kinds: no pattern is compiled for them
    for head, pattern, build in _FORMS:
        if head in word:
            match = re.match(pattern, word)
            return build(match, axes) if match else None
    return None


def _conv(match: re.Match[str], axes: int) -> "_Form | None":
    kernel = tuple(map(int, match[1].split("x")))
    given = _letters(match[3])
    if given is None:
        return None
    if "pad" not in given:
        given["pad"] = _preserving(kernel, given.get("dilation", 1), axes)
    return "conv", (("filters", int(match[2])), ("kernel", kernel), *given.items())


def _preserving(kernel: tuple[int, ...], dilation: int, axes: int) -> tuple[int, ...]:
    totals = [dilation * (size - 1) for size in kernel]
    if not any(total % 2 for total in totals):
        return tuple(total // 2 for total in totals)
    if len(kernel) == 1:
        totals *= axes
    return tuple(side for total in totals for side in (total // 2, total - total // 2))


def _pool(match: re.Match[str], axes: int) -> "_Form | None":
    kind = "avg_pool" if match[1] == "avg" else "max_pool"
    kernel = tuple(map(int, match[2].split("x")))
    given = _letters(match[3])
    if given is None:
        return None
    return kind, (("kernel", kernel), ("stride", given.pop("stride", kernel)), *given.items())


def _fc(match: re.Match[str], axes: int) -> "_Form":
    return "fc", (("units", int(match[1])),)


def lettered(form: str, options: Mapping[str, str]) -> str:
    """A short form with options more, as their letters; '' where one has none or is there already.

    >>> lettered("conv3-8", {"stride": "2"}), lettered("conv3-8s1", {"stride": "2"})
    ('conv3-8s2', '')
    """
    letters = {word: letter for letter, word in _LETTERS.items()}
    added = [f"{letters[word]}{text}" for word, text in options.items() if word in letters]
    whole = "".join([form, *added])
    return whole if len(added) == len(options) and expand(whole) else ""


def reworded(word: str, axes: int, option: str, text: str) -> str:
    """What to type for a short form with one option changed; '' for any other word."""
    from convcalc.spec.reworded import changed  # only where something is wrong

    return changed(word, option, text, axes or 2)


def as_word(word: str, axes: int, option: str, text: str) -> str:
    """The same as a word of a pattern, which has no options; '' where no word says it."""
    from convcalc.spec import reworded  # only where something is wrong

    return reworded.as_word(word, option, text)


def placed(kind: object, help: tuple[str, ...]) -> tuple[str, ...]:
    """The help for a word of a pattern in a file, which says where an entry with options goes."""
    if not isinstance(kind, Marked) or not kind.plain:
        return help
    where = "; as an entry of its own, since a pattern has words only"
    return tuple(f"{line}{where}" if _ENTRY.search(line) else line for line in help)


_ENTRY = re.compile(r"`(?!rounding)\w+: \{")


def _letters(text: str) -> Options | None:
    parts = re.findall(_PARTS, text)
    given = {_LETTERS[letter]: int(number) for letter, number in parts}
    return given if len(given) == len(parts) else None


_Form = tuple[str, tuple[tuple[str, Any], ...]]
_FORMS: tuple[tuple[str, str, Callable[[re.Match[str], int], _Form | None]], ...] = (
    ("conv", _CONV, _conv),
    ("pool", _POOL, _pool),
    ("fc-", _FC, _fc),
)
