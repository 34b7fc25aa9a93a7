"""The page as a text: its size, its policy, and data that cannot become markup."""

import json
import re
from base64 import b64encode
from hashlib import sha256

import pytest

import convcalc
from convcalc.report.page import html
from convcalc.report.page.encoding import embedded

SPEC = "name: {name}\ninput: 8x8x3\nlayers: [conv3-4, relu, fc-10]\n"


def _data(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


def test_resnet152_is_at_most_300_kb() -> None:
    assert len(convcalc.report("resnet152").html.encode()) <= 300_000


def test_a_page_needs_no_other_file() -> None:
    page = convcalc.report("resnet18").html
    assert not re.search(r'\b(?:src|href)="[^#]', page)
    assert "url(" not in page and "@import" not in page and "fetch(" not in page


def test_the_policy_allows_the_one_script_and_the_one_style() -> None:
    page = convcalc.report("lenet5").html
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    rules = dict(
        rule.strip().replace("&#x27;", "'").split(" ", 1) for rule in policy[1].split("; ")
    )
    assert rules["default-src"] == "'none'"
    for name, tag in (("script-src", "script"), ("style-src", "style")):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)
        assert rules[name] == f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
    assert " style=" not in page and " onclick" not in page


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", "<!--<script>", "\u202eevil", "&lt;b&gt;"]
)
def test_texts_of_a_spec_stay_inside_the_data(name: str) -> None:
    page = convcalc.report(SPEC.format(name=json.dumps(name))).html
    assert page.count("<script") == 2 and page.count("</script>") == 2
    assert "<!--" not in page and "\u202e" not in page
    assert _data(page)["nets"][0]["title"] == name.replace("\u202e", "<U+202E>")


def test_numbers_stay_exact_where_a_double_would_round() -> None:
    assert json.loads(embedded([2**53 - 1, 2**53, -(2**60)])) == [
        2**53 - 1, "9007199254740992", "-1152921504606846976",
    ]  # fmt: skip


def test_the_numbers_are_those_of_analyze() -> None:
    found = _data(convcalc.report("resnet50", batch=32, optimizer="adam").html)["nets"][0]
    report = convcalc.analyze("resnet50", batch=32, optimizer="adam")
    assert found["totals"] == report.totals._asdict() | {
        key: value for key, value in found["totals"].items() if key not in report.totals._fields
    }
    run = found["memory"]["runs"][0]
    assert run["peak"] == report.memory.training.peak == max(live for *_, live in run["moments"])
    at = {name: place for place, name in enumerate(found["layers"]["fields"])}
    for row, layer in zip(found["layers"]["rows"], report.layers, strict=True):
        numbers = [row[at[name]] for name in ("name", "activations", "params", "macs", "bytes")]
        assert numbers == [
            layer.name, layer.activations, layer.params, layer.macs, layer.bytes,
        ]  # fmt: skip


def test_every_setting_that_is_not_the_usual_one_is_named() -> None:
    page = convcalc.report("lenet5", batch=8, accumulate=4, gpus=2, shard="ddp", keep_grads=True)
    (net,) = _data(page.html)["nets"]
    assert net["also"] == ["--accumulate 4", "--keep-grads", "--gpus 2", "--shard ddp"]
    assert _data(convcalc.report("lenet5").html)["nets"][0]["also"] == []


def test_counts_are_those_that_were_asked_for() -> None:
    page = _data(convcalc.report("resnet50", counted_as="fvcore").html)
    (line,) = page["nets"][0]["counts"]["lines"]
    counts = convcalc.analyze("resnet50", counted_as="fvcore").counts["fvcore"]
    assert line["names"] == ["fvcore"] and line["operations"] == counts.operations


def test_a_net_with_errors_has_a_page_with_its_findings() -> None:
    found = convcalc.report("input: 8x8x3\nlayers: [conv3-4, {max_pool: {kernel: 3}}, fc-10]\n")
    assert not found.ok
    net = _data(found.html)["nets"][0]
    assert net["memory"] is None and net["counts"] is None
    assert net["sentences"][0] == "1 error: see Findings at the end of this page"
    shown = net["findings"]["shown"][0]
    assert shown["code"] == "CC101" and "(8 - 3 + 2*0)/3 + 1" in shown["message"]
    assert "max_pool" in shown["text"]


def test_more_layers_than_a_page_shows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MOST_LAYERS", 20)
    with pytest.raises(
        convcalc.RequestError, match="41 layers and inputs are more than a page can show: 20"
    ):
        _ = convcalc.report("vgg16", "input: 8x8x3\nlayers: [relu]\n").html
    with pytest.raises(convcalc.RequestError, match="one net or several"):
        convcalc.report()
