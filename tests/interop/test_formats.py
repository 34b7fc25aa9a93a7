"""Every format that is read and everything that is written: at each door, in the docs, tested."""

import io
from pathlib import Path
from typing import get_args, get_overloads, get_type_hints

import pytest

import convcalc
from convcalc import zoo
from convcalc.cli import COMMANDS, run
from convcalc.cli.endings import endings_of
from convcalc.interop.formats import FORMATS, recognized
from convcalc.interop.read.model import Asked, read
from convcalc.study.errors import RequestError
from convcalc.study.exported import BINARY, TARGETS, Target, exported
from convcalc.study.outcome import Case
from tests.fuzz.test_fuzz import loaded
from tests.interop.conftest import Given

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "import.md").read_text(encoding="utf-8")
IMPORT, _, EXPORT = PAGE.partition("\n## Export\n")


def _help(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says of itself, above its options."""
    assert run([command, "--help"]) == 0
    return capsys.readouterr().out.partition("\nOptions:\n")[0].lower()


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_named_where_users_look(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert name in _help("import", capsys), f"cli/importing.py: the command's text has no {name}"
    assert name in IMPORT.lower(), f"docs/import.md: {name} has no line under From other tools"
    assert name in (convcalc.import_.__doc__ or "").lower(), f"api/models.py, `file`: no {name}"


class Counted(io.BytesIO):
    """A file that is read in parts of a known size; a whole one might never end."""

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None and size >= 0, "a reader asks for all bytes of a file: how many?"
        return super().read(size)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_has_a_fuzzed_sample_that_is_a_net(name: str) -> None:
    if name == "onnx":
        pytest.importorskip("onnx")
    fuzz = loaded("models")
    for data in fuzz.SAMPLES:
        path, file, asked = fuzz._as_file(data)
        found = asked or recognized(file[:512], path)
        if name == ({"archive": "pt2"}.get(found, found)):
            whole = io.BytesIO if found == "archive" else Counted
            flat = read(path, whole(file), Asked(format=asked))
            assert len(flat.items) > 1
            return
    raise AssertionError(
        f"SAMPLES of tests/fuzz/models.py has no file that is read as {name}, or another format is "
        "recognized first (interop/formats.py; interop/other_formats.py lists what is refused)"
    )


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_held_to_what_running_its_files_says(name: str, given: Given) -> None:
    own = HERE / f"test_{name}.py"
    text = own.read_text(encoding="utf-8") if own.exists() else ""
    assert f"{name}/expected.json" in given.files or "def test_" in text, (
        f"{own.name} is missing or has no test: parameters, MACs and sizes of files of "
        f"{name}, each from its own tool (or a folder of them in given.tar.xz, for test_sources.py)"
    )


@pytest.mark.parametrize("to", TARGETS)
def test_what_is_written_is_named_where_users_look(
    to: Target, capsys: pytest.CaptureFixture[str]
) -> None:
    assert to in _help("export", capsys), f"cli/export.py: the command's text has no {to}"
    assert to in COMMANDS["export"].lower(), f"cli/__init__.py: the line of export has no {to}"
    calls = [get_type_hints(call)["to"] for call in get_overloads(convcalc.export)]
    assert to in {name for literal in calls for name in get_args(literal)}, (
        f"api/models.py: no overload of `export` says whether {to} is str or bytes"
    )
    assert f'"{to}"' in (convcalc.export.__doc__ or ""), f"api/models.py, `to`: no {to}"
    assert endings_of(to), f"cli/endings.py: no ending of a file's name holds {to}"
    assert f"--to {to}" in EXPORT, f"docs/import.md: no line `--to {to}` under Export"
    own = HERE / f"test_write_{to}.py"
    assert own.exists() and "def test_" in own.read_text(encoding="utf-8"), (
        f"{own.name} is missing or has no test: it runs what is written of every bundled "
        "net in its own tool and compares sizes, parameters and MACs"
    )


@pytest.mark.parametrize("to", TARGETS)
def test_bundled_nets_are_written_or_their_layers_refused_by_name(to: Target) -> None:
    if to in BINARY:
        pytest.importorskip(to)
    written = 0
    for name in zoo.names()[::6]:
        try:
            _, made = exported(Case(name), to)
        except RequestError as error:
            assert f"{to} has no counterpart of some layers: " in str(error), name
            continue
        assert isinstance(made, bytes if to in BINARY else str), (
            f"BINARY of study/exported.py: {to}"
        )
        assert made == exported(Case(name), to)[1], f"{name}: the same net, another text"
        written += 1
    assert written, f"{to}: no bundled net can be written"
