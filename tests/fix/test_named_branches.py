"""`check --fix`: branches by their names without the key `branches:` above them."""

import pytest

from tests.fix.repairs import first, offered

HEAD = "input: 8x8x3\nlayers:\n  - relu\n"
MEANT = (
    "add:\n      branches:\n        body:\n          - conv3-3\n          - relu\n        skip: []"
)


@pytest.mark.parametrize(
    ("entry", "repaired"),
    [
        ("add:\n      body:\n        - conv3-3\n        - relu\n      skip: []", MEANT),
        ("add:\n      branches:\n      body:\n        - conv3-3\n        - relu\n      skip: []",
         MEANT),
        ("add:\n    body:\n      - conv3-3\n      - relu\n    skip: []", MEANT),
        ("add:\n    name: sum\n    body: [conv3-3]\n    skip: identity",
         "add:\n      branches:\n        body: [conv3-3]\n        skip: identity\n    name: sum"),
        ("add: {body: [conv3-3], skip: identity}",
         "add: {branches: {body: [conv3-3], skip: identity}}"),
        ("concat:\n      left: [{conv: {filters: 4, kernel: 1}}]\n      right:\n        relu:",
         "concat:\n      branches:\n        left: [{conv: {filters: 4, kernel: 1}}]\n"
         "        right:\n          relu:"),
    ],
)  # fmt: skip
def test_they_go_below_it(entry: str, repaired: str) -> None:
    assert first(f"{HEAD}  - {entry}\n  - relu\n") == f"{HEAD}  - {repaired}\n  - relu\n"


@pytest.mark.parametrize(
    "entry",
    [
        "add:\n      body: [conv3-3]\n      in_place: true\n      skip: []",
        "add:\n      branches: [relu]\n      body: [conv3-3]",
        "add: {branches: [[]], body: [conv3-3]}",
    ],
)
def test_none_is_where_others_are_between_or_there(entry: str) -> None:
    assert not offered(f"{HEAD}  - {entry}\n")
