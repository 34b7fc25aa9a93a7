"""`convcalc diff` of nets that have the same layers and totals, and are not the same net."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.difference.compare import difference
from convcalc.difference.record import Difference
from convcalc.report.diff.view import change_cells, elsewhere
from convcalc.spec.load import load

CONV = "{conv: {filters: 8, kernel: 3, pad: 1}, name: "
HEAD = f"input: 8x8x8\nlayers:\n- {CONV}a}}\n- {{sigmoid: , name: b}}\n- {CONV}c, from: a}}\n"


def compare(old: str, new: str) -> Difference:
    return difference(*(analyze(load("a.yaml", text.encode())) for text in (old, new)))


def own(old: str, new: str) -> list[tuple[str, str]]:
    found = compare(HEAD + old, HEAD + new)
    assert not (found.added or found.removed)
    assert all(total.before == total.after for total in found.totals)
    assert found.none is not bool(found.changed)
    assert all(not change.ripple for change in found.changed)
    return [change_cells(change)[:2] for change in found.changed]


@pytest.mark.parametrize(
    ("old", "new", "layer", "what"),
    [
        ("{tanh: , from: b, name: d}", "{tanh: , from: c, name: d}", "d", "reads b -> c"),
        ("{subtract: , from: [b, c]}", "{subtract: , from: [c, b]}", "subtract1", ""),
        ("{concat: , from: [b, c]}", "{concat: , from: [c, b]}", "concat1", "reads b, c -> c, b"),
        (f"{CONV}d, weights: a}}", f"{CONV}d, weights: c}}", "d", "weights of a -> c"),
        ("lrn", "{lrn: {beta: 0.5}}", "lrn1", "beta 0.75 -> 0.5"),
        ("elu", "{elu: {alpha: 2}}", "elu1", "alpha 1.0 -> 2.0"),
        ("leaky_relu", "{leaky_relu: {negative_slope: 0.2}}", "leaky_relu1", "negative_slope "),
        (
            "{avg_pool: {kernel: 3, pad: 1}}",
            "{avg_pool: {kernel: 3, pad: 1, count_padding: false}}",
            "avg_pool1",
            "count_padding true -> false",
        ),
    ],
)
def test_what_no_number_shows_is_a_difference(old: str, new: str, layer: str, what: str) -> None:
    end = f"\n- {{add: , from: [a, b, c]}}\noutputs: [{layer}]\n"
    ((name, said),) = own(f"- {old}{end}", f"- {new}{end}")
    assert (name, said[: len(what)]) == (layer, what)


def test_an_identity_on_the_way_is_no_other_layer() -> None:
    text = "- {identity: , from: %s}\n- {tanh: , name: d}\n- {add: , from: [b, c, d]}\n"
    found = own(text % "b", text % "c")
    assert found == [("d", "reads b -> c")]


def test_inputs_of_a_sum_may_change_places() -> None:
    assert own("- {add: , from: [a, b, c]}\n", "- {add: , from: [a, c, b]}\n") == []
    text = "- {add: , from: [b, c]}\n- {add: , from: [add1, %s]}\n"
    assert own(text % "b", text % "c") == [("add2", "reads add1, b -> add1, c")]


def test_layers_that_are_alike_are_told_apart_by_who_reads_them() -> None:
    """Two convolutions of the same input: which one is called what decides nothing."""
    twins = "input: 8x8x8\nlayers:\n- {conv3-8: , name: a}\n- {conv3-8: , from: input, name: b}\n"
    relu, tanh = "- {relu: , from: %s, name: r}\n", "- {tanh: , from: %s, name: t}\n"
    end = "- {concat: , from: [r, t, a, b]}\n"
    straight = twins + relu % "a" + tanh % "b"
    assert compare(straight, twins + relu % "b" + tanh % "a").none
    assert not compare(straight, twins + relu % "a" + tanh % "a").none
    assert not compare(straight + end, twins + relu % "b" + tanh % "a" + end).none


def test_other_outputs_are_a_difference() -> None:
    text = "- {conv3-8: , name: d}\n- {conv3-8: , name: e}\noutputs: [%s]\n"
    found = compare(HEAD + text % "b", HEAD + text % "c")
    assert [change_cells(change)[:2] for change in found.changed] == [
        ("b", "no output any more"),
        ("c", "an output now"),
    ]


@pytest.mark.parametrize("units", [3, 4])
def test_another_order_of_the_outputs_is_a_difference(units: int) -> None:
    """`cls, box = net(x)` gets the one for the other, also where they are alike but for names."""
    net = (
        "input: 14x14x8\nlayers:\n- {conv3-8: , name: a}\n- {fc: {units: 3}, name: cls, from: a}\n"
        f"- {{fc: {{units: {units}}}, name: box, from: a}}\noutputs: "
    )
    found = compare(f"{net}[cls, box]", f"{net}[box, cls]")
    assert [change_cells(change)[:2] for change in found.changed] == [
        ("cls", "output 1 -> 2"),
        ("box", "output 2 -> 1"),
    ]
    assert compare(f"{net}[cls, box]", f"{net}[cls]").none  # the last layer is one by itself
    assert compare(f"{net}[cls, box]", f"{net}[cls, box]".replace("cls", "first")).none


def test_a_layer_between_two_is_the_only_difference() -> None:
    old = "- {tanh: , from: c}\n- {add: , from: [b, tanh1]}\n"
    new = "- {tanh: , from: c}\n- {gelu: }\n- {add: , from: [b, gelu1]}\n"
    found = compare(HEAD + old, HEAD + new)
    assert [row.step.name for row in found.added] == ["gelu1"]
    assert (found.removed, found.changed) == ((), ())


def test_a_rounding_of_the_whole_file_is_that_of_its_layers() -> None:
    pools = "input: 8x8x8\n{}layers:\n- {{max_pool: {{kernel: 3, stride: 2{}}}, name: p}}\n"
    whole, own = pools.format("rounding: ceil\n", ""), pools.format("", ", rounding: ceil")
    assert compare(whole, own).none
    floor = pools.format("rounding: floor\n", "")
    assert not compare(floor, own).none


_ROUNDED = (
    "input: 12x12x4\nrounding: {}\nlayers:\n"
    "- {{conv: {{filters: 4, kernel: 3, stride: 2}}, name: c}}\n"  # 5 or 6 rows
    "- {{max_pool: {{kernel: 2, stride: 2{}}}, name: p}}\n"  # 2 or 3 of 5, 3 of 6
    "- {{relu: , name: r}}\n"
)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (("floor", ""), ("floor", ", rounding: ceil"), {"p": " -> max pool 2x2/2 ceil"}),
        (("ceil", ", rounding: floor"), ("ceil", ""), {}),
        (
            ("{conv: floor, pool: ceil}", ", rounding: floor"),
            ("{conv: floor, pool: ceil}", ""),
            {"p": "rounding floor -> ceil"},
        ),
        (("{conv: floor, pool: exact}", ""), ("floor", ""), {"p": "rounding exact -> floor"}),
        (("exact", ", rounding: floor"), ("floor", ""), {"c": "rounding exact -> floor"}),
        (("{conv: ceil, pool: floor}", ""), ("floor", ""), {"c": "rounding ceil -> floor"}),
        # what the pool reads has changed, too: 5 rows for 6, of which both ways to round make 3
        (("{conv: ceil, pool: ceil}", ""), ("floor", ""),
            {"c": "rounding ceil -> floor", "p": "rounding ceil -> floor"}),
    ],
)  # fmt: skip
def test_a_layer_that_rounds_otherwise_is_changed_itself(
    old: tuple[str, str], new: tuple[str, str], words: dict[str, str]
) -> None:
    for first, second in ((old, new), (new, old)):
        found = compare(_ROUNDED.format(*first), _ROUNDED.format(*second))
        changed = {one.before.step.name for one in found.changed if not one.ripple}
        assert changed == set(words)
    found = compare(_ROUNDED.format(*old), _ROUNDED.format(*new))
    cells = {change_cells(one)[0]: change_cells(one)[1] for one in found.changed if not one.ripple}
    assert all(words[name] in cell for name, cell in cells.items()), cells


def test_the_order_of_a_sum_makes_no_layer_below_it_another() -> None:
    text = (
        "input: 12x18x3\nlayers: [abs, tanh, {{add: , name: s, from: [{}]}}, {{{}, name: d}}, "
        "{{concat: , from: [{}]}}]\n"
    )
    depthwise, grouped = "depthwise_conv: {kernel: 3}", "conv: {filters: 3, groups: 3, kernel: 3}"
    one = text.format("abs1, tanh1", depthwise, "s, s")
    assert compare(one, text.format("tanh1, abs1", grouped, "s, s")).none
    joined = text.format("abs1, tanh1", depthwise, "abs1, tanh1")
    assert not compare(joined, text.format("abs1, tanh1", depthwise, "tanh1, abs1")).none


def test_padding_that_is_not_there_is_not_counted_either_way() -> None:
    text = "input: 21x18x5\nrounding: ceil\nlayers: [{avg_pool: {kernel: 4, stride: 3%s}}]\n"
    assert compare(text % "", text % ", count_padding: false").none
    padded = text.replace("3%s", "3, pad: 1%s")
    assert not compare(padded % "", padded % ", count_padding: false").none


def test_another_order_is_said_however_a_pad_or_a_join_is_written() -> None:
    """What runs is compared: `pad: same` of a kernel of 3 is `pad: 1`, and a sum has no order."""
    wide = "filters: 64, kernel: 1"
    narrow = "filters: 16, kernel: 1"
    first = "input: 32x32x16\nlayers:\n- {conv: {filters: 16, kernel: 3, pad: %s}, name: a}\n"
    one, other = (
        f"- {{conv: {{{wide}}}, name: b, from: a}}\n",
        f"- {{conv: {{{wide}}}, name: c, from: a}}\n",
    )
    after = [f"- {{conv: {{{narrow}}}, name: {n}2, from: {n}}}\n" for n in "bc"]
    apart = "".join((one, after[0], other, after[1]))
    together = "".join((one, other, *after))
    for join, way in (("concat", "b2, c2"), ("add", "b2, c2"), ("add", "c2, b2")):
        old = f"{first % '1'}{apart}- {{{join}: , from: [b2, c2]}}\n"
        for pad in ("1", "same"):
            new = f"{first % pad}{together}- {{{join}: , from: [{way}]}}\n"
            assert elsewhere(compare(old, new)).startswith("the same layers run in another order: ")
