"""What a file computes of its constants before layers read it."""

import pytest

from convcalc.interop.trace.tensors import Tensor
from tests.interop.onnx_files import array, flat_of, model

onnx = pytest.importorskip("onnx")


@pytest.mark.parametrize(
    ("opset", "bounds", "attributes", "expected"),
    [
        (17, (0.0, 2.0), {}, (0.0, 1.0, 2.0)),
        (17, (0.0, None), {}, (0.0, 1.0, 9.0)),
        (17, (None, 2.0), {}, (-4.0, 1.0, 2.0)),
        (17, (), {}, (-4.0, 1.0, 9.0)),
        (10, (), {"min": 0.0, "max": 2.0}, (0.0, 1.0, 2.0)),
    ],
)
def test_bounds_of_constants_are_worked_out(
    opset: int,
    bounds: tuple[float | None, ...],
    attributes: dict[str, float],
    expected: tuple[float, ...],
) -> None:
    from convcalc.interop.read.onnx.constants.evaluate import Known, evaluate
    from convcalc.interop.read.onnx.few import Allowance

    given = [
        None if bound is None else Tensor("", (), (bound,), dtype="float32") for bound in bounds
    ]
    inputs = [Tensor("", (3,), (-4.0, 1.0, 9.0), dtype="float32"), *given]
    found = evaluate("Clip", inputs, attributes, opset, Allowance())
    assert found == [Known((3,), expected, "float32")]


def test_sides_that_code_bounds_by_zero_pad_a_convolution() -> None:
    """timm's `same` padding: max((ceil(8/2) - 1)*2 + 3 - 8, 0) = 1, after the image."""
    make = onnx.helper.make_node
    sides = onnx.helper.make_tensor("sides", 1, (8,), [0, 0, -1, -1, 0, 0, 1, 1])
    nodes = [
        make("Clip", ["sides", "zero"], ["bounded"]),
        make("Cast", ["bounded"], ["whole"], to=7),
        make("Pad", ["x", "whole"], ["padded"]),
        make("Conv", ["padded", "w"], ["y"], strides=[2, 2]),
    ]
    zero = onnx.helper.make_tensor("zero", 1, (), [0.0])
    found = flat_of(model(nodes, (1, 3, 8, 8), [sides, zero, array("w", (4, 3, 3, 3))]))
    assert [(item.kind, item.output) for item in found.items[1:]] == [("conv", (4, 4, 4))]


@pytest.mark.parametrize(
    ("kind", "field", "number"),
    [
        *((9, "int32_data", 256), (9, "int32_data", -1), (9, "raw_data", b"\2")),
        *((3, "int32_data", 300), (2, "int32_data", -1), (12, "uint64_data", 2**32 + 5)),
    ],
)
def test_a_number_that_its_type_does_not_have_is_not_known(
    kind: int, field: str, number: int | bytes
) -> None:
    """onnxruntime takes a bool of 256 for true, the package `onnx` for false."""
    from convcalc.interop.read.onnx.arrays import Kept, array_of

    tensor = onnx.TensorProto(name="c", data_type=kind, dims=[1])
    for value, expected in ((b"\1" if field == "raw_data" else 1, (1,)), (number, None)):
        tensor.ClearField(field)
        if isinstance(value, bytes):
            tensor.raw_data = value
        else:
            getattr(tensor, field).append(value)
        assert array_of(tensor, Kept()).value == expected
