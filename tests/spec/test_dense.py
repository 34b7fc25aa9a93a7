"""Keras's Dense on a volume: on each place, where an fc reads all of it, however it is written."""

import pytest

from convcalc.fix.words import words_replaced
from convcalc.spec.load import load

SAID = "Keras's Dense works on each place of 8x8x16, as {}; {} reads all 1,024 numbers"
WITH_UNITS = SAID.format("`conv1-10`", "`fc-10`")
WITHOUT = SAID.format("a conv with kernel 1 (`conv1-10`)", "an fc (`fc-10`)")


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        *((entry, WITH_UNITS) for entry in (
            "Dense: 10", "Dense: [10]", "Dense: '10'", "Dense: units=10", "layers.Dense: 10",
            "Dense: {units: 10}", "Dense(10)", "tf.keras.layers.Dense(10)", "Dense10", "Dense-10",
            "type: Dense\n    units: 10", "class_name: Dense\n    config: {units: 10}",
            "d1: {type: Dense, units: 10}", "[Dense, 10]",
        )),
        *((entry, WITHOUT) for entry in ("Dense", "Dense: =5*2", "Dense: {units: =5*2}")),
    ],
)  # fmt: skip
def test_a_dense_on_a_volume_is_no_fc(entry: str, help: str) -> None:
    network = load("net.yaml", f"input: 8x8x16\nlayers:\n  - {entry}\n".encode())
    assert network.findings[0].help[0] == help
    assert words_replaced(network) is None


def test_a_dense_in_a_pattern_is_told_what_it_may_read(layers) -> None:
    said = "behind a vector `fc-10`, on each place of a volume a conv with kernel 1"
    assert layers("- relu Dense(10)").help.splitlines()[0] == said


@pytest.mark.parametrize("entry", ["Dense: 10", "Dense: units=10", "Dense10", "Dense(10)"])
@pytest.mark.parametrize("shape", ["16", "1x1x16"])
def test_a_dense_on_a_vector_is_an_fc(entry: str, shape: str) -> None:
    offer = words_replaced(load("net.yaml", f"input: {shape}\nlayers:\n  - {entry}\n".encode()))
    assert offer is not None
    assert offer.text.splitlines()[2] in {"  - fc-10", "  - fc: {units: 10}"}
