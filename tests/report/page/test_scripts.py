"""The page's arithmetic, run by Node, held against the same in Python."""

import json
import shutil
import subprocess
from fractions import Fraction
from typing import Any

import pytest

from convcalc.analysis.record import ReceptiveField
from convcalc.analysis.walk import analyze
from convcalc.report.drawing.units import count, percent, size
from convcalc.report.page.document import joined
from convcalc.report.page.graph import scale, tree
from convcalc.report.page.layers import layers_object
from convcalc.report.page.layout import GEOMETRY, layout
from convcalc.report.page.svg import path, skip_path
from convcalc.report.rows.view import RowsView
from convcalc.spec.load import load
from convcalc.study.outcome import Case, study
from convcalc.sweep.table import Table

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="Node is not installed")


def _run(scripts: tuple[str, ...], expression: str, given: Any = None) -> Any:
    """What an expression of the scripts' functions is; `given` is its argument."""
    body = joined(scripts).removeprefix("(() => {\n").removesuffix("})();\n")
    code = f"{body}\nconst given = JSON.parse(require('fs').readFileSync(0, 'utf8'));\n"
    code += f"process.stdout.write(JSON.stringify({expression}));"
    done = subprocess.run(
        [str(NODE), "-e", code], input=json.dumps(given), capture_output=True, text=True,
        encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


NUMBERS = [
    0, 1, 512, 999, 1000, 9994, 9995, 99949, 99950, 999499, 999500, 1023, 1024, 1048064,
    25557032, 4089184256, 2**53 - 1,
]  # fmt: skip


def test_units_are_written_as_everywhere() -> None:
    found = _run(("numbers",), "given.map((n) => [count(n), size(n)])", NUMBERS)
    assert found == [[count(n), size(n)] for n in NUMBERS]
    pairs = [[0, 0], [3, 4], [1, 30], [995, 10000], [9949, 100000], [1, 1]]
    assert _run(("numbers",), "given.map((p) => percent(...p))", pairs) == [
        percent(*pair) for pair in pairs
    ]


def test_nanoseconds_are_written_in_milliseconds() -> None:
    given = [0, 1_234_567, 9_994_999, 9_995_000, 45_678_901, 99_950_000, 1_234_567_890, None]
    assert _run(("numbers",), "given.map(milliseconds)", given) == [
        "0.00 ms", "1.23 ms", "9.99 ms", "10.0 ms", "45.7 ms", "100 ms", "1,235 ms", "?",
    ]  # fmt: skip


def test_integers_beyond_doubles_stay_exact() -> None:
    given = [2**53 - 1, str(2**60), str(2**53 + 1), None]
    shown = _run(("numbers",), "given.map(exact)", given)
    assert shown == ["9,007,199,254,740,991", f"{2**60:,}", f"{2**53 + 1:,}", "?"]
    assert _run(("numbers",), "[total(given.slice(0, 3)), total(given), total([1, 2])]", given) == [
        str(2**53 - 1 + 2**60 + 2**53 + 1), None, 3,
    ]  # fmt: skip


@pytest.mark.parametrize("net", ["lenet5", "unet", "resnet50", "inception_v3", "vae-mnist"])
@pytest.mark.parametrize("expand", [False, True])
def test_boxes_and_arcs_are_where_the_svg_has_them(net: str, expand: bool) -> None:
    analysis = study(Case(net)).analysis
    common = scale([analysis])
    nodes = tree(analysis, expand)
    found = layout(analysis, nodes, common)
    given = {"net": {"layers": layers_object(analysis, nodes, common)}, "geometry": GEOMETRY}
    seen = _run(
        ("model", "layout", "graph"),
        "(() => { const net = model(given.net); const f = layout(net, given.geometry); return {"
        "shown: f.shown.map((o) => [o.name, o.label, o.layer, o.look, o.box, o.x, o.skips]),"
        "bands: f.bands.map((o) => [o.name, o.label, o.depth, o.start, o.end]),"
        "arcs: f.arcs.map((o) => [o.source, o.target, o.level]),"
        "skips: f.shown.map((o) => skipPath(o.box, depthOf(o.box, given.geometry.back))),"
        "paths: f.arcs.map((o) => arcPath(f, o, given.geometry)),"
        "size: [f.width, f.height, f.middle] }; })()",
        given,
    )
    assert seen["shown"] == [[*one[:4], list(one.box), *one[5:]] for one in found.shown]
    assert seen["bands"] == [list(band) for band in found.bands]
    assert seen["arcs"] == [list(arc) for arc in found.arcs]
    assert seen["paths"] == [path(found, arc) for arc in found.arcs]
    assert seen["skips"] == [skip_path(one) for one in found.shown]
    assert seen["size"] == [found.width, found.height, found.middle]


FIELDS = (
    ReceptiveField(7, 2, 3),
    ReceptiveField(619, 32, 239),
    ReceptiveField(3, 1, 0),
    ReceptiveField(5, Fraction(1, 2), Fraction(3, 2)),
    ReceptiveField(4, Fraction(3, 2), 1, ((-1, 2), (0, 3))),
)


def test_a_field_begins_and_ends_where_explain_says() -> None:
    axes = [
        [f.size, [f.stride.numerator, f.stride.denominator],
         [f.padding.numerator, f.padding.denominator], f.fields] for f in FIELDS
    ]  # fmt: skip
    found = _run(("field",), "given.map((axis) => [0, 1, 2, 5, 6].map((i) => seen(axis, i)))", axes)
    for field, spans in zip(FIELDS, found, strict=True):
        for index, (first, last) in zip((0, 1, 2, 5, 6), spans, strict=True):
            ends = field.ends(index)
            inside = (max(ends[0], 0), min(ends[1], 999))
            assert (max(first, 0), min(last, 999)) == inside, (field, index)


def test_a_field_that_is_an_estimate_is_said_to_be_one() -> None:
    """Behind branches of several strides: `explain` says "about", too."""
    text = """
input: 16x16x4
layers:
  - conv3-4
  - concat: {branches: {a: [maxpool2], b: [{crop: {sides: [0, 8, 0, 8]}}]}}
  - {conv3-8: , name: last}
"""
    analysis = analyze(load("net.yaml", text.encode()))
    layers = layers_object(analysis, tree(analysis), scale([analysis]))
    for name, field, words in (
        ("last", "about 15", "depends on about rows 0 to "),
        ("conv1", "3", "depends on rows 1 to 3, columns 1 to 3: 3x3 of the input's 16x16"),
    ):
        said = _run(
            ("model", "field"),
            "[fieldText(given), dependence({name: 'n', field: given}, ['row', 'column'], [2, 2],"
            " [16, 16])]",
            _field_of(layers, name),
        )
        assert said[0] == field
        assert words in said[1]
        assert ("about" in said[1]) is (name == "last")


def _field_of(layers: dict[str, Any], name: str) -> Any:
    place = layers["fields"].index("field")
    return next(layers["seen"][row[place]] for row in layers["rows"] if row[0] == name)


def test_a_treemap_fills_its_rectangle_with_the_right_areas() -> None:
    weights = [6, 6, 4, 3, 2, 2, 1]  # the example of Bruls, Huizing & van Wijk 2000, figure 4
    found = _run(("squares",), "squares(given, 0, 0, 6, 4)", weights)
    for (_, _, width, height), weight in zip(found, weights, strict=True):
        assert width * height == pytest.approx(weight)
    assert [[round(n, 3) for n in rect] for rect in found[:3]] == [
        [0, 0, 3, 2], [0, 2, 3, 2], [3, 0, 1.714, 2.333],
    ]  # fmt: skip
    for i, (x, y, w, h) in enumerate(found):
        assert x >= 0 and y >= 0 and x + w <= 6 + 1e-9 and y + h <= 4 + 1e-9
        for a, b, c, d in found[:i]:
            assert x >= a + c - 1e-9 or a >= x + w - 1e-9 or y >= b + d - 1e-9 or b >= y + h - 1e-9


def test_strings_of_digits_are_sorted_as_numbers() -> None:
    given = [str(2**60), 5, None, "conv10", "conv9"]
    order = (
        "[compared(given[0], given[1]), compared(given[1], given[2]), compared(given[4], given[3])]"
    )
    assert _run(("table",), order, given) == [1, 1, -1]


def test_amounts_are_read_as_people_write_them() -> None:
    given = ["2.5 M", "8GiB", "300", "1e3", " 12 kib ", "3 B", "much", "", "-1 K", "5 apples"]
    assert _run(("sweep",), "given.map(amount)", given) == [
        2_500_000, 8 * 2**30, 300, 1000, 12 * 1024, 3, None, None, -1000, None,
    ]  # fmt: skip


def test_the_script_s_front_is_python_s() -> None:
    rows = [[(7 * i) % 50, (11 * i) % 37 if i % 9 else None, (i * i) % 23] for i in range(120)]
    names = ("a", "b", "c", "findings")
    table = Table(
        "x.csv", names, tuple((*row, "CC131" * (i % 10 == 3)) for i, row in enumerate(rows))
    )
    data = {"names": names, "numbers": [True] * 3 + [False], "rows": table.rows}
    data["rejected"] = [i for i in range(120) if i % 10 == 3]
    for words in ("a,b", "a,-b", "-a,b,c", "c"):
        front = RowsView(table, words).front
        goals = [[word.removeprefix("-"), word.startswith("-")] for word in words.split(",")]
        found = _run(
            ("numbers", "table", "sweep"),
            "(() => { const m = sweepModel(given.data); return [...frontOf(m.items,"
            "given.goals.map(([name, most]) => [m.column(name), most]))].map((i) => i.number);"
            "})()",
            {"data": data, "goals": goals},
        )
        assert set(found) == front, words
