"""Lines of a program that apply layers: ``x = F.relu(self.conv1(x))``, ``Add()([x, y])``.

Imported only where something is wrong.
"""

import re

from convcalc.dialects import Known, kind
from convcalc.findings import brief
from convcalc.layers import MERGES

_CALL = re.compile(r"(?:\w+\s*=\s*)?((?:\w+\.)*)(\w+)\s*\((.*)", re.S)
_OWN = re.compile(r"(?:\w+\s*=\s*)?self\.([A-Za-z_]\w*)\s*\(")
_INNER = re.compile(r"\w\s*\([^()]*\)")
_LISTED = re.compile(r"[(\[]\s*((?:[A-Za-z_]\w*\s*,\s*)+[A-Za-z_]\w*)\s*,?\s*[)\]]")
_PLAIN = re.compile(r"\s*((?:[A-Za-z_]\w*\s*,\s*)+[A-Za-z_]\w*)\s*\)")


def help(call: str, known: Known) -> tuple[str, ...]:
    """What to type for a call of layers on volumes; () for one that makes a layer.

    >>> from convcalc.spec.foreign.asked import KINDS
    >>> help("torch.cat([a, b], dim=1)", KINDS)
    ('a merge reads layers by their names: `concat:` and on its own line below it `from: [a, b]`',)
    """
    match = _CALL.match(call[:_LONGEST].strip())
    if match is None:
        return ()
    module, word, inside = match.groups()
    meant = kind(word, known)
    if meant in MERGES:
        names = _LISTED.search(inside) or _PLAIN.match(inside)
        if not names and word.islower() and "cat" not in word:
            return ()  # torch.sum(x, dim=1)
        read = ", ".join(re.split(r"\s*,\s*", names[1])) if names else "a, b"
        line = f"`{meant}:` and on its own line below it `from: [{brief(read)}]`"
        return (f"a merge reads layers by their names: {line}",)
    own = _OWN.search(call[:_LONGEST])
    if own and module == "self.":
        name = brief(own[1])
        sample = f"`- conv3-64:`, and `name: {name}` below it"
        return (f"the layer that the class makes as self.{name} stands here: such as {sample}",)
    if word.islower() and _INNER.search(inside) and not inside.startswith(")"):
        first = f" (`self.{brief(own[1])}` first)" if own else ""
        return (f"one call within another is two layers, the inner one above the other{first}",)
    return ()


_LONGEST = 300
