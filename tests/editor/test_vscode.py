"""The VS Code extension's manifest and commands against what the server takes. No npm is needed."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import convcalc
from convcalc.editor import asked
from convcalc.editor.hints import OUTPUT, SHOWN

ROOT = Path(convcalc.__file__).resolve().parent.parent / "editors" / "vscode"
if not ROOT.is_dir():
    pytest.skip("this is an installed convcalc", allow_module_level=True)
MANIFEST = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
PROPERTIES = MANIFEST["contributes"]["configuration"]["properties"]


def words(pattern: str, path: str = "server.ts") -> list[str]:
    """The strings of a list in a source file."""
    found = re.search(pattern, (ROOT / "src" / path).read_text(encoding="utf-8"))
    assert found is not None, pattern
    return json.loads(f"[{found[1]}]")


def test_the_extension_and_the_server_are_of_one_version() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert MANIFEST["version"] == convcalc.__version__ == lock["packages"][""]["version"]


def test_the_settings_are_those_of_the_server() -> None:
    sent = words(r"KEYS = \[(.*?)\] as const", "settings.ts")
    assert tuple(sent) == asked.KEYS
    assert {f"convcalc.{key}" for key in sent} <= PROPERTIES.keys()
    assert PROPERTIES["convcalc.inlayHints"]["items"]["enum"] == [OUTPUT, *SHOWN]
    defaults = {key: PROPERTIES[f"convcalc.{key}"]["default"] for key in sent}
    assert asked.asked(defaults) == asked.asked(None)


def test_words_are_completed_as_they_are_typed() -> None:
    # to VS Code a plain word of YAML is a string, in which it proposes nothing on its own
    own = MANIFEST["contributes"]["configurationDefaults"]["[convcalc]"]
    assert own["editor.quickSuggestions"]["strings"] == "on" and own["editor.tabSize"] == 2


def test_the_examples_in_the_settings_can_be_used() -> None:
    text = PROPERTIES["convcalc.settings"]["markdownDescription"]
    settings = json.loads(re.search(r"`(\{.*\})`", text)[1])
    device = re.search(r"such as `(.*?)`", PROPERTIES["convcalc.device"]["markdownDescription"])[1]
    found = asked.asked({"settings": settings, "device": device})
    assert found.complaints == () and found.device is not None


def test_every_dependency_is_pinned_to_one_version() -> None:
    assert "dependencies" not in MANIFEST  # all of it is bundled
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", one) for one in MANIFEST["devDependencies"].values())


def test_what_the_manifest_names_is_there() -> None:
    contributed = MANIFEST["contributes"]
    named = [MANIFEST["icon"], *(one["path"] for one in contributed["grammars"])]
    named += [one["configuration"] for one in contributed["languages"]]
    assert all((ROOT / name).is_file() for name in named)
    kept = (ROOT / ".vscodeignore").read_text(encoding="utf-8").split()
    assert {f"!{name.removeprefix('./')}" for name in [*named, MANIFEST["main"]]} <= set(kept)
    code = (ROOT / "src" / "extension.ts").read_text(encoding="utf-8")
    assert all(f'registerCommand("{one["command"]}"' in code for one in contributed["commands"])


@pytest.mark.parametrize(
    "pattern", [r"command: python, args: \[(.*?)\]", r"command: path, args: \[(.*?)\]"]
)
def test_the_server_starts_as_the_extension_starts_it(pattern) -> None:
    pytest.importorskip("pygls")
    arguments = words(pattern)
    start = [] if "-m" in arguments else ["-m", "convcalc"]
    # the extension tries a server so: without an editor it ends at once, and says nothing
    tried = subprocess.run(
        [sys.executable, *start, *arguments], stdin=subprocess.DEVNULL, capture_output=True
    )
    assert (tried.returncode, tried.stdout, tried.stderr) == (0, b"", b"")


def test_a_server_without_its_extra_says_what_to_type() -> None:
    arguments = words(r"command: python, args: \[(.*?)\]")
    hidden = "import sys; sys.modules['pygls'] = None; from convcalc.__main__ import main; "
    given = ["-c", f"{hidden}sys.argv = ['convcalc', 'lsp']; sys.exit(main())"]
    tried = subprocess.run(
        [sys.executable, arguments[0], *given], stdin=subprocess.DEVNULL, capture_output=True
    )
    assert tried.returncode == 2
    assert b"pip install 'convcalc[lsp]'" in tried.stderr.strip().splitlines()[-1]
