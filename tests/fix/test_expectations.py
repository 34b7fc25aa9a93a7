"""`check --fix` where a net is right and what the file expects of it is out of date."""

from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.spec.load import load
from tests.fix.repairs import faults, offered, told

SPEC = "input: 32x32x3\nlayers:\n  - conv3-16\nexpect: {params: 400}   # of the paper\n"
OLD = SPEC.replace("400", "448")


def test_what_the_net_makes_is_offered() -> None:
    (offer,) = offered(SPEC)
    assert offer.text == OLD and not faults(OLD) and offer.restates
    assert told(offer) == [("", "expect params", "448")]


def test_all_of_them_are_one_edit() -> None:
    spec = (
        "input: 32x32x3\nlayers:\n  - conv: {filters: 16, kernel: 3}\n    expect: 16x16x16\n"
        "expect:\n  output: 1x1x16\n  macs: 1\n  params: 448\n"
    )
    (offer,) = offered(spec)
    assert offer.text == spec.replace("16x16x16", "30x30x16").replace("1x1x16", "30x30x16").replace(
        "macs: 1", "macs: 388800"
    )


@pytest.mark.parametrize(
    "spec",
    [
        SPEC.replace("32x32x3", "32x32x3\nrounding: exakt"),
        SPEC.replace("conv3-16", "conv3-16s2"),
        SPEC.replace("400", "16").replace("expect", "budget"),
        SPEC.replace("conv3-16", "conv5-16s4p0").replace("layers", "rounding: floor\nlayers"),
    ],
)
def test_a_net_that_is_wrong_itself_keeps_its_promise(spec: str) -> None:
    assert not any(offer.restates for offer in offered(spec))


def test_two_sizes_of_one_entry_are_left() -> None:
    spec = (
        "input: 8x8x3\nblocks: {b: {layers: [{conv1-4: , expect: 4x4x4}]}}\nlayers: [b, pool2, b]\n"
    )
    found = load("net.yaml", spec.encode()).findings
    assert [f.code for f in found if f.severity == "error"] == ["CC130"]
    assert not offered(spec)


def test_write_alone_changes_no_expectation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net = tmp_path / "net.yaml"
    net.write_text(SPEC, encoding="utf-8")
    assert run(["check", "--fix", "--write", str(net)]) == 1
    assert net.read_text(encoding="utf-8") == SPEC
    assert "is as it was: `--write 1` changes what it expects" in capsys.readouterr().err
    assert run(["check", "--fix", str(net)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("`--write 1` makes this edit: `--write` alone changes no expectation\n")
    assert run(["check", "--fix", "--write", "1", str(net)]) == 0
    assert net.read_text(encoding="utf-8") == OLD
