"""`check --fix` where a merge reads volumes of other sizes: padded convs, or a crop."""

from repairs import offered

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.spec.load import load

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
    assert [offer.changes[0].option for offer in offered(spec)] == ["pad"]
