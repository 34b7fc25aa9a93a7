"""What a .cfg says without saying it: lines that darknet passes over, blanks that it keeps."""

import io
import re

import pytest

from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError
from convcalc.interop.read.darknet.text import sections
from convcalc.interop.read.model import Asked, read
from tests.interop.conftest import totals

NET = "[net]\nheight=8\nwidth=8\nchannels=4\n"
CONV = "[convolutional]\nfilters=6\nsize=1\nactivation=linear\n"


def darknet(text: str, net: str = NET) -> Flat:
    return read("net.cfg", io.BytesIO((net + text).encode()))


@pytest.mark.parametrize("value", ["-1,", ",-1", "-1,,-2", ",", "-1,#x"])
@pytest.mark.parametrize("section", ["[route]\nlayers=", "[shortcut]\nfrom="])
def test_a_list_with_nothing_between_its_commas_is_refused(section: str, value: str) -> None:
    """`atoi("")` is 0: darknet reads the first layer there."""
    key = section.partition("\n")[2][:-1]
    said = (
        rf"line 13, \[\w+\]: {key} is {re.escape(value.partition('#')[0])}: darknet reads 0 where"
    )
    with pytest.raises(UnreadableError, match=said):
        darknet(f"{CONV}{CONV}{section}{value}\n")


def test_a_number_with_nothing_before_its_comma_is_refused() -> None:
    with pytest.raises(UnreadableError, match=r"line 5, \[convolutional\]: groups is ,4"):
        darknet(f"{CONV}groups=,4\n")


@pytest.mark.parametrize("key", ["filters", "size", "stride", "batch_normalize"])
def test_an_option_without_a_value_is_passed_over(key: str) -> None:
    """`read_option` takes no line whose last letter is its `=`."""
    plain = darknet(f"[convolutional]\nfilters=6\nsize=3\nbatch_normalize=1\nstride=2\n{CONV}")
    empty = darknet(
        f"[convolutional]\n{key} = \nfilters=6\nsize=3\nbatch_normalize=1\nstride=2\n{CONV}"
    )
    assert totals(empty) == totals(plain)
    assert not empty.notes


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1c", "\x85", "\xa0", "\u2028", "\u3000"])
def test_no_blanks_but_darknets_are_taken_out(sign: str) -> None:
    """darknet's `strip` knows blanks, tabs and line ends: the rest is part of a name."""
    flat = darknet(f"[convolutional]\n{sign}filters=2\nfilters=6\nsize=1\nactivation=linear\n")
    assert flat.items[-1].output == (8, 8, 6) and not flat.notes
    assert sections(f"[crop{sign}]\n")[0].name == f"crop{sign}"
    with pytest.raises(UnreadableError, match="filters is"):
        darknet(f"[convolutional]\nfilters={sign}6\nactivation=linear\n")
    with pytest.raises(UnsupportedError) as refused:
        darknet(f"[convolutional]\nfilters=6\nactivation=linear{sign}\n")
    assert refused.value.lines[0].startswith("activation linear")


def test_a_remark_behind_a_word_is_part_of_it() -> None:
    """darknet compares the whole of it, and takes ReLU for what it does not know."""
    with pytest.raises(UnsupportedError, match="activation linear#none"):
        darknet("[convolutional]\nactivation=linear # none\n")
    with pytest.raises(UnsupportedError, match="shortcut with weights_type = none#"):
        darknet(f"{CONV}{CONV}[shortcut]\nfrom=-2\nweights_type=none#\n")
    assert darknet("[convolutional]\nfilters=6 # six\n").items[1].output == (8, 8, 6)


@pytest.mark.parametrize("sign", ["\0", "\r"])
def test_what_cuts_lines_otherwise_is_refused(sign: str) -> None:
    """C ends its texts at a NUL; builds of darknet differ over a carriage return."""
    with pytest.raises(UnreadableError, match=r"line 6: a (NUL|carriage return) within the line"):
        darknet(f"[convolutional]\nfilters=8{sign}0\n")
    assert darknet(CONV.replace("\n", "\r\n")).items[1].output == (8, 8, 6)


def test_groups_of_a_route_divide_the_channels() -> None:
    """darknet halves the sum, convcalc each: with a rest these are other sizes."""
    with pytest.raises(UnreadableError, match=r"2 groups do not divide 5 channels"):
        darknet(f"{CONV.replace('6', '5')}[route]\nlayers=-1\ngroups=2\n")


@pytest.mark.parametrize("section", ["scale_channels", "sam"])
def test_a_gate_of_no_layer_is_refused(section: str) -> None:
    with pytest.raises(UnreadableError, match=rf"line 9, \[{section}\]: names no layers"):
        darknet(f"{CONV}[{section}]\n")


def test_a_window_of_one_is_not_dilated() -> None:
    flat = darknet("[convolutional]\nsize=1\npadding=2\ndilation=4\nactivation=linear\n")
    assert flat.items[1].output == (12, 12, 1)
    assert flat.items[1].layer is not None and flat.items[1].layer.__dict__["pad"][0] == 2


@pytest.mark.parametrize("section", ["maxpool", "local_avgpool"])
def test_a_pool_takes_a_stride_of_its_own_as_it_is(section: str) -> None:
    with pytest.raises(UnreadableError, match="stride 0 is below 1"):
        darknet(f"[{section}]\nstride=2\nstride_x=0\npadding=0\n")


def test_channels_that_are_assumed_are_said() -> None:
    """darknet has none then, and stops at a convolution."""
    note = "[net] states no channels, 3 are assumed: --input HxWxC says others"
    assert darknet(CONV, "[net]\nheight=8\nwidth=8\n").notes == (note,)
    assert darknet(CONV).notes == ()
    text = f"[net]\nheight=8\nwidth=8\n{CONV}".encode()
    assert read("net.cfg", io.BytesIO(text), Asked((8, 8, 3))).notes == ()


def test_inputs_of_another_number_than_the_volume_are_refused() -> None:
    with pytest.raises(UnreadableError, match=r"\[net\] states 100 inputs, and 8x8x4 are 256"):
        darknet("[connected]\noutput=9\nactivation=linear\n", f"{NET}inputs=100\n")
    darknet("[connected]\noutput=9\nactivation=linear\n", f"{NET}inputs=256\n")
