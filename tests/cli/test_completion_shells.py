"""What bash, zsh and fish make of the answers that they are given: each where it is installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_BASH = """
eval "$(_CONVCALC_COMPLETE=bash_source convcalc)"
COMP_WORDS=(convcalc explain vnet.yaml s); COMP_CWORD=3
_convcalc_completion convcalc s explain
echo "${COMPREPLY[*]}"
"""
_FISH = """
_CONVCALC_COMPLETE=fish_source convcalc | source
complete -C "convcalc explain vnet.yaml s"
complete -C "convcalc explai"
complete -C "convcalc analyze a,"
"""
_ZSH = """
eval "$(_CONVCALC_COMPLETE=zsh_source convcalc 2>&1)" 2>/dev/null
whence -w _convcalc_completion
COMP_WORDS="convcalc explain vnet.yaml s" COMP_CWORD=3 _CONVCALC_COMPLETE=zsh_complete convcalc
"""


#: lines that are typed into a zsh of its own, with Tab behind them
_ZSH_TYPED = """
zmodload zsh/zpty
zpty typed zsh -f -i
zpty -w typed 'PS1=; autoload -U compinit; compinit -u -D
eval "$(_CONVCALC_COMPLETE=zsh_source convcalc)"
show() { print -r -- "LI""NE[$BUFFER]"; BUFFER= }; zle -N show; bindkey "^X" show'
for line in "analyze vnet.yaml --precision=am" "fit vgg16 --device=jetson-orin-nan" \\
    "explain vnet.yaml st" "analyze --weights=vne" "check --format js"; do
  zpty -w -n typed "convcalc $line"$'\\t\\x18'
  zpty -r -m typed shown '*LINE\\[*\\]*'
  print -r -- ${${shown##*LINE\\[}%%\\]*}
done
"""
_ZSH_SHOWN = """\
convcalc analyze vnet.yaml --precision=amp-
convcalc fit vgg16 --device=jetson-orin-nano
convcalc explain vnet.yaml stem
convcalc analyze --weights=vnet.yaml
convcalc check --format json"""


@pytest.mark.parametrize(
    ("shell", "script", "said"),
    [
        ("bash", _BASH, "stem"),
        (
            "fish",
            _FISH,
            "stem\tconv\nexplain\tExplain a layer with its own numbers, a...\na,b.yaml",
        ),
        ("zsh", _ZSH, "_convcalc_completion: function\nplain\nstem\nconv"),
        ("zsh", _ZSH_TYPED, _ZSH_SHOWN),
    ],
)
def test_the_shell_itself(tmp_path: Path, shell: str, script: str, said: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    spec = "input: 8x8x3\nlayers:\n  - conv: {filters: 4, kernel: 3}\n    name: stem\n"
    (tmp_path / "vnet.yaml").write_text(spec, encoding="utf-8")
    (tmp_path / "a,b.yaml").write_text(spec, encoding="utf-8")
    start = tmp_path / "bin" / "convcalc"
    start.parent.mkdir()
    start.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(_ROOT)!r})\n"
        "from convcalc.cli import run\nsys.exit(run())\n",
        encoding="utf-8",
    )
    start.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{start.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        [program, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    shown = [line.rstrip() for line in done.stdout.strip().splitlines()]
    assert "\n".join(shown) == said, done.stderr
