"""`verify --against` with files that are damaged, large or badly named: one line and exit 2."""

import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.interop.onnx_files import array
from tests.study.test_against_strangers import NET, W, file_of, node, verified

__all__ = ["verified"]  # a fixture

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")


DAMAGED = {
    "few bytes": {"raw_data": b"\0" * 20},
    "many bytes": {"raw_data": b"\0" * 28},
    "no bytes": {"raw_data": b""},
    "text": {"data_type": 8},
    "text in place of numbers": {"data_type": 8, "raw_data": None, "string_data": [b"a"] * 6},
    "no type": {"data_type": 0},
    "an unknown type": {"data_type": 9999},
    "a negative size": {"dims": [-3, 2, 1, 1]},
    "a size that no memory holds": {"dims": [2**40, 2, 1, 1]},
    "a product past 64 bits": {"dims": [2**40, 2**40, 2**40]},
    "100 axes": {"dims": [1] * 100},
    "four bits a number": {"data_type": 22},
}


@pytest.mark.parametrize("wrong", DAMAGED.values(), ids=DAMAGED)
def test_an_array_that_is_not_what_it_says(
    wrong: dict[str, Any], verified: Callable[..., tuple[int, str]]
) -> None:
    proto = file_of()
    fields = {"raw_data": b"\0" * 24, "dims": W, "data_type": 1, "name": "w"} | wrong
    proto.graph.initializer[0].CopyFrom(onnx.TensorProto(**fields))
    status, said = verified(proto)
    assert (status, said.startswith("Error: ")) == (2, True), said


EVIL = "\x1b]0;title\x07\n::error::name\u202e"


def test_names_of_a_file_are_written_nowhere_raw(verified: Callable[..., tuple[int, str]]) -> None:
    """onnxruntime logs what it leaves out, and the nodes that fail."""
    status, said = verified(file_of(arrays=(array(EVIL, (2,)),)))
    assert (status, said.isprintable(), "::error" in said) == (0, True, False), said
    sizes = onnx.helper.make_tensor("sizes", 7, (2,), [7, 7])
    failing = node("Reshape", "c sizes", "d")
    failing.name = EVIL
    status, said = verified(file_of(failing, arrays=(sizes,), last="d"))
    assert (status, said.isprintable()) == (2, True), said
    assert said.startswith("Error: onnxruntime does not run f.onnx: "), said


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bound no process' memory")
@pytest.mark.parametrize("size", [2**33, 2**50, 2**62])
def test_a_file_takes_no_more_memory_than_its_net(
    size: int, verified: Callable[..., tuple[int, str]]
) -> None:
    """32 GiB and more of a net of a few hundred numbers."""
    sizes = onnx.helper.make_tensor("sizes", 7, (1,), [size])
    large = node("ConstantOfShape", "sizes", "large")
    total = node("ReduceMax", "large", "total", keepdims=0)
    status, said = verified(
        file_of(large, total, node("Add", "c total", "d"), arrays=(sizes,), last="d")
    )
    assert (status, said.startswith("Error: onnxruntime does not run f.onnx")) == (2, True), said


def test_what_a_file_makes_beside_numbers_is_refused(
    verified: Callable[..., tuple[int, str]],
) -> None:
    text = onnx.helper.make_tensor("text", 8, (1,), [b"a"])
    net = NET.replace("relu: {}", "sigmoid: {}")
    status, said = verified(
        file_of(node("Identity", "text", "z"), arrays=(text,)),
        net + "  - {relu: {}, name: z}\n",
    )
    assert (status, "z is no array of numbers" in said) == (2, True), said


def test_a_file_of_bytes_for_names(verified: Callable[..., tuple[int, str]]) -> None:
    """ONNX's names are UTF-8; protobuf takes any bytes."""
    data = file_of().SerializeToString()
    for name in (b"\x01x", b"\x01w", b"\x01c", b"\x01y", b"\x04Relu", b"\x04Conv", b"\x03net"):
        status, said = verified(data.replace(name, name[:1] + b"\xff" + name[2:]))
        assert (status, "not UTF-8" in said) == (2, True), said


def test_two_arrays_of_one_name(verified: Callable[..., tuple[int, str]]) -> None:
    """onnxruntime takes the first, onnx the last."""
    proto = file_of()
    proto.graph.initializer.append(array("w", W, [2.0] * 6))
    assert verified(proto) == (2, "Error: f.onnx has two arrays of one name")


@pytest.mark.parametrize("emptied", ["input", "output"])
@pytest.mark.parametrize("op", ["Conv", "Identity"])
def test_a_node_that_reads_or_makes_nothing(
    op: str, emptied: str, verified: Callable[..., tuple[int, str]]
) -> None:
    proto = file_of(node("Identity", "w", "w2"), arrays=(array("c.weight", W),))
    (found,) = (one for one in proto.graph.node if one.op_type == op)
    del getattr(found, emptied)[:]
    status, said = verified(proto)
    if op == "Identity":  # which no layer needs: it is not run
        assert (status, "all 2 layers agree" in said) == (0, True), said
    else:
        assert (status, said.startswith("Error: ")) == (2, True), said


@pytest.mark.parametrize(("images", "status"), [(1, 0), (3, 0), (65, 2), (2**62, 2)])
def test_a_file_is_run_with_as_many_images_as_it_takes(
    images: int, status: int, verified: Callable[..., tuple[int, str]]
) -> None:
    proto = file_of()
    proto.graph.input[0].type.tensor_type.shape.dim[0].dim_value = images
    found, said = verified(proto)
    assert found == status, said
    assert ("images at once" in said) is (status == 2)
    if status:
        assert f"{images:,} images at once, --against runs 64 at most" in said
    else:
        assert "all 2 layers agree" in said
