"""Several keys of one mapping that are one key here: ``{top: 1, right: 2}`` as ``sides: [...]``."""

import re

from convcalc.fix.removed import gone
from convcalc.spec.edit import Edit, Editor
from convcalc.tree.nodes import Mapping

#: the help of them: what is written, and each key with its value that it is in place of
AS_ONE = re.compile(
    r"write `(\w+: [^`]+)` in place of (`\w+: [^`]+`(?:,? (?:and )?`\w+: [^`]+`)+)\Z"
)
_KEY = re.compile(r"`(\w+): [^`]+`")


def as_one(editor: Editor, mapping: Mapping, keys: str, text: str) -> tuple[Edit, ...]:
    """A text in place of the first of several keys with its value, without the others.

    () where a comment would be lost.
    """
    words = _KEY.findall(keys)
    parts = [(editor.start(at), editor.end(value)) for at, value in mapping.entries.values()]
    named = dict(zip(mapping.entries, parts, strict=True))
    if not named.keys() >= {*words}:
        return ()
    if editor.is_flow(mapping):
        start, end = parts[0][0], parts[-1][1]
        kept = {**{word: editor.text[a:b] for word, (a, b) in named.items()}, words[0]: text}
        inside = ", ".join(own for word, own in kept.items() if word not in words[1:])
        return () if re.search("[#\n]", editor.text[start:end]) else (Edit(start, end, inside),)
    places = [[*named].index(word) for word in words[1:]]
    others = [gone(editor, parts, place, False, "", False) for place in places]
    if not all(others):
        return ()
    return (Edit(*named[words[0]], text), *(edit for one in others for edit in one))
