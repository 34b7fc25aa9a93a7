"""An activation or norm that is an option of a layer with `times` goes into each of its turns."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered

HEAD = "input: 32x32x3\nlayers:\n"


def kinds(text: str) -> list[str]:
    return [step.kind for step in load("net.yaml", text.encode()).steps[1:]]


def help(text: str) -> str:
    return load("net.yaml", text.encode()).findings[0].help[0]


@pytest.mark.parametrize(
    ("entry", "repaired"),
    [
        (
            "  - conv: {filters: 8, kernel: 3, pad: 1, activation: relu}\n    times: 2\n",
            "  - repeat: {times: 2, layers: [conv: {filters: 8, kernel: 3, pad: 1}, relu]}\n",
        ),
        (
            "  - conv: {activation: relu, filters: 8, kernel: 3}\n    times: =2\n    name: a\n",
            "  - repeat: {times: =2, layers: [conv: {filters: 8, kernel: 3}, relu]}\n    name: a\n",
        ),
        (
            "  - conv3-8:\n    activation: relu\n    times: 2\n",
            "  - repeat: {times: 2, layers: [conv3-8, relu]}\n",
        ),
        (
            "  - conv3-8:\n    times: 2  # two\n    bn: true",
            "  - repeat: {times: 2, layers: [conv3-8, batch_norm]}\n    # two",
        ),
        (
            "  - {conv3-8: , times: 2, use_batchnorm: true, from: input}\n",
            "  - {repeat: {times: 2, layers: [conv3-8, batch_norm]} , from: input}\n",
        ),
        (
            "  - conv: {filters: 8, kernel: 3, act: leaky}\n    times: 2\n    when: true\n",
            "  - repeat: {times: 2, layers: [conv: {filters: 8, kernel: 3}, "
            "{leaky_relu: {negative_slope: 0.1}}]}\n    when: true\n",
        ),
        (
            "  - conv:\n      filters: 8\n      # how large\n      kernel: 3\n"
            "      activation: elu # as Keras\n    times: 2\n  - tanh\n",
            "  - repeat:\n      times: 2\n      layers:\n        - conv:\n            filters: 8\n"
            "            # how large\n            kernel: 3\n        - elu # as Keras\n  - tanh\n",
        ),
        (
            "  - Conv2D: {filters: 8, kernel_size: 3, padding: same, activation: relu}\n"
            "    times: 2\n",
            "  - repeat: {times: 2, layers: [conv: {filters: 8, kernel: 3, pad: same}, relu]}\n",
        ),
        (
            "  - add:\n      branches:\n"
            "        - {conv: {filters: 3, kernel: 1, activation: relu}, times: 2}\n        - []\n",
            "  - add:\n      branches:\n"
            "        - {repeat: {times: 2, layers: [conv: {filters: 3, kernel: 1}, relu]}}\n"
            "        - []\n",
        ),
    ],
)
def test_a_layer_with_times_and_its_activation_are_one_repeat(entry: str, repaired: str) -> None:
    made = first(HEAD + entry)
    assert made == HEAD + repaired
    assert not [code for code in faults(made) if code < "CC1"]
    assert kinds(made)[:4:2] == ["conv", "conv"]
    assert kinds(made)[1] == kinds(made)[3] != "conv"


@pytest.mark.parametrize(
    "entry",
    [
        "conv: {filters: 8, kernel: 3, activation: relu, bn: true}\n    times: 2\n",  # which first
        "conv: {filters: 8, kernel: 3, activation: relu}\n    times: 2\n    name: a\n"
        "  - add:\n    from: [a.1, a.2]\n",
        "conv: {filters: 8, kernel: 3, activation: relu}\n    times: 2\n"
        "  - relu:\n    from: conv1\n",
        "conv: {filters: 8, kernel: 3, activation: relu}\n    times: 2\n    checkpoint: true\n",
        "conv: {filters: 8, kernel: 3, activation: relu}\n    times: 2\n    name: a\n"
        "  - conv: {filters: 8, kernel: 3}\n    weights: a\n",
    ],
)
def test_no_repeat_is_made_where_it_may_mean_something_else(entry: str) -> None:
    assert not any("repeat" in offer.text for offer in offered(f"{HEAD}  - {entry}"))


BOTH = "`repeat: {times: 2, layers: [conv: {...}, relu]}`"
OWN = "an activation is a separate layer"


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (
            "conv: {filters: 8, kernel: 3, activation: relu}\n    times: 2",
            f"{OWN}: with `times`, write {BOTH}",
        ),
        (
            "conv: {filters: 8, kernel: 3, batch_norm: true}\n    times: 2",
            "batch_norm is a separate layer: with `times`, write "
            "`repeat: {times: 2, layers: [conv: {...}, batch_norm]}`",
        ),
        (
            "conv: {filters: 8, kernel: 3, padding_mode: reflect}\n    times: 2",
            "a layer before it pads so: with `times`, write "
            "`repeat: {times: 2, layers: [pad: {sides: 1, mode: reflect}, conv: {...}]}`",
        ),
        (
            "conv: {filters: 8, kernel: 3, padding_mode: reflect}\n    from: input",
            "a layer before it pads so: `- pad: {sides: 1, mode: reflect}`, and no `pad` here, "
            "and `from: input` below it instead of here",
        ),
        (
            "conv: {filters: 8, kernel: 3, activation: relu}\n    when: true",
            f"{OWN}: `- relu` on the next line, with the same `when`",
        ),
        (
            "conv: {filters: 8, kernel: 3, activation: relu}\n    when: =in_channels == 3",
            f"{OWN}: with this `when`, write `repeat: {{times: 1, layers: [conv: {{...}}, relu]}}`",
        ),
        (
            "conv3-8:\n    act: relu\n    name: a",
            f"{OWN}: `- relu` on the next line, and `name: a` below it if a `from` reads it",
        ),
        (
            'Conv2D(8, 3, activation="relu"):\n    times: 2',
            "write `repeat: {times: 2, layers: [conv3-8p0, relu]}` in its place",
        ),
        (
            'Conv2D(8, 3, use_bias=False, activation="relu"):\n    times: 2\n    name: a',
            "write `repeat: {times: 2, layers: [conv: {filters: 8, kernel: 3, bias: false}, "
            "relu]}` in its place",
        ),
        (
            'Conv2D(8, 3, activation="relu"):\n    name: a',
            "write `- conv3-8p0`, and on the next line `- relu` with `name: a`",
        ),
    ],
)
def test_the_help_sees_what_is_beside_the_layer(entry: str, told: str) -> None:
    assert help(f"{HEAD}  - {entry}\n") == told
