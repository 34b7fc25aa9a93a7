"""What others wrote, on its way to a terminal or a log: shown, never obeyed.

Terminals obey escape sequences, editors and browsers bidi controls, GitHub and Azure lines that
begin with ``::`` and the word ``##[...]`` anywhere in one. Names of files, of arrays and of layers,
messages of other programs and texts of specs may hold any of them.
"""

import re

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SHOWN = bytes([10, *range(32, 127)])  #: the line's end, and what ASCII prints
# patterns are compiled when a text first asks for them: most never do
_COMMAND = r"##([A-Za-z]*)\["
_LINE_COMMAND = r"(?m)^(\s*(?:\x1b\[[0-9;]*m\s*)*)::"
_COLOUR = r"(\x1b\[[0-9;]*m)"
_LONGEST = 150  #: letters of an answer at Python's prompt
_HIDDEN_IN_JSON = "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"


def is_hidden(character: str) -> bool:
    """Whether a character is a control or bidi control that must not reach an output."""
    import unicodedata  # plain ASCII, which is most text, never gets here

    return (
        unicodedata.category(character) in {"Cc", "Cs"}
        or character in _BIDI
        or (character in "\u2028\u2029\ufeff")
    )


def _is_unseen(character: str) -> bool:
    """Whether a character takes no room: two names may differ in nothing else.

    Joiners pass: emoji and the scripts of several languages are written with them.
    """
    import unicodedata

    return unicodedata.category(character) == "Cf" and character not in "\u200c\u200d"


def plain(text: str) -> str:
    """A text for one line; control, bidi and zero-width characters are shown as ``<U+XXXX>``.

    >>> plain("a\\x1b[2J")
    'a<U+001B>[2J'
    """
    if "##" in text:
        text = re.sub(_COMMAND, r"##\1<U+005B>", text)
    if text.isprintable():  # neither controls nor formats, among them bidi controls
        return text
    return "".join(f"<U+{ord(c):04X}>" if is_hidden(c) or _is_unseen(c) else c for c in text)


def shown(value: object) -> str:
    """A value of any kind as a message quotes it, however long it is and whatever its repr does.

    >>> shown("a"), shown([0] * 99)
    ("'a'", '[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 ...')
    """
    try:
        text = repr(value)
    except Exception:  # of a class of the caller's, or an integer too long to be written
        return f"a value of type {type(value).__name__}"
    return text if len(text) <= 120 else f"{text[:79]}..."


def one_line(text: str) -> str:
    """The beginning of a text, for the `repr` of an answer at Python's prompt.

    >>> one_line("two\\nlines")
    'two lines'
    """
    return " ".join(plain(text[: 4 * _LONGEST].replace("\n", " ")).split())[:_LONGEST]


def plain_line(text: str) -> str:
    """A text for a line of its own, which is no command for it either.

    >>> plain_line("::error::a")
    '<U+003A>:error::a'
    """
    return re.sub(_LINE_COMMAND, r"\1<U+003A>:", plain(text))


def plain_report(text: str, commands: bool = False) -> str:
    """A report of many lines: its own line ends and colours pass, and nothing else that acts.

    Args:
        text: the report; what it quotes should be `plain` already.
        commands: whether lines that begin with ``::`` are meant.
    """
    if not commands and "::" in text:
        text = re.sub(_LINE_COMMAND, r"\1<U+003A>:", text)
    parts = re.split(_COLOUR, text) if "\x1b" in text else [text]
    parts[::2] = [_plain_lines(part) for part in parts[::2]]
    return "".join(parts)


def _plain_lines(text: str) -> str:
    if "##" not in text:
        if text.isascii():  # of most reports: half the work
            hides = bool(text.encode().translate(None, _SHOWN))
        else:
            hides = not text.replace("\n", "").isprintable()
        if not hides:
            return text
    return "\n".join(map(plain, text.split("\n")))


def plain_json(text: str) -> str:
    r"""JSON with hidden characters as ``\uXXXX``, which mean the same to its readers."""
    if text.isascii() and "\x7f" not in text:
        return text
    return re.sub(_HIDDEN_IN_JSON, lambda found: f"\\u{ord(found[0]):04x}", text)
