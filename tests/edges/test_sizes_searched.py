"""The smallest size of all is searched for among so many sizes, however large a net's own is."""

import pytest

from convcalc.cli import run
from convcalc.sizes import legal
from convcalc.sizes.resize import Resizer
from convcalc.spec.load import load

HUGE = """\
input: 1000000x1000000x3
rounding: floor
layers:
  - conv: {filters: 2, kernel: 3, stride: 3, pad: 1}
  - upsample: {scale: 3}
  - conv: {filters: 2, kernel: 5, stride: 3, pad: 1}
"""


def judged(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, legal.LegalSizes]:
    network, seen = load("net.yaml", text.encode()), []
    one = Resizer._judged
    monkeypatch.setattr(Resizer, "_judged", lambda self, size: seen.append(size) or one(self, size))
    found = legal.square_sizes(network, 999_990, 1_000_010)
    return len(seen), found


def test_few_sizes_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legal, "_MOST_SEARCHED", 300)
    number, found = judged(HUGE, monkeypatch)
    assert number <= 300 + 22 and found.minimum is not None


def test_of_a_long_net_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legal, "_LAYERS_SEARCHED", 50_000)
    number, _ = judged(HUGE + "  - repeat: {times: 100, layers: [relu]}\n", monkeypatch)
    assert number <= 50_000 // 104 + 22


def test_one_that_is_not_found_is_not_said_to_be_none(
    tmp_path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legal, "_MOST_SEARCHED", 256)
    spec = tmp_path / "net.yaml"
    spec.write_text("input: 1000x1\nlayers: [{conv: {filters: 2, kernel: 300, pad: 0}}]\n")
    assert run(["sizes", str(spec)]) == 0
    assert "not found so far down: `--from 1` looks at all" in capsys.readouterr().out
    assert run(["sizes", str(spec), "--from", "1"]) == 0
    assert "smallest  300x1" in capsys.readouterr().out
