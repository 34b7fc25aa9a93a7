"""Repairs that are not offered, since they help nobody."""

from convcalc import zoo
from tests.fix.repairs import faults, offered, told


def test_no_input_of_one_pixel_is_offered() -> None:
    spec = "input: 32x32x3\nlayers:\n  - {conv3-8: , name: a}\n  - conv3-8s2p1\n"
    found = offered(f"{spec}  - add:\n    from: [a, conv1]\n")
    assert found and not any("input: 1x1" in offer.text for offer in found)


def test_no_crop_is_offered_that_another_call_of_the_block_cannot_make() -> None:
    """Each call adds two rows: the shortcut of the second is smaller than the crop's size."""
    spec = (
        "input: 16x16x4\nblocks:\n  b:\n    args: {s: 1}\n    layers:\n      - add:\n"
        "          branches:\n            - [{conv: {filters: 4, kernel: 3, stride: =s, pad: 2}}]\n"
        "            - {max_pool: {kernel: 1, stride: =s}}\n"
        "layers:\n  - b\n  - pool2\n  - b\n"
    )
    assert all("CC110" not in offer.errors for offer in offered(spec))
    published = zoo.read("resnet20-a").decode().partition("expect:")[0]
    damaged = published.replace("pad: 1", "pad: 2", 1)
    assert damaged != published
    assert all("CC110" not in offer.errors for offer in offered(damaged))


def test_a_loss_is_not_repaired_where_the_numbers_of_the_file_would_not_hold() -> None:
    """SqueezeNet loses a row, as published: `--write` made a file that failed its check."""
    spec = zoo.read("squeezenet1_1").decode()
    assert faults(spec) == ["CC103"]
    assert [change for offer in offered(spec) for change in told(offer)] == [
        ("input", "input", "223x223x3")  # the row that is never read
    ]
    stated = "input: 8x8x3\nrounding: floor\nlayers: [conv3-4s2p0]\nexpect: {macs: 972}\n"
    assert faults(stated) == ["CC103"] and all(not faults(o.text) for o in offered(stated))
    assert len(offered(stated)) < len(offered(stated.replace("expect: {macs: 972}\n", "")))


def test_an_edit_is_tried_within_the_limits_of_the_file() -> None:
    """A misspelt `repeat` hid layers by the million, which were all made to try it."""
    spec = "input: 8x8x3\nlayers: [{repaet: {times: 300000, layers: [relu]}}]\n"
    assert not offered(spec)
