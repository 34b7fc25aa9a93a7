"""What a network keeps of its block calls: values of arguments, in reused calls too."""

import pytest
from pytest import MonkeyPatch

from convcalc import zoo
from convcalc.network.record import Network
from convcalc.spec.load import load
from convcalc.spec.reuse import Reuse

SPEC = """\
input: 8x8x4
vars: {wide: 2}
blocks:
  inner: {args: {n: , m: =2*n}, layers: [{conv: {filters: =m*wide, kernel: 1}}]}
  outer: {args: {n: , after: []}, layers: [{inner: =n}, {inner: {n: =n, m: 1}}, =after]}
layers: [conv1-4, {outer: 4}, {outer: 4}, conv1-4, {outer: [4, [relu]]}, conv1-4, {outer: 4}]
"""


def network() -> Network:
    found = load("x.yaml", SPEC.encode())
    assert not found.findings
    return found


def test_every_call_by_its_name_and_the_variables_by_none() -> None:
    found = network().arguments
    assert found[""] == {"wide": 2}
    assert list(found)[1:4] == ["outer1", "outer1.inner1", "outer1.inner2"]
    assert found["outer1"] == {"n": 4} == found["outer3"]  # layers are no values
    assert found["outer4.inner1"] == {"n": 4, "m": 8}
    assert found["outer4.inner2"] == {"n": 4, "m": 1}
    assert len(found) == 1 + 4 * 3


def test_calls_that_are_taken_from_equal_ones_have_theirs(monkeypatch: MonkeyPatch) -> None:
    found = network().arguments
    monkeypatch.setattr(Reuse, "taken", lambda self, key, inner, at: None)
    assert network().arguments == found
    known = load("x.yaml", zoo.read("resnet50")).arguments
    assert known["conv4_x.bottleneck6"] == {"planes": 256, "stride": 1}


@pytest.mark.parametrize("nothing", ["", " null", " ~", " Null"])
def test_nothing_is_no_argument(layers, nothing) -> None:
    spec = layers(f"- b:{nothing}", head="blocks: {b: {layers: [conv3-4]}}\n")
    assert (spec.told, spec.output) == ([], (8, 8, 4))
    given = layers(
        f"- b:{nothing}", head="blocks: {b: {args: {n: 4}, layers: [fc: {units: =n}]}}\n"
    )
    assert (given.told, given.output) == ([], (4,))


@pytest.mark.parametrize("nothing", [" null", " ", " ~"])
def test_an_argument_whose_default_is_nothing_is_required(layers, nothing) -> None:
    spec = layers("- b: null", head=f"blocks: {{b: {{args: {{n:{nothing}}}, layers: [relu]}}}}\n")
    assert spec.codes[:1] == ["CC013"]
