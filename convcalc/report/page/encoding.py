"""Data for a page: JSON that is safe inside HTML, with numbers that a script reads exactly."""

from typing import Any

from convcalc.escape import plain
from convcalc.report.drawing.encode import encoded_tight

_EXACT = 2**53  #: from here on JavaScript's numbers leave integers out


def embedded(value: object) -> str:
    """A value as JSON for a script element.

    No text in it can end the element or begin a comment; hidden characters are shown as
    ``<U+XXXX>``; integers that JavaScript would round are strings of digits.

    >>> embedded(["</script>", 2**60])
    '["\\\\u003c/script\\\\u003e","1152921504606846976"]'
    """
    text = encoded_tight(_safe(value))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return "\n".join(map(plain, value.split("\n")))
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return value
    if isinstance(value, int):
        return value if -_EXACT < value < _EXACT else str(value)
    if isinstance(value, dict):
        return {plain(str(key)): _safe(part) for key, part in value.items()}
    return [_safe(part) for part in value]


class Words:
    """Texts that occur often, each written once: `number` gives a text's place in `all`."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self._places: dict[Any, int] = {}

    def number(self, text: Any) -> int:
        """The place of a text, or of another value that can be a key."""
        place = self._places.setdefault(text, len(self.all))
        if place == len(self.all):
            self.all.append(text)
        return place
