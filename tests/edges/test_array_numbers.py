"""Numbers of `--array` that are none, or none in the type of the run: a finding, as of weights."""

from pathlib import Path

import numpy as np
import pytest

from convcalc.backend.files import Pictures, StateDict, UnreadableError
from convcalc.cli import run
from tests.edges.weight_files import entry, tensors

NET = "input: 4x4x2\nlayers: [{conv: {filters: 3, kernel: 1}, name: a}]\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(NET, encoding="utf-8")
    return tmp_path


def with_number(number: float) -> None:
    picture = np.zeros((4, 4, 2))
    picture[1, 2, 0] = number
    np.save("x.npy", picture)


@pytest.mark.parametrize(
    ("number", "kind"), [(np.nan, ""), (-np.inf, ""), (1e300, " in float32")], ids=str
)
@pytest.mark.usefixtures("folder")
def test_numbers_that_are_not_finite_are_a_finding(
    number: float, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with_number(number)
    assert run(["verify", "net.yaml", "--array", "x.npy"]) == 1
    said = capsys.readouterr().err
    assert f"error[CC123]: x.npy holds numbers that are not finite{kind} (input)\n" in said


@pytest.mark.usefixtures("folder")
def test_what_the_run_has_numbers_for_is_run() -> None:
    with_number(1e300)
    assert run(["verify", "net.yaml", "--array", "x.npy", "--dtype", "float64", "-q"]) == 0


@pytest.mark.usefixtures("folder")
def test_numbers_that_the_machine_has_no_memory_for_are_said_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_number(1)
    pictures = Pictures("x.npy", 3)

    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(np, "empty", full)
    with pytest.raises(UnreadableError, match=r"^x\.npy: MemoryError$"):
        pictures.array()


@pytest.mark.usefixtures("folder")
def test_python_too_gets_one_line_without_what_terminals_obey() -> None:
    arrays = {"a": entry(dtype="\x1b[2J\n::error::")}
    Path("w.safetensors").write_bytes(tensors(arrays, bytes(12)))
    with pytest.raises(UnreadableError) as error:
        StateDict("w.safetensors").array("a")
    assert str(error.value).startswith("a in w.safetensors: <U+001B>[2J<U+000A>::error:: numbers")
