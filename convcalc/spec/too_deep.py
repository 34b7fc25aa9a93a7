"""A key that goes beside a kind, a short form or a block call, written inside its braces.

Imported only where something is wrong.
"""

from convcalc import dialects
from convcalc.findings import plain
from convcalc.network.record import Step
from convcalc.network.remarks import Remarks
from convcalc.spec.context import Entry
from convcalc.spec.foreign.asked import KINDS
from convcalc.spec.hints import written_out
from convcalc.spec.shortforms import expand
from convcalc.tree.nodes import BESIDE, Mapping, Node

Calls = tuple[Node, ...]  #: the block calls around an entry


def report(word: str, kind: str, at: Node, remarks: Remarks, calls: Calls) -> bool:
    """Report a key among the options of `kind` that goes beside it; False for any other key."""
    if word not in BESIDE:
        return False
    kind = plain(kind)
    text = f"{word} goes beside {kind}, not inside its options"
    help = (f"write `{word}:` on its own line below `{kind}:`",)
    remarks.error("CC012", text, at, "one level too deep", help, calls=calls)
    return True


def sorted_out(entry: Entry, remarks: Remarks, calls: Calls) -> tuple[list[str], Entry]:
    """Report the keys of an entry's options that go beside it; gives them, and the rest."""
    if not isinstance(entry.value, Mapping):
        return [], entry
    pairs = entry.value.entries
    deep = [word for word, (at, _) in pairs.items() if report(word, entry.kind, at, remarks, calls)]
    rest = Mapping(entry.value.start)
    rest.entries = {word: pair for word, pair in pairs.items() if word not in deep}
    return deep, entry._replace(value=rest) if deep else entry


def of_another_tool(entry: Entry, remarks: Remarks, calls: Calls) -> tuple[list[str], Entry]:
    """The same of a word that another tool has for a kind; nothing of any other word."""
    known = dialects.kind(entry.kind, KINDS)
    return sorted_out(entry, remarks, calls) if known else ([], entry)


def kept(help: tuple[str, ...], deep: list[str]) -> tuple[str, ...]:
    """Help for the rest of an entry: what goes beside it is lost in what is written in its place.

    No edit is made of it before these keys are in their own place.
    """
    below = f", with {' and '.join(deep)} below it"
    return tuple(
        f"{line[6:]}{below}" if deep and line.startswith("write `") else line for line in help
    )


def in_short_form(entry: Entry, arriving: Step, remarks: Remarks, calls: Calls) -> str:
    """Report a short form with options: those that go beside it, and the others together.

    Gives its kind.
    """
    found = expand(entry.kind)
    kind = found[0] if found else entry.kind
    deep, rest = sorted_out(entry, remarks, calls)
    if deep and isinstance(rest.value, Mapping) and not rest.value.entries:
        return kind
    help = kept(written_out(entry.kind, rest.value, arriving, entry.beside), deep)
    text = f"the short form {entry.kind} takes no options"
    remarks.error("CC012", text, entry.at, "", help, calls=calls)
    return kind
