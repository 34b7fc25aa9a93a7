"""The notes' rule of thumb: activations twice, copies of the parameters, the input batch."""

import pytest

from convcalc.analysis.settings import DTYPES, Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.notes_rule import NaiveBytes, naive_bytes
from convcalc.memory.optimizers import NAMES
from convcalc.spec.load import load_pattern

# conv3-4 on 8x8x4: 148 parameters, 512 activations with the input's 256
NET = load_pattern("INPUT -> conv3-4 -> batch_norm")


def _bytes(settings: Settings) -> NaiveBytes:
    from convcalc.spec.document import Overrides

    network = load_pattern("conv3-4 batch_norm", Overrides(input=(8, 8, 4)))
    found = naive_bytes(analyze(network, settings))
    assert found is not None
    return found


def test_one_image() -> None:
    found = _bytes(Settings())
    assert found == NaiveBytes(
        parameters=4 * 156,
        buffers=4 * 8,
        input=4 * 256,
        activations=4 * 768,
        inference=4 * (768 + 156 + 256),
        training=4 * (2 * 768 + 3 * 156 + 256),
        misc=4 * 256,
    )


@pytest.mark.parametrize(
    ("augmented", "prefetch", "batches"), [(1, 0, 2), (0, 2, 3), (2, 1, 6), (0, 0, 1)]
)
def test_misc_counts_augmented_versions_and_prefetched_batches(
    augmented: int, prefetch: int, batches: int
) -> None:
    """Computational Considerations: "the image data batches, perhaps their augmented versions"."""
    found = _bytes(Settings(batch=5, augmented=augmented, prefetch=prefetch))
    assert found.misc == batches * 5 * 4 * 256
    assert found.training == 4 * (5 * 2 * 768 + 3 * 156) + found.misc
    assert found.inference == _bytes(Settings(batch=5)).inference


@pytest.mark.parametrize(("dtype", "width"), DTYPES.items())
def test_every_dtype(dtype: str, width: int) -> None:
    single, found = _bytes(Settings()), _bytes(Settings(dtype=dtype))
    expected = [width * value // 4 for value in single]
    if dtype == "int4":  # two of the 144 weights a byte: 72 less of each copy of the parameters
        copies = {"parameters": 1, "inference": 1, "training": 3}
        expected = [
            value - 72 * copies.get(name, 0)
            for name, value in zip(single._fields, expected, strict=True)
        ]
    assert list(found) == expected


def test_a_batch_multiplies_activations_not_parameters() -> None:
    found = _bytes(Settings(batch=32))
    assert (found.parameters, found.activations) == (4 * 156, 32 * 4 * 768)
    assert found.inference == 4 * (32 * (768 + 256) + 156)


@pytest.mark.parametrize(
    ("optimizer", "copies"),
    [("none", 1), ("sgd", 2), ("sgd-momentum", 3), ("adam", 4), ("adamw", 4)],
)
def test_copies_of_the_parameters(optimizer: str, copies: int) -> None:
    assert optimizer in NAMES
    found = _bytes(Settings(optimizer=optimizer))
    assert found.training == 4 * (2 * 768 + copies * 156 + 256)


def test_a_broken_net_has_none() -> None:
    from convcalc.spec.document import Overrides

    broken = load_pattern("conv9-4p0", Overrides(input=(8, 8, 4)))
    assert naive_bytes(analyze(broken)) is None
