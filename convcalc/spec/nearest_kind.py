"""What a word that is no kind is like, where it may be another layer's: ``gconv3-64``, ``apool2``.

Imported only where something is wrong.
"""

import re
from collections.abc import Collection

from convcalc.findings import plain
from convcalc.spec.nearforms import HEADS
from convcalc.spec.shortforms import expand
from convcalc.suggest import Suggestions

_LISTED = "`convcalc list --kinds` names the kinds"
_LIKE = 0.66  #: as near as a kind that is meant, but for letters that make another layer of it
_FORM = re.compile(r"([a-z_]+?)([-_]?[0-9].*)")


def near_by(word: str, names: Collection[str], suggest: Suggestions) -> tuple[str, ...]:
    """Help that names the nearest kind or short form, if there is one; no edit is made of it."""
    form = _FORM.fullmatch(word.lower())
    near = suggest.nearest(form[1], HEADS) if form else suggest.nearest(word, names, _LIKE)
    if form and near:
        near += form[2]
    if not near or (form and expand(near) is None):
        return (_LISTED,)
    return (f"no layer is called so, the nearest is `{plain(near)}`: {_LISTED}",)
