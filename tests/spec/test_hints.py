"""What to type instead: the help of messages about entries that say what is meant, but wrongly."""

import pytest


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("dropout: 0.5", "write `dropout: {rate: 0.5}`"),
        ("leaky_relu: 0.1", "write `leaky_relu: {negative_slope: 0.1}`"),
        ("elu: 1.0", "write `elu: {alpha: 1.0}`"),
        ("relu: true", "write `relu: {in_place: true}`"),
        ("upsample: bilinear", "write `upsample: {mode: bilinear}`"),
        ("upsample: 2", "write `upsample: {scale: 2}`"),
        ("max_pool: [2, 2]", "write `max_pool: {kernel: [2, 2]}`"),
        ("conv: =8", "write `conv: {filters: =8}`"),
        ("relu: loud", "relu takes in_place"),
        ("identity: 1", "`- identity`"),
    ],
)
def test_a_bare_value_goes_to_the_option_that_takes_it(layers, entry, help) -> None:
    spec = layers(f"- {entry}")
    assert spec.codes == ["CC014"]
    assert spec.help == help


def test_what_is_missing_is_added_to_what_is_there(layers) -> None:
    assert layers("- conv: {filters: 64, pad: 1}").help == "add `kernel: 3`"
    assert layers("- conv").help == "write `conv: {filters: 64, kernel: 3}`, or in short `conv3-64`"
