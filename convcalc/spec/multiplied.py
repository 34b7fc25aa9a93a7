"""What to type for calls that are repeated as words of a pattern are: ``basic(64)*2``.

Imported only where something is wrong.
"""

import re
from collections.abc import Collection, Container

from convcalc.layers import BY_NAME
from convcalc.network.record import Step
from convcalc.spec import block_calls, called
from convcalc.spec.arriving import in_call
from convcalc.spec.blocks import Blocks
from convcalc.spec.foreign.asked import KINDS
from convcalc.spec.shortforms import expand

CALL = r"[\w.]+\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
_TIMES = r"\s*[*xX\u00d7]\s*([0-9]{1,9})"
_WHOLE = re.compile(rf"\s*(?:({CALL})|\[([^\[\]]*\([^\[\]]*)\]){_TIMES}\s*\Z")
_ITEM = re.compile(rf"\s*(?:({CALL})|([\w-]+))\s*(?:,|->|\u2192|\Z|(?<=[\s)])(?=\S))")
_MEANT = re.compile(r"did you mean `([^`]+)`\?\Z")
_BEHIND = re.compile(_TIMES)
_CLOSED = re.compile(rf"[^\[\]]{{0,200}}\]{_TIMES}")
_LONGEST = 300
_MOST = 20  #: layers of a group that are written out


def help(
    text: str, step: Step | None, blocks: Blocks, variables: Container[str] = ()
) -> tuple[str, ...]:
    """What is wrong with calls that are repeated and nothing else, and the help; () for others.

    `step` is what arrives.
    """
    match = _WHOLE.match(text) if len(text) <= _LONGEST else None
    if match is None:
        return ()
    call, group, times = match.groups()
    items = [(call, "")] if call else _items(group)
    entries: list[str] = []
    for made, word in items:
        entries += _entries(made, step, blocks, variables) if made else _known(word, blocks)
        step = None  # what arrives at the others is not known here
    if not entries or len(entries) < len(items) or "" in entries:
        return ()
    name = next(made for made, _ in items if made).partition("(")[0]
    what = "a block is called" if name in blocks else "a layer is written"
    written = f"`{repeated(entries, times)}`"
    # of a class in a group nobody would know that it rounds down
    own = bool(call) or all(block_calls.help(made, blocks, variables) for made, _ in items if made)
    help = f"did you mean {written}?" if own else f"write {written} as an entry of a list of layers"
    return f"{what} without round brackets", help


def repeated(entries: list[str], times: str) -> str:
    """Entries of a list of layers as one that repeats them."""
    if len(entries) > 1:
        return f"repeat: {{times: {times}, layers: [{', '.join(entries)}]}}"
    (entry,) = entries
    return f"{{{entry if ': ' in entry else f'{entry}: '}, times: {times}}}"


def _items(group: str) -> list[tuple[str, str]]:
    """The calls and the words of a group; nothing where it has other signs too."""
    found, at = list[tuple[str, str]](), 0
    while at < len(group.rstrip()):
        match = _ITEM.match(group, at)
        if match is None or len(found) == _MOST:
            return []
        found.append((match[1] or "", match[2] or ""))
        at = match.end()
    return found


def _entries(call: str, step: Step | None, blocks: Blocks, variables: Container[str]) -> list[str]:
    """The layers that a call stands for; none where that is not certain."""
    told = block_calls.help(call, blocks, variables)
    told = told or in_call(call, step, called.help(call, KINDS, True))
    meant = _MEANT.match(told[0]) if told else None
    if meant is None:
        return []
    return [meant[1]] if ": " in meant[1] else meant[1].split()


def _known(word: str, blocks: Collection[str]) -> list[str]:
    return [word] if word in BY_NAME or word in blocks or expand(word) else []


def among(line: str, text: str, start: int, end: int) -> str:
    """The help for a call among the words of a pattern, with how often it is repeated there.

    Args:
        line: what is said of the call alone.
        text: the pattern.
        start: where the call starts in it.
        end: where it ends.
    """
    entry = re.match("(?:write|.*: in a list of layers it is) `(?:- )?([^`]+)`", line)
    if entry is None:
        return line
    alone = _BEHIND.match(text, end)
    closed = None if alone else _CLOSED.match(text, end)
    opened = text.rfind("[", 0, start)
    if closed and "]" not in text[opened:start] and opened >= 0:
        if text[opened + 1 : start].strip() or text[end : closed.end()].strip()[:1] != "]":
            group = f"`repeat: {{times: {closed[1]}, layers: [...]}}`"
            return f"{line}, and its group as {group}"
        alone = closed
    if alone is None:
        return line
    return f"write `{repeated([entry[1]], alone[1])}` as an entry of a list of layers"
