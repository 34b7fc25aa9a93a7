"""Names from a file in a sentence: the first few of them, each short and safe to print."""

from collections.abc import Iterable

from convcalc.findings import plain
from convcalc.quantity import counted

_MOST = 5
_SHORT = 80


def one(name: str) -> str:
    """A name from a file."""
    return plain(name[:_SHORT])


def listed(names: Iterable[str], params: int = 0) -> str:
    """The first of some names, each once, how many more there are, and the parameters they hold."""
    kept = list(dict.fromkeys(names))
    text = ", ".join(map(one, kept[:_MOST]))
    more = f" and {len(kept) - _MOST:,} more" if len(kept) > _MOST else ""
    held = f", {counted(params, 'parameter')}" if params else ""
    return f"{text}{more}{held}"
