"""Specs of a repository that are renamed, and what `diff --base HEAD` answers of them."""

import pytest

from convcalc.cli import run


def spec(filters: int, lines: int = 4) -> str:
    """A net of `lines` small layers and one of so many filters."""
    more = "".join(f"- conv1-{3 + line}\n" for line in range(lines))
    return f"input: 8x8x3\nlayers:\n{more}- conv3-{filters}\n"


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """The exit code of a comparison with HEAD, what it prints, what it says on stderr."""
    code = run(["diff", "--base", "HEAD", *words])
    told = capsys.readouterr()
    return code, told.out, told.err
