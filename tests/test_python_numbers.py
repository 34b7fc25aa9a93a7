"""Numbers of NumPy and in floating point as arguments: taken where they are whole."""

import math

import numpy as np
import pytest

import convcalc

SPEC = "vars: {w: 4}\ninput: 16x16x3\nlayers: [conv: {filters: =w, kernel: 3, pad: 1}, fc: 10]\n"
SPEC = SPEC.replace("fc: 10", "fc-10")
FOURS = [np.int64(4), np.uint64(4), np.float64(4), np.float32(4), np.array(4), 4.0]


@pytest.mark.parametrize("four", FOURS, ids=lambda one: f"{type(one).__name__}")
def test_a_whole_number_is_taken_of_whatever_type(four: object) -> None:
    assert convcalc.analyze(SPEC, batch=four).to_dict()["settings"]["batch"] == 4
    assert convcalc.analyze(SPEC, input=(four, four, 3))["input"].output == (4, 4, 3)
    assert convcalc.load(SPEC, input=[four, four, 3]).layers[0] == "input"
    assert convcalc.fit(SPEC, memory=four * 2**30).device_bytes == 2**32
    assert convcalc.check(SPEC, batch=[1, four]).ok
    assert convcalc.check(SPEC, limits={"params": four * 10_000}).ok
    assert [row.settings for row in convcalc.sweep(SPEC, batch=[1, four])][1] == {"batch": 4}
    assert convcalc.verify(SPEC, batch=four).agrees
    assert convcalc.sizes(SPEC, from_=four, to=8).to_dict()["exact"]
    assert convcalc.demo(SPEC, at=(four, four, 0)).outputs
    number = convcalc.Builder("net").input("image", (four, four, 3)).add("relu").build()
    assert number.steps[0].output == (4, 4, 3)


@pytest.mark.parametrize("four", FOURS[:-1], ids=lambda one: f"{type(one).__name__}")
def test_a_variable_is_pythons_own_number(four: object) -> None:
    assert convcalc.analyze(SPEC, variables={"w": four})["conv1"].output == (16, 16, 4)
    rows = convcalc.sweep(SPEC, variables={"w": np.array([2, 4])}).rows
    assert [row.set["w"] for row in rows] == [2, 4] and type(rows[0].set["w"]) is int


def test_an_array_is_a_list() -> None:
    assert convcalc.analyze(SPEC, input=np.array([8, 8, 3]))["input"].output == (8, 8, 3)
    assert len(convcalc.variants(SPEC, batch=np.arange(1, 4))) == 3


@pytest.mark.parametrize("value", [4.5, np.float64(4.5), math.nan, math.inf, np.float64("nan")])
def test_what_is_not_whole_is_refused_by_its_value(value: float) -> None:
    shown = f"got {float(value)}"
    for call in (
        lambda: convcalc.analyze(SPEC, batch=value),
        lambda: convcalc.fit(SPEC, memory=value),
        lambda: convcalc.verify(SPEC, batch=value),
        lambda: convcalc.sizes(SPEC, from_=value),
        lambda: convcalc.sweep(SPEC, batch=[1, value]),
    ):
        with pytest.raises((TypeError, ValueError)) as caught:
            call()
        text = str(caught.value)
        assert (shown in text or "finite" in text) and "float64" not in text, text
    with pytest.raises(ValueError, match="is not a size"):
        convcalc.analyze(SPEC, input=(value, 4, 3))
