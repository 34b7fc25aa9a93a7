"""Learned numbers without axes (ReZero, SkipInit), and shifts of the input that are learned."""

import io
from typing import Any

import pytest

from convcalc.interop.flat import Flat
from convcalc.interop.read.model import read

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn

FORMS = {
    "scripted": {"dynamo": False},
    "unfolded": {"dynamo": False, "do_constant_folding": False},
    "dynamo": {"dynamo": True, "external_data": False, "verbose": False},
}


def exported(net: Any, form: str) -> Flat:
    data, x = io.BytesIO(), torch.zeros(1, 3, 8, 8)
    if form == "pt2":
        torch.export.save(torch.export.export(net.eval(), (x,)), data)
    else:
        pytest.importorskip("onnxscript" if form == "dynamo" else "onnx")
        torch.onnx.export(net.eval(), (x,), data, **FORMS[form])
    data.seek(0)
    return read("net.pt2" if form == "pt2" else "net.onnx", data)


class Rezero(nn.Module):  # type: ignore[misc]
    def __init__(self, gain: float) -> None:
        super().__init__()
        self.conv, self.gain = nn.Conv2d(3, 3, 3, padding=1), nn.Parameter(torch.tensor(gain))

    def forward(self, x: Any) -> Any:
        return x + self.gain * self.conv(x) * 0.5


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("form", ["pt2", *FORMS])
def test_a_learned_number_without_axes_is_a_parameter(form: str) -> None:
    flat = exported(nn.Sequential(Rezero(0.3), Rezero(0.4)), form)
    assert [item.kind for item in flat.items] == ["input", *("conv", "scale", "scale", "add") * 2]
    learned, fixed = (flat.items[at].layer.__dict__ for at in (2, 3))
    assert (learned["factors"], learned["by"], fixed["by"]) == ("one", None, 0.5)
    assert (flat.counts.params, flat.notes) == (2 * (3 * 3 * 9 + 3 + 1), ())


class Shifted(nn.Module):  # type: ignore[misc]
    def __init__(self, learned: bool, turned: bool) -> None:
        super().__init__()
        self.conv, self.turned = nn.Conv2d(3, 3, 3), turned
        shift = torch.rand(3, 1, 1)
        if learned:
            self.shift = nn.Parameter(shift)
        else:
            self.register_buffer("shift", shift)

    def forward(self, x: Any) -> Any:
        return self.conv(self.shift - x if self.turned else x + self.shift)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("form", ["pt2", "dynamo"])
def test_a_learned_shift_of_the_input_is_counted_in_the_source(form: str, turned: bool) -> None:
    flat = exported(Shifted(True, turned), form)
    said = "the source has 87 learned parameters, the layers here 84: shift is left out here"
    assert (flat.difference, flat.counts.params) == (said, None)
    assert "a learned shift" in flat.notes[0] and "mean" not in flat.notes[0]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("form", ["pt2", "dynamo", "scripted"])
def test_the_mean_of_the_data_is_no_parameter(form: str) -> None:
    """It is kept, not learned; and one that a file has without a word is taken for it."""
    flat = exported(Shifted(form == "scripted", False), form)
    assert "(its mean)" in flat.notes[0] and not flat.difference
    assert flat.counts.params == 84
