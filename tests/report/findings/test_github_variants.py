"""Annotations of specs in variants: one a fault, of which GitHub shows ten a step."""

from collections.abc import Callable
from pathlib import Path

import pytest

from convcalc.cli import run

ODD = "input: 9x9x3\nlayers:\n  - pool2\n"
WIDE = "input: 8x8x3\nvars: {k: 4}\nlayers: [{conv: {filters: =k, kernel: 3}}]\n"

Lines = Callable[..., list[str]]


@pytest.fixture
def lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Lines:
    """The lines of `check --format github` of a net in some variants, without advice."""
    monkeypatch.chdir(tmp_path)

    def shown(spec: str, *words: str) -> list[str]:
        Path("net.yaml").write_text(spec, encoding="utf-8")
        assert run(["check", "net.yaml", "--format", "github", "--no-advice", *words]) == 1
        return capsys.readouterr().out.splitlines()

    return shown


def test_a_fault_of_several_variants_is_one_annotation_that_names_them(lines: Lines) -> None:
    fault, summary = lines(ODD, "--input", "9x9x3,11x11x3,13x13x3")
    assert fault.startswith("::error title=convcalc (CC101),file=net.yaml,line=3,")
    first, *also = fault.split("%0Aalso: ")
    whole = first.partition("error[CC101] ")[2].partition("%0Ahelp: ")[0]
    named = sorted(message.rpartition(" (")[2] for message in (whole, *also))
    assert named == ["with --input 11x11x3)", "with --input 13x13x3)", "with --input 9x9x3)"]
    assert summary == "checked 1 spec in 3 variants: 3 errors"


def test_limits_of_one_code_are_one_each(lines: Lines) -> None:
    limits = ("--max-params", "10", "--max-macs", "10")
    macs, params, _ = lines(WIDE, "--set", "k=4,5", *limits)
    assert macs.count("macs: ") == 2 and "params: " not in macs
    assert params.count("params: ") == 2 and "macs: " not in params


def test_many_variants_are_named_up_to_a_number(lines: Lines) -> None:
    sizes = ",".join(f"{n}x{n}x3" for n in range(9, 101, 2))
    fault, summary = lines(ODD, "--input", sizes)
    assert fault.count("%0Aalso: ") == 21
    assert fault.endswith("%0Aalso: 25 more, which --format concise lists")
    assert summary == "checked 1 spec in 46 variants: 46 errors"


def test_without_variants_every_finding_is_one(lines: Lines) -> None:
    twice = "input: 8x8x3\nlayers: [{conv: {filtres: 8, kernal: 3}}]\n"
    assert sum(line.startswith("::error") for line in lines(twice)) == 2
