"""Inputs with names below `input`, where `inputs` was meant."""

import pytest


@pytest.mark.parametrize("named", ["{left: 105x105x1, right: 105x105x1}", "{image: 32x32x3}"])
def test_inputs_with_names_are_under_a_key_of_their_own(read, named: str) -> None:
    spec = read(f"input: {named}\nlayers: [relu]\n")
    assert spec.told == ["1:8: error[CC010] inputs with names have a key of their own"]
    assert spec.help == f"`inputs: {named}`"


def test_a_mistyped_side_is_no_name(read) -> None:
    spec = read("input: {hight: 32, width: 32, channels: 3}\nlayers: [relu]\n")
    assert spec.help == "did you mean `height`?"
