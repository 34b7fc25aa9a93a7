"""The conv form in one pass against the crops: what is identical, what is not, what it saves."""

import json
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner

from convcalc import zoo
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.cli import cli
from convcalc.spec.load import load
from convcalc.verify import equivalence as module
from convcalc.verify.arrays import random_arrays
from convcalc.verify.borders import borders
from convcalc.verify.equivalence import equivalence, forms
from convcalc.verify.plan import plan
from convcalc.verify.slide import Scored, grid, indexed, shifts

BARE = "{conv: {filters: 4, kernel: 3}}, relu, {max_pool: {kernel: 2}}"
HEAD = "{fc: {units: 7}}, relu, dropout, {fc: {units: 5}}"


def analyzed(shape, layers, dtype="float64", rounding="exact"):
    text = f"input: {shape}\nrounding: {rounding}\nlayers: [{layers}]\n"
    found = analyze(load("net.yaml", text.encode()), Settings(1, dtype))
    assert not found.broken, [f.message for f in found.findings]
    return found


def bundled(name):
    return analyze(load(name, zoo.read(name)))


def compare(analysis, image=None):
    weights = random_arrays(analysis, plan(analysis), 0)
    return equivalence(forms(analysis, image), weights, 0)


@pytest.mark.parametrize(
    "shape, layers, stride, maps",
    [
        ("10x10x3", f"{BARE}, {HEAD}", (2, 2), [(6, 6), (11, 11)]),
        ("10x14x3", f"{BARE}, {HEAD}", (2, 2), [(6, 6), (11, 11)]),
        ("10x10x3", f"{BARE}, flatten, {HEAD}, softmax", (2, 2), [(6, 6), (11, 11)]),
        ("10x3", f"{BARE}, {HEAD}", (2,), [(6,), (11,)]),
        ("6x6x8x2", f"{BARE}, {HEAD}", (2, 2, 2), [(6, 6, 6), (11, 11, 11)]),
        ("9x9x2", f"{{conv: {{filters: 3, kernel: 3, stride: 3}}}}, {HEAD}", (3, 3), [(6, 6)]),
        ("9x6x2", f"{{avg_pool: {{kernel: [3, 2]}}}}, {HEAD}", (3, 2), [(6, 6), (6, 11)]),
        ("5x5x2", HEAD, (1, 1), [(6, 6)]),
        ("7x7x2", f"{{conv: {{filters: 3, kernel: 3, dilation: 2}}}}, {HEAD}", (1, 1), [(6, 6)]),
        ("9x9x4", f"{{conv: {{filters: 4, kernel: 2, groups: 2}}}}, {{lrn: {{size: 3}}}}, {HEAD}",
         (1, 1), [(6, 6)]),
    ],
)  # fmt: skip
def test_without_padding_every_position_is_its_crop(shape, layers, stride, maps):
    found = compare(analyzed(shape, layers))
    assert found.forms.borders.identical and found.forms.borders.stride == stride
    assert [one.map for one in found.maps] == maps
    assert found.form_error < 1e-12 and found.inner_error < 1e-12
    for one in found.maps:
        assert one.error < 1e-12 and one.same_best == one.positions
        assert one.pass_macs <= one.crop_macs
    assert found.agrees


def test_the_scores_are_those_of_plain_sums():
    """An independent account of one position: window by window, with NumPy's sums alone."""
    analysis = analyzed("6x6x2", "{conv: {filters: 3, kernel: 3, stride: 2}}, {fc: {units: 4}}",
                        rounding="floor")  # fmt: skip
    weights = random_arrays(analysis, plan(analysis), 0)
    first, second = ({k: v.copy() for k, v in weights[i].items()} for i in (1, 2))
    both = forms(analysis, (8, 8, 2))
    image = np.random.default_rng(0).standard_normal((1, 8, 8, 2))
    module._make_convs(analysis, weights)
    scored = Scored(image, 1, 2)
    scored.run(both.larger, weights, (0, 0), grid((6, 6), (8, 8), (2, 2), (0, 0)))
    assert sorted(scored.scores) == [(0, 0), (0, 2), (2, 0), (2, 2)]
    for (y, x), scores in scored.scores.items():
        hidden = [
            [
                np.einsum("hwc,hwcf->f", image[0, y + i : y + i + 3, x + j : x + j + 3],
                          first["weight"]) + first["bias"]
                for j in (0, 2)
            ]
            for i in (0, 2)
        ]  # fmt: skip
        wanted = np.ravel(hidden) @ second["weight"].reshape(-1, 4) + second["bias"]
        np.testing.assert_allclose(scores, wanted, rtol=1e-12)


def test_with_padding_the_pass_sees_what_the_crops_do_not():
    pad = "{conv: {filters: 4, kernel: 3, pad: 1}}, relu, {max_pool: {kernel: 2}}"
    found = compare(analyzed("12x12x3", f"{pad}, {HEAD}"))
    assert not found.forms.borders.identical and found.forms.borders.padded == ("conv1",)
    assert len(found.forms.borders.inner) == 16  # of 36: all but the rim
    assert found.form_error < 1e-12 and found.inner_error < 1e-12
    assert min(one.error for one in found.maps) > 1e-3, "borders differ and are told"
    assert found.agrees, "what must be the same is the same"


@pytest.mark.parametrize("dilation", [11, 10**9])
def test_a_dilation_of_which_the_input_has_a_tap_or_two(dilation):
    wide = f"{{conv: {{filters: 4, kernel: 3, dilation: {dilation}, pad: {dilation}}}}}, relu"
    found = compare(analyzed("12x12x3", f"{wide}, {HEAD}"))
    assert found.forms.borders.padded == ("conv1",) and found.agrees
    assert found.form_error < 1e-12 and not found.forms.borders.inner
    worst = min(one.error for one in found.maps)
    assert worst > 1e-3 if dilation == 11 else worst < 1e-12, "the other taps read padding alone"


def test_vgg16_on_384_of_the_notes():
    """The arithmetic of what is stated: `verify vgg16 --equivalence --input 384x384x3` runs it."""
    both = forms(bundled("vgg16"), (384, 384, 3))
    assert both.larger.network.steps[0].output == (384, 384, 3)
    assert both.larger.output == (6, 6, 1000)
    assert both.borders.stride == (32, 32) and both.borders.volume == (7, 7)
    assert both.borders.inner == ((3, 3),), "one of 49 positions sees no padding"
    assert len(both.borders.padded) == 13 and not both.borders.elsewhere
    assert both.larger.totals.macs == 15_346_630_656 * 144 // 49 + 36 * 123_633_664
    starts = shifts((224, 224), (384, 384), (32, 32))
    places = [place for at in starts for place in grid((224, 224), (384, 384), (32, 32), at)]
    assert len(starts) == 4 and len(set(places)) == 121
    assert set(places) == {(y, x) for y in range(0, 161, 16) for x in range(0, 161, 16)}


def test_positions_of_a_map_are_the_places_in_order():
    places = grid((3, 3), (8, 7), (2, 2), (1, 0))
    assert indexed(places)[:3] == [((0, 0), (1, 0)), ((0, 1), (1, 2)), ((0, 2), (1, 4))]
    assert indexed(places)[-1] == ((2, 2), (5, 4)) and len(places) == 9


@pytest.mark.parametrize(
    "layers, names",
    [
        (f"{BARE}, global_avg_pool, {HEAD}", ("global_avg_pool1",)),
        (f"{BARE}, {{adaptive_avg_pool: {{output: 2}}}}, {HEAD}", ("adaptive_avg_pool1",)),
    ],
)
def test_pools_to_a_size_leave_one_position(layers, names):
    found = compare(analyzed("10x10x3", layers))
    assert found.forms.stays and not found.maps and found.agrees
    assert found.forms.borders.elsewhere == names


def test_numbers_of_the_whole_image_make_no_claim():
    found = compare(analyzed("10x10x4", f"{BARE}, instance_norm, {HEAD}"))
    assert not found.forms.borders.identical and found.forms.borders.elsewhere == (
        "instance_norm1",
    )
    assert found.inner_error is None and found.maps[0].error > 1e-3


def test_filters_in_the_wrong_order_disagree(monkeypatch):
    def channels_first(analysis, weights):
        for index, kernel in module.planned(analysis.network).kernels.items():
            weight = weights[index]["weight"]
            filters = weight.reshape(-1, *kernel, weight.shape[-1])
            weights[index]["weight"] = np.ascontiguousarray(np.moveaxis(filters, 0, -2))

    monkeypatch.setattr(module, "_make_convs", channels_first)
    found = compare(analyzed("10x10x3", f"{BARE}, {HEAD}"))
    assert found.form_error > 0.01 and not found.agrees


def test_positions_of_other_crops_disagree(monkeypatch):
    whole = Scored.run

    def shifted(self, analysis, weights, shift, places=()):
        whole(self, analysis, weights, shift, places)
        if places:
            self.scores[places[0]] = self.scores[places[1]]

    monkeypatch.setattr(Scored, "run", shifted)
    found = compare(analyzed("10x10x3", f"{BARE}, {HEAD}"))
    assert found.form_error < 1e-12 and found.maps[0].error > 0.01 and not found.agrees


def test_borders_are_those_of_the_field():
    found = borders(bundled("alexnet"))
    assert found.inner == ((2, 2), (2, 3), (3, 2), (3, 3))
    assert found.padded == ("conv2", "conv3", "conv4", "conv5")
    assert borders(bundled("lenet5")).identical


NET = f"input: 10x10x3\nlayers: [{BARE}, {HEAD}]\n"


@pytest.fixture
def net(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(NET)
    return "net.yaml"


def verify(*arguments):
    return CliRunner().invoke(
        cli, ["verify", *arguments, "--equivalence"], standalone_mode=False, env={"COLUMNS": "80"}
    )


def refused(*arguments):
    result = verify(*arguments)
    assert isinstance(result.exception, click.ClickException), result.output
    return result.exception.format_message()


def test_text(net):
    result = verify(net)
    assert result.return_value == 0
    assert "10x10x3 slid over 20x20x3, fc as convs: map 6x6x5" in result.output
    assert "map        identical" in result.output
    assert max(map(len, result.output.splitlines())) <= 80
    padded = verify("alexnet-one-tower", "--input", "255x255x3", "--rounding", "floor")
    assert isinstance(padded.exception, click.ClickException)


def test_json(net):
    found = json.loads(verify(net, "--format", "json", "--input", "14x12x3").output)
    assert found["schema"] == "convcalc/equivalence/1" and found["agrees"] is True
    assert found["image"] == [14, 12, 3] and found["output"] == [3, 2, 5]
    assert [one["map"] for one in found["maps"]] == [[3, 2], [5, 3]]
    assert [one["passes"] for one in found["maps"]] == [1, 4]
    own = found["maps"][0]["macs"]["crops"] // 6
    assert found["maps"][1]["macs"]["crops"] == 15 * own == 15 * (8 * 8 * 108 + 64 * 7 + 35)
    assert found["identical"] and found["own_input_error"] <= found["tolerance"] == 1e-4


def test_a_failing_claim_exits_1(net, monkeypatch):
    monkeypatch.setattr(module, "TOLERANCE", {"float32": 0.0})
    result = verify(net)
    assert result.return_value == 1 and "differs" in result.output


def test_a_pattern_takes_its_own_input():
    result = verify("--net", "[conv3-4 relu pool2] fc-10", "--input", "8x8x3")
    assert result.return_value == 0 and "8x8x3 slid over 18x18x3" in result.output
    assert "padding, of conv1" in result.output


def test_weights_of_a_file(net):
    draw = np.random.default_rng(0).standard_normal
    shapes = {"conv1": (4, 3, 3, 3), "fc1": (7, 64), "fc2": (5, 7)}
    arrays = {f"{k}.weight": draw(s) for k, s in shapes.items()}
    arrays |= {f"{k}.bias": draw(s[0]) for k, s in shapes.items()}
    np.savez("w.npz", **arrays)
    assert verify(net, "--weights", "w.npz", "--dtype", "float64").return_value == 0
    np.savez("bad.npz", **{**arrays, "fc1.weight": draw((7, 63))})
    assert "CC123" in refused(net, "--weights", "bad.npz")


def test_refusals(net):
    Path("two.yaml").write_text(
        "inputs: {a: 4x4x1, b: 4x4x1}\nlayers:\n  - {add: , from: [a, b]}\n"
    )
    assert "no fc to convert" in refused("nin")
    Path("up.yaml").write_text(
        "input: 12x12x2\nrounding: floor\nlayers: [pool2, {upsample: {scale: 2}}, fc-4]\n"
    )
    assert "its layers enlarge or cut" in refused("up.yaml")
    assert "several" in refused("two.yaml")
    assert "holds no crop of 10x10x3" in refused(net, "--input", "8x10x3")
    assert "invalid sizes" in refused(net, "--input", "11x11x3")
    assert "--batch does not go with --equivalence" in refused(net, "--batch", "2")
    assert "float32 or float64" in refused(net, "--dtype", "float16")
    assert "change `rounding:` in the file" in refused(net, "--rounding", "floor")
    Path("bad.yaml").write_text(NET.replace("kernel: 2", "kernel: 99"))
    assert "CC102" in refused("bad.yaml")
