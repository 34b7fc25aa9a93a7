"""A finding that is turned off, by a file, an option or the configuration, is not repaired."""

from pathlib import Path

import pytest

import convcalc
from convcalc.cli import run

LOSES = """\
input: 33x1
rounding: floor
layers:
  - conv: {filters: 8, kernel: 3, pad: 1}
  - relu
  - max_pool: {kernel: 2, stride: 2}
  - fc-10
"""


@pytest.mark.parametrize(
    ("spec", "options", "configured"),
    [
        (f"rules: {{CC103: false}}\n{LOSES}", [], ""),
        (f"rules: {{input-lost: false}}\n{LOSES}", [], ""),
        (LOSES, ["--ignore", "CC103"], ""),
        (LOSES, ["--select", "CC2"], ""),
        (LOSES, [], 'ignore = ["CC103"]'),
        (LOSES, [], 'select = ["CC2"]'),
        (LOSES, [], "rules = {CC103 = false}"),
    ],
)
@pytest.mark.parametrize("error", [False, True])
def test_what_is_turned_off_is_not_repaired(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spec: str,
    options: list[str],
    configured: str,
    error: bool,
) -> None:
    """Nor when an error beside it is."""
    spec = spec.replace("- relu", "- rellu") if error else spec
    (tmp_path / "pyproject.toml").write_text(f"[tool.convcalc]\n{configured}\n", encoding="utf-8")
    path = tmp_path / "net.yaml"
    path.write_text(spec, encoding="utf-8", newline="")
    monkeypatch.chdir(tmp_path)
    assert run(["check", "--fix", "--write", "net.yaml", *options]) == 0
    wanted = spec.replace("- rellu", "- relu")
    assert path.read_text(encoding="utf-8") == wanted
    out = capsys.readouterr().out
    assert "loses input" not in out and "no single edit" not in out
    assert run(["check", "--fix", "--write", "net.yaml", "--select", "CC103"]) == 0
    again = path.read_text(encoding="utf-8") != wanted
    assert again == ("rules:" not in spec)  # a file's own word stands


def test_python_and_a_stated_total_go_by_what_is_turned_off() -> None:
    spec = f"rules: {{CC103: false}}\n{LOSES}"
    assert convcalc.load(LOSES).repairs and not convcalc.load(spec).repairs
    stated = f"{spec}expect: {{output: 11}}\n"
    (repair,) = convcalc.load(stated).repairs
    assert repair.text == stated.replace("output: 11", "output: 10")
