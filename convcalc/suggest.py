"""Did you mean: the nearest known word, and the words of other tools."""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

_COMPARED = 64  #: letters of a word that are compared
_NEAR = 3  #: known words that are near, at most
_USUAL = 100  #: pairs of letters that a comparison of two usual words is; of long ones it is more


class Suggestions:
    """Suggestions for one file, as many as its reader will wait for: comparing words is slow."""

    def __init__(self) -> None:
        self.left = 50_000  #: comparisons of usual words, some 0.5 s
        #: by block its arguments that nothing in it uses, where that was asked
        self.idle: dict[str, tuple[str, ...]] = {}
        #: by block the names in its formulas, where that was asked
        self.used: dict[str, frozenset[str]] = {}
        self._found: dict[tuple[object, ...], str] = {}  # a slip is often repeated

    def nearest(
        self, word: str, known: Iterable[str], cutoff: float = 0.6, kinds: bool = False
    ) -> str:
        """The known word of which `word` is a slip of the keys; '' where there is none.

        What is suggested for a file is an edit that `--fix` makes: another number is another thing,
        a word that is half another (`route`, `plus`, `layer`) is a word of its own, and of two
        words that are as near (`telu`) none is chosen.

        `kinds`: the words are those of layers, where more letters may be another layer.

        >>> suggest = Suggestions()
        >>> suggest.nearest("kernal", ["kernel"]), suggest.nearest("conv9", ["conv1"])
        ('kernel', '')
        """
        if self.left < 0:
            return ""
        names = known if isinstance(known, tuple) else tuple(known)
        asked = word, cutoff, names, kinds
        found = self._found.get(asked)
        if found is None:
            letters = min(len(word), _COMPARED)
            self.left -= sum([1 + letters * len(name) // _USUAL for name in names])
            found = _slip_of(*asked) if self.left >= 0 else ""
            self._found[asked] = found
        return found

    def argument(self, word: str, idle: Collection[str]) -> str:
        """Of arguments that nothing uses yet the one that was probably meant; '' for none.

        It need be less like the word than another name: by its first letter, or with a number more.

        >>> suggest = Suggestions()
        >>> suggest.argument("br", ["bx"]), suggest.argument("stride", ["c", "s"])
        ('bx', 's')
        """
        close = self.nearest(word, idle, _IDLE)
        if close or self.left < 0:
            return close
        short = [name for name in idle if _is_short(name, word) or _is_short(word, name)]
        return short[0] if len(short) == 1 else ""

    def kind(self, word: str, known: Collection[str]) -> str:
        """The kind, short form or block that was probably meant."""
        from convcalc import dialects  # only where somebody has mistyped

        return dialects.kind(word, known) or self.nearest(word, known, _KIND, True)

    def option(self, word: str, known: Collection[str]) -> str:
        """The option that was probably meant."""
        from convcalc import dialects

        found = dialects.option(word, known) or self.nearest(word, known)
        return found or dialects.option(self.nearest(word, dialects.OPTIONS), known)


#: how like an argument that nothing uses a word has to be: one letter of two
_IDLE = 0.5
_WORD = 4  #: letters of a word that one letter stands for: `s` is the stride, `c` no `cin`


def _is_short(name: str, word: str) -> bool:
    """Whether a name is a word's first letter, or the word without its number."""
    rest = word.removeprefix(name) if name and word.startswith(name) else ""
    letter = len(name) == 1 and len(word) >= _WORD and word.isalpha()
    return letter if rest.isalpha() else rest.isdecimal() and name.isalpha()


#: how like a kind a word has to be: attention and flatten, stack and subtract are not
_KIND = 0.66


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known word that `word` was probably meant to be; '' where none is near.

    None that says the opposite, and none of which more than half would be mistyped.

    >>> nearest("exclude", ["include"]), nearest("depth", ["width"]), nearest("unett", ["unet"])
    ('', '', 'unet')
    """
    given = word.lower()[:_COMPARED]
    near = (name for name in _near(word, known, cutoff) if not _is_far(given, name.lower()))
    return next(near, "")


#: words of which one is no slip of the other
_OPPOSITES = (
    *(("exclude", "include"), ("min", "max"), ("disable", "enable"), ("select", "ignore")),
    *(("select", "deselect"), ("first", "last"), ("before", "after"), ("on", "off")),
    *(("encode", "decode"), ("up", "down"), ("from", "to"), ("inference", "training")),
)


def is_opposite(word: str, other: str) -> bool:
    """Whether a word says the opposite of another: the same with one part exchanged."""
    parts = re.split("[-_ ]", word), re.split("[-_ ]", other)
    pairs = [{one, two} for one, two in zip(*parts, strict=False) if one != two]
    return len(parts[0]) == len(parts[1]) and any(set(pair) in pairs for pair in _OPPOSITES)


def _is_far(word: str, name: str) -> bool:
    """Whether a word is no slip of a name, nor its beginning."""
    goes_on = name.startswith(word) or word.startswith(name)
    mistyped = 0 if goes_on else _slips(_bare(word), _bare(name))
    return 2 * mistyped > max(len(word), len(name)) or is_opposite(word, name)


def _near(word: str, known: Iterable[str], cutoff: float) -> list[str]:
    """The known words that are like a word, the nearest first.

    Of those as near, the same letters in another order (`vgg16` for `vgg61`), then what begins as
    the word does (`conv1_1` for `conv1`), and then in their order.
    """
    import difflib  # 6 ms, needed only when somebody has mistyped

    names = list(known)
    lowered = {name.lower(): name for name in reversed(names)}
    given = word.lower()[:_COMPARED]
    compared = difflib.SequenceMatcher(b=given)
    letters = sorted(given)
    alike: list[tuple[float, bool, int, str]] = []
    for name in reversed(lowered):
        compared.set_seq1(name)
        bounds = compared.real_quick_ratio, compared.quick_ratio
        if all(bound() >= cutoff for bound in bounds) and (ratio := compared.ratio()) >= cutoff:
            others = sorted(name) != letters
            alike.append((-ratio, others, -_begun(given, name), lowered[name]))
    return [name for *_, name in sorted(alike, key=lambda found: found[:3])[:_NEAR]]


def _begun(word: str, name: str) -> int:
    """With how many letters of a word a name begins."""
    pairs = enumerate(zip(word, name, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(word), len(name)))


@lru_cache(2048)  # the variants of a net, and the keystrokes in an editor, ask for the same ones
def _slip_of(word: str, cutoff: float, known: tuple[str, ...], kinds: bool) -> str:
    given = word.lower()[:_COMPARED]
    slips = [name for name in _near(word, known, cutoff) if _is_slip(given, name.lower())]
    bare, count = _bare(given), {name: _slips(_bare(given), _bare(name.lower())) for name in slips}
    nearest = [name for name in slips if count[name] == min(count.values())]
    another = kinds and any(
        _is_another(bare, _bare(name.lower())) or _has_other_part(given, name.lower())
        for name in nearest
    )
    return nearest[0] if len(nearest) == 1 and not another else ""


_DIGITS = re.compile("[0-9]+")
_NOT = re.compile(r"(?:no|not|non|without)[-_]")


def _is_slip(word: str, name: str) -> bool:
    """Whether few keys were missed, added, exchanged or swapped, and every number is there."""
    if _DIGITS.findall(word) != _DIGITS.findall(name) or _NOT.match(word):
        return False
    if is_opposite(word, name):
        return False
    word, name = _bare(word), _bare(name)
    return _slips(word, name) <= max(1, len(word) // 3)


def _bare(word: str) -> str:
    return re.sub("[-_ .]", "", word)


#: what makes another layer of one, in front of its word: ``min_pool``, ``subsample``
_OTHER = frozenset({"de", "down", "lp", "mean", "median", "min", "sub", "sum", "un", "var"})


def _is_another(word: str, name: str) -> bool:
    """Whether a word may be another layer than the one that it is like.

    Letters more at its beginning or end are rarely a slip of the keys, but for the same letter
    twice: ``convt``, ``dconv``, ``crelu`` and ``apool`` are layers of other tools.

    >>> _is_another("convt", "conv"), _is_another("convv", "conv"), _is_another("cnv", "conv")
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
_VOWELS = frozenset("aeiou")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {key: (row, place) for row, keys in enumerate(_ROWS) for place, key in enumerate(keys)}


def _has_other_part(word: str, name: str) -> bool:
    """Whether a part of a word or of a name is nowhere in the other, or a short word is another.

    >>> _has_other_part("switch_norm", "batch_norm"), _has_other_part("bacth_nrom", "batch_norm")
    (True, False)
    >>> _has_other_part("grn", "lrn"), _has_other_part("reku", "relu")
    (True, False)
    >>> _has_other_part("relo", "relu"), _has_other_part("pelu", "relu")
    (False, True)
    """
    bare, other = _bare(word), _bare(name)
    if len(bare) <= _SHORT and len(bare) == len(other):
        exchanged = [pair for pair in zip(bare, other, strict=True) if pair[0] != pair[1]]
        return len(exchanged) == 1 and not _is_typed_for(*exchanged[0], len(bare))
    parts = (
        *((part, other) for part in _PARTS.split(word)),
        *((part, bare) for part in _PARTS.split(name)),
    )
    return any(_slips(part, text, True) > max(1, len(part) // 3) for part, text in parts)


def _is_typed_for(one: str, other: str, letters: int) -> bool:
    """Whether a letter in a short word may be a slip for another: a neighbour, or both vowels.

    The consonants of such words stand for words of their own: another is another operation.
    """
    return _beside(one, other) or (letters == _SHORT and _VOWELS.issuperset((one, other)))


def _beside(one: str, other: str) -> bool:
    """Whether two letters are neighbours on the keyboard, or one is of another alphabet."""
    if one not in _KEYS or other not in _KEYS:
        return not (one + other).isascii()
    (row, place), (below, at) = sorted((_KEYS[one], _KEYS[other]))
    return place - at in ({0, 1} if below == row + 1 else {1, -1} if below == row else ())


def _slips(word: str, name: str, anywhere: bool = False) -> int:
    """The single letters to add, leave out, exchange or swap to make one word of another.

    With `anywhere`, of a word and what is most like it among the letters of the other.
    """
    before: list[int] = []
    row = [0] * (len(name) + 1) if anywhere else list(range(len(name) + 1))
    for i, letter in enumerate(word, 1):
        last, row = row, [i]
        for j, other in enumerate(name, 1):
            best = min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and (letter, word[i - 2]) == (name[j - 2], other):
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before = last
    return min(row) if anywhere else row[-1]


def code(word: str, codes: Iterable[str], names: Iterable[str] = ()) -> str:
    """The help for a word that is no code of a finding, nor the name of one.

    Another number is another rule: only a code spelled in another way is meant by its number.

    >>> code("cc2O3", ["CC203"]), code("CC888", ["CC203"])
    ('did you mean `CC203`?', 'codes look like CC203: `convcalc explain codes` lists them')
    """
    known = list(codes)
    number = re.sub("[oO]", "0", word[:20].upper().removeprefix("CC").removeprefix("C").strip("- "))
    meant = f"CC{number}"
    close = meant if meant in known else "" if number.isdigit() else nearest(word, names)
    listed = "codes look like CC203: `convcalc explain codes` lists them"
    return f"did you mean `{close}`?" if close else listed
