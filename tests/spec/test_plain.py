"""A network written out reads as the same network."""

from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from convcalc.spec.plain import written_out

SPEC = b"""
inputs: {image: 7x9x3, depth: 6x6x8}
layers:
  - relu:
    from: depth
  - fc: {units: 10}
  - fc: {units: 5}
    from: image
outputs: [fc1]
"""


def test_the_first_layer_names_the_last_of_several_inputs() -> None:
    network = load("net.yaml", SPEC)
    again = load("again.yaml", written_out(network, {}).encode())
    assert [step.inputs for step in again.steps] == [step.inputs for step in network.steps]
    assert analyze(again).totals.params == 6 * 6 * 8 * 10 + 10 + 7 * 9 * 3 * 5 + 5
