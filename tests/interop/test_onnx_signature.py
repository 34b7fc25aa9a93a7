"""What PyTorch's newer exporter to ONNX says of its arrays and of what it merged."""

from typing import Any

import pytest

from convcalc.interop.flat import Flat
from tests.interop.onnx_files import array, flat_of, model

onnx: Any = pytest.importorskip("onnx")

#: as `torch.onnx.export(..., dynamo=True)` of torch 2.13 writes it
SIGNATURE = """
# inputs
p_c_weight: PARAMETER target='c.weight'
b_filt: BUFFER target='filt' persistent=True
x: USER_INPUT
"""


def signed(nodes: list[Any], arrays: list[Any], shape: tuple[int, ...] = (1, 3, 8, 8)) -> Flat:
    """A file that says what its arrays are."""
    made = onnx.load_from_string(model(nodes, shape, arrays))
    key = "pkg.torch.export.ExportedProgram.graph_signature"
    made.graph.metadata_props.add(key=key, value=SIGNATURE)
    return flat_of(made.SerializeToString())


def node(op: str, inputs: str, output: str, rule: str = "", **attributes: Any) -> Any:
    made = onnx.helper.make_node(op, inputs.split(), [output], **attributes)
    if rule:
        made.metadata_props.add(key="pkg.onnxscript.rewriter.rule_name", value=rule)
    return made


def test_a_kernel_that_is_kept_is_told_from_one_that_is_learned() -> None:
    """A net that is blurred before it is made smaller (arXiv:1904.11486)."""
    nodes = [node("Conv", "x c.weight", "c"), node("Conv", "c filt", "y", group=6)]
    arrays = [array("c.weight", (6, 3, 3, 3)), array("filt", (6, 1, 3, 3), [1 / 9] * 54)]
    flat = signed(nodes, arrays)
    assert [item.kind for item in flat.items] == ["input", "conv", "depthwise_conv"]
    assert flat.notes == (
        "the source has 162 learned parameters, the layers here 216: filt is kept there, "
        "not learned",
    )
    unsigned = flat_of(model(nodes, (1, 3, 8, 8), arrays))
    assert not unsigned.notes  # the file does not tell them apart


def test_an_instance_norm_whose_ones_the_exporter_made_learns_nothing() -> None:
    arrays = [array("val_3", (3,), [1.0] * 3), array("val_7", (3,), [0.0] * 3)]
    nodes = [node("InstanceNormalization", "x val_3 val_7", "y")]
    for flat, affine in (
        (signed(nodes, arrays), False),
        (flat_of(model(nodes, (1, 3, 8, 8), arrays)), True),
    ):
        layer = flat.items[1].layer
        assert layer is not None and layer.__dict__["affine"] is affine


@pytest.mark.parametrize(
    ("op", "what"), [("Gemm", "fully connected layer"), ("ConvTranspose", "transposed convolution")]
)
def test_a_batch_norm_merged_into_other_layers_is_said(op: str, what: str) -> None:
    shape = (1, 3) if op == "Gemm" else (1, 3, 8, 8)
    weight = array("w", (3, 5) if op == "Gemm" else (3, 5, 2, 2))
    arrays = [weight, array("b", (5,), [0.5] * 5)]
    flat = signed([node(op, "x w b", "y", f"FuseBatchNormInto{op}")], arrays, shape)
    assert flat.notes == (
        f"batch norm was merged into a {what} by the exporter (its optimize=False keeps it)",
    )
    assert not signed([node(op, "x w b", "y")], arrays, shape).notes


@pytest.mark.parametrize("keepdims", [0, 1])
@pytest.mark.parametrize("rank", [4, 5])
def test_an_instance_norm_that_is_written_out(rank: int, keepdims: int) -> None:
    """A variance that loses its axes gets them back by a reshape, as torch.var is exported."""
    ones = onnx.helper.make_tensor("k", 7, (rank,), [1, 3, 1, 1, 1][:rank])
    axes = list(range(2, rank))
    nodes = [
        node("ReduceMean", "x", "m", axes=axes),
        node("Sub", "x m", "d"),
        node("Mul", "d d", "s"),
        node("ReduceMean", "s", "u", axes=axes, keepdims=keepdims),
        node("Reshape", "u k", "v"),
        node("Add", "v e", "a"),
        node("Sqrt", "a", "r"),
        node("Div", "d r", "y"),
    ]
    flat = flat_of(model(nodes, (1, 3, 8, 8, 8)[:rank], [ones, array("e", (), [1e-5])]))
    assert [item.kind for item in flat.items] == ["input", "instance_norm"]
    assert flat.items[1].layer is not None and not flat.items[1].layer.__dict__["affine"]
    assert not flat.notes


def test_a_number_less_a_volume_is_a_volume_of_its_size() -> None:
    flat = flat_of(model([node("Sub", "e x", "y")], (1, 3, 8, 8), [array("e", (), [1.0])]))
    assert [item.kind for item in flat.items] == ["input", "scale"]
    assert flat.notes == ("a number that a volume is taken from is left out",)
