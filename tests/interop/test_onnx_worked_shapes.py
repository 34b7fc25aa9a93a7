"""What moves, makes and adds up known numbers: what onnxruntime makes of it, or nothing."""

import itertools
from typing import Any

import pytest

from tests.interop.worked_nodes import Case, agree, executed, worked

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
np = pytest.importorskip("numpy")

BOX = np.arange(12).reshape(2, 1, 6)
LINE = np.array([7, 8, 9])


def whole(*numbers: int) -> Any:
    return np.array(numbers, np.int64)


@pytest.mark.parametrize("step", [1, 2, -1, -3, 2**31])
def test_slices(step: int) -> None:
    """Backwards to the largest end or from before the first, ONNX has two ways."""
    ends = (0, 2, 5, -1, -4, -6, -7, -(2**63) + 1, 2**63 - 1)
    for a, b in itertools.product(ends, repeat=2):
        case = Case("Slice", [np.arange(6), whole(a), whole(b), whole(0), whole(step)], {})
        doubtful = step < 0 and (b == ends[-1] or a < -6)
        assert agree(case) is not doubtful, case


def test_slices_of_older_files_and_of_no_sense() -> None:
    attrs = {"starts": [1, 0], "ends": [2**31, 1], "axes": [2, 0]}
    assert agree(Case("Slice", [BOX], attrs, 9))
    assert agree(Case("Slice", [BOX], {"starts": [1], "ends": [-1]}, 9))
    assert agree(Case("Slice", [BOX, whole(1), whole(5), None, whole(2)], {}))
    assert agree(Case("Slice", [BOX, whole(1), whole(5), whole(-1)], {}))
    for inputs in ([whole(0), whole(1), whole(3)], [whole(0), whole(1), whole(0), whole(0)]):
        assert worked(Case("Slice", [BOX, *inputs], {})) is None
    assert worked(Case("Slice", [BOX, whole(0, 0), whole(1, 1), whole(0, -3)], {})) is None
    assert worked(Case("Slice", [BOX], attrs, 17)) is None


@pytest.mark.parametrize("op", ["Squeeze", "Unsqueeze", "ReduceSum"])
@pytest.mark.parametrize("axes", [[1], [-2], [0], [1, -3], [9], [-9], [0, 0], [], None])
def test_axes_are_an_attribute_or_an_input(op: str, axes: list[int] | None) -> None:
    given = None if axes is None else whole(*axes)
    x = np.ones((1, 1, 3), np.int64)
    old = Case(op, [x], {} if axes is None else {"axes": axes}, 11)
    for case in (old, Case(op, [x, given][: 1 if axes is None else 2], {}, 17)):
        refused = axes in ([9], [-9], [0, 0]) or (axes == [] and op == "Squeeze")
        refused = refused or (axes is None and op == "Unsqueeze")
        assert agree(case) is not refused, case
    if axes:
        assert worked(old._replace(opset=17)) is None
        assert worked(Case(op, [x, given], {}, 11)) is None


@pytest.mark.parametrize("op", ["ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin"])
@pytest.mark.parametrize("dtype", ["int32", "int64", "float32"])
@pytest.mark.parametrize("axes", [[], [0], [-1], [0, 2], None])
def test_reductions(op: str, dtype: str, axes: list[int] | None) -> None:
    x = (BOX - 3).astype(dtype)
    for keep, nothing in itertools.product((0, 1), repeat=2):
        attrs = {"keepdims": keep, "noop_with_empty_axes": nothing}
        inputs = [x] if axes is None else [x, whole(*axes)]
        assert agree(Case(op, inputs, attrs, 18)), (keep, nothing)
        assert agree(Case(op, [x], {"keepdims": keep, **({"axes": axes} if axes else {})}, 11))
        assert worked(Case(op, [x], attrs, 11)) is None


def test_sums_that_no_order_makes_exact() -> None:
    assert worked(Case("ReduceSum", [np.array([0.1, 0.2, 0.3], "float32")], {})) is None
    assert worked(Case("ReduceProd", [np.array([2**20] * 4, "int64")], {})) is None
    assert worked(Case("ReduceSum", [np.array([2**31 - 1] * 2, "int32")], {})) is None
    assert worked(Case("ReduceMax", [np.zeros(0, "int64")], {}, 18)) is None
    assert agree(Case("ReduceSum", [np.zeros(0, "int64")], {}))


SHAPES = [(-1,), (0, -1), (3, 0, -1), (2, 6), (0, 0, 0), (4, 4), (-1, -1), (-2, 6), (2, 1, 6, 0)]


@pytest.mark.parametrize("x", [BOX, np.zeros((0, 3), np.int64), np.zeros((0, 1, 6), np.int64)])
@pytest.mark.parametrize("shape", SHAPES)
def test_other_shapes(x: Any, shape: tuple[int, ...]) -> None:
    for attrs in ({}, {"allowzero": 0}, {"allowzero": 1}):
        case = Case("Reshape", [x, whole(*shape)], attrs)
        doubtful = attrs == {"allowzero": 1} and {0, -1} <= {*shape}
        assert agree(case) is (executed(case) is not None and not doubtful), attrs
    for axis in range(-4, 5):
        case = Case("Flatten", [x], {"axis": axis})
        assert agree(case) is (executed(case) is not None), axis
    orders: tuple[list[int], ...] = ([2, 0, 1], [1, 0], [0, 0, 1], [0, 1, 5])
    for order in orders:
        case = Case("Transpose", [x], {"perm": order})
        assert agree(case) is (executed(case) is not None), order


@pytest.mark.parametrize("dtype", ["int64", "int32"])
def test_numbers_taken_out(dtype: str) -> None:
    for places in ([0], [-1], [2, -3], [3], [-4], [], 1, [[0], [1]]):
        for axis in (-1, 0, 1):
            case = Case("Gather", [LINE, np.array(places, dtype)], {"axis": axis})
            assert agree(case) is (executed(case) is not None), case
    assert agree(Case("Gather", [BOX, np.array([0, 5], dtype)], {"axis": -1}))
    assert worked(Case("Gather", [LINE, np.array([0.0])], {})) is None


@pytest.mark.parametrize("axis", [-4, -3, -1, 0, 1, 2, 3])
def test_joins_and_parts(axis: int) -> None:
    for case in (
        Case("Concat", [BOX, BOX], {"axis": axis}),
        Case("Concat", [BOX, BOX.astype("int32")], {"axis": axis}),
        Case("Concat", [BOX, BOX[:1]], {"axis": axis}),
        Case("Split", [BOX, whole(1, 1)], {"axis": axis}, 17, 2),
        Case("Split", [BOX, whole(2, 4)], {"axis": axis}, 17, 2),
        Case("Split", [BOX], {"axis": axis, "split": [4, 2]}, 11, 2),
        Case("Split", [BOX], {"axis": axis}, 13, 2),
        Case("Split", [BOX[:, [0, 0]]], {"axis": axis, "num_outputs": 2}, 18, 2),
    ):
        assert agree(case) is (executed(case) is not None), case
    assert worked(Case("Concat", [LINE, LINE], {})) is None


@pytest.mark.parametrize("shape", [(), (1,), (2, 1, 1), (3, 2, 1, 6), (5,), (0,), (2, 5, 6)])
def test_numbers_repeated(shape: tuple[int, ...]) -> None:
    for case in (
        Case("Expand", [BOX, whole(*shape)], {}),
        Case("Tile", [BOX, whole(*shape)], {}),
        Case("ConstantOfShape", [whole(*shape)], {}),
    ):
        assert agree(case) is (executed(case) is not None), case
    for number in (
        *(onnx.helper.make_tensor("", sort, [1], [1]) for sort in (1, 6, 7, 9, 11)),
        onnx.helper.make_tensor("", 7, [2], [1, 2]),
    ):
        case = Case("ConstantOfShape", [whole(*shape)], {"value": number})
        assert agree(case) is (executed(case) is not None), number
    assert agree(Case("Size", [np.zeros(shape, "float32")], {}))


def test_runs() -> None:
    for dtype in ("int32", "int64", "float32"):
        for ends in ((0, 5, 1), (5, 0, -2), (0, 5, -1), (-3, 4, 3), (2, 2, 1), (1, 5, 0)):
            case = Case("Range", [np.array(one, dtype) for one in ends], {})
            assert agree(case) is (0 not in ends[2:]), case
    assert worked(Case("Range", [np.array(one, "float32") for one in (0, 1, 0.1)], {})) is None
    assert worked(Case("Range", [np.array(one) for one in (0, 2**40, 1)], {})) is None


def test_a_shape_that_is_an_attribute() -> None:
    """onnxruntime runs no files of opsets 1 to 6."""
    for opset in (1, 5):
        found = worked(Case("Reshape", [BOX], {"shape": [0, -1]}, opset))
        assert [one.tolist() for one in found or ()] == (
            [BOX.reshape(2, 6).tolist()] if opset == 1 else []
        )


def test_what_is_there_for_no_rule_is_not_passed_over() -> None:
    assert worked(Case("Add", [LINE, LINE], {"broadcast": 1}, 6)) is None
    assert worked(Case("Neg", [LINE, LINE], {})) is None
    assert worked(Case("Transpose", [BOX], {"perm": [0, 1, 2], "axis": 1})) is None
    assert worked(Case("Add", [LINE, LINE], {"consumed_inputs": [0, 0]}, 1)) is not None
