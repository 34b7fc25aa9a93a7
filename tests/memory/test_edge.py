"""Small devices: int8 and int4 weights, folded batch norms, in-place and patch-based inference."""

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Dtype, Settings
from convcalc.analysis.walk import analyze
from convcalc.memory import edge
from convcalc.memory.arena import plan
from convcalc.memory.edge import in_place_depthwise, patches, quantized, widest
from convcalc.memory.folding import weight_bytes
from convcalc.memory.notes_rule import naive_bytes
from convcalc.memory.parameters import parameter_bytes
from convcalc.memory.summary import memory_of
from convcalc.spec.load import load, load_pattern


def _analysis(pattern: str, dtype: Dtype = "int8") -> Analysis:
    return analyze(load_pattern(pattern), Settings(dtype=dtype))


def test_biases_are_int32_and_batch_norms_are_folded() -> None:
    # 3*3*3*8 weights and 8 biases; a batch norm after it adds none, for the conv has a bias
    assert weight_bytes(_analysis("input-8x8x3 conv3-8")) == 216 + 4 * 8
    assert weight_bytes(_analysis("input-8x8x3 conv3-8 batch_norm")) == 216 + 4 * 8
    # before any layer with weights it stays: a scale and a shift a channel
    assert weight_bytes(_analysis("input-8x8x3 batch_norm conv3-8")) == 4 * 6 + 216 + 4 * 8


def test_a_folded_batch_norm_gives_a_layer_without_bias_one() -> None:
    text = "input: 8x8x3\nlayers:\n  - conv: {filters: 8, kernel: 3, bias: false}\n  - batch_norm\n"
    analysis = analyze(load("net.yaml", text.encode()), Settings(dtype="int8"))
    assert weight_bytes(analysis) == 216 + 4 * 8


def test_int4_halves_the_weights_alone() -> None:
    assert weight_bytes(_analysis("input-8x8x3 conv3-8", "int4")) == 108 + 4 * 8
    assert weight_bytes(_analysis("input-8x8x3 conv3-8", "float16")) == 2 * (216 + 8)


def test_int4_weights_are_half_a_byte_in_every_figure() -> None:
    # 5*5*3 = 75 weights in 38 bytes; 2 biases and 2 + 2 of the norm a byte each; 2 * 9 in 9
    text = "input: 8x8x3\nlayers:\n  - {conv: {filters: 1, kernel: 5, bias: false}, name: a}\n"
    text += "  - batch_norm\n  - {conv: {filters: 2, kernel: 3, pad: 1}, name: b}\n"
    text += "  - {conv: {filters: 2, kernel: 3, groups: 2, pad: 1, bias: false}, name: c}\n"
    text += "  - {conv: {filters: 2, kernel: 3, groups: 2, pad: 1, bias: false}, weights: c}\n"
    analysis = analyze(load("net.yaml", text.encode()), Settings(dtype="int4"))
    notes, memory = naive_bytes(analysis), memory_of(analysis)
    assert notes is not None and memory is not None
    expected = 38 + 2 + (9 + 2) + 9
    held = memory.inference.breakdown().parameters
    assert parameter_bytes(analysis) == notes.parameters == held == expected
    eight = analyze(load("net.yaml", text.encode()), Settings(dtype="int8"))
    assert parameter_bytes(eight) == 75 + 2 + (18 + 2) + 18


def test_a_folded_batch_norm_makes_no_volume() -> None:
    analysis = _analysis("input-8x8x4 conv3-16 batch_norm conv3-8")
    assert plan(quantized(analysis)).size == 8 * 8 * (16 + 8)
    assert plan(analysis).size == 8 * 8 * (16 + 16)


def test_depthwise_convolutions_in_place() -> None:
    text = "input: 8x8x4\nlayers:\n  - conv: {filters: 16, kernel: 1}\n"
    text += "  - depthwise_conv: {kernel: 3, pad: 1}\n  - conv: {filters: 4, kernel: 1}\n"
    analysis = analyze(load("net.yaml", text.encode()), Settings(dtype="int8"))
    assert plan(quantized(analysis)).size == 8 * 8 * 32
    assert in_place_depthwise(analysis, plan(analysis)).size == 8 * 8 * 20


def test_the_layer_whose_volumes_are_widest() -> None:
    analysis = _analysis("input-8x8x4 conv3-16 conv3-8")
    assert widest(analysis, plan(analysis)) == (2, 8 * 8 * 24)


def test_patches_need_less_of_a_net_that_is_wide_at_its_beginning() -> None:
    network = load("mobilenet_v2.yaml", zoo.read("mobilenet_v2"))
    analysis = analyze(network, Settings(dtype="int8"))
    found = patches(analysis, plan(quantized(analysis)))
    assert found is not None
    assert found.peak < widest(analysis, plan(quantized(analysis)))[1]
    assert 0 < found.extra_macs < (analysis.totals.macs or 0)


@pytest.mark.parametrize(
    ("norm", "first"),
    [
        ("instance_norm", 1),
        ("group_norm: {groups: 2}", 1),
        ("layer_norm: {axes: all}", 1),
        ("layer_norm", 3),
        ("lrn: {size: 5}", 3),
        ("batch_norm", 3),
        ("global_avg_pool", 1),
        ("adaptive_avg_pool: {size: 8}", 1),
        ("reshape: {shape: 16x64x32}", 1),
    ],
)
def test_no_patch_is_run_through_what_needs_the_whole_volume(norm: str, first: int) -> None:
    text = "input: 32x32x3\nlayers:\n  - conv: {filters: 32, kernel: 3, pad: 1}\n"
    text += f"  - {norm}\n  - conv: {{filters: 4, kernel: 3, stride: 2, pad: same}}\n  - fc-10\n"
    analysis = analyze(load("net.yaml", text.encode()), Settings(dtype="int8"))
    assert edge._chain(analysis)[-1] == first
    found = patches(analysis, plan(quantized(analysis)))
    # the norm's mean is of all positions of the 32x32x32 before it
    assert (found is not None and found.peak < 32 * 32 * 32) == (first == 3)


def test_an_input_that_is_read_again_stays_while_patches_are_run() -> None:
    text = "input: 64x64x4\nlayers:\n  - conv: {filters: 32, kernel: 3, pad: 1}\n"
    text += "  - conv: {filters: 4, kernel: 4, stride: 4}\n  - {global_avg_pool: , name: g}\n"
    again = "  - {global_avg_pool: , name: h, from: input}\n  - {concat: , from: [g, h]}\n"
    peaks = list[int]()
    for more in ("", again):
        analysis = analyze(load("net.yaml", (text + more).encode()), Settings(dtype="int8"))
        found = patches(analysis, plan(quantized(analysis)))
        assert found is not None and (found.grid, found.last) == (8, 2)
        peaks.append(found.peak)
    # 2x2 of the output are made of 8x8x32, these of 10x10 positions of the input
    assert peaks[0] == 16 * 16 * 4 + 8 * 8 * 32 + 10 * 10 * 4
    # no copy of these where the whole input stays
    assert peaks[1] == 16 * 16 * 4 + 8 * 8 * 32 + 2 * 2 * 4 + 64 * 64 * 4


def test_no_patches_where_the_end_is_widest() -> None:
    analysis = _analysis("input-4x4x1 conv3-2 fc-4096 fc-4096")
    assert patches(analysis, plan(analysis)) is None


def test_of_a_long_chain_the_first_layers_are_tried_by_patches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    analysis, tried = _analysis("input-8x8x4 " + "conv1-4 " * 300), list[int]()

    def patch(_: Analysis, last: int, grid: int, stays: bool) -> tuple[int, int]:
        tried.append(last)
        return 1, 0

    monkeypatch.setattr(edge, "_patch", patch)
    patches(analysis, plan(analysis))
    assert sorted({*tried}) == [*range(1, 101)]
