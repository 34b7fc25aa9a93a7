"""What no ONNX file may hold that onnxruntime is to run: it would open or repeat what it says."""

from collections.abc import Iterator
from typing import Any, NoReturn

from convcalc.findings import plain
from convcalc.study.errors import RequestError

#: operators that run a graph as often as a number of the file says; others that hold a graph are
#: unknown here, but for If, which runs one once
_REPEATING = frozenset({"Loop", "Scan", "SequenceMap"})
_MOST_NODES = 200_000


def refuse(proto: Any, model: str) -> None:
    """Look through all of a file: graphs inside nodes and functions too.

    Args:
        proto: the file, as `onnx` has it.
        model: what messages call it.

    Raises:
        RequestError: numbers of it lie in another file, a node of it runs a graph over and over, or
            a name is not text.
    """
    for message in inside(proto):
        if not _is_text(message):
            raise RequestError(f"{model}: a name in it is not UTF-8: it is damaged")
        if message.DESCRIPTOR.name == "TensorProto":
            _refuse_outside(message, model)
        elif message.DESCRIPTOR.name == "NodeProto":
            _refuse_repeating(message, model)
    if proto.functions:
        _Calls(proto, model).count(proto.graph)


def inside(whole: Any) -> Iterator[Any]:
    """A message of protobuf and all that it holds; of a tensor nothing."""
    waiting = [whole]
    while waiting:
        message = waiting.pop()
        yield message
        if message.DESCRIPTOR.name != "TensorProto":  # its bytes may be very many
            for field, value in message.ListFields():
                if field.message_type is not None:
                    waiting.extend([value] if hasattr(value, "ListFields") else value)


def _is_text(message: Any) -> bool:
    """Whether all names are: protobuf gives those that are not UTF-8 as bytes."""
    if message.DESCRIPTOR.name == "TensorProto":
        return isinstance(message.name, str)
    for field, value in message.ListFields():
        if field.type == field.TYPE_STRING:
            several = (value,) if isinstance(value, str | bytes) else value
            if any(isinstance(one, bytes) for one in several):
                return False
    return True


def _refuse_outside(tensor: Any, model: str) -> None:
    """onnxruntime opens what the file names, from the folder that it was started in."""
    places = [entry.value for entry in tensor.external_data if entry.key == "location"]
    if tensor.data_location != tensor.EXTERNAL and not tensor.external_data:
        return
    if places in ([], ["none"]):
        text = "the file holds no weights: export it with --random-weights, or with its own"
        raise RequestError(text)
    name = f" ({plain(tensor.name[:80])})" if tensor.name else ""
    text = f"{model} has numbers in another file{name}, which is not opened: save them inside"
    raise RequestError(text)


def _refuse_repeating(node: Any, model: str) -> None:
    holds = any(one.HasField("g") or one.graphs for one in node.attribute)
    if node.op_type not in _REPEATING and (not holds or node.op_type == "If"):
        return
    name = plain((node.name or (node.output[0] if node.output else ""))[:80])
    what = f"node {name} ({plain(node.op_type[:40])})"
    raise RequestError(f"{model}: {what} repeats a graph, which --against does not run")


class _Calls:
    """The functions of a file, and how many nodes each is once those that it calls are written out.

    Twenty functions that each call the next one twice are a million nodes.
    """

    def __init__(self, proto: Any, model: str) -> None:
        self.model = model
        self.functions = {(one.domain, one.name): one for one in proto.functions}
        self.nodes: dict[tuple[str, str], int | None] = {}

    def count(self, message: Any) -> int:
        """The nodes of a graph or function.

        Raises:
            RequestError: they are too many, or a function calls itself.
        """
        found = 0
        for node in inside(message):
            if node.DESCRIPTOR.name == "NodeProto":
                found += 1 + self.of((node.domain, node.op_type))
            if found > _MOST_NODES:
                self.refuse(f"more than {_MOST_NODES:,} nodes once functions are written out")
        return found

    def of(self, key: tuple[str, str]) -> int:
        """The nodes of what a node calls; 0 for an operator."""
        if key not in self.functions:
            return 0
        if key not in self.nodes:
            self.nodes[key] = None  # until it is counted
            self.nodes[key] = self.count(self.functions[key])
        found = self.nodes[key]
        if found is None:
            self.refuse("a function that calls itself")
        return found

    def refuse(self, what: str) -> NoReturn:
        """The file is not run."""
        raise RequestError(f"{self.model} has {what}: --against does not run it")
