"""Names of files and options as shells, lists in YAML and habit hand them over."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def nets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("nets").mkdir()
    Path("nets/kws.yaml").write_text("input: 8x8x3\nlayers: [conv3-4]\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("check,--max-params 5M,nets", "no option --max-params 5M: write --max-params=5M"),
        ("check,--batch  8 ,nets", "write --batch=8"),
        ("check,--fix --write,nets", "write --fix and --write apart, each a word of its own"),
        ("check,--max-parms 5M,nets", "no option --max-parms 5M: did you mean --max-params?"),
        ("check, nets/kws.yaml", "there is nets/kws.yaml, without the blanks around it"),
        (
            "check,nets/*.yml",
            "no file nets/*.yml and no bundled net of that name: no file matches this pattern: "
            "did you mean nets/*.yaml?",
        ),
        (
            "check,nets/a*.yml",
            "no file matches this pattern; `convcalc check nets` finds specs below it",
        ),
        ("analyze,a*.yml", "no file matches this pattern; `convcalc check .` finds specs below it"),
        ("check,n?ts/*.yaml", "leave them out, and the shell names the files"),
        ("check,x?/*.yaml", "of that name: no file matches this pattern\n"),
        ("analyze,nets/kws.yaml,w=16", "values are given by an option: `--set w=16`"),
        ("check,nets/kws.yaml,batch=1", "values are given by an option: `--batch 1`"),
        ("analyze,relu*2", 'a pattern is given as `--net "relu*2"`'),
    ],
)
def test_what_was_meant_is_said(convcalc_, words: str, said: str) -> None:
    result = convcalc_(*words.split(","))
    assert result.exit_code == 2 and said in result.stderr, result.stderr
