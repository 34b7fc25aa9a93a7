"""Sizes that a file works out of a batch that it leaves open are no sizes of every batch."""

from pathlib import Path
from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError, UnsupportedError
from tests.interop.onnx_files import array, flat_of, model, refusal

onnx = pytest.importorskip("onnx")

OPEN, FIXED = ("N", 3, 16, 16), (2, 3, 16, 16)


def numbers(name: str, *values: int) -> Any:
    return onnx.helper.make_tensor(name, 7, (len(values),), values)


ARRAYS = [numbers("zero", 0), numbers("eight", 8), numbers("three", 3), numbers("rest", 3, 8, 8)]
ARRAYS += [
    numbers("all", 3, 16, 16),
    numbers("rest16", 3, 16, 16),
    numbers("one", 1),
    numbers("minus", -1),
    numbers("ones4", 1, 1, 1, 1),
    numbers("back", -1, 3, 16, 16),
    numbers("tall", 1, 3, -1, 16),
    numbers("tall1", -1, 16),
    numbers("six", 6, 4, 4),
]


def file_of(shape: tuple[Any, ...], *nodes: tuple[str, str, str], **attributes: Any) -> bytes:
    """`Op`, its inputs, its output; `s` is the shape of x, `b` its first size."""
    make = onnx.helper.make_node
    listed = [("Shape", "x", "s"), ("Gather", "s zero", "b"), *nodes]
    made = []
    for op, inputs, output in listed:
        names = ["" if name == "-" else name for name in inputs.split()]
        more = {"axis": 0} if op in {"Concat", "Gather"} else {}
        more = {"to": 1} if op == "Cast" else more
        more = {"perm": [1, 0, 2, 3]} if op == "Transpose" else more
        more = {"perm": [1, 0]} if op == "Transpose2" else more
        made.append(
            make(op.rstrip("2"), names, [output], **more, **(attributes if output == "z" else {}))
        )
    last = make("Relu", ["z"], ["y"])
    return model(
        [*made, last], shape, [*ARRAYS, array("k", (1,)), array("ones", (3,)), array("k2", (1, 8))]
    )


FOLLOWING = [
    [("Mul", "b eight", "e"), ("Concat", "b three e e", "q"), ("Resize", "x - - q", "z")],
    [("Concat", "b three b b", "q"), ("Resize", "x - - q", "z")],
    [("Max", "s eight", "q"), ("Add", "q b", "p"), ("Resize", "x - - p", "z")],
    [("ReduceSum", "s", "t"), ("Concat", "b three t t", "q"), ("Resize", "x - - q", "z")],
    [("Concat", "three b", "q"), ("Reshape", "x q", "z")],
    [("Slice", "x zero b three", "z")],
]

#: volumes whose batch lies elsewhere than first, as `t`, and the same again as `u`
ELSEWHERE = [
    [("Transpose", "x", "t"), ("Transpose", "t", "u")],
    [("Unsqueeze", "x zero", "t"), ("Squeeze", "t zero", "u")],
    [("Squeeze", "x", "t"), ("Reshape", "t back", "u")],
    [("Reshape", "x tall", "t"), ("Reshape", "t back", "u")],
]
COMPUTED = [
    [("Mul", "b b", "bb"), ("Concat", "bb rest", "q"), ("Resize", "x - - q", "z")],
    [("Div", "b b", "bb"), ("Concat", "bb rest", "q"), ("Resize", "x - - q", "z")],
    [("Cast", "b", "f"), ("Concat", "f ones", "q"), ("Resize", "x - q", "z")],
    [("Div", "b b", "bb"), ("Concat", "bb three tall1", "q"), ("Reshape", "x q", "z")],
]


@pytest.mark.parametrize("nodes", ELSEWHERE)
def test_a_volume_whose_batch_is_not_first_has_no_size_that_stays(
    nodes: list[tuple[str, str, str]],
) -> None:
    after = [("Shape", "t", "st"), ("Gather", "st one", "e"), ("Mul", "e eight", "ee")]
    last = [("Concat", "b three ee ee", "q"), ("Resize", "u - - q", "z")]
    with pytest.raises(UnreadableError, match="a size of it follows the batch"):
        flat_of(file_of(OPEN, *nodes, *after, *last))


@pytest.mark.parametrize("nodes", COMPUTED)
def test_only_a_multiple_of_the_batch_is_the_size_of_its_axis(
    nodes: list[tuple[str, str, str]],
) -> None:
    with pytest.raises(UnreadableError, match="a size of it follows the batch"):
        flat_of(file_of(OPEN, *nodes))


def test_a_reduction_over_an_axis_that_follows_makes_a_shape_that_is_not_known() -> None:
    make = onnx.helper
    nodes = [
        make.make_node("Shape", ["x"], ["s"], start=0, end=1),
        make.make_node("Min", ["s", "two"], ["m"]),
        make.make_node("Sub", ["m", "one"], ["axis"]),
        make.make_node("ReduceMax", ["table", "axis"], ["r"], keepdims=1),
        make.make_node("Shape", ["r"], ["sr"]),
        make.make_node("Mul", ["sr", "eight"], ["q"]),
        make.make_node("Concat", ["s", "three", "q"], ["p"], axis=0),
        make.make_node("Resize", ["x", "", "", "p"], ["y"]),
    ]
    table = make.make_tensor("table", 7, (8, 1), list(range(8)))
    arrays = [table, *(numbers(n, v) for n, v in (("one", 1), ("two", 2), ("eight", 8)))]
    data = model(nodes, OPEN, [*arrays, numbers("three", 3)], opset=18)
    with pytest.raises(UnreadableError, match="a size of it follows the batch"):
        flat_of(data)


@pytest.mark.parametrize("nodes", FOLLOWING)
def test_a_size_that_follows_an_open_batch_is_refused(nodes: list[tuple[str, str, str]]) -> None:
    with pytest.raises(UnreadableError, match=r"a size of it follows the batch.*batch fixed"):
        flat_of(file_of(OPEN, *nodes))


def test_with_a_fixed_batch_it_is_a_number() -> None:
    flat = flat_of(file_of(FIXED, *FOLLOWING[0]))
    assert flat.items[-1].output == (16, 16, 3)


BATCH_AXIS = [
    (
        [
            ("Mul", "b eight", "e"),
            ("Concat", "e six", "q"),
            ("Reshape", "x q", "w"),
            ("Shape", "w", "sw"),
            ("Gather", "sw zero", "n"),
            ("Div", "n eight", "m"),
            ("Concat", "m rest16", "p"),
            ("Reshape", "w p", "z"),
        ],
        (16, 16, 3),
    ),
    ([("Equal", "s minus", "c"), ("Where", "c ones4 s", "q"), ("Expand", "x q", "z")], (16, 16, 3)),
    ([("Concat", "b rest", "q"), ("Resize", "x - - q", "z")], (8, 8, 3)),
    ([("Concat", "b all", "q"), ("Reshape", "x q", "z")], (16, 16, 3)),
]


@pytest.mark.parametrize(("nodes", "output"), BATCH_AXIS)
def test_the_size_of_the_batch_axis_itself_is_read(
    nodes: list[tuple[str, str, str]], output: tuple[int, ...]
) -> None:
    assert flat_of(file_of(OPEN, *nodes)).items[-1].output == output


def test_a_condition_that_follows_the_batch_takes_no_side() -> None:
    make = onnx.helper
    sides = {
        f"{side}_branch": make.make_graph(
            [make.make_node(op, ["x"], [f"o{side}"])],
            side,
            [],
            [make.make_tensor_value_info(f"o{side}", 1, None)],
        )
        for side, op in (("then", "Relu"), ("else", "Sigmoid"))
    }
    nodes = [
        make.make_node("Shape", ["x"], ["s"]),
        make.make_node("Gather", ["s", "zero"], ["b"], axis=0),
        make.make_node("Less", ["b", "eight"], ["c"]),
        make.make_node("If", ["c"], ["y"], **sides),
    ]
    arrays = [onnx.helper.make_tensor("zero", 7, (), [0]), make.make_tensor("eight", 7, (), [8])]
    assert flat_of(model(nodes, FIXED, arrays)).items[-1].kind == "relu"
    (line,) = refusal(model(nodes, OPEN, arrays))
    assert "If with a condition whose value is not in the file" in line


def test_a_program_alike(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, resized: Any) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 8, 3, padding=1)
            self.resized = resized

        def forward(self, x: Any) -> Any:
            return self.conv(self.resized(x))

    def read(resized: Any, given: Any) -> Any:
        from tests.interop.test_open_sizes import flat_of as of_program
        from tests.interop.test_open_sizes import saved

        return of_program(saved(tmp_path, Net(resized), dynamic_shapes=given))

    given = {"x": {0: torch.export.Dim("b", min=2, max=64)}}
    interpolate, pool = functional.interpolate, functional.adaptive_avg_pool2d
    follows = [
        lambda x: interpolate(x, size=(x.shape[0] * 8, 16)),
        lambda x: interpolate(x, size=(16, x.numel() // 3072 * 8)),
        lambda x: pool(x, (torch.sym_int(x.shape[0] * 8.0),) * 2),
        lambda x: interpolate(x, size=(torch.sym_ite(x.shape[0] > 4, 64, 16),) * 2),
    ]
    for resized in follows:
        with pytest.raises(UnreadableError, match="a size of it follows the batch"):
            read(resized, given)
        assert read(resized, None).items[-1].output == (16, 16, 8)
    keeps = [
        lambda x: x.view(x.shape[0], -1).view(x.shape[0], 3, 32, 32),
        lambda x: x.flatten(1).view(-1, 3, 32, 32),
    ]
    for same in keeps:
        assert read(same, given).items[-1].output == (32, 32, 8)
    enlarged = read(lambda x: interpolate(x, size=(x.shape[2] * 2, 16)), given)
    assert enlarged.items[-1].output == (64, 16, 8)


@pytest.mark.parametrize(
    "nodes",
    [
        [("Concat", "b one", "q"), ("Expand", "k2 q", "c"), ("Shape", "c", "sc")],
        [("Concat", "b minus", "q"), ("Reshape", "k2 q", "c"), ("Shape", "c", "sc")],
        [
            ("Concat", "b one", "q"),
            ("Expand", "k2 q", "c"),
            ("Transpose2", "c", "t"),
            ("Shape", "t", "sc"),
        ],
    ],
)
def test_the_shape_of_a_constant_may_follow_it_too(nodes: list[tuple[str, str, str]]) -> None:
    after = [("Gather", "sc zero", "e"), ("Mul", "e eight", "ee")]
    last = [("Concat", "b three ee ee", "p"), ("Resize", "x - - p", "z")]
    with pytest.raises((UnreadableError, UnsupportedError), match=r"follows the batch|computed"):
        flat_of(file_of(OPEN, *nodes, *after, *last))
