"""Words of one family: another layer, a name with another part, the opposite. None is a slip."""

import re
from collections.abc import Iterator

from convcalc.slips import bare, is_typed_for, slips

#: words of which one is no slip of the other, alone or as a part of a name
_OPPOSITES = (
    *(("exclude", "include"), ("min", "max"), ("disable", "enable"), ("select", "ignore")),
    *(("select", "deselect"), ("first", "last"), ("before", "after"), ("on", "off")),
    *(("encode", "decode"), ("up", "down"), ("from", "to"), ("inference", "training")),
    *(("enc", "dec"), ("in", "out"), ("pos", "neg"), ("left", "right"), ("src", "dst")),
    *(
        ("source", "target"),
        ("row", "col"),
        ("width", "height"),
        ("train", "test"),
        ("pre", "post"),
    ),
    *(("low", "high"), ("top", "bottom"), ("start", "end"), ("local", "global")),
    *(("internal", "external"), ("interior", "exterior"), ("import", "export"), ("real", "fake")),
    *(("horizontal", "vertical"), ("inc", "dec"), ("query", "key"), ("key", "value")),
    *(("query", "value"), ("small", "large"), ("inner", "outer"), ("odd", "even")),
)
_PART = re.compile(r"[0-9]+|[^\W\d_]+")
_LETTERS = 2  #: letters of a part that is another one with any other letter


def is_opposite(word: str, other: str) -> bool:
    """Whether a word says the opposite of another: the same with one part exchanged.

    >>> is_opposite("decoder", "encoder"), is_opposite("anchor_neg", "anchor_pos")
    (True, True)
    """
    parts = _parts(word), _parts(other)
    same = len(parts[0]) == len(parts[1])
    return same and any(
        _exchanged(one, two, *pair)
        for one, two in zip(*parts, strict=True)
        if one != two
        for pair in _OPPOSITES
    )


def _exchanged(word: str, other: str, one: str, two: str) -> bool:
    """Whether one of a pair in a word, where the other is, makes the other word."""
    return other in {*_with(word, one, two), *_with(word, two, one)}


def _with(word: str, one: str, two: str) -> Iterator[str]:
    """A word with a part at its beginning, or at its end, exchanged for another."""
    if word.startswith(one):
        yield two + word.removeprefix(one)
    if word.endswith(one):
        yield word.removesuffix(one) + two


def _parts(word: str) -> list[str]:
    return _PART.findall(word)


def is_other_name(word: str, name: str) -> bool:
    """Whether two names have a part that differs by more than a slip: each part has its meaning.

    >>> is_other_name("up_b", "up_a"), is_other_name("anchor_nge", "anchor_neg")
    (True, False)
    >>> is_other_name("in_filters", "filters"), is_other_name("batchnorm", "batch_norm")
    (True, False)
    """
    if bare(word) == bare(name):
        return False
    few, many = sorted((_parts(word), _parts(name)), key=len)
    if len(few) < len(many):
        text = "".join(few)
        return any(slips(part, text, True) > _allowed(part) for part in many)
    if len(few) == 1:
        return _is_other_letter(*few, *many)
    return any(one != two and _is_other_part(one, two) for one, two in zip(few, many, strict=True))


def _allowed(part: str) -> int:
    """The slips after which a part is still the same."""
    return max(1, len(part) // 3) if len(part) > _LETTERS else 0


def _is_other_part(one: str, two: str) -> bool:
    """Whether a part of a name is another: of two letters with any other, of three with a far one.

    >>> _is_other_part("b", "a"), _is_other_part("td", "dt"), _is_other_part("bb", "b")
    (True, False, False)
    >>> _is_other_part("mid", "min"), _is_other_part("onut", "out")
    (True, False)
    """
    if min(len(one), len(two)) <= _LETTERS:
        return sorted(one) != sorted(two) and _undoubled(one) != _undoubled(two)
    if len(one) == len(two) == _LETTERS + 1:
        other = [pair for pair in zip(one, two, strict=True) if pair[0] != pair[1]]
        far = len(other) == 1 and not is_typed_for(*other[0], len(one))
        return far or len(other) > 2
    return slips(one, two) > _allowed(max(one, two, key=len))


def _undoubled(part: str) -> str:
    return re.sub(r"(.)\1+", r"\1", part)


def _is_other_letter(word: str, name: str) -> bool:
    """Whether one letter is another, not by a slip: the last (`blocka`), or one of a short word.

    >>> _is_other_letter("blocka", "blockb"), _is_other_letter("case", "base")
    (True, True)
    """
    if len(word) != len(name) or len(word) <= _LETTERS:
        return False
    other = [pair for pair in zip(word, name, strict=True) if pair[0] != pair[1]]
    counts = len(word) <= _SHORT or word[-1] != name[-1]
    return len(other) == 1 and counts and not is_typed_for(*other[0], len(word))


#: what makes another layer of one, in front of its word: ``min_pool``, ``subsample``
_OTHER = frozenset({"de", "down", "lp", "mean", "median", "min", "sub", "sum", "un", "var"})


def is_another(word: str, name: str) -> bool:
    """Whether a word may be another layer than the one that it is like.

    Letters more at its beginning or end are rarely a slip of the keys, but for the same letter
    twice: ``convt``, ``dconv``, ``crelu`` and ``apool`` are layers of other tools.

    >>> is_another("convt", "conv"), is_another("convv", "conv"), is_another("cnv", "conv")
    (True, False, False)
    """
    if word != name and word.endswith(name):
        return set(word.removesuffix(name)) != {name[0]}
    if word != name and word.startswith(name):
        return set(word.removeprefix(name)) not in ({name[-1]}, {"s"})
    if name.endswith(word):
        return len(name) > len(word) + 1  # sample: up, or down
    end = 0
    while word[-end - 1 :] == name[-end - 1 :]:
        end += 1
    return word[: len(word) - end] in _OTHER


_PARTS = re.compile("[-_ .]+")
_SHORT = 4  #: letters of a word in which another letter mostly makes another word


def has_other_part(word: str, name: str) -> bool:
    """Whether a part of a word or of a name is nowhere in the other, or a short word is another.

    >>> has_other_part("switch_norm", "batch_norm"), has_other_part("bacth_nrom", "batch_norm")
    (True, False)
    >>> has_other_part("grn", "lrn"), has_other_part("reku", "relu")
    (True, False)
    >>> has_other_part("relo", "relu"), has_other_part("pelu", "relu")
    (False, True)
    """
    joined, other = bare(word), bare(name)
    if len(joined) <= _SHORT and len(joined) == len(other):
        exchanged = [pair for pair in zip(joined, other, strict=True) if pair[0] != pair[1]]
        return len(exchanged) == 1 and not is_typed_for(*exchanged[0], len(joined))
    parts = (
        *((part, other) for part in _PARTS.split(word)),
        *((part, joined) for part in _PARTS.split(name)),
    )
    return any(slips(part, text, True) > max(1, len(part) // 3) for part, text in parts)
