"""TensorFlow's `image.resize`, pasted as a layer."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import first, offered

HEAD = "input: 32x32x3\nlayers:\n"


@pytest.mark.parametrize(
    ("call", "entry"),
    [
        ("tf.image.resize(x, (64, 64))", "upsample: {size: 64, mode: bilinear}"),
        ("tf.image.resize(images, size=[64, 48])", "upsample: {size: [64, 48], mode: bilinear}"),
        ("x = tf.image.resize(x, [64, 64], method='nearest')",
         "upsample: {size: 64, mode: nearest}"),
        ("tf.image.resize(x, (64, 64), method=tf.image.ResizeMethod.NEAREST_NEIGHBOR)",
         "upsample: {size: 64, mode: nearest}"),
        ('keras.ops.image.resize(x, (64, 64), interpolation="nearest")',
         "upsample: {size: 64, mode: nearest}"),
        ("resize: {size: 64}", "upsample: {size: 64}"),
    ],
)  # fmt: skip
def test_it_is_repaired_with_its_size_and_mode(call: str, entry: str) -> None:
    assert first(f"{HEAD}  - {call}\n") == f"{HEAD}  - {entry}\n"


@pytest.mark.parametrize(
    ("call", "help"),
    [
        ("tf.image.resize(x, (64, 64), 'bicubic')",
         "`upsample` has the modes nearest and bilinear, no 'bicubic'"),
        ("resize(x, (64, 64))", "it is `upsample: {size: [64, 64], mode: bilinear}`, with "),
        ("F.resize(x, 64)", "it is `upsample: {size: [64, 64], mode: bilinear}`, with "),
        ('jax.image.resize(x, (1, 64, 64, 3), "bilinear")',
         "it is `upsample: {size: [64, 64], mode: bilinear}`, with "),
        ("tf.image.resize(x, (64, 64), preserve_aspect_ratio=True)",
         "no kind does what `preserve_aspect_ratio=True` asks for"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_said(call: str, help: str) -> None:
    spec = f"{HEAD}  - {call}\n"
    (found,) = load("net.yaml", spec.encode()).findings
    assert found.help[0].startswith(help.replace("'", ""))
    assert not offered(spec)
