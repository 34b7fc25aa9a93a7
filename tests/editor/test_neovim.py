"""Neovim without a screen, with the lines that docs/editors.md gives; where it is installed."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import convcalc

pytest.importorskip("pygls")
NEOVIM = shutil.which("nvim")
ROOT = Path(convcalc.__file__).resolve().parent.parent
if NEOVIM is None:
    pytest.skip("Neovim is not installed", allow_module_level=True)

NET = """\
input: 32x32x3
layers:
  - conv: {filters: 16, kernel: 3, pad: 1}
    name: first
  - rellu
  - identity:
    from: first
"""


def test_a_spec_is_checked_repaired_and_renamed(tmp_path) -> None:
    net, lines, out = (tmp_path / name for name in ("net.yaml", "lines.lua", "out.json"))
    net.write_text(NET)
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```lua\n(.*?)^```$", page, re.M | re.S)
    lines.write_text(block)
    program = tmp_path / "bin" / "convcalc"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m convcalc \"$@\"\n")
    program.chmod(0o755)
    folders = {f"XDG_{name}_HOME": str(tmp_path) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    done = subprocess.run(
        [NEOVIM, "--headless", "-n", "-i", "NONE", "-u", "NONE", str(net),
         "-S", str(Path(__file__).with_name("neovim.lua"))],
        env=os.environ | folders | {
            "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
            "CONVCALC_LINES": str(lines), "CONVCALC_OUT": str(out),
        },
        cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300,
    )  # fmt: skip
    assert out.exists(), done.stderr
    saw = json.loads(out.read_text())
    assert saw["before"] == ["CC011"] and saw["action"] == "Change rellu to relu"
    convs = {"→ 32x32x16", "→ 32x32x16, 448 params"}  # the second with the settings of the page
    assert saw["hints"][0] in convs and saw["hints"][1:] == ["→ 32x32x16"] * 2
    assert "(32 - 3 + 2*1)/1 + 1 = 32" in saw["hover"] and saw["lens"].startswith("448 params")
    assert "\n".join(saw["after"]) + "\n" == NET.replace("rellu", "relu").replace("first", "stem")
