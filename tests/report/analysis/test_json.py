"""JSON, schema convcalc/report/1: its structure, its exactness, and that its rows add up."""

import json
from math import prod

import pytest

from convcalc import __version__, zoo
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory import forward, report, training
from convcalc.memory.forward import Forward
from convcalc.memory.trace import Trace
from convcalc.report.analysis import json as json_format
from convcalc.report.analysis.extras import Extras
from convcalc.report.analysis.json import layer_objects, render, report_json
from convcalc.report.analysis.view import AnalysisView
from convcalc.report.drawing.encode import encoded
from convcalc.spec.load import load

TOP = [
    "schema", "convcalc", "name", "path", "settings", "layers", "totals", "memory", "sentences",
    "findings",
]  # fmt: skip
LAYER = [
    "name", "kind", "line", "inputs", "options", "input", "output", "sizing", "activations",
    "in_place", "weights", "biases", "norm", "params", "buffers", "macs", "receptive_field",
]  # fmt: skip
TOTALS = [
    "layers", "activations", "weights", "biases", "norm", "params", "buffers", "trainable", "macs",
    "macs_backward",
]  # fmt: skip
FINDING = [
    "code", "name", "severity", "message", "path", "line", "column", "end_line", "end_column",
    "layer", "help", "related",
]  # fmt: skip


def _report(name: str) -> dict:
    network = load(f"architectures/{name}.yaml", zoo.read(name))
    return json.loads(report_json(analyze(network)))


def test_the_sample_of_the_design() -> None:
    report = _report("vgg16")
    assert list(report) == TOP
    assert len(report["sentences"]) == 4
    assert (report["schema"], report["convcalc"]) == ("convcalc/report/1", __version__)
    assert (report["name"], report["path"]) == ("VGG-16", "architectures/vgg16.yaml")
    assert report["settings"].items() >= {
        "batch": 1, "dtype": "float32", "optimizer": "sgd-momentum",
    }.items()  # fmt: skip
    first, conv = report["layers"][:2]
    assert (first["kind"], first["output"]) == ("input", [224, 224, 3])
    assert first["activations"] == 150528
    assert set(LAYER) <= set(conv)
    options = {"filters": 64, "kernel": [3, 3], "stride": [1, 1], "pad": [[1, 1], [1, 1]]}
    assert conv["options"].items() >= options.items()
    assert conv["input"] == [[224, 224, 3]]
    assert conv["sizing"][0] == {
        "axis": "height", "formula": "(224 - 3 + 2*1)/1 + 1 = 224", "remainder": 0,
        "grade": "exact",
    }  # fmt: skip
    numbers = ("activations", "in_place", "weights", "biases", "norm", "params", "buffers", "macs")
    assert [conv[key] for key in numbers] == [3211264, False, 1728, 64, 0, 1792, 0, 86704128]
    assert conv["receptive_field"] == {"size": [3, 3], "stride": [1, 1], "padding": [1, 1]}
    totals = report["totals"]
    assert list(totals) == TOTALS
    assert totals["activations"] == 15237608
    assert totals["weights"] == 138344128
    assert totals["params"] == totals["trainable"] == 138357544
    assert totals["macs"] == 15470264320


@pytest.mark.parametrize("name", zoo.names())
def test_the_rows_add_up_to_the_totals(name: str) -> None:
    report = _report(name)
    layers, totals = report["layers"], report["totals"]
    for key in ("weights", "biases", "norm", "params", "buffers", "macs"):
        assert sum(layer[key] for layer in layers) == totals[key]
    made = [layer["activations"] for layer in layers if layer["new_volume"]]
    assert sum(made) == totals["activations"]
    assert sum(layer["kind"] != "input" for layer in layers) == totals["layers"]
    names = {layer["name"] for layer in layers}
    assert len(names) == len(layers)
    for layer in layers:
        assert layer["activations"] == prod(layer["output"])
        assert layer["params"] == layer["weights"] + layer["biases"] + layer["norm"]
        assert names.issuperset(layer.get("inputs", ()))


def test_unknown_is_null_and_named_by_a_finding() -> None:
    network = load("net.yaml", b"input: 8x8x3\nlayers: [conv3-4, {max_pool: {kernel: 3}}, fc-10]\n")
    report = json.loads(report_json(analyze(network)))
    last = report["layers"][-1]
    assert [last[key] for key in ("output", "activations", "params", "macs")] == [None] * 4
    assert report["totals"]["layers"] == 3
    assert set(list(report["totals"].values())[1:]) == {None}
    (finding,) = report["findings"]
    assert list(finding) == FINDING
    assert (finding["code"], finding["name"], finding["severity"]) == (
        "CC101", "size-not-exact", "error",
    )  # fmt: skip
    span = [finding[key] for key in ("line", "column", "end_line", "end_column")]
    assert (span, finding["layer"]) == ([2, 39, 2, 40], "max_pool1")
    assert finding["help"]
    assert finding["related"][0]["line"] == 2


BRANCHES = b"""input: 16x16x3
layers:
  - {conv3-4: , name: sound}
  - {conv: {filters: 8, kernel: 40}, name: wide}
  - relu
  - {conv3-4: , from: sound}
"""


def test_what_is_not_known_of_a_layer_is_null_and_what_is_known_is_told() -> None:
    analysis = analyze(load("net.yaml", BRANCHES))
    report = json.loads(report_json(analysis, Extras(im2col=True)))
    layers = {layer["name"]: layer for layer in report["layers"]}
    unknown = ("output", "bytes", "im2col", "in_place", "new_volume", "activations", "macs")
    for name in ("wide", "relu1"):
        assert {key: layers[name][key] for key in unknown} == dict.fromkeys(unknown)
    assert (layers["wide"]["input"], layers["relu1"]["input"]) == ([[16, 16, 4]], [])
    for name in ("input", "sound", "conv1"):
        assert layers[name]["bytes"] == layers[name]["activations"] * 4
        assert (layers[name]["in_place"], layers[name]["new_volume"]) == (False, True)
        assert isinstance(layers[name]["im2col"], int)


def test_an_input_without_a_size_has_no_bytes() -> None:
    report = json.loads(report_json(analyze(load("net.yaml", b"a: [1")), Extras(im2col=True)))
    (image,) = report["layers"]
    assert [image[key] for key in ("output", "activations", "bytes", "im2col")] == [None] * 4


def test_numbers_are_exact_however_large() -> None:
    text = b"input: 40000x40000x3\nlayers: [{upsample: {scale: 40000}}]\n"
    report = json.loads(report_json(analyze(load("net.yaml", text), Settings(batch=10**9))))
    assert report["layers"][1]["activations"] == 1_600_000_000**2 * 3
    assert isinstance(report["memory"]["activations"], int)


def test_several_nets_are_a_list() -> None:
    analyses = [analyze(load(f"{name}.yaml", zoo.read(name))) for name in ("lenet5", "alexnet")]
    reports = json.loads(render(AnalysisView.of(analyses)))
    assert [report["name"] for report in reports] == ["LeNet-5", "AlexNet"]


def test_text_of_a_spec_is_escaped() -> None:
    text = b'name: "a\\"\\n\\u202e\\e<b>"\ninput: 8x8x3\nlayers: [relu]\n'
    shown = report_json(analyze(load("net.yaml", text)))
    assert not set("\x1b\u202e") & set(shown)
    assert json.loads(shown)["name"] == 'a" <U+202E><U+001B><b>'


def test_a_long_net_is_run_once_in_use_and_once_in_training(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[bool] = []

    class Counted(Forward):
        def run(self) -> Trace:
            runs.append(self.training)
            return super().run()

    whole = _report("alexnet")["memory"]
    monkeypatch.setattr(report, "LONG", 1)
    monkeypatch.setattr(forward, "Forward", Counted)
    monkeypatch.setattr(training, "Forward", Counted)
    assert _report("alexnet")["memory"] == whole
    assert runs == [True, False]


@pytest.mark.parametrize("name", ["alexnet", "resnet18", "googlenet"])
@pytest.mark.parametrize("kept", [0, 2, 1000])
def test_a_line_is_its_layer_whatever_was_encoded_before(
    monkeypatch: pytest.MonkeyPatch, name: str, kept: int
) -> None:
    monkeypatch.setattr(json_format, "_ALIKE", kept)
    analysis = analyze(load(f"{name}.yaml", zoo.read(name)))
    lines = report_json(analysis).splitlines()[2 : 2 + len(analysis.rows)]
    expected = [encoded(layer) for layer in layer_objects(analysis)]
    assert lines == [*(f"  {layer}," for layer in expected[:-1]), f"  {expected[-1]}],"]
