"""Values that a finding's help writes out: a formula with its sign, a list with its brackets."""

import re

from convcalc.findings import Finding

_FORMULA = re.compile(r"`(=[^`]+)`(?: is the variable)?\Z")
_BRACES = re.compile(r"remove the quotes, and write braces: `\w+: (\{[^`]+\})`\Z")
_ENTRY = re.compile(r"(?:a short form takes numbers only: )?write `(\w+: \{[^`]+\})`\Z")
_POWER = re.compile(r"a power is written out: `((\w+)(?:\*\2)+)`\Z")
_PRODUCT = re.compile(r"a product needs its sign: `(\d+)\*(\w+)`\Z")
_WHOLE = re.compile(
    r"a (?:number is written out|formula has one equals sign before it): `(=?[^`]+)`\Z"
)
_WRITE = re.compile(r"write `(\w+ [!=]= [^`]+)`\Z")
#: a function or a shift that formulas lack, and what it comes to
_DIVIDED = re.compile(r"write `(\(?\w+(?: \+ [\w -]+\))?(?://|\*)\w+)`\Z")
_ROUNDED = re.compile(
    r"(?:\b\w+\.)?\b(?:int|floor|trunc|ceil)\(\s*+\w++\s*+//?\s*+\w++\s*+\)"
    r"|\b\w++\s*+(?:<<|>>)\s*+\w++"
)
_OPERATOR = re.compile(r"write `(//|%|and|or|!=)`\Z")
_FOREIGN = {"//": r"\bdiv\b", "%": r"\bmod\b", "and": "&&", "or": r"\|\|", "!=": "<>"}
_COMPARED = re.compile(r"=\s*\w+\s+(?:is\s+(?:not\s+)?\w+|(?:not\s+)?in\s*[\[({][\w, ]+[\])}])\s*")
_TRUTH = re.compile(r"a formula has no `(\w+)`: write `([01])`\Z")
_LIST = re.compile(r"a list needs square brackets: `?(\[[\d, ]+\])`?\Z")
_NUMBERS = re.compile(r"\(?((?:0|[1-9]\d*)(?:, *(?:0|[1-9]\d*)(?!\d))+)\)?")
_ONE = re.compile(r"a number has no commas: ([0-9]+)(?:;|\Z)")
_CUT = re.compile(r"\(?(\d+(?:, *\d+)+)\)?")
_UNDERSCORES = re.compile(r"[1-9][0-9]*(?:_[0-9]+)+")
_QUOTES = "'\""


def value_meant(finding: Finding, before: str) -> str | None:
    """What is written in place of a value; None where that is not certain."""
    help = finding.help[0] if finding.help else ""
    bare = before[1:-1] if before[:1] in _QUOTES and before[-1:] == before[:1] else before
    if match := _FORMULA.match(help):
        return match[1] if bare.replace(" ", "") == match[1][1:].replace(" ", "") else None
    if help == "remove the quotes":
        return bare if bare != before and re.fullmatch(r"[\w.]+", bare) else None
    if finding.code == "CC004" and _UNDERSCORES.fullmatch(before):
        plainly = before.replace("_", "")
        return plainly if finding.message.endswith(f": write {plainly}") else None
    if (match := _BRACES.match(help)) and bare != before:
        return match[1] if match[1][1:-1] == bare else None
    if finding.code == "CC011" and (match := _ENTRY.match(help)):
        return match[1]
    return _in_formula(help, before) or _list_of(help, bare)


def _in_formula(help: str, before: str) -> str | None:
    """A formula with a power or a product written out, where it has one."""
    if match := _WHOLE.match(help):
        return f"={match[1].removeprefix('=')}"
    if (match := _WRITE.match(help)) and _compares_each(before, match[1]):
        return f"={match[1]}"
    if (match := _TRUTH.match(help)) and len(re.findall(rf"\b{match[1]}\b", before)) == 1:
        return re.sub(rf"\b{match[1]}\b", match[2], before)
    if match := _OPERATOR.match(help):
        return re.sub(rf" *(?:{_FOREIGN[match[1]]}) *", f" {match[1]} ", before)
    if match := _DIVIDED.match(help):
        return _divided(before, match[1])
    if match := _POWER.match(help):
        wrong = rf"(?<!\w){match[2]} *(?:\*\*|\^) *{match[1].count(match[2])}(?![\w*^])"
        right = match[1]
    elif match := _PRODUCT.match(help):
        wrong, right = rf"(?<!\w){match[1]}{match[2]}(?!\w)", f"{match[1]}*{match[2]}"
    else:
        return None
    places = [*re.finditer(wrong, before)]
    if len(places) != 1 or before[: places[0].start()].rstrip().endswith(("/", "%", "**")):
        return None
    return before[: places[0].start()] + right + before[places[0].end() :]


def _divided(before: str, right: str) -> str | None:
    """A formula with a quotient in place of its one function; in brackets beside other terms.

    A shift comes after sums in programs: beside other terms it is left to its author.
    """
    places = [*_ROUNDED.finditer(before)]
    if len(places) != 1:
        return None
    (place,) = places
    start, end = before[: place.start()], before[place.end() :]
    alone = start.strip(f" {_QUOTES}") == "=" and not end.strip(f" {_QUOTES}")
    if not alone and place[0][-1:] != ")":
        return None
    alone = alone or (start.rstrip()[-1:] in {"(", ","} and end.lstrip()[:1] in {")", ","})
    return f"{start}{right if alone else f'({right})'}{end}"


def _compares_each(before: str, each: str) -> bool:
    """Whether a formula is one comparison of a program's, and all of it is written out."""
    whole = _COMPARED.fullmatch(before) is not None
    return whole and before.count(",") < len(re.findall("[=!]=", each))


def _list_of(help: str, bare: str) -> str | None:
    """Numbers in round brackets, in square ones."""
    match, numbers = _LIST.match(help), _NUMBERS.fullmatch(bare)
    return match[1] if match and numbers and _same(match[1], numbers[1]) else None


def cut_by_comma(finding: Finding, rest: str) -> tuple[int, tuple[str, ...]] | None:
    """How long the numbers are that YAML cut at their comma, and what they may be.

    Args:
        finding: whose place begins with them.
        rest: the text from there on.

    >>> from convcalc.findings import Severity
    >>> cut = Finding("CC014", Severity.ERROR, "a list needs square brackets: [3, 5]", "a.yaml")
    >>> cut_by_comma(cut, "(3, 5)}")
    (6, ('[3, 5]',))
    """
    *_, last = finding.message.split("; ")
    one, several = _ONE.match(finding.message), _LIST.match(last)
    numbers = _CUT.match(rest)
    if numbers is None:
        return None
    bare, listed = numbers[1].replace(" ", ""), _NUMBERS.match(rest)
    found = (
        *((several[1],) if several and listed and _same(several[1], listed[1]) else ()),
        *((one[1],) if one and bare.replace(",", "") == one[1] else ()),
    )
    return (numbers.end(), found) if found else None


def _same(written: str, numbers: str) -> bool:
    return written[1:-1].replace(" ", "") == numbers.replace(" ", "")
