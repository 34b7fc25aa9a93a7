"""`torch.no_grad()` and `torch.autocast` in `forward`: the program is read as without them."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.read.model import read
from tests.interop.conftest import totals

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn

Forward = Callable[[Any, Any], Any]


class Net(nn.Module):  # type: ignore[misc, name-defined]
    """Two convolutions, and what is made of them."""

    def __init__(self, forward: Forward) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3, padding=1)
        self.does = forward

    def forward(self, x: Any) -> Any:
        return self.does(self, x)


def exported(forward: Forward, **options: Any) -> bytes:
    made = torch.export.export(Net(forward).eval(), (torch.zeros(2, 3, 16, 16),), **options)
    file = io.BytesIO()
    torch.export.save(made, file)
    return file.getvalue()


def flat(forward: Forward, **options: Any) -> Flat:
    return read("net.pt2", io.BytesIO(exported(forward, **options)))


def counted(forward: Forward) -> tuple[int, int]:
    """Parameters and MACs of an image, as PyTorch has them."""
    from torch.utils.flop_counter import FlopCounterMode

    net = Net(forward).eval()
    with FlopCounterMode(display=False) as flops:
        net(torch.zeros(1, 3, 16, 16))
    return sum(one.numel() for one in net.parameters()), flops.get_total_flops() // 2


def without() -> AbstractContextManager[None]:
    found: AbstractContextManager[None] = torch.no_grad()
    return found


def cast(enabled: bool = True) -> AbstractContextManager[None]:
    found: AbstractContextManager[None] = torch.autocast("cpu", torch.bfloat16, enabled)
    return found


def backbone(net: Any, x: Any) -> Any:
    with without():
        y = torch.relu(net.a(x))
    return net.b(y)


def gate(net: Any, x: Any) -> Any:
    """The last operand of the part without gradients is a bias; its output is a factor."""
    y = net.a(x)
    with without():
        factor = net.b(y).mean((2, 3), keepdim=True)
    return y * factor


def halves(net: Any, x: Any) -> Any:
    with cast():
        y = net.a(x)
    return net.b(y.float())


def full(net: Any, x: Any) -> Any:
    with cast(enabled=False):
        y = net.a(x)
    return net.b(y)


def nested(net: Any, x: Any) -> Any:
    with cast():
        with without():
            y = net.a(x)
        y = torch.relu(y)
    return net.b(y.float())


def all_of_it(net: Any, x: Any) -> Any:
    with without():
        return net.b(torch.relu(net.a(x)))


def two(net: Any, x: Any) -> Any:
    with without():
        y = net.a(x)
        factor = y.mean((2, 3), keepdim=True)
    return net.b(y) * factor


def in_place(net: Any, x: Any) -> Any:
    y = net.a(x)
    with without():
        y.relu_()
    return net.b(y)


def checkpointed(net: Any, x: Any) -> Any:
    from torch.utils.checkpoint import checkpoint

    return net.b(checkpoint(lambda y: torch.relu(net.a(y)), x, use_reentrant=True))


def twice(net: Any, x: Any) -> Any:
    y = net.a(x)
    with without():
        y = net.b(y)
    return torch.relu(net.b(y))


_WARNS = pytest.param(
    checkpointed, marks=pytest.mark.filterwarnings("ignore:None of the inputs have requires_grad")
)
WAYS = (backbone, gate, halves, full, nested, all_of_it, two, in_place, _WARNS, twice)


@pytest.mark.parametrize("forward", WAYS)
def test_it_has_the_parameters_and_products_of_pytorch(forward: Forward) -> None:
    found = flat(forward)
    assert totals(found) == counted(forward)
    assert [item.name for item in found.items][1] == "a"
    why = "wrap_with_autocast" if forward in (halves, full) else "wrap_with_set_grad_enabled"
    why = "wrap_with_autocast" if forward is nested else why
    assert "the program itself allocates with" in found.uncounted
    assert why in found.uncounted


@pytest.mark.parametrize("forward", WAYS)
def test_it_is_what_is_read_without_the_parts(
    forward: Forward, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = flat(forward)
    monkeypatch.setitem(globals(), "without", nullcontext)
    monkeypatch.setitem(globals(), "cast", lambda enabled=True: nullcontext())
    plain = flat(forward)
    if forward is not checkpointed:  # which has its part from PyTorch
        assert "without gradients" not in " ".join(plain.notes)
    for found, wanted in zip(inside.items, plain.items, strict=True):
        assert found._replace(layer=None, scopes=()) == wanted._replace(layer=None, scopes=())
        assert repr(found.layer) == repr(wanted.layer)


def test_what_the_parts_change_is_said() -> None:
    (note,) = [one for one in flat(backbone).notes if "gradients" in one]
    assert note.startswith("without gradients in the file: conv2d, relu (torch.no_grad(), or a")
    for forward, enabled in ((halves, True), (full, False)):
        said = f"in torch.autocast(enabled={enabled}) in the file: conv2d: here all layers"
        assert any(one.startswith(said) for one in flat(forward).notes)


def test_open_sizes_pass_through() -> None:
    axis = torch.export.Dim("b", min=1, max=64)

    def flattened(net: Any, x: Any) -> Any:
        with without():
            y = net.a(x)
            y = y.reshape(y.shape[0], -1)
        return torch.relu(y)

    found = flat(flattened, dynamic_shapes=({0: axis},))
    assert found.items[-1].output == (14 * 14 * 8,)


def test_a_region_that_is_called_twice_is_read() -> None:
    region = torch.compiler.nested_compile_region(lambda net, y: net.b(y))

    def regions(net: Any, x: Any) -> Any:
        return region(net, region(net, net.a(x)))

    found = flat(regions, strict=True)
    assert [item.kind for item in found.items] == ["input", "conv", "conv", "conv"]
    assert totals(found)[0] == counted(backbone)[0]


def test_a_weight_that_is_made_of_the_input_is_refused() -> None:
    def weighed(net: Any, x: Any) -> Any:
        with without():
            weight = net.a(x)[:1, :3, :3, :3].reshape(1, 3, 3, 3)
        return torch.nn.functional.conv2d(x, weight)

    with pytest.raises(UnsupportedError, match="conv2d with a computed weight"):
        flat(weighed)


@pytest.mark.filterwarnings("ignore:The .grad attribute")
def test_operators_that_run_graphs_by_a_condition_are_refused() -> None:
    def either(net: Any, x: Any) -> Any:
        y = net.a(x)
        return torch.cond(y.sum() > 0, lambda z: z.relu(), lambda z: z.sin(), (y,))

    with pytest.raises(UnsupportedError) as error:
        flat(either)
    assert "torch.ops.higher_order.cond" in str(error.value)
    assert "export the model without torch.cond in its forward()" in error.value.instead
