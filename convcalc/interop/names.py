"""Names from a file in a sentence: the first few of them, each short and safe to print."""

from collections.abc import Collection, Iterable
from itertools import islice

from convcalc.findings import plain
from convcalc.quantity import counted

_MOST = 5
_SHORT = 80


def one(name: str) -> str:
    """A name from a file."""
    return plain(name[:_SHORT])


def listed(names: Iterable[str], params: int = 0) -> str:
    """The first of some names, each once, how many more there are, and the parameters they hold."""
    held = f", {counted(params, 'parameter')}" if params else ""
    return f"{few([one(name) for name in dict.fromkeys(names)])}{held}"


def few(texts: Collection[str]) -> str:
    """The first of some texts that are safe to print, and how many more there are."""
    more = f" and {len(texts) - _MOST:,} more" if len(texts) > _MOST else ""
    return f"{', '.join(islice(texts, _MOST))}{more}"
