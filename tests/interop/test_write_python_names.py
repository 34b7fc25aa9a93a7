"""Names that Python keeps for itself, of inputs, layers, blocks and arguments: code compiles."""

import builtins
import keyword
import warnings

import pytest

from convcalc.analysis.walk import analyze
from convcalc.interop.write.keras.net import write as keras
from convcalc.interop.write.pytorch.net import write as pytorch
from convcalc.interop.write.words import OWN_NAMES
from convcalc.spec.load import load

_NAMES = sorted(
    {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *OWN_NAMES, "__class__", "forward"}
    - {"input"}
)
_BESIDE = ("outer", "__debug__", "None")
_INPUTS = """
inputs: {{'{0}': 4x4x2, '{1}': 4x4x2}}
layers:
  - add: {{}}
    from: ['{0}', '{1}']
  - fc-3
"""
_LAYERS = """
input: 4x4x2
layers:
  - {{conv1-2: , name: '{0}', from: input}}
  - {{conv1-2: , name: '{1}', from: input}}
  - {{conv1-2: , name: c, from: input}}
  - {{conv1-2: , name: d, from: input}}
  - {{conv1-2: , name: '{0}.{1}', from: input}}
  - {{add: , from: [d, c, '{0}.{1}', '{1}', '{0}']}}
"""
_BLOCKS = """
input: 4x4x2
blocks:
  '{0}': {{args: {{'{1}': 2}}, layers: [{{conv: {{filters: '={1}', kernel: 1}}}}, relu]}}
  other: {{args: {{'{0}': 2}}, layers: [{{conv: {{filters: '=2*{0}', kernel: 1}}}}, tanh]}}
layers:
  - {{'{0}': {{}}}}
  - {{'{0}': {{'{1}': 3}}}}
  - other
  - {{other: {{'{0}': 4}}}}
"""


@pytest.mark.parametrize("spec", [_INPUTS, _LAYERS, _BLOCKS])
def test_code_with_names_that_python_keeps_for_itself_compiles(spec: str) -> None:
    written = 0
    for name in _NAMES:
        for beside in _BESIDE[: 1 if name not in _BESIDE else 3]:
            found = analyze(load("x.yaml", spec.format(name, beside).encode()))
            if name == beside or any(f.severity == "error" for f in found.findings):
                continue  # a name that formulas or kinds have
            written += 1
            for write in (pytorch, keras):
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    compile(write(found), f"{name}, {beside}", "exec")
    assert written > len(_NAMES) // 2
