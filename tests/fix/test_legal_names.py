"""`check --fix`: names that no layer can have, with all that refers to them."""

import pytest

from tests.fix.repairs import faults, offered

HEAD = "input: 8x8x3\nlayers:\n"


@pytest.mark.parametrize(
    ("name", "legal"),
    [
        ("my conv", "my_conv"),
        ("größe", "grosse"),
        ("conv#1", "conv_1"),
        ("été 1", "ete_1"),
        ("слой1", "sloy1"),
        ("Вход", "Vkhod"),
        ("сжатие 2", "szhatie_2"),
        ("Στρώμα", "Stroma"),
        ("卷积", "conv"),
        ("卷积一", "conv_1"),
        ("残差块十二", "residual_block_12"),
        ("畳み込み２", "conv_2"),
        ("プール", "puru"),
        ("합성곱 층", "conv_layer"),
        ("深", "u6df1"),
    ],
)
def test_a_name_is_changed_with_its_references(name: str, legal: str) -> None:
    spec = (
        "input: 8x8x3\nlayers:\n  - conv3-3:\n    name: {0}\n  - relu\n  - add:\n"
        "    from: [{0}, relu1]\n  - conv3-4:\n    from: {0}\noutputs: [{0}, add1]\n"
    )
    best = offered(spec.format(name))[0]
    assert best.text == spec.format(legal)
    assert faults(best.text) == []


@pytest.mark.parametrize("name", ["'☃'", "'#'", "input"])
def test_where_no_name_says_the_same_none_is_offered(name: str) -> None:
    assert offered(f"{HEAD}  - relu:\n    name: {name}\n") == []


def test_a_name_that_is_taken_is_not_offered() -> None:
    assert offered(f"{HEAD}  - relu:\n    name: a_b\n  - relu:\n    name: a b\n") == []
