"""Values that no option can have, of every type: one sentence that names the option, at once."""

import inspect
import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import convcalc
from convcalc.api.family import Axes
from convcalc.api.options import Keywords, SpecKeywords
from convcalc.api.sweeps import SettingAxes
from convcalc.cli import run

SPEC = "input: 8x8x3\nvars: {w: 4}\nlayers: [conv3-4, relu, fc-10]\n"


class Mute:
    """A value whose repr is broken."""

    def __repr__(self) -> str:
        raise RuntimeError


class Strange:
    """A value that cannot be compared."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = object.__hash__


VALUES: tuple[Any, ...] = (
    "1", "x", "", "\0", "\ud800", "9" * 5000, 1.0, 1.5, math.nan, math.inf, None, True, -1, 0,
    10**30, 10**400, -(10**400), 10**5000, [], [None], [1], ["a"], ["x", 1], [[1, [2]]],
    [math.nan], [1.5], [10**400], (8, 8, "3"), (8.0, 8.0, 3.0), {}, {1: 2}, {"w": object()},
    {"w": math.nan}, {"w": 10**400}, {"w": b"1"}, b"x", memoryview(b"1"), {1}, 1j, Fraction(1,
    2), np.int64(1), np.array([1, 2]), range(0), range(10**12), range(10**30), Mute(),
    Strange(), int.__add__,
)  # fmt: skip
FUNCTIONS: tuple[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], Any], ...] = (
    (convcalc.analyze, (SPEC,), {}, Keywords),
    (convcalc.check, (SPEC,), {}, Axes),
    (convcalc.fit, (SPEC,), {"memory": "8GiB"}, Keywords),
    (convcalc.sizes, (SPEC,), {}, SpecKeywords),
    (convcalc.explain, (SPEC, "conv1"), {}, Keywords),
    (convcalc.verify, (SPEC,), {}, SpecKeywords),
    (convcalc.convert, (SPEC,), {"fc_to_conv": True}, SpecKeywords),
    (convcalc.sweep, (SPEC,), {}, SettingAxes),
    (convcalc.variants, (SPEC,), {}, Axes),
    (convcalc.diff, (SPEC, SPEC), {}, Keywords),
    (convcalc.demo, (SPEC, "conv1"), {}, SpecKeywords),
    (convcalc.export, (SPEC,), {"to": "pytorch"}, SpecKeywords),
    (convcalc.report, (SPEC,), {}, Keywords),
    (convcalc.load, (SPEC,), {}, None),
    (convcalc.identify, ("4.12G",), {}, None),
)
#: Options with a meaning of their own for what is called, or that write files.
LEFT_OUT = {"progress", "executor", "save", "output"}


def options(function: Callable[..., Any], keywords: Any) -> list[str]:
    kinds = inspect.signature(function).parameters.values()
    own = [one.name for one in kinds if one.kind is one.KEYWORD_ONLY]
    return [name for name in (*own, *(keywords.__annotations__ if keywords else ()))
            if name not in LEFT_OUT]  # fmt: skip


def shown(answer: Any) -> None:
    """The answer in full: a value may be accepted, and fail where it is shown."""
    for one in answer if isinstance(answer, tuple) else (answer,):
        str(one.to_json() if hasattr(one, "to_json") else one)


@pytest.mark.parametrize(
    ("function", "given", "fixed", "name"),
    [
        pytest.param(function, given, fixed, name, id=f"{function.__name__}-{name}")
        for function, given, fixed, keywords in FUNCTIONS
        for name in options(function, keywords)
    ],
)
def test_no_value_of_an_option_ends_deep_inside(
    function: Callable[..., Any], given: tuple[Any, ...], fixed: Mapping[str, Any], name: str
) -> None:
    for value in VALUES:
        try:
            shown(function(*given, **{**fixed, name: value}))
        except (convcalc.RequestError, convcalc.NetError):
            pass  # a LoadError is a RequestError
        except (TypeError, ValueError) as error:
            assert name.rstrip("_") in str(error), (value, error)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch": 10**18}, "batch: a number of more than 18 digits"),
        ({"weight_decay": 10**400}, "weight_decay: a number of more than 18 digits"),
        ({"batch": -(10**5000)}, "batch: expected a positive integer, got a value of type int"),
        ({"dtype": np.array([1, 2])}, "dtype: expected one of float32, "),
        ({"trusted": "false"}, "trusted: expected True or False, got 'false'"),
        ({"variables": {1: 2}}, "variables: expected names with values"),
        ({"variables": {"w": {1}}}, "variables: w: {1} is not a number, word or truth value"),
    ],
)
def test_what_is_wrong_is_said(options: dict[str, Any], message: str) -> None:
    for ask in (convcalc.analyze, convcalc.check):
        with pytest.raises(ValueError) as caught:
            ask(SPEC, **options)
        assert str(caught.value).startswith(message)


def test_a_name_that_no_file_can_have() -> None:
    for save in ("a\0b", "\ud800"):
        with pytest.raises(convcalc.RequestError, match=r"^save: no file can be called "):
            convcalc.verify(SPEC, save=save)


def test_integers_of_numpy_are_integers() -> None:
    import json

    found = convcalc.verify(SPEC, batch=np.int64(2), seed=np.int64(3))  # type: ignore[arg-type]
    assert json.loads(found.to_json())["batch"] == 2


@pytest.mark.parametrize(
    ("call", "options", "words"),
    [
        ("analyze", {"batch": 0}, ["--batch", "0"]),
        ("analyze", {"batch": -3}, ["--batch", "-3"]),
        ("analyze", {"gpus": 0}, ["--gpus", "0"]),
        ("analyze", {"augmented": -1}, ["--augmented", "-1"]),
        ("analyze", {"dtype": "half"}, ["--dtype", "half"]),
        ("analyze", {"weight_decay": -1.5}, ["--weight-decay", "-1.5"]),
        ("verify", {"input": "32,32,1"}, ["--input", "32,32,1"]),
        ("analyze", {"input": "big"}, ["--input", "big"]),
        ("fit", {"memory": "5GX"}, ["--memory", "5GX"]),
        ("sizes", {"from_": 0}, ["--from", "0"]),
        ("sizes", {"to": -2}, ["--to", "-2"]),
        ("sweep", {"sample": 0, "batch": [1, 2]}, ["--batch", "1,2", "--sample", "0"]),
        ("sweep", {"seed": -1, "batch": [1, 2]}, ["--batch", "1,2", "--seed", "-1"]),
        ("verify", {"seed": -1}, ["--seed", "-1"]),
    ],
)  # fmt: skip
def test_python_says_of_a_wrong_value_what_the_command_says(
    call: str, options: dict[str, object], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([call, "lenet5", *words]) == 2
    said = capsys.readouterr().err.strip().rpartition("Invalid value for ")[2]
    with pytest.raises((convcalc.RequestError, convcalc.LoadError)) as raised:
        getattr(convcalc, call)("lenet5", **options)
    own = str(raised.value).partition(": ")[2].replace("'", "")
    assert " ".join(own.split()) in " ".join(said.replace("'", "").split())
