"""Pages for words and codes: what a term means here, and what a finding's code is about."""

import os  # not pathlib: it costs 4 ms of start-up
from importlib import import_module
from typing import NamedTuple

from convcalc.findings import CODES

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "terms")
_ALSO = "Also: "


class Page(NamedTuple):
    """One page: its title, the other words that lead to it, and its text."""

    title: str
    also: tuple[str, ...]
    body: str


def term(words: str) -> Page | None:
    """The page of a term, by its title or one of its other names; None where there is none."""
    wanted = _key(words)
    direct = f"{wanted}.md"
    if wanted.replace("-", "").isalnum() and os.path.isfile(os.path.join(_FOLDER, direct)):
        return _read(direct)
    return next((page for page in terms() if wanted in map(_key, (page.title, *page.also))), None)


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
    return Page(title, (CODES[wanted],), _of_rule(wanted) or _unwritten(wanted))


def _of_rule(code: str) -> str:
    """The page that the rules hold for a code; '' where they hold none."""
    try:
        rules = import_module("convcalc.rules")
    except ModuleNotFoundError:
        return ""
    page = getattr(rules, "page", None)
    return str(page(code) or "") if page else ""


_FAMILIES = {
    "CC00": "The file cannot be read as a spec: its text or its YAML is at fault.",
    "CC01": "A word of the spec is unknown, missing, or has a value that cannot be.",
    "CC02": "A block, a pattern or a repeat is written in a way that has no meaning.",
    "CC10": "The arithmetic of one layer does not come out.",
    "CC11": "The arithmetic of one layer does not come out.",
    "CC12": "The way layers are joined asks for a second look.",
    "CC13": "A number that the file states does not hold.",
    "CC14": "A number is not known, and is shown as such.",
}


def _unwritten(code: str) -> str:
    """What is known of a code without a page of its own."""
    name = CODES[code].replace("-", " ")
    return (
        f"{_FAMILIES.get(code[:4], '')}\n\n"
        f"Each finding of this kind ({name}) says what is wrong with its own numbers,\n"
        "points at the place, and ends with help that can be typed in.\n"
    )


def _read(file: str) -> Page:
    with open(os.path.join(_FOLDER, file), encoding="utf-8") as page:
        title, _, rest = page.read().partition("\n")
    also, _, body = rest.lstrip("\n").partition("\n")
    names = tuple(also.removeprefix(_ALSO).split(", ")) if also.startswith(_ALSO) else ()
    return Page(title.removeprefix("# "), names, body.strip("\n") + "\n")


def _key(words: str) -> str:
    return "-".join(words.lower().replace("_", " ").replace("-", " ").split())
