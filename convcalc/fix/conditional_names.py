"""A layer that its `when` leaves out in some calls and whose name is read: `repeat` keeps the name.

A shortcut is written so whose projection stands above the `add` that names it. A `repeat` of no
layers has the name of what it reads, so the calls without the projection add up the identity.
"""

import re
from collections.abc import Iterator

from convcalc.findings import Finding
from convcalc.fix.left_out_bodies import in_brackets
from convcalc.fix.record import Change
from convcalc.fix.widened import condition_of, filters_of, with_channels
from convcalc.spec.edit import Edit, Editor, entry_of
from convcalc.tree.nodes import Mapping

CODE = "CC017"  #: a name that no layer above has
_LEFT_OUT = re.compile(r"'(\w+)' is left out: its `when` in line ([0-9]+) is not met\Z")
_BESIDE = ("from", "name")  #: what stays beside the `repeat`


def kept(editor: Editor, root: Mapping, finding: Finding) -> Iterator[Change]:
    """The layer within a `repeat`; then with a condition that asks for the channels, too."""
    match = _LEFT_OUT.match(finding.message)
    if match is None:
        return
    name, line = match[1], int(match[2])
    for entry in {id(one): one for one in entry_of(root).values()}.values():
        named, when = entry.get("name"), entry.get("when")
        if named is None or when is None or when.line != line:
            continue
        if getattr(named, "text", "") != name or entry.get("repeat") is not None:
            continue
        now, depth = condition_of(entry), filters_of(entry)
        yield from _within(editor, entry, name, "")
        if now and depth:
            yield from _within(editor, entry, name, with_channels(now, depth))


def _within(editor: Editor, entry: Mapping, name: str, condition: str) -> Iterator[Change]:
    """An entry as one in a `repeat`, perhaps under another condition; none where that cannot be."""
    without = frozenset({*_BESIDE, *(["when"] if condition else [])})
    inner = in_brackets(editor, entry, without)
    if not inner:
        return
    if condition:
        inner = f"{{{inner.removeprefix('{').removesuffix('}') if _has_keys(entry) else inner}"
        inner = f"{inner}, when: {condition}}}"
    start, end = editor.start(entry), editor.end(entry)
    beside = [f"{key}: {editor.written(node)}" for key in _BESIDE if (node := entry.get(key))]
    keys = [f"repeat: {{times: 1, layers: [{inner}]}}", *beside]
    column = start - (editor.text.rfind("\n", 0, start) + 1)
    text = (editor.newline() + " " * column).join(keys)
    if editor.is_flow(entry):
        text = f"{{{', '.join(keys)}}}"
    after = f"in `repeat`, {condition}" if condition else "in `repeat`"
    line = entry.line
    yield Change(
        name, "when", "a layer of its own", after, line,
        f"{name} is what it reads where it is left out", (Edit(start, end, text),), (),
    )  # fmt: skip


def _has_keys(entry: Mapping) -> bool:
    """Whether an entry in brackets has several keys, and with them brackets of its own."""
    return len(entry.entries.keys() - {*_BESIDE, "when"}) > 1
