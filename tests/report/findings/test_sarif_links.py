"""SARIF reads `[text](address)` in a plain message as a link: a spec's own words make none."""

import json
from pathlib import Path

from click.testing import CliRunner

from convcalc.report.findings.sarif import unlinked
from tests.in_process import MAIN


def test_brackets_of_a_spec_make_no_link(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    keys = '{"[click](https://evil.example)": 1, "[x](0)": 2, filters: [3, 4, 5]}'
    Path("s.yaml").write_text(f"input: 32x32x3\nlayers:\n  - conv: {keys}\n", encoding="utf-8")
    done = CliRunner().invoke(MAIN, ["check", "s.yaml", "--format", "sarif"])
    texts = [one["message"]["text"] for one in json.loads(done.stdout)["runs"][0]["results"]]
    assert any(r"\[click\](https://evil.example)" in text for text in texts)
    assert not any("'[click](" in text or "'[x](" in text for text in texts)


def test_what_could_be_no_link_stays_as_it_is() -> None:
    assert unlinked("stride [2, 2] (a)") == "stride [2, 2] (a)"
    assert unlinked(r"\[a](b)") == r"\\\[a\](b)"
