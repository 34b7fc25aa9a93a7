"""Limits of totals that are a part of what a program has: no verdict is given on the part alone."""

from fractions import Fraction
from typing import Any

import pytest

from convcalc.analysis.walk import analyze
from convcalc.difference.compare import difference
from convcalc.difference.record import Allowance
from convcalc.difference.totals import passed
from convcalc.interop.network import network_of
from convcalc.limits import over_limits
from convcalc.report.diff.view import DiffView, verdicts
from tests.interop.stated_programs import CONV, SHAPES, call, program, tensor

_NAMES = {"w": "c.weight", "a": "head.a", "b": "head.b"}
_SHAPES = {**SHAPES, "a": (100, 50), "b": (50, 20), "m": (100, 20)}
_PRODUCT = call("mm.default", {"self": tensor("a"), "mat2": tensor("b")}, "m")
_OWN, _LEARNED = 81, 81 + 100 * 50 + 50 * 20
_MACS, _MORE = 81 * 64, 100 * 50 * 20


def said(flat: Any, **limits: int) -> list[str]:
    return [found.message for found in over_limits(analyze(network_of(flat)), limits)]


def constant_output() -> Any:
    return program([CONV, _PRODUCT], _SHAPES, "y0 m", _NAMES)


def test_parameters_of_an_output_that_no_input_reaches_are_within_a_limit_too() -> None:
    assert said(constant_output(), params=_LEARNED) == []
    (message,) = said(constant_output(), params=_LEARNED - 1)
    assert message == (
        "params: the layers here have 81, and the source has 6,081 learned parameters: "
        "--max-params 6,080 is exceeded"
    )
    (message,) = said(constant_output(), params=80)
    assert message.startswith("params: 81 exceeds --max-params 80")


def test_products_that_work_an_output_out_are_within_a_limit_too() -> None:
    assert said(constant_output(), macs=_MACS + _MORE) == []
    (message,) = said(constant_output(), macs=_MACS + _MORE - 1)
    assert "m is worked out of weights alone" in message or "mm" in message
    assert "100,000 MACs more: --max-macs 105,183 is exceeded" in message


@pytest.mark.parametrize("target", ["matrix_exp.default", "linalg_householder_product.default"])
def test_products_that_are_not_counted_leave_a_limit_open(target: str) -> None:
    made = call(target, {"self": tensor("a")}, "m")
    flat = program([CONV, made], {**_SHAPES, "m": (100, 50)}, "y0 m", _NAMES)
    (message,) = said(flat, macs=10**9)
    assert message.endswith("--max-macs 1,000,000,000 cannot be checked")


def test_a_weight_that_is_worked_out_leaves_a_limit_of_training_open() -> None:
    sine = call("sin.default", {"self": tensor("w")}, "s")
    conv = call("conv2d.default", {"input": tensor("x"), "weight": tensor("s")}, "z")
    shapes = {**SHAPES, "s": SHAPES["w"], "z": (1, 3, 6, 6)}
    flat = program([sine, conv], shapes, "z", {"w": "c.weight"})
    assert said(flat, params=81, macs=10**6) == []
    (message,) = said(flat, training_memory=10**9)
    assert "weights of 81 numbers, worked out at each run there, are not counted" in message
    assert message.endswith("--max-training_memory 1,000,000,000 cannot be checked") or (
        message.endswith("--max-training-memory 1,000,000,000 cannot be checked")
    )


def test_what_is_counted_whole_is_held_as_before() -> None:
    flat = program([CONV], SHAPES, "y0", {"w": "c.weight"})
    assert network_of(flat).beyond == ()
    assert said(flat, params=81, macs=_MACS, training_memory=10**9) == []


def compared(old: Any, new: Any, **most: int) -> list[str]:
    nets = [analyze(network_of(flat)) for flat in (old, new)]
    found = difference(*nets)
    allowances = [Allowance(name, Fraction(number), False) for name, number in most.items()]
    return verdicts(DiffView(found, passed(found, allowances)))


def test_growth_is_of_what_the_layers_do_not_count_too() -> None:
    plain = program([CONV], SHAPES, "y0", {"w": "c.weight"})
    assert compared(plain, constant_output(), params=_LEARNED - _OWN, macs=_MORE) == []
    said_of = compared(plain, constant_output(), params=0, macs=0)
    assert said_of[0].startswith("params grew by 6,000 (")
    assert said_of[1].startswith("macs grew by 100,000 (")
    assert compared(constant_output(), plain, params=0, macs=0) == []


def test_what_is_not_known_may_have_grown_where_anything_differs() -> None:
    made = call("matrix_exp.default", {"self": tensor("a")}, "m")
    open_ = program([CONV, made], {**_SHAPES, "m": (100, 50)}, "y0 m", _NAMES)
    plain = program([CONV], SHAPES, "y0", {"w": "c.weight"})
    (message,) = compared(plain, open_, macs=10**9)
    assert message.startswith("macs is unknown afterwards (")
    assert "worked out of weights alone at each run there), so it may have grown" in message
    (message,) = compared(open_, plain, macs=10**9)
    assert message.startswith("macs is unknown before (") and "where it is known" in message
    assert compared(open_, open_, macs=0) == []
