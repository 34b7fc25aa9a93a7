"""`check --fix`: a key that is given twice, whose values can only be meant as one."""

import pytest

from tests.fix.repairs import first, offered

HEAD = "input: 8x8x3\nlayers:\n  - conv3-3\n"


@pytest.mark.parametrize(
    ("entry", "repaired"),
    [
        ("add:\n      branches:\n        body: [conv3-3, relu]\n"
         "      branches:\n        skip: identity",
         "add:\n      branches:\n        body: [conv3-3, relu]\n        skip: identity"),
        ("add:\n      branches: {body: [conv3-3]}\n      branches: {skip: identity}",
         "add:\n      branches: {body: [conv3-3], skip: identity}"),
        ("add:\n      branches: [[conv3-3]]\n      branches: [[]]",
         "add:\n      branches: [[conv3-3], []]"),
        ("add: {branches: {body: [conv3-3]}, branches: {skip: []}}",
         "add: {branches: {body: [conv3-3], skip: []}}"),
        ("repeat:\n      times: 2\n      layers: [conv3-3]\n      layers: [relu]",
         "repeat:\n      times: 2\n      layers: [conv3-3, relu]"),
        ("repeat: {layers: [conv3-3], layers: [relu], times: 2}",
         "repeat: {layers: [conv3-3, relu], times: 2}"),
        ("repeat:\n      times: 2\n      layers:\n        - conv3-3\n      layers:\n        - relu",
         "repeat:\n      times: 2\n      layers:\n        - conv3-3\n        - relu"),
    ],
)  # fmt: skip
def test_both_are_joined(entry: str, repaired: str) -> None:
    assert first(f"{HEAD}  - {entry}\n  - relu\n") == f"{HEAD}  - {repaired}\n  - relu\n"


@pytest.mark.parametrize(
    "entry",
    [
        "pad: {sides: [1, 1], sides: [2, 2]}",
        "add:\n      branches: {body: [conv3-3]} # one\n      branches: {body: [relu]}",
        "add:\n      branches: {a: [conv3-3]}\n      branches: [[]]",
    ],
)
def test_where_that_is_not_the_only_reading_none_is_offered(entry: str) -> None:
    assert not offered(f"{HEAD}  - {entry}\n")
