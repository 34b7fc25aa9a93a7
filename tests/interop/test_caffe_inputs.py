"""What a prototxt says of its inputs: which data layers crop, and which state a size."""

import io

import pytest

from convcalc.interop.flat import Flat, NoInputError, UnreadableError, UnsupportedError
from convcalc.interop.read.model import Asked, read

CONV = (
    'layer { name: "c" type: "Convolution" bottom: "data" top: "c"'
    " convolution_param { num_output: 8 kernel_size: 3 pad: 1 } }\n"
)


def _read(text: str, more: str = CONV) -> Flat:
    return read("net.prototxt", io.BytesIO(f"{text}\n{more}".encode()))


def _data(kind: str, param: str = "", tops: str = 'top: "data"') -> str:
    return f'layer {{ name: "data" type: "{kind}" {tops} {param} }}\n'


CROP = "transform_param { crop_size: 16 }"
SHAPE = "shape { dim: 5 dim: 4 dim: 60 dim: 50 }"


@pytest.mark.parametrize(
    ("kind", "param", "shape"),
    [
        ("Data", CROP, (16, 16, 3)),
        ("Data", "transform_param { crop_size: 16 force_gray: true }", (16, 16, 1)),
        ("ImageData", CROP, (16, 16, 3)),
        ("ImageData", f"{CROP} image_data_param {{ new_height: 32 new_width: 40 }}", (16, 16, 3)),
        ("ImageData", "image_data_param { new_height: 32 new_width: 40 }", (32, 40, 3)),
        ("ImageData", f"{CROP} image_data_param {{ is_color: false }}", (16, 16, 1)),
        ("WindowData", CROP, (16, 16, 3)),
        ("DummyData", f"dummy_data_param {{ {SHAPE} }}", (60, 50, 4)),
        ("DummyData", f"dummy_data_param {{ {SHAPE} }} {CROP}", (60, 50, 4)),
        ("DummyData", "dummy_data_param { num: 5 channels: 4 height: 60 width: 50 }", (60, 50, 4)),
        (
            "MemoryData",
            f"memory_data_param {{ batch_size: 1 channels: 3 height: 64 width: 48 }} {CROP}",
            (64, 48, 3),
        ),
    ],
)
def test_data_has_the_size_that_caffe_gives_it(
    kind: str, param: str, shape: tuple[int, ...]
) -> None:
    """DummyData and MemoryData state their size and do not crop."""
    assert _read(_data(kind, param)).items[0].output == shape


@pytest.mark.parametrize(
    ("param", "said"),
    [
        (CROP, True),
        ("transform_param { crop_size: 16 mean_value: 9 }", True),
        ("transform_param { crop_size: 16 mean_value: [1, 2, 3] }", False),
        ("transform_param { crop_size: 16 force_gray: true }", False),
        ("transform_param { crop_size: 16 force_color: true }", False),
    ],
)
def test_channels_that_the_file_does_not_say_are_a_note(param: str, said: bool) -> None:
    note = (
        "input data: the file does not say its channels, 3 are assumed: --input HxWxC says others"
    )
    assert (note in _read(_data("Data", param)).notes) is said
    assert note not in _read(_data("ImageData", CROP)).notes
    text = f"{_data('Data', CROP)}\n{CONV}".encode()
    assert note not in read("net.prototxt", io.BytesIO(text), Asked((16, 16, 1))).notes


@pytest.mark.parametrize(
    ("kind", "param"),
    [
        ("HDF5Data", CROP),
        ("Data", ""),
        ("Data", "data_param { crop_size: 16 }"),
        ("Data", "transform_param { crop_size: 16 resize_param { height: 8 width: 8 } }"),
        ("ImageData", ""),
        ("Data", f"{CROP} Include {{ phase: TRAIN }}"),
        ("Data", f"{CROP} annotated_data_param {{ }}"),
    ],
)
def test_data_without_a_size_is_asked_for(kind: str, param: str) -> None:
    with pytest.raises(NoInputError, match="input data has no size: give it with --input"):
        _read(_data(kind, param))


def test_the_old_dialect_crops_in_its_data() -> None:
    """`UpgradeNetDataTransformation`."""
    text = 'layers { name: "d" type: DATA top: "data" data_param { crop_size: 16 } }\n'
    flat = _read(text, CONV.replace("layer {", "layers {").replace('"Convolution"', "CONVOLUTION"))
    assert flat.items[0].output == (16, 16, 3)


def test_labels_are_no_inputs() -> None:
    """Of what data layers make, that counts which layers read that are left."""
    both = 'top: "data" top: "label"'
    loss = 'layer { name: "s" type: "SoftmaxWithLoss" bottom: "c" bottom: "label" top: "s" }\n'
    dummy = _data("DummyData", f"dummy_data_param {{ {SHAPE} shape {{ dim: 5 }} }}", both)
    assert [item.kind for item in _read(dummy, CONV + loss).items] == ["input", "conv"]
    apart = _data("DummyData", f"dummy_data_param {{ {SHAPE} }}")
    label = _data("DummyData", "dummy_data_param { shape { dim: 5 } }", 'top: "label"')
    assert [item.kind for item in _read(apart + label, CONV + loss).items] == ["input", "conv"]
    two = _data("DummyData", f"dummy_data_param {{ {SHAPE} }}", 'top: "data" top: "more"')
    again = CONV.replace('"c"', '"d"').replace('"data"', '"more"')
    assert [item.kind for item in _read(two, CONV + again).items].count("input") == 2


@pytest.mark.parametrize("batch", [2, 9])
def test_inputs_of_unlike_batches_are_refused(batch: int) -> None:
    """A conv of each; what no layer reads, as a label, is no input of the net."""
    sizes = "".join(f"shape {{ dim: {n} dim: 3 dim: 8 dim: 8 }} " for n in (2, batch))
    tops = 'top: "data" top: "more"'
    again = CONV.replace('"c"', '"d"').replace('"data"', '"more"')
    two = _data("Input", f"input_param {{ {sizes} }}", tops)
    assert _read(two).items[0].output == (8, 8, 3)
    if batch == 2:
        assert [item.kind for item in _read(two, CONV + again).items].count("input") == 2
        return
    with pytest.raises(UnreadableError, match="inputs data and more are of 2 and 9 images"):
        _read(two, CONV + again)


def test_as_many_images_as_the_data_has() -> None:
    reshape = (
        'layer { name: "r" type: "Reshape" bottom: "data" top: "r"'
        " reshape_param { shape { dim: %d dim: -1 } } }"
    )
    data = _data("Data", f"{CROP} data_param {{ batch_size: 4 }}")
    assert _read(data, reshape % 4).items[1].output == (16 * 16 * 3,)
    with pytest.raises(UnsupportedError, match="Reshape of 4 images"):
        _read(data, reshape % 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('input: "data" input_dim: 1 input_dim: 3 input_dim: 8', "3 input_dim for 1 input"),
        (
            'input: "data" input: "more" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }',
            "1 input_shape for 2 input",
        ),
        (
            'layer { name: "i" type: "Input" top: "data" top: "a" top: "b" input_param {'
            " shape { dim: 1 dim: 3 dim: 8 dim: 8 } shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }",
            "shape is stated 2 times for 3 tops",
        ),
        (_data("DummyData", f"dummy_data_param {{ {SHAPE} num: 1 }}"), "num, channels, height"),
        (
            'input: "data" input_shape { dim: 1 dims: 3 dim: 8 dim: 8 }',
            "dims is no field of Caffe's",
        ),
        (
            _data("Input", "input_param { shape { dim: 1 Dim: 3 dim: 8 dim: 8 } }"),
            "Dim is no field",
        ),
        (_data("Input", "input_param { } Include { phase: TRAIN }"), "layer data: Include is no"),
        (
            _data("Data", CROP) + _data("Data", "transform_param { crop_size: 32 }"),
            "both make the blob data",
        ),
    ],
)
def test_inputs_that_caffe_does_not_take_are_refused(text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        _read(text)
