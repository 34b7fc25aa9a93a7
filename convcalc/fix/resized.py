"""The shape of an input, written anew where it is."""

from convcalc.shapes import Shape, axis_names, written
from convcalc.spec.edit import CannotEditError, Edit, Editor
from convcalc.tree.nodes import Mapping, Node


def resized(editor: Editor, node: Node, shape: Shape) -> tuple[Edit, ...]:
    """The edits that write an input anew, in its own form: ``32x32x3``, or a key for each size.

    Raises:
        CannotEditError: it is written otherwise, by a formula or an alias.
    """
    if isinstance(node, Mapping):
        names = (*axis_names(len(shape) - 1), "channels")
        values = [node.get(name) for name in names]
        return tuple(
            editor.replaced(value, str(size))
            for value, size in zip(values, shape, strict=True)
            if value is not None
        )
    edit = editor.replaced(node, written(shape))
    if "x" not in editor.text[edit.start : edit.end]:
        raise CannotEditError("the input is not written as HxWxC")
    return (edit,)
