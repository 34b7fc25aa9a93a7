"""Edits of whole lines: other spaces before them, or a dash."""

import re
from bisect import bisect_left
from itertools import pairwise

from convcalc.findings import Finding, Span
from convcalc.fix.given_again import AGAIN, SAME, joined, left_out
from convcalc.fix.headless import TAKEN, taken
from convcalc.fix.in_repeat import deeper, in_repeat, own_lines, put_below
from convcalc.fix.named_branches import NAMED, under_branches
from convcalc.fix.one_a_line import CUT, one_a_line
from convcalc.fix.pair_tree import PairTree
from convcalc.fix.record import Told
from convcalc.fix.texts import outside
from convcalc.fix.unkeyed_lists import MISSING, with_layers
from convcalc.source import Source
from convcalc.spec.edit import Edit, Editor
from convcalc.tree.between import MOVED, block
from convcalc.tree.nodes import BESIDE, Mapping, Sequence

#: what a file has instead, as its findings tell of it
_TAB, _STAR = "not YAML: tabs cannot be used for indentation", "not YAML: a list entry begins with"
_SPACE = re.compile(r"not YAML: column [0-9]+ holds a special space")
_DASHES = "start each layer with `- `"
_OWN_DASH = "start each layer with its own `- `"
_OWN_LIST = "a branch of several layers is a list: `- ` before each layer, `- - ` before the first"
_INSIDE = r"(?:`branches:` goes inside \w+: )?"
_INDENT = re.compile(rf"{_INSIDE}indent it by two more spaces")
_INTO = re.compile(rf"{_INSIDE}put it right below `([^`]+):`, indented by two more spaces")
_BELOW = "indent what is below `repeat:` by two more spaces"
_TIMES = re.compile(
    "`times: [^`]+` and `layers:` go inside `repeat:`, two more spaces"
    "|layers (?:that are repeated|under one `when`) stand inside `repeat: "
)
_FACTOR = re.compile(r"write `([^`]+)`, and `(times: [0-9]+)` on a line of its own below it\Z")
_LIST = re.compile(
    r"(?:write `(layers):` on its own line below `[^`]+:`, and the list under it"
    r"|the list needs its key: `[^`]+: \{(layers): \[\.\.\.\]\}`"
    r"|did you mean `\{(branches): \[.*\]\}`\?)\Z"
)
_BLANKS = re.compile(r"^[ \t]++(?=\S)", re.M)
_BEGIN = re.compile(r"^([^\S\r\n]*+)(?:-[^\S\r\n]++)*+(?=\S)", re.M)
_STARS = re.compile(r"^( *)\*(?= +\S)", re.M)
#: 4: with a dash and its space before the keys, so many spaces are deep enough
_TAB_WIDTHS = (4, 2, 8)


def is_of_lines(finding: Finding) -> bool:
    """Whether a finding asks for other lines than its own span, too."""
    help = finding.help[0] if finding.help else ""
    message = finding.message
    told = (
        message.startswith((_TAB, _STAR))
        or _SPACE.match(message) is not None
        or help in {_DASHES, _OWN_DASH, _OWN_LIST, _BELOW}
        or help.endswith(MOVED)
    )
    forms = (_INDENT, _INTO, _TIMES, _FACTOR, _LIST, AGAIN, SAME, NAMED, CUT, TAKEN, MISSING)
    return told or any(form.match(help) for form in forms)


def of_lines(finding: Finding, editor: Editor, tree: PairTree) -> list[Told]:
    """What the edits of all the lines that a finding is about may be, the likeliest first.

    None where the layout forbids them.
    """
    span = finding.span
    if finding.message.startswith(_TAB):
        return [("tabs", f"{width} spaces each", _spaces(editor, width)) for width in _TAB_WIDTHS]
    if _SPACE.match(finding.message):
        return [("special spaces", "spaces", tuple(_ordinary(editor)))]
    if finding.message.startswith(_STAR):
        stars = [Edit(m.end(1), m.end(), "-") for m in outside(editor, _STARS)]
        return [("*", "-", tuple(stars))]
    if span is not None and finding.help[0].endswith(MOVED):
        return _moved(editor, span.line)
    if AGAIN.match(finding.help[0]):
        return [
            (finding.message.removeprefix("duplicate "), "both in one", joined(editor, finding))
        ]
    if SAME.match(finding.help[0]):
        return [(finding.message.removeprefix("duplicate "), "", left_out(editor, finding))]
    if span is not None and (lacking := MISSING.match(finding.help[0])):
        return with_layers(editor, span.line, lacking)
    if span is not None and (again := _FACTOR.match(finding.help[0])):
        return [_again(editor, span, *again.groups())]
    if span is not None and CUT.match(finding.help[0]):
        return one_a_line(editor, tree, span)
    found = tree.pair_at(span) if span is not None else None
    if span is not None and TAKEN.match(finding.help[0]):  # a mapping, which may be in braces
        found = found or tree.pair_at(span._replace(column=span.column + 1))
    if span is None or found is None:
        return []
    mapping, key = found
    if match := TAKEN.match(finding.help[0]):
        return taken(editor, tree, mapping, match[1])
    if NAMED.match(finding.help[0]):
        return under_branches(editor, tree, mapping, key)
    if match := _LIST.match(finding.help[0]):
        return _keyed(editor, mapping, key, next(filter(None, match.groups())))
    if _TIMES.match(finding.help[0]):
        return in_repeat(editor, mapping, tree)
    if editor.is_flow(mapping):
        return []
    if finding.help[0] == _DASHES:
        return [(f"{key}:", f"- {key}:", _dashes(editor, editor.start(mapping.entries[key][0])))]
    if finding.help[0] == _OWN_DASH:
        return [(f"{key}:", f"- {key}:", _dashed(editor, mapping))]
    if finding.help[0] == _OWN_LIST:
        return _listed(editor, mapping)
    if into := _INTO.match(finding.help[0]):
        moved = put_below(editor, mapping, key, into[1])
        return [(f"{key}:", f"right below {into[1]}, two more spaces before it", moved)]
    below = finding.help[0] == _BELOW
    words = [word for word in mapping.entries if word != "repeat"] if below else [key]
    places = [own_lines(editor, mapping, word) for word in words]
    edits = [edit for place in places for edit in (deeper(editor, *place) if place else ())]
    what = "what is below `repeat:`" if below else f"{key}:"
    return [(what, "two more spaces before it", tuple(edits))] if all(edits) and edits else []


def _keyed(editor: Editor, mapping: Mapping, key: str, word: str) -> list[Told]:
    """The key `layers` or `branches` before the list that a block or a merge is."""
    at, value = mapping.entries[key]
    start, end = editor.start(value), editor.end(value)
    told = f"{key}: [...]", f"{key}: {{{word}: [...]}}"
    if isinstance(value, Sequence) and editor.is_flow(value):
        return [(*told, (Edit(start, start, f"{{{word}: "), Edit(end, end, "}")))]
    begin = editor.text.rfind("\n", 0, start) + 1
    column = start - begin
    if editor.text[begin:start].strip(" "):
        return []
    if column >= at.span.column:
        return [(*told, (Edit(start, start, f"{word}:{editor.newline()}{' ' * column}"),))]
    if not isinstance(value, Sequence):
        return []
    first = Edit(begin, begin, f"{' ' * (column + 2)}{word}:{editor.newline()}")
    return [(*told, (first, *deeper(editor, begin, end)))]


def _again(editor: Editor, span: Span, entry: str, times: str) -> Told:
    """An entry without its factor, and the key `times` below it."""
    start = editor.offset(span.line, span.column)
    end = editor.offset(span.end_line, span.end_column)
    below = f"{editor.newline()}{' ' * (span.column - 1)}{times}"
    return editor.text[start:end], f"{entry} and {times}", (Edit(start, end, f"{entry}{below}"),)


def _moved(editor: Editor, line: int) -> list[Told]:
    """Keys that are between a kind and its options, below these."""
    found = block(Source("", editor.text).lines(), line)
    if found is None:
        return []
    starts = [*editor.starts, len(editor.text)]
    first, options, end = (starts[at] for at in (line - 1, found.options - 1, found.end))
    text = editor.text[first:options]
    if end == len(editor.text) and text[-1:] != editor.text[-1:]:
        text = f"{editor.newline()}{text.rstrip()}"  # the file ends without a line break
    keys = " and ".join(f"{key}:" for key in found.keys)
    edits = Edit(first, options, ""), Edit(end, end, text)
    return [(keys, f"below the options of {found.kind}", edits)]


def _spaces(editor: Editor, width: int) -> tuple[Edit, ...]:
    """Spaces for the tabs that lines begin with."""
    blanks = (m for m in outside(editor, _BLANKS) if "\t" in m[0])
    return tuple([Edit(*m.span(), m[0].expandtabs(width)) for m in blanks])


def _dashed(editor: Editor, mapping: Mapping) -> tuple[Edit, ...]:
    """A dash before each layer of an entry but the first; () where one shares a line."""
    text, edits = editor.text, list[Edit]()
    first, *_ = [key for key, _ in mapping.entries.values()]
    begin = editor.start(first)
    line = text.rfind("\n", 0, begin) + 1
    dash = text.rfind("-", line, begin) - line
    layers = [key for word, (key, _) in mapping.entries.items() if word not in BESIDE]
    for key in layers[1:]:
        start = editor.start(key)
        own = text.rfind("\n", 0, start) + 1
        if dash < 0 or text[line:begin].strip("- ") or text[own:start].strip(" "):
            return ()
        edits.append(Edit(own + dash, own + dash + 1, "-"))
    return tuple(edits)


def _ordinary(editor: Editor) -> list[Edit]:
    """Ordinary spaces for others where lines begin; none where a line then fits no other."""
    begins = [*outside(editor, _BEGIN)]
    special = [match for match in begins if match[0].strip("- ")]
    usual = {len(match[1]) for match in begins if not match[1].strip(" ")}
    moved = {len(match[1]) for match in special if match[1].strip(" ")}
    if "\t" in "".join(match[0] for match in special) or not moved <= usual:
        return []
    return [
        Edit(match.start() + at, match.start() + at + 1, " ")
        for match in special
        for at, letter in enumerate(match[0])
        if letter not in "- "
    ]


def _dashes(editor: Editor, start: int, beside: frozenset[int] = frozenset()) -> tuple[Edit, ...]:
    """A dash before each line in the column of a key, and as many spaces before those below.

    None before the keys that start at `beside`: they belong to the key above.
    """
    text = editor.text
    begin = text.rfind("\n", 0, start) + 1
    column, edits = start - begin, list[Edit]()
    first = bisect_left(editor.starts, begin)
    for at, stop in pairwise([*editor.starts[first:], len(text)]):
        line = text[at:stop]
        if not line.strip():
            continue
        own = column if at == begin else len(line) - len(line.lstrip(" "))
        comment = at != begin and line.lstrip()[:1] == "#"
        if own < column and not comment:
            break
        if own >= column:
            begins = own == column and not comment and at + column not in beside
            edits.append(Edit(at + column, at + column, "- " if begins else "  "))
    return tuple(edits)


def _listed(editor: Editor, mapping: Mapping) -> list[Told]:
    """A branch that is one entry of several layers as a list of them."""
    places = {word: editor.start(key) for word, (key, _) in mapping.entries.items()}
    first = next(iter(places))
    if first in BESIDE:
        return []
    beside = frozenset(place for word, place in places.items() if word in BESIDE)
    return [(f"{first}:", f"- {first}:", _dashes(editor, places[first], beside))]
