"""Slips of a file's author that only its lines show, after a parser has given up.

Each answers with what is wrong, where, what to write, and a label; None where it is another fault.
"""

import re

from convcalc.findings import Span, plain
from convcalc.tree.nodes import BESIDE

Slip = tuple[str, Span, str, str]

_GLUED = re.compile(r"[ \t]*(?:-[ \t]+)*(\w+)(:[^\s:#]\S*)", re.A)
_LONGEST = 1000  #: letters of a line in which an entry that is repeated is looked for
_REPEATED = re.compile(
    r" *- +(\{ *[\w.-]+: *\{[^\"'#]*\} *\}|[\w.-]+: *\{[^\"'#]*\}"
    r"|[\w.-]+: *\[(?=[^\[\]]*(?:[=:]|(?<=[\[, ])[0-9]+ *[,\]]))[^\[\]\"'#]*\])"
    r" *[\"']? *[*x\u00d7] *([0-9]{1,9}) *[\"']?\Z",
    re.A,
)
_BARE = re.compile(r"([ \t]*-[ \t]+)([^\s:#\"'{\[]+|\"[\w.-]+\"|'[\w.-]+')[ \t]*(?:#.*)?\Z", re.A)
#: ``conv3-8 relu``, a pattern of several layers
_SEVERAL = re.compile(
    r"([ \t]*-[ \t]+)([A-Za-z_][\w.-]*(?:[ \t]+(?:->[ \t]+)?[A-Za-z_][\w.-]*)+)[ \t]*(?:#.*)?\Z",
    re.A,
)
#: ``unit(8, 2)``, ``unit[8] *2``, ``unit 8``: a call
_CALLED = re.compile(
    r"([ \t]*-[ \t]+)([A-Za-z_][\w.-]*"
    r"(?: ?[:=]?[(\[][^#]*[)\]]|(?: \w+=| [xX]?[0-9]|=|,|[*\u00d7])[^#()\[\]{}]*)"
    r"(?: ?[*xX\u00d7] ?[0-9]{1,9})?)[ \t]*(?:#.*)?\Z",
    re.A,
)
_KEYED = re.compile(r" *[\w.=-]+:(?: |\Z)")

_SHELL = re.compile(r"\$\{\s*(\w{1,60})\s*\}")


def meant(text: str, otherwise: str = "") -> str:
    """Help that names what to put in place of the span: an edit, where it is safe to print."""
    if plain(text) == text and "`" not in text:
        return f"did you mean `{text}`?"
    return otherwise or f"write `{plain(text)}`"


def bullet(lines: list[str], line: int) -> Slip | None:
    """``* relu``, a list entry of Markdown, to YAML an alias without a name; or an en dash."""
    match = re.match(r" *([*\u2010-\u2015\u2212\u2022]) ", lines[line - 1])
    if match is None:
        return None
    span, sign = Span(line, match.start(1) + 1, line, match.end(1) + 1), match[1]
    label = "a star" if sign == "*" else "another dash" if sign != "\u2022" else "a dot"
    return f"a list entry begins with `-`, not with `{sign}`", span, meant("-"), label


def commented(lines: list[str], line: int) -> Slip | None:
    """``// first``, a line that is a comment in other languages."""
    text = lines[line - 1].rstrip()
    match = re.match(r"\s*(?:-\s+)?(//+|/\*+)", text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    said = text[match.end() :].removesuffix("*/").strip()
    span = Span(line, match.start(1) + 1, line, len(text) + 1)
    return "a comment begins with `#`", span, meant(f"# {said}".rstrip()), "a comment"


def section(lines: list[str], line: int) -> Slip | None:
    """``[convolutional]`` and ``filters=8`` below it, as darknet's files have them."""
    above = line_above(lines, line)
    for number in (line, above):
        if number and re.match(r"\s*[a-z_]+ *= *[\w.,-]", lines[number - 1], re.A):
            begin = line_above(lines, number)
            if begin and re.fullmatch(r"\s*\[[a-z_]+\]\s*", lines[begin - 1], re.A):
                text = lines[begin - 1].rstrip()
                span = Span(begin, indent(text) + 1, begin, len(text) + 1)
                help = (
                    "a file that begins with `[net]` is read as it is; here a layer is `- conv3-64`"
                )
                return "sections are darknet's", span, help, "a section"
    return None


def printed(lines: list[str], line: int) -> Slip | None:
    """``Sequential(`` and below it ``(0): Conv2d(...)``, a net within one as PyTorch prints it."""
    for number in (line, line_above(lines, line)):
        match = re.match(r"\s*\([\w.]+\): +\w+\(", lines[number - 1][:_LONGEST]) if number else None
        if match:
            text = lines[number - 1].rstrip()
            span = Span(number, indent(text) + 1, number, len(text) + 1)
            help = (
                "leave out the lines that end in `(` and those of `)` alone, and begin each layer "
                "with `- `"
            )
            return "PyTorch prints nets within nets so", span, help, "no list"
    return None


def repeated(lines: list[str], line: int) -> Slip | None:
    """``- dw: {out: 512} * 5`` and ``- dw: [512] * 5``: an entry is repeated with `times`."""
    match = _REPEATED.match(code(lines[line - 1])[:_LONGEST])
    if match is None or match[1].count("{") != match[1].count("}"):
        return None
    span = Span(line, match.start(1) + 1, line, match.end() + 1)
    entry = match[1][1:-1].strip() if match[1][0] == "{" else match[1]
    entry = re.sub(r"(?<=[\w.-]):(?=[\[{])", ": ", entry, count=1)
    return (
        "an entry is repeated with `times`",
        span,
        times(lines, line, entry, match[2]),
        "repeated",
    )


def times(lines: list[str], line: int, entry: str, number: str) -> str:
    """What to write for an entry of one line that is repeated: in braces where no key follows."""
    if _goes_on(lines, line):
        return f"write `{plain(entry)}`, and `times: {number}` on a line of its own below it"
    return meant(f"{{{entry}, times: {number}}}")


def either(entry: str, number: str, product: str, several: str) -> str:
    """What ``unit: 16 *2`` may be: no edit is made of it."""
    again = f"`{entry}` with `times: {number}` below it is {number} of {several}"
    return f"{again}, `{product}` one with a product"


def glued(lines: list[str], line: int) -> Slip | None:
    """``conv:{`` or ``input:8x8x3``: a colon is only one where a blank follows."""
    match = _GLUED.match(lines[line - 1])
    if match is None:
        return None
    text = code(lines[line - 1])
    span = Span(line, match.start(1) + 1, line, len(text) + 1)
    written = f"{match[1]}: {text[match.start(2) + 1 :]}"
    return "a colon needs a space after it", span, meant(written), "here"


def colonless(lines: list[str], line: int) -> Slip | None:
    """``- conv3-8`` with keys below it, at the line above that lacks its colon."""
    text = lines[line - 1]
    depth = indent(text)
    above = line_above(lines, line)
    entry = lines[above - 1][:_LONGEST] if above and _KEYED.match(text) else ""
    match = _BARE.match(entry) or _CALLED.match(entry)
    several = _SEVERAL.match(entry) if match is None else None
    if several is not None and several.end(1) <= depth:
        span = Span(above, several.start(2) + 1, above, several.end(2) + 1)
        help = f"give each layer its own `- `, and one of them `{plain(text.strip())}` below it"
        return "keys cannot follow below several layers", span, help, "several layers"
    if match is None or match.end(1) > depth or ": " in match[2]:
        return None
    span = Span(above, match.start(2) + 1, above, match.end(2) + 1)
    if match[2][:1] == "=":
        what = f"keys cannot follow below `- {plain(match[2])}`, which stands for a block's layers"
        return what, span, meant(f"repeat: {{times: 1, layers: {match[2]}}}"), "a list of layers"
    what = f"`- {plain(match[2])}` needs a colon: keys follow below"
    return what, span, meant(f"{match[2]}:"), "no colon"


def dashless(lines: list[str], line: int) -> Slip | None:
    """A layer below the entries of a list whose dash, or the space behind it, is missing."""
    text = code(lines[line - 1])
    own = indent(text)
    above = line_above(lines, line)
    while above and indent(lines[above - 1]) > own:
        above = line_above(lines, above)
    if not text or not above:
        return None
    word, colon, value = text[own:].partition(":")
    if not _is_entry(lines[above - 1], own):
        return _beside_entry(lines, line, above)
    span = Span(line, own + 1, line, len(text) + 1)
    if re.match(r"-[A-Za-z]", text[own:]):
        return "a dash needs a space after it", span, meant(f"- {text[own + 1 :]}"), "no space"
    if text[own] == "-" or not word.strip() or (own == 0 and colon):
        return None  # without an indent as likely a key of the file
    what = f"`{plain(word.split()[0])}` needs a dash, as the entry above has"
    help = meant(f"- {text[own:]}")
    if colon and value and not value.lstrip().startswith("{"):
        within = f"or put it in column {own + 3} if it belongs to the entry above"
        help = f"write `- {plain(text[own:])}`, {within}"
    return what, span, help, "no dash"


def _beside_entry(lines: list[str], line: int, above: int) -> Slip | None:
    """A layer in the column in which the keys of the entry above are, with nothing to it."""
    text = code(lines[line - 1])
    dash = indent(text) - 2
    match = re.fullmatch(r" *([A-Za-z_][\w.-]*)(:?(?: *\{.*\})?)", text)
    if match is None or match[1] in BESIDE or dash < 0:
        return None
    if not match[2]:  # keys of the entry may be between
        while above and indent(lines[above - 1]) >= indent(text):
            above = line_above(lines, above)
    if not above or (match[2] and (_BARE.match(lines[above - 1]) is None or _goes_on(lines, line))):
        return None
    if not re.match(rf" {{{dash}}}- \S", lines[above - 1]):
        return None
    span = Span(line, dash + 1, line, len(text) + 1)
    what = f"`{plain(match[1])}` needs a dash, as the entry above has"
    return what, span, meant(f"- {text[dash + 2 :]}"), "no dash"


def _goes_on(lines: list[str], line: int) -> bool:
    """Whether the lines below one belong to it."""
    below = next((text for text in lines[line:] if code(text)), "")
    return indent(below) > indent(lines[line - 1])


def _is_entry(text: str, column: int) -> bool:
    """Whether a list entry begins in a column."""
    return text[column : column + 2] == "- " and not text[:column].strip()


def line_above(lines: list[str], line: int) -> int:
    """The line above that is neither blank nor a comment; 0 where there is none."""
    return next((i for i in range(line - 1, 0, -1) if code(lines[i - 1])), 0)


def code(text: str) -> str:
    """A line without its comment."""
    return "" if text.lstrip()[:1] == "#" else text.partition(" #")[0].rstrip()


def indent(text: str) -> int:
    """How many spaces are before a line."""
    return len(text) - len(text.lstrip(" "))


def shell(lines: list[str], line: int) -> Slip | None:
    """``{filters: ${width}}``, whose brackets are YAML's."""
    match = _SHELL.search(lines[line - 1])
    if match is None:
        return None
    span = Span(line, match.start() + 1, line, match.end() + 1)
    return f"`{plain(match[0])}` is no variable here", span, meant(f"={match[1]}"), "here"


def anchored_key(text: str, anchor: str) -> tuple[str, ...]:
    """Help for an alias of ``- &r relu: {}``, an anchor that is on the key and not on the entry."""
    match = re.search(rf"^[ -]*&{re.escape(anchor[:60])} +([\w-]+):(.*)", text, re.M)
    if match is None:
        return ()
    entry = f"{match[1]}: {plain(match[2].partition(' #')[0].strip()) or '...'}"
    return (f"an anchor on a key names the key alone: write `&{plain(anchor)} {{{entry}}}`",)
