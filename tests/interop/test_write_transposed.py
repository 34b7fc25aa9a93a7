"""PyTorch's code of a transposed convolution cuts by `padding` what is even, however it is said."""

import pytest

from convcalc.interop.write.pytorch.net import write
from tests.interop.nets import one


@pytest.mark.parametrize(
    ("shape", "pad", "said"),
    [("6x6x3", "[1, 1, 2, 2]", "padding=(1, 2)"), ("6x6x3", "[1, 1, 1, 1]", "padding=1"),
     ("6x3", "[2, 2]", "padding=2"), ("6x6x3", "[0, 1, 2, 2]", "")],
)  # fmt: skip
def test_even_sides_are_padding(shape: str, pad: str, said: str) -> None:
    text = write(one(f"  - conv_transpose: {{filters: 3, kernel: 5, pad: {pad}}}\n", shape))
    assert said in text
    assert ("F.pad" in text) is (not said)


@pytest.mark.parametrize(
    ("kernel", "stride", "said"),
    [(4, 2, "padding=1"), (5, 1, "padding=2"), ("[4, 5]", "[2, 3]", "padding=1"), (3, 2, "")],
)
def test_same_is_padding_where_its_cut_is_even(kernel: object, stride: object, said: str) -> None:
    options = f"{{filters: 3, kernel: {kernel}, stride: {stride}, pad: same}}"
    text = write(one(f"  - conv_transpose: {options}\n", "6x6x3"))
    assert said in text
    assert ("F.pad" in text) is (not said)
