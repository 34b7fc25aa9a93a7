"""Windows larger than a volume without its padding, and padding that not every backend has."""

from itertools import product

import pytest

import convcalc
from convcalc.interop.write.pytorch.net import write as pytorch
from convcalc.memory.summary import memory_of
from tests.interop.nets import one
from tests.interop.same_numbers import made


def _pool(counted: str, more: str = "rounding: floor") -> str:
    return (
        f"  - avg_pool: {{kernel: [3, 3, 2], stride: 3, pad: 1, count_padding: {counted}, {more}}}"
    )


def test_a_mean_over_three_axes_of_less_than_its_window() -> None:
    """PyTorch refuses an input smaller than the window: it gets one that is padded.

    The windows read 2, 1 and 1 real positions of 3, 3 and 2 along the axes: 2/18 of ones, and 1.
    """
    torch = pytest.importorskip("torch")
    for counted, mean in (("true", 2 / 18), ("false", 1.0)):
        found = one(_pool(counted) + "\n", "4x1x1x1")
        names: dict[str, object] = {}
        exec(pytorch(found), names)
        y = names["Net"]()(torch.ones(1, 1, 4, 1, 1))  # type: ignore[operator]
        assert y.shape == (1, 1, 2, 1, 1)
        assert torch.allclose(y, torch.full_like(y, mean))
    assert found.findings[0].code == "CC111"


@pytest.mark.parametrize("shape", ["4x1x1x1", "2x2x3x2", "1x4x1x1"])
@pytest.mark.parametrize("rounding", ["floor", "ceil"])
def test_such_code_runs(shape: str, rounding: str) -> None:
    torch = pytest.importorskip("torch")
    for kernel, stride, counted in product((3, 2), (1, 3), ("true", "false")):
        options = f"kernel: {kernel}, pad: 1, stride: {stride}, count_padding: {counted}"
        found = one(f"  - avg_pool: {{{options}, rounding: {rounding}}}\n", shape)
        _, _, y = made(torch, found)
        *sizes, channels = found.rows[-1].step.output or ()
        assert tuple(y.shape[1:]) == (channels, *sizes), options


def test_the_padded_copy_is_counted() -> None:
    pad, pool = "  - {pad: {sides: 1}}\n", _pool("true") + "\n"
    large = memory_of(one(pool, "4x1x1x1"))
    own = memory_of(one(pad + pool.replace("pad: 1, ", ""), "4x1x1x1"))
    assert large is not None and own is not None
    assert large.inference.peak == own.inference.peak


SIDES = [
    ("8x8x3", "1", True),
    ("8x8x3", "0", True),
    ("4x8x8x3", "[0, 0, 1, 1, 1, 1]", True),
    ("4x8x8x3", "0", True),
    ("4x8x8x3", "1", False),
    ("4x8x8x3", "[0, 1, 0, 0, 0, 0]", False),
]


@pytest.mark.parametrize(("shape", "sides", "written"), SIDES)
def test_keras_reflects_where_every_backend_does(shape: str, sides: str, written: bool) -> None:
    spec = f"input: {shape}\nlayers:\n  - pad: {{sides: {sides}, mode: reflect}}\n"
    if not written:
        with pytest.raises(convcalc.RequestError, match="reflected along the first of three axes"):
            convcalc.export(spec, to="keras")
        return
    words = "ZeroPadding" if sides == "0" else 'mode="reflect"'
    assert words in convcalc.export(spec, to="keras")
