"""Attributes of ONNX operators: what onnxruntime makes of them, or a refusal that names them."""

import io

import pytest

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.model import read
from tests.interop.onnx_files import Shape, array, executed, flat_of, model, net, refusal

onnx = pytest.importorskip("onnx")


@pytest.mark.parametrize(("size", "to"), [(300, 1000), (299, 1001), (150, 500), (3, 10), (7, 8)])
def test_a_factor_of_a_resize_is_a_float32(size: int, to: int) -> None:
    """300 * float32(1000 / 300) is 999.99998: as float32 it is 1000."""
    factors = array("f", (4,), [1.0, 1.0, to / size, to / size])
    data = net("Resize", "x - f", (1, 1, size, size), [factors])
    assert executed(data, (1, 1, size, size)) == flat_of(data).items[-1].output == (to, to, 1)


@pytest.mark.parametrize("stride", [2, 3, 5])
@pytest.mark.parametrize("kernel", [2, 3, 4])
@pytest.mark.parametrize("mode", ["SAME_UPPER", "SAME_LOWER"])
def test_a_transposed_convolution_pads_itself_and_cuts_nothing_off_twice(
    stride: int, kernel: int, mode: str
) -> None:
    """A window below the stride leaves no padding: the output ends with the last window."""
    weight = array("w", (4, 6, kernel, kernel))
    attributes = {"auto_pad": mode, "strides": [stride] * 2}
    data = net("ConvTranspose", "x w", (1, 4, 9, 9), [weight], **attributes)
    assert executed(data, (1, 4, 9, 9)) == flat_of(data).items[-1].output


@pytest.mark.parametrize("mode", ["SAME_UPPER", "SAME_LOWER"])
def test_a_dilated_pool_that_pads_itself_is_refused(mode: str) -> None:
    """ONNX's words and onnxruntime pad it differently: neither is taken for the other."""
    window = {"kernel_shape": [3, 3], "dilations": [2, 2], "auto_pad": mode}
    data = net("MaxPool", "x", (1, 4, 9, 9), [], **window)
    assert refusal(data) == (f"MaxPool with dilation and auto_pad {mode}: y",)
    window["auto_pad"] = "VALID"
    assert flat_of(net("MaxPool", "x", (1, 4, 9, 9), [], **window)).items[-1].output == (5, 5, 4)


@pytest.mark.parametrize("domain", ["", "ai.onnx"])
def test_both_names_of_the_own_domain_give_the_opset(domain: str) -> None:
    """Softmax means another thing before opset 13."""
    nodes = [
        onnx.helper.make_node("Conv", ["x", "w"], ["a"]),
        onnx.helper.make_node("Softmax", ["a"], ["y"], axis=1),
    ]
    data = model(nodes, (1, 4, 9, 9), [array("w", (6, 4, 3, 3))], 17, domain)
    flat = flat_of(data)
    assert [item.kind for item in flat.items] == ["input", "conv", "softmax"]
    assert "opset 17" in flat.source


def test_a_bias_that_the_input_makes_is_refused() -> None:
    data = net("Gemm", "x w x", (1, 4), [array("w", (4, 4))])
    assert refusal(data) == ("Gemm with computed weights: y",)


@pytest.mark.parametrize("shape", [(1,), (1, 1), (5, 6), (5, 1)])
def test_a_bias_that_is_not_one_number_a_unit_is_refused(shape: Shape) -> None:
    arrays = [array("w", (4, 6)), array("c", shape)]
    data = net("Gemm", "x w c", (5, 4), arrays)
    listed = "x".join(map(str, shape))
    assert refusal(data) == (f"Gemm with a bias of {listed} for 6 units: y",)


def test_a_bias_in_a_row_of_one_is_one() -> None:
    flat = flat_of(net("Gemm", "x w c", (5, 4), [array("w", (4, 6)), array("c", (1, 6))]))
    assert flat.counts.params == 30
    assert flat.notes == ()


@pytest.mark.parametrize(("name", "inputs"), [("alpha", "x w"), ("beta", "x w c")])
def test_a_factor_of_gemm_belongs_to_its_weights(name: str, inputs: str) -> None:
    arrays = [array("w", (4, 6)), array("c", (6,))]
    flat = flat_of(net("Gemm", inputs, (1, 4), arrays, **{name: 0.5}))
    assert flat.items[-1].output == (6,)
    assert flat.notes == (f"Gemm's {name} = 0.5 is taken as part of its weights: sizes are equal",)


def test_what_gemm_cannot_be_is_called_by_its_name() -> None:
    left = net("Gemm", "w x", (4, 6), [array("w", (3, 4))])
    assert refusal(left)[0].startswith("Gemm with a weight on the left: one on the right of")
    turned = net("Gemm", "x w", (4, 1), [array("w", (4, 6))], transA=1)
    assert refusal(turned) == ("Gemm with transA = 1: y",)


def test_a_group_norm_with_a_number_a_group_is_refused() -> None:
    """Opset 18 has a scale and a shift a group, opset 21 and convcalc one per channel."""
    arrays = [array("s", (2,), [2.0, 3.0]), array("b", (2,), [2.0, 3.0])]
    data = net("GroupNormalization", "x s b", (1, 6, 9, 9), arrays, 18, num_groups=2)
    assert refusal(data) == ("GroupNormalization with a scale of 2 for 6: y",)
    arrays = [array("s", (6,)), array("b", (6,))]
    data = net("GroupNormalization", "x s b", (1, 6, 9, 9), arrays, 21, num_groups=2)
    assert flat_of(data).counts.params == 12


def test_a_layer_norm_whose_scale_is_spread_is_refused() -> None:
    arrays = [array("s", (1, 1, 9)), array("b", (1, 1, 9))]
    data = net("LayerNormalization", "x s b", (1, 4, 9, 9), arrays, axis=1)
    assert refusal(data) == ("LayerNormalization with a scale of 9 for 324: y",)


def test_a_layer_norm_over_the_last_axis_says_where_the_channels_are() -> None:
    arrays = [array("s", (4,)), array("b", (4,))]
    flat = flat_of(net("LayerNormalization", "x s b", (1, 9, 8, 4), arrays))
    assert [item.output for item in flat.items] == [(9, 8, 4), (9, 8, 4)]
    assert flat.counts.params == 8


def test_weights_in_nodes_and_of_integers_are_counted() -> None:
    """They were `some weights are shared`, of a source that `holds 0`."""
    make = onnx.helper
    weight, bias = array("w", (6, 4, 3, 3)), array("b", (6,))
    nodes = [
        make.make_node("Constant", [], ["w"], value=weight),
        make.make_node("Constant", [], ["b"], value=bias),
        make.make_node("Conv", ["x", "w", "b"], ["y"]),
    ]
    flat = flat_of(model(nodes, (1, 4, 9, 9), []))
    assert (flat.counts.params, flat.notes) == (222, ())
    numbers = make.make_tensor("q", 3, (6, 4, 3, 3), [1] * 216)
    nodes = [
        make.make_node("DequantizeLinear", ["q", "s"], ["w"]),
        make.make_node("Conv", ["x", "w"], ["y"]),
    ]
    flat = flat_of(model(nodes, (1, 4, 9, 9), [numbers, array("s", ())]))
    assert flat.counts.params == 216
    assert [note[:15] for note in flat.notes] == ["it is quantized"]


@pytest.mark.parametrize("perm", [[0, -1, 1, 2], [-4, 3, -3, -2]])
def test_a_transpose_may_count_its_axes_from_the_end(perm: list[int]) -> None:
    nodes = [
        onnx.helper.make_node("Transpose", ["x"], ["t"], perm=perm),
        onnx.helper.make_node("Conv", ["t", "w"], ["y"], kernel_shape=[1, 1]),
    ]
    flat = read("net.onnx", io.BytesIO(model(nodes, (1, 4, 6, 3), [array("w", (2, 3, 1, 1))])))
    assert [item.output for item in flat.items] == [(4, 6, 3), (4, 6, 2)]


def test_a_transpose_of_one_axis_twice_is_refused() -> None:
    data = net("Transpose", "x", (1, 4, 6, 3), [], perm=[0, -1, 3, 2])
    with pytest.raises(UnreadableError, match="has no axes"):
        read("net.onnx", io.BytesIO(data))


def _unread(data: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        flat_of(data)
    return str(caught.value)


#: a node with a word for each attribute that is one
WORDS = {
    ("Conv", "x w", "auto_pad"): {},
    ("ConvTranspose", "x w", "auto_pad"): {},
    ("MaxPool", "x", "auto_pad"): {"kernel_shape": [2, 2]},
    ("Resize", "x - s", "mode"): {},
    ("Resize", "x - s", "coordinate_transformation_mode"): {},
    ("Resize", "x - s", "nearest_mode"): {},
    ("Resize", "x - s", "keep_aspect_ratio_policy"): {},
    ("Pad", "x p", "mode"): {},
    ("DepthToSpace", "x", "mode"): {"blocksize": 2},
    ("Gelu", "x", "approximate"): {},
    ("Cast", "x", "round_mode"): {"to": 1},
}


@pytest.mark.parametrize("case", WORDS, ids="-".join)
def test_a_word_that_onnx_does_not_have_is_refused(case: tuple[str, str, str]) -> None:
    op, inputs, name = case
    pads = onnx.helper.make_tensor("p", 7, (8,), [0, 0, 1, 1, 0, 0, 1, 1])
    arrays = [array("w", (4, 4, 3, 3)), array("s", (4,), [1.0, 1.0, 2.0, 2.0]), pads]
    attributes = WORDS[case] | {name: "\x1b[2J"}
    said = _unread(net(op, inputs, (1, 4, 8, 8), arrays, 20, **attributes))
    assert said.startswith(f"node y ({op}): {name} is not one of "), said


def test_what_is_there_twice_is_refused() -> None:
    conv = onnx.helper.make_node("Conv", ["x", "w"], ["y"], pads=[1] * 4)
    conv.attribute.append(onnx.helper.make_attribute("pads", [0] * 4))
    weight = array("w", (4, 4, 3, 3))
    assert _unread(model([conv], (1, 4, 8, 8), [weight])) == "node y has an attribute twice"
    del conv.attribute[1]
    assert _unread(model([conv], (1, 4, 8, 8), [weight, weight])) == "tensor w is there twice"
    proto = onnx.load_from_string(model([conv], (1, 4, 8, 8), [weight]))
    proto.graph.input.append(proto.graph.input[0])
    assert _unread(proto.SerializeToString()) == "input x is there twice"


def test_a_dropout_s_mask_is_not_its_output() -> None:
    make = onnx.helper.make_node
    nodes = [
        make("Dropout", ["x"], ["d", "mask"], name="d"),
        make("Cast", ["mask"], ["m"], name="m", to=1),
        make("Mul", ["d", "m"], ["y"], name="y"),
    ]
    assert refusal(model(nodes, (1, 4, 8, 8), [], 10)) == ("Dropout's mask: d",)
    unread = [nodes[0], make("Relu", ["d"], ["y"], name="y")]
    assert [item.kind for item in flat_of(model(unread, (1, 4, 8, 8), [], 10)).items[1:]] == [
        "dropout",
        "relu",
    ]


@pytest.mark.parametrize("mode", ["nearest", "linear"])
@pytest.mark.parametrize(("factor", "uneven"), [(1.6, "1.6 for 8 to 12"), (1.5, ""), (2.0, "")])
def test_a_factor_that_the_sizes_do_not_have_is_noted(
    mode: str, factor: float, uneven: str
) -> None:
    """12 of 8 rows by a factor of 1.6: row 5 is the third of the file, the fourth of the sizes'."""
    factors = array("f", (4,), [1.0, 1.0, factor, 2.0])
    places = "asymmetric" if mode == "nearest" else "half_pixel"
    words = {"nearest_mode": "floor", "coordinate_transformation_mode": places, "mode": mode}
    flat = flat_of(net("Resize", "x - f", (1, 4, 8, 8), [factors], **words))
    written = "nearest" if mode == "nearest" else "bilinear"
    note = f"{written} with a factor of {uneven} upsampling is written as {written}"
    assert any(note in one for one in flat.notes) is bool(uneven), flat.notes
    assert bool(flat.notes) is bool(uneven), flat.notes


@pytest.mark.parametrize("op", ["Identity", "Constant", "Reshape", "Relu"])
def test_a_node_that_makes_nothing_is_passed_over(op: str) -> None:
    nothing = [] if op == "Constant" else ["w"]
    nodes = [onnx.helper.make_node("Relu", ["x"], ["y"]), onnx.helper.make_node(op, nothing, [])]
    found = flat_of(model(nodes, (1, 3, 8, 8), [array("w", (3, 1, 1))]))
    assert [item.kind for item in found.items[1:]] == ["relu"]


@pytest.mark.parametrize(
    ("op", "read", "weight", "groups", "why"),
    [
        ("Conv", 6, (8, 1), 4, "4 groups do not divide 6 channels: leaves 2"),
        ("Conv", 8, (6, 2), 4, "4 groups do not divide 6 filters: leaves 2"),
        ("Conv", 6, (7, 1), 6, "6 groups do not divide 7 filters: leaves 1"),
        ("Conv", 6, (6, 6), 0, "0 groups, a convolution has 1 or more"),
        ("Conv", 6, (6, 6), -1, "-1 groups, a convolution has 1 or more"),
        ("ConvTranspose", 6, (6, 2), 4, "4 groups do not divide 6 channels: leaves 2"),
        ("ConvTranspose", 6, (6, 2), 0, "0 groups, a convolution has 1 or more"),
    ],
)
def test_groups_that_do_not_divide_are_named_with_their_node(
    op: str, read: int, weight: Shape, groups: int, why: str
) -> None:
    data = net(op, "x w", (1, read, 8, 8), [array("w", (*weight, 3, 3))], group=groups)
    with pytest.raises(UnreadableError, match=f"node y: {why}$"):
        flat_of(data)
