"""The page of a sweep's rows in a real Chromium: brushes, filters, the front, the table."""

from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.sweep.table import table

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rows") / "wrn.jsonl"
    found = convcalc.sweep(
        "wrn", variables={"depth": [10, 16, 22], "width": range(1, 6)}, batch=[32, 128],
        optimizer=["sgd", "adam"],
    )  # fmt: skip
    path.write_text(found.to_json(), encoding="utf-8")
    return path


def _shown(page: Any) -> int:
    return int(page.locator("#filters .figure strong").inner_text().replace(",", ""))


def _drag(page: Any, selector: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A drag between two points, each a part of the element's width and height."""
    page.locator(selector).scroll_into_view_if_needed()
    box = page.locator(selector).bounding_box()
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move(*points[1], steps=4)
    page.mouse.up()


def test_the_front_is_that_of_python(opened: Any, path: Path) -> None:
    from convcalc.report.rows.view import RowsView

    for pareto in ("", "params,-macs", "-macs,training_memory,params"):
        page = opened(convcalc.report(path, pareto=pareto).html)
        front = RowsView(table(path), pareto).front
        stars = page.eval_on_selector_all(
            "#rows tbody tr:has(.star) th", "all => all.map((e) => parseInt(e.innerText) - 1)"
        )
        assert set(stars) == front
        assert page.locator("#scatter .figure strong").inner_text() == str(len(front))


def test_a_rectangle_filters_both_numbers(opened: Any, path: Path) -> None:
    page = opened(convcalc.report(path).html)
    assert _shown(page) == 60
    _drag(page, "#scatter canvas", (0.3, 0.2), (0.6, 0.8))
    some = _shown(page)
    assert 0 < some < 60
    assert page.locator("#rows tbody tr").count() == some
    assert page.get_by_label("macs from").input_value() != ""
    page.click("text=Clear all filters")
    assert _shown(page) == 60


def test_an_axis_is_brushed_and_freed(opened: Any, path: Path) -> None:
    page = opened(convcalc.report(path).html)
    width = page.locator("#parallel canvas").bounding_box()["width"]
    at = 60 / width  # the first axis: depth, whose upper part is 22 alone
    _drag(page, "#parallel canvas", (at, 0.12), (at, 0.4))
    assert _shown(page) == 20
    cells = page.eval_on_selector_all(
        "#rows tbody tr", "all => all.map((e) => e.cells[1].innerText)"
    )
    assert set(cells) == {"22"}
    page.locator("#parallel canvas").click(position={"x": 60, "y": 200})
    assert _shown(page) == 60


def test_fields_filter_by_key_and_with_units(opened: Any, path: Path) -> None:
    page = opened(convcalc.report(path).html)
    field = page.get_by_label("training_memory to")
    field.fill("200 MiB")
    field.press("Enter")
    rows = table(path)
    at = rows.names.index("training_memory")
    assert _shown(page) == sum(row[at] <= 200 * 2**20 for row in rows.rows)  # type: ignore[operator]
    field.fill("much")
    field.press("Enter")
    assert field.get_attribute("aria-invalid") == "true"
    page.click("text=Clear all filters")
    page.get_by_label("optimizer", exact=True).select_option("adam")
    assert _shown(page) == 30


def test_a_row_is_chosen_and_the_axes_are_changed(opened: Any, path: Path) -> None:
    page = opened(convcalc.report(path).html)
    page.locator("#rows tbody button").nth(3).click()
    assert page.locator("#rows tr.chosen").count() == 1
    page.locator("#scatter select").first.select_option("params")
    assert "small params, large macs" in page.locator("#scatter .figure").inner_text()
    page.locator("#scatter button:text-is('small is best')").nth(1).click()
    assert "small params, small macs" in page.locator("#scatter .figure").inner_text()
    assert page.locator("#scatter .figure strong").inner_text() == "4"  # one net, equal in both


def test_a_stranger_s_rows_run_no_script(opened: Any, tmp_path: Path) -> None:
    bad = "<img src=x onerror=alert(1)>"
    rows = tmp_path / "rows.csv"
    rows.write_text(f"{bad},b,c\n1,{bad},3\n2,x,4\n", encoding="utf-8")
    page = opened(convcalc.report(rows).html)
    assert page.locator("img").count() == 0
    assert bad in page.locator("#rows").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened: Any, path: Path, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(convcalc.report(path).html, scheme=scheme)
    found = axe.run(page).response["violations"]
    assert not [one for one in found if one["impact"] in {"serious", "critical"}]


def test_nothing_is_wider_than_a_phone(opened: Any, path: Path) -> None:
    page = opened(convcalc.report(path).html, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
