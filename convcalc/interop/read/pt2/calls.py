"""From the nodes of a program to what each call makes and lets go of."""

from convcalc.interop.names import few
from convcalc.interop.read.floats import PT2_FLOATS
from convcalc.interop.read.pt2.allocated import (
    base,
    is_alias,
    is_repeated,
    of_images,
    passing,
    unknown,
)
from convcalc.interop.read.pt2.recorded import Node, Recorded
from convcalc.interop.read.pt2.untrue import untrue
from convcalc.interop.trace.tensors import Trace
from convcalc.network.run import Call, Run, Storage

_PRODUCTS = frozenset({"linear", "matmul", "addmm", "_unsafe_view"})
_CLAMPS = frozenset({"clamp", "clamp_min"})
_TURNING = frozenset({"permute", "transpose", "mT", "movedim", "moveaxis", "swapaxes"})


def running(recorded: Recorded, trace: Trace) -> Run | None:
    """The run of a program, or of the part of it that is asked for; a sentence if it is unknown.

    All of a program runs, also what no output needs.
    """
    needed, outputs = None, tuple(recorded.outputs)
    if trace.ends_early:
        needed = frozenset(op.name for op in trace.ops)
        outputs = tuple(tensor.name for tensor in trace.outputs)
    try:
        found = run_of(recorded, outputs, needed)
    except (LookupError, TypeError, AttributeError, ArithmeticError, ValueError):
        found = None
        recorded.unknown["sizes that are not written as torch.export does"] = None
    if found is None:
        trace.unknown = (
            "the peak of inference is an estimate, that of the layers here: it is not known what "
            f"the program itself allocates with {few(recorded.unknown)}"
        )
    return found


def run_of(
    recorded: Recorded, outputs: tuple[str, ...], needed: frozenset[str] | None = None
) -> Run | None:
    """The run of a program in use; None where something of it is `unknown`.

    A storage is there until no name is left for it: of the tensor itself, and of its views.

    Args:
        recorded: the program.
        outputs: the tensors that its caller gets.
        needed: the names of the nodes that run; None for all of them.
    """
    nodes = [node for node in recorded.nodes if needed is None or node.name in needed]
    why = recorded.unknown
    why.update(dict.fromkeys(filter(None, map(unknown, nodes))))
    why.update(dict.fromkeys(filter(None, (untrue(recorded, node) for node in nodes))))
    stated = (recorded.lies(name) for node in nodes for name in node.outputs)
    if len({lies.dtype for lies in stated if lies and lies.dtype in PT2_FLOATS}) > 1:
        why["casts between floats"] = None
    if why:
        return None
    recorded.imagined = 1
    alone = _calls(recorded, nodes, outputs)
    recorded.imagined = 2
    calls, arrays = _calls(recorded, nodes, outputs), recorded.kept(nodes)
    if why:
        return None
    turned = _turned(recorded, nodes)
    keeps = next((node.name for node in nodes if _is_clamp(node)), "")
    once = () if alone == calls else alone
    inputs = tuple(recorded.other_inputs())
    return Run(calls, arrays, alone=once, turned=turned, inputs=inputs, keeps=keeps)


def _is_clamp(node: Node) -> bool:
    """Whether a call is a ReLU in its numbers, ``x.clamp(min=0)``, and no other call's."""
    return base(node) in _CLAMPS and node.value("min") == 0 and node.value("max") is None


def _turned(recorded: Recorded, nodes: list[Node]) -> str:
    """The first matrix product of all positions before a call that turns axes; '' for none."""
    product = ""
    for node in nodes:
        lies = recorded.lies(node.outputs[0]) if node.outputs else None
        if lies is None or len(lies.shape) < 3 or max(lies.shape[1:-1]) < 2:
            continue
        if node.target in _PRODUCTS:
            product = product or node.name
        elif product and node.target in _TURNING and node.x not in recorded.arrays:
            return product
    return ""


def _calls(recorded: Recorded, nodes: list[Node], outputs: tuple[str, ...]) -> tuple[Call, ...]:
    """What each node makes and lets go of, with the batch that is asked about."""
    of: dict[str, int] = {}
    until: list[int] = []
    made: list[tuple[Storage, ...]] = []
    beside: list[tuple[Storage, ...]] = []
    images = of_images(nodes)
    for at, node in enumerate(nodes):
        for name in node.reads:
            if name in of:
                until[of[name]] = at
        own: list[Storage] = []
        alias = is_alias(recorded, node, images)
        for name in node.outputs:
            if not alias:
                of[name] = len(until)
                until.append(at)
                own.append(recorded.storage(name, is_repeated(node, images)))
            elif node.x in of:
                of[name] = of[node.x]
        made.append(tuple(own))
        beside.append(() if alias else passing(recorded, node))
    for name in outputs:
        if name in of:
            until[of[name]] = len(nodes)
    frees: list[list[int]] = [[] for _ in range(len(nodes) + 1)]
    for storage, last in enumerate(until):
        frees[last].append(storage)
    calls = zip(nodes, made, beside, frees, strict=False)
    return tuple(Call(n.name, m, b, tuple(f)) for n, m, b, f in calls)
