"""Folding: a net whose branches ran side by side has other peaks of memory, and import says so."""

from convcalc.analysis.walk import analyze
from convcalc.difference.compare import difference
from convcalc.interop.fold.prove import proved
from convcalc.interop.fold.spec import flat_text, write
from convcalc.interop.network import network_of
from convcalc.memory.summary import memory_of
from convcalc.network.record import Network
from convcalc.report.diff.text import render
from convcalc.report.diff.view import DiffView
from convcalc.spec.load import load
from tests.interop.stated_programs import CONV, SHAPES, call, program, tensor
from tests.interop.test_fold_regions import Net


def scales(net: Net, breadth_first: bool) -> list[int]:
    """Four enlargements with a conv on each: all enlarged first, or each with its conv."""
    if breadth_first:
        enlarged = [net.add("upsample", net.x, scale=2) for _ in range(4)]
        return [net.add("conv", one, filters=2, kernel=3, pad=1) for one in enlarged]
    convs = []
    for _ in range(4):
        up = net.add("upsample", net.x, scale=2)
        convs.append(net.add("conv", up, filters=2, kernel=3, pad=1))
    return convs


def peaks(network: Network) -> tuple[int, int]:
    """The most bytes in inference and in training, for one image."""
    memory = memory_of(analyze(network))
    assert memory is not None and memory.training is not None
    return memory.inference.peak, memory.training.peak


def test_another_order_is_told_with_both_peaks() -> None:
    net = Net()
    flat = net.flat(net.add("concat", *scales(net, breadth_first=True)))
    made = write(flat)
    assert made.folded
    here, there = (peaks(one)[0] for one in (load("a", made.text.encode()), network_of(flat)))
    assert here < there
    said = f"layers run in another order: with batch 1 inference peaks at {here:,} bytes"
    assert f"folded, {said}, the model's at {there:,}" in made.remark
    assert "--flat keeps the order" in made.remark
    assert peaks(load("a", flat_text(flat).encode())) == peaks(network_of(flat))
    assert write(flat, folded=False).remark == ""


def test_of_the_model_s_own_order_nothing_is_said() -> None:
    net = Net()
    flat = net.flat(net.add("concat", *scales(net, breadth_first=False)))
    made = write(flat)
    assert (made.folded, made.remark) == (True, "")
    assert peaks(load("a", made.text.encode())) == peaks(network_of(flat))


def test_another_order_with_the_same_peaks_is_no_news() -> None:
    """Two classes of one vector, computed side by side far from the peak."""
    net = Net()
    vector = net.add("global_avg_pool", net.conv(net.x, 64))
    first = [net.add("relu", vector), net.add("sigmoid", vector)]
    flat = net.flat(net.add("concat", *(net.add("fc", one, units=3) for one in first)))
    made = write(flat)
    assert (made.folded, made.remark) == (True, "")


def test_joins_that_are_made_one_after_another_are_told_apart() -> None:
    """As DenseNet in PyTorch: each layer joins all that came before."""
    net = Net()
    found = [net.x]
    for _ in range(6):
        joined = net.add("concat", *found) if len(found) > 1 else found[0]
        found.append(net.conv(joined, 8))
    flat = net.flat(net.add("concat", *found))
    made = write(flat)
    assert made.folded and "joins of many are made one after another" in made.remark


def test_diff_says_why_memory_differs_where_no_layer_does() -> None:
    net = Net()
    flat = net.flat(net.add("concat", *scales(net, breadth_first=True)))
    folded, model = load("a", write(flat).text.encode()), network_of(flat)
    found = difference(analyze(model), analyze(folded))
    shown = render(DiffView(found, []))
    assert "no layer differs" in shown
    assert "the same layers run in another order: inference peaks at other bytes" in shown
    same = difference(analyze(model), analyze(load("a", flat_text(flat).encode())))
    assert "another order" not in render(DiffView(same, []))


def test_branches_leave_a_layer_behind_the_one_whose_weights_it_uses() -> None:
    """A recurrent cell written out: `a(x) + h(state)`, where the first state is `a(x)` as well."""
    padding = {"padding": {"as_ints": [1, 1]}}
    calls = [CONV]
    for x, weight, made in (("y0", "v", "h0"), ("x", "w", "y1")):
        given: dict[str, object] = {"input": tensor(x), "weight": tensor(weight), **padding}
        calls.append(call("conv2d.default", given, made))
    calls.append(call("add.Tensor", {"self": tensor("y1"), "other": tensor("h0")}, "z"))
    shapes = {**SHAPES, "v": SHAPES["w"], **dict.fromkeys(("h0", "y1", "z"), SHAPES["y0"])}
    flat = program(calls, shapes, "z", {"w": "a.weight", "v": "h.weight"})
    made = write(flat)
    assert made.folded and made.remark == ""
    assert proved(made.text, flat) == ""
