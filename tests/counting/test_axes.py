"""Layers over one and three spatial axes, as other tools counted PyTorch's modules of them."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.counting.known import find
from convcalc.counting.tally import Counter
from convcalc.spec.load import load

_TOOLS = ("fvcore", "thop", "ptflops", "torchinfo", "torchprofile")
#: measured with PyTorch 2.13 in the versions that the conventions name, by `_TOOLS`
_MEASURED = {
    ("8x4", "conv3-4"): (384, 384, 416, 416, 384),
    ("8x4", "conv_transpose: {filters: 6, kernel: 2, stride: 2}"): (384, 768, 480, 864, 768),
    ("8x4", "batch_norm"): (64, 128, 64, 8, 32),
    ("8x4", "max_pool: {kernel: 2}"): (0, 0, 64, 0, 0),
    ("8x4", "avg_pool: {kernel: 2}"): (0, 16, 64, 0, 16),
    ("8x4", "global_avg_pool"): (0, 36, 64, 0, 4),
    ("8x4", "adaptive_avg_pool: {output: 2}"): (0, 40, 64, 0, 8),
    ("8x4", "upsample: {scale: 2}"): (0, 64, 128, 0, 0),
    ("8x4", "upsample: {size: 16}"): (0, 64, 128, 0, 0),
    ("8x4", "upsample: {scale: 2, mode: bilinear}"): (0, 320, 128, 0, 0),
    ("4x6x8x4", "conv3-4"): (82944, 82944, 83712, 83712, 82944),
    ("4x6x8x4", "batch_norm"): (1536, 3072, 1536, 8, 768),
    ("4x6x8x4", "avg_pool: {kernel: 2}"): (0, 96, 1536, 0, 96),
    ("4x6x8x4", "global_avg_pool"): (0, 772, 1536, 0, 4),
    ("4x6x8x4", "adaptive_avg_pool: {output: 2}"): (0, 800, 1536, 0, 32),
    ("4x6x8x4", "upsample: {scale: 2}"): (0, 6144, 12288, 0, 0),
    ("4x6x8x4", "upsample: {scale: 2, mode: bilinear}"): (0, 0, 12288, 0, 0),
}


def _counter(shape: str, layer: str) -> Counter:
    return Counter(analyze(load("probe", f"input: {shape}\nlayers:\n  - {layer}\n".encode())))


@pytest.mark.parametrize(("shape", "layer"), _MEASURED)
def test_a_module_of_one_or_three_axes(shape: str, layer: str) -> None:
    counter = _counter(shape, layer)
    counts = tuple(counter.count(find(tool)).operations for tool in _TOOLS)
    assert counts == _MEASURED[shape, layer]


@pytest.mark.parametrize(
    ("tool", "shape", "layer", "noted"),
    [
        ("fvcore", "8x4", "global_avg_pool", True),
        ("fvcore", "8x8x4", "global_avg_pool", False),
        ("fvcore", "4x4x4x4", "upsample: {scale: 2}", True),
        ("timm", "8x4", "adaptive_avg_pool: {output: 2}", True),
        ("thop", "4x4x4x4", "upsample: {scale: 2, mode: bilinear}", True),
        ("thop", "8x4", "upsample: {scale: 2, mode: bilinear}", False),
        ("thop", "4x4x4x4", "upsample: {scale: 2}", False),
        ("torchprofile", "8x8x4", "leaky_relu", True),
        ("torchprofile", "8x8x4", "relu", False),
    ],
)
def test_what_a_tool_has_no_rule_for_is_said(
    tool: str, shape: str, layer: str, noted: bool
) -> None:
    notes = _counter(shape, layer).count(find(tool)).notes
    assert any("counts 0" in note.text for note in notes) is noted


@pytest.mark.parametrize("text", ["input: 8x8x3\n", "input: 8x8x3\nlayers: [\n"])
@pytest.mark.parametrize("tool", _TOOLS)
def test_a_file_without_a_layer_that_could_be_read_counts_as_unknown(text: str, tool: str) -> None:
    count = Counter(analyze(load("probe", text.encode()))).count(find(tool))
    assert count.operations is None and count.params is None
