"""`check --fix`: which repair comes first, and where rounding down comes."""

import pytest

from convcalc.shapes import written
from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered, told

STEM = """\
input: 224x224x3
layers:
  - conv7-64s2p0
  - relu
  - maxpool3s2
  - global_avg_pool
"""


def test_an_unpadded_stem_is_padded_as_torchvisions() -> None:
    # (224 - 7 + 2*3)/2 + 1 = 112.5 and (112 - 3 + 2*1)/2 + 1 = 56.5: only padding is left over
    best = offered(STEM)[0]
    assert told(best) == [
        ("", "rounding", "floor"),
        ("conv1", "pad", "3"),
        ("max_pool1", "pad", "1"),
    ]
    assert best.text == STEM.replace("2p0", "2p3").replace("3s2\n", "3s2p1\n").replace(
        "layers:", "rounding: floor\nlayers:"
    )
    assert [change.line for change in best.changes] == [2, 3, 5]
    assert [change.effect for change in best.changes[1:]] == [
        "conv1 makes 112x112x64",
        "max_pool1 makes 56x56x64",
    ]
    assert faults(best.text) == []


def test_nothing_is_rounded_where_padding_alone_is_exact() -> None:
    # (64 - 3 + 2*1)/3 + 1 = 22 and (22 - 3 + 2*1)/3 + 1 = 8
    text = "input: 64x64x3\nlayers: [conv3-16, pool3, conv3-32, pool3, fc-10]\n"
    assert told(offered(text)[0]) == [("max_pool1", "pad", "1"), ("max_pool2", "pad", "1")]


def test_a_file_that_rounds_down_is_padded_where_it_loses_input() -> None:
    spec = STEM.replace("layers:", "rounding: floor\nlayers:")
    assert told(offered(spec)[0]) == [("conv1", "pad", "3"), ("max_pool1", "pad", "1")]


def test_a_pool_without_padding_after_torchvisions_conv() -> None:
    spec = STEM.replace("s2p0", "s2p3")
    found = [told(offer) for offer in offered(spec)]
    assert found[:2] == [
        [("", "rounding", "floor"), ("max_pool1", "pad", "1")],
        [("conv1", "pad", "[3, 4, 3, 4]")],
    ]
    assert offered(spec)[1].text == spec.replace(
        "conv7-64s2p3", "conv: {filters: 64, kernel: 7, stride: 2, pad: [3, 4, 3, 4]}"
    )


def test_what_keeps_the_weights_comes_before_another_kernel() -> None:
    spec = STEM.replace("s2p0", "s2p3").replace("3s2\n", "3s2p1\n")
    options = [offer.changes[0].option for offer in offered(spec)]
    # rounding down loses nothing here, and is not first; kernels of 6 and 8 need other weights
    assert options[:2] == ["pad", "rounding"]
    assert options.index("kernel") > 1


def test_padding_that_is_never_read_is_left_out_first_then_rounded_down() -> None:
    # (224 - 7 + 2*3)/2 + 1 = 112.5 and (112 - 3 + 2*1)/2 + 1 = 56.5, as in torchvision's ResNets
    spec = STEM.replace("s2p0", "s2p3").replace("3s2\n", "3s2p1\n")
    found = offered(spec)
    assert [told(offer) for offer in found[:2]] == [
        [("conv1", "pad", "[3, 2, 3, 2]"), ("max_pool1", "pad", "[1, 0, 1, 0]")],
        [("", "rounding", "floor")],
    ]
    one, other = ([s.output for s in load("n", o.text.encode()).steps] for o in found[:2])
    assert one == other  # PyTorch's sizes
    assert faults(found[0].text) == []
    options = [change.option for offer in found[2:] for change in offer.changes]
    assert "input" in options and "kernel" in options


def test_input_that_is_lost_is_no_padding_to_leave_out() -> None:
    # (12 - 3 + 2*1)/4 + 1 = 3.75: 3 rows are left over, and 1 of them is padding
    spec = "input: 12x12x3\nlayers:\n  - conv3-4s4p1\n"
    assert not any(offer.only_trims for offer in offered(spec))


M5 = """\
input: 16000x1
layers:
  - conv80-128s4p0
  - pool4
  - conv3-128p0
  - pool4
  - conv3-256p0
  - pool4
  - global_avg_pool
"""


def test_several_pools_that_lose_input_are_rounded_down_at_the_top_at_once() -> None:
    # (16000 - 80)/4 + 1 = 3981, and 3981/4 is not whole (Dai et al. 2016, table 1)
    found = offered(M5)
    place = next(i for i, offer in enumerate(found) if offer.only_floors)
    assert told(found[place]) == [("", "rounding", "floor")]
    assert 0 < place < 8  # as many are listed
    assert found[place].errors == () and found[place].warnings > 0
    assert not any(o.reach > 2 and len(o.changes) > 1 for o in found[1:place])


def test_rounding_down_comes_before_another_kernel_where_no_padding_can_be_written() -> None:
    spec = 'input: 224x224x3\nlayers: "conv7-64s2p3 relu fc-10"\n'
    found = [told(offer) for offer in offered(spec)]
    # a row of padding is all that is left over; a kernel of 6 needs other weights
    assert found[0] == [("", "rounding", "{conv: floor}")]
    assert [("conv1", "kernel", "6")] in found[1:]


def test_rounding_down_that_loses_input_stays_last() -> None:
    found = offered(STEM)
    assert [offer.only_floors for offer in found] == [False] * (len(found) - 2) + [True] * 2


def test_an_even_window_has_no_half() -> None:
    found = offered(
        STEM.replace("conv7-64s2p0", "conv: {filters: 4, kernel: 4, stride: 4, pad: 1}")
    )
    assert all(len(offer.changes) == 1 for offer in found)


def test_a_short_form_that_cannot_say_it_is_written_out() -> None:
    even = "conv: {filters: 8, kernel: 3, stride: 2, pad: [1, 0, 1, 0]}"
    for spec, wanted in (
        ("input: 10x10x3\nlayers:\n  - conv3-8s2  # mine\n", even),
        ("input: 10x10x3\nlayers: [relu, conv3-8s2]\n", f"{{{even}}}"),
        ("input: 10x10x3\nblocks: {b: {layers: [conv3-8s2]}}\nlayers: [b, relu]\n", f"{{{even}}}"),
    ):
        assert spec.replace("conv3-8s2", wanted) in [offer.text for offer in offered(spec)]
    pattern = 'input: 10x10x3\nlayers: "relu conv3-8s2"\n'
    assert all("{filters" not in offer.text for offer in offered(pattern))


def test_rounding_down_alone_comes_after_what_repairs() -> None:
    spec = (
        "input: 64x64x3\nlayers:\n  - conv3-16s2\n  - add:\n      branches:\n"
        "        - [conv3-32s2, relu, conv3-32]\n        - conv1-32s2\n"
    )
    found = [told(offer) for offer in offered(spec)]
    silences = [("", "rounding", "{conv: floor}")]
    assert silences in found[1:]
    assert found[0] != silences and faults(first(spec)) == []


def test_classes_of_frameworks_are_rounded_down_as_they_are() -> None:
    head = "input: 32x32x16\nlayers:\n"
    pool = f"{head}  - MaxPool2d: {{kernel_size: 3, stride: 2, ceil_mode: false}}\n"
    best = offered(pool)[0]
    assert best.text == f"{head}  - max_pool: {{kernel: 3, stride: 2, rounding: floor}}\n"
    conv = offered(f"{head}  - Conv2D(8, 3, 2)\n")[0]
    assert conv.text.startswith("input: 32x32x16\nrounding: {conv: floor}\nlayers:")
    own = offered(f"{head}  - conv: {{filters: 8, kernel: 3, stride: 2}}\n")[0]
    assert "floor" not in own.text or "pad" in own.text


def test_a_pool_never_shrinks_to_one_position() -> None:
    spec = (
        "input: 28x28x1\nlayers:\n  - repeat:\n      times: 3\n      layers:\n"
        "        - conv3-8\n        - max_pool: {kernel: 2}\n  - fc-10\n"
    )
    texts = [offer.text for offer in offered(spec)]
    assert texts[0] == spec.replace("kernel: 2", "kernel: 2, rounding: ceil")
    assert not any("kernel: 1" in text for text in texts)


def test_a_pool_of_a_pattern_is_rounded_down_with_the_whole_file() -> None:
    spec = 'input: 28x28x1\nlayers: "[conv5-8p0 -> relu -> pool3s2]*2 -> fc-10"\n'
    assert offered(spec)[-1].text == spec.replace("layers", "rounding: floor\nlayers")


def test_several_changes_are_told_in_the_order_and_words_of_the_file() -> None:
    # the second stage is found in a text with a layer more and another number for each conv
    stage = "  - add:\n      branches:\n        - conv3-{0}s2\n        - []\n  - conv2-{0}\n"
    spec = (
        f"input: 33x33x3\nlayers:\n{stage.format(8)}  - max_pool: {{kernel: 2}}\n"
        f"  - conv5-8:\n    name: x\n  - pool3s2\n{stage.format(16)}"
    )
    for offer in offered(spec):
        lines = spec.splitlines()
        assert [change.line for change in offer.changes] == sorted(c.line for c in offer.changes)
        steps = {step.name: step for step in load("net.yaml", spec.encode()).steps}
        for change in offer.changes:
            if change.option in {"pad", "kernel", "stride"}:
                assert steps[change.layer].place.line == change.line, change
            if change.option == "branch 2":
                assert lines[change.line - 1] == "        - []"


def test_an_effect_is_that_of_the_whole_repair() -> None:
    spec = (
        "input: 32x32x3\nlayers:\n  - conv3-4s2p1\n  - relu\n  - add:\n    from: [input, relu1]\n"
        "  - max_pool: {kernel: 3, stride: 2}\n"
    )
    for offer in offered(spec):
        made = {s.name: s.output for s in load("net.yaml", offer.text.encode()).steps}
        for change in offer.changes:
            if change.effect.startswith(f"{change.layer} makes "):
                shape = made[change.layer]
                assert change.effect == f"{change.layer} makes {written(shape or ())}"


@pytest.mark.parametrize(
    "entry",
    [
        "- conv3-64s2p1:   # halves\n    name: a",
        "- name: a\n    conv3-64s2p1: null",
        "- {conv3-64s2p1: , name: a}",
        "- 'conv3-64s2p1':\n    name: a",
        "- {name: a, conv: {filters: 64, kernel: 3, stride: 2, pad: 1}}",
    ],
)
def test_a_short_form_with_keys_has_the_repairs_of_one_without(entry: str) -> None:
    spec = "input: 64x64x3\nlayers:\n  {}\n  - relu\n"
    alone = [told(offer) for offer in offered(spec.format("- conv3-64s2p1"))]
    assert alone[0] == [("conv1", "pad", "[1, 0, 1, 0]")]
    found = offered(spec.format(entry))
    renamed = [[(layer.replace("conv1", "a"), *rest) for layer, *rest in one] for one in alone]
    assert [told(offer) for offer in found] == renamed
    assert "conv: {filters: 64, kernel: 3, stride: 2, pad: [1, 0, 1, 0]}" in found[0].text
    assert ("# halves" in found[0].text) == ("#" in entry)
    assert faults(found[0].text) == []


@pytest.mark.parametrize("other", ["relu", "ReLU", "nn.ReLU()", "BatchNorm2d"])
def test_what_other_layers_are_called_does_not_order_the_repairs(other: str) -> None:
    spec = f"input: 32x32x3\nlayers:\n  - conv3-16s2\n  - {other}\n  - fc-10\n"
    best = offered(spec)[0]
    assert "conv: {filters: 16, kernel: 3, stride: 2, pad: [1, 0, 1, 0]}" in best.text
    called = spec.replace("conv3-16s2", "nn.Conv2d(3, 16, 3, stride=2, padding=1)")
    assert "floor" in offered(called)[0].text
