"""What layers work in is known before they run, and a run that has no room for it is refused."""

from pathlib import Path

import pytest

pytest.importorskip("numpy")

from every_kind import NETS, network
from verified import refused, verify

from convcalc.analysis.settings import Dtype, Settings
from convcalc.analysis.walk import analyze
from convcalc.backend.ops import NumPyOps
from convcalc.verify import checks
from convcalc.verify.arrays import random_arrays, random_inputs
from convcalc.verify.plan import plan
from convcalc.verify.run import Arrays
from convcalc.verify.run import verify as run
from convcalc.verify.workspaces import workspaces

#: Numbers of the cache-sized pieces, which are counted as none.
PIECES = 2**17


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize(("shape", "layers"), NETS)
def test_is_what_the_kernels_take(shape: str, layers: str, dtype: Dtype) -> None:
    found = analyze(network(shape, layers), Settings(2, dtype))
    steps = plan(found)
    arrays = Arrays(random_arrays(found, steps, 3), random_inputs(found, steps, 3))
    seen = run(found, steps, lambda: arrays, exact=True).verification.layers
    said = workspaces(found, steps, exact=True)
    for one, index in zip(seen, steps.steps, strict=True):
        assert said[index] <= one.workspace <= said[index] + 4 * PIECES


DILATED = "{%s: {%skernel: 3, dilation: 1000000000, pad: 1000000000}}"
APART = "{%s: {%skernel: 2, stride: %d, pad: %d}}"


def _apart(kind: str, options: str = "", pad: int = 10**9, size: int = 32) -> str:
    """Three windows an axis that lie so far apart, one of them on the input."""
    return APART % (kind, options, pad + size // 2 - 1, pad)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize(
    ("shape", "layers"),
    [
        ("32x32x3", _apart("conv", "filters: 4, ")),
        ("32x32x3", _apart("conv", "filters: 4, ", 10**6)),
        ("32x32x4", _apart("conv", "filters: 4, groups: 2, ")),
        ("32x32x3", _apart("depthwise_conv")),
        ("32x3", _apart("conv", "filters: 4, ")),
        ("8x8x8x3", _apart("conv", "filters: 4, ", 10**6, 8)),
        ("1x1000000x1", "{adaptive_avg_pool: {output: [1000000, 1]}}"),
        ("1x1000000x1", "{adaptive_max_pool: {output: [1000000, 1]}}"),
        ("1x1000000x1", "{upsample: {size: [1000000, 1]}}"),
        ("1x1000000x1", "{upsample: {size: [1000000, 1], mode: bilinear}}"),
    ],
)
def test_room_for_padded_copies_is_asked_first(
    shape: str, layers: str, dtype: Dtype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(f"input: {shape}\nlayers:\n  - {layers}\n")
    monkeypatch.setattr(checks, "available_bytes", lambda: 2**30)
    ways = [["--dtype", dtype], ["--gradients"], ["--receptive-field"]]
    for way in ways[: None if "{conv" in layers and dtype == "float32" else 1]:
        said = refused(str(spec), *way)
        assert said.startswith("the run needs ")
        assert "of it parameters and" in said
        assert " works in; 1.00 GiB are free: " in said
        assert "a smaller window, stride or padding of " in said


@pytest.mark.parametrize("kind", ["max_pool", "avg_pool", "l2_pool"])
def test_taps_that_read_padding_alone_take_no_time(kind: str, tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(
        f"input: 32x3\nlayers:\n  - {kind}: {{kernel: 1000000001, stride: 1, pad: 500000000}}\n"
        "  - lrn: {size: 1000000001}\n"
    )
    assert verify(str(spec)).return_value == 0


@pytest.mark.parametrize("kind", ["conv", "depthwise_conv"])
@pytest.mark.parametrize("way", [[], ["--gradients"], ["--receptive-field"]])
def test_a_dilation_that_leaves_one_tap_works_in_little(
    kind: str, way: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, filters = tmp_path / "net.yaml", "filters: 4, " if kind == "conv" else ""
    spec.write_text(f"input: 32x32x3\nlayers:\n  - {DILATED % (kind, filters)}\n")
    monkeypatch.setattr(checks, "available_bytes", lambda: 2**28)
    assert verify(str(spec), *way).return_value == 0


def test_memory_that_is_refused_all_the_same_is_no_bug(
    net: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object, **named: object) -> None:
        raise MemoryError

    monkeypatch.setattr(NumPyOps, "conv", full)
    assert "gave the run no more memory" in refused(str(net))


@pytest.mark.parametrize(
    ("shape", "layer", "batch"),
    [
        ("400000", "layer_norm: {axes: all}", 2),
        ("40000", "group_norm: {groups: 5000}", 3),
        ("1x1x200000", "instance_norm", 1),
        ("56x56x24", "channel_shuffle: {groups: 1}", 1),
        ("4000x16", "conv_transpose: {filters: 16, kernel: 8, stride: 4, pad: 2}", 1),
        ("1x9000x3", "conv_transpose: {filters: 4, kernel: 3, stride: 2, pad: same}", 1),
        ("64x64x32", "pad: {sides: 3, mode: reflect}", 8),
        ("16x32x32x8", "pad: {sides: 1, mode: edge}", 8),
    ],
)
def test_no_kernel_takes_more_than_is_said(
    shape: str, layer: str, batch: int, tmp_path: Path
) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(f"input: {shape}\nlayers:\n  - relu\n  - {layer}\n  - relu\n")
    assert verify(str(spec), "--batch", str(batch)).return_value == 0


def test_room_for_the_backward_pass_is_asked_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is double behind it, and the gradient spread as far as the windows of inputs reach."""
    from convcalc.verify import gradients

    spec = tmp_path / "net.yaml"
    wide = "{conv: {filters: 4, kernel: 3, dilation: 28, pad: 28}}"
    spec.write_text(f"input: 32x32x3\nlayers:\n  - {wide}\n")
    for module in (checks, gradients):
        monkeypatch.setattr(module, "available_bytes", lambda: 500_000)
    assert verify(str(spec)).return_value == 0
    said = refused(str(spec), "--gradients")
    assert "what conv1's gradient works in; 488 KiB are free" in said
