"""Text that Markdown shows as it is."""

import re

#: what makes links, entities, tables or HTML; of a bare address what tells it from other text
_SPECIAL = re.compile(r"[\\`*_{}\[\]()<>#+!|~@&]|:(?=//)|(?<=www)\.", re.IGNORECASE)
#: what makes a mention, an address of mail or an emoji, escaped or not: a comment has to part it
_PARTED = re.compile(r"(?<!\w)\\@|\\@(?=[^\s@]*\.)|:(?=(?:\w|\\[+_-]|-)+:)")
_FORMULA = "<span>$</span>"  #: a dollar that begins no formula, as GitHub's documentation has it


def escaped(text: str) -> str:
    """The text with every character escaped that makes links, mentions, formulas, tables or HTML.

    >>> escaped("a_b | c\\\\d")
    'a\\\\_b \\\\| c\\\\\\\\d'
    >>> print(escaped("https://a.example &lt; @b"))
    https\\://a.example \\&lt; \\@<!-- -->b
    """
    parted = _PARTED.sub(r"\g<0><!-- -->", _SPECIAL.sub(r"\\\g<0>", text))
    return parted.replace("$", _FORMULA)
