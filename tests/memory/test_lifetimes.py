"""A profile taken apart: at every moment the tensors alive add up to the live bytes."""

import pytest

from convcalc.analysis.settings import Settings
from convcalc.memory.account import Account, Breakdown
from convcalc.memory.lifetimes import profile
from convcalc.study.outcome import Case, study

CASES = (
    ("lenet5", Settings()),
    ("unet", Settings(batch=2, optimizer="adam")),
    ("densenet121", Settings(batch=8)),
    ("vgg16", Settings(batch=4, precision="amp-fp16")),
    ("resnet50", Settings(batch=8, accumulate=4, checkpoint="conv2_x..conv3_x")),
    ("resnet18", Settings(batch=8, gpus=4, shard="fsdp")),
)


def _accounts(net: str, settings: Settings) -> list[Account]:
    memory = study(Case(net, settings)).memory
    assert memory is not None and memory.training is not None
    return [memory.inference, memory.training]


@pytest.mark.parametrize(("net", "settings"), CASES, ids=lambda value: str(value)[:40])
def test_what_is_alive_adds_up_at_every_moment(net: str, settings: Settings) -> None:
    for account in _accounts(net, settings):
        found = profile(account)
        alive = [0] * len(found.moments)
        for one in found.lifetimes:
            for moment in range(one.first, one.last + 1):
                alive[moment] += one.bytes
        assert alive == [moment.live for moment in account.timeline()]


@pytest.mark.parametrize(("net", "settings"), CASES, ids=lambda value: str(value)[:40])
def test_the_peak_is_made_of_the_parts_of_the_breakdown(net: str, settings: Settings) -> None:
    for account in _accounts(net, settings):
        found = profile(account)
        at = next(i for i, moment in enumerate(found.moments) if moment.live == account.peak)
        parts = dict.fromkeys(Breakdown._fields, 0)
        for one in found.lifetimes:
            if one.first <= at <= one.last:
                parts[one.field] += one.bytes
        assert Breakdown(**parts) == account.breakdown()


def test_a_volume_is_transient_until_a_layer_keeps_it() -> None:
    """VGG's conv1_1 output: made in the forward pass, kept by relu1, gone in the backward pass."""
    account = _accounts("vgg16", Settings())[1]
    found = profile(account)
    image = 224 * 224 * 64 * 4
    own = [
        (one.field, one.first, one.last, one.bytes)
        for one in found.lifetimes
        if one.step == 1 and one.role == "output"
    ]
    assert all(size == image for *_, size in own)
    saved = [one for one in own if one[0] == "saved_activations"]
    assert len(saved) == 1
    phases = {found.moments[at].phase for at in saved[0][1:3]}
    assert phases == {"forward", "backward"}
