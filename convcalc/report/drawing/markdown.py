"""Text that Markdown shows as it is."""

_SPECIAL = frozenset("\\`*_{}[]()<>#+!|~@")


def escaped(text: str) -> str:
    """The text with every character escaped that makes links, mentions, tables or HTML.

    >>> escaped("a_b | c\\\\d")
    'a\\\\_b \\\\| c\\\\\\\\d'
    """
    return "".join(f"\\{c}" if c in _SPECIAL else c for c in text)
