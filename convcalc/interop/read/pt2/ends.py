"""Where an exported program ends: what it gives back, and what it leaves in its module."""

from typing import Any

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.pt2.recorded import Recorded
from convcalc.interop.read.pt2.returned import returned
from convcalc.interop.read.pt2.written_into import Storages
from convcalc.interop.trace.tensors import Trace

#: outputs of a decomposed graph that no caller gets: PyTorch writes them over what they are of
_UPDATES = frozenset({"buffer_mutation", "parameter_mutation"})
_NAMES = ("buffer_name", "parameter_name")


def end(
    trace: Trace, module: Any, outputs: list[Any], recorded: Recorded, storages: Storages
) -> None:
    """The outputs of a program, and what updates its arrays, once all calls are there.

    Args:
        trace: the net, which is given both.
        module: the `graph_module` of the file.
        outputs: those of its graph, once graphs within it are entered.
        recorded: the program, which is given them by name.
        storages: what its names stand for.

    Raises:
        UnreadableError: one is made by no call, or there is none.
    """
    storages.settle()
    specs = module["signature"].get("output_specs")
    specs = specs if isinstance(specs, list) and len(specs) == len(outputs) else [{}] * len(outputs)
    names = returned(module, len(outputs))
    for output, said, spec in zip(outputs, names, specs, strict=True):
        name = (output.get("as_tensor") or {}).get("name")
        if name is None:
            continue
        tensor = storages.now(name)
        if tensor is None:
            raise UnreadableError(f"the output {plain(str(name)[:80])} is made by no node")
        recorded.outputs.append(name)
        updates = spec.keys() & _UPDATES if isinstance(spec, dict) else ()
        if updates:
            trace.updates.append(tensor)
            of = [spec[key] for key in updates]
            recorded.updated |= {str(one.get(key)) for one in of for key in _NAMES}
            continue
        trace.outputs.append(tensor)
        trace.returned.append(said)
    trace.updates += (
        write.result
        for storage, writes in storages.writes.items()
        if storage in recorded.arrays
        for write in writes
    )
    if not trace.outputs:
        raise UnreadableError("the program has no output")
