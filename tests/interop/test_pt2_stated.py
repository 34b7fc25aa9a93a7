"""What a `.pt2` file states beside its calls: where these make other values, it is refused."""

import io
import json
import zipfile
from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError, UnsupportedError
from convcalc.interop.read.model import Asked, read
from tests.interop.stated_programs import CONV, SHAPES, call, packed, program, stated, tensor

_NAMES = {"w": "c.weight"}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ((1, 3, 4, 8), r"y0 is 1x3x8x8 by its call \(aten.conv2d\), 1x3x4x8 as the file states it"),
        ((4, 3, 8, 8), "4x3x8x8 as the file states it: export it anew"),
        ((3, 8, 8), "3x8x8 as the file states it"),
        ((), "one number as the file states it"),
        ((1,) * 40, "does not say the size of y0"),
    ],
)
def test_sizes_of_a_result_are_those_of_its_call(said: tuple[int, ...], found: str) -> None:
    with pytest.raises(UnreadableError, match=found):
        program([CONV], SHAPES, "y0", _NAMES, lambda value: value.update(stated(said)))


def test_a_value_of_which_no_size_is_stated_is_refused() -> None:
    with pytest.raises(UnreadableError, match="does not say the size of y0"):
        program([CONV], SHAPES, "y0", _NAMES, lambda value: value.clear())


def test_a_size_without_an_example_is_no_statement() -> None:
    said = [{"as_int": 1}, {"as_int": 3}, {"as_expr": {"expr_str": "u0", "hint": None}}]
    more = {"sizes": [*said, {"as_int": 8}]}
    assert program([CONV], SHAPES, "y0", _NAMES, lambda value: value.update(more)).items


def test_what_no_output_needs_is_held_too() -> None:
    dead = call("relu.default", {"self": tensor("y0")}, "d")
    assert program([CONV, dead], {**SHAPES, "d": SHAPES["y0"]}, "y0", _NAMES).items
    with pytest.raises(UnreadableError, match="d is 1x3x8x8 by its call"):
        program([CONV, dead], {**SHAPES, "d": (1, 3, 8, 9)}, "y0", _NAMES)


def test_a_weight_that_is_worked_out_has_the_size_that_is_stated() -> None:
    given = {"self": tensor("w"), "repeats": {"as_ints": [2, 1, 1, 1]}}
    calls = [
        call("repeat.default", given, "r"),
        call("conv2d.default", {"input": tensor("x"), "weight": tensor("r")}, "z"),
    ]
    shapes = {**SHAPES, "r": (6, 3, 3, 3), "z": (1, 6, 6, 6)}
    assert program(calls, shapes, "z", _NAMES).items[-1].output == (6, 6, 6)
    with pytest.raises(UnreadableError, match=r"r is 6x3x3x3 by its call \(aten.repeat\)"):
        program(calls, {**shapes, "r": (3, 3, 3, 3)}, "z", _NAMES)


def test_a_size_that_a_call_works_out_is_the_one_that_is_stated() -> None:
    made = {"as_sym_int": {"as_name": "s"}}
    size = call("sym_size.int", {"self": tensor("y0"), "dim": {"as_int": 2}}, made)
    assert program([CONV, size], SHAPES, "y0", _NAMES, sizes={"s": 8}).items
    with pytest.raises(UnreadableError, match="the size s is 8 by its call, 4 as the file states"):
        program([CONV, size], SHAPES, "y0", _NAMES, sizes={"s": 4})


@pytest.mark.parametrize("target", ["view.default", "dropout.default", "relu.default"])
def test_number_types_are_those_of_the_call(target: str) -> None:
    given = {"self": tensor("y0")}
    if target == "view.default":
        given["size"] = {"as_ints": [1, 3, 64]}
    read_again = call(target, given, "z")
    shapes = {**SHAPES, "z": (1, 3, 64) if target == "view.default" else SHAPES["y0"]}

    def floats(value: Any) -> None:
        value["dtype"] = 5

    with pytest.raises(UnreadableError, match="export it anew"):
        program([CONV, read_again], shapes, "z", _NAMES, floats)


def lying(shape: tuple[int, ...]) -> bytes:
    """A program of 8x8, of whose convolution's result another size is stated."""
    graph: dict[str, Any] = {
        "inputs": [],
        "outputs": [tensor("y0")],
        "nodes": [CONV],
        "tensor_values": {name: stated(sizes) for name, sizes in {**SHAPES, "y0": shape}.items()},
        "sym_int_values": {},
    }
    learned = {"parameter": {"arg": {"name": "w"}, "parameter_name": "c.weight"}}
    signature = {"input_specs": [learned, {"user_input": {"arg": tensor("x")}}]}
    root = {
        "schema_version": {"major": 8, "minor": 20},
        "verifiers": ["TRAINING"],
        "graph_module": {"graph": graph, "signature": signature},
    }
    members = {"a/archive_format": "pt2", "a/archive_version": "0"}
    return packed({**members, "a/models/model.json": json.dumps(root)})


def test_a_file_that_is_read_at_another_size_is_held_at_its_own() -> None:
    asked = Asked(input=(16, 16, 3))
    assert read("net.pt2", io.BytesIO(lying((1, 3, 8, 8))), asked).items[-1].output == (16, 16, 3)
    for said in ((1, 3, 8, 4), (1, 3, 16, 16)):
        with pytest.raises(UnreadableError, match="y0 is 1x3x8x8 by its call"):
            read("net.pt2", io.BytesIO(lying(said)), asked)


def exported(run: Any, *shapes: tuple[int, ...], **options: Any) -> Any:
    """A function with a convolution, as `torch.export` writes it, read."""
    torch: Any = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 8, 3, padding=1)
            self.row = torch.nn.Parameter(torch.ones(8))

        def forward(self, x: Any) -> Any:
            return run(torch, self, x)

    decomposed = options.pop("decomposed", False)
    images = torch.zeros(shapes[0] if shapes else (2, 3, 8, 8))
    made = torch.export.export(Net(), (images,), **options)
    data = io.BytesIO()
    torch.export.save(made.run_decompositions() if decomposed else made, data)
    data.seek(0)
    assert zipfile.is_zipfile(data)
    return read("net.pt2", data)


_FORWARDS = {
    "squeezed in place": lambda t, n, x: n.conv(x).mean((2, 3), keepdim=True).squeeze_(3),
    "views": lambda t, n, x: n.conv(x).view(x.shape[0], 2, 4, -1).transpose(1, 2).flatten(1),
    "parts": lambda t, n, x: t.cat([*n.conv(x).chunk(3, 1), x[:, :2]], 1),
    "written over": lambda t, n, x: n.conv(x).relu_().mul_(2).add_(x.mean((1, 2, 3), True)),
    "normed": lambda t, n, x: t.nn.functional.group_norm(n.conv(x), 2, n.row, n.row),
    "maxima": lambda t, n, x: t.nn.functional.max_pool2d(n.conv(x), 3, 2, 1, ceil_mode=True),
    "resized": lambda t, n, x: t.nn.functional.interpolate(n.conv(x[:, :, ::2, ::2]), x.shape[2:]),
    "of halves": lambda t, n, x: n.conv(x).half().relu().float() * n.row.view(1, -1, 1, 1),
    "of a weight": lambda t, n, x: t.nn.functional.conv2d(
        x, n.conv.weight.flip(0) / n.conv.weight.std((1, 2, 3), keepdim=True)
    ),
}


@pytest.mark.filterwarnings("ignore")  # of PyTorch's own export
@pytest.mark.parametrize("name", _FORWARDS)
@pytest.mark.parametrize("how", ["as it is", "open", "decomposed"])
def test_what_torch_writes_is_read(name: str, how: str) -> None:
    torch: Any = pytest.importorskip("torch")
    options: dict[str, Any] = {"decomposed": "decomposed" in how}
    if "open" in how:
        options["dynamic_shapes"] = ({0: torch.export.Dim("images")},)
    try:
        assert exported(_FORWARDS[name], **options).items
    except (UnreadableError, UnsupportedError) as error:
        assert isinstance(error, UnsupportedError) or "export with" in str(error), error
