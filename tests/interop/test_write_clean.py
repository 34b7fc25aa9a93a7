"""All code that `export` writes passes ruff's own rules, and PyTorch's also `mypy --strict`.

mypy reads torch's own types here: what a module gives is of any type, and some methods of tensors
have none.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.interop.write.keras.net import write as keras_code
from convcalc.interop.write.pytorch.net import write as pytorch
from convcalc.interop.write.words import CannotWriteError
from convcalc.spec.load import load
from tests.every_kind import NETS, text_of
from tests.interop.nets import LAYERS, NAMES, analysis, one
from tests.interop.test_write_own import OWN

_CONV = "conv: {filters: 4, kernel: 1}"

#: what code of layers one after the other does not have: towers, values that nothing reads, names
FORMS = {
    "towers": """inputs: {left: 16x16x3, right: 16x16x3}
blocks: {tower: {layers: [conv3-8, relu, pool2, fc-5]}}
layers:
  - {tower: , name: l, from: left}
  - {tower: , name: r, from: right, weights: l}
  - concat:
    from: [l, r]
""",
    "one_of_several_inputs": f"""inputs: {{l: 16x16x4, O: 4x4x1}}
layers:
  - {{{_CONV}, from: l}}
""",
    "unread": f"""input: 16x16x4
layers:
  - {{{_CONV}, name: a}}
  - relu
  - {{{_CONV}, from: a}}
""",
    "unread_in_blocks": f"""input: 16x16x4
blocks:
  b:
    args: {{n: , on: 1}}
    layers:
      - {{conv: {{filters: =n, kernel: 1}}, name: a}}
      - {{{_CONV}, when: =on==1}}
      - {{max_pool: {{kernel: 2}}, from: a}}
layers:
  - {{b: 4, times: 2}}
  - b: {{n: 6, on: 0}}
""",
    "letters": f"""input: 16x16x4
blocks:
  l:
    layers:
      - {{{_CONV}, name: O}}
      - {{{_CONV}, name: I}}
      - add:
        from: [O, I]
layers: [l, {{l: , name: l}}, {{repeat: {{times: 4, layers: [conv3-4, relu]}}}}]
""",
    "read_inside": f"""input: 16x16x4
blocks:
  b: {{layers: [{{{_CONV}, name: a}}, relu, {{{_CONV}, name: c}}]}}
layers:
  - {{b: , name: one}}
  - {{b: , name: two, weights: one}}
  - add:
    from: [one.a, two]
""",
}


def nets() -> Iterator[tuple[str, Analysis]]:
    for name in NAMES:
        yield name.replace("-", "_"), analysis(name)
    for at, layers in enumerate(LAYERS):
        yield f"layers{at}", one(layers)
    for at, (shape, layer) in enumerate(OWN):
        yield f"own{at}", one(f"  - {layer}\n", shape)
    for at, (shape, layers) in enumerate(NETS):
        yield f"kind{at}", analyze(load("net.yaml", text_of(shape, layers).encode()))
    for name, text in FORMS.items():
        yield name, analyze(load("net.yaml", text.encode()))


def clean(words: list[str], folder: Path) -> None:
    command = [sys.executable, "-m", *words]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if "No module named" in done.stderr:
        pytest.skip(f"{words[0]} is not installed")
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_and_mypy_have_nothing_to_say(tmp_path: Path) -> None:
    code = {"torch": tmp_path / "torch_code", "keras": tmp_path / "keras_code"}
    for folder in code.values():
        folder.mkdir()
    for name, found in nets():
        for tool, write in (("torch", pytorch), ("keras", keras_code)):
            try:
                (code[tool] / f"net_{name}.py").write_text(write(found))
            except CannotWriteError:  # whose kinds test_write_own.py names
                continue
    clean(["ruff", "check", "--isolated", "--no-cache", "."], tmp_path)
    pytest.importorskip("torch")
    clean(["mypy", "--strict", "--cache-dir", str(tmp_path / ".cache"), "."], code["torch"])
