"""The nodes of an ONNX graph in an order in which they can run."""

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.onnx.proto import Model, OnnxNode


def in_order(model: Model, known: set[str]) -> list[OnnxNode]:
    """The nodes so that each comes after what it reads.

    Raises:
        UnreadableError: one reads what no node produces, they form a circle, or one is made twice.
    """
    makers: dict[str, int] = {}
    for i, node in enumerate(model.nodes):
        for output in node.outputs:
            if output and (output in makers or output in known):
                raise UnreadableError(f"tensor {plain(output[:200])} is made twice")
            if output:
                makers[output] = i
    for node in model.nodes:
        for name in node.inputs:
            if name and name not in makers and name not in known:
                text = f"reads {plain(name[:200])}, which no node produces"
                raise UnreadableError(f"node {plain(node.name)} {text}")
    waiting: list[set[int]] = []
    readers: dict[int, list[int]] = {}
    for i, node in enumerate(model.nodes):
        needs = {makers[name] for name in node.inputs if name in makers}
        waiting.append(needs)
        for j in needs:
            readers.setdefault(j, []).append(i)
    ready = [i for i, needs in enumerate(waiting) if not needs]
    ready.reverse()
    ordered: list[int] = []
    while ready:
        i = ready.pop()
        ordered.append(i)
        for j in readers.get(i, ()):
            waiting[j].discard(i)
            if not waiting[j]:
                ready.append(j)
    if len(ordered) < len(model.nodes):
        left = min(set(range(len(model.nodes))) - set(ordered))
        node = model.nodes[left]
        raise UnreadableError(f"the nodes form a circle: {plain(node.name)} waits for itself")
    if sorted(ordered) != ordered and all(
        makers[name] < i
        for i, node in enumerate(model.nodes)
        for name in node.inputs
        if name in makers
    ):
        return list(model.nodes)  # in the file's own order wherever that is one
    return [model.nodes[i] for i in ordered]
