"""Long runs of one letter or word in a file from a stranger take the time that reading them takes.

A pattern that tries every way to split a run takes its square or cube: minutes for 20 kB. Nothing
here reads a clock: the kernel ends the child that runs the cases after a minute of work, which is
some thirty times what they need.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no limits of a process's time")

_HEAD = "input: 32x32x3\n"
_LONG = 200_000
SPECS = {
    "blanks behind a brace": f"layers:\n  - {{relu: }}{' ' * _LONG},",
    "items without commas": f"layers: [\na {'[] a ' * (_LONG // 5)}",
    "keys without commas": f"layers: [\n{'a b: ' * (_LONG // 5)}",
    "brackets that close nothing": f"layers: [\n{'[' * 90}{'{ }' * (_LONG // 3)}",
    "blanks in a call": f'layers:\n  - "nn.Conv2d({" " * _LONG}x, 3, 3)"',
    "blanks in a call without quotes": f"layers:\n  - nn.Conv2d({' ' * _LONG}x, 3, 3)",
    "digits in quotes": f'layers:\n  - conv: {{filters: 8, kernel: "{"9" * _LONG}x"}}',
    "digits of a variable": f'vars: {{a: "{"9" * _LONG}x"}}\nlayers:\n  - fc: {{units: =a}}',
    "blanks in a list that is repeated": f"layers: [a{' ' * _LONG}b]x2",
    "blanks in a shape": f'layers:\n  - reshape: "1{" " * _LONG}x"',
    "blanks in an option": f'layers:\n  - conv: "8{" " * _LONG}3x"',
    "calls that view": "layers:\n" + f"  - x.view({' ' * 190}y\n" * 1000,
    "variables of other tools": "layers:\n" + f"  - 'conv3-${{{' ' * 190}'\n" * 1000,
    "blanks behind a branch": f"layers:\n  - add:\n      branches: [identity{' ' * _LONG}!, relu]",
    "dashes of a pattern over lines": f"layers:\n  - conv3-8\n    -{'- ' * (_LONG // 2)}!",
    "patterns over lines, each with a dash": "layers:\n" + '- "relu a\\x41 -\n relu"\n' * 40_000,
    "a dash in each line of an entry": "layers:\n- conv3-8\n" + "  relu -\n" * 20_000,
    "a dash in each line of quotes": "layers: 'conv3-8" + "\n  relu -" * 20_000 + "'",
    "a dash in each line of a folded text": "layers: >\n" + "  relu -\n" * 20_000,
    "dashes between words": f"layers: 'relu {'relu-' * (_LONG * 4 // 5)}relu'",
    "blanks in braces of a pattern": f'layers: "{{-: {" " * _LONG}"',
}
FILES = {
    "text of many pieces.prototxt": 'name: "a"\ninput: "data"\ninput_dim: 1\ninput_dim: 3\n'
    'input_dim: 8\ninput_dim: 8\nlayer { name: "a" type: "ReLU" bottom: "data" top: '
    + '"aaaaaaa" ' * 99_900
    + "}",
    "blanks behind self.py": "import torch\nclass Net(torch.nn.Module):\n    def __init__(self"
    + " " * _LONG,
    "brackets behind a line of one word.yaml": f"import torch\na: {'[{' * (_LONG // 2)}",
    "classes of modules.py": "import torch\n" + "class a(" * (_LONG // 8),
    **{f"{name}.yaml": f"{_HEAD}{spec}\n" for name, spec in SPECS.items()},
}
_CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from convcalc.cli import run
for name in sys.stdin.read().splitlines():
    print(name, file=sys.stderr, flush=True)
    code = run(["check", name])
    assert code in {0, 1, 2}, (name, code)
print("all", file=sys.stderr)
"""


def _ran(script: str, given: str, folder: Path) -> str:
    """What a child wrote about its steps."""
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=given,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": root},
        check=False,
    )
    return "\n".join(line[:300] for line in done.stderr.splitlines()[-4:])


def test_specs_and_model_files_end(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = _ran(_CHILD, "\n".join(FILES), tmp_path)
    assert said.endswith("all"), said


_OTHERS = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from convcalc.cli import run
print("a name in Markdown", file=sys.stderr, flush=True)
assert run(["analyze", "named.yaml", "--format", "markdown"]) == 0
print("kinds of a convention", file=sys.stderr, flush=True)
assert run(["analyze", "named.yaml", "--as", "convention.yaml"]) == 2
print("patterns of pyproject.toml", file=sys.stderr, flush=True)
assert run(["check", "."]) == 2
print("all", file=sys.stderr)
"""


def test_names_conventions_and_patterns_end(tmp_path: Path) -> None:
    named = f'name: "{"a@" * (_LONG // 2)}"\ninput: 8x8x3\nlayers: [relu]\n'
    (tmp_path / "named.yaml").write_text(named, encoding="utf-8")
    kinds = "relu," * (_LONG // 5)
    (tmp_path / "convention.yaml").write_text(
        "convention: mine\nunit: flop\nabout: x\noperations:\n"
        f'  ? "{kinds}"\n  : macs\n  rest: 0\nparameters: {{rest: owned}}\n',
        encoding="utf-8",
    )
    ranges = "".join("[\u0100-\uff00b]" for _ in range(45))
    patterns = ", ".join(f'"{"**/*" * 4}{ranges}{number}"' for number in range(350))
    config = f"[tool.convcalc]\ninclude = [{patterns}]\n"
    (tmp_path / "pyproject.toml").write_text(config, encoding="utf-8")
    said = _ran(_OTHERS, "", tmp_path)
    assert said.endswith("all"), said


_CODE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
from convcalc.interop.write.arguments import slots_of
from convcalc.interop.write.pytorch.slots import slots
from convcalc.interop.write.spec.names import pythonic
numbers = range(60_000)
print("arguments that Python renames", file=sys.stderr, flush=True)
assert len(set(pythonic(f"__argument{i}" for i in numbers).values())) == len(numbers)
line = f"B({', '.join(f'argument{i}={i}' for i in numbers)})"
print("numbers of a line of PyTorch", file=sys.stderr, flush=True)
assert [slot.keyword for slot in slots(line)] == [f"argument{i}" for i in numbers]
print("numbers of a body of Keras", file=sys.stderr, flush=True)
assert [slot.role for slot in slots_of(line, 3)] == [f"argument{i}" for i in numbers]
print("all", file=sys.stderr)
"""


def test_code_of_very_many_arguments_ends(tmp_path: Path) -> None:
    said = _ran(_CODE, "", tmp_path)
    assert said.endswith("all"), said
