"""Small files that ask for much: how much is counted before anything is worked out."""

import tracemalloc
from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError
from convcalc.interop.trace.tensors import Tensor
from tests.interop.onnx_files import array, flat_of, model

onnx = pytest.importorskip("onnx")

MANY = 4096


def _numbers(name: str, shape: tuple[int, ...], values: list[int]) -> Any:
    return onnx.helper.make_tensor(name, 7, shape, values)


LINE = _numbers("line", (MANY,), [0] * MANY)
ROW = _numbers("row", (1, MANY), [0] * MANY)
ONES = _numbers("ones", (MANY,), [1] * MANY)
LARGE = _numbers("large", (MANY,), [2**62] * MANY)
ONE = _numbers("one", (1, 1), [1])
EMPTY = _numbers("empty", (2**31, 0), [])
NOTHING = _numbers("nothing", (2,), [10**12, 0])
UNMADE = _numbers("unmade", (2,), [3 * 10**8, 0])


@pytest.mark.parametrize(
    ("op", "inputs", "times"),
    [
        ("Tile", ["one", "nothing"], 1),
        ("Tile", ["one", "unmade"], 1),
        ("Expand", ["one", "unmade"], 1),
        ("ConstantOfShape", ["nothing"], 1),
        ("ReduceSum", ["empty"], 1),
        ("Concat", ["line"] * 20_000, 1),
        ("Max", ["line"] * 20_000, 1),
        ("Mul", ["large"] * 300, 1),
        ("Gather", ["row", "line"], 20),
        ("Split", ["line", "ones"], 100),
        ("ReduceProd", ["large"], 50),
        ("Add", ["large", "large"], 400),
    ],
)
def test_what_constants_take_is_bounded(op: str, inputs: list[str], times: int) -> None:
    make = onnx.helper.make_node
    attributes: dict[str, Any] = {
        "Gather": {"axis": 0},
        "Concat": {"axis": 0},
        "ReduceSum": {"keepdims": 0},
    }.get(op, {})
    if op == "ReduceSum":  # over the axis without positions: 2**31 zeros
        inputs = [*inputs, "last"]
    nodes = [make(op, inputs, [f"made{i}"], **attributes) for i in range(times)]
    arrays = [LINE, ROW, ONES, LARGE, ONE, EMPTY, NOTHING, UNMADE, _numbers("last", (1,), [1])]
    data = model([*nodes, make("Relu", ["x"], ["y"])], (1, 3, 8, 8), arrays)
    tracemalloc.start()
    try:
        found = flat_of(data)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [item.kind for item in found.items[1:]] == ["relu"]
    assert most < 2**27


def test_what_all_nodes_take_together_runs_out() -> None:
    from convcalc.interop.read.onnx.constants.evaluate import Known, evaluate
    from convcalc.interop.read.onnx.few import MOST_WORKED, Allowance

    line, allowance = Tensor("", (MANY,), (1,) * MANY, dtype="int64"), Allowance()
    some = [evaluate("Neg", [line], {}, 17, allowance) for _ in range(MOST_WORKED // MANY)]
    assert some[0] == [Known((MANY,), (-1,) * MANY, "int64")]
    assert some[-1] is None
    one = Tensor("", (1,), (1,), dtype="int64")
    assert evaluate("Neg", [one], {}, 17, Allowance()) == [Known((1,), (-1,), "int64")]


def _whole(shape: tuple[int, ...], *numbers: int) -> Tensor:
    return Tensor("", shape, numbers, dtype="int64")


def test_an_empty_tile_of_few_numbers_is_known() -> None:
    from convcalc.interop.read.onnx.constants.evaluate import Known, evaluate
    from convcalc.interop.read.onnx.few import Allowance

    inputs: list[Tensor | None] = [_whole((1, 2), 3, 4), _whole((2,), 0, 3)]
    assert evaluate("Tile", inputs, {}, 17, Allowance()) == [Known((0, 6), (), "int64")]
    inputs[1] = _whole((2,), 2, 2)
    assert evaluate("Tile", inputs, {}, 17, Allowance()) == [Known((2, 4), (3, 4) * 4, "int64")]


@pytest.mark.parametrize("axis", [0, 1])
def test_products_over_an_axis_or_all(axis: int) -> None:
    from convcalc.interop.read.onnx.constants.evaluate import Known, evaluate
    from convcalc.interop.read.onnx.few import Allowance

    given: list[Tensor | None] = [_whole((2, 2), 2, 3, 5, 7)]
    found = evaluate("ReduceProd", given, {"axes": (axis,), "keepdims": 0}, 13, Allowance())
    assert found == [Known((2,), ((10, 21), (6, 35))[axis], "int64")]
    assert evaluate("ReduceProd", given, {"keepdims": 0}, 13, Allowance()) == [
        Known((), (210,), "int64")
    ]


def test_a_chain_of_weights_does_not_name_all_before_each() -> None:
    count = 3000
    weights = [array(f"w{i}", (1,)) for i in range(count)]
    make = onnx.helper.make_node
    chain = [make("Add", [f"k{i - 1}" if i else "w0", f"w{i}"], [f"k{i}"]) for i in range(count)]
    data = model([*chain, make("Relu", ["x"], ["y"])], (1, 3, 8, 8), weights)
    with pytest.raises(UnreadableError, match="made from more than 1,000 others: fold"):
        flat_of(data)


@pytest.mark.parametrize("held_by", ["file", "nodes"])
def test_of_very_many_small_tensors_not_all_numbers_are_kept(held_by: str) -> None:
    """As objects they take thirty times the bytes of the file, whether a node reads them or not."""
    from convcalc.interop.read.onnx.proto import decode

    data, make = bytes(MANY), onnx.helper.make_node
    arrays = [onnx.helper.make_tensor(f"a{i}", 3, (MANY,), data, raw=True) for i in range(1100)]
    nodes = [make("Relu", ["x"], ["y"])]
    if held_by == "nodes":
        nodes += [make("Constant", [], [f"c{i}"], value=one) for i, one in enumerate(arrays)]
        arrays = []
    model_of = decode(model(nodes, (1, 3, 8, 8), arrays))
    values = [one.attrs["value"].value for one in model_of.nodes[1:]]
    values += [one.value for one in model_of.arrays]
    assert len(values) == 1100
    assert 2**21 < sum(len(one) for one in values if one is not None) <= 2**22
