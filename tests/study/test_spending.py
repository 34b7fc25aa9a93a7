"""What all nets of a run cost together: each of thousands may be within its own limits."""

from pathlib import Path

import pytest

import convcalc
from convcalc.cli import run
from convcalc.study import spending
from convcalc.study.check import _Held, checked
from convcalc.study.outcome import Case, study

NET = "input: 8x8x3\nlayers: [{repeat: {times: 9, layers: [relu]}}]\n"  #: ten layers


@pytest.fixture
def nets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twenty specs, and room for fifty layers in all of them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nets").mkdir()
    for number in range(20):
        (tmp_path / "nets" / f"{number:02}.yaml").write_text(NET, encoding="utf-8")
    monkeypatch.setattr(spending, "MOST_LAYERS", 25)
    monkeypatch.setattr(spending, "NETS", 2)
    return tmp_path


def test_the_layers_of_all_specs_are_bounded(
    nets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "nets"]) == 2
    shown = capsys.readouterr()
    assert shown.out == "checked 5 specs: no findings; not all could be checked: 1 error\n"
    assert shown.err == (
        "Error: 15 of 20 specs and variants are not checked: those before them have 50 layers, "
        "and 50 are the most for all of a run (--trusted lifts it)\n"
    )


def test_trusted_specs_are_all_checked(nets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--trusted", "nets"]) == 0
    assert capsys.readouterr().out == "checked 20 specs: all clean\n"


def test_the_last_spec_of_a_run_may_pass_the_bound(
    nets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(5, 20):
        (nets / "nets" / f"{number:02}.yaml").unlink()
    assert run(["check", "nets"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("what", "text"),
    [("MOST_CHARACTERS", NET + "#" * 1000), ("MOST_FINDINGS", NET.replace("relu", "relo"))],
)
def test_letters_and_findings_are_bounded_too(
    nets: Path, monkeypatch: pytest.MonkeyPatch, capsys, what: str, text: str
) -> None:
    for path in (nets / "nets").iterdir():
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(spending, "MOST_LAYERS", 1_000_000)
    monkeypatch.setattr(spending, what, 2000 if what == "MOST_CHARACTERS" else 2)
    assert run(["check", "nets"]) == 2
    words = what.removeprefix("MOST_").lower()
    told = capsys.readouterr().err
    assert "of 20 specs and variants are not checked" in told and f" {words}, and " in told


def test_python_has_the_same_bound(nets: Path) -> None:
    with pytest.raises(convcalc.LoadError, match="15 of 20 specs and variants are not checked"):
        convcalc.check("nets")


BROKEN = NET.replace("relu", "relo")  #: one finding


def test_findings_of_all_specs_are_bounded_as_those_of_one(
    nets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(spending, "MOST_LAYERS", 1_000_000)
    monkeypatch.setattr(spending, "MOST_FINDINGS", 4)
    monkeypatch.setattr(spending, "NETS", 20)
    for path in (nets / "nets").iterdir():
        path.write_text(BROKEN, encoding="utf-8")
    assert run(["check", "nets"]) == 2
    shown = capsys.readouterr()
    assert shown.out.count("error[") == 4
    assert shown.err == (
        "Error: 16 of 20 specs and variants are not checked: those before them have 4 different "
        "findings, and 4 are the most for all of a run (--trusted lifts it)\n"
    )


def test_a_finding_of_all_variants_is_one(
    nets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(spending, "MOST_LAYERS", 1_000_000)
    monkeypatch.setattr(spending, "MOST_FINDINGS", 60)
    batches = ",".join(map(str, range(1, 26)))
    for path in [*(nets / "nets").iterdir()][3:]:
        path.unlink()
    for path in (nets / "nets").iterdir():
        path.write_text(BROKEN, encoding="utf-8")
    assert run(["check", "nets", "--batch", batches]) == 1
    assert capsys.readouterr().out.count("error[") == 3


def test_what_is_equal_is_held_once(nets: Path) -> None:
    (nets / "nets" / "00.yaml").write_text(BROKEN, encoding="utf-8")
    held = _Held()
    once, again = (held.once(checked(study(Case("nets/00.yaml")))) for _ in range(2))
    assert once.findings and once.source is not None
    assert all(a is b for a, b in zip(once.findings, again.findings, strict=True))
    assert again.source is once.source


def test_specs_whose_own_variants_are_too_many_are_not_counted_twice(
    nets: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(spending, "MOST_LAYERS", 1_000_000)
    monkeypatch.setattr(spending, "MOST_FINDINGS", 2)
    text = "input: 8x8x3\nlayers: [{conv: {filters: 8, kernel: =n}}]\nvars: {n: 1}\n"
    (nets / "nets" / "00.yaml").write_text(text, encoding="utf-8")
    assert run(["check", "nets/00.yaml", "--set", "n=21..29"]) == 2
    err = capsys.readouterr().err
    assert err.count("not checked") == 1 and "of its 9 variants are not checked" in err
