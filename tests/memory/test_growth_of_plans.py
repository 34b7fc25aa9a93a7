"""Planning segments of twice as many layers is about twice the work, never four times."""

from collections.abc import Callable

import pytest

from convcalc.analysis.walk import analyze
from convcalc.memory import segment_blocks
from convcalc.memory.segment_costs import costs
from convcalc.memory.segments_named import SegmentError, spans
from convcalc.network.record import Network
from convcalc.spec.load import load
from tests.lines_run import lines_run


def chain(number: int) -> str:
    return "input: 8x8x4\nlayers:\n" + "- conv3-4\n- relu\n" * number


def fan(number: int) -> str:
    branches = "".join(f"- {{relu: , name: b{i}, from: conv1}}\n" for i in range(number))
    read = ", ".join(f"b{i}" for i in range(number))
    return f"input: 8x8x4\nlayers:\n- conv1-4\n{branches}- {{add: , from: [{read}]}}\n"


def network(text: str) -> Network:
    return load("a.yaml", text.encode())


def each(pattern: str, number: int) -> str:
    return ",".join(pattern.format(i) for i in range(1, number + 1))


@pytest.mark.parametrize("pattern", ["conv{0}", "conv{0}..relu{0}"])
def test_segments_are_looked_up_in_one_go(pattern: str) -> None:
    def work(number: int) -> int:
        net, text = network(chain(number)), each(pattern, number)
        return lines_run(lambda: spans(net, text))

    assert work(200) < 2.4 * work(100)


def test_blocks_are_looked_up_in_one_go() -> None:
    def looked_up(number: int) -> tuple[Network, str]:
        calls = "".join(f"- {{b: , name: a{i}}}\n" for i in range(1, number + 1))
        head = "input: 8x8x4\nblocks: {b: {layers: [conv1-4, relu]}}\nlayers:\n"
        return network(head + calls), each("a{0}", number)

    def work(number: int) -> int:
        net, text = looked_up(number)
        return lines_run(lambda: spans(net, text))

    assert work(200) < 2.4 * work(100)
    net, text = looked_up(3)
    assert spans(net, text) == ((1, 2), (3, 4), (5, 6))
    assert spans(net, "a1..a2.relu1,a3.conv1") == ((1, 4), (5, 5))
    for none in ("a", "a1.", "a1.conv", ".conv1"):
        with pytest.raises(SegmentError):
            spans(net, none)


@pytest.mark.parametrize("net", [chain, fan])
def test_cuts_are_chosen_in_one_go(net: Callable[[int], str]) -> None:
    def work(number: int) -> int:
        found = costs(analyze(network(net(number))), 2)
        return lines_run(lambda: segment_blocks.cuts(found))

    assert work(800) < 2.4 * work(400)
