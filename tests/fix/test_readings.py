"""`check --fix`: entries that may be read in two ways, of which only the author knows."""

from pathlib import Path

import pytest

from convcalc.cli import run
from tests.fix.repairs import offered

HEAD = "input: 32x32x3\nrounding: floor\nlayers:\n"


@pytest.mark.parametrize(
    ("entry", "as_name", "as_window"),
    [
        ("- pool3: 2", "- max_pool: {kernel: 2}\n  name: pool3", "- pool3s2"),
        ("- conv1: 64", "- conv3-64:\n  name: conv1", "- conv1-64"),
        ("- conv1: 64\n- pool3: 2",
         "- conv3-64:\n  name: conv1\n- max_pool: {kernel: 2}\n  name: pool3",
         "- conv1-64\n- pool3s2"),
        ("- conv1: 8\n- rellu\n- pool2: 2",
         "- conv3-8:\n  name: conv1\n- relu\n- pool2", "- conv1-8\n- relu\n- pool2"),
    ],
)  # fmt: skip
def test_both_readings_are_offered(entry: str, as_name: str, as_window: str) -> None:
    found = offered(f"{HEAD}{entry}\n- fc-10\n")
    texts = [offer.text.removeprefix(HEAD).removesuffix("\n- fc-10\n") for offer in found]
    assert texts[0] == as_name and texts[1].startswith(as_window)  # windows may lose input
    assert all(offer.asks and not offer.errors for offer in found)


def test_the_reading_that_takes_no_other_size_is_first() -> None:
    spec = "input: 9x9x3\nlayers:\n  - conv3-4\n  - pool3: 2\n  - fc-2\n"
    assert offered(spec)[0].text == spec.replace("pool3: 2", "pool3s2")


@pytest.mark.parametrize("entry", ["- conv0: 64", "- conv3: [64, 2]", "- lrn1: 5"])
def test_a_reading_without_its_own_numbers_is_not_offered(entry: str) -> None:
    assert offered(f"{HEAD}{entry}\n- fc-10\n") == []


def test_write_alone_makes_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = f"{HEAD}- pool3: 2\n- fc-10\n"
    Path("net.yaml").write_text(spec)
    run(["check", "--fix", "net.yaml"])
    assert "`--write 1` makes the first edit, `--write 2` the second" in capsys.readouterr().err
    run(["check", "--fix", "--write", "net.yaml"])
    assert "net.yaml is as it was: only you know" in capsys.readouterr().err
    assert Path("net.yaml").read_text() == spec
    run(["check", "--fix", "--write", "2", "net.yaml"])
    assert Path("net.yaml").read_text() == spec.replace("pool3: 2", "pool3s2")
