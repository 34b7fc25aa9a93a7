"""What follows `[region]`, `[yolo]`, `[detection]` and `[cost]` in darknet, and what they want.

Facts of its source: `make_yolo_layer` and `make_iseg_layer` set `out_w`, `out_h` and `out_c`, as
pjreddie's `make_region_layer` does and AlexeyAB's does not; `make_cost_layer`,
`make_detection_layer` and `make_softmax_layer` set `outputs` alone. The next layer's `params.h`,
`.w` and `.c` are those, and `if(!(h && w && c)) error("Layer before ... must output image.")`.
Detectors check `l.outputs == params.inputs`.
"""

import pytest

from convcalc.interop.flat import Flat, UnreadableError
from tests.interop.test_darknet_options import darknet

CONV = "[convolutional]\nfilters=25\nsize=1\nactivation=linear\n"
FC = "[connected]\noutput=147\nactivation=linear\n"
REGION = "pjreddie's darknet reads a layer behind [region], AlexeyAB's stops there"


def kinds(flat: Flat) -> list[str]:
    return [item.kind for item in flat.items[1:]]


@pytest.mark.parametrize("name", ["yolo", "region"])
def test_a_volume_goes_on_behind_boxes(name: str) -> None:
    flat = darknet(f"{CONV}[{name}]\n{CONV}")
    assert kinds(flat) == ["conv", "conv"]
    assert flat.outputs == (1, 2)
    assert (REGION in flat.notes) == (name == "region")


@pytest.mark.parametrize("name", ["cost", "softmax", "soft"])
@pytest.mark.parametrize(
    "after", ["connected", "dropout", "activation", "softmax", "cost", "route\nlayers=-1"]
)
def test_a_row_of_numbers_goes_on_where_no_volume_is_wanted(name: str, after: str) -> None:
    section, _, options = after.partition("\n")
    assert not darknet(f"{CONV}[{name}]\n[{section}]\n{options}\n{FC}").faults


@pytest.mark.parametrize(
    "wanting",
    [
        "convolutional",
        "deconvolutional",
        "local",
        "maxpool",
        "avgpool",
        "local_avgpool",
        "upsample",
        "reorg",
        "batchnorm",
        "crop",
        "yolo",
        "region",
        "iseg",
        "shortcut\nfrom=0",
        "scale_channels\nfrom=0",
        "sam\nfrom=0",
    ],
)
@pytest.mark.parametrize("between", ["", "[dropout]\n", "[route]\nlayers=-1\n", "[activation]\n"])
def test_what_wants_a_volume_is_refused_behind_a_row(wanting: str, between: str) -> None:
    name, _, options = wanting.partition("\n")
    with pytest.raises(UnreadableError) as caught:
        darknet(f"{CONV}[cost]\n{between}[{name}]\n{options}\n")
    other = between[1:].partition("]")[0] or "cost"
    assert f"[{name}]: reads [{other}], which in darknet gives a row of numbers, no height" in str(
        caught.value
    )
    assert str(caught.value).endswith(": [route] with layers=0 before it reads a volume")


def test_a_shortcut_from_a_row_is_refused() -> None:
    text = f"{CONV}[softmax]\n[route]\nlayers=0\n[shortcut]\nfrom=1\n"
    with pytest.raises(UnreadableError, match=r"\[shortcut\]: reads \[softmax\]"):
        darknet(text)


def test_a_volume_is_read_past_a_row() -> None:
    flat = darknet(f"{CONV}[cost]\n[route]\nlayers=-2\n{CONV}")
    assert flat.items[-1].output == (17, 20, 25)


@pytest.mark.parametrize(
    ("section", "arriving"),
    [
        ("[yolo]\n", 20 + 5),
        ("[yolo]\nnum=9\nmask=0,1,2\nclasses=80\n", 3 * (80 + 5)),
        ("[yolo]\nnum=2\nclasses=1\n", 2 * (1 + 5)),
        ("[Gaussian_yolo]\nmask=6,7,8\nclasses=80\n", 3 * (80 + 9)),
        ("[region]\nnum=5\nclasses=80\ncoords=4\n", 5 * (80 + 5)),
        ("[region]\nnum=5\nclasses=80\nmask=0\n", 5 * (80 + 5)),
        ("[iseg]\nclasses=80\nids=8\n", 80 + 8),
    ],
)
def test_a_detector_wants_as_many_channels_as_its_boxes_have(section: str, arriving: int) -> None:
    conv = CONV.replace("25", "%d")
    assert kinds(darknet(conv % arriving + section)) == ["conv"]
    with pytest.raises(UnreadableError, match=rf" = {arriving} channels arrive, and 7 do: write"):
        darknet(conv % 7 + section)


def test_a_detection_wants_as_many_numbers_as_its_cells_have() -> None:
    """YOLOv1: 7^2*((1 + 4)*3 + 20) = 1715."""
    section = "[detection]\nclasses=20\ncoords=4\nside=7\nnum=3\n"
    assert kinds(darknet(FC.replace("147", "1715") + section)) == ["fc"]
    assert kinds(darknet(f"{FC}[detection]\n")) == ["fc"]
    with pytest.raises(UnreadableError) as caught:
        darknet(FC + section)
    assert str(caught.value) == (
        "line 8, [detection]: darknet stops unless side 7^2*((1 + 4 coords)*3 num + 20 classes) = "
        "1,715 numbers arrive, and 147 do: write output=1715 in the layer before it, or other "
        "options here"
    )
