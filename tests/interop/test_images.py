"""What a file does to the batch: an operation makes as many images as it reads, or is refused."""

from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError
from tests.interop.onnx_files import array, executed, flat_of, model, refusal

onnx = pytest.importorskip("onnx")

IMAGE = (1, 3, 16, 16)
W = array("w", (8, 3, 3, 3))


def node(op: str, inputs: str, output: str, **attrs: Any) -> Any:
    return onnx.helper.make_node(op, inputs.split(), [output], **attrs)


def numbers(name: str, kind: int, *values: float) -> Any:
    return onnx.helper.make_tensor(name, kind, [len(values)], values)


@pytest.mark.parametrize(
    ("resize", "given"),
    [
        (onnx.helper.make_node("Resize", ["x", "", "s"], ["r"]), numbers("s", 1, 9, 1, 1, 1)),
        (onnx.helper.make_node("Resize", ["x", "", "s"], ["r"]), numbers("s", 1, 9, 1, 2, 2)),
        (onnx.helper.make_node("Resize", ["x", "", "", "s"], ["r"]), numbers("s", 7, 9, 3, 16, 16)),
    ],
)
def test_a_resize_of_the_batch_is_refused(resize: Any, given: Any) -> None:
    data = model([resize, node("Conv", "r w", "y")], IMAGE, [W, given])
    assert executed(data, IMAGE)[-1] == 8
    assert refusal(data) == ("Resize that makes 9 images of 1: r",)


def test_volumes_of_unlike_batches_are_refused() -> None:
    """The layers are counted for one image: nothing there is once for all of them."""
    data = onnx.load_from_string(model([node("Add", "x b", "y")], IMAGE, []))
    for count in (1, 9):
        second = onnx.helper.make_tensor_value_info("b", 1, [count, *IMAGE[1:]])
        del data.graph.input[1:]
        data.graph.input.append(second)
        if count == 1:
            assert [item.kind for item in flat_of(data.SerializeToString()).items][-1] == "add"
        else:
            with pytest.raises(UnreadableError, match="inputs x and b are of 1 and 9 images"):
                flat_of(data.SerializeToString())


@pytest.mark.parametrize("op", ["QuantizeLinear", "DynamicQuantizeLinear"])
def test_a_note_says_of_a_quantized_file_that_its_numbers_are_others(op: str) -> None:
    """Scales and roundings are left out."""
    given = [node("QuantizeLinear", "x s z", "q"), node("DequantizeLinear", "q s z", "d")]
    if op == "DynamicQuantizeLinear":
        given[0] = onnx.helper.make_node(op, ["x"], ["q", "t", "u"])
    given.append(node("Conv", "d w", "y"))
    make = onnx.helper.make_tensor
    scale = [make("s", 1, [], [0.5]), make("z", 2, [], [0])]
    flat = flat_of(model(given, IMAGE, [W, *scale]))
    assert [note[:15] for note in flat.notes] == ["it is quantized"]
    assert flat.inexact == flat.notes


@pytest.mark.parametrize("op", ["ReduceMean", "ReduceMax", "ReduceL2"])
def test_one_number_of_all_images_is_no_volume(op: str) -> None:
    """What is reshaped of it has axes that it has not."""
    nodes = [
        onnx.helper.make_node(op, ["x"], ["t"], keepdims=0),
        node("Unsqueeze", "t a", "u"),
        node("MatMul", "u m", "y"),
    ]
    data = model(nodes, IMAGE, [numbers("a", 7, 0, 1), array("m", (1, 3))])
    assert len(refusal(data)) == 1
