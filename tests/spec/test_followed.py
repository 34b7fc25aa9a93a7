"""What a help says to type is right when it is typed."""

import pytest

from tests.fix.repairs import faults, offered

HEAD = "input: 32x32x3\nlayers:\n  - conv3-16\n"


@pytest.mark.parametrize(
    ("entry", "made"),
    [
        ("conv: {filters: 8, kernel: 3} * 5", "{conv: {filters: 8, kernel: 3}, times: 5}"),
        ("relu: {in_place: true} x5  # so", "{relu: {in_place: true}, times: 5}  # so"),
        ("{conv: {filters: 8, kernel: 3}} * 5", "{conv: {filters: 8, kernel: 3}, times: 5}"),
        ('conv: {filters: 8, kernel: 3} "* 5"', "{conv: {filters: 8, kernel: 3}, times: 5}"),
        ("conv3:64", "conv3-64"),
        ("fc:64", "fc-64"),
        ("pool:2", "pool2"),
        ("drop0.5", "dropout: {rate: 0.5}"),
    ],
)  # fmt: skip
def test_what_is_offered_is_sound(entry: str, made: str) -> None:
    best = offered(f"{HEAD}  - {entry}\n")[0]
    assert (best.text, best.errors) == (f"{HEAD}  - {made}\n", ())


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("conv3-32 * 3", "`[conv3-32]*3`, in quotes where it is an entry of a list"),
        ("relu * 12", "`[relu]*12`, in quotes where it is an entry of a list"),
        (
            "conv: {filters: 8, kernel: 3, stride: 1/2}",
            "what enlarges is `conv_transpose`, with `stride: 2`, or `upsample`",
        ),
        ("conv: {filters: 8, kernel: 3/2}", ""),
        ("dropout: {rate: 1/2}", "did you mean `0.5`?"),
        ("dropout: {rate: 1/3}", ""),
        ("conv: {filters: 16/2, kernel: 3}", "did you mean `8`?"),
        (
            "LRN",
            "write `lrn: {size: 5, alpha: 0.0001, alpha_over: size}`, "
            "whose alpha is 1 in Caffe and 0.0001 elsewhere, if it is left out",
        ),
    ],
)
def test_what_is_said_names_what_the_file_has(read, entry: str, help: str) -> None:
    assert read(f"{HEAD}  - {entry}\n").help == help


@pytest.mark.parametrize(
    "entry",
    ['"[conv3-32]*3"', "lrn: {size: 5, alpha: 0.0001, alpha_over: size}"],
)
def test_and_that_can_be_typed(entry: str) -> None:
    assert not faults(f"{HEAD}  - {entry}\n")
