"""What to write for operators and functions that formulas do not have.

Imported only where something is wrong.
"""

import re

_LOOKED_AT = 500  #: letters of a formula: what is meant by a longer one is not guessed


def in_formula(text: str) -> tuple[str, ...]:
    """Operators and functions of other languages, and a product without its sign."""
    text = text[:_LOOKED_AT]
    if match := re.search(r"\b(int|floor|trunc|ceil)\(\s*(\w+)\s*/\s*(\w+)\s*\)", text):
        _, number, by = match.groups()
        up = f"({number} + {int(by) - 1 if by.isdigit() else f'{by} - 1'})//{by}"
        return (f"write `{up if match[1] == 'ceil' else f'{number}//{by}'}`",)
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
    return _KNOWN if _FUNCTION.search(text) or _SIGNS.search(text) else ()


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
