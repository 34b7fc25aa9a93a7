"""A branch named by what it reads, ``skip: input``: that of nothing but the input is ``[]``.

Imported only where a branch is a word that is no layer.
"""

from typing import TYPE_CHECKING

from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.network.record import INPUT
from convcalc.spec.context import Context
from convcalc.spec.shortforms import expand
from convcalc.tree.nodes import Mapping, Node, Passed, Scalar, Sequence

if TYPE_CHECKING:
    from convcalc.spec.steps import Steps

#: what arrives at a branch, in the words of other files and of code
_ARRIVING = frozenset({
    "", "-", "0", "above", "copy", "empty", "false", "id", "in", "inp", "itself", "none", "nothing",
    "null", "original", "pass", "passthrough", "prev", "previous", "residual", "same", "self",
    "start", "through", "true", "x",
})  # fmt: skip
_NETS = frozenset({INPUT, "inputs"})  #: the net's input, or what arrives at the branch
#: in a block's body as likely what arrives at the block
_AT_THE_BLOCK = _NETS | {"in", "inp", "original", "residual", "self", "start", "x"}


def report(
    steps: "Steps", kind: str, name: str, node: Node, context: Context, at: int
) -> int | None:
    """Report a branch that is a word for what it reads; None for any other branch.

    `at` is the step that arrives at the merge of this `kind`; it is what such a branch gives.
    """
    if isinstance(node, Mapping):
        return _from_alone(steps, node, context, at)
    listed = isinstance(node, Sequence) and len(node.items) == 1
    word = node.items[0] if isinstance(node, Sequence) and listed else node
    if not isinstance(word, Scalar) or isinstance(word, Passed):
        return None
    text, arriving = word.text, steps.graph.steps[at]
    if steps.is_kind(text) or expand(text) or (text in _NETS and arriving.kind == INPUT):
        return None
    found = steps.names.find(context.frame, text)
    own = found == at or (found is None and text.lower() in _ARRIVING)
    if not own and text not in _NETS:
        return None
    rule = f"a branch that is the input itself is `{plain(name)}: []`"
    help: tuple[str, ...] = (f"did you mean `{'identity' if listed else '[]'}`?", rule)
    if name.startswith("branch "):
        help = (help[0], "a branch that is the input itself is `[]`")
    source = steps.graph.steps[found or 0]
    sums = kind in BY_NAME and BY_NAME[kind].commutes
    nets = not own and not (sums and source.output != arriving.output)
    if nets:
        net = "the net's input, behind other layers, is `{identity: , from: input}`"
        help = (help[1], net)
    prefix = context.frame.prefix
    if prefix and arriving.name.startswith(prefix) and text.lower() in _AT_THE_BLOCK:
        help = _in_a_block(kind, arriving.name.removeprefix(prefix), help[1:] if nets else ())
    code, message = "CC011", f"unknown layer kind {plain(text)!r}"
    if text in _NETS:
        code, message = "CC021", "input must come first"
    steps.remarks.error(code, message, word, "", help, calls=context.calls)
    return at


def _in_a_block(kind: str, above: str, nets: tuple[str, ...]) -> tuple[str, ...]:
    """Help for a merge that is not the first entry of its block: what is meant is not certain."""
    return (
        f"what arrives at the {kind}, which is {plain(above)}, is `[]`",
        f"what arrives at the block is `[]` too, with the {kind} as the first layer of the block "
        "and the layers above it moved into its other branch; or `- {identity: , name: start}` as "
        "the first layer, and `{identity: , from: start}` here",
        *nets,
    )


def _from_alone(steps: "Steps", node: Mapping, context: Context, at: int) -> int | None:
    """``skip: {from: conv1}``, a layer that is read and no layer that reads it."""
    key, value = node.entries["from"]
    if not isinstance(value, Scalar):
        return None
    name = value.text
    own = steps.names.find(context.frame, name) == at
    help = f"{plain(name)} arrives here: `[]`" if own else _IDENTITY.format(plain(name))
    text = "this entry has no layer kind"
    steps.remarks.error("CC019", text, key, "", (help,), calls=context.calls)
    return at


_IDENTITY = "a branch that is another layer is `[{{identity: , from: {}}}]`"
