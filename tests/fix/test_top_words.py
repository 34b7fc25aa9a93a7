"""Words with one sound edit at the top of a file and beside a layer, and names among options."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import faults, first

HEAD = "input: 8x8x8\n"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("description: a net\nlayers:\n  - relu\n", "notes: a net\nlayers:\n  - relu\n"),
        ("comment: a net\nlayers:\n  - relu\n", "notes: a net\nlayers:\n  - relu\n"),
        ("title: a net\nlayers:\n  - relu\n", "name: a net\nlayers:\n  - relu\n"),
        (
            "vars: {n: 2}\nlayers:\n  - {relu: , when: n > 1}\n",
            "vars: {n: 2}\nlayers:\n  - {relu: , when: =n > 1}\n",
        ),
        (
            "vars: {n: 2}\nlayers:\n  - conv3-8:\n    when: n == 1\n  - relu\n",
            "vars: {n: 2}\nlayers:\n  - conv3-8:\n    when: =n == 1\n  - relu\n",
        ),
    ],
)
def test_one_sound_edit_is_made(wrong: str, right: str) -> None:
    made = first(HEAD + wrong)
    assert made == HEAD + right
    assert faults(made) == []


@pytest.mark.parametrize(
    ("options", "help"),
    [
        ("input: input", "on its own line below the kind it is `from: input`"),
        ("inputs: conv_1", "on its own line below the kind it is `from: conv_1`"),
        ("input: 8x8x8", "conv takes filters, kernel, stride, pad, dilation, groups, bias"),
    ],
)
def test_a_layer_that_is_read_is_named_beside_the_kind(options: str, help: str) -> None:
    text = f"{HEAD}layers:\n  - conv: {{filters: 8, kernel: 3, {options}}}\n"
    assert load("net.yaml", text.encode()).findings[0].help[0] == help
