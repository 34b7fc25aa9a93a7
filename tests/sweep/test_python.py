"""`convcalc.sweep`: the same axes, the same rows as the command's."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from small_sweep import SPEC

import convcalc
from convcalc.cli import run


def test_the_rows_are_those_of_the_command(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.yaml").write_text(SPEC, encoding="utf-8")
    words = ["--set", "width=8..24/8", "--set", "depth=1,2", "--input", "32x32x3,33x33x3"]
    words += ["--batch", "1,4", "--dtype", "float32,float16", "--memory", "1GiB"]
    assert run(["sweep", "net.yaml", *words, "--format", "json"]) == 0
    out = capsys.readouterr().out
    found = convcalc.sweep(
        "net.yaml",
        variables={"width": range(8, 25, 8), "depth": [1, 2]},
        inputs=[(32, 32, 3), "33x33x3"],
        batch=[1, 4],
        dtype=("float32", "float16"),
        memory="1GiB",
    )
    assert found.to_json() == out
    assert found.size == len(found) == 48 and list(found) == list(found.rows)
    expected = json.loads(out.splitlines()[2])
    row = found.rows[2]
    assert row.set == expected["set"] and row.numbers["training_batch"]
    for name, value in row.numbers.items():
        assert expected[name] == value
    assert row.settings == {"batch": expected["batch"], "dtype": expected["dtype"]}
    assert found.faults == {"CC101 at max_pool1": 24}


def test_condition_order_and_front() -> None:
    widths = {"width": [8, 16, 24, 32]}
    found = convcalc.sweep(SPEC, variables=widths, where="width > 8", sort="-macs", pareto="macs")
    assert [row.set["width"] for row in found.rows] == [32, 24, 16]
    assert [row.set["width"] for row in found.front] == [16]
    assert convcalc.sweep(SPEC, variables=widths, where="width > 8").front == ()


def test_rows_are_sorted_by_what_is_varied() -> None:
    axes = {"width": [24, 8, 16], "depth": [1, 2]}
    for sort, expected in (
        ("-width", [(24, 1), (24, 2), (16, 1), (16, 2), (8, 1), (8, 2)]),
        ("depth", [(24, 1), (8, 1), (16, 1), (24, 2), (8, 2), (16, 2)]),
    ):
        rows = convcalc.sweep(SPEC, variables=axes, sort=sort).rows
        assert [(row.set["width"], row.set["depth"]) for row in rows] == expected
    rows = convcalc.sweep(SPEC, batch=[2, 8, 4], sort="-batch", columns="params").rows
    assert [row.settings["batch"] for row in rows] == [8, 4, 2]


def test_any_executor_gives_the_same_rows() -> None:
    alone = convcalc.sweep(SPEC, variables={"width": range(8, 400, 8)}, columns="params,macs")
    with ThreadPoolExecutor(2) as pool:
        shared = convcalc.sweep(
            SPEC, variables={"width": range(8, 400, 8)}, columns=["params", "macs"], executor=pool
        )
        assert shared.rows == alone.rows


def test_a_loaded_net_keeps_what_it_was_loaded_with() -> None:
    net = convcalc.load(SPEC, variables={"depth": 3}, input="16x16x3")
    (row,) = convcalc.sweep(net, columns="params").rows
    assert row.numbers["params"] == convcalc.analyze(net).totals.params
    assert row.input == (16, 16, 3)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"variables": {"widht": [8]}}, "did you mean width"),
        ({"variables": {"width": []}}, "width has no values"),
        ({"variables": {"width": range(5, 5)}}, "empty or goes down"),
        ({"variables": {"width": [8, 8]}}, "twice"),
        ({"variables": {"width": [None]}}, "not a number"),
        ({"batch": [0]}, "batch: expected a positive integer"),
        ({"batch": range(0, 5)}, "batch: expected a positive integer"),
        ({"dtype": "float31"}, "dtype: expected one of"),
        ({"inputs": "big"}, "not a size"),
        ({"memory": "much"}, "not a number of bytes"),
        ({"where": "mcas < 3"}, "did you mean macs"),
        ({"variables": {"width": range(1, 10**10)}}, "--sample|sample"),
    ],
)
def test_requests_that_cannot_be(words: dict[str, Any], message: str) -> None:
    with pytest.raises(convcalc.RequestError, match=message):
        convcalc.sweep(SPEC, **words)
