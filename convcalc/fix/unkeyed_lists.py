"""A list of layers below a block's arguments or a repeat's times, with its key `layers:`."""

import re

from convcalc.fix.record import Told
from convcalc.spec.edit import Edit, Editor
from convcalc.tree.unkeyed_list import ABOVE, UNDER

MISSING = re.compile(
    rf"(?:{re.escape(ABOVE)}([0-9]+)|{re.escape(UNDER)}`([^`]+):` alone in its line, and below it,"
    r" both in column ([0-9]+), `args: ([^`]+)` and `layers:`)\Z"
)
_MOST = 20  #: lines from the list up to the block's own


def with_layers(editor: Editor, line: int, found: re.Match[str]) -> list[Told]:
    """The edits that a help asks for at a line; [] where the layout forbids them."""
    column, block, deeper, value = found.groups()
    newline, text = editor.newline(), editor.text
    start = editor.starts[line - 1]
    if column:
        added = f"{' ' * (int(column) - 1)}layers:{newline}"
        return [("- ...", "layers: above the list", (Edit(start, start, added),))]
    own = re.compile(rf" *{re.escape(block)}:(?= )( +{re.escape(value)})[ \t]*(?:#.*)?\r?\n")
    below = f"{newline}{' ' * (int(deeper) - 1)}"
    for above in range(line - 2, max(line - 2 - _MOST, -1), -1):
        match = own.match(text, editor.starts[above])
        if match is not None:
            key = "" if text[start:].lstrip(" ").startswith("layers:") else f"{below}layers:"
            edit = Edit(*match.span(1), f"{below}args: {value}{key}")
            return [(f"{block}: {value}", "args: and layers: below it", (edit,))]
    return []
