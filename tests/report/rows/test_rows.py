"""The rows of a sweep as a page and as a picture: what is drawn, and what is on the front."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import convcalc
from convcalc.report.rows.view import RowsView
from convcalc.sweep.table import Table

NAMES = ("width", "params", "macs", "training_memory", "findings")
ROWS = (
    (1, 100, 500, 4096, None),
    (2, 200, 900, 8192, None),
    (3, 300, 700, 9000, None),  # more memory for less work than the second
    (4, 400, None, 100, "CC101"),
    (5, 500, 900, 8192, None),  # as good as the second
)


def _view(pareto: str = "", rows: tuple = ROWS, path: str = "sweeps/rows.csv") -> RowsView:
    return RowsView(Table(path, NAMES, rows), pareto)


def _file(tmp_path: Path, text: str = "") -> str:
    lines = [",".join(NAMES), *(",".join("" if c is None else str(c) for c in r) for r in ROWS)]
    path = tmp_path / "rows.csv"
    path.write_text(text or "\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_the_front_is_what_no_row_betters() -> None:
    view = _view()
    assert [tuple(one) for one in view.objectives] == [("training_memory", False), ("macs", True)]
    assert view.front == {0, 1, 4}
    assert _view("params,-macs").front == {0, 1}
    assert _view("-width").front == {4}


def test_a_row_with_an_error_is_on_no_front_as_in_a_sweep() -> None:
    rows = (*ROWS[:1], (*ROWS[1][:4], "CC105 CC131"), *ROWS[2:])
    assert _view(rows=rows).front == {0, 4}
    spec = "input: 8x8x3\nvars: {width: 4}\nbudget: {params: 300}\nlayers:\n"
    spec += "  - conv: {filters: =width, kernel: 3}\n"
    found = convcalc.sweep(
        spec, variables={"width": range(1, 20)}, columns="params,macs", pareto="params,-macs"
    )
    names = ("width", "params", "macs", "findings")
    cells = tuple(
        (row.set["width"], *row.numbers.values(), " ".join(row.findings)) for row in found
    )
    view = RowsView(Table("x.csv", names, cells), "params,-macs")  # type: ignore[arg-type]
    assert view.front == {row.number for row in found.front}
    assert view.rejected and len(view.front) == 10  # 28 parameters a filter


def test_a_front_of_three_numbers_is_for_few_rows() -> None:
    rows = tuple((i, 5000 - i, i % 7, 1, None) for i in range(5000))
    assert len(_view("width,params", rows=rows).front) == 5000
    with pytest.raises(convcalc.RequestError, match="among at most 2,000 rows, not 5,000"):
        _view("width,params,macs", rows=rows)


def test_two_numbers_that_vary_are_drawn_where_the_usual_ones_do_not() -> None:
    rows = tuple((*row[:3], 7, row[4]) for row in ROWS)
    assert [one.column for one in _view(rows=rows).objectives] == ["params", "macs"]
    assert _view(rows=rows[:1]).objectives == ()
    assert _view(rows=rows[:1]).front == frozenset()


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(convcalc.RequestError, match=r"--pareto: .*'maks': did you mean macs\?"):
        _view("params,maks")
    with pytest.raises(convcalc.RequestError, match="no column of numbers 'findings'"):
        _view("findings")


def test_the_page_holds_the_rows_and_runs_nothing_of_them(tmp_path: Path) -> None:
    text = "width,</script><script>alert(1)</script>,params\n1,<b>x</b>,3\n2,y,4\n"
    page = convcalc.report(_file(tmp_path, text)).html
    assert page.count("<script") == 2 and "<b>x" not in page
    found = re.search(r'id="data">(.*?)</script>', page, re.S)
    assert found
    data = json.loads(found[1])
    assert data["rows"] == [[1, "<b>x</b>", 3], [2, "y", 4]]
    assert data["objectives"] == [["width", False], ["params", False]]


def test_the_picture_has_a_dot_a_row_and_marks_the_front(tmp_path: Path) -> None:
    text = convcalc.report(_file(tmp_path)).svg
    root = ElementTree.fromstring(text)
    dots = root.findall("{http://www.w3.org/2000/svg}circle")
    assert len(dots) == 4  # one row has no MACs
    assert [dot.get("fill") for dot in dots].count("#c2410c") == 3
    assert "4.00 KiB" in text and "8.79 KiB" in text


def test_a_picture_needs_two_numbers(tmp_path: Path) -> None:
    with pytest.raises(convcalc.RequestError, match="needs two numbers that vary"):
        _ = convcalc.report(_file(tmp_path, "a,b\n1,2\n")).svg
    with pytest.raises(convcalc.RequestError, match="no row has both numbers"):
        _ = convcalc.report(_file(tmp_path, "a,b\n1,\n,2\n3,\n,4\n"), pareto="a,b").svg


def test_rows_are_reported_alone(tmp_path: Path) -> None:
    path = _file(tmp_path)
    for ask, said in (
        (lambda: convcalc.report(path, "vgg16"), "one file at a time"),
        (lambda: convcalc.report(path, batch=8), "batch: for nets"),
        (lambda: convcalc.report("vgg16", pareto="macs"), "pareto is for the rows of a sweep"),
    ):
        with pytest.raises(convcalc.RequestError, match=said):
            ask()
    assert convcalc.report(path, pareto=["params", "-macs"]).ok
