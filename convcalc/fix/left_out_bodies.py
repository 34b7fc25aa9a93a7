"""The body of an add that `when` leaves out with all its branches: it comes below, for these calls.

Inverted residuals have a skip only where stride and depth stay (Sandler et al. 2018, section 3.3);
a condition on the add itself leaves the body out too, and a call of the block makes nothing.
"""

from collections.abc import Iterable, Iterator

from convcalc.findings import Finding
from convcalc.fix.record import Change
from convcalc.spec.edit import Edit, Editor
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

#: a call that makes no layer
CODE = "CC127"
_TOLD = "an add that is left out takes all its branches along"
_MARKS = frozenset("#\"'")  #: what a text cannot be put into another place with


def with_body(editor: Editor, root: Mapping, finding: Finding) -> Change | None:
    """An entry with the layers of the body below the add, where the add is left out."""
    if not finding.help or not finding.help[0].startswith(_TOLD):
        return None
    spans = {other.span for other in finding.related}
    found = next((one for one in _entries(root) if one[1].entries["when"][1].span in spans), None)
    if found is None:
        return None
    items, entry = found
    when, add = entry.entries["when"][1], entry.entries["add"][1]
    body = next(_bodies(add), None)
    begin = editor.start(items)
    column = begin - (editor.text.rfind("\n", 0, begin) + 1)
    if body is None or editor.is_flow(items) or not isinstance(when, Scalar) or not when.plain:
        return None
    word, branch = body
    listed = _listed(editor, branch)
    condition = when.text.removeprefix("=").strip()
    if not listed or not _MARKS.isdisjoint(condition):
        return None
    lines = [f"- repeat: {{times: 1, layers: {listed}}}", f"  when: =not ({condition})"]
    text = "".join(f"{editor.newline()}{' ' * column}{line}" for line in lines)
    place = editor.line_end(editor.end(entry))
    shown = "left out with the add", f"kept below it, `when: =not ({condition})`"
    edits = (Edit(place, place, text),)
    return Change(
        "", f"layers {word}", *shown, when.line, "", edits, (), completes=True
    )  # fmt: skip


def told(findings: Iterable[Finding]) -> list[Finding]:
    """Calls without a layer, as an add is left out with its body."""
    return [f for f in findings if f.code == CODE and f.help and f.help[0].startswith(_TOLD)]


def bodies(editor: Editor, root: Mapping, findings: Iterable[Finding]) -> Iterator[Change]:
    """For each such add, the entry with its body."""
    changes = (with_body(editor, root, finding) for finding in told(findings))
    yield from {change.edits: change for change in changes if change is not None}.values()


def covers_up(editor: Editor, root: Mapping, change: Change, findings: list[Finding]) -> bool:
    """Whether a change puts layers into the skip of such an add: its body then is one of two.

    The depths that do not match there come of the calls that made no layer.
    """
    return any(
        start <= edit.start and edit.end <= end
        for start, end in _skips(editor, root, findings)
        for edit in change.edits
    )


def _skips(editor: Editor, root: Mapping, findings: list[Finding]) -> Iterator[tuple[int, int]]:
    """Where the identities of such adds are written."""
    spans = {other.span for finding in findings for other in finding.related}
    for _, entry in _entries(root):
        if entry.entries["when"][1].span in spans:
            add = entry.entries["add"][1]
            main = next(_bodies(add), None)
            for _, branch in _branches(add):
                if main is None or branch is not main[1]:
                    yield editor.start(branch), editor.end(branch)


def _entries(root: Mapping) -> Iterator[tuple[Sequence, Mapping]]:
    """The adds with a condition in the lists of blocks, with their lists."""
    blocks = root.get("blocks")
    for _, block in blocks.entries.values() if isinstance(blocks, Mapping) else ():
        layers = block.get("layers") if isinstance(block, Mapping) else block
        if not isinstance(layers, Sequence):
            continue
        for entry in layers.items:
            if isinstance(entry, Mapping) and {"add", "when"} <= entry.entries.keys():
                yield layers, entry


def _bodies(add: Node) -> Iterator[tuple[str, Node]]:
    """The branches of an add that are layers, and what to call them."""
    for word, branch in _branches(add):
        if branch.items if isinstance(branch, Sequence) else _kind(branch) != "identity":
            yield word, branch


def _branches(add: Node) -> list[tuple[str, Node]]:
    """All branches of an add, and what to call them."""
    branches = add.get("branches") if isinstance(add, Mapping) else None
    if isinstance(branches, Mapping):
        return [(f"of {word}", branch) for word, (_, branch) in branches.entries.items()]
    if isinstance(branches, Sequence):
        return [(f"of branch {i}", branch) for i, branch in enumerate(branches.items, 1)]
    return []


def _kind(branch: Node) -> str:
    return branch.text if isinstance(branch, Scalar) else ""


def _listed(editor: Editor, branch: Node) -> str:
    """A branch's layers as a list in brackets; '' where its lines cannot be one."""
    items = branch.items if isinstance(branch, Sequence) else [branch]
    texts = [in_brackets(editor, item) for item in items]
    return f"[{', '.join(texts)}]" if all(texts) else ""


def in_brackets(editor: Editor, item: Node, without: frozenset[str] = frozenset()) -> str:
    """An entry of a list as it may stand in brackets, `without` some keys; '' if it may not."""
    text = editor.written(item)
    if isinstance(item, Mapping) and (without or not editor.is_flow(item)):
        kept = {word: pair for word, pair in item.entries.items() if word not in without}
        values = [value for _, value in kept.values()]
        if not all(isinstance(value, Scalar) or editor.is_flow(value) for value in values):
            return ""
        pairs = ((word, editor.written(value)) for word, (_, value) in kept.items())
        text = ", ".join(f"{word}: {value}" for word, value in pairs)
        text = f"{{{text}}}" if len(values) > 1 else text.strip().removesuffix(":")
    return "" if "\n" in text or not _MARKS.isdisjoint(text) else text
