"""The page of every code: what it does, why it matters, what fires it and what does not.

A rule's page is its module's docstring; the other codes have a text file each beside this module.
"""

import os

from convcalc.findings import CODES


def page(code: str) -> str:
    """The page of a code, below a title line with its name.

    Raises:
        KeyError: there is no such code.
    """
    return f"{code} {CODES[code]}\n\n{body(code)}"


def body(code: str) -> str:
    """The page of a code without its title."""
    if code >= "CC2":
        from convcalc.rules import BY_CODE  # sixteen modules, needed for advice alone

        return BY_CODE[code].page.strip() + "\n"
    path = os.path.join(os.path.dirname(__file__), f"{code}.txt")
    with open(path, encoding="utf-8") as file:
        return file.read()


def section(text: str, heading: str) -> str:
    """One section of a page, without its indentation.

    >>> section(page("CC202"), "Example that does not").splitlines()[0]
    'input: 64x64x3'
    """
    lines = text.splitlines()
    found = []
    for line in lines[lines.index(heading) + 1 :]:
        if line and not line.startswith(" "):
            break
        found.append(line[4:])
    return "\n".join(found).strip() + "\n"
