"""What one output depends on in a net of several inputs."""

import json
from collections.abc import Iterator
from pathlib import Path

from convcalc.cli import run


def test_each_input_is_named_with_its_own_places(capsys, tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    text = "inputs: {a: 32x32x3, b: 16x16x1}\nlayers:\n"
    text += "  - {conv: {filters: 2, kernel: 2, stride: 2}, from: a, name: c1}\n"
    text += "  - {conv1-2: , from: b, name: c2}\n  - {add: , from: [c1, c2]}\n"
    file.write_text(text, encoding="utf-8")
    assert run(["explain", str(file), "add1", "5,6,0"]) == 0
    out = capsys.readouterr().out
    assert "depends on height 10..11, width 12..13 of the net's 32x32x3, a" in out
    assert "depends on height 5..5, width 6..6 of the net's 16x16x1, b" in out
    assert run(["explain", str(file), "c2", "5,6,0"]) == 0
    out = capsys.readouterr().out
    assert "of the net's 16x16x1, b" in out and "32x32x3" not in out.split("depends on")[1]
    assert run(["explain", str(file), "add1", "5,6,0", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    found = [one for one in _values(told) if isinstance(one, dict) and "fields" in one]
    assert [one["fields"] for one in found] == [{"a": [10, 11, 12, 13], "b": [5, 5, 6, 6]}]


def _values(told: object) -> Iterator[object]:
    """Everything inside of an answer."""
    yield told
    inner = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    for one in inner:
        yield from _values(one)
