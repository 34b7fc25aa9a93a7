"""Learned factors and the learned shift behind them: one layer where both are as many."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnsupportedError
from convcalc.interop.read.model import read

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn

Body = Callable[[Any, Any], Any]


class Net(nn.Module):  # type: ignore[misc]
    def __init__(self, body: Body, *shapes: tuple[int, ...]) -> None:
        super().__init__()
        self.first, self.last = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 2, 1)
        self.body = body
        for name, shape in zip("gbh", shapes, strict=False):
            self.register_parameter(name, nn.Parameter(torch.rand(shape) + 0.5))

    def forward(self, x: Any) -> Any:
        return self.body(self, x)


def exported(net: Any, form: str) -> Flat:
    data, x = io.BytesIO(), torch.zeros(1, 3, 8, 8)
    if form == "pt2":
        torch.export.save(torch.export.export(net.eval(), (x,)), data)
    else:
        pytest.importorskip("onnx")
        torch.onnx.export(net.eval(), (x,), data, dynamo=False)
    data.seek(0)
    return read(f"net.{form}", data)


def scales(flat: Flat) -> list[tuple[bool, bool]]:
    """Of each `scale`, whether it has shifts and whether its weights are another's."""
    found = (item for item in flat.items if item.layer is not None and item.kind == "scale")
    return [(item.layer.__dict__["bias"], item.shares is not None) for item in found]


forms = pytest.mark.parametrize("form", ["pt2", "onnx"])
pytestmark = pytest.mark.filterwarnings("ignore")
CHANNEL, ONE = (8, 1, 1), (1,)


@forms
@pytest.mark.parametrize(
    ("body", "shapes"),
    [
        (lambda n, x: n.last(n.first(x) * n.g + n.b), (ONE, CHANNEL)),
        (lambda n, x: n.last(n.first(x) * n.g + n.b), ((), (1, 8, 1, 1))),
        (lambda n, x: n.last(n.first(x) * n.g + n.b), (CHANNEL, ONE)),
        (lambda n, x: n.last(n.first(x) / n.g - n.b), (ONE, CHANNEL)),
        (lambda n, x: n.last(n.b - n.first(x) * n.g), (ONE, CHANNEL)),
        (lambda n, x: n.last(n.first(x) * 2 + n.g), (CHANNEL,)),
    ],
)
def test_a_shift_of_other_numbers_than_the_factors_has_no_kind(
    body: Body, shapes: tuple[tuple[int, ...], ...], form: str
) -> None:
    """The numbers of a shift a channel were lost behind one factor."""
    with pytest.raises(UnsupportedError, match="of a learned shift alone"):
        exported(Net(body, *shapes), form)


@forms
@pytest.mark.parametrize("shape", [CHANNEL, ONE])
def test_as_many_of_both_are_one_layer(form: str, shape: tuple[int, ...]) -> None:
    flat = exported(Net(lambda n, x: n.last(n.first(x) * n.g + n.b), shape, shape), form)
    assert scales(flat) == [(True, False)] and not flat.difference


def unequal(n: Any, x: Any) -> Any:
    return n.last(torch.relu(n.first(x) * n.g) * n.g + n.b)


def other_shifts(n: Any, x: Any) -> Any:
    return n.last(torch.relu(n.first(x) * n.g + n.b) * n.g + n.h)


def the_same(n: Any, x: Any) -> Any:
    return n.last(torch.relu(n.first(x) * n.g + n.b) * n.g + n.b)


@forms
@pytest.mark.parametrize(
    ("body", "expected", "counted"),
    [
        (unequal, [(False, False), (True, False)], 242 + 3 * 8),
        (other_shifts, [(True, False), (True, False)], 242 + 4 * 8),
        (the_same, [(True, False), (True, True)], 242 + 2 * 8),
    ],
)
def test_layers_share_weights_where_factors_and_shifts_are_the_same(
    body: Body, expected: list[tuple[bool, bool]], counted: int, form: str
) -> None:
    """224 + 18 parameters are the convolutions'. With the factors alone the shifts were lost."""
    flat = exported(Net(body, *(CHANNEL,) * (3 if body is other_shifts else 2)), form)
    assert scales(flat) == expected
    if body is the_same:
        assert flat.counts.params == counted and not flat.difference
    else:
        said = f"{counted - 8} learned parameters, the layers here {counted}: g is shared there"
        assert said in flat.difference


def both(n: Any, x: Any) -> Any:
    scaled = n.first(x) * n.g
    return n.last(scaled + n.b), scaled


def later(n: Any, x: Any) -> Any:
    scaled, other = n.first(x) * n.g, torch.relu(x)
    return n.last(scaled + n.b) + n.last(n.first(other))


@forms
def test_factors_whose_product_is_an_output_have_no_shift(form: str) -> None:
    """The output would be the shifted volume."""
    with pytest.raises(UnsupportedError, match="of a learned shift alone"):
        exported(Net(both, CHANNEL, CHANNEL), form)


@forms
def test_operations_between_factors_and_shift_are_no_hindrance(form: str) -> None:
    assert scales(exported(Net(later, CHANNEL, CHANNEL), form)) == [(True, False)]


@forms
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (lambda n, x: n.last(n.first(x) * n.g - n.b), "sign of its numbers turned"),
        (lambda n, x: n.last(n.b - n.first(x) * n.g), "sign of the factors turned"),
        (lambda n, x: n.last(n.first(x) * n.g + n.b), ""),
    ],
)
def test_a_sign_that_is_turned_is_said(form: str, body: Body, said: str) -> None:
    notes = exported(Net(body, CHANNEL, CHANNEL), form).notes
    assert [note for note in notes if "sign" in note] == [n for n in notes if said and said in n]
    assert any(said and said in note for note in notes) is bool(said)
