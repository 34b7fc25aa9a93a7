"""Dropouts of exported programs, in training and of kinds of their own."""

import io
from typing import Any

import pytest

from convcalc.interop.flat import Flat
from convcalc.interop.read.model import read

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn


#: a program in training holds more than its layers in use: which call does so is said
ESTIMATE = (
    "the peak of inference is an estimate, that of the layers here: it is not known what the "
    "program itself allocates with {} in training"
)


def imported(layer: Any, training: bool) -> Flat:
    data = io.BytesIO()
    net = nn.Sequential(layer).train(training)
    torch.export.save(torch.export.export(net, (torch.zeros(1, 3, 4, 4),)), data)
    return read("net.pt2", io.BytesIO(data.getvalue()))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(
    ("name", "called", "said"),
    [
        ("Dropout", "dropout", ()),
        ("Dropout2d", "feature_dropout", ("a dropout of whole channels is written as dropout",)),
        ("AlphaDropout", "alpha_dropout", ("alpha_dropout is written as dropout",)),
        (
            "FeatureAlphaDropout",
            "feature_alpha_dropout",
            ("an alpha_dropout of whole channels is written as dropout",),
        ),
    ],
)
def test_another_dropout_is_dropout_with_a_note(
    name: str, called: str, said: tuple[str, ...], training: bool
) -> None:
    flat = imported(getattr(nn, name)(0.25), training)
    assert [item.kind for item in flat.items] == ["input", "dropout"]
    notes = list(flat.notes)
    if training:
        assert notes.pop() == ESTIMATE.format(called)
    assert [note.partition(":")[0] for note in notes] == list(said)
    assert not flat.inexact
