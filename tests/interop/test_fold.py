"""Folding: a file as short as a person's, proved to be the flat graph layer by layer."""

import io
import json
from typing import Any

import pytest

from convcalc.analysis.walk import analyze
from convcalc.interop.flat import Builder, Flat, SourceCounts, UnsupportedError
from convcalc.interop.fold.branches import reduced
from convcalc.interop.fold.clean import cleaned
from convcalc.interop.fold.prove import proved
from convcalc.interop.fold.spec import counted, flat_text, write
from convcalc.interop.network import network_of
from convcalc.interop.read.model import Asked, read
from convcalc.spec.load import load
from tests.interop.conftest import Given, totals

#: the most lines that the file may have, by what the issue asks for
LINES = {
    "pt2/resnet18.pt2": 32,
    "pt2/resnet50.pt2": 40,
    "pt2/resnext50_32x4d.pt2": 40,
    "pt2/densenet121.pt2": 45,
    "pt2/googlenet.pt2": 45,
    "pt2/convnext_tiny.pt2": 35,
    "pt2/mobilenet_v3_small.pt2": 77,
    "pt2/squeezenet1_0.pt2": 35,
    "pt2/timm_darknet53.pt2": 40,
    "pt2/timm_mobilenetv4_conv_small.pt2": 70,
    "pt2/timm_resnet50d.pt2": 42,
    "pt2/timm_seresnet50.pt2": 50,
    "pt2/vgg16_bn.pt2": 35,
    "keras/keras_resnet50.json": 42,
    "keras/keras_densenet121.json": 45,
    "keras/keras_xception.json": 65,
    "darknet/shortcuts.cfg": 30,
    "darknet/two_scales.cfg": 30,
    "caffe/lenet.prototxt": 15,
    "keras/own_two_heads.json": 20,
    "keras/own_nested.json": 24,
}


@pytest.mark.parametrize("name", sorted(LINES))
def test_lines(given: Given, name: str) -> None:
    flat = given.read(name)
    made = write(flat)
    assert made.folded, made.remark
    assert made.text.count("\n") <= LINES[name], made.text
    held(made.text, flat)


def held(text: str, flat: Flat) -> None:
    """The text's own analysis gives the numbers, and its expectations hold."""
    network = load("x.yaml", text.encode())
    found = analyze(network)
    assert not [f for f in found.findings if f.severity == "error"]
    assert (found.totals.params, found.totals.macs) == totals(flat)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("timm_res2net50_26w_4s.ts", 70),
        ("timm_dpn68.ts", 80),
        ("timm_hrnet_w18_small.ts", 110),
        ("timm_rexnet_100.ts", 85),
        ("tv_resnet50.ts", 40),
        ("tv_densenet121.ts", 45),
        ("tv_googlenet.ts", 45),
        ("timm_convmixer_768_32.ts", 25),
    ],
)
def test_nets_that_are_no_plain_branches(given: Given, name: str, lines: int) -> None:
    pytest.importorskip("onnx")
    flat = given.read(f"onnx/{name}.onnx")
    made = write(flat)
    assert made.folded, made.remark
    assert made.text.count("\n") <= lines
    held(made.text, flat)


def test_flat_text_is_the_same_net(given: Given) -> None:
    for name in ("pt2/resnet18.pt2", "keras/own_two_heads.json", "caffe/groups_lrn_ceil.prototxt"):
        flat = given.read(name)
        text = flat_text(flat)
        assert proved(text, flat) == ""
        assert all(f"name: {item.name}" in text for item in flat.items if item.layer)


def test_resnet50_reads_as_if_a_person_wrote_it(given: Given) -> None:
    text = write(given.read("pt2/resnet50.pt2")).text
    assert "  - {bottleneck: 64, times: 3}\n" in text
    assert "when: =in_channels != 4*width" in text
    assert "expect: {params: 25557032, macs: 4089184256, output: 1000}\n" in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("times: 5", "times: 4"),
        ("=4*width", "=2*width"),
        ("fc-1000", "fc-999"),
        ("global_avg_pool", "global_max_pool"),
        ("  - relu\n  - pool3s2p1", "  - pool3s2p1"),
        ("in_channels != 4*width", "in_channels != 8*width"),
    ],
)
def test_the_proof_finds_what_differs(given: Given, old: str, new: str) -> None:
    flat = given.read("pt2/resnet50.pt2")
    text = write(flat).text
    clean, _ = cleaned(flat)
    assert proved(text, clean) == ""
    assert old in text
    assert proved(text.replace(old, new, 1), clean) != ""


def test_the_proof_sees_which_branch_is_read(given: Given) -> None:
    flat = given.read("keras/own_two_heads.json")
    swapped = list(flat.items)
    at = next(i for i, item in enumerate(flat.items) if item.kind == "group_norm")
    reads = swapped[at].inputs[0] - 1
    assert swapped[reads].output == swapped[at].output or True
    moved = swapped[at]._replace(inputs=(0,))
    changed = flat._replace(items=(*swapped[:at], moved, *swapped[at + 1 :]))
    assert proved(flat_text(flat), flat) == ""
    assert proved(flat_text(flat), changed) != ""


def test_a_fold_that_is_wrong_is_not_written(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    from convcalc.interop.fold import spec

    monkeypatch.setattr(spec, "text_of", lambda *_: "input: 8x8x3\nlayers: [relu]\n")
    flat = given.read("pt2/resnet18.pt2")
    made = spec.write(flat)
    assert not made.folded and made.remark.startswith("not folded: ")
    assert proved(made.text, flat) == ""


def conv(name: str, filters: int, reads: str, **more: object) -> dict[str, Any]:
    config = {"name": name, "filters": filters, "kernel_size": [3, 3], "padding": "same"} | more
    return layer("Conv2D", config, [reads])


def layer(cls: str, config: dict[str, Any], reads: list[str]) -> dict[str, Any]:
    given = [
        {"class_name": "__keras_tensor__", "config": {"keras_history": [r, 0, 0]}} for r in reads
    ]
    args = [given] if len(given) > 1 else given
    return {
        "class_name": cls,
        "module": "keras.layers",
        "name": config["name"],
        "config": config,
        "inbound_nodes": [{"args": args, "kwargs": {}}],
    }


def model(*layers: dict[str, Any]) -> Flat:
    first = {
        "class_name": "InputLayer",
        "name": "i",
        "config": {"name": "i", "batch_shape": [None, 16, 16, 4]},
        "inbound_nodes": [],
    }
    config = {
        "name": "m",
        "layers": [first, *layers],
        "input_layers": [["i", 0, 0]],
        "output_layers": [[layers[-1]["name"], 0, 0]],
    }
    data = json.dumps({"class_name": "Functional", "config": config}).encode()
    return read("m.json", io.BytesIO(data))


def test_a_join_of_all_is_written_as_a_join_onto_the_last() -> None:
    flat = model(
        conv("a", 8, "i"),
        layer("Concatenate", {"name": "ab", "axis": -1}, ["i", "a"]),
        conv("b", 8, "ab"),
        layer("Concatenate", {"name": "abc", "axis": -1}, ["i", "a", "b"]),
    )
    made = write(flat)
    assert made.folded and "joins onto joins" in made.text
    assert counted(flat) == counted(cleaned(flat)[0])


def test_what_is_no_series_of_branches_is_read_by_name() -> None:
    flat = model(
        conv("a", 8, "i"),
        conv("b", 8, "i"),
        layer("Add", {"name": "s"}, ["a", "b"]),
        layer("Multiply", {"name": "t"}, ["a", "b"]),
        layer("Add", {"name": "u"}, ["s", "t"]),
    )
    made = write(flat)
    assert made.folded and "from: [" in made.text
    held(made.text, flat)


def test_two_thousand_layers_fold_in_linear_time() -> None:
    """Counted in windows that are looked at, not in seconds."""
    sizes = []
    for count in (200, 400):
        layers = []
        before = "i"
        for i in range(count):
            layers.append(conv(f"c{i}", 4 + i % 3, before))
            before = f"c{i}"
        flat = model(*layers)
        net = reduced(cleaned(flat)[0])
        sizes.append(sum(len(run.elements) for run in net.runs))
        assert write(flat).folded
    assert sizes == [200, 400]


def test_names_of_blocks_are_no_kinds(given: Given) -> None:
    """A module class that is called as a kind is, and one with odd letters."""
    flat = given.read("pt2/resnet18.pt2")
    items = tuple(
        item._replace(
            scopes=tuple(s._replace(cls="Conv" if "Basic" in s.cls else s.cls) for s in item.scopes)
        )
        for item in flat.items
    )
    made = write(flat._replace(items=tuple(items)))
    assert made.folded and "  conv_block:\n" in made.text


def test_networks_name_the_nodes(given: Given) -> None:
    network = network_of(given.read("caffe/groups_lrn_ceil.prototxt"))
    notes = [f.message for f in network.findings]
    assert any(message.startswith("node conv1: input lost") for message in notes), notes


def test_until_cuts_models_without_operations(given: Given) -> None:
    flat = given.read("darknet/two_scales.cfg", Asked(until="convolutional_6"))
    assert flat.items[flat.outputs[0]].node == "convolutional_6"
    assert len(flat.outputs) == 1


def test_unsupported_models_have_findings(given: Given) -> None:
    from convcalc.interop.network import unsupported

    with pytest.raises(UnsupportedError) as caught:
        given.read("hostile/lambda.json")
    network = unsupported("lambda.json", caught.value)
    assert [f.message for f in network.findings] == ["no layer kind for Lambda: l"]


def test_an_input_that_is_an_output_is_among_the_outputs() -> None:
    """As where a file hands one of its inputs on through an Identity."""
    builder = Builder()
    x, y = (builder.input(name, (4, 4, 4), alone=False) for name in "xy")
    both = builder.add("add", {}, (x, y), "b")
    flat = Flat(
        "net.onnx",
        "",
        "",
        tuple(builder.items),
        (y, both),
        builder.roundings,
        SourceCounts(),
        (),
        (),
    )
    found = write(flat)
    assert found.folded, found.remark
    assert "outputs: [y]" in found.text
