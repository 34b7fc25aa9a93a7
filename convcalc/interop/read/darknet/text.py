"""darknet's text: sections in order, each with its line and its options."""

from typing import NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError

MOST_BYTES = 2**20

_MOST_SECTIONS = 20_000


class Section(NamedTuple):
    """One section: its name, its line, and its options."""

    name: str
    line: int
    options: dict[str, str]
    """By name what stands behind the `=`, a remark too: darknet knows none there."""
    repeated: list[str]
    """Options that it states again with another value: darknet takes the first."""


#: what darknet takes out of a line, within words as well; any other blank is part of a word
_BLANKS = str.maketrans("", "", " \t\r")
#: options whose numbers are as many as their text has commas
_LISTS = frozenset({"layers", "from"})


def sections(text: str) -> list[Section]:
    """The sections of a file.

    Raises:
        UnreadableError: a line is no section, option or remark.
    """
    found: list[Section] = []
    for number, raw in enumerate(text.split("\n"), 1):  # as darknet: no other sign ends a line
        line = raw.translate(_BLANKS)
        if "\0" in line:  # where C ends its texts: the next line is added to this one
            raise UnreadableError(f"line {number}: a NUL within the line")
        if not line or line[0] in "#;":
            continue
        if "\r" in raw.rstrip("\r"):  # which not every darknet takes out
            raise UnreadableError(f"line {number}: a carriage return within the line")
        if line[0] == "[":
            if not line.endswith("]") or len(line) > 80:
                raise UnreadableError(f"line {number}: a section has no closing bracket")
            found.append(Section(line[1:-1], number, {}, []))
            if len(found) > _MOST_SECTIONS:
                raise UnreadableError(f"more than {_MOST_SECTIONS:,} sections")
            continue
        key, equals, value = line.partition("=")
        if not equals or not found:
            raise UnreadableError(f"line {number}: {plain(line[:60])!r} is not `option=value`")
        if not value:  # darknet does not take the line
            continue
        section = found[-1]
        stated, _, remark = value.partition("#")
        if key in _LISTS and "," in remark:
            text = f"line {number}: darknet counts the commas of the remark behind {plain(key)} too"
            raise UnreadableError(f"{text}: move it to a line of its own")
        if section.options.setdefault(key, value).partition("#")[0] != stated:
            section.repeated.append(key)
    return found
