"""The page in a real Chromium: what clicks, keys and the pointer do, and what a reader hears."""

import json
import re
from itertools import count
from typing import Any

import pytest

import convcalc
from convcalc.report.drawing.units import size
from convcalc.verify import run

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>'\"</script><script>alert(2)</script>"


@pytest.fixture(scope="module")
def resnet() -> str:
    return convcalc.report("resnet50", batch=8).html


def _names(page: Any) -> list[str]:
    return page.eval_on_selector_all("#graph .node", "all => all.map((e) => e.dataset.name)")


def test_a_block_opens_and_closes(opened: Any, resnet: str) -> None:
    page = opened(resnet)
    before = _names(page)
    assert len(before) == 23 and "conv2_x.bottleneck1" in before
    page.click('[data-name="conv2_x.bottleneck1"]')
    inside = [name for name in _names(page) if name.startswith("conv2_x.bottleneck1.")]
    assert inside[0] == "conv2_x.bottleneck1.conv1" and len(inside) == 12
    assert page.locator(".arc").count() >= 1  # the skip
    assert page.evaluate("document.activeElement.dataset.name") == "conv2_x.bottleneck1.conv1"
    page.click('[data-name="conv2_x.bottleneck1 frame"]')
    assert _names(page) == before
    page.click("text=Open all")
    assert len(_names(page)) == 175
    page.click("text=Close all")
    assert _names(page) == before


def test_the_graph_is_walked_by_keys(opened: Any, resnet: str) -> None:
    page = opened(resnet)
    page.focus('[data-name="input"]')
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator("#detail h3").inner_text().startswith("conv1")
    facts = page.locator("#detail").inner_text()
    assert "9,408" in facts and "(224 - 7 + 2*3)/2 + 1 = 112.5 -> 112" in facts
    page.focus('[data-name="conv2_x.bottleneck2"]')
    page.keyboard.press("Enter")
    assert "conv2_x.bottleneck2.conv1" in _names(page)
    stops = page.eval_on_selector_all("#graph svg [tabindex='0']", "all => all.length")
    assert stops == 1  # the Tab key passes the graph in one step


def test_the_table_sorts_and_filters(opened: Any, resnet: str) -> None:
    page = opened(resnet)
    report = convcalc.analyze("resnet50")
    page.click("#layers thead button:text-is('parameters')")
    names = page.eval_on_selector_all("#layers tbody th", "all => all.map((e) => e.textContent)")
    want = sorted(report.layers, key=lambda layer: -(layer.params or 0))
    assert names[:3] == [layer.name for layer in want[:3]]
    assert page.get_attribute("#layers thead th:nth-child(5)", "aria-sort") == "descending"
    page.fill("#layers input[type=search]", "conv5 3x3")
    rows = page.eval_on_selector_all("#layers tbody th", "all => all.map((e) => e.textContent)")
    assert len(rows) == 3 and all(name.startswith("conv5_x") for name in rows)
    sums = page.locator("#layers tfoot").inner_text()
    assert f"{sum(report[name].params or 0 for name in rows):,}" in sums
    page.fill("#layers input[type=search]", "")
    page.select_option("#layers select", "fc")
    assert page.locator("#layers tbody tr").count() == 1


def test_the_cursor_shows_what_is_alive(opened: Any, resnet: str) -> None:
    page = opened(resnet)
    report = convcalc.analyze("resnet50", batch=8)
    head = page.locator("#memory .figure")
    assert f"{report.memory.training.peak:,} bytes" in head.inner_text()
    page.locator(".profile").hover(position={"x": 2, "y": 40})
    timeline = report.to_dict(timeline=True)["memory"]["timeline"]
    text = head.inner_text()
    assert any(f"{moment['live']:,} bytes" in text for moment in timeline[:4]), text
    assert "in the forward pass of" in text
    page.focus("#memory input[type=range]")
    page.keyboard.press("End")
    assert f"{timeline[-1]['live']:,} bytes" in head.inner_text()
    assert "optimizer's step" in page.get_attribute("#memory input[type=range]", "aria-valuetext")
    page.click("#memory button:text-is('inference')")
    assert f"{report.memory.inference.peak:,} bytes" in head.inner_text()


def test_what_is_alive_adds_up_to_the_live_bytes(opened: Any) -> None:
    page = opened(convcalc.report("lenet5").html)
    found = page.eval_on_selector_all(".alive tbody tr", "all => all.length")
    assert found > 5
    parts = page.eval_on_selector_all(".alive .legend b", "all => all.map((e) => e.textContent)")
    breakdown = convcalc.analyze("lenet5").memory.training.breakdown
    assert sorted(parts) == sorted(size(n) for n in breakdown if n)


def test_areas_follow_the_quantity(opened: Any, resnet: str) -> None:
    page = opened(resnet)
    totals = convcalc.analyze("resnet50").totals
    told = page.locator("#shares .figure")
    assert f"{totals.params:,}" in told.inner_text()
    page.click("#shares button:text-is('MACs')")
    assert f"{totals.macs:,}" in told.inner_text()
    page.click("#shares button:text-is('MACs of a training step')")
    assert f"{totals.macs + totals.macs_backward:,}" in told.inner_text()
    page.locator("#shares .cell").first.click()
    assert page.locator("#detail h3").count() == 1
    widest = page.eval_on_selector_all(
        "#shares .cell", "all => Math.max(...all.map((e) => e.offsetLeft + e.offsetWidth))"
    )
    assert widest <= page.locator(".treemap").bounding_box()["width"] + 1


def test_a_time_that_was_measured_is_shown_with_whose_it_is(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = count()
    monkeypatch.setattr(run, "perf_counter", lambda: 0.001 * next(ticks) ** 2)
    monkeypatch.setattr(run, "product_rate", lambda dtype: 1)
    page = opened(convcalc.report("lenet5", measure=True).html)
    layers = convcalc.analyze("lenet5").totals.layers
    whole = sum(4 * place + 1 for place in range(layers))  # (2n + 1)^2 - (2n)^2 milliseconds
    assert "measured" not in page.locator("#shares").inner_text()
    page.click("#shares button:text-is('time of one NumPy pass')")
    text = page.locator("#shares").inner_text()
    assert f"{whole:,} ms time of one NumPy pass in all" in text
    assert "with NumPy, on the machine that wrote this page" in text
    page.click("#layers thead button:text-is('NumPy time')")
    names = page.eval_on_selector_all("#layers tbody th", "all => all.map((e) => e.textContent)")
    assert names[0] == convcalc.analyze("lenet5").layers[-1].name
    assert f"{whole:,} ms" in page.locator("#layers tfoot").inner_text()
    assert "times are measured" in page.locator("footer").inner_text()
    plain = opened(convcalc.report("lenet5").html).locator("body").inner_text()
    assert "NumPy" not in plain and "none is measured" in plain


def test_a_field_is_drawn_for_the_position_that_is_chosen(opened: Any) -> None:
    page = opened(convcalc.report("vgg16").html)
    page.select_option("#field select", label="conv2_1")
    text = page.locator("#field .figure").inner_text()
    assert "conv2_1 at row 56, column 56 depends on rows 108 to 117" in text
    assert "10x10 of the input's 224x224" in text
    first = page.locator("#field input[type=range]").first
    first.focus()
    page.keyboard.press("Home")
    assert "rows 0 to 5, columns 108 to 117" in page.locator("#field .figure").inner_text()
    page.locator(".picked").click()  # in the middle
    assert re.search(r"at row 5\d, column 5\d", page.locator("#field .figure").inner_text())


def test_several_nets_stand_side_by_side(opened: Any) -> None:
    page = opened(convcalc.report("resnet18", "vgg16").html)
    rows = page.eval_on_selector_all("#compare tbody tr", "all => all.map((e) => e.innerText)")
    assert len(rows) == 2 and "11.7 M" in rows[0] and "138 M" in rows[1]
    assert page.locator("h1").inner_text() == "ResNet-18"
    page.click("#compare button:text-is('VGG-16')")
    assert page.locator("h1").inner_text() == "VGG-16"
    assert "conv1_1" in _names(page)
    page.locator("#compare .gallery .small").first.click()
    assert page.locator("h1").inner_text() == "ResNet-18"


def test_findings_have_their_arithmetic_and_lead_to_the_layer(opened: Any) -> None:
    page = opened(
        convcalc.report("input: 8x8x3\nlayers: [conv3-4, {max_pool: {kernel: 3}}, fc-10]\n").html
    )
    shown = page.locator("#findings .error").first
    assert "(8 - 3 + 2*0)/3 + 1 = 2.67" in shown.inner_text()
    assert "max_pool: {kernel: 3}" in shown.locator("pre").inner_text()
    shown.locator("button").click()
    assert "max_pool1" in page.locator("#detail h3").inner_text()


def test_a_net_without_some_sizes_shows_what_it_has(opened: Any) -> None:
    page = opened(
        convcalc.report("input: 8x8x3\nlayers: [conv3-4, {max_pool: {kernel: 30}}]\n").html
    )
    assert "112 parameters in the layers that have a size" in page.locator("#shares").inner_text()
    assert "?" in page.locator("#layers tfoot").inner_text()
    assert page.locator("#graph .is-fault").count() == 1


@pytest.mark.parametrize("where", ["name", "layer", "source"])
def test_a_hostile_spec_runs_no_script(opened: Any, where: str) -> None:
    words = {name: json.dumps(HOSTILE if name == where else "x") for name in ("name", "source")}
    layer = HOSTILE if where == "layer" else "c"
    spec = f"name: {words['name']}\nsource: {words['source']}\ninput: 8x8x3\nlayers:\n"
    spec += f"  - conv3-4\n  - relu: {{}}\n    name: {json.dumps(layer)}\n  - fc-10\n"
    page = opened(convcalc.report(spec).html)
    assert page.locator("img").count() == 0 and page.locator("script").count() == 2
    assert HOSTILE.split(">", maxsplit=1)[0] in page.locator("body").inner_text()


def test_the_policy_stops_markup_that_got_in(opened: Any) -> None:
    page = opened(convcalc.report("lenet5").html, refused="TrustedHTML")
    page.evaluate(
        "() => { const s = document.createElement('div'); try { s.innerHTML = '<b>x</b>'; "
        "document.body.append(s); } catch (e) { document.body.dataset.stopped = e.name; } }"
    )
    assert page.evaluate("document.body.dataset.stopped") == "TypeError"
    assert page.locator("div b:text-is('x')").count() == 0


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_wider_than_the_screen(opened: Any, resnet: str, width: int) -> None:
    for html in (resnet, convcalc.report("vgg16", "unet").html):
        page = opened(html, width=width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened: Any, resnet: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    broken = "input: 8x8x3\nlayers: [conv3-4, {max_pool: {kernel: 3}}, fc-10]\n"
    for html in (resnet, convcalc.report("vgg16", "unet", broken).html):
        page = opened(html, scheme=scheme)
        found = axe.run(page).response["violations"]
        grave = [(one["id"], one["nodes"][0]["html"][:200], one["nodes"][0].get("failureSummary"))
                 for one in found if one["impact"] in {"serious", "critical"}]  # fmt: skip
        assert not grave


def test_the_theme_is_switched(opened: Any, resnet: str) -> None:
    page = opened(resnet, scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("text=light / dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


def test_print_hides_what_cannot_be_pressed(opened: Any, resnet: str) -> None:
    page = opened(resnet)
    page.emulate_media(media="print")
    assert not page.locator(".bar-top").is_visible()
    assert not page.locator("#memory input[type=range]").is_visible()
    assert page.locator("#layers tbody tr").count() == 175
    assert page.locator("#layers .scroll").evaluate("e => e.scrollHeight - e.clientHeight") <= 1


def test_resnet152_answers_within_a_second(opened: Any) -> None:
    """Held to many times what it takes: this finds a mistake, it measures no time."""
    page = opened(convcalc.report("resnet152").html)
    spent = page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive")
    assert spent < 20_000
    page.click("text=Open all")
    assert page.locator(".node").count() == 515
