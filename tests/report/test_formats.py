"""The table of formats: every command's choices follow from it, and every renderer fits in."""

import ast
from importlib import import_module
from pathlib import Path

import pytest
from click import Choice

import convcalc
from convcalc.cli import cli
from convcalc.report.formats import FORMATS, formats

REPORT = Path(convcalc.__file__).parent / "report"
MODULES = sorted({module for choices in FORMATS.values() for module in choices.values()})


@pytest.mark.parametrize("command", [name for name in FORMATS if " " not in name])
def test_the_choices_of_format_are_the_table(command: str) -> None:
    found = cli.get_command(None, command)  # type: ignore[arg-type]
    (option,) = [p for p in found.params if "--format" in p.opts]
    assert isinstance(option.type, Choice)
    assert tuple(option.type.choices) == formats(command)
    assert option.default == formats(command)[0]


def test_forms_of_a_command_have_its_formats() -> None:
    for name in FORMATS:
        if name != "analyze --side-by-side":  # a table for text, refused elsewhere
            same = formats(name) == formats(name.split()[0])
            assert same, f"`{name}` has a renderer for every format of `{name.split()[0]}`"


@pytest.mark.parametrize("module", MODULES)
def test_a_renderer_takes_a_view_and_a_palette(module: str) -> None:
    render = import_module(f"convcalc.report.{module}").render
    assert render.__code__.co_argcount == 2
    assert render.__code__.co_varnames[1] == "palette"


@pytest.mark.parametrize("path", sorted(REPORT.rglob("*.py")), ids=lambda p: p.stem)
def test_a_renderer_starts_no_other(path: Path) -> None:
    """What two formats say belongs to their view: no `render` is called by another module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert "render" not in {alias.name for alias in node.names}
