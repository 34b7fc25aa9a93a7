"""What the network says of lifetimes, and what the simulated forward pass of memory/ does."""

import pytest

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.memory.forward import inference
from convcalc.memory.trace import VOLUME
from convcalc.spec.load import load


@pytest.mark.parametrize("name", ["alexnet", "densenet121", "googlenet", "unet", "mobilenet_v2"])
def test_volumes_go_when_the_network_says(name: str) -> None:
    analysis = analyze(load(name, zoo.read(name)))
    network = analysis.network
    storages = network.storages(analysis.shared_storage)
    last = network.last_readers(range(len(network.steps)), network.outputs)
    expected = network.lifetimes(storages, last)
    trace = inference(analysis)
    gone, start = {}, trace.begin
    for _, step, end in trace.marks:
        gone.update({~event: step for event in trace.events[start:end] if event < 0})
        start = end
    for tensor, (role, step) in enumerate(zip(trace.roles, trace.steps, strict=True)):
        if role == VOLUME:
            assert gone.get(tensor, len(network.steps)) == expected[step], network.steps[step].name
