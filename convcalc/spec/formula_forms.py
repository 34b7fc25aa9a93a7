"""Short forms with a formula or a word in place of a number: ``conv1-=dim*2``, ``conv3-{w}``.

A short form takes numbers only: the same layer with its options in braces is offered, an edit that
`--fix` makes. Imported only where something is wrong.
"""

import re
from collections.abc import Container

from convcalc import formula
from convcalc.findings import plain
from convcalc.shapes import Shape
from convcalc.spec.as_text import texts
from convcalc.spec.context import Entry
from convcalc.spec.nearforms import number, with_options
from convcalc.spec.shortforms import expand
from convcalc.spec.values import IN_CHANNELS
from convcalc.tree.nodes import Marked, Scalar

_WHY = "a short form takes numbers only"
_LONGEST = 200  #: letters of a word that is looked at
_SIZE = r"[0-9]+(?:x[0-9]+){0,2}"
#: a variable in the signs that other tools put around it
_SHELL = re.compile(
    r"\$\{\s*+([^{}]*[^{}\s])\s*+\}|\{\{\s*+([^{}]*[^{}\s])\s*+\}\}|\{\s*+([^{}]*[^{}\s])\s*+\}"
    r"|\$(\w+)|%\((\w+)\)[ds]"
)
_KERNEL = rf"(?:{_SIZE}|\$\w+?|\$?\{{[^{{}}]+\}}|=\w+)"
_FORM = re.compile(rf"(conv|fc|(?:max|avg)?pool)({_KERNEL})?(?:-(.+))?\Z", re.S)
_LETTERS = re.compile(r"(?<=[\w)}])((?:[spdg][0-9]+)+)\Z")
#: ``conv3-8same``: padding that has no letter
_PADDED = re.compile(
    rf"(conv{_SIZE}-[0-9]+|(?:max|avg)?pool{_SIZE})((?:[sdg][0-9]+)*)[-_]?(same|valid)\Z"
)
_BARE = re.compile(r"(?![spdg][0-9])[A-Za-z_]\w*\Z")
_REPEATED = re.compile(r"[0-9]+\*[NMK]\Z")  #: of the notes, where a group is meant


def help(entry: Entry, known: Container[str], arriving: Shape | None) -> tuple[str, ...]:
    """What to type for a short form with a formula or a word for its padding; () for others.

    Args:
        entry: whose word is no kind.
        known: the names of variables.
        arriving: the shape of the volume that it reads, where that is known.
    """
    axes = len(arriving or (0, 0, 0)) - 1 or 2
    meant = _padded(entry.kind, axes) or _with_formula(entry.kind, known, axes)
    if not meant:
        return ()
    line = with_options(f"write `{meant}`", entry.kind, texts(entry.value))
    return (f"{_WHY}: {line}" if line.startswith("write") else line,)


def in_text(node: Scalar, offset: int, known: Container[str]) -> Entry | None:
    """The entry that a short form with a formula means, around a fault of a pattern."""
    text = node.text
    if len(text) <= _LONGEST and _with_formula(text, known, 2):
        return Entry(text, node, None, {})
    start = max(text.rfind(sign, 0, offset) for sign in " \t\n[") + 1
    word = re.split(r"[\s\]]|->", text[start : start + _LONGEST], maxsplit=1)[0]
    if not _with_formula(word, known, 2):
        return None
    at = Marked(word, True, node.place(start), node.place(start + len(word)))
    return Entry(word, at, None, {})


def _padded(word: str, axes: int) -> str:
    match = _PADDED.match(word)
    form = expand(match[1] + match[2], axes) if match else None
    if match is None or form is None:
        return ""
    pairs = dict(form[1]) | {"pad": match[3]}
    order = ("filters", "kernel", "stride", "pad", "dilation", "groups")
    shown = (f"{key}: {number(pairs[key])}" for key in order if key in pairs)
    return f"{form[0]}: {{{', '.join(shown)}}}"


def _with_formula(word: str, known: Container[str], axes: int) -> str:
    """The entry that a word with formulas means; '' for any other word."""
    match = _FORM.match(word) if len(word) <= _LONGEST else None
    if match is None:
        return ""
    head, kernel, rest = match[1], match[2] or "", match[3] or ""
    letters = ""
    if head.endswith("pool") or rest.isdigit():
        kernel, letters, rest = (kernel, "", rest) if rest else (kernel, rest, "")
    sizes = kernel if re.fullmatch(_SIZE, kernel) else _formula(kernel, known)
    filters = rest if rest.isdigit() else _formula(rest, known)
    if re.search(r"[})][spdg][0-9]", rest):
        filters = ""  # letters are no part of a name in brackets
    if rest and not filters and (found := _LETTERS.search(rest)):
        letters, rest = found[1], rest[: found.start()]
        filters = rest if rest.isdigit() else _formula(rest, known)
    if head == "fc":
        return f"fc: {{units: {filters}}}" if filters[:1] == "=" and not kernel + letters else ""
    if "=" not in {sizes[:1], filters[:1]}:
        return ""
    if head.endswith("pool"):
        kind = "avg_pool" if head == "avgpool" else "max_pool"
        return f"{kind}: {{kernel: {sizes}}}" if not rest else ""
    if not filters or (kernel and not sizes):
        return ""
    return _conv(sizes or "3", filters, letters, axes)


def _conv(kernel: str, filters: str, letters: str, axes: int) -> str:
    """A conv whose kernel or filters are a formula; its padding is that of the short form."""
    if kernel[0] == "=":
        form = expand(f"conv1-1{letters}", axes)
        if form is None or not (kernel[1:].isidentifier() or "p" in letters or not letters):
            return ""  # half of a window that is not known
        pairs = {key: number(value) for key, value in form[1] if key != "filters"}
        pairs["kernel"] = kernel
        if "p" not in letters:
            pairs["pad"] = f"{kernel}//2" if letters else "same"
    else:
        form = expand(f"conv{kernel}-1{letters}", axes)
        if form is None:
            return ""
        pairs = {key: number(value) for key, value in form[1] if key != "filters"}
        if pairs["pad"][0] == "[" and not letters:
            pairs["pad"] = "same"
        if pairs["pad"] == "0":
            del pairs["pad"]
    order = ("kernel", "stride", "pad", "dilation", "groups")
    shown = [f"{key}: {pairs[key]}" for key in order if key in pairs]
    return f"conv: {{{', '.join([f'filters: {filters}', *shown])}}}"


def _formula(text: str, known: Container[str]) -> str:
    """A formula with its sign, without the signs of other tools; '' where the text is none."""
    if _BARE.match(text):
        return f"={text}"
    if _REPEATED.match(text):
        return ""
    signed = text[:1] == "="
    bare = text.lstrip("=").strip()
    shell = _SHELL.fullmatch(bare)
    bare = _SHELL.sub(_inside, bare) if shell is None else _inside(shell).strip("()")
    if re.fullmatch(r"\([^()]*\)", bare):
        bare = bare[1:-1]
    if match := re.fullmatch(r"([0-9]+)([A-Za-z_]\w*)", bare):
        bare = f"{match[1]}*{match[2]}" if signed or match[2] in known else ""
    try:
        names = formula.names(f"={bare}") if bare else ()
    except formula.FormulaError:
        return ""
    there = all(name in known or name == IN_CHANNELS for name in names)
    certain = there or signed or not {"*", "$", "{"}.isdisjoint(text)
    if not names or not certain or "," in bare:
        return ""
    return f"={plain(bare)}"


def _inside(match: re.Match[str]) -> str:
    inner = next(group for group in match.groups() if group is not None)
    return inner if inner.isidentifier() else f"({inner})"
