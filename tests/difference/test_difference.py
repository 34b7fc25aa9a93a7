"""`convcalc diff`: which layers are the same, what became of the totals, the gate."""

import json
from collections.abc import Hashable
from fractions import Fraction
from pathlib import Path

import pytest

from convcalc import zoo
from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.difference.compare import difference
from convcalc.difference.record import Allowance, Difference, LayerChange
from convcalc.difference.totals import passed
from convcalc.layers.conv import Conv
from convcalc.network.record import Step
from convcalc.report.diff import json as diff_json
from convcalc.report.diff import view
from convcalc.report.diff.view import DiffView, remarks
from convcalc.report.formats import rendered
from convcalc.shapes import Shape
from convcalc.spec.load import load

ROOT = Path(zoo.__file__).parents[1]


def net(layers: str, size: str = "32x32x8") -> Analysis:
    return analyze(load("a.yaml", f'input: {size}\nlayers: "{layers}"\n'.encode()))


def compare(old: str, new: str) -> Difference:
    return difference(net(old), net(new))


def names(found: Difference) -> tuple[list[str], list[str], list[tuple[str, str, bool]]]:
    return (
        [row.step.name for row in found.added],
        [row.step.name for row in found.removed],
        [(c.before.step.name, c.after.step.name, c.ripple) for c in found.changed],
    )


def totals(found: Difference) -> dict[str, tuple[int | None, int | None]]:
    return {total.name: (total.before, total.after) for total in found.totals}


def test_a_net_equals_itself() -> None:
    assert names(compare("conv3-8 relu pool2 fc-10", "conv3-8 relu pool2 fc-10")) == ([], [], [])


def test_an_inserted_layer_renumbers_nothing_but_ripples() -> None:
    found = compare(
        "conv3-8 relu conv3-8 relu fc-10", "conv5-8 relu conv3-8 relu conv3-8 relu fc-10"
    )
    assert names(found) == (["conv1", "relu1"], [], [])


def test_a_changed_layer_and_what_is_downstream_of_it() -> None:
    found = compare("conv3-8 relu conv3-8 relu fc-10", "conv3-8 relu conv3-4 relu fc-10")
    assert names(found) == (
        [],
        [],
        [("conv2", "conv2", False), ("relu2", "relu2", True), ("fc1", "fc1", True)],
    )
    # conv2: 9*8*8+8 -> 9*8*4+4; fc: 32*32*8*10+10 -> 32*32*4*10+10
    assert found.totals[1].before == 584 + 584 + 81_930
    assert found.totals[1].after == 584 + 292 + 40_970


def test_the_stack_of_the_notes() -> None:
    old, new = net("conv7-64", "56x56x64"), net("conv3-64 relu conv3-64 relu conv3-64", "56x56x64")
    found = difference(old, new)
    assert totals(found)["weights"] == (49 * 64 * 64, 27 * 64 * 64)
    assert names(found) == (["relu1", "conv2", "relu2", "conv3"], [], [("conv1", "conv1", False)])


def test_given_names_say_which_layer_is_new() -> None:
    spec = "input: 8x8x4\nlayers:\n{}"
    lines = [f"  - {{conv3-4: , name: {name}}}\n" for name in ("a", "b", "c")]
    old = analyze(load("a.yaml", spec.format(lines[0] + lines[2]).encode()))
    new = analyze(load("a.yaml", spec.format("".join(lines)).encode()))
    assert names(difference(old, new)) == (["b"], [], [])


def test_another_input_is_a_change_of_its_own() -> None:
    found = difference(net("conv3-8"), net("conv3-8", "16x16x8"))
    assert names(found)[2] == [("input", "input", False), ("conv1", "conv1", True)]


def test_differences_mirror_each_other() -> None:
    for old, new in (("vgg16", "vgg19"), ("resnet50", "resnet50-v1"), ("nin", "vgg11")):
        a, b = (analyze(load(name, zoo.read(name))) for name in (old, new))
        there, back = difference(a, b), difference(b, a)
        assert [len(part) for part in names(there)[:2]] == [len(p) for p in names(back)[1::-1]]
        for total, mirrored in zip(there.totals, back.totals, strict=True):
            assert total.increase == -mirrored.increase


def test_the_layers_add_up() -> None:
    a, b = (analyze(load(name, zoo.read(name))) for name in ("vgg16", "vgg19"))
    found = difference(a, b)
    for number in ("params", "macs"):
        grown = sum(getattr(row, number) for row in found.added)
        grown -= sum(getattr(row, number) for row in found.removed)
        grown += sum(getattr(c.after, number) - getattr(c.before, number) for c in found.changed)
        assert grown == getattr(b.totals, number) - getattr(a.totals, number) > 0


def test_ten_thousand_layers_are_compared() -> None:
    unit = "  - conv3-8\n  - relu\n"
    old = analyze(load("a.yaml", ("input: 8x8x8\nlayers:\n" + unit * 5000).encode()))
    changed = unit * 2500 + "  - conv1-8\n  - relu\n" + unit * 2500
    new = analyze(load("a.yaml", ("input: 8x8x8\nlayers:\n" + changed).encode()))
    found = difference(old, new)
    assert (len(found.added), len(found.removed), len(found.changed)) == (2, 0, 0)


def test_allowances() -> None:
    found = compare("conv3-8", "conv3-10")  # 9*8*8+8 = 584 -> 730, by 25 %
    for most, share, fails in ((146, False, False), (145, False, True), (25, True, False)):
        assert bool(passed(found, [Allowance("params", Fraction(most), share)])) is fails
    assert passed(found, [Allowance("params", Fraction("24.9"), True)])
    shrunk = compare("conv3-10", "conv3-8")
    assert not passed(shrunk, [Allowance("params", Fraction(0), False)])


def test_a_stack_is_measured_in_channels_and_by_its_field() -> None:
    """Three 3x3 see what one 7x7 sees, with 27 C^2 weights for 49 C^2 (the notes' comparison)."""
    spec = b"input: 56x56x64\nlayers: '%s'\n"
    one = analyze(load("one", spec % b"conv7-64"))
    three = analyze(load("three", spec % b"conv3-64 relu conv3-64 relu conv3-64"))
    two = analyze(load("two", spec % b"conv3-64 relu conv3-64"))
    assert remarks(difference(one, three)) == [
        "receptive field 7x7 both",
        "weights 49 C^2 -> 27 C^2, C = 64 channels throughout",
    ]
    found = json.loads(diff_json.render(DiffView(difference(one, three), [])))
    assert found["receptive_field"] == [[7, 7], [7, 7]]
    assert found["weights_in_channels"] == {"before": 49, "after": 27, "channels": 64}
    found = json.loads(diff_json.render(DiffView(difference(one, net("fc-10", "8")), [])))
    assert (found["receptive_field"], found["weights_in_channels"]) == ([[7, 7], None], None)
    assert remarks(difference(one, two))[0] == "receptive field 7x7 -> 5x5"
    narrower = analyze(load("narrower", spec % b"conv7-32"))
    assert remarks(difference(one, narrower)) == ["receptive field 7x7 both"]


def test_layers_of_one_block_are_held_against_each_other() -> None:
    """ResNeXt-50 is ResNet-50 with other 1x1 and 3x3 convs in each of its 16 bottlenecks."""
    a, b = (analyze(load(name, zoo.read(name))) for name in ("resnet50", "resnext50"))
    found = difference(a, b)
    own = [change.after.step.name for change in found.changed if not change.ripple]
    assert (found.added, found.removed) == ((), ())
    assert own == [
        f"conv{stage}_x.bottleneck{number}.conv{place}"
        for stage, count in ((2, 3), (3, 4), (4, 6), (5, 3))
        for number in range(1, count + 1)
        for place in (1, 2)
    ]


def test_the_same_graph_in_another_order_and_by_other_names_does_not_differ() -> None:
    """As a file written by another tool has its layers: each behind what it reads, no more."""
    old = analyze(
        load(
            "a.yaml",
            b"input: 8x8x4\nlayers:\n  - {conv3-8: , name: one}\n  - {relu: , name: two}\n"
            b"  - {conv3-6: , from: input, name: three}\n  - {tanh: , name: four}\n"
            b"  - {concat: , from: [two, four], name: five}\n",
        )
    )
    new = analyze(
        load(
            "b.yaml",
            b"input: 8x8x4\nlayers:\n"
            b"  - {conv3-6: , name: a}\n  - {conv3-8: , from: input, name: b}\n"
            b"  - {tanh: , from: a, name: c}\n  - {relu: , from: b, name: d}\n"
            b"  - {concat: , from: [d, c], name: e}\n",
        )
    )
    assert names(difference(old, new)) == ([], [], [])
    turned = analyze(load("b.yaml", new.network.source.text.replace("[d, c]", "[c, d]").encode()))
    assert difference(old, turned).totals[0].increase == 0


def test_one_change_among_layers_in_another_order_is_the_only_one() -> None:
    spec = (
        "input: 8x8x4\nlayers:\n  - {conv3-8: , name: %s}\n  - {conv3-6: , from: input, name: %s}\n"
    )
    one = load("a.yaml", f"{spec % ('p', 'q')}  - relu\n".encode())
    other = load(
        "b.yaml",
        b"input: 8x8x4\nlayers:\n  - {conv3-6: , name: v}\n  - {conv3-8: , from: input, name: w}\n"
        b"  - {tanh: , from: v}\n",
    )
    found = difference(analyze(one), analyze(other))
    assert names(found) == (["tanh1"], ["relu1"], [])


def test_of_a_long_net_only_the_layers_that_are_shown_are_put_into_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    net = "input: 8x8x4\nlayers:\n  - repeat: {{times: 500, layers: [conv3-{}]}}\n"
    before, after = (analyze(load("net.yaml", net.format(filters).encode())) for filters in (4, 5))
    shown: list[LayerChange] = []
    worked: list[Conv] = []
    cells, computes = view.change_cells, Conv.computes

    def change_cells(change: LayerChange) -> tuple[str, str, str, str]:
        shown.append(change)
        return cells(change)

    def counted(layer: Conv, inputs: tuple[Shape, ...], output: Shape) -> Hashable:
        worked.append(layer)
        return computes(layer, inputs, output)

    monkeypatch.setattr(view, "change_cells", change_cells)
    monkeypatch.setattr(Conv, "computes", counted)
    found = difference(before, after)
    assert len(found.changed) == 500
    assert len(worked) < 10  # the first reads 4 channels, all others 4, or 5
    for form, most in (("text", 24), ("markdown", 100)):
        shown.clear()
        assert "more" in rendered("diff", form, view.DiffView(found, []))
        assert len(shown) <= most


def test_equal_layers_are_described_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long net each layer was described some four times."""
    described: list[str] = []
    words = Step.words
    monkeypatch.setattr(Step, "words", lambda step: described.append(step.name) or words(step))
    text = "input: 8x8x3\nlayers:\n  - repeat: {times: 40, layers: [conv3-8, relu, pool1]}\n"
    texts = text, text.replace("conv3-8", "conv3-16")
    before, after = (analyze(load("net.yaml", one.encode())) for one in texts)
    found = difference(before, after)
    assert len(found.changed) == 120
    assert len(described) <= 12  # six kinds of layers, and the first conv reads other channels
