"""Did you mean: the nearest known word, and the words of other tools."""

from collections.abc import Iterable


class Suggestions:
    """Suggestions for one file, as many as its reader will wait for: comparing words is slow."""

    def __init__(self) -> None:
        self.left = 50_000  #: comparisons, some 0.5 s

    def nearest(self, word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
        """See `nearest`."""
        if self.left < 0:
            return ""
        names = list(known)
        self.left -= len(names)
        return nearest(word, names, cutoff) if self.left >= 0 else ""

    def kind(self, word: str, known: Iterable[str]) -> str:
        """The kind, short form or block that was probably meant."""
        from convcalc import dialects  # only where somebody has mistyped

        names = list(known)
        return dialects.kind(word, names) or self.nearest(word, names, _KIND)

    def option(self, word: str, known: Iterable[str]) -> str:
        """The option that was probably meant."""
        from convcalc import dialects

        names = list(known)
        return dialects.option(word, names) or self.nearest(word, names)


#: how like a kind a word has to be: attention and flatten, stack and subtract are not
_KIND = 0.66


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known word that `word` was probably meant to be; '' where none is near."""
    import difflib  # 6 ms, needed only when somebody has mistyped

    names = list(known)
    lowered = {name.lower(): name for name in reversed(names)}
    close = difflib.get_close_matches(word.lower()[:64], lowered, n=1, cutoff=cutoff)
    return lowered[close[0]] if close else ""


def one_of(known: Iterable[str], given: object) -> str:
    """The complaint about a word that is none of the known ones, with the one that was meant.

    >>> one_of(["sgd", "adam"], "Adam")
    "expected one of sgd, adam, got 'Adam': did you mean 'adam'?"
    """
    names = [str(word) for word in known]
    close = nearest(given, names) if isinstance(given, str) else ""
    hint = f": did you mean {close!r}?" if close else ""
    return f"expected one of {', '.join(names)}, got {given!r}{hint}"
