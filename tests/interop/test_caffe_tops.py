"""Caffe layers of several tops: a pool's mask, convolutions of several volumes, tops too many."""

import io

import pytest

from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError
from convcalc.interop.read.model import read
from tests.interop.conftest import totals

INPUT = 'input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n'
MASKED = (
    'layer { name: "p" type: "Pooling" bottom: "x" top: "p" top: "mask"'
    " pooling_param { pool: MAX kernel_size: 2 stride: 2 } }\n"
)
CONV = "convolution_param { num_output: 4 kernel_size: 3 }"
SECOND = INPUT.replace("x", "y")


def _read(text: str) -> Flat:
    return read("net.prototxt", io.BytesIO((INPUT + text).encode()))


@pytest.mark.parametrize("more", ["", 'layer { name: "quiet" type: "Silence" bottom: "mask" }'])
def test_a_mask_that_no_layer_reads_is_left_out(more: str) -> None:
    flat = _read(MASKED + more + 'layer { name: "r" type: "ReLU" bottom: "p" top: "p" }')
    assert [item.kind for item in flat.items] == ["input", "max_pool", "relu"]
    assert len(flat.outputs) == 1 and flat.items[-1].output == (4, 4, 3)
    note = "p also says where each maximum was (the blob mask): left out, no layer reads it"
    assert note in flat.notes


def test_a_mask_that_layers_read_is_refused() -> None:
    unpool = 'layer { name: "u" type: "Upsample" bottom: "p" bottom: "mask" top: "u" }'
    with pytest.raises(UnsupportedError) as refused:
        _read(MASKED + unpool)
    why = "Pooling whose places of the maxima are read (the blob mask): p"
    assert refused.value.lines == (why, "Upsample: u")
    joined = 'layer { name: "j" type: "Concat" bottom: "p" bottom: "mask" top: "j" }'
    with pytest.raises(UnsupportedError) as refused:
        _read(MASKED + joined)
    assert refused.value.lines == (why,)


@pytest.mark.parametrize(
    ("kind", "bottoms", "tops", "more", "made"),
    [
        ("Pooling", "x", "ab", "pooling_param { pool: AVE kernel_size: 2 }", "1 of 1 bottom"),
        ("Pooling", "x", "abc", "pooling_param { kernel_size: 2 }", "1 of 1 bottom"),
        ("ReLU", "x", "ab", "", "1 of 1 bottom"),
        ("Scale", "x", "ab", "", "1 of 1 bottom"),
        ("BatchNorm", "x", "ab", "", "1 of 1 bottom"),
        ("Power", "x", "ab", "", "1 of 1 bottom"),
        ("Crop", "xx", "ab", "", "1 of 2 bottoms"),
        ("Convolution", "x", "ab", CONV, "1 of 1 bottom"),
        ("Convolution", "xx", "a", CONV, "2 of 2 bottoms"),
    ],
)
def test_a_layer_of_more_tops_than_it_makes_is_refused(
    kind: str, bottoms: str, tops: str, more: str, made: str
) -> None:
    """Caffe stops at these (`Layer::CheckBlobCounts`)."""
    blobs = [f'bottom: "{blob}"' for blob in bottoms] + [f'top: "{blob}"' for blob in tops]
    with pytest.raises(UnreadableError) as refused:
        _read(f'layer {{ name: "n" type: "{kind}" {" ".join(blobs)} {more} }}')
    has = f"{len(tops)} top{'s' if len(tops) > 1 else ''}"
    assert str(refused.value) == f"layer n has {has}: {kind} makes {made}"


@pytest.mark.parametrize("kind", ["Convolution", "Deconvolution"])
def test_a_convolution_of_several_volumes_shares_its_weights(kind: str) -> None:
    """Caffe: as many tops as bottoms, all through the same filters."""
    text = (
        f'{SECOND} layer {{ name: "c" type: "{kind}" bottom: "x" bottom: "y" top: "a" top: "b"'
        f" {CONV} }}"
    )
    flat = _read(text)
    assert totals(flat)[0] == 4 * 3 * 9 + 4
    assert [item.shares for item in flat.items] == [None, None, None, 2]
    assert [flat.items[i].inputs for i in flat.outputs] == [(0,), (1,)]
