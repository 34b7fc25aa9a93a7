"""Did you mean: the nearest known word, and the words of other tools."""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from convcalc.other_words import has_other_part, is_another, is_opposite, is_other_name
from convcalc.slips import bare, slips

_COMPARED = 64  #: letters of a word that are compared
_NEAR = 3  #: known words that are near, at most
_PARTICLE = 2  #: letters of a word that is no slip of a layer's: `as`, `of`, `id`
_LIKE = 0.6  #: how like another a word has to be
_USUAL = 100  #: pairs of letters that a comparison of two usual words is; of long ones it is more


class Suggestions:
    """Suggestions for one file, as many as its reader will wait for: comparing words is slow."""

    def __init__(self) -> None:
        self.left = 50_000  #: comparisons of usual words, some 0.5 s
        #: by block its arguments that nothing in it uses, where that was asked
        self.idle: dict[str, tuple[str, ...]] = {}
        #: by block the names in its formulas, where that was asked
        self.used: dict[str, frozenset[str]] = {}
        #: by block the argument that gives the filters of its convs, where that was asked
        self.leaving: dict[str, str] = {}
        #: by what was asked the slip, and what is most like the word: a slip is often repeated
        self._found: dict[tuple[object, ...], tuple[str, str]] = {}

    def nearest(
        self, word: str, known: Iterable[str], cutoff: float = _LIKE, kinds: bool = False
    ) -> str:
        """The known word of which `word` is a slip of the keys; '' where there is none.

        What is suggested for a file is an edit that `--fix` makes: another number is another thing,
        a word that is half another (`route`, `plus`, `layer`) is a word of its own, so is a name
        with another part (`up_b`, `dec_dim`), and of two words that are as near (`telu`) none is
        chosen.

        `kinds`: the words are those of layers, where more letters may be another layer.

        >>> suggest = Suggestions()
        >>> suggest.nearest("kernal", ["kernel"]), suggest.nearest("conv9", ["conv1"])
        ('kernel', '')
        """
        return self._nearest(word, known, cutoff, kinds)[0]

    def like(self, word: str, known: Iterable[str]) -> str:
        """The known word that is most like `word`, be it another thing: to be read, never an edit.

        >>> Suggestions().like("decoder", ["conv1", "encoder"])
        'encoder'
        """
        return self._nearest(word, known, _LIKE, False)[1]

    def _nearest(
        self, word: str, known: Iterable[str], cutoff: float, kinds: bool
    ) -> tuple[str, str]:
        if self.left < 0:
            return "", ""
        names = known if isinstance(known, tuple) else tuple(known)
        asked = word, cutoff, names, kinds
        found = self._found.get(asked)
        if found is None:
            letters = min(len(word), _COMPARED)
            self.left -= sum([1 + letters * len(name) // _USUAL for name in names])
            found = _slip_of(*asked) if self.left >= 0 else ("", "")
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
        if found or len(word) <= _PARTICLE:  # `k` is no slip of `ks`
            return found
        return dialects.option(self.nearest(word, dialects.OPTIONS), known)


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


def nearest(word: str, known: Iterable[str], cutoff: float = _LIKE) -> str:
    """The known word that `word` was probably meant to be; '' where none is near.

    None that says the opposite, and none of which more than half would be mistyped.

    >>> nearest("exclude", ["include"]), nearest("depth", ["width"]), nearest("unett", ["unet"])
    ('', '', 'unet')
    """
    given = word.lower()[:_COMPARED]
    near = (name for name in _near(word, known, cutoff) if not _is_far(given, name.lower()))
    return next(near, "")


def _is_far(word: str, name: str) -> bool:
    """Whether a word is no slip of a name, nor its beginning."""
    goes_on = name.startswith(word) or word.startswith(name)
    mistyped = 0 if goes_on else slips(bare(word), bare(name))
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
def _slip_of(word: str, cutoff: float, known: tuple[str, ...], kinds: bool) -> tuple[str, str]:
    """The known word of which a word is a slip, and the one that it is most like."""
    given = word.lower()[:_COMPARED]
    like = _near(word, known, cutoff)
    near = [name for name in like if _is_slip(given, name.lower())]
    joined = bare(given)
    count = {name: slips(joined, bare(name.lower())) for name in near}
    nearest = [name for name in near if count[name] == min(count.values())]
    another = kinds and (
        len(joined) <= _PARTICLE
        or any(
            is_another(joined, bare(name.lower())) or has_other_part(given, name.lower())
            for name in nearest
        )
    )
    slip = nearest[0] if len(nearest) == 1 and not another else ""
    return slip, like[0] if like else ""


_DIGITS = re.compile("[0-9]+")
_NOT = re.compile(r"(?:no|not|non|without)[-_]")


def _is_slip(word: str, name: str) -> bool:
    """Whether few keys were missed, added, exchanged or swapped, and every number is there."""
    if _DIGITS.findall(word) != _DIGITS.findall(name) or _NOT.match(word):
        return False
    if is_opposite(word, name) or is_other_name(word, name):
        return False
    word, name = bare(word), bare(name)
    return slips(word, name) <= max(1, len(word) // 3)


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
