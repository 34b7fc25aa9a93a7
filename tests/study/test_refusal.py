"""What `check` refuses, every command refuses: with the same located text, and exit code 1."""

from pathlib import Path

import pytest

from convcalc.cli import run

TESTS = Path(__file__).resolve().parent.parent
CORPUS = sorted(
    [*TESTS.glob("spec/bad/*.yaml"), *TESTS.glob("report/findings/specs/*.yaml")],
    key=lambda path: path.name,
)
#: Faults that reading alone does not see: they need the analysis, memory or the rules.
LATER = {
    "weights": "input: 8x8x3\nlayers: [conv3-4, {conv: {filters: 4, kernel: 3}, weights: nosuch}]",
    "shapes": "input: 8x8x3\nlayers: [conv3-4, {conv: {filters: 4, kernel: 3}, weights: conv1}]",
    "expect": "input: 8x8x3\nlayers: [conv3-4]\nexpect: {params: 5}",
    "budget": "input: 8x8x3\nlayers: [conv3-4]\nbudget: {macs: 5}",
    "memory": "input: 8x8x3\nlayers: [conv3-4]\nbudget: {training_memory: 5KiB}",
    "rules": "input: 8x8x3\nlayers: [conv3-4]\nrules: {large-kernel: {largst: 5}}",
    "size": "input: 8x8x3\nlayers: [conv3-4, {conv: {filters: 4, kernel: 9, pad: 0}}]",
}
COMMANDS = {
    "analyze": (),
    "verify": (),
    "equivalence": ("--equivalence",),
    "fit": ("--memory", "1GiB"),
    "sizes": (),
    "convert": ("--fc-to-conv",),
    "diff": ("vgg16",),
    "explain": (),
    "demo": (),
}


def blocks(text: str) -> list[str]:
    """The findings that are errors, each as it is written out."""
    return [block.rstrip() for block in text.split("\n\n") if block.startswith("error[")]


def refused(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["check", path, "--no-advice"])
    expected = blocks(capsys.readouterr().out)
    for command, arguments in COMMANDS.items():
        word = "verify" if command == "equivalence" else command
        layer = first_layer(path) if command == "explain" else ()
        found = run([word, path, *layer, *arguments])
        out, err = capsys.readouterr()
        assert (found != 0) == (code != 0), command
        assert all(block in out + err for block in expected), (command, err)
        assert "Traceback" not in err and found != 3, command
        if code:
            assert found == 1, (command, err)


def first_layer(path: str) -> tuple[str, ...]:
    from convcalc.study.outcome import Case, study

    steps = study(Case(path)).network.steps
    return (steps[1 if len(steps) > 1 else 0].name,)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_broken_file_is_refused_by_every_command(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    if run(["check", path.name, "-q"]) == 0:
        return  # warnings and notes stop nothing: what a command then says is tested elsewhere
    refused(path.name, capsys)


@pytest.mark.parametrize("name", LATER)
def test_what_only_an_analysis_sees_is_refused_too(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(LATER[name], encoding="utf-8")
    assert run(["check", "net.yaml", "-q"]) == 1
    refused("net.yaml", capsys)


def test_the_corpus_is_there() -> None:
    assert len(CORPUS) > 12
