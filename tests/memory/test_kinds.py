"""Every kind against autograd and autocast, measured: what is kept for backward, how wide it is."""

import json
from pathlib import Path
from typing import Any

import pytest
from every_kind import NETS, network

import convcalc
from convcalc.analysis.walk import analyze
from convcalc.explain.words import TABLE, in_words
from convcalc.layers import BY_NAME
from convcalc.layers.precision import OutputWidth
from convcalc.spec.document import Overrides
from convcalc.spec.load import load
from convcalc.tree.decode import Limits

RUN = "run python tests/memory/measure_kinds.py (it needs PyTorch) and read what it changes"
_MEASURED = json.loads((Path(__file__).parent / "kinds.json").read_text(encoding="utf-8"))
_CASES = {tuple(case["net"]): case for case in _MEASURED["cases"]}
_WIDTHS = {
    OutputWidth.HALF: [2, 2],
    OutputWidth.AS_INPUT: [2, 4],
    OutputWidth.FULL: [4, 4],
    OutputWidth.WIDEST: [2, 4],
}


def _row(net: tuple[str, str]) -> Any:
    return analyze(network(*net)).rows[-1]


@pytest.mark.parametrize("kind", BY_NAME)
def test_a_kind_that_pytorch_has_is_measured(kind: str) -> None:
    found = {_row(net).step.kind for net in _CASES}
    assert kind in found or isinstance(TABLE[kind].pytorch, str), f"{kind} is not measured: {RUN}"


@pytest.mark.parametrize("net", NETS, ids=" ".join)
def test_every_net_is_measured_as_it_is_written_now(net: tuple[str, str]) -> None:
    code = in_words(_row(net), "pytorch")
    stored = _CASES[net]["code"] if net in _CASES else ""
    assert stored == code or "inplace" in code, f"{code} was measured as {stored!r}: {RUN}"


@pytest.mark.parametrize("net", _CASES, ids=" ".join)
def test_what_is_saved_and_how_wide_is_as_measured(net: tuple[str, str]) -> None:
    row, case, batch = _row(net), _CASES[net], _MEASURED["batch"]
    layer = row.step.layer
    saved = layer.saved_for_backward(row.inputs, row.step.output, row.in_place, 4)
    kept = sorted(size for tensor in saved.kept if (size := tensor.each * batch + tensor.once))
    found = {"inputs": list(saved.inputs), "output": saved.output, "kept": kept}
    assert found == case["saved"], f"`saved_for_backward` of {layer.kind} is not PyTorch's"
    if "widths" in case:
        says = f"`precision` of {layer.kind} is not PyTorch's under autocast"
        assert _WIDTHS[layer.precision.output] == case["widths"], says


@pytest.mark.parametrize("kind", ["add", "concat", "subtract", "multiply", "maximum", "average"])
def test_a_merge_of_one_volume_keeps_nothing(kind: str) -> None:
    net = f"input: 8x8x3\nlayers: [conv3-3, {{{kind}: {{branches: [[relu]]}}}}, fc-10]"
    found = analyze(load("net.yaml", net.encode(), Overrides(), Limits()))
    (row,) = (one for one in found.rows if one.step.kind == kind)
    assert row.step.layer
    saved = row.step.layer.saved_for_backward(row.inputs, row.step.output, row.in_place, 4)
    assert (saved.inputs, saved.output, saved.kept) == ((), False, ())
    assert convcalc.analyze(net).to_dict()["memory"]["training"]["peak"] > 0
