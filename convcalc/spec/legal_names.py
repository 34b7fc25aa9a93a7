"""Names that a layer cannot have, as it can: ``my conv`` as ``my_conv``.

Imported only where something is wrong.
"""

import re
import unicodedata

from convcalc.network.graph import is_name
from convcalc.tree.scalars import AmbiguousError, resolve

_LONGEST = 120  #: letters of a name that is answered
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d"})


def legal(name: str) -> str:
    """The nearest name that a layer can have; '' where none says the same.

    >>> legal("my conv"), legal("größe"), legal("conv#1"), legal("\\u5377\\u79ef")
    ('my_conv', 'grosse', 'conv_1', '')
    """
    if len(name) > _LONGEST:
        return ""
    plain = unicodedata.normalize("NFKD", name)
    plain = plain.translate(_LETTERS)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if sum(not letter.isascii() for letter in plain) > len(plain) // 3:
        return ""
    found = re.sub(r"[^A-Za-z0-9_./-]+", "_", plain).strip("_")
    try:
        as_text = isinstance(resolve(found), str)
    except AmbiguousError:
        return ""
    return found if as_text and is_name(found) and re.search("[A-Za-z]", found) else ""
