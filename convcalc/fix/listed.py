"""A branch that is one layer, as a list of two."""

from bisect import bisect_right

from convcalc.spec.edit import Edit, Editor
from convcalc.tree.nodes import Mapping


def listed(
    editor: Editor, item: Mapping, without: tuple[Edit, ...], layer: str, comment: str
) -> tuple[Edit, ...]:
    """A list of an entry and a layer in place of the entry, in its layout.

    Args:
        editor: knows the text.
        item: the entry.
        without: what takes out the key that the layer is in place of; () where that cannot be.
        layer: as an entry of a list.
        comment: what goes with it, where it has a line.
    """
    start, end = editor.start(item), editor.end(item)
    if not without:
        return ()
    if "\n" not in editor.text[start:end] or editor.is_flow(item):
        entry = f"{{{layer}}}" if ": " in layer else layer
        return (Edit(start, start, "["), *without, Edit(end, end, f", {entry}]"))
    first, last = bisect_right(editor.starts, start), bisect_right(editor.starts, end)
    begin = editor.starts[first - 1]
    if "\t" in editor.text[begin:start]:
        return ()
    column, newline = start - begin, editor.newline()
    deeper = [
        Edit(at, at, "  ")
        for at in editor.starts[first:last]
        if editor.text[at : at + 1] not in {"", "\r", "\n"}
        and not any(edit.start <= at < edit.end for edit in without)
    ]
    stop = editor.starts[last] if last < len(editor.starts) else len(editor.text)
    line = f"{' ' * column}- {layer}{comment}"
    ended = editor.text[:stop].endswith("\n")
    more = Edit(stop, stop, f"{line}{newline}" if ended else f"{newline}{line}")
    return (Edit(start, start, "- "), *deeper, *without, more)
