"""Programs as `torch.export` writes them, made without it, to state what a test needs."""

import io
import json
import zipfile
from collections.abc import Callable, Collection, Mapping
from typing import Any

from convcalc.interop.read.model import read

IMAGE = (1, 3, 8, 8)
#: members of every archive that `torch.export.save` makes
FORMAT = {"a/archive_format": "pt2", "a/archive_version": "0"}


def tensor(name: str) -> dict[str, Any]:
    return {"as_tensor": {"name": name}}


def stated(shape: tuple[int, ...]) -> dict[str, Any]:
    strides, count = [0] * len(shape), 1
    for at in reversed(range(len(shape))):
        strides[at], count = count, count * shape[at]
    numbers = [[{"as_int": number} for number in numbers] for numbers in (shape, strides)]
    return {"dtype": 7, "sizes": numbers[0], "strides": numbers[1]}


def call(target: str, given: dict[str, Any], *outputs: Any) -> dict[str, Any]:
    inputs = [{"name": name, "arg": argument} for name, argument in given.items()]
    made = [tensor(one) if isinstance(one, str) else one for one in outputs]
    target = f"torch.ops.aten.{target}"
    return {"target": target, "inputs": inputs, "outputs": made, "metadata": {}}


def program(
    calls: list[Any],
    shapes: Mapping[str, tuple[int, ...]],
    output: str,
    parameters: dict[str, str] | None = None,
    said: Callable[[Any], None] = lambda _: None,
    beside: Mapping[str, str] | None = None,
    front: bytes = b"",
    sizes: Mapping[str, int] | None = None,
    buffers: Mapping[str, str] | None = None,
    frozen: Collection[str] = (),
) -> Any:
    """A `.pt2` as `torch.export` writes it, its layers read.

    Args:
        calls: its nodes.
        shapes: by name its tensors.
        output: the name of what it gives, or several.
        parameters: by name what the module calls them.
        said: changes what the file states of `y0`.
        beside: other members of the archive.
        front: bytes before it.
        sizes: by name what the file states of sizes that calls make.
        buffers: by name what the module calls those.
        frozen: names of tensors that want no gradient.
    """
    learned = [
        {"parameter": {"arg": {"name": name}, "parameter_name": called}}
        for name, called in (parameters or {}).items()
    ]
    kept = [
        {"buffer": {"arg": {"name": name}, "buffer_name": called, "persistent": True}}
        for name, called in (buffers or {}).items()
    ]
    graph: dict[str, Any] = {
        "inputs": [],
        "outputs": [tensor(one) for one in output.split()],
        "nodes": calls,
        "tensor_values": {
            name: stated(shape) | {"requires_grad": name not in frozen}
            for name, shape in shapes.items()
        },
        "sym_int_values": {
            name: {"as_expr": {"hint": {"as_int": size}}} for name, size in (sizes or {}).items()
        },
    }
    said(graph["tensor_values"].get("y0"))
    signature = {"input_specs": [*learned, *kept, {"user_input": {"arg": tensor("x")}}]}
    root = {
        "schema_version": {"major": 8, "minor": 20},
        "torch_version": "2.13",
        "verifiers": ["TRAINING"],
        "graph_module": {"graph": graph, "signature": signature},
    }
    members = {**FORMAT, "a/models/model.json": json.dumps(root), **(beside or {})}
    return read("net.pt2", io.BytesIO(front + packed(members)))


def archived(program: str | bytes) -> bytes:
    """The archive of a program, as JSON."""
    return packed({**FORMAT, "a/models/model.json": program})


def packed(members: Mapping[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return data.getvalue()


CONV = call(
    "conv2d.default",
    {"input": tensor("x"), "weight": tensor("w"), "padding": {"as_ints": [1, 1]}},
    "y0",
)
SHAPES = {"x": IMAGE, "w": (3, 3, 3, 3), "y0": IMAGE}
