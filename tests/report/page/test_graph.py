"""The graph: which boxes there are, where arcs lie, and the SVG of it."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

import convcalc
from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.report.page.graph import Unit, levels, scale, tree
from convcalc.report.page.layout import layout
from convcalc.report.page.svg import graph_svg
from convcalc.study.load import Text
from convcalc.study.outcome import Case, study

HOSTILE = """\
name: '<script>alert(1)</script>&"'
input: 8x8x3
layers:
  - conv3-4
  - relu: {}
    name: "<b>x\\u202e</b>]]>\\uFFFE"
"""


def _analysis(subject: str | Text) -> Analysis:
    return study(Case(subject)).analysis


def _names(net: str, expand: bool = False) -> list[str]:
    analysis = _analysis(net)
    found = layout(analysis, tree(analysis, expand), scale([analysis]))
    return [one.name for one in found.shown]


def test_blocks_are_closed_and_stages_open() -> None:
    names = _names("resnet50")
    assert len(names) == 5 + 3 + 4 + 6 + 3 + 2  # input and stem, bottlenecks, pool and fc
    assert names[:6] == [
        "input", "conv1", "batch_norm1", "relu1", "max_pool1", "conv2_x.bottleneck1",
    ]  # fmt: skip
    assert len(_names("resnet50", expand=True)) == 175


def test_a_tree_holds_every_layer_once_and_in_order() -> None:
    for net in zoo.names():
        analysis = _analysis(net)
        seen: list[int] = []

        def walk(nodes: tuple[int | Unit, ...], seen: list[int] = seen) -> None:
            for node in nodes:
                if isinstance(node, Unit):
                    walk(node.children)
                else:
                    seen.append(node)

        walk(tree(analysis))
        assert seen == list(range(len(analysis.rows))), net


@pytest.mark.parametrize("net", ["unet", "inception_v3", "resnet50", "densenet121"])
def test_arcs_of_one_level_do_not_overlap(net: str) -> None:
    analysis = _analysis(net)
    reach = [0] * len(analysis.rows)
    for index, row in enumerate(analysis.rows):
        for source in row.step.inputs:
            reach[source] = max(reach[source], index)
    of_level: dict[int, list[tuple[int, int]]] = {}
    for source, level in enumerate(levels(analysis)):
        assert (level > 0) == (reach[source] > source + 1)
        if level:
            of_level.setdefault(level, []).append((source, reach[source]))
    assert of_level
    for arcs in of_level.values():
        assert all(a[1] <= b[0] for a, b in pairwise(sorted(arcs)))


def test_the_four_skips_of_unet_are_nested_arcs() -> None:
    analysis = _analysis("unet")
    found = layout(analysis, tree(analysis), scale([analysis]))
    names = [one.name for one in found.shown]
    skips = {(names[a.source], names[a.target]): a.level for a in found.arcs if a.level}
    assert skips == {
        ("down4", "up4"): 1, ("down3", "up3"): 2, ("down2", "up2"): 3, ("down1", "up1"): 4,
    }  # fmt: skip


def test_closed_blocks_with_a_skip_or_branches_have_an_arc() -> None:
    for net, names in (
        ("resnet50", {f"conv{n}_x.bottleneck{i}" for n, m in ((2, 3), (3, 4), (4, 6), (5, 3))
                      for i in range(1, m + 1)}),
        ("unet", {"up1", "up2", "up3", "up4"}),  # which crop the skip beside the way up
        ("vgg16", set()),
        ("inception_v3", {n for n in _names("inception_v3") if n.startswith(("ince", "redu"))}),
    ):  # fmt: skip
        analysis = _analysis(net)
        found = layout(analysis, tree(analysis), scale([analysis]))
        assert {one.name for one in found.shown if one.skips} == names


def test_a_merge_has_an_edge_from_each_input_when_all_is_open() -> None:
    analysis = _analysis("resnet18")
    found = layout(analysis, tree(analysis, expand=True), scale([analysis]))
    edges = {(source, i) for i, row in enumerate(analysis.rows) for source in row.step.inputs}
    assert {(arc.source, arc.target) for arc in found.arcs} == edges


@pytest.mark.parametrize("net", ["lenet5", "unet", "vae-mnist", "resnet50"])
def test_svg_is_xml_with_a_box_a_layer_or_block(net: str) -> None:
    text = graph_svg([_analysis(net)])
    root = ElementTree.fromstring(text)
    ns = "{http://www.w3.org/2000/svg}"
    fronts = [r for r in root.iter(f"{ns}rect") if r.get("fill-opacity") is None]
    assert len(fronts) == len(_names(net))
    assert {element.tag.removeprefix(ns) for element in root.iter()} <= {
        "svg", "title", "g", "text", "rect", "path", "polygon",
    }  # fmt: skip


def test_svg_shows_what_a_stranger_wrote_as_text() -> None:
    text = graph_svg([_analysis(Text("x.yaml", HOSTILE))])
    root = ElementTree.fromstring(text)  # it is XML, whatever the names are
    assert "<script" not in text and "<b>" not in text
    assert '<script>alert(1)</script>&"' in "".join(root.itertext())
    assert "\u202e" not in text


def test_a_net_without_sizes_is_drawn_all_the_same() -> None:
    broken = Text("x.yaml", "input: 8x8x3\nlayers: [conv3-4, {max_pool: {kernel: 30}}, fc-10]\n")
    text = graph_svg([_analysis(broken)])
    assert text.count("#c4002b") and ">?</text>" in text


def test_notebooks_show_the_same_graph() -> None:
    shown = convcalc.analyze("unet")._repr_html_()
    assert graph_svg([_analysis("unet")]) in shown
    assert convcalc.report("unet")._repr_html_() == convcalc.report("unet").svg
    assert convcalc.report("unet").svg == graph_svg([_analysis("unet")])


def test_several_nets_share_one_scale() -> None:
    text = graph_svg([_analysis("lenet5"), _analysis("vgg16")])
    alone = graph_svg([_analysis("lenet5")])
    heights = [re.findall(r'<rect x="-\d+" y="-\d+" width="\d+" height="(\d+)"', t)[0]
               for t in (text, alone)]  # fmt: skip
    assert int(heights[0]) < int(heights[1])
