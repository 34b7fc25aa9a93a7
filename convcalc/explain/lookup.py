"""Pages for words and codes: what a term means here, and what a finding's code is about."""

import os  # not pathlib: it costs 4 ms of start-up
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from convcalc.findings import CODES
from convcalc.pages import body

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "terms")
_ALSO = "Also: "


class Page(NamedTuple):
    """One page: its title, the other words that lead to it, and its text."""

    title: str
    also: tuple[str, ...]
    body: str
    narrow: Callable[[], str] | None = None
    """Its text with a narrower table; None where it has none."""
    columns: int = 0
    """Columns that its table takes."""

    def text(self, width: int | None) -> str:
        """Its text with the table that so many columns show; None: as wide as it is."""
        fits = width is None or self.columns <= width
        return self.body if fits or self.narrow is None else self.narrow()


def term(words: str) -> Page | None:
    """The page of a term, by its title or one of its other names; None where there is none."""
    wanted = one_word(words)
    direct = f"{wanted}.md"
    if wanted.replace("-", "").isalnum() and os.path.isfile(os.path.join(_FOLDER, direct)):
        return _read(direct)
    return next(
        (page for page in terms() if wanted in map(one_word, (page.title, *page.also))), None
    )


def terms() -> tuple[Page, ...]:
    """All terms in alphabetical order."""
    return tuple(_read(file) for file in sorted(os.listdir(_FOLDER)) if file.endswith(".md"))


def code(word: str) -> Page | None:
    """The page of a finding's code, by the code or its name; None where it is neither."""
    wanted = word.strip().upper()
    if wanted not in CODES:
        wanted = next((c for c, name in CODES.items() if name == word.strip().lower()), "")
    if not wanted:
        return None
    title = f"{wanted}: {CODES[wanted].replace('-', ' ')}"
    return Page(title, (CODES[wanted],), body(wanted))


def codes(rules_only: bool = False) -> Page:
    """Every code with its name, by group; of the rules of thumb how severe and whether on."""
    from convcalc.rules import BY_CODE  # sixteen modules, needed here alone

    groups = (
        ("CC0", "the file and its words"),
        ("CC1", "the net's arithmetic"),
        ("CC2", "rules of thumb"),
    )
    lines: list[str] = []
    for start, title in groups[2 if rules_only else 0 :]:
        lines += ["", f"{start}xx: {title}"]
        for word, name in CODES.items():
            if word.startswith(start):
                rule = BY_CODE.get(word)
                how = f"{rule.severity.value:<7}  {'on' if rule.on else 'off'}" if rule else ""
                lines.append(f"  {word}  {name:<26}  {how}".rstrip())
    lines += ["", "`convcalc explain CODE` has a page for each", ""]
    return Page("rules" if rules_only else "codes", (), "\n".join(lines[1:]))


def _read(file: str) -> Page:
    with open(os.path.join(_FOLDER, file), encoding="utf-8") as page:
        title, _, rest = page.read().partition("\n")
    also, _, body = rest.lstrip("\n").partition("\n")
    names = tuple(also.removeprefix(_ALSO).split(", ")) if also.startswith(_ALSO) else ()
    if "{{" in body:
        from convcalc.explain.counting import WIDTH, filled  # rules of all tools, for it alone

        unfilled = body.strip("\n") + "\n"
        own = filled(unfilled)
        narrower = partial(filled, unfilled, narrow=True)
        return Page(title.removeprefix("# "), names, own, narrower, WIDTH)
    return Page(title.removeprefix("# "), names, body.strip("\n") + "\n")


def one_word(words: str) -> str:
    """A term's name as one word, which leads to its page as well: ``receptive-field``."""
    return "-".join(words.lower().replace("_", " ").replace("-", " ").split())
