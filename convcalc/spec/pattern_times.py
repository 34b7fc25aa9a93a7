"""How often a group of a pattern is repeated, written otherwise than ``[...]*2``."""

import re
from collections.abc import Sequence

from convcalc.findings import plain

#: ``x2``, ``x`` before its number, ``2x`` and ``2``, as tables write what is repeated
_TIMES = re.compile(r"(?:[xX\u00d7\u2715\u2a09]([0-9]{1,9})?|([0-9]{1,9})[xX\u00d7]?)\Z")


def times_fault(
    tokens: Sequence[tuple[str, int]], index: int
) -> tuple[str, int, int, tuple[str, ...]] | None:
    """What to report of a token that is ``x2``, ``2x`` or a number where a group is repeated.

    The message, where it starts in the pattern, its length and the help; None for other tokens.
    """
    token, offset = tokens[index]
    match = _TIMES.match(token)
    if match is None:
        return None
    before = tokens[index - 1][0] if index else ""
    after, at = tokens[index + 1] if index + 1 < len(tokens) else ("", 0)
    number, length = match[1] or match[2], len(token)
    if not number and after.isdigit():
        number, length = after, at + len(after) - offset
    if not number or (before != "]" and after != "[" and token.isdigit()):
        return None
    help = (f"did you mean `*{number}`?",)
    if before != "]":
        layer = f"`[{plain(before)}]*{number}`" if after != "[" and before else ""
        help = (layer or f"the number is behind a group: `[...]*{number}`",)
    return f"a group is repeated with `*`: `[...]*{number}`", offset, length, help
