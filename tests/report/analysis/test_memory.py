"""Memory in the reports of `analyze`: every number of the text is in the JSON."""

import json
from fractions import Fraction
from typing import Any

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.cli import run as run_command
from convcalc.memory.account import Account
from convcalc.memory.training import training
from convcalc.report.analysis.extras import NOTHING_MORE, Extras
from convcalc.report.analysis.json import report_json
from convcalc.report.analysis.text import text
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import size
from convcalc.spec.load import load, load_pattern


def _analysis(name: str, **settings: object) -> Analysis:
    found = Settings()._replace(**settings)  # type: ignore[arg-type]
    return analyze(load(f"{name}.yaml", zoo.read(name)), found)


def _memory(analysis: Analysis, extras: Extras = NOTHING_MORE) -> Any:
    return json.loads(report_json(analysis, extras))["memory"]


def test_json_of_vgg16_with_adam() -> None:
    found = _memory(_analysis("vgg16", optimizer="adam"))
    assert found["parameters"] == found["gradients"] == 553_430_176
    assert found["optimizer_state"] == 2 * 553_430_176 + 4 * 32
    assert (found["buffers"], found["input"]) == (0, 602_112)
    assert found["inference"]["peak"] == 579_722_400
    assert found["inference"]["at"] == "conv1_2"
    training = found["training"]
    assert training["peak"] == training["step"] == 2_767_757_132
    assert training["backward"] == 2_276_427_184
    assert (training["phase"], training["at"]) == ("step", None)
    for run in ("inference", "training"):
        assert sum(found[run]["breakdown"].values()) == found[run]["peak"]
    assert found["allocator"]["rounded"] <= found["allocator"]["allocated"]
    assert found["device"]["context"] == 400 << 20
    assert "timeline" not in found
    assert "arena" not in found
    rule = found["notes_rule"]
    assert rule["training_ratio"] == round(rule["training"] / training["peak"], 3)


@pytest.mark.parametrize(
    ("name", "more"),
    [("vgg16", 0), ("resnet18", 0), ("unet", 33_243_136), ("mobilenet_v2", 802_816)],
)
def test_what_blocks_as_modules_need(name: str, more: int) -> None:
    analysis = _analysis(name)
    found = _memory(analysis)["inference"]
    assert found["peak_in_modules"] == found["peak"] + more
    line = f"{size(found['peak_in_modules'])} where modules hold their blocks' inputs"
    assert (line in text(analysis, Palette())) is bool(more)


def test_whole_numbers_have_no_training() -> None:
    found = _memory(_analysis("lenet5", dtype="int8"))
    assert found["inference"]["peak_in_modules"] is None
    assert found["training"] is None
    assert found["gradients"] == found["optimizer_state"] == 0
    assert found["notes_rule"]["training_ratio"] is None


def test_a_broken_net_has_no_memory() -> None:
    assert _memory(analyze(load_pattern("input-5x5x3 conv3-4s3p0"))) is None


def test_the_timeline_reaches_the_peak_where_it_says() -> None:
    found = _memory(_analysis("resnet18"), Extras(timeline=True))
    moments = found["timeline"]
    assert max(moment["live"] for moment in moments) == found["training"]["peak"]
    first = next(m for m in moments if m["live"] == found["training"]["peak"])
    assert (first["phase"], first["layer"]) == (
        found["training"]["phase"],
        found["training"]["at"],
    )
    layers = {row.step.name for row in _analysis("resnet18").rows}
    assert {moment["layer"] for moment in moments} <= {*layers, "loss", None}
    assert max(m["live"] for m in found["inference"]["timeline"]) == found["inference"]["peak"]


def test_the_arena_names_its_layers() -> None:
    found = _memory(_analysis("lenet5", dtype="int8"), Extras(arena=True))["arena"]
    assert (found["size"], found["bound"]) == (9408, 9408)
    assert found["places"][1] == {
        "layer": "C1", "offset": 0, "size": 4704, "first": "C1", "last": "tanh1",
    }  # fmt: skip


def test_im2col_spreads_out_the_windows() -> None:
    # the notes' example: 227x227x3, 11x11 filters with stride 4: a matrix of 363 x 3025
    analysis = analyze(load_pattern("input-227x227x3 conv11-96s4p0 relu fc-10"))
    layers = json.loads(report_json(analysis, Extras(im2col=True)))["layers"]
    assert [layer["im2col"] for layer in layers] == [0, 363 * 3025 * 4, 0, 0]
    spec = "input: 7x7x8\nlayers: [{conv_transpose: {filters: 4, kernel: 3, stride: 2}}]\n"
    analysis = analyze(load("net.yaml", spec.encode()))
    layers = json.loads(report_json(analysis, Extras(im2col=True)))["layers"]
    assert layers[1]["im2col"] == 3 * 3 * 4 * 7 * 7 * 4
    assert size(363 * 3025 * 4) in text(
        analyze(load_pattern("input-227x227x3 conv11-96s4p0 relu fc-10")),
        Palette(),
        extras=Extras(im2col=True),
    )


def test_layers_say_the_bytes_they_hold() -> None:
    analysis = analyze(load_pattern("input-8x8x3 conv3-4 relu fc-2"), Settings(5, "float16"))
    layers = json.loads(report_json(analysis))["layers"]
    assert [layer["bytes"] for layer in layers] == [1920, 2560, 0, 20]


@pytest.mark.parametrize("width", [80, 120, None])
def test_the_text_shows_both_peaks_the_rule_and_the_device(width: int | None) -> None:
    analysis = _analysis("vgg16")
    found = _memory(analysis)
    shown = text(analysis, Palette(width=width))
    for number in (
        found["inference"]["peak"], found["training"]["peak"], found["notes_rule"]["training"],
        found["device"]["low"], found["device"]["high"],
        *filter(None, found["training"]["breakdown"].values()),
    ):  # fmt: skip
        assert size(number) in shown
    assert f"in the backward pass of {found['training']['at']}" in shown
    assert " MB" not in shown


@pytest.mark.parametrize("name", ["lenet5", "alexnet", "unet"])
def test_the_rule_s_ratio_is_rounded_not_cut(name: str) -> None:
    analysis, found = _analysis(name), _memory(_analysis(name))
    rule, shown = found["notes_rule"], text(analysis, Palette())
    for run in ("inference", "training"):
        ratio = Fraction(rule[run], found[run]["peak"])
        assert f"rule of thumb says {size(rule[run])}, {float(round(ratio, 2)):.2f} times" in shown
        assert rule[f"{run}_ratio"] == float(round(ratio, 3))


def test_the_profile_is_as_wide_as_it_may_be_and_marks_its_peak() -> None:
    analysis = _analysis("resnet50")
    shown = text(analysis, Palette(width=80), extras=Extras(timeline=True)).splitlines()
    start = shown.index("live bytes through a step of training, batch 1")
    profile = shown[start : start + 14]
    assert max(map(len, profile)) <= 80
    mark = next(line for line in profile if "\u25bc" in line).index("\u25bc")
    top = profile[3]
    assert top[mark] == "\u2588"
    assert profile[-1].split() == ["|forward", "|backward", "|step"]
    assert profile[-2].split()[0] == "0", "the axis starts there"
    bars = [line[11:] for line in profile[3:13]]
    account = Account(training(analysis, 1), 1)
    blocks = " \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
    wide = [bar.ljust(len(bars[-1])) for bar in bars]
    heights = [sum(map(blocks.index, column)) for column in zip(*wide, strict=True)]
    least = min(moment.live for moment in account.timeline())
    assert min(heights) >= 80 * least // account.peak > 40
    assert max(heights) == 80
    plain = text(analysis, Palette(width=80, unicode=False), extras=Extras(timeline=True))
    assert plain.isascii()


@pytest.mark.parametrize("width", [5, 20, 80, None])
def test_small_nets_and_small_terminals(width: int | None) -> None:
    everything = Extras(timeline=True, arena=True, im2col=True)
    for layers in ("[relu]", "[global_avg_pool, flatten]"):
        analysis = analyze(load("net.yaml", f"input: 4x4x3\nlayers: {layers}\n".encode()))
        assert "live bytes through inference" in text(
            analysis, Palette(width=width), extras=everything
        )
        assert _memory(analysis, everything)["inference"]["peak"] >= 192


def test_casts_and_what_is_run_again_have_lines_of_their_own() -> None:
    asked = Extras(timeline=True)
    plain = _memory(_analysis("alexnet"), asked)
    assert all(moment.keys() == {"phase", "layer", "live"} for moment in plain["timeline"])
    analysis = _analysis("alexnet", precision="amp-fp16", checkpoint="pools", batch=8)
    found = _memory(analysis, asked)
    moments = found["timeline"]
    params = sum(row.params or 0 for row in analysis.rows)
    at_loss = next(m for m in moments if m["phase"] == "forward" and m["layer"] == "loss")
    assert at_loss["casts"] == 2 * params, "every weight and bias, until autocast is left"
    assert at_loss["recomputed"] == 0
    again = [m for m in moments if m["recomputed"]]
    assert {m["phase"] for m in again} == {"backward"}
    assert max(m["recomputed"] for m in again) <= found["training"]["peak"]
    forward = [m for m in moments if m["phase"] == "forward"]
    assert not any(m["recomputed"] for m in forward)
    shown = text(analysis, Palette(width=80), extras=asked).splitlines()
    assert any(line.startswith("     casts ") for line in shown)
    assert sum(line.startswith("     again ") for line in shown) == 1, "not in inference"
    assert any("are casts, up to" in line for line in shown)


def test_the_arena_states_depthwise_convolutions_in_place_as_an_option() -> None:
    # conv1x1-8 8x8x3 -> 8x8x8, depthwise 8x8x8 over it, conv1x1 -> 8x8x2: 512 + 512 bytes or not
    layers = b"[conv1-8, {depthwise_conv: {kernel: 3, pad: 1}}, conv1-2]"
    spec = b"input: 8x8x3\nlayers: " + layers
    analysis = analyze(load("net.yaml", spec), Settings(dtype="int8"))
    asked = Extras(arena=True)
    found = _memory(analysis, asked)["arena"]
    assert (found["size"], found["in_place_depthwise"]) == (1024, 8 * 8 * (3 + 8))
    shown = " ".join(text(analysis, Palette(width=80), extras=asked).split())
    assert f"an option of some runtimes: 704 bytes ({size(704)}), where depthwise" in shown
    assert "an option" not in text(_analysis("lenet5"), Palette(width=80), extras=asked)


def test_all_remarks_of_the_totals_begin_in_one_column(capsys: pytest.CaptureFixture[str]) -> None:
    words = "--batch 8 --accumulate 2 --checkpoint every-block --gpus 2 --shard zero3 --ema"
    assert run_command(["analyze", "lenet5", *words.split()]) == 0
    totals = capsys.readouterr().out.split("\n\n")[2].splitlines()
    column = totals[0].index("without the input")
    assert {"checkpointing", "accumulation", "data"} <= {line.split(" ")[0] for line in totals}
    for line in totals:
        assert line[column - 2 : column] == "  " and line[column] != " ", line
