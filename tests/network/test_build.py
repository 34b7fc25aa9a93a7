"""Networks made in Python: they go through everything, without a file."""

import json
from typing import Any

import pytest

from convcalc.analysis.record import Settings
from convcalc.analysis.walk import analyze
from convcalc.findings import Finding
from convcalc.layers.activation import ReLU
from convcalc.memory.budgets import with_budgets
from convcalc.memory.devices import Device
from convcalc.memory.placement import place
from convcalc.network.build import Builder
from convcalc.network.place import Place
from convcalc.network.record import OUTSIDE
from convcalc.report.analysis import html
from convcalc.report.analysis.json import report_json
from convcalc.report.analysis.view import AnalysisView, NetView
from convcalc.report.drawing.palette import PLAIN
from convcalc.report.findings.checked import Checked
from convcalc.report.findings.text import findings_text
from convcalc.report.formats import formats, rendered
from convcalc.rules.advise import Selection, wanted_findings


def cifar() -> Builder:
    net = Builder("cifar", rounding="floor").input("image", (32, 32, 3))
    net.add("conv", filters=16, kernel=3, pad=1, name="stem").add("batch_norm").add("relu")
    for width in (16, 32):
        before = net.last
        net.add("conv", filters=width, kernel=3, pad=1, bias=False).add("batch_norm").add("relu")
        net.add("conv", filters=width, kernel=1, inputs=before, name=f"skip{width}")
        net.add("add", inputs=(f"relu{width // 16 + 1}", net.last)).add("max_pool", kernel=2)
    return net.add("flatten").add("fc", units=10)


def test_a_net_without_a_file_goes_through_everything() -> None:
    network = cifar().build(expect={"output": "10"}, budget={"params": "1M"})
    analysis = analyze(network, Settings(batch=4))
    assert not analysis.broken and analysis.output == (10,)
    assert analysis.totals.params == 448 + 32 + 2304 + 32 + 272 + 4608 + 64 + 544 + 20490
    advice = wanted_findings(analysis, Selection())
    assert [f.code for f in advice if f.severity == "warning"] == ["CC211"]
    fit = place(analysis, Device("a device", 2**30, ""), 64, lambda shape: None)
    assert fit.training is not None and fit.training.batch_sure > 64
    view = AnalysisView.of([analysis])
    written = [rendered("analyze", format_, view) for format_ in ("text", "markdown")]
    for report in (*written, html.render(NetView(analysis))):
        assert "cifar" in report and "skip32" in report and "None" not in report
    assert ",None" not in rendered("analyze", "csv", view)
    layers = json.loads(report_json(analysis))["layers"]
    assert layers[1]["name"] == "stem" and layers[1]["line"] is None


def test_it_runs_as_predicted() -> None:
    pytest.importorskip("numpy")
    from convcalc.verify.arrays import random_arrays, random_inputs
    from convcalc.verify.plan import plan
    from convcalc.verify.run import Arrays, verify

    analysis = analyze(cifar().build(), Settings(batch=2))
    run = plan(analysis)
    made = Arrays(random_arrays(analysis, run, 0), random_inputs(analysis, run, 0))
    observed = verify(analysis, run, lambda: made).verification
    assert len(observed.layers) == analysis.totals.layers
    assert observed.agrees


def found(net: Builder, **given: Any) -> dict[str, Finding]:
    return {finding.code: finding for finding in analyze(net.build(**given)).findings}


def start() -> Builder:
    return Builder("net").input("image", (32, 32, 3))


@pytest.mark.parametrize(
    ("code", "layer", "message", "help", "net"),
    [
        ("CC011", "layer1", "unknown layer kind 'Conv2d'", "conv", start().add("Conv2d")),
        ("CC012", "fc1", "fc has no option 'unit'", "units", start().add("fc", unit=3)),
        ("CC013", "conv1", "conv needs kernel", "", start().add("conv", filters=3)),
        ("CC014", "fc1", "positive integer, got true", "", start().add("fc", units=True)),
        ("CC014", "pad1", "from 0", "", start().add("pad", sides=object())),
        ("CC017", "relu2", "no layer 'rellu1'", "relu1",
         start().add("relu").add("relu", inputs="rellu1")),
        ("CC018", "a", "two layers are called 'a'", "its own name",
         start().add("relu", name="a").add("relu", name="a")),
        ("CC019", "relu1", "relu reads one layer", "add, average, concat",
         start().add("relu", inputs=("image", "image"))),
        ("CC013", "add1", "add has no inputs", "", start().add("add", inputs=())),
        ("CC102", "conv1", "40", "", start().add("conv", filters=1, kernel=40)),
        ("CC107", "add1", "conv1 gives 30x30x3", "",
         start().add("conv", filters=3, kernel=3).add("add", inputs=("conv1", "image"))),
        ("CC120", "relu1", "relu1 (32x32x3)", "",
         start().add("relu").add("fc", inputs="image", units=2)),
        ("CC123", "relu1", "relu has no parameters to share", "", start().add("relu", weights="x")),
        ("CC017", "upsample1", "no layer 'there'", "", start().add("upsample", like="there")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_a_finding_at_its_layer(
    code: str, layer: str, message: str, help: str, net: Builder
) -> None:
    finding = found(net)[code]
    assert (finding.layer, finding.path, finding.span) == (layer, "net", None)
    assert message in finding.message
    assert help in "\n".join(finding.help)
    shown = findings_text([finding], {}, PLAIN)
    assert f"({layer})" in shown and "\n --> net" in shown
    assert str(finding).startswith(f"net:{layer}: error[{code}]") or code == "CC120"
    checked = Checked((finding,), ("net",), {})
    for format_ in formats("check"):
        assert code in rendered("check", format_, checked)


def test_what_is_wrong_with_the_whole_net() -> None:
    assert found(Builder().add("relu"))["CC013"].message == "there is no input yet"
    assert "no layers" in found(start())["CC013"].message
    assert found(Builder("a").input("x", (3, 0)).add("relu"))["CC014"].layer == "x"
    assert found(Builder("a").input("x y", (3,)).add("relu"))["CC018"]
    net = start().add("fc", units=4, name="out")
    assert found(net, expect={"parms": 3})["CC010"].help == ("did you mean `params`?",)
    assert found(start().add("fc", units=4), budget={"macs": "many"})["CC014"]
    wrong = found(start().add("fc", units=4), expect={"params": 3}, budget={"macs": "1"})
    assert "expected 3, got 12,292" in wrong["CC130"].message and wrong["CC131"].span is None
    assert "CC017" in found(start().add("relu"), outputs=("relu",))


def test_budgets_of_memory_hold_for_it() -> None:
    network = start().add("fc", units=4).build(budget={"inference_memory": "1KiB"})
    assert [f.code for f in with_budgets(analyze(network)).findings] == ["CC131"]


def test_equal_findings_of_two_layers_are_both_kept() -> None:
    net = start()
    for name in ("a", "b"):
        net.add("conv", filters=1, kernel=4, stride=3, inputs="image", name=name)
    layers = [f.layer for f in analyze(net.build(("a", "b"))).findings if f.code == "CC101"]
    assert layers == ["a", "b"]


def test_names_values_and_layers_are_taken_as_they_come() -> None:
    numpy = pytest.importorskip("numpy")
    net = start().add("conv", filters=numpy.int64(4), kernel=[3, 3], P=1).add(ReLU())
    network = (
        net.add("relu", name="conv2").add("conv", filters=2, kernel=1).build(("relu1", "conv3"))
    )
    assert [step.name for step in network.steps] == ["image", "conv1", "relu1", "conv2", "conv3"]
    assert network.outputs == (2, 4) and not network.findings
    first, second = start().add("relu").add("relu").build().steps[1:]
    assert first.layer is second.layer  # sized once


def test_graph_questions() -> None:
    net = start().add("conv", filters=3, kernel=1).add("conv", filters=3, kernel=1, weights="conv1")
    net.add("conv", filters=3, kernel=1, weights="conv2").add("add", inputs=("conv3", "conv1"))
    network = net.add("flatten").build()
    assert network.owners() == [0, 1, 1, 1, 4, 5]
    assert list(network.readers()) == [[1], [2, 4], [3], [4], [5], [OUTSIDE]]
    assert network.ancestors(3) == {0, 1, 2, 3}
    storages = network.storages([False, False, False, False, True, True])
    assert storages == [0, 1, 2, 3, 3, 3]
    last = network.last_readers(range(6), network.outputs)
    assert last == {0: 1, 1: 4, 2: 3, 3: 4, 4: 5, 5: 6}
    assert network.lifetimes(storages, last) == {0: 1, 1: 4, 2: 3, 3: 6}


def test_a_place_without_a_text_keeps_the_model_s_own_name() -> None:
    network = start().add("relu", place=Place(node="/features/0/Relu")).build()
    assert network.steps[1].place == Place(None, None, (), "/features/0/Relu")
    assert network.steps[1].place.span is None


def test_what_is_built_is_shown_in_a_line() -> None:
    net = start().add("conv", filters=3, kernel=3).build()
    assert repr(net) == "<convcalc.Network net: 1 layer>"
    with pytest.raises(ValueError, match="expected one of exact, floor, ceil, got 'down'"):
        Builder("net", rounding="down")
    short = found(start().add("conv3-64"))["CC011"]
    assert short.help[0].endswith("is `add('conv', filters=64, kernel=3, pad=1)`")


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ((32, 32, 3), "`input('image', (32, 32, 3))`"),
        (((32, 32, 3), "image"), "`input('image', (224, 224, 3))`"),
        (("x", 32, 32), "`input('x', (32, 32))`"),
        (("x", "32x32x3"), "`input('x', (32, 32, 3))`"),
        (("x", None), "`input('x', (224, 224, 3))`"),
    ],
)
def test_an_input_of_another_form_is_shown_as_it_is_added(given: Any, written: str) -> None:
    with pytest.raises(TypeError, match="an input has a name and one shape: ") as raised:
        Builder("n").input(*given)
    assert str(raised.value).endswith(written)


def test_layers_are_read_by_names_alone() -> None:
    def made() -> Builder:
        return Builder("n").input("x", (8, 8, 3))

    wrong: Any = 0
    for call in (
        lambda: made().add("relu", inputs=wrong),
        lambda: made().add("relu", inputs=["x", wrong]),
        lambda: made().add("relu", name=wrong),
        lambda: made().add("relu").build(wrong),
    ):
        with pytest.raises(TypeError, match="got int: layers are read by name, such as 'conv1'"):
            call()
    assert made().add("relu").build("relu1").findings == ()
    assert made().add("add", inputs=(name for name in ["x", "x"])).build().steps[-1].inputs == (
        0,
        0,
    )
