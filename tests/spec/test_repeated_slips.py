"""A slip that is met again, in another variant of its net, is not looked for again."""

from pathlib import Path

import pytest

from convcalc import suggest
from convcalc.cli import run


def test_variants_share_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(
        "input: 8x8x3\nvars: {w: 4}\nlayers:\n- qconvv: {filters: =w}\n", encoding="utf-8"
    )
    suggest._slip_of.cache_clear()
    met: list[str] = []
    look = suggest._near

    def counted(word, *more):
        met.append(word)
        return look(word, *more)

    monkeypatch.setattr(suggest, "_near", counted)
    assert run(["check", "--set", "w=1..20", "a.yaml"]) == 1
    assert met.count("qconvv") == 1
    assert "unknown layer kind 'qconvv'" in capsys.readouterr().out


def test_each_file_still_has_its_own_bound() -> None:
    suggest._slip_of.cache_clear()
    one = suggest.Suggestions()
    assert one.nearest("kernal", ["kernel"]) == "kernel"
    used = 50_000 - one.left
    other = suggest.Suggestions()
    assert other.nearest("kernal", ["kernel"]) == "kernel" and 50_000 - other.left == used > 0
