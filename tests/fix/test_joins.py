"""`check --fix` where a merge reads volumes of other sizes: padded convs, or a crop."""

import pytest

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.spec.load import load
from tests.fix.repairs import offered

# 68 -> 66 -> 64 | 32 -> 30 -> 28 | 56: the last is joined to 64
UNET = """\
input: 68x68x1
layers:
  - conv: {filters: 8, kernel: 3}
  - conv: {filters: 8, kernel: 3}
    name: enc1
  - max_pool: {kernel: 2}
  - conv: {filters: 16, kernel: 3}
  - relu
  - conv: {filters: 16, kernel: 3, pad: 0}
  - conv_transpose: {filters: 8, kernel: 2, stride: 2}
    name: up
  - concat:
    from: [up, enc1]
  - conv: {filters: 8, kernel: 3}
"""


def errors(text: str) -> list[str]:
    found = analyze(load("net.yaml", text.encode())).findings
    return [f.code for f in found if f.severity is Severity.ERROR]


def output(text: str) -> object:
    return load("net.yaml", text.encode()).steps[-1].output


def test_an_unpadded_u_net_is_padded_or_cropped() -> None:
    pad, crop = offered(UNET)
    assert pad.text == UNET.replace("16, kernel: 3}", "16, kernel: 3, pad: 1}").replace(
        "pad: 0", "pad: 1"
    )
    (change,) = pad.changes
    assert (change.layer, change.option, change.after) == ("conv2, conv3", "pad", "1")
    assert output(pad.text) == (62, 62, 8)
    assert crop.text == UNET.replace(
        "  - concat:\n    from: [up, enc1]\n",
        "  - crop: {like: up}\n    from: enc1\n    name: enc1_cropped\n"
        "  - concat:\n    from: [up, enc1_cropped]\n",
    )
    assert output(crop.text) == (54, 54, 8)
    assert errors(pad.text) == errors(crop.text) == []


def test_a_flow_list_stays_one() -> None:
    spec = (
        "input: 8x8x3\nlayers: [conv3-4, {conv: {filters: 4, kernel: 3}, name: b}, "
        "{add: , from: [conv1, b]}]\n"
    )
    texts = [offer.text for offer in offered(spec)]
    assert texts == [
        spec.replace("kernel: 3}", "kernel: 3, pad: 1}"),
        spec.replace(
            "{add: , from: [conv1, b]}",
            "{crop: {like: b}, from: conv1, name: conv1_cropped}, "
            "{add: , from: [conv1_cropped, b]}",
        ),
    ]


def test_branches_that_are_written_inside_are_padded() -> None:
    spec = (
        "input: 8x8x4\nlayers:\n  - add:\n      branches:\n"
        "        - [{conv: {filters: 4, kernel: 3}}, relu, conv3-4p0]\n        - []\n"
    )
    (best,) = offered(spec)
    assert best.text == spec.replace("kernel: 3", "kernel: 3, pad: 1").replace("4p0", "4p1")


def test_the_bundled_u_net_without_its_crops_gets_them_back() -> None:
    published = zoo.read("unet").decode()
    crop = "      - crop: {like: upconv}\n        from: =skip\n        name: skipped\n"
    assert crop in published
    spec = published.replace(crop, "").replace("[skipped, upconv]", "[=skip, upconv]")
    best = offered(spec)[0]
    assert best.text == published.replace("name: skipped", "name: skip_cropped").replace(
        "[skipped,", "[skip_cropped,"
    )
    assert errors(best.text) == []


def test_every_offer_is_sized_first() -> None:
    # one row more than the other: neither half padding nor a crop of the middle does it
    spec = (
        "input: 9x9x3\nlayers:\n  - conv3-4\n  - conv: {filters: 4, kernel: 2}\n"
        "  - add:\n    from: [conv1, conv2]\n"
    )
    for offer in offered(spec):
        assert errors(offer.text) == []
    upsampled = "input: 8x8x4\nlayers:\n  - pool2\n  - add:\n    from: [input, max_pool1]\n"
    for offer in offered(upsampled):
        assert errors(offer.text) == []


def test_a_name_that_is_taken_is_not_used_again() -> None:
    spec = UNET.replace("  - relu\n", "  - relu:\n    name: enc1_cropped\n")
    pad, crop = offered(spec)
    assert pad.changes[0].option == "pad"
    assert "name: enc1_cropped2\n" in crop.text and "from: [up, enc1_cropped2]" in crop.text


def test_two_merges_of_one_pair_have_names_of_their_own() -> None:
    spec = POOLED.format("concat").replace("[x, y]\n", "[x, y]\n    name: c\n")
    best = offered(f"{spec}  - concat:\n    from: [x, y]\n")[0]
    assert "name: y_upsampled\n" in best.text and "name: y_upsampled2\n" in best.text
    assert errors(best.text) == []


def test_a_strided_conv_is_padded_beside_its_projection() -> None:
    spec = (
        "input: 65x65x3\nlayers:\n  - add:\n      branches:\n"
        "        - [{conv: {filters: 8, kernel: 3, stride: 2}}, batch_norm]\n"
        "        - [{conv: {filters: 8, kernel: 1, stride: 2}}]\n"
    )
    best = offered(spec)[0]
    assert best.text == spec.replace("kernel: 3, stride: 2", "kernel: 3, stride: 2, pad: 1")


def test_convs_of_stride_1_are_padded_alone_where_that_will_do() -> None:
    spec = (
        "input: 11x11x4\nlayers:\n  - {conv: {filters: 4, kernel: 3, stride: 2}, name: a}\n"
        "  - {conv: {filters: 4, kernel: 3}, name: b}\n  - add:\n    from: [a, b]\n"
    )
    assert offered(spec)[0].text == spec.replace("kernel: 3}", "kernel: 3, pad: 1}")


POOLED = """\
input: 32x32x3
rounding: floor
layers:
  - conv3-8:
    name: x
  - conv3-8s2:
    name: y
  - {}:
    from: [x, y]
"""


def test_what_was_pooled_is_enlarged_again_and_not_cropped_to_its_middle() -> None:
    (best,) = offered(POOLED.format("concat"))
    assert best.text == POOLED.format("concat").replace(
        "  - concat:\n    from: [x, y]\n",
        "  - upsample: {scale: 2}\n    from: y\n    name: y_upsampled\n"
        "  - concat:\n    from: [x, y_upsampled]\n",
    )


def test_what_is_added_up_is_projected_first() -> None:
    projected, enlarged = offered(POOLED.format("add"))
    assert projected.text == POOLED.format("add").replace(
        "  - add:\n    from: [x, y]\n",
        "  - conv1-8s2:\n    from: x\n    name: x_projected\n"
        "  - add:\n    from: [x_projected, y]\n",
    )
    assert "upsample: {scale: 2}" in enlarged.text
    assert errors(projected.text) == errors(enlarged.text) == []
    flow = (
        "input: 32x32x3\nrounding: floor\nlayers: [{conv3-8: , name: x}, {conv3-8s2: , name: y}, "
    )
    (best, _) = offered(flow + "{add: , from: [x, y]}]\n")
    inserted = "{conv1-8s2: , from: x, name: x_projected}, {add: , from: [x_projected, y]}]\n"
    assert best.text == flow + inserted


def test_sizes_that_are_no_multiple_are_enlarged_to_the_other_size() -> None:
    spec = POOLED.format("concat").replace("conv3-8s2", "pool3s3")
    (best,) = offered(spec)
    assert "  - upsample: {like: x}\n    from: y\n    name: y_upsampled\n" in best.text
    inside = (
        "input: 32x32x3\nrounding: floor\nlayers:\n  - concat:\n      branches:\n"
        "        - conv3-8\n        - pool3s3\n"
    )
    (best,) = offered(inside)
    assert best.text == inside.replace("pool3s3", "[pool3s3, {upsample: {size: [32, 32]}}]")


def test_sizes_that_differ_on_one_axis_are_enlarged_on_it() -> None:
    spec = POOLED.format("concat").replace("conv3-8s2:", "max_pool: {kernel: [1, 2]}")
    (best,) = offered(spec)
    assert "  - upsample: {scale: [1, 2]}\n    from: y\n" in best.text


@pytest.mark.parametrize(
    ("entries", "kind", "repaired"),
    [
        (("conv3-8", "pool2", "conv3-8"), "concat", "max_pool: {kernel: 2}\n    from: x"),
        (("conv3-8", "pool2", "conv3-8"), "add", "pad: same}\n    from: x"),
        (("conv3-8", "conv3-8", "pool2"), "concat", "{kernel: 2, stride: 1, pad: same}"),
        (("conv3-8", "conv3-8", "pool2"), "add", "upsample: {scale: 2}\n    from: z"),
    ],
)
def test_of_three_inputs_the_odd_one_out_is_changed(
    entries: tuple[str, ...], kind: str, repaired: str
) -> None:
    layers = "".join(
        f"  - {e}:\n    name: {name}\n" for e, name in zip(entries, "xyz", strict=True)
    )
    spec = f"input: 32x32x3\nlayers:\n{layers}  - {kind}:\n    from: [x, y, z]\n"
    best, *others = offered(spec)
    assert repaired in best.text and errors(best.text) == []
    more = [offer.text.count("\n") - spec.count("\n") for offer in (best, *others)]
    own = "stride: 1" in repaired  # of the layer itself: the others are all given another
    assert more == ([0, 3] if own else [3, *[6] * len(others)])


def test_a_pooled_branch_is_enlarged_inside_the_merge() -> None:
    spec = (
        "input: 33x33x8\nlayers:\n  - concat:\n      branches:\n"
        "        - conv1-4\n        - [global_avg_pool, conv1-4, relu]\n"
    )
    (best,) = offered(spec)
    assert best.text == spec.replace("relu]", "relu, {upsample: {scale: 33}}]")


def test_borders_are_cropped_inside_the_merge_by_size() -> None:
    spec = (
        "input: 12x12x4\nlayers:\n  - concat:\n      branches:\n"
        "        - conv1-4\n        - conv: {filters: 4, kernel: 2}\n"
    )
    assert offered(spec)[0].text == spec.replace(
        "- conv1-4", "- [conv1-4, {crop: {size: [11, 11]}}]"
    )


def test_a_vector_becomes_a_gate_again() -> None:
    spec = (
        "input: 8x8x4\nlayers:\n  - {conv3-4: , name: x}\n  - global_avg_pool\n  - fc-4\n"
        "  - sigmoid\n  - multiply:\n    from: [x, sigmoid1]\n"
    )
    (best,) = offered(spec)
    assert best.text == spec.replace(
        "  - multiply:\n    from: [x, sigmoid1]\n",
        "  - reshape: {shape: 1x1x4}\n    from: sigmoid1\n    name: sigmoid1_gate\n"
        "  - multiply:\n    from: [x, sigmoid1_gate]\n",
    )
    assert errors(best.text) == []


def test_a_vector_among_branches_becomes_a_gate_again() -> None:
    branch = "[global_avg_pool, fc-{}, sigmoid]"
    gated = "[global_avg_pool, fc-{}, sigmoid, {{reshape: {{shape: {}}}}}]"
    spec = f"input: 8x8x4\nlayers:\n  - multiply:\n      branches: [[], {branch.format(4)}]\n"
    assert offered(spec)[0].text == spec.replace(branch.format(4), gated.format(4, "1x1x4"))
    units = "[global_avg_pool, {fc: {units: =c}}, sigmoid"
    called = (
        "input: 8x8x4\nblocks:\n  se:\n    args: {c: }\n    layers:\n      - multiply:\n"
        f"          branches: [[], {units}]]\n"
        "layers: [{se: {c: 4}}, conv1-6, {se: {c: 6}}]\n"
    )
    (best,) = offered(called)
    assert best.text == called.replace(
        units, f"{units}, {{reshape: {{shape: [1, 1, =in_channels]}}}}"
    )


def test_an_identity_is_projected_where_the_depth_differs() -> None:
    spec = "input: 8x8x{}\nlayers:\n  - conv3-8\n  - add:\n    from: [input, conv1]\n"
    image = [offer.text for offer in offered(spec.format(3))]
    assert image == [
        spec.format(3).replace(
            "  - add:\n    from: [input,",
            "  - conv1-8:\n    from: input\n    name: input_projected\n"
            "  - add:\n    from: [input_projected,",
        ),
        spec.format(3).replace("conv3-8", "conv3-3"),
    ]
    deep = [offer.text for offer in offered(spec.format(6))]
    assert deep == [
        spec.format(6).replace("conv3-8", "conv3-6"),
        image[0].replace("8x8x3", "8x8x6"),
    ]
