"""What `fit` names where nothing fits: it is taken beside what was given, and fits."""

from itertools import product
from typing import Any

import pytest

import convcalc

GIVEN: tuple[dict[str, Any], ...] = (
    {},
    {"optimizer": "adam"},
    {"precision": "amp-fp16", "optimizer": "adamw"},
    {"precision": "bf16"},
    {"dtype": "float64"},
    {"gpus": 2, "shard": "zero1", "optimizer": "adam"},
    {"checkpoint": "every-block"},
    {"batch": 64, "accumulate": 4},
)


@pytest.mark.parametrize(
    ("net", "memories"),
    [("squeezenet1_0", ("405MiB", "415MiB")), ("resnet18", ("450MiB",)), ("vgg16", ("1GiB",))],
)
def test_every_remedy_is_taken_and_makes_the_batch_fit(net: str, memories: tuple[str, ...]) -> None:
    named = set[str]()
    for memory, given in product(memories, GIVEN):
        for remedy in convcalc.fit(net, memory=memory, **given).to_dict()["remedies"]:
            option, value = remedy["option"].removeprefix("--").split(" ", 1)
            found = convcalc.fit(net, memory=memory, **{**given, option: value}).to_dict()
            assert found[remedy["run"]]["batch_sure"] == remedy["batch"]
            named.add(option)
    assert named
