"""Names that a layer cannot have, as it can: ``my conv`` as ``my_conv``.

Imported only where something is wrong.
"""

import re
import unicodedata

from convcalc.network.graph import is_name
from convcalc.spec.spelled_names import spelled
from convcalc.tree.scalars import AmbiguousError, resolve

_LONGEST = 120  #: letters of a name that is answered
#: Cyrillic and Greek as passports and maps have them, in the order of their alphabets
_CYRILLIC = "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya e ye i yi g"
_GREEK = "a b g d e z i th i k l m n x o p r s s t y f ch ps o"
_SMALL = {
    **{"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d"},
    **dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюяёєіїґ", _CYRILLIC.split(), strict=True)),
    **dict(zip("αβγδεζηθικλμνξοπρςστυφχψω", _GREEK.split(), strict=True)),
}
_LETTERS = {
    ord(letter): text.strip("-")
    for small, own in _SMALL.items()
    for letter, text in ((small, own), (small.upper(), own.capitalize()))
    if len(letter) == 1
}


def legal(name: str) -> str:
    """The nearest name that a layer can have; '' where none says the same.

    >>> legal("my conv"), legal("größe"), legal("conv#1"), legal("\\u5377\\u79ef")
    ('my_conv', 'grosse', 'conv_1', 'conv')
    >>> legal("\\u0441\\u043b\\u043e\\u04391"), legal("\\u03c3\\u03c4\\u03c1\\u03ce\\u03bc\\u03b1")
    ('sloy1', 'stroma')
    """
    if len(name) > _LONGEST:
        return ""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name).translate(_LETTERS))
    plain = unicodedata.normalize("NFKD", spelled(plain.translate(_LETTERS)))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if sum(not letter.isascii() for letter in plain) > len(plain) // 3:
        return ""
    found = re.sub(r"[^A-Za-z0-9_./-]+", "_", plain).strip("_")
    try:
        as_text = isinstance(resolve(found), str)
    except AmbiguousError:
        return ""
    return found if as_text and is_name(found) and re.search("[A-Za-z]", found) else ""
