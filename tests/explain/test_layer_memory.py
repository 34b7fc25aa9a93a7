"""What a layer keeps for backward, and where a checkpoint runs it again."""

import pytest

from convcalc import zoo
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.explain.holding import holding
from convcalc.explain.layer import explain_layer
from convcalc.explain.peak import Peak
from convcalc.memory.precisions import with_precision
from convcalc.spec.load import load
from tests.explain.explained import bundled, section, text


def test_what_backward_keeps_is_what_the_memory_model_keeps() -> None:
    from convcalc.memory.account import Account
    from convcalc.memory.training import training

    for name in ("vgg16", "googlenet", "mobilenet_v1", "mobilenet_v2"):
        analysis = bundled(name)
        peak = Peak(analysis)
        account = Account(training(analysis, 1), 1)
        trace, kept = account.trace, dict[int, int]()
        sizes = trace.sizes(1)
        for tensor, step, _ in trace.kept:
            kept[step] = kept.get(step, 0) + sizes[trace.of[tensor]]
        for index, row in enumerate(analysis.rows):
            if row.step.kind == "input" or not kept:
                continue
            told = section(explain_layer(analysis, index, peak), "in memory").numbers
            if row.step.inputs != (0,):
                assert told["kept_for_backward"] == kept.get(index, 0), row.step.name


@pytest.mark.parametrize("precision", ["fp32", "amp-fp16"])
def test_uneven_padding_is_a_copy_that_is_kept(precision: str) -> None:
    settings = with_precision(Settings(), precision)
    text_of = b"""input: 8x8x3
layers:
- conv3-4
- conv: {filters: 4, kernel: 3, stride: 2, pad: same}
- conv_transpose: {filters: 4, kernel: 3, stride: 2, pad: same}
- max_pool: {kernel: 3, stride: 1, pad: [0, 1, 0, 1]}
"""
    analysis, width = analyze(load("net.yaml", text_of), settings), 4 if precision == "fp32" else 2
    conv, transposed, pool = (section(explain_layer(analysis, i), "in memory") for i in (2, 3, 4))
    padded = 9 * 9 * 4 * width
    assert f"keeps a padded copy of its input conv1 9x9x4, {padded:,} bytes" in text(conv)
    assert conv.numbers["kept_for_backward"] == padded and conv.numbers["keeps"] == ["own"]
    assert f"its output takes {9 * 9 * 4 * width:,} bytes before that" in text(transposed)
    assert transposed.numbers["keeps"] == ["input 1"]
    assert f"keeps a padded copy of its input conv_transpose1 9x9x4, {padded:,}" in text(pool)


@pytest.mark.parametrize(("dtype", "width"), [("float32", 4), ("int8", 1)])
def test_a_locally_connected_layer_keeps_its_windows(dtype: str, width: int) -> None:
    net = "[conv3-4, {locally_connected: {filters: 2, kernel: 3, pad: 1}}]"
    spec = f"input: 9x8x3\nlayers: {net}\n".encode()
    analysis = analyze(load("net.yaml", spec), Settings(dtype=dtype))
    found = section(explain_layer(analysis, 2), "in memory")
    if dtype == "int8":  # a device has a kernel for it
        assert "keeps its input conv1 9x8x4, 288 bytes" in text(found)
        return
    windows = 9 * 8 * (3 * 3 * 4) * width
    kept = f"keeps a copy of all windows of its input conv1 9x8x36, {windows:,} bytes"
    assert kept in text(found) and "it pads in a step before" not in text(found)
    assert found.numbers["kept_for_backward"] == windows and found.numbers["keeps"] == ["own"]


def test_a_checkpointed_layer_says_where_it_is_run_again() -> None:
    network = load("alexnet.yaml", zoo.read("alexnet"))
    for precision, casts in (("", 0), ("amp-fp16", 1)):
        settings = Settings(checkpoint="conv2..pool2", precision=precision)
        analysis = analyze(network, settings)
        names = [row.step.name for row in analysis.rows]
        inside = holding(analysis, names.index("conv2"))
        outside = holding(analysis, names.index("conv3"))
        assert inside is not None
        assert outside is not None
        told = [line.text for line in inside.lines]
        assert sum("in segment conv2..pool2" in line for line in told) == 1
        assert sum("its weight is cast again" in line for line in told) == casts
        assert not any("segment" in line.text for line in outside.lines)
        pool = holding(analysis, names.index("pool2"))
        assert pool is not None
        assert not any("cast again" in line.text for line in pool.lines), "it has no weight"
