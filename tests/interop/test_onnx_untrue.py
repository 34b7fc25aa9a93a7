"""ONNX files that say one thing of themselves twice, or call their own things like ONNX's."""

from collections.abc import Callable
from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError
from tests.interop.onnx_files import array, executed, flat_of, model, refusal

onnx = pytest.importorskip("onnx")

SMALL, LARGE = (1, 3, 16, 16), (1, 3, 400, 400)
W = array("w", (8, 3, 3, 3))


def ints(name: str, *numbers: int) -> Any:
    return onnx.helper.make_tensor(name, 7, [len(numbers)], numbers)


def resized(size: Any, *arrays: Any) -> bytes:
    """A conv of x, resized to `q`, which `size` makes or which is an array."""
    nodes = [
        *([size] if size is not None else ()),
        onnx.helper.make_node("Resize", ["x", "", "", "q"], ["r"], mode="nearest"),
        onnx.helper.make_node("Conv", ["r", "w"], ["y"], pads=[1] * 4),
    ]
    return model(nodes, SMALL, [W, *arrays])


def changed(data: bytes, change: Callable[[Any], None]) -> bytes:
    proto = onnx.load_from_string(data)
    change(proto)
    found: bytes = proto.SerializeToString()
    return found


def with_function(data: bytes, domain: str, name: str, *nodes: Any) -> bytes:
    """The same with a function of one input, i, and one output, o."""
    opset = onnx.helper.make_opsetid
    made = onnx.helper.make_function(domain, name, ["i"], ["o"], nodes, [opset("", 17)])

    def add(proto: Any) -> None:
        proto.functions.append(made)
        if domain:
            proto.opset_import.append(opset(domain, 1))

    return changed(data, add)


def test_functions_of_the_file_are_no_operators_that_work_out_sizes() -> None:
    large = onnx.helper.make_node("Constant", [], ["o"], value_ints=LARGE)
    for op, reads in (("Identity", "s"), ("Shape", "x")):
        call = onnx.helper.make_node(op, [reads], ["q"], domain="my")
        data = with_function(resized(call, ints("s", *SMALL)), "my", op, large)
        assert executed(data, SMALL) == (400, 400, 8)
        assert refusal(data)[-1] == "Resize to a size that is computed: r"


@pytest.mark.parametrize("domain", ["my", "com.microsoft", ""])
def test_functions_of_the_file_are_no_layers(domain: str) -> None:
    nodes = [
        onnx.helper.make_node("Relu", ["x"], ["z"], domain=domain),
        onnx.helper.make_node("Conv", ["z", "w"], ["y"], pads=[1] * 4),
    ]
    twice = onnx.helper.make_node("Concat", ["i", "i"], ["o"], axis=2)
    data = with_function(model(nodes, SMALL, [W]), domain, "Relu", twice)
    assert executed(data, SMALL) == (32 if domain else 16, 16, 8)  # onnxruntime has its own Relu
    origin = f" of domain {domain}" if domain else ""
    assert refusal(data) == (f"Relu{origin} (a function of the file): z",)


def test_other_domains_have_operators_of_their_own() -> None:
    node = onnx.helper.make_node
    conv = node("Conv", ["z", "w"], ["y"], pads=[1] * 4)
    foreign = node("AveragePool", ["x"], ["z"], kernel_shape=[2, 2], domain="com.microsoft")
    line = "AveragePool of domain com.microsoft: z"
    assert refusal(model([foreign, conv], SMALL, [W])) == (line,)
    call = node("Range", ["a", "b", "c"], ["q"], domain="com.microsoft")
    sizes = {"a": 1, "b": 9, "c": 2}
    numbers = [onnx.helper.make_tensor(name, 7, [], [size]) for name, size in sizes.items()]
    line = "Resize to a size that is computed: r"
    assert refusal(resized(call, *numbers)) == (line,)


def test_a_function_that_nothing_calls_changes_nothing() -> None:
    data = with_function(
        resized(None, ints("q", *SMALL)),
        "my",
        "Resize",
        onnx.helper.make_node("Relu", ["i"], ["o"]),
    )
    assert [item.kind for item in flat_of(data).items] == ["input", "conv"]


def _sparse(name: str) -> Any:
    make = onnx.helper.make_tensor
    return onnx.helper.make_sparse_tensor(make(name, 7, [4], LARGE), ints("at", 0, 1, 2, 3), [4])


def test_sparse_tensors_that_onnxruntime_takes_before_others_are_refused() -> None:
    data = changed(
        resized(None, ints("q", *SMALL)), lambda p: p.graph.sparse_initializer.append(_sparse("q"))
    )
    assert executed(data, SMALL) == (400, 400, 8)
    with pytest.raises(UnreadableError, match="tensor q is sparse"):
        flat_of(data)
    both = onnx.helper.make_node("Constant", [], ["q"], sparse_value=_sparse("q"))
    both.attribute.append(onnx.helper.make_attribute("value", ints("", *SMALL)))
    data = resized(both)
    assert executed(data, SMALL) == (400, 400, 8)
    assert refusal(data)[0] == "Constant with sparse_value = a sparse tensor: q"


@pytest.mark.parametrize("versions", [(17, 10), (10, 17)])
@pytest.mark.parametrize("domain", ["", "ai.onnx"])
def test_two_opsets_are_refused(versions: tuple[int, int], domain: str) -> None:
    data = resized(None, ints("q", *SMALL))

    def state(proto: Any) -> None:
        proto.opset_import[0].version = versions[0]
        proto.opset_import.append(onnx.helper.make_opsetid(domain, versions[1]))

    with pytest.raises(UnreadableError, match="two opsets of ONNX's operators, 10 and 17"):
        flat_of(changed(data, state))


def test_a_file_without_an_opset_is_refused() -> None:
    def drop(proto: Any) -> None:
        proto.opset_import[0].domain = "my"

    with pytest.raises(UnreadableError, match="does not state the opset"):
        flat_of(changed(resized(None, ints("q", *SMALL)), drop))


@pytest.mark.parametrize("sort", [0, 2, 6, 99])
def test_an_attribute_of_another_type_than_it_states_is_refused(sort: int) -> None:
    def state(proto: Any) -> None:
        proto.graph.node[0].attribute[0].type = sort

    data = model([onnx.helper.make_node("Conv", ["x", "w"], ["y"], pads=[1] * 4)], SMALL, [W])
    if sort == 99:  # no type that ONNX has: protobuf keeps it apart from the others
        data = data.replace(
            b"pads@\x01@\x01@\x01@\x01\xa0\x01\x07", b"pads@\x01@\x01@\x01@\x01\xa0\x01\x63"
        )
    else:
        data = changed(data, state)
    with pytest.raises(UnreadableError, match="node y: attribute pads is not of the type that it"):
        flat_of(data)


def test_lists_in_attributes_are_not_cut_off() -> None:
    long = onnx.helper.make_node("Constant", [], ["q"], value_ints=[1] * 5000)
    with pytest.raises(UnreadableError, match="attribute value_ints has more than 4,096 numbers"):
        flat_of(resized(long))


def test_slopes_that_are_more_than_what_they_are_for_make_more_of_it() -> None:
    """ONNX forbids it, its checker passes it and onnxruntime runs it."""
    nodes = [
        onnx.helper.make_node("PRelu", ["w", "s"], ["v"]),
        onnx.helper.make_node("Conv", ["x", "v"], ["y"]),
    ]
    data = model(nodes, SMALL, [array("w", (1, 3, 3, 3)), array("s", (32, 1, 1, 1))])
    assert executed(data, SMALL) == flat_of(data).items[-1].output == (14, 14, 32)


def test_a_row_of_slopes_is_of_columns() -> None:
    """Operands are aligned at their last axes, also where there are as many channels."""
    nodes = [onnx.helper.make_node("PRelu", ["x", "s"], ["y"])]
    for x in ((1, 8, 4, 1), (1, 8, 4, 8)):
        data = model(nodes, x, [array("s", (8,))])
        assert executed(data, x) == (4, 8, 8)
        assert refusal(data) == ("PRelu with a slope for each position: y",)
    assert flat_of(model(nodes, (1, 8), [array("s", (8,))])).items[-1].output == (8,)
