"""`Shape` of a volume: of one that the net needs, and whose size all tools agree on."""

from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError
from tests.interop.conftest import totals
from tests.interop.onnx_files import array, executed, flat_of, model

onnx = pytest.importorskip("onnx")

SHAPE = (1, 3, 17, 8)


def numbers(name: str, *values: int) -> Any:
    return onnx.helper.make_tensor(name, 7, (len(values),), values)


def measuring(
    op: str, inputs: str, beside: bool = False, places: tuple[int, ...] = (0,), **attributes: Any
) -> bytes:
    """`c` is made by a node, and x is resized to c's axis 2; `beside`: y needs c as well."""
    make = onnx.helper.make_node
    nodes = [
        make(op, inputs.split(), ["c"], **attributes),
        make("Shape", ["c"], ["s"], start=2, end=3),
        make("Concat", ["front", "s", "s"], ["q"], axis=0),
        make("Resize", ["x", "", "", "q"], ["z"]),
    ]
    if beside:
        nodes += [make("Resize", ["c", "", "", "q"], ["d"]), make("Add", ["d", "z"], ["y"])]
    else:
        nodes.append(make("Relu", ["z"], ["y"]))
    at = onnx.helper.make_tensor("at", 7, (1,) * len(places), places[:1])
    arrays = [numbers("front", 1, 3), at, array("v", (3, 3, 3, 3))]
    return model(nodes, SHAPE, arrays)


def test_a_size_of_what_the_net_needs_is_read() -> None:
    data = measuring("Conv", "x v", beside=True)
    assert flat_of(data).items[-1].output == (15, 15, 3) == executed(data, SHAPE)


@pytest.mark.parametrize(("op", "inputs"), [("Conv", "x v"), ("Gather", "x at"), ("Relu", "x")])
def test_a_volume_that_is_only_measured_is_refused(op: str, inputs: str) -> None:
    with pytest.raises(UnreadableError, match="taken of c, which nothing else reads"):
        flat_of(measuring(op, inputs))


def test_statistics_of_a_batch_norm_are_no_volume() -> None:
    make = onnx.helper.make_node
    nodes = [
        make("BatchNormalization", ["x", *"gbmv"], ["n", "r", "t"], training_mode=1),
        make("Shape", ["r"], ["s"]),
        make("Concat", ["front", "s", "s"], ["q"], axis=0),
        make("Resize", ["n", "", "", "q"], ["y"]),
    ]
    arrays = [numbers("front", 1, 3), *(array(name, (3,)) for name in "gbmv")]
    with pytest.raises(Exception, match=r"statistics|computed|layer kind"):
        flat_of(model(nodes, SHAPE, arrays))


def test_indices_of_two_axes_add_one() -> None:
    make = onnx.helper.make_node
    nodes = [make("Gather", ["x", "at"], ["c"], axis=2), make("Squeeze", ["c", "two"], ["y"])]
    arrays = [onnx.helper.make_tensor("at", 7, (1, 1), [4]), numbers("two", 2)]
    data = model(nodes, SHAPE, arrays)
    assert flat_of(data).items[-1].output == (1, 8, 3) == executed(data, SHAPE)


POOL = {"kernel_shape": [2, 5], "strides": [3, 3], "pads": [1, 1, 0, 0]}


@pytest.mark.parametrize("beside", [False, True])
def test_behind_a_dropped_window_tools_have_two_sizes(beside: bool) -> None:
    with pytest.raises(UnreadableError, match=r"last window would begin in the padding.*fixed"):
        flat_of(measuring("MaxPool", "x", beside, ceil_mode=1, **POOL))


@pytest.mark.parametrize(("to", "is_one"), [(34, True), (23, False)])
def test_behind_a_rounded_factor_tools_have_two_sizes(to: int, is_one: bool) -> None:
    """17 * 1.352941156 is 22.99999964, and 23 as a float32: onnxruntime infers 22, and makes 23."""
    make = onnx.helper.make_node
    factors = onnx.helper.make_tensor("f", 1, (4,), [1, 1, to / 17, 1])
    nodes = [
        make("Resize", ["x", "", "f"], ["c"]),
        make("Relu", ["c"], ["d"]),
        make("Shape", ["d"], ["s"]),
        make("Resize", ["d", "", "", "s"], ["y"]),
    ]
    data = model(nodes, SHAPE, [factors])
    if is_one:
        assert flat_of(data).items[-1].output == (to, 8, 3) == executed(data, SHAPE)
        return
    with pytest.raises(UnreadableError, match=r"shape of d, .* Resize by a factor .* two sizes"):
        flat_of(data)
    data = model([*nodes[:1], make("Relu", ["c"], ["y"])], SHAPE, [factors])
    assert flat_of(data).items[-1].output == (to, 8, 3) == executed(data, SHAPE)


def test_behind_a_transposed_convolution_that_makes_less_tools_have_no_shape() -> None:
    """The inference of `onnx` ends before that axis: onnxruntime's `Shape` has fewer numbers."""
    asked = {"strides": [2, 2], "output_shape": [16, 8]}
    with pytest.raises(UnreadableError, match=r"a ConvTranspose that makes less than it reads"):
        flat_of(measuring("ConvTranspose", "x v", True, **asked))


def test_output_padding_beside_auto_pad_is_refused() -> None:
    asked = {"strides": [3, 2], "auto_pad": "SAME_UPPER", "output_padding": [1, 1]}
    with pytest.raises(UnreadableError, match="output_padding is not 0 beside auto_pad"):
        flat_of(measuring("ConvTranspose", "x v", True, **asked))


@pytest.mark.parametrize(
    ("op", "inputs", "attributes"),
    [
        ("MaxPool", "x", {"kernel_shape": [3, 3], "auto_pad": "VALID", "pads": [1] * 4}),
        ("Conv", "x v", {"auto_pad": "SAME_UPPER", "pads": [9] * 4}),
        ("ConvTranspose", "x v", {"auto_pad": "VALID", "pads": [0, 0, 1, 0]}),
    ],
)
def test_pads_beside_auto_pad_are_refused(op: str, inputs: str, attributes: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError, match="pads is not 0 beside auto_pad"):
        flat_of(measuring(op, inputs, True, **attributes))


def test_branches_beside_each_other_may_have_the_same_names() -> None:
    make = onnx.helper
    side = make.make_graph(
        [make.make_node("Relu", ["x"], ["o"])],
        "side",
        [],
        [make.make_tensor_value_info("o", 1, None)],
    )
    sides = {"then_branch": side, "else_branch": side}
    nodes = [
        make.make_node("If", ["c"], ["p"], **sides),
        make.make_node("If", ["c"], ["q"], **sides),
        make.make_node("Add", ["p", "q"], ["y"]),
    ]
    data = model(nodes, SHAPE, [make.make_tensor("c", 9, (), [True])])
    assert flat_of(data).items[-1].output == (17, 8, 3) == executed(data, SHAPE)


def test_weights_of_branches_beside_each_other_are_told_apart() -> None:
    make = onnx.helper

    def side(source: str) -> Any:
        conv = make.make_node("Conv", [source, "w"], ["o"], pads=[1] * 4)
        output = make.make_tensor_value_info("o", 1, None)
        return make.make_graph([conv], "side", [], [output], [array("w", (3, 3, 3, 3))])

    nodes = [
        make.make_node(
            "If", ["c"], [made], name=made, then_branch=side(source), else_branch=side(source)
        )
        for source, made in (("x", "p"), ("p", "q"), ("q", "y"))
    ]
    flat = flat_of(model(nodes, SHAPE, [make.make_tensor("c", 9, (), [True])]))
    assert totals(flat)[0] == 3 * 81 and not flat.faults
