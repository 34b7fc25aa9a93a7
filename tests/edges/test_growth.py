"""Specs from strangers: twice as much of anything takes about twice the work, never four times."""

import gc
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.cli import run
from convcalc.formula import evaluate
from convcalc.layers.base import Layer
from convcalc.layers.conv import Conv
from convcalc.memory.fit import Simulation
from convcalc.network import remarks
from convcalc.rules import RULES
from convcalc.rules.advise import Selection, wanted_findings
from convcalc.rules.tuning import Tuning
from convcalc.shapes import Shape
from convcalc.sizes import resize
from convcalc.spec.load import load, load_pattern
from convcalc.suggest import Suggestions
from tests.lines_run import lines_run


def entries(*lines: str, head: str = "input: 8x8x4") -> str:
    return "\n".join([head, "layers:", *lines, ""])


def each(item: str, number: int) -> Iterable[str]:
    """An entry for every number, which may ask for the one before it."""
    return (item.format(i, i - 1) for i in range(1, number + 1))


def dashed(number: int) -> list[str]:
    """Names that differ in ``-`` and ``_`` alone, which no code has in a name."""
    return [f"a{i:010b}".replace("0", "-a").replace("1", "_a") for i in range(number)]


SPECS: dict[str, Callable[[int], str]] = {
    "every layer shares the one before": lambda n: entries(
        "- {conv1-4: , name: a0}", *each("- {{conv1-4: , name: a{0}, weights: a{1}}}", n)
    ),
    "every call shares the first": lambda n: entries(
        "- {b: , name: a}",
        *each("- {{b: , weights: a}}", n),
        head="input: 8x8x4\nblocks: {b: {layers: [conv1-4]}}",
    ),
    "branches of one add make other depths": lambda n: entries(
        f"- add: {{branches: {{{', '.join(each('b{0}: [conv1-{0}]', n))}}}}}"
    ),
    "branches of one add make other sizes, one the input's": lambda n: entries(
        "- add: {branches: {"
        + ", ".join(each("b{0}: [{{conv: {{filters: 4, kernel: [{0}, 1], pad: 0}}}}]", n))
        + "}}",
        head="input: 1000x8x4",
    ),
    "half of the branches of one add are identities": lambda n: entries(
        f"- add: {{branches: {{{', '.join(each('b{0}: [conv1-5], c{0}: []', n // 2))}}}}}"
    ),
    "every merge is misaligned": lambda n: entries(
        "- {relu: , name: a0}",
        *each(
            "- {{max_pool: {{kernel: 2, stride: 1, pad: [0, 1, 0, 1]}}, name: p{0}}}\n"
            "- {{add: , from: [p{0}, a{1}], name: a{0}}}",
            n,
        ),
    ),
    "every turn has the same advice": lambda n: entries(
        f"- repeat: {{times: {n}, layers: [conv1-4, batch_norm]}}"
    ),
    "every turn has the same pool": lambda n: entries(
        f"- repeat: {{times: {n}, layers: [pool2, {{upsample: {{scale: 2}}}}]}}"
    ),
}


def checked(text: str) -> None:
    analysis = analyze(load("a.yaml", text.encode()))
    wanted_findings(analysis, Selection(tuning={rule.code: Tuning(on=True) for rule in RULES}))


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_twice_the_spec_is_about_twice_the_work(spec: Callable[[int], str]) -> None:
    small, large = (lines_run(lambda n=n: checked(spec(n))) for n in (400, 800))
    assert large < 2.4 * small


def test_a_repair_is_sized_once_for_all_turns_of_a_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    made = list[Layer]()
    replace = Conv.replace

    def counted(layer: Conv, **values: Any) -> Conv:
        made.append(replace(layer, **values))
        return made[-1]

    monkeypatch.setattr(Conv, "replace", counted)
    windows = "{kernel: 2, filters: 4, pad: [0, 1, 0, 1]}"
    for times in (10, 100):
        text = (
            f"input: 8x8x4\nlayers:\n- repeat: {{times: {times}, layers: [{{conv: {windows}}}]}}\n"
        )
        made.clear()
        analysis = analyze(load("a.yaml", text.encode()))
        findings = wanted_findings(analysis, Selection(select=frozenset({"CC216"})))
        assert f"and {times - 3} more" in findings[0].message
        assert len(made) == 2  # a window of 1 and one of 3


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("", False),
        ("--format concise", False),
        ("--notes", True),
        ("--fail-on note", True),
        ("--format json", True),
        ("--format sarif", True),
    ],
)
def test_what_a_note_offers_is_tried_where_it_is_shown(
    words: str,
    offered: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    judged = list[Shape]()
    judge = resize.Resizer.judge

    def counted(self: resize.Resizer, spatial: Shape) -> resize.SizeCheck:
        judged.append(spatial)
        return judge(self, spatial)

    monkeypatch.setattr(resize.Resizer, "judge", counted)
    path = tmp_path / "a.yaml"
    path.write_text(entries("- conv4-4", "- relu"), encoding="utf-8")
    run(["check", str(path), "--select", "CC216", *words.split()])
    shown = capsys.readouterr().out
    assert ("kernel: 3" in shown, bool(judged)) == (offered, offered)


def test_a_formula_is_worked_out_once_for_equal_values() -> None:
    def turns(number: int, terms: int) -> str:
        conv = f"{{conv: {{kernel: 1, filters: '=a{' + a' * (terms - 1)}'}}}}"
        again = f"- repeat: {{times: {number}, layers: [{conv}]}}"
        return entries(again, head="input: 8x8x4\nvars: {a: 1}")

    def work(number: int, terms: int) -> int:
        text = turns(number, terms).encode()
        return lines_run(lambda: load("a.yaml", text))

    work(1, 80)  # parsed once for all of them
    assert abs(work(200, 80) - work(200, 40)) < 200 * 40


def test_what_a_formula_does_not_need_may_be_unknown() -> None:
    unneeded = " or ".join(["width > 1", *["nothing_of_that_name > 1"] * 2])
    names = {"width": 2}
    assert evaluate(f"={unneeded}", names.__getitem__) is True
    with pytest.raises(KeyError):
        evaluate(f"={unneeded}", {"width": 1}.__getitem__)
    long = f"=a{' + a' * 40} == 41"
    assert [evaluate(long, {"a": a}.__getitem__) for a in (1, 2, 1.0)] == [True, False, True]
    assert evaluate("=(" + long[1:-6] + ")/41", {"a": 0.5}.__getitem__) == 0.5


def test_sizes_that_differ_from_layer_to_layer_are_not_all_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resize, "_MOST", 10)
    conv = "{conv: {kernel: 1, filters: 4, pad: [0, 1, 0, 1]}}"
    text = entries(f"- repeat: {{times: 95, layers: [{conv}]}}")
    resizer = resize.Resizer(load("a.yaml", text.encode()))
    assert resizer.judge((8, 8)).accepted
    assert len(resizer.sizes) == len(resizer.known) == 5


def test_a_window_is_split_once_for_all_turns_of_a_repeat() -> None:
    def turns(number: int, size: int) -> str:
        again = f"- repeat: {{times: {number}, layers: [conv{size}-4]}}"
        return entries(again, head="input: 64x64x4")

    small, large = (
        lines_run(lambda n=n: checked(turns(n, 31))) - lines_run(lambda n=n: checked(turns(n, 7)))
        for n in (100, 200)
    )
    assert large - small < 200 * 100  # what is written of 15 layers, not what they are sized by


@pytest.mark.parametrize(
    "entry",
    [
        "{relu: , from: input}",
        "{add: {branches: [[relu], identity]}}",
        "{repeat: 2, layers: [conv1-4 relu]}",
        "{b: {filters: =in_channels, body: [relu]}}",
        "nn.Conv2d(4, 4, 3, padding=(1, 1), bias=False)",
    ],
)
def test_a_net_that_nobody_holds_is_gone(entry: str) -> None:
    """Without a collector, as the command line runs: `check --fix` reads a spec many times."""
    blocks = "blocks: {b: {args: [filters, body], layers: [{conv: =filters}, =body]}}\n"
    text = (blocks + entries(*[f"- {entry}"] * 200)).encode()
    checked(text.decode())  # what is made once
    gc.collect()
    gc.disable()
    try:
        checked(text.decode())
        assert gc.collect() < 100
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "settings",
    [
        Settings(2),
        Settings(2, checkpoint="sqrt"),
        Settings(2, precision="amp-fp16", clip_grad="norm", ema=True),
        Settings(2, precision="bf16-master", optimizer="adam", accumulate=2),
        Settings(2, gpus=2, shard="zero1"),
        Settings(2, gpus=2, shard="zero3"),
    ],
)
def test_a_simulation_that_nobody_holds_is_gone(settings: Settings) -> None:
    """Without a collector: the trace of a step of a long net is a hundred megabytes."""
    analysis = analyze(load_pattern("input-8x8x4 [conv3-4 relu]*4 fc-2"), settings)

    def simulated() -> None:
        run = Simulation(analysis, learning=True)
        assert run.peak(2) and run.account(2).peak and run.needs(2, 0)

    simulated()  # what is made once
    gc.collect()
    gc.disable()
    try:
        simulated()
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.parametrize("entry", ["- rellu", "- {rellu: {rate: 1}}", "- relu: -1"])
def test_what_was_meant_is_looked_for_so_often(monkeypatch: pytest.MonkeyPatch, entry: str) -> None:
    monkeypatch.setattr(remarks, "_HELPED", 100, raising=False)
    small, large = (lines_run(lambda n=n: checked(entries(*[entry] * n))) for n in (200, 400))
    assert large - small < 700 * 200  # each is read, and no more


def test_names_are_compared_by_their_letters() -> None:
    usual, long = Suggestions(), Suggestions()
    assert usual.nearest("kernal", ["kernel"]) == "kernel"
    assert long.nearest("n" * 64, ["m" * 120]) == ""
    assert (50_000 - usual.left, 50_000 - long.left) == (1, 77)
    long.left = 76
    assert long.nearest("n" * 120, ["n" * 119]) == ""
