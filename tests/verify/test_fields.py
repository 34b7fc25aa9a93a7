"""Receptive fields by running: light goes where the prediction says, and nowhere else."""

import json

import click
import numpy as np
import pytest
from click.testing import CliRunner

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.backend.footprint import Footprint
from convcalc.backend.ops import NumPyOps
from convcalc.cli import cli
from convcalc.report.verify.fields_text import render
from convcalc.spec.document import Overrides
from convcalc.spec.load import load
from convcalc.verify import fields as module
from convcalc.verify.fields import receptive_fields


def observed(shape, layers, names=()):
    text = f"input: {shape}\nrounding: floor\nlayers: [{layers}]\n".encode()
    return observed_of("net.yaml", text, names)


def observed_of(name, data, names=()):
    def sized(shape):
        return analyze(load(name, data, Overrides(shape)))

    analysis = sized(None)
    assert not analysis.broken, [f.message for f in analysis.findings]
    return receptive_fields(analysis, names, sized)


GATE = "{multiply: {branches: [[global_avg_pool, conv1-4, sigmoid], []]}}"


@pytest.mark.parametrize(
    "shape, layers, field",
    [
        ("20x20x2", "conv3-4, relu, conv3-4, conv3-4", (7, 1, 3)),
        ("20x20x2", "conv3-4, {max_pool: {kernel: 2}}, conv3-4", (8, 2, 3)),
        (
            "31x31x2",
            "{conv: {filters: 4, kernel: 5, stride: 3, pad: [1, 2, 1, 2]}}, conv3-4",
            (11, 3, 4),
        ),
        ("20x20x2", "{conv: {filters: 4, kernel: 3, dilation: 3, pad: 3}}, conv3-4", (9, 1, 4)),
        ("20x20x2", "{avg_pool: {kernel: 3, stride: 2, rounding: ceil}}, conv3-4", (7, 2, 2)),
        ("20x20x4", "{depthwise_conv: {kernel: 3, pad: same}}, batch_norm, conv1-4", (3, 1, 1)),
        ("20x20x4", "{l2_pool: {kernel: 3, stride: 1}}, {lrn: {size: 3}}, tanh", (3, 1, 0)),
        ("20x20x4", f"conv3-4, {GATE}", (3, 1, 1)),
        ("20x20x4", "conv3-4, {add: {branches: [[conv3-4, relu, conv3-4], []]}}", (7, 1, 3)),
        ("20x20x4", "conv3-4, {multiply: {branches: [[conv3-4], [conv5-4]]}}", (7, 1, 3)),
        ("20x20x4", "{concat: {branches: [[conv1-2], [conv3-2], [conv5-2]]}}", (5, 1, 2)),
        ("20x20x4", "{locally_connected: {filters: 2, kernel: 3, stride: 2}}", (3, 2, 0)),
        ("20x20x4", "{pad: {sides: 2}}, {conv: {filters: 4, kernel: 5}}", (5, 1, 2)),
        ("20x20x4", "{crop: {sides: 2}}, {conv: {filters: 4, kernel: 3}}", (3, 1, -2)),
        ("20x20x4", "{instance_norm: }, {layer_norm: }, softmax, conv3-4", (3, 1, 1)),
        # regions of 2, (23 - 2)/(8 - 1) = 3 apart: 1 + 2 + 1*1 + 2*3 positions
        ("23x23x2", "conv3-4, {fractional_max_pool: {output: 8}}, conv3-4", (10, 3, 4)),
        ("24x24x2", "conv3-4, {fractional_max_pool: {output: 8, overlapping: false}}", (5, 3, 1)),
        ("30x3", "conv3-4, {max_pool: {kernel: 2}}, conv3-4", (8, 2, 3)),
        ("9x8x7x3", "conv3-4, conv3-4", (5, 1, 2)),
    ],
)
def test_every_output_sees_what_is_predicted(shape, layers, field):
    """Both ends of every field by hand; fields that reach over the border end there."""
    found = observed(shape, layers)
    size, stride, padding = field
    assert found.agrees and len(found.fields) == shape.count("x")
    for one in found.fields:
        assert one.receptive_field[:3] == field and one.whole and one.largest == size
        for output in one.whole:
            first = output * stride - padding
            assert one.seen[output] == (first, first + size - 1)


@pytest.mark.parametrize(
    "layers",
    [
        "conv3-4, {conv_transpose: {filters: 2, kernel: 3, stride: 2, pad: 1}}, conv3-4",
        "{max_pool: {kernel: 2}}, conv3-4, {upsample: {scale: 2}}, conv3-4",
        "{max_pool: {kernel: 4}}, {upsample: {scale: 2, mode: bilinear}}",
        "{adaptive_avg_pool: {output: 3}}",
        "{max_pool: {kernel: 2}}, conv3-8, {pixel_shuffle: {factor: 2}}",
    ],
)
def test_where_outputs_see_differently_much_each_is_followed(layers):
    found = observed("20x20x2", layers)
    assert found.agrees, [one.faults for one in found.fields]
    assert all(one.comparable for one in found.fields)
    assert any(one.receptive_field.fields for one in found.fields)


@pytest.mark.parametrize(
    "layers",
    [
        "fc-32, {reshape: {shape: 4x4x2}}",
        "fc-32, {reshape: {shape: 4x4x2}}, {conv_transpose: {filters: 2, kernel: 2, stride: 2}}",
        "fc-32, {reshape: {shape: 4x4x2}}, conv3-2, {upsample: {scale: 2, mode: bilinear}}",
        "{reshape: {shape: 2x4x4}}, conv3-2",
    ],
)
def test_what_is_made_of_a_vector_sees_the_whole_input_everywhere(layers):
    found = observed("8x8x2", f"pool2, {layers}")
    assert found.agrees, [one.faults for one in found.fields]
    for one in found.fields:
        assert one.comparable and one.receptive_field[:3] == (8, 0, 0)


@pytest.mark.parametrize("name", ["lenet5", "cifar10-pattern", "all-cnn-c", "resnet20-b"])
def test_bundled_nets_by_running(name):
    found = observed_of(name, zoo.read(name))
    assert found.agrees


def test_every_layer_of_lenet5():
    found = observed_of("lenet5", zoo.read("lenet5"), ("C1", "S2", "C3", "S4"))
    assert [one.largest for one in found.fields if one.axis == 0] == [5, 6, 14, 16]
    assert found.agrees


@pytest.mark.parametrize(
    "change", [{"size": 8}, {"size": 6}, {"padding": 2}, {"padding": 4}, {"stride": 2}]
)
def test_another_prediction_disagrees(change):
    (one, *_) = observed("20x20x2", "conv3-4, conv3-4, conv3-4").fields
    assert not one.faults
    wrong = one._replace(receptive_field=one.receptive_field._replace(**change))
    assert wrong.faults and "it is changed by" in wrong.faults[0]


def test_an_output_that_nothing_moves_disagrees():
    (one, *_) = observed("20x20x2", "conv3-4").fields
    wrong = one._replace(seen=(*one.seen[:5], None, *one.seen[6:]))
    assert wrong.faults == ("output 5 should see 4..6, no input changes it",)


@pytest.mark.parametrize(
    "layers, silent",
    [
        ("{conv: {filters: 2, kernel: 1, pad: 1}}", (0, 9)),
        ("{conv_transpose: {filters: 2, kernel: 1, stride: 2}}", tuple(range(1, 15, 2))),
    ],
)
def test_outputs_that_read_nothing_are_no_disagreement(layers, silent):
    """Windows that lie in padding, and the gaps of a transposed conv that steps too far."""
    found = observed("8x8x1", layers)
    assert found.agrees
    assert tuple(i for i, seen in enumerate(found.fields[0].seen) if seen is None) == silent


def test_narrow_axes_show_the_same_field(monkeypatch):
    whole = observed("24x24x2", "conv3-4, {max_pool: {kernel: 4}}, conv3-4")
    monkeypatch.setattr(module, "MOST", 0)
    narrow = observed("24x24x2", "conv3-4, {max_pool: {kernel: 4}}, conv3-4")
    assert [one.seen for one in narrow.fields] == [one.seen for one in whole.fields]


def test_small_batches_show_the_same_field(monkeypatch):
    whole = observed("20x17x2", "conv3-4, conv3-4")
    monkeypatch.setattr(module, "_BATCH", 20_000)
    assert observed("20x17x2", "conv3-4, conv3-4").fields == whole.fields


def test_light_does_not_fade_in_deep_nets():
    found = observed(
        "9x9x1", "[conv3-2]*300".replace("[conv3-2]*300", ", ".join(["conv3-2"] * 300))
    )
    assert found.agrees and all(one.largest == 9 for one in found.fields)


def test_a_footprint_never_writes_into_its_input():
    x = np.ones((1, 2, 2, 1), "f4")
    ops = Footprint(load("n", b"input: 2x2x1\nlayers: [relu]\n").roundings)
    ops.in_place = True
    assert ops.add([x, x]) is not x and (x == 1).all()


def verify(*arguments):
    return CliRunner().invoke(
        cli,
        ["verify", *arguments, "--receptive-field"],
        standalone_mode=False,
        env={"COLUMNS": "80"},
    )


def refused(*arguments):
    result = verify(*arguments)
    assert isinstance(result.exception, click.ClickException), result.output
    return result.exception.format_message()


def test_text():
    result = verify("lenet5")
    assert result.return_value == 0
    assert "S4     height         16       4        0        16" in result.output
    assert "reaches over" in verify("resnet20-b").output
    assert max(map(len, result.output.splitlines())) <= 80


def test_json():
    found = json.loads(verify("lenet5", "--layer", "C3", "--format", "json").output)
    assert found["schema"] == "convcalc/receptive-field/1" and found["agrees"] is True
    height, width = found["fields"]
    assert (height["axis"], width["axis"]) == ("height", "width")
    assert height["predicted"] == {"size": 14, "stride": 2, "padding": 0}
    assert height["observed"]["outputs"] == [[2 * i, 2 * i + 13] for i in range(10)]


def test_kernels_that_read_elsewhere_exit_1(monkeypatch):
    whole = NumPyOps.max_pool
    monkeypatch.setattr(NumPyOps, "max_pool", lambda ops, x, s: whole(ops, np.roll(x, 1, 1), s))
    result = verify("--net", "conv3-4 pool2", "--input", "12x12x1")
    assert result.return_value == 1
    assert "max_pool1, height: output 1 should see 1..4, it is changed by 0..3" in result.output
    assert "max_pool1, width" not in result.output


def test_standard_input():
    text = "input: 12x12x1\nlayers: [conv3-4]\n"
    arguments = ["verify", "-", "--receptive-field"]
    assert CliRunner().invoke(cli, arguments, input=text, standalone_mode=False).return_value == 0


def test_refusals(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.yaml").write_text(
        "inputs: {a: 4x4x1, b: 4x4x1}\nlayers:\n  - {add: , from: [a, b]}\n"
    )
    (tmp_path / "vector.yaml").write_text("input: 9\nlayers: [fc-3]\n")
    (tmp_path / "bad.yaml").write_text("input: 4x4x1\nlayers: [{conv: {filters: 1, kernel: 9}}]\n")
    assert "did you mean C3?" in refused("lenet5", "--layer", "C33")
    assert "no positions" in refused("lenet5", "--layer", "F6")
    assert "one input" in refused("two.yaml")
    assert "no layer has positions" in refused("vector.yaml")
    assert "does not go with --receptive-field" in refused("lenet5", "--equivalence")
    assert "CC102" in refused("bad.yaml")
    alone = CliRunner().invoke(cli, ["verify", "lenet5", "--layer", "C3"], standalone_mode=False)
    assert "--layer is for --receptive-field" in str(alone.exception)


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        (f"conv3-4, {GATE}", "- a gate scales whole channels by what it sees, a global pool"),
        ("{pad: {sides: 1, mode: reflect}}, {conv: {filters: 4, kernel: 3}}", "(pad1)"),
        ("{pad: {sides: 1, mode: edge}}, {conv: {filters: 4, kernel: 3}}", "padding holds copies"),
        ("conv3-4, {instance_norm: }, conv3-4", "are of the whole image (instance_norm1)"),
        ("conv3-4, {group_norm: {groups: 2}}", "(group_norm1)"),
    ],
)
def test_what_is_left_out_is_said(layers, said):
    """An input far outside of the field changes the output there: the text does not deny it."""
    text = f"input: 12x12x4\nrounding: floor\nlayers: [{layers}]\n"
    arguments = ["verify", "-", "--receptive-field"]
    found = CliRunner().invoke(cli, arguments, input=text, standalone_mode=False)
    output = " ".join(found.output.split())
    assert found.return_value == 0 and said in output
    assert "inside the input, but for what is left out of fields: - " in output


def test_nothing_is_left_out_of_windows():
    output = " ".join(verify("lenet5").output.split())
    assert "that lie inside the input." in output and "left out" not in output


FC = "{fc: {units: 64}}, {reshape: {shape: [8, 8, 1]}}"


@pytest.mark.parametrize(
    "layers, reader",
    [
        (f"conv3-4, {FC}, conv3-2", "fc1"),
        (f"conv3-4, flatten, {FC}", "fc1"),
        ("conv3-1, flatten, {reshape: {shape: [8, 8, 1]}}, conv3-2", "flatten1"),
        ("conv3-4, global_avg_pool, {upsample: {scale: 8}}, conv3-2", "global_avg_pool1"),
        ("{conv: {filters: 4, kernel: 15, pad: 7}}", ""),
        (f"{{conv: {{filters: 4, kernel: 15, pad: 7}}}}, {GATE}", ""),
    ],
)
def test_a_larger_input_is_named_where_it_shows_the_whole_field(layers, reader):
    found = observed("8x8x1", layers)
    assert found.agrees and not any(field.whole for field in found.fields)
    assert found.reader(found.fields[0].layer) == reader
    text = " ".join(render(found).split())
    assert ("the whole of it shows at a larger --input." in text) == (not reader)
    assert (f"at any --input: {reader} reads all positions." in text) == bool(reader)
