"""Characters that look like others: letters of other alphabets, spaces that are none to YAML.

Imported only where something is wrong.
"""

import unicodedata

from convcalc.findings import plain

#: quotes of print, which YAML takes for letters
QUOTES = "\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u00b4`"


def odd_character(word: str) -> str:
    """The first character of a word that is not what it looks like; '' where there is none.

    >>> odd_character("r\u0435lu")
    'letter 2 is Cyrillic (U+0435)'
    """
    for number, character in enumerate(word[:200], 1):
        if character.isascii():
            continue
        point = f"U+{ord(character):04X}"
        if character.isspace():
            return f"character {number} is a no-break or other special space ({point})"
        script, _, rest = unicodedata.name(character, "").partition(" ")
        if character.isalpha() and "LETTER" in rest:
            return f"letter {number} is {script.capitalize()} ({point})"
        return f"character {number} is {point}, {unicodedata.name(character, 'unnamed').lower()}"
    return ""


def meant(close: str, word: str) -> tuple[str, ...]:
    """What was probably meant by a word, and the character in it that is not what it looks like."""
    odd = odd_character(word)
    if not close:
        return (odd,) if odd else ()
    return (f"did you mean `{plain(close)}`?{f' {odd}' if odd else ''}",)
