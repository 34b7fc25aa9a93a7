"""`weights:` beside a block call: its layers share the parameters of another call's, one by one.

A siamese net is two calls of one block: the second learns nothing of its own.
"""

from collections.abc import Iterator

from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.network.record import INPUT, Step
from convcalc.spec.context import Context
from convcalc.spec.names import Frame
from convcalc.spec.steps import Steps
from convcalc.spec.values import NoValueError
from convcalc.tree.nodes import Node


def share(steps: Steps, node: Node, name: str, first: int, context: Context, at: int) -> None:
    """Let the layers of a call, from step `first` on, share those of the call that `node` names.

    Args:
        steps: those of the file, the call's last.
        node: the value of `weights`.
        name: the full name of the call.
        first: the call's first step.
        context: where the call is.
        at: the step that it reads.
    """
    try:
        value = steps.reader(context, at, None, True).value(node)
    except NoValueError:
        return
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        _refuse(steps, node, context, "weights takes the name of one block call")
        return
    if f"{context.frame.prefix}{value}{context.suffix}" == name:
        _refuse(steps, node, context, f"{plain(str(value))} is this call itself")
        return
    found = steps.beside.reference(value, node, context, made=True)
    if found is None:
        return
    owner = _call(steps, str(value), found, context)
    if owner is None:
        if _is_unread_call(steps.graph.steps[found]):
            return  # why that call could not be read is reported there
        text = f"{plain(str(value))} is not a block call: a call shares the weights of another call"
        if _is_empty(steps, str(value), found, context):
            if first >= len(steps.graph.steps):
                return  # neither call makes a layer: nothing is shared, nothing is missing
            text = f"{plain(str(value))} makes no layer here: it has no weights to share"
        _refuse(steps, node, context, text)
        return
    known = steps.graph.steps
    owned = {known[index].name[len(owner) + 1 :]: index for index in _layers(known, owner, found)}
    for index in range(first, len(known)):
        step = known[index]
        if step.layer is None or not step.layer.has_weights:
            continue
        inner = step.name[len(name) + 1 :]
        other = owned.get(inner)
        if other is None or known[other].kind != step.kind:
            _refuse(steps, node, context, _lacks(owner, name, inner, step, other))
            return
        known[index] = step._replace(shares=other)


def _call(steps: Steps, reference: str, found: int, context: Context) -> str | None:
    """The full name of the block call that a reference means; None where it means a layer."""
    for full in _names(steps, reference, found, context):
        for unit in steps.graph.steps[found].units:
            same = full in steps.names.aliases and unit.rpartition(".")[0] == full
            if unit == full or same:
                return unit
    return None


def _is_empty(steps: Steps, reference: str, found: int, context: Context) -> bool:
    """Whether a reference is the name of an entry that makes no layer: it leads to one above."""
    full = next(_names(steps, reference, found, context), "")
    return full != "" and not f"{steps.graph.steps[found].name}.".startswith(f"{full}.")


def _names(steps: Steps, reference: str, found: int, context: Context) -> Iterator[str]:
    """The full names by which a reference leads to a step, innermost block first."""
    scope: Frame | None = context.frame
    while scope is not None:
        full = f"{scope.prefix}{reference}"
        if steps.names.names.get(full) == found:
            yield full
        scope = scope.parent


def _is_unread_call(step: Step) -> bool:
    """Whether a step stands for an entry that could not be read and may be a block call."""
    return step.layer is None and step.kind != INPUT and step.kind not in BY_NAME


def _layers(known: list[Step], owner: str, within: int) -> range:
    """The layers of a call: they follow one another."""
    first, end = within, within + 1
    while owner in known[first - 1].units:
        first -= 1
    while end < len(known) and owner in known[end].units:
        end += 1
    return range(first, end)


def _lacks(owner: str, name: str, inner: str, step: Step, other: int | None) -> str:
    if other is None:
        return f"{owner} has no layer {inner}, whose weights {name}.{inner} would share"
    return f"{owner}.{inner} is another kind than {name}.{inner}, a {step.kind}"


def _refuse(steps: Steps, node: Node, context: Context, text: str) -> None:
    node = steps.beside.written(node, "", context)
    help = ("`weights:` beside a block call names an earlier call of the same block",)
    steps.remarks.error("CC123", text, node, "", help, calls=context.calls)
