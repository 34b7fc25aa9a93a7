"""An argument of a block whose definition is misspelt: one edit there, and none of its uses."""

import re

from convcalc.analysis.record import Analysis
from convcalc.findings import Severity
from convcalc.fix.record import Change
from convcalc.spec.edit import Edit, Editor
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Mapping, Scalar
from convcalc.tree.reader import read

#: what nobody knows, by a formula or by a call
_UNKNOWN = re.compile(r"unknown variable '(\w+)'\Z|.* has no argument '(\w+)'\Z")
_MEANT = re.compile(r"did you mean `=?(\w+)`\?\Z")
_LEAST = 2  #: uses that agree


def respelled(now: Analysis) -> tuple[Change, ...]:
    """Definitions written as all that reads them spells them, where nothing has their own word.

    `args: {chanels: }` below which two formulas, or a formula and a call, say `channels`.
    """
    editor = Editor(now.network.source)
    meant = dict[str, str]()  # the word of the definition, and that of its uses
    for finding in now.findings:
        used = _UNKNOWN.match(finding.message) if finding.severity is Severity.ERROR else None
        near = _MEANT.match(finding.help[0]) if used and finding.help else None
        if used and near:
            meant.setdefault(near[1], used[1] or used[2])
    if not meant:
        return ()
    root, _ = read(now.network.source, TRUSTED)
    found = []
    for word, new in meant.items():
        keys = _defined(root, word) if isinstance(root, Mapping) else []
        if not keys or len(_words(editor, word)) > len(keys) or len(_words(editor, new)) < _LEAST:
            continue
        edits = tuple(Edit(editor.start(key), editor.end(key), new) for key in keys)
        line = now.network.source.line_of(edits[0].start)
        found.append(Change("", "", word, new, line, "", edits, ()))
    return tuple(found)


def _words(editor: Editor, word: str) -> list[str]:
    """All places of a word in the file."""
    return re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", editor.text)


def _defined(root: Mapping, word: str) -> list[Scalar]:
    """The keys of this word among the arguments of blocks."""
    blocks = root.get("blocks")
    found = []
    for _, block in blocks.entries.values() if isinstance(blocks, Mapping) else ():
        given = block.get("args") if isinstance(block, Mapping) else None
        if isinstance(given, Mapping) and word in given.entries:
            found.append(given.entries[word][0])
    return found
