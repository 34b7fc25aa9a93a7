"""A name that is empty, as of a shell's variable that is not set: said so, in every door."""

from collections.abc import Callable

import pytest

import convcalc
from convcalc.cli import run

NO_SPEC = "an empty name is no spec: name a file or a bundled net"
NO_FILE = "an empty name is no file"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: convcalc.load(""), NO_SPEC),
        (lambda: convcalc.load("  "), NO_SPEC),
        (lambda: convcalc.analyze(""), NO_SPEC),
        (lambda: convcalc.check(""), NO_SPEC),
        (lambda: convcalc.diff("", "lenet5"), NO_SPEC),
        (lambda: convcalc.sweep("", batch=[1, 2]), NO_SPEC),
        (lambda: convcalc.import_(""), NO_FILE),
        (lambda: convcalc.verify("lenet5", weights=""), f"weights: {NO_FILE}"),
        (lambda: convcalc.verify("lenet5", array=""), f"array: {NO_FILE}"),
        (lambda: convcalc.verify("lenet5", save=""), f"save: {NO_FILE}"),
        (lambda: convcalc.load(None), "give a spec or net=PATTERN"),
    ],
)
def test_in_python(asked: Callable[[], object], said: str) -> None:
    with pytest.raises((convcalc.LoadError, convcalc.RequestError)) as caught:
        asked()
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["analyze", ""], NO_SPEC),
        (["check", ""], NO_SPEC),
        (["diff", "", "lenet5"], NO_SPEC),
        (["import", ""], NO_FILE),
        (["verify", "lenet5", "--weights", ""], f"'--weights': {NO_FILE}"),
        (["verify", "lenet5", "--against", ""], f"'--against': {NO_FILE}"),
        (["verify", "lenet5", "--save", ""], f"'--save': {NO_FILE}"),
        (["sweep", "lenet5", "--batch", "1,2", "--resume", ""], f"'--resume': {NO_FILE}"),
        (["show", "lenet5", "-o", ""], NO_FILE),
        (["report", "lenet5", "-o", ""], NO_FILE),
    ],
)
def test_on_the_command_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    assert said in " ".join(capsys.readouterr().err.split())
