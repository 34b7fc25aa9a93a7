"""Volumes flattened with their axes in another order, as PyTorch programs have them."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.fold.spec import write as spec_of
from convcalc.interop.read.model import read
from convcalc.interop.write.pytorch.net import write as pytorch
from convcalc.spec.load import load
from tests.interop.nets import faces, one

NOTE = (
    "a volume is flattened with its axes in another order, which the weights after it follow: "
    "sizes are equal"
)

MADE = (
    "a vector becomes a volume (`reshape`) channels first in the source, channels last here: sizes "
    "are equal, the rows of the fc weights before it are in another order"
)


def imported(torch: Any, net: Any, x: Any) -> Flat:
    data = io.BytesIO()
    torch.export.save(torch.export.export(net, (x,)), data)
    return read("net.pt2", io.BytesIO(data.getvalue()))


def module(code: str) -> Any:
    names: dict[str, Any] = {}
    exec(compile(code, "net.py", "exec"), names)
    return names["Net"]().eval()


def through(torch: Any, move: Callable[[Any], Any], *sizes: int) -> tuple[Flat, Any, Any, Any]:
    """conv, a move and fc: what is imported, the net, an input and its output."""

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.conv = getattr(torch.nn, f"Conv{len(sizes)}d")(2, 4, 1)
            self.fc = torch.nn.LazyLinear(3)

        def forward(self, x: Any) -> Any:
            return self.fc(move(self.conv(x)))

    torch.manual_seed(0)
    net, x = Net().eval(), torch.randn(1, 2, *sizes)
    y = net(x).detach()
    return imported(torch, net, x), net, x, y


MOVES: list[tuple[Callable[[Any], Any], tuple[int, ...], str]] = [
    (lambda y: y.transpose(1, 2).flatten(1), (6,), "reshape"),
    (lambda y: y.permute(0, 2, 3, 1).flatten(1), (6, 5), "reshape"),
    (lambda y: y.permute(0, 2, 1).reshape(y.shape[0], -1), (6,), "reshape"),
    (lambda y: y.movedim(1, -1).flatten(1).relu(), (6, 5), "reshape"),
    (lambda y: y.permute(0, 3, 1, 2).permute(0, 2, 3, 1).flatten(1), (6, 5), ""),
    (lambda y: y.transpose(1, 2).flatten(1), (1,), ""),
    (
        lambda y: y.unflatten(1, (4, -1)).movedim(2, 1).permute(0, 1, 3, 2).flatten(2, 3),
        (6,),
        "pixel_shuffle",
    ),
]


@pytest.mark.parametrize(("move", "sizes", "kind"), MOVES)
def test_numbers_in_another_order_are_read_so(
    move: Callable[[Any], Any], sizes: tuple[int, ...], kind: str
) -> None:
    torch = pytest.importorskip("torch")
    flat, net, x, y = through(torch, lambda y: move(y).flatten(1), *sizes)
    kinds = {item.kind for item in flat.items} - {"input", "conv", "relu", "flatten", "fc"}
    assert kinds == ({kind} if kind else set())
    assert NOTE not in flat.notes
    again = module(_code(flat))
    keys, weights = again.state_dict(), net.state_dict().values()
    again.load_state_dict(dict(zip(keys, weights, strict=True)))
    assert torch.allclose(again(x), y, atol=1e-5)


@pytest.mark.parametrize("last", [False, True])
def test_an_input_with_the_channels_last_leaves_vectors_in_their_order(last: bool) -> None:
    """The fc's columns fit as they are, whichever way the numbers lie in a row."""
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.fc = torch.nn.Conv2d(2, 4, 1), torch.nn.Linear(120, 3)

        def forward(self, x: Any) -> Any:
            y = self.conv(x.permute(0, 3, 1, 2))
            return self.fc((y.permute(0, 2, 3, 1) if last else y).flatten(1))

    torch.manual_seed(0)
    net, x = Net().eval(), torch.randn(1, 6, 5, 2)
    flat = imported(torch, net, x)
    kinds = ["input", "conv", *(["reshape"] if last else []), "fc"]
    assert [item.kind for item in flat.items] == kinds
    again = module(_code(flat))
    keys, weights = again.state_dict(), net.state_dict().values()
    again.load_state_dict(dict(zip(keys, weights, strict=True)))
    assert torch.allclose(again(x.movedim(-1, 1)), net(x), atol=1e-5)


def test_positions_that_change_places_are_noted() -> None:
    torch = pytest.importorskip("torch")
    flat, *_ = through(torch, lambda y: y.permute(0, 1, 3, 2).flatten(1), 6, 5)
    assert [item.kind for item in flat.items] == ["input", "conv", "fc"]
    assert flat.notes == (NOTE,)


def test_positions_that_change_places_are_laid_in_no_row() -> None:
    torch = pytest.importorskip("torch")
    conv = torch.nn.Conv1d(4, 2, 1)
    with pytest.raises(UnsupportedError, match="reshape"):
        through(torch, lambda y: conv(y.transpose(2, 3).reshape(1, 4, 30)).flatten(1), 6, 5)


@pytest.mark.parametrize(
    ("shape", "layers"),
    [
        ("22x2", "  - pixel_shuffle: {factor: 2, order: dcr}\n  - fc-3\n"),
        ("22x6", "  - pixel_shuffle: {factor: 2, order: dcr}\n  - fc-3\n"),
        ("4x6x4", "  - pixel_shuffle: {factor: 2, order: dcr}\n  - fc-3\n"),
        ("4x6x8", "  - pixel_shuffle: {factor: 2, order: dcr}\n  - conv3-2\n"),
        ("4x6x4", "  - space_to_depth: {factor: 2, order: dcr}\n  - conv3-2\n"),
        ("4x6x2", "  - conv1-4\n  - reshape: {shape: [96]}\n  - fc-3\n"),
        ("4x6x2", "  - relu\n  - flatten\n"),
    ],
)
def test_what_export_writes_is_read_back(shape: str, layers: str) -> None:
    torch = pytest.importorskip("torch")
    found = one(layers, shape)
    *sizes, channels = found.network.steps[0].output or ()
    flat = imported(torch, module(pytorch(found)), torch.randn(1, channels, *sizes))
    assert sorted(map(hash, faces(flat.items))) == sorted(map(hash, faces(found.network.steps)))


def test_a_flatten_between_volumes_with_the_channels_last_is_a_flatten() -> None:
    """Nets of TensorFlow: their vectors lie as they do here."""
    onnx: Any = pytest.importorskip("onnx")
    made, helper = onnx.helper.make_node, onnx.helper
    for shape, first, kinds in (
        ((1, 6, 5, 2), True, ["input", "conv", "fc"]),
        ((1, 2, 6, 5), False, ["input", "conv", "reshape", "fc"]),
    ):
        nodes = [made("Transpose", ["x"], ["t"], perm=[0, 3, 1, 2])] if first else []
        nodes += [
            made("Conv", ["t" if first else "x", "w"], ["c"]),
            made("Transpose", ["c"], ["u"], perm=[0, 2, 3, 1]),
            made("Flatten", ["u"], ["f"]),
            made("Gemm", ["f", "v"], ["y"]),
        ]
        value = helper.make_tensor_value_info
        weights = [
            helper.make_tensor(name, 1, dims, [0.5] * (dims[0] * dims[1]))
            for name, dims in (("w", (4, 2, 1, 1)), ("v", (120, 3)))
        ]
        graph = helper.make_graph(
            nodes, "net", [value("x", 1, shape)], [value("y", 1, (1, 3))], weights
        )
        data = helper.make_model(graph).SerializeToString()
        flat = read("net.onnx", io.BytesIO(data))
        assert [item.kind for item in flat.items] == kinds


def _code(flat: Flat) -> str:
    from convcalc.analysis.walk import analyze

    return pytorch(analyze(load("net.yaml", spec_of(flat).text.encode())))


@pytest.mark.parametrize(
    ("made", "noted"),
    [
        (lambda y: y.unflatten(1, (3, 2, 4)), True),
        (lambda y: y.view(-1, 3, 2, 4).relu(), True),
        (lambda y: y.view(-1, 12, 2), True),
        (lambda y: y.view(-1, 24, 1, 1), False),
        (lambda y: y.view(-1, 1, 4, 6), False),
        (lambda y: y.view(-1, 2, 4, 3).permute(0, 3, 1, 2), False),
    ],
)
def test_a_vector_that_becomes_a_volume_in_another_order_is_noted(
    made: Callable[[Any], Any], noted: bool
) -> None:
    """A generator's fc: of one channel or one position there is one order alone."""
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.fc = torch.nn.Linear(6, 24)
            channels, *sizes = made(torch.zeros(1, 24)).shape[1:]
            self.conv = getattr(torch.nn, f"Conv{len(sizes)}d")(channels, 4, 1)

        def forward(self, x: Any) -> Any:
            return self.conv(made(self.fc(x)))

    torch.manual_seed(0)
    net, x = Net().eval(), torch.randn(1, 6)
    flat = imported(torch, net, x)
    assert flat.notes == ((MADE,) if noted else ())
    again = module(_code(flat))
    keys, weights = again.state_dict(), net.state_dict().values()
    again.load_state_dict(dict(zip(keys, weights, strict=True)))
    assert torch.allclose(again(x), net(x), atol=1e-5) is not noted


def test_a_volume_that_is_flattened_and_made_again_is_the_same() -> None:
    torch = pytest.importorskip("torch")
    flat, *_ = through(torch, lambda y: y.flatten(1).view(-1, 4, 6, 5).flatten(1), 6, 5)
    assert MADE not in flat.notes
