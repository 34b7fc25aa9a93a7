"""Text that Markdown shows as it is."""

import re

#: what makes links, entities, tables or HTML; of a bare address what tells it from other text
_SPECIAL = re.compile(r"[\\`*_{}\[\]()<>#+!|~@&]|:(?=//)|(?<=www)\.", re.IGNORECASE)
#: what makes a mention or an address of mail, escaped or not: a comment has to part it
_PARTED = re.compile(r"(?<!\w)\\@|\\@(?=\S*\.)")


def escaped(text: str) -> str:
    """The text with every character escaped that makes links, mentions, tables or HTML.

    >>> escaped("a_b | c\\\\d")
    'a\\\\_b \\\\| c\\\\\\\\d'
    >>> print(escaped("https://a.example &lt; @b"))
    https\\://a.example \\&lt; \\@<!-- -->b
    """
    return _PARTED.sub(r"\g<0><!-- -->", _SPECIAL.sub(r"\\\g<0>", text))
