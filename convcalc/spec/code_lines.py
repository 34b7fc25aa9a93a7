"""Lines of a program below `layers:`, without dashes: ``self.conv1 = nn.Conv2d(3, 6, 5)``.

YAML makes one text of them, in which ``self.conv1`` and ``=`` would be layers. Imported only where
something is wrong.
"""

import re
from collections.abc import Container
from itertools import pairwise

from convcalc.findings import plain
from convcalc.network.graph import is_name
from convcalc.spec import options_behind
from convcalc.spec.blocks import Blocks
from convcalc.spec.pattern_hints import Fault, assigned, fault
from convcalc.tree.folded import Folded
from convcalc.tree.nodes import Scalar

_CODE = re.compile(r"[()=]")
_ENTRY = re.compile(r"(?:did you mean|write|in a list of layers it is) `(?:- )?([^`]+)`[?]?")
_TARGET = re.compile(r"([A-Za-z_][\w.]*+)\s*=\s*+", re.ASCII)
_APPLIED = re.compile(r"\(\s*([A-Za-z_]\w*)\s*\)\Z", re.ASCII)
_MOST = 20  #: lines that are answered


def each(node: Scalar, blocks: Blocks, variables: Container[str]) -> list[Fault]:
    """The faults of a text with `=`: options behind its layers, or lines of code; [] for others."""
    behind = [*options_behind.found(node.text, blocks)]
    if behind or not isinstance(node, Folded) or "(" not in node.text:
        return behind
    return faults(node, blocks, variables)


def faults(node: Folded, blocks: Blocks, variables: Container[str]) -> list[Fault]:
    """The faults of a text of which every line of code makes one volume; [] for any other.

    A call whose name is that of the volume itself follows the line above. Of others, such as
    ``self.pool``, nobody knows where they are called: no edit is made.
    """
    text = node.text
    starts = [match.start() for match in re.finditer(r"\S+", text)]
    begins = [at for at in starts if not at or node.starts_line(node.place(at))]
    found: list[Fault] = []
    above = ""
    for begin, end in pairwise([*begins, len(text)]):
        line = text[begin:end].rstrip()
        if not _CODE.search(line):
            continue
        name, call = assigned(line)
        target = _TARGET.match(line)
        if target is None or not call or not line.startswith(call, target.end()):
            return []
        if len(found) == _MOST:
            continue
        told = fault(text, begin + target.end(), blocks, variables, True)
        help = tuple(_as_entry(one, name) for one in told.help[:1]) if name else told.help
        applied = _APPLIED.search(line)
        if above and applied and applied[1] != above:  # it reads another volume than the last
            help = tuple(re.sub("did you mean (`.*`)[?]", r"write \1", one) for one in help)
        above = target[1]
        found.append(Fault(told.message, begin, len(line), help, 0))
    return found


def _as_entry(line: str, name: str) -> str:
    """The help for a layer as an entry of a list, with its name."""
    entry = _ENTRY.search(line)
    if entry is None:
        return line
    layer = f"{entry[1]}{'' if ':' in entry[1] else ':'}"
    named = f", and `name: {name}` below it" if is_name(name) else ""
    return f"layers are a list, each with its own `- `: `- {plain(layer)}`{named}"
