"""The pictures in README and docs/ are drawn again: none shows what no command prints."""

import re
from html import unescape
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

import convcalc

ROOT = Path(convcalc.__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
if not FOLDER.is_dir():
    pytest.skip("this is an installed convcalc", allow_module_level=True)
_SPEC = spec_from_file_location("draw", FOLDER / "draw.py")
assert _SPEC is not None and _SPEC.loader is not None
draw = module_from_spec(_SPEC)
_SPEC.loader.exec_module(draw)


@pytest.mark.parametrize("name", draw.PICTURES)
def test_a_picture_is_what_its_command_prints_now(name, golden) -> None:
    golden(FOLDER / name, draw.drawn(name))


@pytest.mark.parametrize("name", draw.PICTURES)
def test_a_picture_holds_every_word_and_loads_nothing(name) -> None:
    command, columns = draw.PICTURES[name]
    text = (FOLDER / name).read_text(encoding="utf-8")
    shown = " ".join(unescape(words) for words in re.findall(r"<text[^>]*>([^<]*)</text>", text))
    printed = draw._CODE.sub("", draw.output(command, columns))
    assert shown.split() == ["$", *command.split(), *printed.split()]
    assert text.count("http") == 1  # the name of the format itself


def test_words_keep_their_columns_and_colours() -> None:
    found = draw.svg("x", 20, "a b  \x1b[1;31mc<\x1b[0m d\n")
    cell, edge = draw._CELL, draw._EDGE
    assert f'x="{edge:.1f}" y="74" textLength="{3 * cell:.1f}">a b<' in found
    assert f'x="{edge + 5 * cell:.1f}" y="74"' in found and 'class="c1 c31">c&lt;<' in found
    assert f'x="{edge + 8 * cell:.1f}" y="74" textLength="{cell:.1f}">d<' in found


def test_every_picture_is_shown_and_none_is_left_over() -> None:
    assert {path.name for path in FOLDER.glob("*.svg")} == set(draw.PICTURES)
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    for name, (command, _) in draw.PICTURES.items():
        (words,) = re.findall(rf"!\[([^\]]*)\]\([^)]*pictures/{re.escape(name)}\)", text)
        assert f"`{command}`" in words  # whoever cannot see it reads what it is


def test_the_readme_of_the_package_index_leads_to_the_same_files() -> None:
    pytest.importorskip("hatchling", reason="the build backend is not in this environment")
    spec = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None and spec.loader is not None
    build = module_from_spec(spec)
    spec.loader.exec_module(build)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.compile(r"\]\(([^)]*)\)")
    relative = [link for link in links.findall(text) if ":" not in link]
    made = links.findall(build.absolute(text))
    assert relative and all(link.startswith("https://") for link in made)
    for link in relative:
        assert sum(one.endswith(f"/main/{link}") for one in made) == text.count(f"]({link})"), link
    assert any(link.startswith("https://raw.") and link.endswith(".svg") for link in made)
    assert build.absolute("[a](#b) [c](https://d) ![e](f.svg)").startswith("[a](#b) [c](https://d)")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'Homepage = "{build.HOME}"' in project
