"""The bundled nets as `list` and `identify` read them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from convcalc import zoo
from convcalc.cli import run
from convcalc.study import bundled as of_bundled
from convcalc.study.bundled import bundled


@pytest.fixture
def _unknown() -> Any:
    """No net is known from another test, nor after this one."""
    bundled.cache_clear()
    yield
    bundled.cache_clear()


@pytest.mark.usefixtures("_unknown")
def test_a_file_of_a_net_s_name_is_not_that_net(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(zoo, "names", lambda: ("lenet5", "vgg16"))
    answers = []
    monkeypatch.chdir(tmp_path)
    for text in ("", "input: 8x8x3\nlayers: [conv3-8]\n"):
        if text:
            Path("vgg16").write_text(text, encoding="utf-8")
            bundled.cache_clear()
        assert [run(["list"]), run(["identify", "138.36M"])] == [0, 0]
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1] and "vgg16" in answers[0]


@pytest.mark.usefixtures("_unknown")
def test_each_is_sized_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(zoo, "names", lambda: ("lenet5", "vgg16"))
    sized: list[object] = []
    study: Callable[[Any], Any] = of_bundled.study
    monkeypatch.setattr(of_bundled, "study", lambda case: (sized.append(case), study(case))[1])
    for _ in range(2):
        assert [run(["list"]), run(["identify", "138.36M"])] == [0, 0]
    assert len(sized) == 2 and "vgg16" in capsys.readouterr().out
