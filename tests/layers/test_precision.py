"""Widths under autocast, kind by kind, as they were measured against PyTorch 2.13 (CUDA)."""

import pytest

from convcalc.layers import BY_NAME
from convcalc.layers.precision import Cast, OutputWidth, Precision

_AS_INPUT = (
    "batch_norm instance_norm relu relu6 leaky_relu elu selu silu gelu mish hard_swish "
    "hard_sigmoid sigmoid tanh max_pool avg_pool global_avg_pool global_max_pool "
    "adaptive_avg_pool adaptive_max_pool fractional_max_pool dropout flatten identity reshape "
    "pad slice crop pixel_shuffle space_to_depth channel_shuffle abs"
)
MEASURED = {
    Precision(OutputWidth.HALF, Cast.OPERANDS_TO_HALF): (
        "conv depthwise_conv conv_transpose locally_connected fc prelu"
    ),
    Precision(OutputWidth.AS_INPUT): _AS_INPUT,
    Precision(OutputWidth.FULL, Cast.INPUT_TO_FULL): "group_norm layer_norm upsample l2_pool",
    Precision(OutputWidth.FULL, Cast.INPUT_TO_FULL_IN_BFLOAT16): "softmax",
    Precision(OutputWidth.FULL, Cast.DIVISOR_TO_FULL): "lrn",
    Precision(OutputWidth.WIDEST): "add subtract multiply maximum average concat",
}


@pytest.mark.parametrize(("said", "kinds"), MEASURED.items(), ids=lambda v: str(v)[:40])
def test_the_width_of_every_kind(said: Precision, kinds: str) -> None:
    for kind in kinds.split():
        assert BY_NAME[kind].precision == said, kind


def test_a_learned_factor_is_not_cast_and_a_constant_has_no_width() -> None:
    """A full parameter promotes the product to full; a Python number does not."""
    scale = BY_NAME["scale"]
    assert scale(bias=True).precision == Precision(OutputWidth.FULL)
    assert scale(factors="one").precision == Precision(OutputWidth.FULL)
    assert scale(by=0.17).precision == Precision(OutputWidth.AS_INPUT)


def test_every_kind_has_a_measured_width() -> None:
    named = sorted([*" ".join(MEASURED.values()).split(), "scale"])
    assert named == sorted(BY_NAME), "MEASURED names every kind once, as memory/kinds.json has it"
