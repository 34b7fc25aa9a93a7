"""What findings suggest in the place of what is written, as edits of the file's text."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from convcalc.findings import Finding, Severity
from convcalc.fix.lines import is_of_lines, of_lines
from convcalc.fix.moved import back
from convcalc.fix.pair_helps import before_layers, is_of_pair
from convcalc.fix.pair_tree import PairTree
from convcalc.fix.pairs import Pairs
from convcalc.fix.record import Change, Told
from convcalc.fix.replaced import State
from convcalc.fix.values import cut_by_comma, value_meant
from convcalc.spec.edit import CannotEditError, Edit, Editor, with_options

#: a value alone where options were expected: the help names the option that takes it
_ALONE = re.compile(r"write `(\w+): \{(\w+): (.+)\}`\Z")
#: of the value, where a list is a kernel with its stride and padding: the kernel
_WINDOW = re.compile(r"([^,]+), stride: [^,]+(?:, pad: [^,]+)?\Z")
_MEANT = re.compile(r"did you mean `([^`]+)`\?")
#: what tells a finding from those that a change uncovers: its code, what it says, and where in the
#: file as it was
Fault = tuple[str, str, int]
#: a word at a place and what was put there
Tried = tuple[int, int, str]
NO_INPUT = "no input"  #: what a file has before an edit that gives one
_CUT = 100  #: letters that a list of numbers may have


def suggestion(finding: Finding) -> str | None:
    """What a finding says was probably meant in the place of its span, where it names one thing."""
    if finding.span is None:
        return None
    found = [word for line in finding.help for word in _MEANT.findall(line)]
    if len(found) == 1:
        return str(found[0])
    alone = _ALONE.match(finding.help[0]) if finding.help else None
    if alone is None or not finding.message.startswith(f"the options of {alone[1]} "):
        return None
    from convcalc.spec.alone import is_only_taker  # costs time only where a finding is

    kind, key, value = alone[1], alone[2], alone[3]
    listed = _WINDOW.match(value) if key == "kernel" else None
    certain = is_only_taker(kind, key, listed[1] if listed else value)
    return f"{{{key}: {value}}}" if certain else None


def names_edit(finding: Finding) -> bool:
    """Whether the help of an error names what to write, for a word or a key with its value."""
    told = suggestion(finding) is not None or is_of_pair(finding) or is_of_lines(finding)
    return told and finding.severity is Severity.ERROR and finding.span is not None


def fault(state: State, finding: Finding, editor: Editor) -> Fault:
    """What tells a finding of a file from those that a change uncovers.

    The very same may be elsewhere: of what is no YAML the parser says the first alone, and of two
    alternatives the second is read once the first can be.
    """
    span = finding.span
    at = -1 if span is None else back(state.edits, editor.offset(span.line, span.column))
    return finding.code, finding.message, at


def suggested(
    state: State, without: frozenset[Fault] = frozenset()
) -> Iterator[tuple[Finding, Tried, Change]]:
    """What findings not in `without` suggest, as edits."""
    analysis = state.analysis
    editor = Editor(analysis.network.source)
    tree: PairTree | None = None
    for finding in analysis.findings:
        span = finding.span
        if span is None or finding.severity is not Severity.ERROR:
            continue
        if without and fault(state, finding, editor) in without:
            continue
        start = editor.offset(span.line, span.column)
        end = editor.offset(span.end_line, span.end_column)
        before = editor.text[start:end]
        lines = is_of_lines(finding)
        if not lines and (not before.strip() or "\n" in before):
            continue
        word, edits = suggestion(finding) or value_meant(finding, before), tuple[Edit, ...]()
        cut = cut_by_comma(finding, editor.text[start : start + _CUT])
        more: list[Told] = []
        if lines:
            tree = tree or PairTree(analysis.network, editor)
            word, more = None, of_lines(finding, editor, tree)
        elif cut is not None:
            end, word = start + cut[0], None
            more = [(editor.text[start:end], one, (Edit(start, end, one),)) for one in cut[1]]
        elif word is not None and "(" in before and " " in word:
            tree = tree or PairTree(analysis.network, editor)
            edits = () if tree.passes_by(word) else (_in_place(editor, Edit(start, end, word)),)
        elif word is not None:
            edits = (_in_place(editor, Edit(start, end, word)),)
        elif is_of_pair(finding):
            tree = tree or PairTree(analysis.network, editor)
            word, edits = Pairs(tree).edits(finding.help[0], span)
            before = NO_INPUT if before_layers(finding) else tree.written(span) or before
        if word is not None:
            more.append((before, word, edits))
        for old, new, all_edits in more:
            if all_edits and possible(all_edits) and not state.keeps(all_edits):
                line = bisect_right(state.first.starts, back(state.edits, start))
                yield finding, (start, end, new), Change("", "", old, new, line, "", all_edits, ())


def _in_place(editor: Editor, edit: Edit) -> Edit:
    """An edit of a word that is a key without options, its colon too where options come with it."""
    if ": {" not in edit.text or editor.text[edit.end : edit.end + 1] != ":":
        return edit
    try:
        return with_options(editor, edit)
    except CannotEditError:
        return edit


def possible(edits: tuple[Edit, ...]) -> bool:
    """Whether no two edits want the same place."""
    ordered = sorted(edits, key=lambda edit: edit[:2])
    return all(one.end <= two.start for one, two in pairwise(ordered))
