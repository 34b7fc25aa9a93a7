"""Legal input sizes, held against the notes and against analyzing every size anew."""

import json
from pathlib import Path

import pytest

import convcalc
from convcalc import __version__, zoo
from convcalc.analysis.walk import analyze
from convcalc.cli import run
from convcalc.findings import Severity
from convcalc.network.record import Network
from convcalc.sizes.legal import sizes_of, square_sizes
from convcalc.sizes.nearest import nearest_sizes
from convcalc.sizes.resize import Resizer, UnfinishedNetError
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern
from convcalc.window import Rounding


def bundled(name: str, shape: tuple[int, ...] | None = None) -> Network:
    return load(name, zoo.read(name), Overrides(shape))


def test_vgg16_takes_the_multiples_of_32() -> None:
    found = square_sizes(bundled("vgg16"), 1, 450)
    assert [size[0] for size in found.exact] == list(range(32, 451, 32))
    assert found.accepted == found.exact
    assert (found.minimum, found.step) == ((32, 32), 32)
    assert found.mixed
    assert [o.layer for o in found.forbidden] == ["pool1", "pool2", "pool3", "pool4", "pool5"]
    odd = {size[0] for size in found.forbidden[0].sizes}
    assert odd == set(range(1, 451, 2))


def test_alexnet_of_one_tower_starts_at_63() -> None:
    found = square_sizes(bundled("alexnet-one-tower"), 1, 230)
    assert found.minimum == (63, 63)
    assert [size[0] for size in found.exact] == [63, 95, 127, 159, 191, 223]
    assert [size[0] for size in found.accepted][:5] == [63, 64, 65, 66, 95]
    assert found.step == 32
    assert (224, 224) in found.accepted
    assert "55.25 -> 55 (padding unused)" in found.rounded[0].reason


def test_the_smallest_size_and_the_step_do_not_depend_on_the_range() -> None:
    found = square_sizes(bundled("vgg16"), 200, 230)
    assert found.exact == ((224, 224),)
    assert (found.minimum, found.step) == ((32, 32), 32)


@pytest.mark.parametrize(
    "name", ["alexnet", "googlenet", "resnet50", "unet", "squeezenet1_1", "mobilenet_v2"]
)
def test_each_verdict_agrees_with_analyzing_the_net_at_that_size(name: str) -> None:
    network = bundled(name)
    resizer = Resizer(network)
    channels = (network.steps[0].output or ())[-1]
    for size in (*range(180, 196), *range(220, 236), 572):
        verdict = resizer.judge((size, size + 3))
        anew = analyze(bundled(name, (size, size + 3, channels)))
        errors = [f for f in anew.findings if f.severity is Severity.ERROR]
        assert verdict.accepted == (not errors), (name, size)
        inexact = {"CC102", "CC103", "CC104", "CC105", "CC106"}
        assert verdict.exact == (not errors and not inexact & {f.code for f in anew.findings})
        if errors:
            assert network.steps[verdict.layer or 0].name == errors[0].layer


def test_axes_with_windows_of_their_own() -> None:
    net = load("net", b"input: 8x8x3\nlayers: [{max_pool: {kernel: [2, 3]}}]\n")
    found = sizes_of(net, ((h, w) for h in range(1, 7) for w in range(1, 7)))
    assert found.exact == ((2, 3), (2, 6), (4, 3), (4, 6), (6, 3), (6, 6))
    assert found.minimum == (2, 3)


def test_same_padding_takes_every_size() -> None:
    net = load(
        "net", b"input: 8x8x3\nlayers: [{conv: {filters: 4, kernel: 1, stride: 3, pad: same}}]\n"
    )
    found = square_sizes(net, 1, 20)
    assert len(found.exact) == 20


def test_inputs_of_the_same_size_change_together_and_others_stay() -> None:
    text = (
        "inputs: {image: 8x8x3, depth: 8x8x1, code: 1x1x4}\n"
        "layers: [{concat: , from: [image, depth]}, {max_pool: {kernel: 4}, name: p}, "
        "{conv: {filters: 4, kernel: 1}}, {multiply: , from: [conv1, code]}]\n"
    )
    assert square_sizes(load("net", text.encode()), 1, 13).exact == ((4, 4), (8, 8), (12, 12))


def test_sequences_have_one_axis() -> None:
    net = load("net", b"input: 64x2\nlayers: [{max_pool: {kernel: 4}}]\n")
    found = square_sizes(net, 1, 20)
    assert found.exact == ((4,), (8,), (12,), (16,), (20,))
    assert not found.mixed


def test_what_is_sized_for_the_nearest_is_counted() -> None:
    spent: list[int] = []
    assert nearest_sizes(load_pattern("conv3-4s2p0", Overrides((10, 10, 3))), spent.append)
    assert spent == [3]  # 10, 9 and 11 positions, once each


def test_the_nearest_sizes_of_a_net_that_is_not() -> None:
    assert nearest_sizes(load_pattern("conv3-4s2p0", Overrides((10, 10, 3)))) == [(9, 9), (11, 11)]


def test_each_axis_goes_to_its_nearest_size_by_itself() -> None:
    assert nearest_sizes(bundled("vgg16", (225, 320, 3))) == [(224, 320), (256, 320)]
    assert nearest_sizes(bundled("vgg16", (30, 70, 3))) == [(32, 96)]
    floored = load_pattern("conv7-4s2p0 pool3", Overrides((4, 4, 3), Rounding.FLOOR))
    assert nearest_sizes(floored) == [(11, 11)]


def test_a_net_that_cannot_be_read_is_refused() -> None:
    net = load("net", b"input: 8x8x3\nlayers: [{max_pool: {kernal: 2}}]\n")
    with pytest.raises(UnfinishedNetError, match="max_pool1"):
        square_sizes(net, 1, 10)


def test_a_net_that_fails_at_its_own_size_still_has_legal_ones() -> None:
    net = load_pattern("conv3-4s2p0 relu pool2", Overrides((10, 10, 3)))
    assert square_sizes(net, 1, 13).exact == ((5, 5), (9, 9), (13, 13))


def test_json_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sizes", "vgg16", "--from", "200", "--to", "260", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "convcalc/sizes/1"
    assert found["convcalc"] == __version__
    assert found["exact"] == [224, 256]
    assert found["accepted"] == [224, 256]
    assert (found["minimum"], found["step"]) == (32, 32)
    listed = {size for o in found["forbidden"] for size in o["sizes"]}
    assert listed == set(range(200, 261)) - {224, 256}


def test_json_of_sizes_that_are_not_square(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sizes", "vgg16", "--height", "224", "--width", "200..300", "--format", "json"]
    assert run(words) == 0
    assert json.loads(capsys.readouterr().out)["exact"] == [[224, 224], [224, 256], [224, 288]]


@pytest.mark.parametrize(
    ("layers", "kept"),
    [
        ("conv3-4, relu, fc-16, relu, fc-10, softmax", True),
        ("conv3-4, fc-64, {reshape: {shape: 4x4x4}}, conv3-4", False),
        ("conv3-4, fc-64, relu, {reshape: {shape: 4x4x4}}", False),
        (
            "conv3-4, fc-4, {max_pool: {kernel: 2}, from: conv1}, fc-4, "
            "{concat: , from: [fc1, fc2]}",
            False,
        ),
    ],
)
def test_conv_form_is_named_where_it_takes_larger_inputs(
    layers: str, kept: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "n.yaml"
    spec.write_text(f"input: 8x8x3\nlayers: [{layers}]\n", encoding="utf-8")
    assert run(["sizes", str(spec)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "fc1 reads the whole volume: at another size it has other weights" in said
    assert ("`convcalc convert --fc-to-conv` keeps them at larger ones" in said) is kept
    assert run(["convert", str(spec), "--fc-to-conv"]) == 0
    larger = tmp_path / "larger.yaml"
    larger.write_text(capsys.readouterr().out.replace("8x8x3", "12x12x3"), encoding="utf-8")
    assert (run(["check", str(larger)]) == 0) is kept


@pytest.mark.parametrize(
    ("layers", "named"),
    [
        ("conv3-8, {adaptive_avg_pool: {output: 4}}, fc-5", ""),
        ("conv3-8, {upsample: {size: 4}}, relu, fc-5", ""),
        ("conv3-8, {adaptive_avg_pool: {output: 4}}, fc-5, {fc: {units: 4}, from: conv1}", "fc2"),
        ("conv3-8, pool2, fc-5", "fc1"),
    ],
)
def test_an_fc_behind_a_pool_of_a_fixed_size_has_the_same_weights_at_every_size(
    layers: str, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "n.yaml"
    spec.write_text(f"input: 16x16x3\nlayers: [{layers}]\n", encoding="utf-8")
    assert run(["sizes", str(spec)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert ("reads the whole volume" in said) is bool(named)
    assert f"{named} reads the whole volume: at another size it has" in said or not named
    totals = [convcalc.analyze(spec, input=(side, side, 3)).totals.params for side in (16, 20)]
    assert (totals[0] == totals[1]) is not bool(named)


@pytest.mark.parametrize(
    ("input_", "more", "verdict"),
    [
        ("64x96x3", "", "exact"),  # 64 and 96 are both among those that it takes
        ("64x96x3", "--height 1..8", "exact"),  # none of those that are listed
        ("65x96x3", "", "forbidden"),
        ("65x96x3", "--rounding floor", "accepted, not exact"),
    ],
)
def test_its_own_size_is_judged_where_it_is_not_among_those_listed(
    input_: str, more: str, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    net = ["--input", input_, "--net", "[conv3-4 relu pool2]*2 conv1-5"]
    assert run(["sizes", *more.split(), *net]) == int(verdict == "forbidden")
    said = " ".join(capsys.readouterr().out.split())
    assert f"its own {input_}: {verdict} " in f"{said} "


def test_text_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sizes", "alexnet-one-tower"]) == 0
    text = capsys.readouterr().out
    assert "exact       63, 95, 127, ..., 447 (every 32)" in text
    assert "smallest    63x63x3" in text
    assert "fc6 reads the whole volume" in text
    assert run(["sizes", "resnet18"]) == 0
    assert "reads the whole volume" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["vgg16", "--from", "300", "--to", "200"], "--from 300 is above --to 200"),
        (["vgg16", "--height", "0"], "'0': sizes go from 1 to 2,147,483,648"),
        (["vgg16", "--width", "10..5"], "'10..5': a range goes up, such as 5..10"),
        (["vgg16", "--height", "tall"], "is not a size such as 224 or 200..300"),
        (["vgg16", "--from", "1", "--to", "2000000"], "ask for 100,000 at most"),
        (["vgg16", "--from", "1", "--height", "3"], "--from and --to are for square inputs"),
        (["--net", "fc-10", "--input", "784"], "has no spatial size"),
    ],
)
def test_what_cannot_be_asked(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sizes", *words]) == 2
    assert message in capsys.readouterr().err


_TWO = b"""inputs: {scores: 5, left: 16x16x3, right: 8x8x3}
layers:
  - conv: {filters: 4, kernel: 2, stride: 2}
    from: left
  - fc: {units: 10}
    name: a
  - conv: {filters: 4, kernel: 1}
    from: right
  - fc: {units: 10}
    name: b
    weights: a
  - concat:
    from: [a, b, scores]
"""


def test_layers_that_share_weights_take_the_sizes_where_they_need_as_many() -> None:
    found = square_sizes(load("net", _TWO), 1, 32)
    assert found.exact == found.accepted == ((16, 16),)
    assert [o.layer for o in found.forbidden] == ["conv1", "b"]
    assert found.forbidden[1].reason == "needs 2,570 parameters, a has 1,970, which it shares"


def test_says_which_of_several_inputs_varies_and_what_is_held(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "two.yaml"
    path.write_bytes(_TWO)
    assert run(["sizes", str(path)]) == 0
    text = capsys.readouterr().out
    assert "its own   16x16x3: exact\nvaried    left\nheld      scores 5, right 8x8x3" in text
    assert run(["sizes", str(path), "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["varied"] == ["left"]
    assert said["held"] == [{"name": "scores", "shape": [5]}, {"name": "right", "shape": [8, 8, 3]}]
    path.write_bytes(_TWO.replace(b"8x8x3", b"16x16x3"))
    assert run(["sizes", str(path)]) == 1
    assert "varied    left and right, together\nheld      scores 5" in capsys.readouterr().out


def test_says_that_sizes_like_its_own_were_not_tried_where_that_is_not_square(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wide.yaml"
    layers = "layers: [{conv: {filters: 8, kernel: [3, 5], stride: [1, 2], pad: [1, 2]}},"
    path.write_text(f"input: 32x47x3\n{layers} {{max_pool: {{kernel: [2, 1]}}}}]\n")
    assert run(["sizes", str(path)]) == 0
    text = capsys.readouterr().out
    assert "smallest    none of these is accepted" in text
    assert "not tried: `--width 1..94` keeps its height of 32" in text
    assert "`--height 1..64` its width of 47" in text
    assert run(["sizes", str(path), "--width", "1..94"]) == 0
    assert "smallest  32x1x3" in capsys.readouterr().out
