"""`verify --against` where a file computes what no option here says: why, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from convcalc.cli import run
from tests.interop.onnx_files import array, model

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

Verified = Callable[[bytes], tuple[int, dict[str, Any]]]

#: where a sum of products has no neighbour that is the same
RISING = [0.1 * (i % 17) - 0.7 for i in range(8 * 3)]


@pytest.fixture
def verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Verified:
    """Run a file against itself: the status and the report."""

    def against(data: bytes) -> tuple[int, dict[str, Any]]:
        file = tmp_path / "f.onnx"
        file.write_bytes(data)
        status = run(["verify", str(file), "--against", str(file), "--format", "json"])
        said = capsys.readouterr()
        assert said.out, said.err
        return status, json.loads(said.out)

    return against


def conv(*more: Any, arrays: tuple[Any, ...] = (), opset: int = 18) -> bytes:
    """A 1x1 convolution to 8 channels on 8x8, and more after it."""
    nodes = [onnx.helper.make_node("Conv", ["x", "w"], ["c"], name="c"), *more]
    return model(nodes, (1, 3, 8, 8), [array("w", (8, 3, 1, 1), RISING), *arrays], opset)


def node(op: str, inputs: str, output: str, **attributes: Any) -> Any:
    return onnx.helper.make_node(op, inputs.split(), [output], name=output, **attributes)


def normed(epsilon: float) -> bytes:
    """A norm over channels that lie last, as many of them as there are rows and columns."""
    return conv(
        node("Transpose", "c", "last", perm=(0, 2, 3, 1)),
        node("LayerNormalization", "last g b", "norm", axis=-1, epsilon=epsilon),
        node("Transpose", "norm", "first", perm=(0, 3, 1, 2)),
        node("Relu", "first", "y"),
        arrays=(array("g", (8,)), array("b", (8,))),
    )


def test_a_volume_of_equal_axes_is_compared_axis_by_axis(verified: Verified) -> None:
    """8x8x8 with its channels last has the sizes of one with its channels first."""
    status, found = verified(normed(1e-5))
    assert (status, found["agrees"], found["notes"]) == (0, True, []), found
    assert len(found["layers"]) == 3


def dense(calls: int) -> bytes:
    """A Linear over the channels of a volume, as PyTorch writes it unless it optimizes the file."""
    nodes, last = [node("Transpose", "l.weight", "turned", perm=(1, 0))], "x"
    for call in ("l", "l_1")[:calls]:
        nodes += [
            node("Transpose", last, f"last{call}", perm=(0, 2, 3, 1)),
            onnx.helper.make_node("MatMul", [f"last{call}", "turned"], [f"m{call}"], name=call),
            node("Add", f"m{call} l.bias", f"sum{call}"),
            node("Transpose", f"sum{call}", f"first{call}", perm=(0, 3, 1, 2)),
        ]
        last = f"first{call}"
    arrays = [array("l.weight", (3, 3), RISING[:9]), numbers("l.bias", 1, -2, 3)]
    return model([*nodes, node("Relu", last, "y")], (1, 3, 4, 4), arrays, 18)


@pytest.mark.parametrize("calls", [1, 2])
def test_a_bias_that_a_node_of_its_own_adds_is_the_layer_s(verified: Verified, calls: int) -> None:
    """Also where a second layer has the arrays of the first."""
    status, found = verified(dense(calls))
    assert (status, len(found["layers"])) == (0, calls + 1), found


def numbers(name: str, *values: float) -> Any:
    return onnx.helper.make_tensor(name, 1, (len(values),), values)


def sizes(name: str, *values: int) -> Any:
    return onnx.helper.make_tensor(name, 7, (len(values),), values)


#: what differs, and the words of its note
OTHERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "epsilon": (lambda: normed(1e-2), "layer_norm has the epsilon 0.01 in the source, 1e-05 here"),
    "slope": (
        lambda: conv(node("HardSigmoid", "c", "y", alpha=0.2)),
        "hard_sigmoid has the slope 0.2 in the source, 1/6 here",
    ),
    "gelu": (
        lambda: conv(node("Gelu", "c", "y", approximate="tanh"), opset=20),
        "gelu is the tanh approximation in the source",
    ),
    "corners": (
        lambda: conv(
            node(
                "Resize", "c r s", "y", mode="linear",
                coordinate_transformation_mode="align_corners",
            ),
            arrays=(numbers("r"), numbers("s", 1, 1, 2, 2)),
        ),
        "bilinear with align_corners upsampling is written as bilinear",
    ),
    "padding": (
        lambda: conv(
            node("Pad", "c p v", "padded"), node("Relu", "padded", "y"),
            arrays=(sizes("p", 0, 0, 1, 1, 0, 0, 1, 1), onnx.helper.make_tensor("v", 1, (), [2.0])),
        ),
        "padding with another number than 0 is written as zeros",
    ),
    "a number": (
        lambda: conv(
            onnx.helper.make_node(
                "Constant", [], ["k"], name="k", value=onnx.helper.make_tensor("", 1, (), [0.5])
            ),
            node("Add", "c k", "more"), node("Sigmoid", "more", "y"),
        ),
        "an addition of a number left out",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "why"), OTHERS.values(), ids=OTHERS)
def test_what_import_notes_of_numbers_is_said_where_they_differ(
    data: Callable[[], bytes], why: str, verified: Verified
) -> None:
    status, found = verified(data())
    assert (status, found["agrees"]) == (1, False), found
    assert [why in note for note in found["notes"]] == [True], found


def test_text_says_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "f.onnx"
    file.write_bytes(normed(1e-2))
    assert run(["verify", str(file), "--against", str(file)]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "and numbers differ by it: layer_norm has the epsilon 0.01" in said, said


@pytest.mark.parametrize("epsilon", [1e-3, 1e-5, 1e-6])
def test_the_epsilon_of_a_batch_norm_is_added_to_its_variance(
    epsilon: float, verified: Verified
) -> None:
    arrays = (*(array(name, (8,)) for name in "gb"), numbers("m", *(0.1 * i for i in range(8))))
    variance = numbers("v", *(1e-3 * (i + 1) for i in range(8)))
    norm = node("BatchNormalization", "c g b m v", "y", epsilon=epsilon)
    status, found = verified(conv(norm, arrays=(*arrays, variance)))
    assert (status, found["agrees"], len(found["layers"])) == (0, True, 2), found


def test_notes_of_other_things_explain_no_difference(verified: Verified) -> None:
    """A branch that is added to itself is noted, and no number differs by it."""
    twice = conv(node("Add", "c c", "d"), node("HardSigmoid", "d", "y", alpha=0.2))
    _, found = verified(twice)
    assert len(found["notes"]) == 1, found
