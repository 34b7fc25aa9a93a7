"""Keys of a terminal: what is read at once may hold several."""

import re

#: One key: an escape sequence of a terminal, a key of Windows in two parts, or a letter.
_KEY = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])|[\xe0\x00].|.", re.DOTALL)


def pressed(read: str) -> list[str]:
    """The keys of what was read, in order: an arrow is several characters."""
    return _KEY.findall(read)
