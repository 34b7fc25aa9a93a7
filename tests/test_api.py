"""The Python interface: the numbers of the JSON report under the same names."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import convcalc
from convcalc.api.numbers import LayerReport

REPORT = convcalc.analyze("vgg16", batch=32, optimizer="adam")


def test_as_the_readme_shows_it() -> None:
    net = convcalc.load("vgg16")
    report = convcalc.analyze(net, batch=32)
    assert report.totals.params == 138_357_544
    assert report["conv1_1"].output == (224, 224, 64)
    assert report["fc1"].params == 102_764_544
    assert report.memory is not None
    assert report.memory.notes_rule.training > report.memory.notes_rule.inference
    assert net.ok and report.ok
    assert net.output == (1000,)
    assert len(report) == 39 and [layer.name for layer in report] == list(net.layers)


def test_memory_as_the_issue_asks_for_it() -> None:
    report = convcalc.analyze(convcalc.load("vgg16"), batch=1, optimizer="adam")
    assert report.memory is not None
    assert report.memory.training.peak == 2_767_757_132
    assert report.memory.inference.peak == 579_722_400


def test_layers_are_found_by_name_by_number_and_by_slice() -> None:
    assert REPORT[0].name == "input" and REPORT[-1] is REPORT.layers[-1]
    assert REPORT[1:3] == REPORT.layers[1:3]
    assert "conv1_1" in REPORT and "conv9" not in REPORT and REPORT[3] in REPORT
    with pytest.raises(
        IndexError, match=r"no layer \d+: \d+ layers with the input, counted from 0"
    ):
        REPORT[39]
    with pytest.raises(KeyError, match="did you mean 'conv1_"):
        REPORT["conv1_"]


def test_a_block_is_answered_with_its_layers() -> None:
    text = "input: 8x8x3\nblocks: {enc: {layers: [conv3-4, relu]}}\nlayers:\n"
    report = convcalc.analyze(f"{text}- enc:\n  name: enc1\n- {{relu: , name: enc2}}\n")
    with pytest.raises(KeyError, match=r"enc1 is a block of 2 layers: .* such as enc1\.conv1"):
        report["enc1"]
    with pytest.raises(
        KeyError, match=r"relu is a kind: name one of its layers, enc1\.relu1, enc2"
    ):
        report["relu"]


def plain(value: object) -> object:
    """A value as JSON writes it."""
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("name", ["vgg16", "googlenet", "resnet18"])
def test_every_name_and_number_of_the_json_is_there(name: str) -> None:
    report = convcalc.analyze(name)
    data = report.to_dict()
    assert data == json.loads(report.to_json())
    for layer, expected in zip(report.layers, data["layers"], strict=True):
        for key, value in expected.items():
            assert plain(getattr(layer, key)) == value, (layer.name, key)
        assert set(expected) <= set(LayerReport._fields)
    assert report.totals._asdict() == data["totals"]
    assert {finding.code for finding in report.findings} == {f["code"] for f in data["findings"]}
    assert report.memory is not None
    assert report.memory.to_dict() == data["memory"]
    assert convcalc.MemoryReport._fields == tuple(data["memory"])
    assert convcalc.Totals._fields == tuple(data["totals"])
    assert set(report.settings._asdict()) >= set(data["settings"])


def test_the_head_of_the_report_and_what_is_shown_on_request() -> None:
    report = convcalc.analyze("resnet50")
    data = report.to_dict()
    for key in ("name", "path", "schema", "convcalc"):
        assert getattr(report, key) == data[key]
    assert report.path == report.findings[0].path == "architectures/resnet50.yaml"
    assert {"timeline", "arena"}.isdisjoint(data["memory"])
    assert "im2col" not in data["layers"][1]
    more = report.to_dict(timeline=True, arena=True, im2col=True)
    assert more == json.loads(report.to_json(timeline=True, arena=True, im2col=True))
    assert {"timeline", "arena"} <= set(more["memory"])
    assert more["layers"][1]["im2col"] == 7 * 7 * 3 * 112 * 112 * 4


def test_findings_say_where_they_are() -> None:
    spec = "input: 8x8x3\nlayers: [conv3-4, {max_pool: {kernel: 3}}]\n"
    for finding, told in (
        (convcalc.analyze("resnet50").findings[0], None),
        (convcalc.load(spec).findings[0], (2, 39, 2, 40)),
        (convcalc.load("x\n" * 1_000_000).findings[0], (None,) * 4),
    ):
        place = (finding.line, finding.column, finding.end_line, finding.end_column)
        assert place == (finding.span if told is None else told)
    (related,) = convcalc.load(spec).findings[0].related
    place = (related.line, related.column, related.end_line, related.end_column)
    assert place == related.span == (2, 10, 2, 17)


def test_settings_reach_the_bytes() -> None:
    once, half = convcalc.analyze("vgg16"), convcalc.analyze("vgg16", dtype="float16")
    assert once.memory is not None and half.memory is not None and REPORT.memory is not None
    assert 2 * half.memory.parameters == once.memory.parameters
    assert REPORT.memory.activations == 32 * once.memory.activations


def test_a_text_a_path_and_a_pattern_load_alike(tmp_path: Path) -> None:
    text = "input: 8x8x3\nlayers: [conv3-4, relu, fc-10]\n"
    path = tmp_path / "net.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = (
        convcalc.load(text),
        convcalc.load(path),
        convcalc.load(str(path)),
        convcalc.load(net="conv3-4 relu fc-10", input="8x8x3"),
        convcalc.load(net="conv3-4 relu fc-10", input=(8, 8, 3)),
    )
    assert {convcalc.analyze(net).totals for net in loaded} == {convcalc.analyze(text).totals}


def test_input_rounding_and_variables_override_the_spec() -> None:
    assert convcalc.load("vgg16", input="256x256x3").ok
    assert not convcalc.load("vgg16", input="225x225x3").ok
    assert convcalc.load("vgg16", input="225x225x3", rounding="floor").ok
    text = "vars: {n: 4}\ninput: 8x8x3\nlayers: [{conv: {filters: =n, kernel: 3}}]\n"
    assert convcalc.load(text, variables={"n": 7}).output == (6, 6, 7)


def test_a_broken_spec_is_loaded_with_its_findings() -> None:
    net = convcalc.load(
        "input: 10x10x3\nlayers: [{conv: {filters: 5, kernel: 3, stride: 2}}, relu]\n"
    )
    assert not net.ok
    assert [finding.code for finding in net.findings] == ["CC101"]
    report = convcalc.analyze(net)
    assert report.totals.params is None and report.memory is None and not report.ok
    assert report["conv1"].output is None
    assert "CC101" in report._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"spec": "vgg166"}, "did you mean vgg16?"),
        ({"spec": "vgg16", "input": "big"}, "'big' is not a size: sizes look like 224x224x3"),
        ({"spec": "vgg16", "input": "32,32,3"}, "is not a size: did you mean 32x32x3?"),
        ({"spec": "vgg16", "rounding": "up"}, "expected one of exact, floor, ceil"),
        ({"spec": "densenet121", "variables": {"grwth": 3}}, "did you mean growth?"),
        ({}, "give a spec or net=PATTERN"),
        ({"spec": "vgg16", "net": "fc-10"}, "give a spec or net=PATTERN"),
    ],
)
def test_what_cannot_be_loaded(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(convcalc.LoadError) as caught:
        convcalc.load(**arguments)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_settings_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="batch: expected a positive integer, got 0"):
        convcalc.analyze("vgg16", batch=0)
    with pytest.raises(ValueError, match="dtype: expected one of float32"):
        convcalc.analyze("vgg16", dtype="float23")
    for decay in (float("nan"), float("inf"), -1.0):
        with pytest.raises(ValueError, match="weight_decay: expected a finite number from 0 on"):
            convcalc.analyze("vgg16", weight_decay=decay)
    with pytest.raises(KeyError, match="did you mean 'conv1_"):
        REPORT["conv11"]
    with pytest.raises(AttributeError, match="no attribute 'parametres'"):
        _ = REPORT.memory.parametres  # type: ignore[union-attr]


def test_notebooks_see_a_table_and_no_markup_of_a_stranger() -> None:
    html = REPORT._repr_html_()
    assert "<th>138,357,544</th>" in html and "224x224x64" in html
    hostile = convcalc.load(
        'name: "<script>alert(1)</script>"\ninput: 8x8x3\nlayers: [{"<b>x": {}}]\n'
    )
    shown = hostile._repr_html_()
    assert "<script>" not in shown and "<b>" not in shown
    assert "&lt;script&gt;" in shown


def test_text_and_repr() -> None:
    assert repr(REPORT) == "<convcalc.Report VGG-16: 138,357,544 params>"
    assert "138,357,544" in str(REPORT) and "\x1b" not in str(REPORT)
    assert repr(convcalc.load("vgg16")) == "<convcalc.Net VGG-16: 38 layers>"
    assert "vgg16" in convcalc.names()
    assert set(convcalc.__all__) == set(dir(convcalc))
    with pytest.raises(AttributeError):
        _ = convcalc.nothing


def test_importing_convcalc_loads_nothing_else() -> None:
    code = (
        "import sys; before = set(sys.modules); import convcalc; convcalc.__version__; "
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['convcalc']"


def test_the_interface_loads_neither_rich_nor_numpy_nor_click() -> None:
    code = (
        "import sys, convcalc; convcalc.analyze('vgg16')._repr_html_(); "
        "print({'rich', 'numpy', 'click'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_repairs_are_those_of_check_fix(tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text("input: 10x10x3\nlayers: [conv3-8s2p0, fc-10]\n")
    net = convcalc.load(spec)
    assert not net.ok
    first = net.repairs[0]
    assert "conv1" in first.changes[0] and convcalc.load(first.text).ok
    assert first.errors == () and first.warnings == 0
    assert convcalc.load("lenet5").repairs == ()


def test_a_repair_says_what_it_leaves() -> None:
    net = convcalc.load("input: 32x32x3\nlayers:\n  - cnov3-8\n  - fc-0\n")
    (repair,) = net.repairs
    left = convcalc.load(repair.text).findings
    assert repair.errors == tuple(f.code for f in left if f.severity == "error") != ()


def test_fit_adds_its_advice_to_the_file(tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    layers = ", ".join(["conv3-32"] * 12)
    spec.write_text(f"input: 64x64x3\nlayers: [{layers}, fc-10]\n")
    room = {"batch": 8, "memory": "80MiB", "context": 0}
    found = convcalc.fit(spec, advise=True, write=True, **room)  # type: ignore[arg-type]
    assert found.advice is not None and found.advice.chosen is not None
    assert f"training_memory: {found.advice.chosen.peak}" in spec.read_text()
    with pytest.raises(convcalc.RequestError, match="has a budget"):
        convcalc.fit(spec, advise=True, write=True, **room)  # type: ignore[arg-type]
    with pytest.raises(convcalc.RequestError, match="belong to advise=True"):
        convcalc.fit(spec, write=True, **room)  # type: ignore[arg-type]
    text = f"input: 64x64x3\nlayers: [{layers}, fc-10]\n"
    with pytest.raises(convcalc.RequestError, match="not a YAML file"):
        convcalc.fit(text, advise=True, write=True, **room)  # type: ignore[arg-type]


def test_verify_against_an_onnx_file(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    file = tmp_path / "net.onnx"
    file.write_bytes(convcalc.export("lenet5", to="onnx", random_weights=0))
    found = convcalc.verify("lenet5", against=file)
    assert found.ok and found.to_dict()["agrees"] and len(found.to_dict()["layers"]) == 11
    with pytest.raises(convcalc.RequestError, match="`against` takes `seed` alone"):
        convcalc.verify("lenet5", against=file, batch=2)


@pytest.mark.parametrize("dtype", ["int8", "int4", ["float32", "int8"]])
def test_a_limit_of_training_holds_of_no_integers(dtype: str | list[str]) -> None:
    with pytest.raises(convcalc.RequestError, match="is for inference: no --max-training-memory"):
        convcalc.check(
            "input: 8x8x3\nlayers: [conv3-8]\n", limits={"training_memory": 5}, dtype=dtype
        )
    assert convcalc.check(
        "input: 8x8x3\nlayers: [conv3-8]\n", limits={"inference_memory": 2**30}, dtype=dtype
    ).ok


def test_a_check_of_nothing_is_no_success() -> None:
    with pytest.raises(convcalc.RequestError, match="nothing is checked"):
        convcalc.check()


@pytest.mark.parametrize("checkpoint", ["seq:3", "a..b", "nonsense", "seq:x"])
def test_a_segment_that_a_net_has_not_is_a_request_error(checkpoint: str) -> None:
    net = convcalc.load(net="conv3-4 relu", input="8x8x3")
    with pytest.raises(convcalc.RequestError, match=r"seq:|no layer"):
        convcalc.analyze(net, checkpoint=checkpoint)
