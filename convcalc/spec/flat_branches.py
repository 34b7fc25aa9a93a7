"""A flat list under `branches` that reads like one branch: it is as many branches, side by side.

Each entry of the list is a branch of its own, so a residual block's body that is listed without
brackets is a sum of as many layers, with the parameters and sizes of the block that was meant.
"""

from convcalc.findings import Severity, plain
from convcalc.layers.traits import Family
from convcalc.network.record import Branch, Step
from convcalc.network.remarks import Remarks
from convcalc.spec.as_text import entry_text
from convcalc.spec.context import Context, Entry
from convcalc.tree.nodes import Node, Scalar, Sequence

_LEAST = 3  #: two layers may well be two branches: a conv, and a norm or a relu as the skip
_CALLS = range(2, 4)  #: equal calls that are a body; as many more are the paths of a ResNeXt
_SHOWN = 8  #: layers that are written out
_WEIGHED = {Family.CONVOLUTION, Family.TRANSPOSED_CONVOLUTION, Family.FULLY_CONNECTED}


def report(
    node: Node,
    ends: tuple[Branch, ...],
    steps: list[Step],
    at: int,
    entry: Entry,
    context: Context,
    remarks: Remarks,
) -> None:
    """Warn of a list of bare layers, `ends`, that all read step `at` and look like one branch."""
    if not isinstance(node, Sequence) or "CC129" in context.ignore:
        return
    if entry.kind == "add" and len(node.items) in _CALLS:
        calls = equal_calls(node)
        if calls and all(steps[branch.end].units != context.units for branch in ends):
            _warn(calls, "equal calls", entry, context, remarks)
            return
    if len(node.items) < _LEAST:
        return
    named: list[str] = []
    families: list[Family] = []
    for item, branch in zip(node.items, ends, strict=True):
        step = steps[branch.end]
        if branch.end == at or step.kind == "identity":
            continue
        if isinstance(item, Sequence) or step.layer is None or step.inputs != (at,):
            return
        if step.units != context.units:  # a call of a block with one layer
            return
        named.append(plain(item.text) if isinstance(item, Scalar) else f"{step.kind}: {{...}}")
        families.append(step.layer.family)
    if len(named) < _LEAST or not _is_row(families):
        return
    _warn(named, "layers", entry, context, remarks)


def equal_calls(node: Sequence) -> list[str]:
    """The items of a list as they are written, where all are one entry again; [] for others.

    Beside each other they learn the same of the same input: one behind the other is meant.
    """
    texts = [entry_text(item) for item in node.items]
    return texts if texts[0] and len({*texts}) == 1 else []


def _warn(named: list[str], what: str, entry: Entry, context: Context, remarks: Remarks) -> None:
    """Warn of entries in a list that are branches, and name the list that has them in a row."""
    body = ", ".join([*named[:_SHOWN], *(["..."] if len(named) > _SHOWN else [])])
    help = (
        f"layers in a row are one branch: `branches: {{body: [{body}], skip: []}}`",
        "`ignore: [CC129]` beside it, where that is meant",
    )
    text = f"{len(named)} {what} in a list are {len(named)} branches: none reads the one before it"
    label, calls = "side by side", context.calls
    remarks.error("CC129", text, entry.at, label, help, (), calls, None, Severity.WARNING)


def _is_row(families: list[Family]) -> bool:
    """Whether norms and activations stand among layers with weights as they do in a row.

    Alone, each of them is a branch that hardly anybody means; one norm is (RepVGG, Ding et al.
    2021, adds two convs and a batch norm), and so are activations beside each other.
    """
    weighed = [i for i, family in enumerate(families) if family in _WEIGHED]
    between = families[weighed[0] : weighed[-1]] if weighed else []
    small = sum(family in {Family.NORM, Family.ACTIVATION} for family in families)
    return bool(weighed) and (small > 1 or Family.ACTIVATION in between)
