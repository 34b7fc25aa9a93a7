"""Every statement of the CS231n notes against the command that shows it (`statements.yaml`).

The tables of docs/notes.md are made of the same rows: `pytest --update` writes them.
"""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from convcalc.cli import cli

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "notes.md"
SECTIONS = yaml.safe_load((HERE / "statements.yaml").read_text(encoding="utf-8"))
ROWS = [{**row, "section": one["section"]} for one in SECTIONS for row in one["rows"]]
RUN = [row for row in ROWS if "run" in row]
_TABLE = re.compile(r"(<!-- statements: ([^\n]*) -->\n).*?(<!-- end of statements -->)", re.S)

#: The notes' sections, in the notes' order.
ORDER = (
    "Architecture Overview",
    "Layers used to build ConvNets",
    "Convolutional Layer",
    "Pooling Layer",
    "Normalization Layer",
    "Fully-connected layer",
    "Converting FC layers to CONV layers",
    "Layer Patterns",
    "Layer Sizing Patterns",
    "Case studies",
    "VGGNet in detail",
    "Computational Considerations",
    "Additional Resources",
)

FILES = {
    "fractional.yaml": "input: 25x25x3\nlayers: [conv3-16, relu, {fractional_max_pool: "
    "{ratio: 1.5, overlapping: false}}, fc-10]\n",
    "keras-words.yaml": "input: 32x32x3\nlayers:\n"
    + "".join(
        f"  - conv: {{filters: 8, kernel: 3, {option}}}\n"
        for option in (
            "strides: 1",
            "padding: SAME",
            "data_format: channels_last",
            "dilation_rate: 1",
            "activation: relu",
            "use_bias: true",
            "kernel_initializer: glorot_uniform",
            "kernel_regularizer: l2",
            "kernel_constraint: max_norm",
        )
    )
    + "  - conv: {filters: 8, kernel_size: 3}\n",
}


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory):
    """The files that some commands name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("notes"))
        patch.setenv("COLUMNS", "80")
        for name, text in FILES.items():
            Path(name).write_text(text, encoding="utf-8")
        made = CliRunner().invoke(cli, ["convert", "vgg16", "--fc-to-conv"])
        Path("vgg16-conv.yaml").write_text(made.stdout, encoding="utf-8")
        yield
        said.cache_clear()


@cache
def said(command: str) -> str:
    """What a command prints, its blanks made one."""
    result = CliRunner().invoke(cli, shlex.split(command), standalone_mode=False)
    assert result.exception is None, (command, result.exception)
    return " ".join(result.stdout.split())


@pytest.mark.parametrize("row", RUN, ids=lambda row: f"{row['n']}-{row['section'][:20]}")
def test_the_command_shows_what_the_notes_say(row) -> None:
    printed = said(row["run"])
    assert row["shows"], "a row states numbers"
    for text in row["shows"]:
        assert text in printed, f"{row['section']}: {row['says']}"


def test_all_199_statements_are_accounted_for() -> None:
    assert sorted(row["n"] for row in ROWS) == list(range(1, 200))
    assert all(("run" in row) != ("why" in row) for row in ROWS)
    assert [row["n"] for row in ROWS if "why" in row] == [6, 7, 8, 198, 107, 190, 152, 180]


def test_the_page_goes_in_the_notes_order(request) -> None:
    """Each section's rows are on the page, below its heading, in the notes' order."""
    text = PAGE.read_text(encoding="utf-8")
    written = _TABLE.sub(lambda match: f"{match[1]}{table(match[2])}{match[3]}", text)
    if request.config.getoption("--update") and written != text:
        PAGE.write_text(written, encoding="utf-8")
        text = written
    assert text == written
    assert [match[2] for match in _TABLE.finditer(text)] == [one["section"] for one in SECTIONS]
    headings = re.findall(r"^##+ (.+)$", text, re.M)
    places = [headings.index(title) for title in ORDER]
    assert places == sorted(places)


def table(section: str) -> str:
    """The rows of one section in Markdown."""
    rows = next(one["rows"] for one in SECTIONS if one["section"] == section)
    lines = ["| the notes say | command | it prints |", "|---|---|---|"]
    for row in rows:
        if "why" in row:
            lines.append(f"| {_cell(row['says'])} | | {_cell(row['why'])} |")
            continue
        shown = ", ".join(f"`{text}`" if "`" not in text else text for text in row["shows"])
        shown = shown.replace("|", "\\|")
        lines.append(f"| {_cell(row['says'])} | `convcalc {row['run']}` | {shown} |")
    return "\n".join(["", *lines, "", ""])


def _cell(text: str) -> str:
    return text.replace("*", "\\*").replace("|", "\\|").replace("[", "\\[")
