"""What to write for operators and functions that formulas do not have.

Imported only where something is wrong.
"""

import re

from convcalc.findings import plain

_LOOKED_AT = 500  #: letters of a formula: what is meant by a longer one is not guessed


def in_formula(text: str) -> tuple[str, ...]:
    """Operators and functions of other languages, and a product without its sign."""
    text = text[:_LOOKED_AT]
    if help := _of_python(text):
        return help
    if match := re.search(r"\b(int|floor|trunc|ceil)\(\s*(\w+)\s*/\s*(\w+)\s*\)", text):
        _, number, by = match.groups()
        up = f"({number} + {int(by) - 1 if by.isdigit() else f'{by} - 1'})//{by}"
        return (f"write `{up if match[1] == 'ceil' else f'{number}//{by}'}`",)
    if match := re.search(r"\b(?:int|floor|trunc)\(\s*(\w+)\s*(//)\s*(\w+)\s*\)", text):
        return (f"write `{''.join(match.groups())}`",)
    if match := re.search(r"\b(int|floor|trunc)\(", text):
        return ("`//` divides and rounds down: `n//2`",)
    if re.search(r"\bceil\(", text):
        return ("`//` divides and rounds down: `(n + 1)//2` rounds up",)
    if match := re.search(r"(?<![\w.])([0-9]+)([A-Za-z_]\w*)", text):
        return (f"a product needs its sign: `{match[1]}*{match[2]}`",)
    if match := re.search(r"(\w+)\s*(?:\*\*|\^)\s*([0-9]+)", text):
        base, power = match.groups()
        product = (
            "*".join([base] * int(power)) if power in {"2", "3", "4"} else f"{base}*{base}*..."
        )
        return (f"a power is written out: `{product}`",)
    if match := re.search(r"(\w+)\s*(<<|>>)\s*([0-9]|1[0-9])(?!\w)", text):
        operator = "*" if match[2] == "<<" else "//"
        return (f"write `{match[1]}{operator}{2 ** int(match[3])}`",)
    for operator, meant in _FOREIGN_OPERATORS:
        if re.search(operator, text[1:]):
            return (f"write `{meant}`",)
    if re.search(r"\?.*:|\bif\b", text):
        return ("`when: =stride > 1` beside an entry leaves it out where that is not true",)
    return _KNOWN if "**" in text or _FUNCTION.search(text) or _SIGNS.search(text) else ()


def _of_python(text: str) -> tuple[str, ...]:
    """Numbers and comparisons as programs have them: ``1e2``, ``0x10``, ``s is 1``, ``s in [1]``.

    >>> _of_python("=1e2*c"), _of_python("=s not in [1, 2]")
    (('a number is written out: `100*c`',), ('write `s != 1 and s != 2`',))
    """
    if text[:2] == "==" and text[2:].strip():
        return (f"a formula has one equals sign before it: `={plain(text[2:].strip())}`",)
    if match := _EXPONENT.search(text):
        power = int(match[2])
        whole, _, places = match[1].partition(".")
        digits, point = whole + places, len(whole) + power
        left, right = digits[: max(point, 0)].ljust(max(point, 1), "0"), digits[max(point, 0) :]
        right = ("0" * -point + right).rstrip("0")
        number = (left.lstrip("0") or "0") + f".{right}" * bool(right)
        return _written_out(text, match, number)
    if match := _BASE.search(text):
        return _written_out(text, match, str(int(match[0], 0)))
    if match := re.search(r"\b(\w+)\s+(not\s+)?in\s*[\[({]([\w, ]+)[\])}]", text):
        operator, joint = ("!=", "and") if match[2] else ("==", "or")
        each = [
            f"{match[1]} {operator} {one.strip()}" for one in match[3].split(",") if one.strip()
        ]
        return (f"write `{f' {joint} '.join(each[:_MOST])}`",)
    if match := re.search(r"\b(\w+)\s+is\s+(not\s+)?(\w+)", text):
        return (f"write `{match[1]} {'!=' if match[2] else '=='} {match[3]}`",)
    return ()


def _written_out(text: str, match: re.Match[str], number: str) -> tuple[str, ...]:
    whole = text[1 : match.start()] + number + text[match.end() :]
    return (f"a number is written out: `{plain(whole.strip())}`",)


#: ``1e2``, ``2.5E-3``, with an exponent that can be written out
_EXPONENT = re.compile(r"(?<![\w.])([0-9]{1,12}(?:\.[0-9]{1,12})?)[eE]([+-]?[0-9])(?![\w.])")
_BASE = re.compile(r"(?<![\w.])0(?:[xX][0-9a-fA-F]{1,12}|[bB][01]{1,40}|[oO][0-7]{1,15})(?!\w)")
_MOST = 8  #: values of a list that are compared with one by one


def as_fraction(text: str) -> tuple[str, ...]:
    """Help for a quotient where a fraction may be meant: ``=percent/100``; () for other formulas.

    >>> as_fraction("=percent/100"), as_fraction("=n/3")
    (('where a fraction is meant: `=percent*0.01`',), ())
    """
    match = re.fullmatch(r"=\s*(\w+)\s*/\s*([1-9][0-9]{0,5})", text)
    if match is None:
        return ()
    product = f"{1 / int(match[2]):.12f}".rstrip("0")
    exact = len(product) < _DECIMALS
    return (f"where a fraction is meant: `={match[1]}*{product}`",) if exact else ()


_DECIMALS = 10  #: letters of an inverse that ends, such as 0.015625
_FOREIGN_OPERATORS = (
    (r"\|\|", "or"), ("&&", "and"), ("<>", "!="), ("!(?!=)", "not"), (r"\bmod\b", "%"),
    (r"\bdiv\b", "//"), (r"\w +x +\w", "*"), ("(?<![<>!=])=(?!=)", "=="),
)  # fmt: skip
_FUNCTION = re.compile(r"[A-Za-z_]\w*\(")
_SIGNS = re.compile(r"[&|~^?@.]")
#: what formulas have: docs/spec.md says it at length
_KNOWN = (
    "formulas have + - * / // % ( ) min max round, comparisons, and, or, not: `//` divides and "
    "rounds down",
)
