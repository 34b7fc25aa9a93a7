"""darknet's options as its own parser takes them: the first of a name, strides of either axis."""

import io
import re

import pytest

from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError
from convcalc.interop.read.model import read
from tests.interop.conftest import totals

NET = "[net]\nheight=%d\nwidth=%d\nchannels=%d\n"


def darknet(text: str, height: int = 17, width: int = 20, channels: int = 4) -> Flat:
    return read("net.cfg", io.BytesIO((NET % (height, width, channels) + text).encode()))


CONV = "[convolutional]\nfilters=6\nsize=1\nactivation=linear\n"


@pytest.mark.parametrize(
    ("options", "height", "width"),
    [  # (side + padding - size) // stride + 1, padding size - 1 unless it is stated
        ("size=2\nstride=2\nstride_x=1\nstride_y=2\n", (17 + 1 - 2) // 2 + 1, 20 + 1 - 2 + 1),
        ("size=2\nstride=2\nstride_x=1\n", (17 + 1 - 2) // 2 + 1, 20 + 1 - 2 + 1),
        ("size=3\nstride_y=2\nstride=1\n", (17 + 2 - 3) // 2 + 1, 20),
        ("size=3\nstride_x=3\nstride_y=2\n", (17 + 2 - 3) // 2 + 1, (20 + 2 - 3) // 3 + 1),
        ("size=5\nstride_x=3\nstride_y=4\npadding=0\n", (17 - 5) // 4 + 1, (20 - 5) // 3 + 1),
    ],
)
@pytest.mark.parametrize("section", ["maxpool", "local_avgpool"])
def test_pools_have_a_stride_for_each_axis(
    section: str, options: str, height: int, width: int
) -> None:
    text = f"[{section}]\n{options}"
    if section == "local_avgpool" and "padding" not in options:
        with pytest.raises(UnsupportedError, match="local_avgpool with padding"):
            darknet(text)
        return
    assert darknet(text).items[-1].output == (height, width, 4)


@pytest.mark.parametrize(
    ("options", "side", "pad"),
    [  # out = (side + 2 * padding - size) // stride + 1, read from -padding * dilation on
        ("size=3\npadding=1\ndilation=2\n", 8, (2, 2)),
        ("size=3\npad=1\ndilation=2\n", 8, (2, 2)),
        ("size=3\npad=1\ndilation=4\n", 8, (4, 4)),
        ("size=3\ndilation=2\n", 6, (0, 2)),
        ("size=5\npadding=1\ndilation=3\n", 6, (3, 7)),
        ("size=3\npad=1\ndilation=2\nstride=2\n", 4, (2, 1)),
        ("size=3\npad=1\n", 8, (1, 1)),
    ],
)
def test_a_dilated_convolution_has_the_size_of_one_that_is_not(
    options: str, side: int, pad: tuple[int, int]
) -> None:
    """darknet's `convolutional_out_height` knows no dilation; `im2col_cpu_ext` pads by it."""
    flat = darknet(f"[convolutional]\nfilters=4\n{options}activation=linear\n", 8, 8)
    assert flat.items[1].output == (side, side, 4)
    layer = flat.items[1].layer
    assert layer is not None
    found = layer.__dict__["pad"]
    assert (found[0], found[-1] if len(found) < 4 else found[1]) == pad
    size = 5 if "size=5" in options else 3
    assert totals(flat) == (4 * 4 * size**2 + 4, side * side * 4 * 4 * size**2)


def test_windows_of_a_dilation_that_end_too_early_are_refused() -> None:
    text = "[convolutional]\nfilters=4\nsize=2\npadding=2\ndilation=4\nactivation=linear\n"
    with pytest.raises(UnsupportedError, match="a convolution whose windows of a dilation"):
        darknet(text, 8, 8)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("stride", [1, 2])
def test_a_padded_local_layer_has_a_window_a_stride(size: int, stride: int) -> None:
    """darknet: `h = l.pad ? l.h - 1 : l.h - l.size; return h / l.stride + 1`."""
    text = f"[local]\nfilters=4\nsize={size}\nstride={stride}\npad="
    side = 7 // stride + 1
    assert darknet(text + "1\n", 8, 8).items[1].output == (side, side, 4)
    side = (8 - size) // stride + 1
    assert darknet(text + "0\n", 8, 8).items[1].output == (side, side, 4)


@pytest.mark.parametrize("text", ["1_0", "nan", "inf", "0x1", "#"])
def test_a_probability_is_a_number_as_c_writes_it(text: str) -> None:
    with pytest.raises(UnreadableError, match="probability is"):
        darknet(CONV + f"[dropout]\nprobability={text}\n")


def test_an_axis_of_a_convolution_without_a_stride_has_the_common_one() -> None:
    text = "[convolutional]\nsize=3\npad=1\nstride=2\nstride_x=0\nstride_y=3\n"
    assert darknet(text).items[1].output == ((17 + 2 - 3) // 3 + 1, (20 + 2 - 3) // 2 + 1, 1)


def test_the_first_of_two_options_of_a_name_counts_and_is_said() -> None:
    flat = darknet("[convolutional]\nfilters=4\nfilters=8\nsize=1\nsize=1\nactivation=linear\n")
    assert totals(flat)[0] == 4 * 4 + 4
    (note,) = flat.notes
    assert note == "convolutional_0 states filters twice: the first, 4, counts, as in darknet"


def test_a_size_that_the_net_states_again_is_said() -> None:
    flat = darknet("width=99\nwidth=20\n" + CONV)
    assert flat.items[0].output == (17, 20, 4)
    assert flat.notes == ("net states width twice: the first, 20, counts, as in darknet",)


def test_many_options_of_a_name_are_said_in_one_line() -> None:
    twice = "".join(f"o{i}=1\no{i}=2\n" for i in range(500))
    flat = darknet(2 * (CONV + twice))
    (note,) = flat.notes
    assert note == (
        "convolutional_0 states o0 twice: the first, 1, counts, as in darknet (and 999 more so)"
    )


def test_filters_that_groups_do_not_divide_are_no_depthwise_convolution() -> None:
    flat = darknet("[convolutional]\nfilters=6\ngroups=4\nactivation=linear\n")
    (fault,) = flat.faults
    assert "4 groups do not divide 6 filters" in fault[1].message
    whole = darknet("[convolutional]\nfilters=8\ngroups=4\nactivation=linear\n")
    assert (whole.items[-1].kind, totals(whole)[0]) == ("depthwise_conv", 8 + 8)


def test_a_batch_norm_over_iterations_is_a_batch_norm() -> None:
    flat = darknet("[convolutional]\nfilters=8\ncbn=1\nactivation=linear\n")
    assert [item.kind for item in flat.items] == ["input", "conv", "batch_norm"]


def test_the_order_of_a_reorg_is_said() -> None:
    text = "reorg takes its numbers in another order in darknet: sizes are equal"
    assert darknet("[reorg]\nstride=2\n").notes == (text,)
    assert darknet("[reorg]\nstride=1\n").notes == ()


def test_a_temperature_is_said() -> None:
    assert darknet("[avgpool]\n[softmax]\ntemperature=3\n").notes == (
        "softmax divides by a temperature in the source: sizes are equal",
    )
    assert darknet("[avgpool]\n[softmax]\ntemperature=1\ngroups=1\n").notes == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (CONV + "rotate=1\n", "convolutional with rotate = 1"),
        (CONV + "stretch_sway=1\n", "convolutional with stretch_sway = 1"),
        (CONV + "bin_output=1\n", "convolutional with bin_output = 1"),
        (
            "[maxpool]\nsize=2\nstride=2\nmaxpool_zero_nonmax=1\n",
            "maxpool with maxpool_zero_nonmax",
        ),
        ("[avgpool]\n[softmax]\ntree=data/9k.tree\n", "softmax with tree = data/9k.tree"),
        ("[avgpool]\n[soft]\ngroups=2\n", "softmax over groups"),
    ],
)
def test_what_changes_the_numbers_is_refused(text: str, line: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        darknet(text)
    assert caught.value.lines[0].startswith(line)


@pytest.mark.parametrize(
    "text",
    [
        "[route]\nlayers=0" + ",0" * 500_000,
        "[route]\ngroups=2\nlayers=0" + ",0" * 400_000,
        CONV + "[shortcut]\nfrom=0" + ",0" * 400_000,
    ],
)
def test_a_layer_of_very_many_inputs_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"inputs: 4,096 are the most"):
        darknet(CONV + text + "\n")


def test_a_layer_of_many_inputs_is_read() -> None:
    flat = darknet(CONV + "[route]\nlayers=0" + ",0" * 4095 + "\n")
    assert flat.items[-1].output == (17, 20, 6 * 4096)


def test_a_caffe_layer_of_very_many_inputs_is_refused() -> None:
    bottoms = 4097 * 'bottom: "x" '
    text = (
        'input: "x" input_shape { dim: 1 dim: 3 dim: 4 dim: 4 }\n'
        f'layer {{ name: "c" type: "Concat" {bottoms} top: "y" }}'
    )
    with pytest.raises(UnreadableError, match=r"layer c: concat of 4,097 inputs: 4,096 are"):
        read("net.prototxt", io.BytesIO(text.encode()))


@pytest.mark.parametrize("kind", ["Convolution", "ConvolutionDepthwise"])
def test_caffe_filters_that_groups_do_not_divide(kind: str) -> None:
    text = (
        'input: "x" input_shape { dim: 1 dim: 4 dim: 4 dim: 4 }\n'
        f'layer {{ name: "c" type: "{kind}" bottom: "x" top: "y" '
        "convolution_param { num_output: 6 kernel_size: 1 group: 4 } }"
    )
    (fault,) = read("net.prototxt", io.BytesIO(text.encode())).faults
    assert "4 groups do not divide 6 filters" in fault[1].message


JOINED = f"{CONV}[maxpool]\nsize=2\nstride=2\n{CONV}[route]\nlayers=-1,-3\n"


def test_a_shortcut_behind_a_fault_is_no_shortcut_between_different_shapes() -> None:
    """The fault is told itself: it comes first, and nothing that ends with it can be built."""
    flat = darknet(f"{JOINED}[shortcut]\nfrom=-3\nactivation=linear\n[upsample]\n", 16, 16)
    assert [flat.items[at].node for at, _ in flat.faults] == ["route_3"]
    assert [item.kind for item in flat.items][-3:] == ["concat", "add", "upsample"]


@pytest.mark.parametrize("wrong", ["[shortcut]\nfrom=-4\nactivation=linear\n", ""])
def test_the_part_before_ends_with_a_layer_that_can_be_built(wrong: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        darknet(f"{JOINED}{wrong}[foo]\n", 16, 16)
    assert caught.value.until == "convolutional_2"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("groups=0\n", "line 9, [route]: groups 0 is below 1"),
        ("groups=-2\n", "line 9, [route]: groups -2 is below 1"),
        ("groups=2\ngroup_id=2\n", "line 9, [route]: group_id 2 is none of 2 groups, 0 the first"),
        ("groups=2\ngroup_id=-1\n", "line 9, [route]: group_id -1 is none of 2 groups"),
    ],
)
def test_a_route_of_no_group_is_refused_at_its_line(options: str, said: str) -> None:
    """darknet divides by `groups`, and reads beside the volume."""
    with pytest.raises(UnreadableError, match=re.escape(said)):
        darknet(f"{CONV}[route]\nlayers=-1\n{options}")
