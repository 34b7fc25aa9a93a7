"""docs/counting.md: each published figure is reproduced or said not to be; threads have numbers."""

import json
import re
from functools import lru_cache
from pathlib import Path

import pytest

from convcalc.counting.figure import figure
from convcalc.counting.known import every, find
from convcalc.counting.tally import Counter
from convcalc.spec.document import Overrides
from convcalc.study.outcome import Case, study

DATA = Path(__file__).resolve().parents[1] / "data" / "counts"
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "counting.md").read_text(encoding="utf-8")
_CELL = r"[^|\n]*"
OPERATIONS = re.findall(
    rf"^\| `([\w-]+)` \|({_CELL})\|{_CELL}\|({_CELL})\| ([\d,]+) \|$", PAGE, re.M
)
OTHERS = re.findall(
    rf"^\| `([\w-]+)` \|({_CELL})\|{_CELL}\|({_CELL})\| ([\d,]+) (params|activations|bytes) \|$",
    PAGE,
    re.M,
)
MISSED = re.findall(rf"^\| `([\w-]+)` \|({_CELL})\| ([\d,]+)(?: \(2M\))? \|$", PAGE, re.M)


@lru_cache(maxsize=64)
def _counter(net: str, size: int = 0) -> Counter:
    overrides = Overrides((size, size, 3)) if size else Overrides()
    return Counter(study(Case(net, overrides=overrides)).analysis)


def _number(text: str) -> int:
    return int(text.replace(",", ""))


@pytest.mark.parametrize(("net", "text", "by", "full"), OPERATIONS)
def test_a_published_number_of_operations(net: str, text: str, by: str, full: str) -> None:
    name, _, cut = (part.strip() for part in by.partition(","))
    count = _counter(net).count(find(name))
    assert count.operations == _number(full)
    text = text.strip()
    quoted = figure(text if text[-1].isalpha() else f"{text} G")
    (scale,) = quoted.scales
    assert quoted.is_rounded(count.operations, scale) is not bool(cut)
    if cut:
        assert quoted.is_cut(count.operations, scale)


@pytest.mark.parametrize(("net", "text", "by", "full", "what"), OTHERS)
def test_another_published_number(net: str, text: str, by: str, full: str, what: str) -> None:
    count = _counter(net).count(find(by.strip()))
    number = count.memory if what == "bytes" else getattr(count, what)
    assert number == _number(full)
    quoted = figure(text.strip())
    assert any(quoted.is_rounded(number, scale) for scale in quoted.scales)


def test_there_are_25_nets_and_more() -> None:
    assert len({row[0] for row in OPERATIONS}) >= 25
    assert len(OTHERS) >= 9


@pytest.mark.parametrize(("net", "text", "full"), MISSED)
def test_what_no_rule_reproduces(net: str, text: str, full: str) -> None:
    factor = 2 if net == "darknet53" else 1
    macs = _counter(net).analysis.totals.macs
    assert macs is not None
    assert factor * macs == _number(full)
    quoted = figure(text.strip())
    for name in ("papers", "torch-flop-counter", "fvcore", "calflops", "thop", "ptflops"):
        number = _counter(net).count(find(name)).operations
        assert number is not None
        assert not quoted.is_rounded(number, quoted.scales[0]), name


def test_what_is_missed_is_named() -> None:
    assert [row[0] for row in MISSED] == ["shufflenet_v2_x1_0", "mobilenet_v3_large", "darknet53"]


def test_every_number_of_the_threads_is_one_that_is_printed() -> None:
    known: set[int] = set()
    for net in ("resnet50", "resnet50-v1", "mobilenet_v2", "shufflenet_v2_x1_0"):
        counter = _counter(net)
        for convention in every():
            count = counter.count(convention)
            known |= {count.operations or 0, *count.parts.values()}
            pools = [count.parts.get(kind, 0) for kind in ("max_pool", "global_avg_pool")]
            known.add(sum(pools))
    for net in ("resnet50", "resnet50-v1"):
        known.add(_counter(net, 256).analysis.totals.macs or 0)
    probes = json.loads((DATA / "probes" / "torch.json").read_text())
    known.add(probes["linear 40->7 bias on [1,5,40]"]["ptflops"]["total"])
    threads = PAGE.partition("## Fifteen threads")[2].partition("Also asked")[0]
    numbers = {_number(text) for text in re.findall(r"\d{1,3}(?:,\d{3})+", threads)}
    assert not numbers - known
    assert len(numbers) >= 20


def test_fifteen_threads_are_answered() -> None:
    threads = PAGE.partition("## Fifteen threads")[2].partition("Also asked")[0]
    rows = [line for line in threads.splitlines() if line.startswith("| [")]
    assert len(rows) == 15
    for row in rows:
        _, thread, question, answer, _ = row.split("|")
        assert re.search(r"#\d+\]\(https://github\.com/[\w.-]+/[\w.-]+/issues/\d+\)", thread), row
        assert question.strip()
        assert re.search(r"\d", answer), row


def test_the_count_that_is_no_convention() -> None:
    totals = _counter("mobilenet_v2").analysis.totals
    assert (totals.weights or 0) + (totals.biases or 0) == 3470760
