"""Caffe's fields that change a layer, the rules that leave layers out, and what layers share."""

import io

import pytest

from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError
from convcalc.interop.read.model import read
from tests.interop.conftest import totals

HEAD = 'input: "x" input_dim: %d input_dim: 3 input_dim: 8 input_dim: 8\n'


def _read(text: str, batch: int = 1) -> Flat:
    return read("net.prototxt", io.BytesIO((HEAD % batch + text).encode()))


def _reshape(dims: str, before: str = "x", batch: int = 1, more: str = "") -> Flat:
    shape = " ".join(f"dim: {dim}" for dim in dims.split())
    layer = f'layer {{ name: "r" type: "Reshape" bottom: "{before}" top: "r" reshape_param'
    return _read(f"{more} {layer} {{ shape {{ {shape} }} }} }}", batch)


def _conv(name: str, more: str = "", param: str = "num_output: 3 kernel_size: 3") -> str:
    return (
        f'layer {{ name: "{name}" type: "Convolution" bottom: "x" top: "{name}" {more}'
        f" convolution_param {{ {param} }} }}\n"
    )


@pytest.mark.parametrize(
    ("dims", "batch", "output"),
    [
        ("0 -1", 1, (192,)),
        ("1 192", 1, (192,)),
        ("-1 192", 5, (192,)),
        ("5 192", 5, (192,)),
        ("0 0 -1", 1, (64, 3)),
        ("0 3 4 16", 1, (4, 16, 3)),
        ("0 0 0 0", 1, (8, 8, 3)),
    ],
)
def test_a_reshape_that_keeps_the_images(dims: str, batch: int, output: tuple[int, ...]) -> None:
    assert _reshape(dims, batch=batch).items[-1].output == output


@pytest.mark.parametrize(
    ("dims", "batch", "why"),
    [
        ("-1 12", 1, "Reshape of 1 image of 192 numbers to 16 of 12: r"),
        ("2 96", 1, "Reshape of 1 image of 192 numbers to 2 of 96: r"),
        ("1 384", 2, "Reshape of 2 images of 192 numbers to 1 of 384: r"),
        ("1 12 4 4", 1, "Reshape that mixes channels and positions: r"),
        ("1 1 8 24", 1, "Reshape that mixes channels and positions: r"),
    ],
)
def test_a_reshape_that_mixes_is_refused(dims: str, batch: int, why: str) -> None:
    with pytest.raises(UnsupportedError) as refused:
        _reshape(dims, batch=batch)
    assert refused.value.lines == (why,)


@pytest.mark.parametrize("dims", ["1 100", "0 100", "-1 7", "0 -1 7", "0 0 9 9"])
def test_a_reshape_to_other_numbers_is_refused(dims: str) -> None:
    """As Caffe does: "output count must match input count"."""
    with pytest.raises(UnreadableError, match="layer r: reshape_param is"):
        _reshape(dims)


def test_a_vector_that_becomes_a_volume_is_said() -> None:
    fc = (
        'layer { name: "f" type: "InnerProduct" bottom: "x" top: "f"'
        " inner_product_param { num_output: 48 } }"
    )
    flat = _reshape("0 3 4 4", "f", more=fc)
    assert flat.items[-1].output == (4, 4, 3)
    assert [note[:60] for note in flat.notes] == [
        "a vector becomes a volume (`reshape`) channels first in the "
    ]
    assert not _reshape("0 48 1 1", "f", more=fc).notes
    assert not _reshape("0 1 6 8", "f", more=fc).notes


@pytest.mark.parametrize(
    ("kind", "param", "why"),
    [
        ("Convolution", "convolution_param { num_output: 4 kernel_size: 3 axis: 2 }", "axis = 2"),
        ("Convolution", "convolution_param { num_output: 4 kernel_size: 3 pad_l: 1 }", "pad_l"),
        ("Deconvolution", "convolution_param { num_output: 4 kernel_size: 3 axis: 2 }", "axis = 2"),
        ("Pooling", "pooling_param { kernel_size: 3 pad_l: 1 }", "pad_l"),
        ("ReLU", "relu_param { threshold: 1 }", "threshold"),
        ("Eltwise", "eltwise_param { operation: SUM axis: 2 }", "axis"),
        ("InnerProduct", "inner_product_param { num_output: 4 normalize: true }", "normalize"),
        ("BatchNorm", "batch_norm_param { channels: 3 }", "channels"),
    ],
)
def test_a_field_that_is_not_read_is_refused(kind: str, param: str, why: str) -> None:
    bottoms = 'bottom: "x" bottom: "x"' if kind == "Eltwise" else 'bottom: "x"'
    with pytest.raises(UnsupportedError) as refused:
        _read(f'layer {{ name: "n" type: "{kind}" {bottoms} top: "n" {param} }}')
    assert refused.value.lines == (f"{kind} with {why}: n",)


def test_fields_that_change_no_number_are_passed_over() -> None:
    param = (
        "num_output: 4 kernel_size: 3 axis: -3 engine: CAFFE force_nd_im2col: true"
        ' weight_filler { type: "xavier" } bias_filler { type: "constant" }'
    )
    assert totals(_read(_conv("c", param=param)))[0] == 4 * 27 + 4


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("include { phase: TEST }", True),
        ("include { phase: 1 }", True),
        ("include { phase: TRAIN }", False),
        ("include { phase: 0 }", False),
        ("include { phase: TRAIN } include { phase: TEST }", True),
        ('include { stage: "train" }', False),
        ('include { phase: TEST stage: "train" }', False),
        ('include { not_stage: "train" }', True),
        ("include { min_level: 1 }", False),
        ("include { min_level: -1 max_level: 0 }", True),
        ("include { max_level: -1 }", False),
        ("exclude { phase: TEST }", False),
        ("exclude { phase: 1 }", False),
        ("exclude { phase: TRAIN }", True),
        ("exclude { phase: 0 }", True),
        ('exclude { stage: "train" }', True),
        ("exclude { min_level: 1 }", True),
        ("exclude { }", False),
    ],
)
def test_rules_are_met_as_by_a_net_that_is_tested(rule: str, kept: bool) -> None:
    """`Net::StateMeetsRule` with the phase TEST, level 0 and no stages."""
    flat = _read(_conv("a") + _conv("b", rule))
    assert [item.name for item in flat.items[1:]] == (["a", "b"] if kept else ["a"])


@pytest.mark.parametrize(
    ("rule", "there"),
    [
        ('include { stage: "big" }', True),
        ('include { stage: "big" stage: "new" }', True),
        ('include { stage: "big" stage: "train" }', False),
        ('include { not_stage: "big" }', False),
        ('include { not_stage: "train" }', True),
        ('exclude { stage: "big" }', False),
        ('exclude { stage: "train" }', True),
        ('exclude { not_stage: "big" }', True),
    ],
)
def test_a_file_has_stages_of_its_own(rule: str, there: bool) -> None:
    """Caffe adds stages to them: a file was another net in Caffe."""
    state = 'state { phase: TRAIN stage: "big" stage: "new" }\n'
    flat = _read(state + _conv("a") + _conv("b", rule))
    assert ("b" in [item.name for item in flat.items]) is there


def test_a_layer_of_a_stage_is_named() -> None:
    flat = _read(_conv("a") + _conv("b", 'include { stage: "train" }'))
    assert flat.notes == ("b: left out, since Caffe runs it in another stage or at another level",)
    assert not _read(_conv("a") + _conv("b", "include { phase: TRAIN }")).notes


def test_data_of_a_stage_sizes_the_input() -> None:
    data = (
        'layer { name: "d" type: "Data" top: "x" include { stage: "val" }'
        " transform_param { crop_size: 8 } }"
    )
    flat = read("net.prototxt", io.BytesIO((data + _conv("a")).encode()))
    assert flat.items[0].output == (8, 8, 3)


@pytest.mark.parametrize(
    ("first", "second", "theirs", "ours", "what"),
    [
        ("w b1", "w b2", 87, 168, "w is"),
        ("w1 b", "w2 b", 165, 168, "b is"),
        ("w", "w", 87, 168, "w is"),
        ("w b", "w b", 84, 84, ""),
        ("w1 b1", "w2 b2", 168, 168, ""),
        ("w b", "b w", 0, 0, "-"),
    ],
)
def test_what_layers_share_in_part_is_said(
    first: str, second: str, theirs: int, ours: int, what: str
) -> None:
    texts = []
    for name, names in (("a", first), ("b", second)):
        params = " ".join(f'param {{ name: "{one}" }}' for one in names.split())
        texts.append(_conv(name, params))
    if what == "-":  # arrays of other sizes: Caffe stops
        with pytest.raises(UnreadableError, match="layer b: b has 81 numbers here and 3 where"):
            _read("".join(texts))
        return
    flat = _read("".join(texts))
    assert totals(flat)[0] == ours
    reason = f"{what} shared there by layers that do not share all they have"
    said = f"the source has {theirs:,} learned parameters, the layers here {ours:,}: {reason}"
    assert flat.difference == (said if what else "")


def test_norms_that_share_their_scale_are_said() -> None:
    shared = 'param { name: "g" } param { name: "s" }'
    text = "".join(
        f'layer {{ name: "n{i}" type: "BatchNorm" bottom: "x" top: "n{i}" }}\n'
        f'layer {{ name: "s{i}" type: "Scale" bottom: "n{i}" top: "s{i}" {shared}'
        " scale_param { bias_term: true } }\n"
        for i in (1, 2)
    )
    flat = _read(text)
    assert flat.difference.startswith("the source has 6 learned parameters, the layers here 12: g")


@pytest.mark.parametrize(
    ("text", "params"),
    [
        ('type: "Convol" "ution" convolution_param { num_output: 4 kernel_size: 3 }', 112),
        ("type: \"Convol\"\n  'ution' convolution_param { num_output: 4 kernel_size: 3 }", 112),
        (
            'type: "Convolution" param: [{ lr_mult: 1 }, { lr_mult: 2 }]'
            " convolution_param < num_output: 0x4 kernel_size: [3, 03] >",
            112,
        ),
        ('type: "Convolution" convolution_param { num_output: 010 kernel_size: 0X3 }', 224),
    ],
)
def test_protobufs_text_is_read_as_protobuf_writes_it(text: str, params: int) -> None:
    assert totals(_read(f'layer {{ name: "c" bottom: "x" top: "c" {text} }}'))[0] == params


@pytest.mark.parametrize("value", ["1_0", "nan", "0x1"])
def test_numbers_are_no_others_than_protobufs(value: str) -> None:
    relu = f"relu_param {{ negative_slope: {value} }}"
    with pytest.raises(UnreadableError, match="layer r: negative_slope is"):
        _read(f'layer {{ name: "r" type: "ReLU" bottom: "x" top: "r" {relu} }}')


def test_layers_of_both_dialects_in_one_file_are_refused() -> None:
    old = 'layers { name: "o" type: RELU bottom: "c" top: "o" }'
    with pytest.raises(UnreadableError, match="both `layer` and `layers`"):
        _read(_conv("c") + old)


@pytest.mark.parametrize(
    ("param", "field"),
    [
        ('num_output: "3" kernel_size: 3', "num_output"),
        ('num_output: 3 kernel_size: 3 bias_term: "true"', "bias_term"),
        ("num_output: 3 kernel_size: '3'", "kernel_size"),
    ],
)
def test_numbers_and_flags_in_quotes_are_refused_at_their_line(param: str, field: str) -> None:
    """protobuf takes neither."""
    said = rf"line 4, layer c: {field} is .* in quotes: Caffe takes it without"
    with pytest.raises(UnreadableError, match=said):
        _read(f"\n# a remark\n{_conv('c', param=param)}")


def test_a_pool_of_a_word_in_quotes_is_refused_at_its_line() -> None:
    pool = (
        'layer { name: "p" type: "Pooling" bottom: "x" top: "p" pooling_param {\n pool: "AVE" } }'
    )
    with pytest.raises(UnreadableError, match=r'line 3, layer p: pool is "AVE" in quotes'):
        _read(pool)
