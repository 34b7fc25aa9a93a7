"""`check --fix` where branches of a merge step down, or up again, to sizes of their own."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered, told

HEAD = "input: 35x35x8\nlayers:\n  - concat:\n      branches:\n"


def options(spec: str) -> list[list[tuple[str, str, str]]]:
    return [told(offer) for offer in offered(spec)]


def test_a_pool_in_single_steps_is_padded_as_the_convs_beside_it() -> None:
    spec = f"{HEAD}        - conv1-4\n        - [conv1-2, conv3-4]\n        - [pool3s1, conv1-4]\n"
    best, crop = offered(spec)
    assert best.text == spec.replace("pool3s1", "pool3s1p1")
    assert crop.text.count("crop: {size: [33, 33]}") == 2
    called = "input: 35x35x8\nblocks:\n  b:\n    args: {w: }\n    layers:\n      - concat:\n" + (
        "          branches: [{conv: {filters: =w, kernel: 1}}, max_pool: {kernel: 3, stride: 1}]\n"
        "layers: [{b: {w: 2}}, {b: {w: 3}}]\n"
    ).replace("max_pool: {kernel: 3, stride: 1}", "{max_pool: {kernel: 3, stride: 1}}")
    assert first(called) == called.replace("stride: 1", "stride: 1, pad: 1")


@pytest.mark.parametrize(
    ("branches", "changes"),
    [
        (
            ("conv3-4s2p0", "[conv1-2, conv3-4s2]", "max_pool: {kernel: 3, stride: 2}"),
            [[("conv3", "pad", "0")], [("conv1, max_pool1", "pad", "1")]],
        ),
        (
            ("conv3-4s2", "[conv1-2, conv3-4s2, relu]", "pool3s2"),
            [[("max_pool1", "pad", "1")], [("conv1, conv3", "pad", "0")]],
        ),
        (
            ("conv3-4s2p0", "max_pool: {kernel: 3, stride: 2, pad: 1}"),
            [[("conv1", "pad", "1")], [("max_pool1", "pad", "0")]],
        ),
        (
            ("conv3-4s2p0", "conv: {filters: 4, kernel: 3, stride: 2, pad: same}"),
            [[("conv1", "pad", "1")], [("conv2", "pad", "0")]],
        ),
    ],
)
def test_branches_that_step_down_are_padded_alike(
    branches: tuple[str, ...], changes: list[list[tuple[str, str, str]]]
) -> None:
    spec = HEAD + "".join(f"        - {branch}\n" for branch in branches)
    found = offered(spec)
    assert [told(offer) for offer in found[:2]] == changes
    assert all(not faults(offer.text) for offer in found)


UNET = """\
input: 64x64x1
rounding: floor
layers:
  - conv3-8:
    name: a
  - conv3-8s2p1:
    name: b
  - {}
    name: up
  - concat:
    from: [a, up]
"""


@pytest.mark.parametrize(
    ("layer", "repaired"),
    [
        ("kernel: 3, stride: 2, pad: 1", "kernel: 3, stride: 2, pad: 1, output_pad: 1"),
        ("kernel: 2, stride: 3, pad: 16", "kernel: 2, stride: 3, pad: 16, output_pad: 1"),
        (
            "kernel: 3, stride: 3, pad: 17, output_pad: 1",
            "kernel: 3, stride: 3, pad: 17, output_pad: 2",
        ),
        (
            "kernel: [3, 2], stride: 2, pad: [1, 0]",
            "kernel: [3, 2], stride: 2, pad: [1, 0], output_pad: [1, 0]",
        ),
    ],
)
def test_a_transposed_conv_that_is_one_short_gets_output_padding(layer: str, repaired: str) -> None:
    spec = UNET.format(f"conv_transpose: {{filters: 8, {layer}}}")
    found = offered(spec)
    assert found[0].text == spec.replace(layer, repaired)
    assert faults(found[0].text) == []
    if "[" not in layer:
        assert "crop: {like: up}" in found[1].text


def test_output_padding_is_below_the_stride() -> None:
    spec = UNET.format("conv_transpose: {filters: 8, kernel: 2, stride: 2, pad: 1}")
    found = offered(spec)
    assert found and not any("output_pad" in offer.text for offer in found)


def test_an_upsampling_that_is_one_short_takes_the_size_it_meets() -> None:
    spec = UNET.format("upsample: {scale: 2, mode: bilinear}").replace("64x64", "63x63")
    spec = spec.replace("conv3-8s2p1", "pool2")
    best, crop = offered(spec)
    assert best.text == spec.replace("scale: 2", "like: a")
    assert "crop: {like: up}" in crop.text
    inside = (
        "input: 9x9x4\nrounding: floor\nlayers:\n  - concat:\n      branches:\n"
        "        - [pool2, {upsample: {scale: 2}}]\n        - conv3-4\n"
    )
    assert first(inside) == inside.replace("scale: 2", "size: [9, 9]")


def helps(spec: str) -> tuple[str, ...]:
    found = analyze(load("net.yaml", spec.encode())).findings
    return next(f.help for f in found if f.code == "CC107")


def test_the_layer_that_steps_down_to_another_size_is_named() -> None:
    branches = ("conv3-4s2p0", "[conv1-2, conv3-4s2, relu]", "max_pool: {kernel: 3, stride: 2}")
    spec = HEAD + "".join(f"        - {branch}\n" for branch in branches)
    assert helps(spec)[0] == "branch 2: conv3 outputs 18x18, 17x17 expected"
    kept = spec.replace("[conv1-2, conv3-4s2, relu]", "conv1-2")
    assert helps(kept)[0] == "branch 2 stays 35x35, 17x17 expected"


def test_output_padding_is_named_before_a_crop() -> None:
    spec = UNET.format("conv_transpose: {filters: 8, kernel: 3, stride: 2, pad: 1}")
    assert helps(spec)[0] == "`output_pad: 1` of up (64x64)"
    more = UNET.format("conv_transpose: {filters: 8, kernel: 2, stride: 2, pad: 1}")
    assert not any("output_pad" in line for line in helps(more))


def test_output_padding_is_not_named_where_same_has_a_size_of_its_own() -> None:
    spec = UNET.format("conv_transpose: {filters: 8, kernel: 3, stride: 2, pad: same}")
    spec = spec.replace("64x64", "63x63").replace("conv3-8s2p1", "pool2")
    assert helps(spec)[0].startswith("a `crop: {like: up}`")


def test_a_shortcut_in_a_block_has_its_projection_named() -> None:
    spec = (
        "input: 8x8x4\nrounding: floor\nblocks:\n  b:\n    args: {s: }\n    layers:\n"
        "      - add:\n          branches:\n"
        "            body: {conv: {filters: 4, kernel: 3, stride: =s, pad: 1}}\n"
        "            skip: identity\nlayers: [{b: {s: 1}}, {b: {s: 2}}]\n"
    )
    assert helps(spec) == (
        "skip: `conv1-4s2` in place of the identity (4x4x4) in this call, "
        "as an argument of the block where its other calls need another",
    )


INCEPTION = "input: 32x32x32\nrounding: floor\nlayers:\n  - concat:\n      branches:\n"
ONES = "        one: [conv1-16]\n"


@pytest.mark.parametrize(
    ("three", "pool", "padded", "single"),
    [
        ("conv3-16", "[max_pool: {kernel: 3, stride: 2, pad: 1}, conv1-8]",
         "conv3-16", "[max_pool: {kernel: 3, stride: 1, pad: 1}, conv1-8]"),
        ("conv3-16p0", "[max_pool: {kernel: 3, stride: 2}, conv1-8]",
         "conv3-16p1", "[max_pool: {kernel: 3, stride: 1, pad: 1}, conv1-8]"),
        ("conv3-16p0", "[max_pool: {kernel: 2}, conv1-8, relu]",
         "conv3-16p1", "[max_pool: {kernel: 2, stride: 1, pad: same}, conv1-8, relu]"),
        ("conv5-16", "[pool3s2, conv1-8]", "conv5-16", "[pool3s1p1, conv1-8]"),
        ("conv3-16", "[conv1-4, pool2]",
         "conv3-16", "[conv1-4, {max_pool: {kernel: 2, stride: 1, pad: same}}]"),
    ],
)  # fmt: skip
def test_a_pool_that_alone_steps_goes_in_single_steps_before_anything_is_enlarged(
    three: str, pool: str, padded: str, single: str
) -> None:
    spec = f"{INCEPTION}{ONES}        three: [{three}]\n        pool: {pool}\n"
    best = offered(spec)[0]
    assert best.text == f"{INCEPTION}{ONES}        three: [{padded}]\n        pool: {single}\n"
    assert faults(best.text) == []


def test_the_steps_and_the_padding_of_a_module_are_told_as_one_change() -> None:
    pool = "        pool: [max_pool: {kernel: 3, stride: 2}, conv1-8]\n"
    spec = f"{INCEPTION}{ONES}        three: [conv3-16p0]\n{pool}"
    assert told(offered(spec)[0]) == [("conv2, max_pool1", "stride, pad", "1, 1")]
    alone = spec.replace("stride: 2", "stride: 2, pad: 1").replace("p0", "")
    assert told(offered(alone)[0]) == [("max_pool1", "stride", "1")]


@pytest.mark.parametrize(
    "branch",
    [
        "[pool2, conv3-8]",  # sees more, and was to be enlarged
        "[avg_pool: {kernel: 8}, conv1-8]",  # a pyramid
        "[max_pool: {kernel: 3, stride: 2, pad: 1}, conv1-8, upsample: {scale: 4}]",
    ],
)
def test_a_pool_that_was_meant_to_step_keeps_its_stride(branch: str) -> None:
    spec = f"{INCEPTION}{ONES}        three: [conv3-16]\n        pool: {branch}\n"
    assert not any("stride" in change[1] for offer in offered(spec) for change in told(offer))


def test_large_pools_that_are_padded_by_half_of_their_windows_step_by_one() -> None:
    pools = "".join(f"        - max_pool: {{kernel: {k}, pad: {k // 2}}}\n" for k in (5, 9, 13))
    spec = f"{INCEPTION}        - identity\n{pools}"
    best = offered(spec)[0]
    names = "max_pool1, max_pool2, max_pool3"
    assert told(best) == [(names, "stride", "1")]
    assert best.text.count("stride: 1") == 3 and faults(best.text) == []
    single = f"{INCEPTION}        - identity\n        - pool5s2p2\n"
    assert "- pool5s1p2\n" in offered(single)[0].text


def test_a_layer_over_several_lines_is_shown_to_go_on() -> None:
    """It was told as `max_pool: -> max_pool:, conv1-6s2`, which says nothing of the pool."""
    spec = (
        "input: 9x9x3\nlayers:\n  - add:\n      branches:\n        - conv3-6s2\n"
        "        - - upsample: {scale: 1}\n          - max_pool:\n              kernel: 1\n"
        "              stride: 1\n  - fc-10\n"
    )
    (change,) = offered(spec)[0].changes
    assert (change.before, change.after) == ("max_pool: ...", "max_pool: ..., conv1-6s2")
