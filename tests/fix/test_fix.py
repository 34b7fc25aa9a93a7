"""`check --fix`: repairs that the engine has proved, in the file's own layout."""

import pytest

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered, told

SPEC = """\
# a net of mine
input: 10x10x3     # small
layers:
  - conv: {filters: 5, kernel: 3, stride: 2}   # the first
  - relu
  - fc-10
"""


def test_the_notes_example_that_comes_to_4_5() -> None:
    found = [told(offer) for offer in offered(SPEC)]
    assert found == [
        [("conv1", "pad", "[0, 1, 0, 1]")],
        [("", "rounding", "floor"), ("conv1", "pad", "1")],
        [("conv1", "kernel", "2")],
        [("conv1", "kernel", "4")],
        [("input", "input", "9x9x3")],
        [("input", "input", "11x11x3")],
        [("conv1", "stride", "1")],
        [("", "rounding", "{conv: floor}")],
        [("", "rounding", "floor")],
    ]


def test_every_offer_was_proved() -> None:
    for offer in offered(SPEC):
        left = faults(offer.text)
        assert (len([c for c in left if c != "CC103"]), left.count("CC103")) == (
            len(offer.errors),
            offer.warnings,
        )
        assert offer.errors == ()


def test_only_the_value_changes_and_comments_stay() -> None:
    texts = {told(offer)[0][1:]: offer.text for offer in offered(SPEC)}
    assert texts["kernel", "4"] == SPEC.replace("kernel: 3", "kernel: 4")
    assert texts["stride", "1"] == SPEC.replace("stride: 2", "stride: 1")
    assert texts["input", "11x11x3"] == SPEC.replace("10x10x3", "11x11x3")
    assert texts["pad", "[0, 1, 0, 1]"] == SPEC.replace(
        "stride: 2}", "stride: 2, pad: [0, 1, 0, 1]}"
    )
    assert texts["rounding", "{conv: floor}"] == SPEC.replace(
        "layers:", "rounding: {conv: floor}\nlayers:"
    )


def test_options_on_lines_of_their_own_get_a_line_more() -> None:
    spec = "input: 7x7x3\nlayers:\n  - conv:\n      F: 3   # taps\n      K: 4\n      S: 3  # far\n"
    assert first(spec) == spec.replace("S: 3  # far\n", "S: 3  # far\n      pad: 1\n")
    assert first(spec.replace("\n", "\r\n")) == first(spec).replace("\n", "\r\n")
    texts = [offer.text for offer in offered(spec)]
    assert spec.replace("F: 3", "F: 4") in texts


def test_an_anchor_stays_where_aliases_need_it() -> None:
    head = "input: 10x10x3\nlayers:\n"
    spec = f"{head}- conv: &c {{filters: 4, kernel: &k 3, stride: 2}}\n- conv: *c\n"
    found = offered(spec)
    assert spec.replace("&k 3", "&k 4") in [offer.text for offer in found]
    assert all(code >= "CC1" for offer in found for code in offer.errors)


def test_what_stood_there_before_is_the_options_value() -> None:
    offers = offered("input: 10x10x3\nlayers: [conv3-8s2p0]\n")
    before = {offer.changes[0].option: offer.changes[0].before for offer in offers}
    assert (before["kernel"], before["stride"]) == ("3", "2")


def test_short_forms_stay_short() -> None:
    spec = "input: 224x224x3\nlayers: [conv7-64s2p2, relu, pool2]\n"
    texts = {told(offer)[0][1:]: offer.text for offer in offered(spec)}
    assert texts["kernel", "6"] == spec.replace("conv7-64s2p2", "conv6-64s2p2")


def test_words_of_a_pattern_are_edited_in_place() -> None:
    spec = 'input: 10x10x3\nlayers: "[conv3-8 relu]*2 pool3 fc-10"\n'
    texts = [offer.text for offer in offered(spec)]
    assert spec.replace("pool3", "pool3p1") in texts
    assert spec.replace("pool3", "pool4s3") in texts
    assert spec.replace("layers", "rounding: floor\nlayers") == texts[-1]  # of the whole file
    assert all(not faults(text) for text in texts[:-1])


def test_words_of_a_pattern_over_several_lines_are_edited_in_place() -> None:
    spec = "input: 10x10x3\nlayers: >\n  [conv3-8 relu]*2\n  pool3 fc-10\n"
    texts = [offer.text for offer in offered(spec)]
    assert spec.replace("pool3", "pool3p1") in texts


def test_what_the_file_expects_decides() -> None:
    spec = SPEC.replace("   # the first", "   # the first\n    expect: 4x4x5")
    assert told(offered(spec)[0]) == [("conv1", "kernel", "4")]
    later = [offer for offer in offered(spec) if told(offer) == [("conv1", "stride", "1")]]
    assert later[0].errors == ("CC130",)


def test_resnet_without_its_rounding_gets_it_back() -> None:
    spec = zoo.read("resnet50").decode()
    best = offered(spec.replace("rounding: floor\n", ""))[0]
    assert told(best) == [("", "rounding", "floor")]
    assert best.errors == ()


def test_an_entry_that_is_repeated_is_repaired_for_all_its_copies() -> None:
    # (20 - 4)/2 + 1 = 9, (9 - 4)/2 + 1 = 3.5; at stride 1: 17, 14, 11; `same`: 10, 5
    spec = "input: 20x20x3\nlayers: [{conv: {filters: 4, kernel: 4, stride: 2}, times: 3}]\n"
    effects = {told(o)[0][1]: o.changes[0].effect for o in offered(spec)}
    assert effects["stride"] == "conv1 makes 17x17x4, conv2 makes 14x14x4, conv3 makes 11x11x4"
    (fault,) = [f for f in analyze(load("net.yaml", spec.encode())).findings if f.code == "CC101"]
    assert fault.layer == "conv2"
    assert fault.help[:2] == ("`stride: 1` (14x14x4)", "`pad: same` (5x5x4)")
    assert not any("to this layer" in line for line in fault.help)


def test_branches_of_other_depth_are_made_equal() -> None:
    spec = (
        "input: 8x8x16\nlayers:\n  - add:\n      branches:\n"
        "        - [conv3-48, batch_norm, relu]\n        - [conv3-32]\n"
    )
    found = offered(spec)
    assert [told(offer) for offer in found] == [
        [("conv1", "filters", "32")],
        [("conv2", "filters", "48")],
    ]
    assert found[0].changes[0].effect == "conv1 makes 8x8x32"
    assert found[0].text == spec.replace("conv3-48", "conv3-32")
    identity = "input: 8x8x16\nlayers: [{add: {branches: [[{conv: {K: 8, F: 1}}], []]}}]\n"
    assert first(identity) == identity.replace("K: 8", "K: 16")
    formula = (
        "input: 8x8x16\nvars: {w: 8}\n"
        "layers: [{add: {branches: [[{conv: {filters: =w, kernel: 1}}], []]}}]\n"
    )
    assert [offer.text for offer in offered(formula)] == [formula.replace("[]", "conv1-8")]


def test_words_that_were_probably_meant_are_corrected_in_every_offer() -> None:
    spec = (
        "input: 10x10x3\nlayers:\n  - convv3-8  # mine\n  - rellu\n"
        "  - max_pool: {kernle: 3, stride: 2}\n"
    )
    found = offered(spec)
    assert len(found) > 1
    for offer in found:
        assert [c.after for c in offer.changes[:3]] == ["conv3-8", "relu", "kernel"]
        assert "CC01" not in str(offer.errors)
    assert "  - conv3-8  # mine\n  - relu\n" in found[0].text


def test_a_value_alone_becomes_the_option_that_takes_it() -> None:
    spec = (
        "input: 8x8x3\nlayers:\n  - flatten\n  - dense: 84  # hidden\n  - dropout: 0.2\n"
        "  - fc: 10\n"
    )
    best = offered(spec)[0]
    assert best.text == spec.replace("dense: 84", "fc: {units: 84}").replace(
        "0.2", "{rate: 0.2}"
    ).replace("fc: 10", "fc: {units: 10}")
    assert best.errors == () and len(best.changes) == 4
    assert first("input: 8x8x3\nlayers: [upsample: 2]\n").endswith("[upsample: {scale: 2}]\n")
    flow = "input: 8x8x3\nvars: {n: 5}\nlayers: [{max_pool: 2}, {elu: 0.1}, {fc: =2*n}]\n"
    assert first(flow) == (
        "input: 8x8x3\nvars: {n: 5}\n"
        "layers: [{max_pool: {kernel: 2}}, {elu: {alpha: 0.1}}, {fc: {units: =2*n}}]\n"
    )


@pytest.mark.parametrize("layer", ["conv: 32", "lrn: 5", "batch_norm: 1", "upsample: 64"])
def test_a_value_alone_that_may_mean_several_things_is_left_alone(layer: str) -> None:
    assert offered(f"input: 8x8x3\nlayers:\n  - {layer}\n") == []


def test_a_suggestion_with_numbers_of_its_own_is_no_edit() -> None:
    assert offered("input: 8x8x3\nlayers: [conv3x3]\n") == []  # how many filters?
    assert offered("input: 8x8x3\nlayers: [conw]\n") == []


def test_a_window_that_does_not_fit() -> None:
    spec = "input: 4x4x3\nrounding: floor\nlayers:\n  - conv: {filters: 2, kernel: 7}\n"
    assert faults(first(spec)) == []
    assert ("conv1", "kernel", "4") in [told(offer)[0] for offer in offered(spec)]


def test_lost_input_is_repaired_too() -> None:
    spec = (
        "input: 224x224x3\nrounding: floor\nlayers:\n  - conv: {filters: 2, kernel: 7, stride: 2}\n"
    )
    assert faults(spec) == ["CC103"]
    assert faults(first(spec)) == []


def test_several_faults_take_several_changes() -> None:
    spec = (
        "inputs: {image: 10x10x3}\nlayers:\n  - conv: {filters: 5, kernel: 3, stride: 2}\n"
        "  - max_pool: {kernel: 2}\n  - conv: {filters: 5, kernel: 5}\n"
    )
    best = offered(spec)[0]
    assert len(best.changes) >= 2
    assert faults(best.text) == []


def test_a_change_in_a_block_must_suit_every_call() -> None:
    spec = (
        "input: 9x9x3\nblocks: {b: {args: {s: }, layers: [{conv: {filters: 4, kernel: 2, "
        "stride: =s}}]}}\nlayers: [b: {s: 2}, b: {s: 1}]\n"
    )
    found = offered(spec.replace("[b: {s: 2}, b: {s: 1}]", "[{b: {s: 2}}, {b: {s: 1}}]"))
    assert found
    strides = [c for offer in found for c in offer.changes if c.option == "stride"]
    assert [(c.called, c.after) for c in strides] == [(True, "1")]  # of the one call alone
    assert faults(found[0].text) == []


def test_a_clean_spec_and_a_hopeless_one_have_no_offers() -> None:
    assert offered("input: 8x8x3\nlayers: [conv3-4]\n") == []
    assert offered("input: 8x8x3\nlayers: [florp]\n") == []
    assert offered("layers: [conv3-4,") == []


def test_what_an_alias_changes_too_is_told() -> None:
    spec = (
        "input: 8x8x2\nlayers:\n  - conv: &same {filters: 8, kernel: 1}\n    name: a\n"
        "  - {conv: {filters: 4, kernel: 1}, name: b}\n  - {conv: *same, name: c}\n"
        "  - {add: , from: [c, b]}\n"
    )
    effects = [offer.changes[0].effect for offer in offered(spec)]
    assert effects[-1] == "a makes 8x8x4, c makes 8x8x4"


LOSING = """\
input: 32x32x3
rounding: floor
layers:
  - conv: {filters: 10, kernel: 3, stride: 2}
  - relu
"""


@pytest.mark.parametrize(
    "faulty", ["pixel_shuffle: {factor: 4}", "group_norm: {}", "dropout: {rate: 2}"]
)
def test_what_leaves_every_error_is_no_repair(faulty: str) -> None:
    """A loss of input elsewhere may be meant; beside no error its repairs are offered."""
    assert offered(LOSING)
    assert offered(f"{LOSING}  - {faulty}\n") == []


def test_a_loss_stays_where_an_error_is_repaired() -> None:
    found = offered(f"{LOSING}  - conv: {{filters: 8, kernel: 3, groups: 4}}\n")
    assert [told(offer) for offer in found] == [
        [("conv2", "groups", "2")],
        [("conv2", "groups", "1")],
    ]


def test_a_loss_that_makes_an_error_is_repaired() -> None:
    """The stated size is the one without the loss."""
    spec = LOSING.replace("stride: 2}", "stride: 2}\n    expect: 16x16x10")
    assert [c for c in faults(spec) if c != "CC103"]
    assert faults(first(spec)) == []
    assert all(faults(offer.text) == [] for offer in offered(spec))
