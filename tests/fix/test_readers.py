"""What reads a layer of another tool reads the same after a repair."""

import pytest

from tests.fix.repairs import faults, offered

HEAD = "input: 32x32x8\nlayers:\n"
JOIN = "  - conv3-8\n  - add:\n    from: [{}, conv2]\n"


@pytest.mark.parametrize(
    ("call", "entry"),
    [
        ('Conv2D(8, 3, padding="same", name="c1")', "{conv3-8: , name: c1}"),
        (
            'Conv2D(8, 3, padding="same", use_bias=False, name="c1")',
            "{conv: {filters: 8, kernel: 3, pad: same, bias: false}, name: c1}",
        ),
        ('BatchNormalization(name="c1")', "{batch_norm: , name: c1}"),
        ("Activation('tanh', name='c1')", "{tanh: , name: c1}"),
    ],
)
def test_a_call_keeps_its_name(call: str, entry: str) -> None:
    rest = "  - relu\n  - add:\n    from: [c1, relu1]\n"
    (mended,) = offered(f"{HEAD}  - {call}\n{rest}")
    assert mended.text == f"{HEAD}  - {entry}\n{rest}" and not faults(mended.text)


def test_a_name_is_quoted_where_yaml_asks_for_it() -> None:
    (mended,) = offered(f"{HEAD}  - ReLU(name='no')\n")
    assert mended.text == f"{HEAD}  - {{relu: , name: 'no'}}\n" and not faults(mended.text)


@pytest.mark.parametrize("call", ["ReLU(name='a b')", "Conv2D(8, 3, activation='relu', name='c1')"])
def test_no_name_is_lost_or_put_on_another_layer(call: str) -> None:
    assert not offered(f"{HEAD}  - {call}\n")


#: layers with what is a layer of its own here
TOGETHER = [
    "conv: {filters: 8, kernel: 3, pad: 1, activation: relu}",
    "Conv2D: {filters: 8, kernel_size: 3, padding: same, activation: relu}",
    'Conv2D(8, 3, padding="same", activation="relu")',
    "conv: {filters: 8, kernel: 3, pad: 1, batch_norm: true}",
]


@pytest.mark.parametrize("entry", TOGETHER)
def test_nothing_is_put_behind_a_layer_that_is_read_by_its_number(entry: str) -> None:
    for offer in offered(f"{HEAD}  - {entry}\n{JOIN.format('conv1')}"):
        assert "- relu" not in offer.text and "8 relu" not in offer.text
        assert "- batch_norm" not in offer.text
    (mended,) = offered(f"{HEAD}  - {entry}\n  - conv1-8\n")
    assert not faults(mended.text)
