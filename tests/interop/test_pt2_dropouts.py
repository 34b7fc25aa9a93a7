"""Dropouts of exported programs, in training and of kinds of their own."""

import io
from typing import Any

import pytest

from convcalc.interop.flat import Flat
from convcalc.interop.read.model import read

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn


def imported(layer: Any) -> Flat:
    data = io.BytesIO()
    net = nn.Sequential(layer).train()
    torch.export.save(torch.export.export(net, (torch.zeros(1, 3, 4, 4),)), data)
    return read("net.pt2", io.BytesIO(data.getvalue()))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Dropout", ()),
        ("Dropout2d", ("a dropout of whole channels is written as dropout",)),
        ("AlphaDropout", ("alpha_dropout is written as dropout",)),
        ("FeatureAlphaDropout", ("an alpha_dropout of whole channels is written as dropout",)),
    ],
)
def test_another_dropout_is_dropout_with_a_note(name: str, said: tuple[str, ...]) -> None:
    flat = imported(getattr(nn, name)(0.25))
    assert [item.kind for item in flat.items] == ["input", "dropout"]
    assert [note.partition(":")[0] for note in flat.notes] == list(said)
    assert not flat.inexact
