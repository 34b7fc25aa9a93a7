"""Files that state enormous sizes, names and rows of calls: read in steps, or refused by name.

A size is a number of a file: nothing is made for each of its positions. No clock is read: calls
of Python are counted, and what a size makes would not fit into the memory of any machine.
"""

import io
import sys
from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError, UnsupportedError
from convcalc.interop.fold.spec import write
from convcalc.interop.read.model import read
from convcalc.interop.read.pt2.recorded import Node
from tests.interop.stated_programs import CONV, IMAGE, SHAPES, call, program, tensor

_LONG = 2**31 - 1


@pytest.mark.parametrize(
    ("target", "option", "number"),
    [("split.Tensor", "split_size", 1), ("chunk.default", "chunks", _LONG)],
)
def test_a_program_splits_a_long_axis(target: str, option: str, number: int) -> None:
    given = {"self": tensor("x"), option: {"as_int": number}, "dim": {"as_int": 1}}
    parts = {"as_tensors": [{"name": "a"}]}
    shapes = {"x": (1, _LONG, 1, 1), "a": (1, 1, 1, 1)}
    flat = program([call(target, given, parts)], shapes, "a")
    assert [item.kind for item in flat.items if item.kind != "input"] == ["slice"]


def test_a_parameter_that_nothing_reads_has_a_name_of_many_parts() -> None:
    """Each of its paths as a text would be 8 GB."""
    long = "a." * 60_000
    shapes = {**SHAPES, "v": (3, 3, 3, 3)}
    flat = program([CONV], shapes, "y0", {"w": f"{long}weight", "v": f"{long}other.weight"})
    assert [item.kind for item in flat.items if item.kind != "input"] == ["conv"]


@pytest.mark.parametrize("chain", [False, True])
def test_writes_into_one_volume_take_steps_in_proportion(chain: bool) -> None:
    def steps(calls: int) -> int:
        rows = [CONV]
        for at in range(calls):
            given = {"self": tensor(f"y{at}" if chain else "y0")}
            rows.append(call("relu_.default", given, f"y{at + 1}"))
        count = 0

        def counted(frame: Any, event: str, _: Any) -> Any:
            nonlocal count
            if "written_into" not in frame.f_code.co_filename:
                return None
            count += event == "line"
            return counted

        before = sys.gettrace()
        sys.settrace(counted)
        try:
            program(rows, SHAPES, f"y{calls}", {"w": "c.weight"})
        finally:
            sys.settrace(before)
        return count

    few, many = steps(50), steps(200)
    assert few > 50
    assert many < 5 * few


def onnx_of(calls: list[Any], axis: int, arrays: dict[str, int]) -> Any:
    onnx: Any = pytest.importorskip("onnx")
    numbers = [
        onnx.helper.make_tensor(n, onnx.TensorProto.INT64, [], [v]) for n, v in arrays.items()
    ]
    x = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, (1, axis, 1, 1))
    y = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)
    nodes = [onnx.helper.make_node(kind, given, made, **more) for kind, given, made, more in calls]
    graph = onnx.helper.make_graph(nodes, "g", [x], [y], numbers)
    data = onnx.helper.make_model(graph).SerializeToString()
    return read("net.onnx", io.BytesIO(data))


def test_onnx_splits_a_long_axis() -> None:
    calls = [("Split", ["x"], ["y"], {"axis": 1, "num_outputs": _LONG})]
    flat = onnx_of(calls, _LONG, {})
    assert [item.kind for item in flat.items if item.kind != "input"] == ["slice"]


@pytest.mark.parametrize("given", [["x"], ["x", "one"]])
def test_onnx_makes_a_list_of_a_long_axis(given: list[str]) -> None:
    calls = [
        ("SplitToSequence", given, ["s"], {"axis": 1}),
        ("SequenceAt", ["s", "zero"], ["y"], {}),
    ]
    with pytest.raises(UnsupportedError, match="SplitToSequence into 2,147,483,647 parts"):
        onnx_of(calls, _LONG, {"zero": 0, "one": 1})


def test_a_tensor_of_very_many_axes_is_refused() -> None:
    """Their product was worked out first, minutes for 700,000."""
    shapes = {**SHAPES, "x": (1,) * 5000}
    with pytest.raises(UnreadableError, match="x has 5,000 axes: 32 are the most"):
        program([CONV], shapes, "y0", {"w": "c.weight"})


def test_what_a_call_reads_is_asked_once() -> None:
    node = Node("n", "split", {"self": tensor("x"), "more": {"as_tensors": [{"name": "y"}]}}, ())
    assert node.reads == ("x", "y")
    assert node.reads is node.reads


def skips_inside_each_other(depth: int) -> Any:
    calls, shapes = [CONV], dict(SHAPES)
    for at in range(depth):
        calls.append(call("relu.default", {"self": tensor(f"y{at}")}, f"y{at + 1}"))
        shapes[f"y{at + 1}"] = IMAGE
    last = f"y{depth}"
    for at in range(depth):
        given = {"self": tensor(last), "other": tensor(f"y{depth - at}")}
        last = f"z{at}"
        calls.append(call("add.Tensor", given, last))
        shapes[last] = IMAGE
    return program(calls, shapes, last, {"w": "c.weight"})


def test_skips_inside_each_other_are_written_without_end_of_the_stack() -> None:
    flat = skips_inside_each_other(250)
    assert write(flat).folded


def test_what_a_file_states_of_how_numbers_lie_is_held_against_what_is_made() -> None:
    """PyTorch works it out anew: a file that states less was under a limit of memory."""
    made = program([CONV], SHAPES, "y0", {"w": "c.weight"})
    assert made.run is not None
    assert not made.uncounted
    lie = {"strides": [{"as_int": 0}] * 4}
    untrue = program([CONV], SHAPES, "y0", {"w": "c.weight"}, lambda value: value.update(lie))
    assert untrue.run is None
    assert "whose numbers lie apart" in untrue.uncounted
