"""A prototxt is read by the grammar of protobuf's own parser: what that refuses is refused."""

import io

import pytest

from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError
from convcalc.interop.read.caffe.text import parse
from convcalc.interop.read.model import read
from tests.interop.conftest import totals

HEAD = b'input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n'
CONV = "convolution_param { num_output: 4 kernel_size: 3 }"


def _read(text: str | bytes) -> Flat:
    data = text if isinstance(text, bytes) else text.encode()
    return read("net.prototxt", io.BytesIO(HEAD + data))


def _layer(kind: str = "Convolution", more: str = CONV) -> str:
    return f'layer {{ name: "l" type: "{kind}" bottom: "x" top: "l" {more} }}\n'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (rb"b\151g", "big"),
        (rb"\x62ig\X21", "big!"),
        (rb"\142\1512", "bi2"),
        (rb"\0611", "11"),
        (rb"a\a\b\f\n\r\t\v\?\\\'\"", "a\a\b\f\n\r\t\v?\\'\""),
        (rb"\u00e9\U0001F600", "\u00e9\U0001f600"),
        (rb"\303\251", "\u00e9"),
        (b'bi" # a remark\n "g', "big"),
        (b"bi\"'g' \"", "big"),
    ],
)
def test_escapes_are_read(written: bytes, meant: str) -> None:
    assert parse(b'a: "' + written + b'"') == {"a": [meant]}


@pytest.mark.parametrize(
    "escape", [r"\q", r"\8", r"\400", r"\x", r"\u12", r"\ud800", r"\U00110000"]
)
def test_what_is_no_escape_is_refused(escape: str) -> None:
    with pytest.raises(UnreadableError, match=r"line 2: '.*' is no escape of protobuf's"):
        parse(f'\nsource: "D:{escape}"'.encode())


def test_names_in_escapes_are_the_same_names() -> None:
    """Of stages, of blobs, of arrays and of types."""
    state = 'state { stage: "big" }\n'
    there = _layer(more=rf'{CONV} include {{ stage: "b\151g" }}') + _layer("ReLU", "").replace(
        '"l" type', '"r" type'
    ).replace('bottom: "x" top: "l"', 'bottom: "x" top: "r"')
    assert [item.kind for item in _read(state + there).items] == ["input", "conv", "relu"]
    assert _read(_layer(r"Con\166olution")).items[1].kind == "conv"
    assert _read(_layer().replace('"x"', r'"\x78"')).items[1].kind == "conv"
    shared = "".join(
        _layer(more=f'{CONV} param {{ name: "{name}" }} param {{ name: "b" }}').replace(
            '"l"', f'"{i}"'
        )
        for i, name in enumerate(("w", r"\167"))
    )
    assert totals(_read(shared))[0] == 4 * 27 + 4


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name 3", "name has no colon"),
        ('name "a"', "name has no colon"),
        ("a: [1 2]", "'2' is out of place"),
        ("a: [1; 2]", "';' is out of place"),
        ("a: [1, 2,]", "']' is out of place"),
        ("a: [[1]]", r"'\[' is out of place"),
        ("a: [{}, 1]", "'1' is out of place"),
        ("a: 1,, b: 2", "',' is out of place"),
        ("a: 1;, b: 2", "',' is out of place"),
        (", a: 1", "',' is out of place"),
        ("a, : 1", "a has no colon"),
        ("a:: 1", "':' is out of place"),
        ("a: +1", r"'\+' is out of place"),
        ("a: --1", "'-' is out of place"),
        ('a: -"x"', "'x' is out of place"),
        ("a: b.c", "'.' is out of place"),
        ("a: b/c", "'/' is out of place"),
        ("a-b: 1", "a has no colon"),
        ("a { b: 1 >", "a closing brace too many"),
        ("a { b: 1 } }", "a closing brace too many"),
        ("{ b: 1 }", "a brace without a name"),
        ("5: 1", "a value without a name"),
        ("[ext.a]: 1", r"'\[' is out of place"),
        ("a { [type.googleapis.com/x] { } }", r"'\[' is out of place"),
        ("a:\u00a01", "is out of place"),
        ("a: 1\x1c", "is out of place"),
        ("a: 1\u2028b: 2", "is out of place"),
        ("\u00e9: 1", "is out of place"),
        ('a: "x\ny"', "a quote without its end"),
        ("a: 'x\"", "a quote without its end"),
        ("a: 1 # x\0\n", "is out of place"),
        ("a: 1 // b", "'/' is out of place"),
    ],
)
def test_what_protobuf_refuses_is_refused(text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=rf"line 1: .*{why}"):
        parse(text.encode())


def test_what_protobuf_takes_is_read() -> None:
    text = (
        '\ufeffa { b: 1, c: "x" ; } d: [1, - 2] e [{f: t}, <g: 1.5f>] h: [] i: <> j: .5 # \u00e9\n'
    )
    assert parse(text.encode()) == {
        "a": [{"b": ["1"], "c": ["x"]}],
        "d": ["1", "-2"],
        "e": [{"f": ["t"]}, {"g": ["1.5f"]}],
        "h": [],
        "i": [{}],
        "j": [".5"],
    }


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (
            "convolution_param { num_output: 4 num_output: 8 kernel_size: 3 }",
            "num_output is stated",
        ),
        (f"{CONV} {CONV}", "convolution_param is stated again, after line 2"),
        ("convolution_param: [{ num_output: 4 kernel_size: 3 }]", "is in brackets"),
        ("convolution_param { num_output: [4] kernel_size: 3 }", "num_output is in brackets"),
        ('type: "ReLU" ' + CONV, "type is stated again"),
        ("convolution_param: 5", "convolution_param is 5: Caffe takes braces"),
        ("bottom { }" + CONV, "bottom is in braces: Caffe takes a value"),
        ("top: y " + CONV, "top is y without quotes"),
        (CONV + " include { stage: big }", "stage is big without quotes"),
        (CONV + ' include { phase: "TEST" }', "in quotes: Caffe takes it without"),
        (CONV + " include { phase: FOO }", "phase is FOO"),
        (CONV + " include { phase: 2 }", "phase is 2"),
        (CONV + " include { phase: TEST phase: TRAIN }", "phase is stated again"),
        (CONV + " include { Phase: TRAIN }", "Phase is no field"),
        (CONV + " include { } exclude { }", "include stands beside exclude"),
        (CONV + ' param { Name: "w" }', "Name is no field of Caffe's `param`"),
        (
            "convolution_param { num_output: 4 kernel_size: 3 bias_term: FALSE }",
            "bias_term is FALSE",
        ),
        ("convolution_param { num_output: 4 kernel_size: 3 bias_term: 2 }", "bias_term is 2"),
        ("convolution_param { num_output: 4 kernel_size: 3 kernel_h: 1 kernel_w: 1 }", "beside"),
        ("convolution_param { num_output: 4 kernel_h: 3 }", "lacks one of kernel_h and kernel_w"),
        ("convolution_param { num_output: 4 kernel_size: 3 stride_w: 2 }", "lacks one of stride_h"),
        ("convolution_param { num_output: 4 kernel_size: 3 dilation: [1, 1, 1] }", "dilation is"),
    ],
)
def test_fields_stand_as_caffe_takes_them(more: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=rf"layer l: .*{why}"):
        _read(_layer(more=more))


@pytest.mark.parametrize("phase", ["0x0", "00", "0", "TRAIN"])
def test_a_phase_may_be_a_number_of_any_base(phase: str) -> None:
    text = _layer() + _layer(more=f"{CONV} include {{ phase: {phase} }}").replace('"l"', '"m"')
    assert len(_read(text).items) == 2
    assert len(_read(text.replace(phase, phase.replace("0x0", "0x1"))).items) == 2 + (
        phase == "0x0"
    )


@pytest.mark.parametrize("flag", ["false", "False", "f", "0", "0x0"])
def test_flags_are_protobufs(flag: str) -> None:
    param = f"convolution_param {{ num_output: 4 kernel_size: 3 bias_term: {flag} }}"
    assert totals(_read(_layer(more=param)))[0] == 4 * 27


@pytest.mark.parametrize(
    ("kind", "more", "why"),
    [
        ("Pooling", "pooling_param { kernel_size: 2 kernel_size: 3 }", "layer l: kernel_size is"),
        ("Pooling", "pooling_param { kernel_size: 2 pad_h: 1 }", "lacks one of pad_h and pad_w"),
        ("Pooling", "pooling_param { global_pooling: true kernel_size: 2 }", "global_pooling is"),
        ("Pooling", "pooling_param { global_pooling: true stride: 2 }", "global_pooling is"),
        ("Pooling", "pooling_param { kernel_size: 2 round_mode: floor }", "round_mode is floor"),
        ("Pooling", "pooling_param { kernel_size: 2 ceil_mode: FALSE }", "ceil_mode is FALSE"),
        ("Slice", 'top: "m"', "top is 2, and 3 channels do not split evenly"),
        ("Slice", 'top: "m" slice_param { slice_point: 3 }', "slice_point is"),
        ("Slice", "slice_param { axis: 1 slice_dim: 1 }", "slice_dim is stated beside axis"),
        ("Crop", 'bottom: "x" crop_param { offset: [9, 0, 0] }', "crop_param is"),
        ("Crop", 'bottom: "x" crop_param { axis: 1 offset: 1 }', "crop_param is"),
        ("Concat", "concat_param { axis: 1 concat_dim: 1 }", "concat_dim is stated beside axis"),
        ("Eltwise", 'bottom: "x" eltwise_param { coeff: 1 }', "coeff is 1 factor of SUM"),
        ("Eltwise", 'bottom: "x" eltwise_param { operation: MAX coeff: 1 coeff: 1 }', "of MAX"),
        ("ReLU", "relu_param { negative_slope: 010 }", "negative_slope is 010"),
        ("ReLU", "relu_param { negative_slope: 00.1 }", "negative_slope is 00.1"),
        ("Reshape", "reshape_param { shape { dim: 0 dims: 1 dim: -1 } }", "dims is no field"),
    ],
)
def test_what_stops_caffe_is_refused(kind: str, more: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        _read(_layer(kind, more))


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (f"{CONV} Include {{ phase: TRAIN }}", "Convolution with Include"),
        (f"{CONV} quantization_param {{ }}", "Convolution with quantization_param"),
    ],
)
def test_a_field_of_no_layer_of_caffes_is_refused(more: str, why: str) -> None:
    with pytest.raises(UnsupportedError) as refused:
        _read(_layer(more=more))
    assert refused.value.lines == (f"{why}: l",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('Layer { name: "m" type: "ReLU" }', "line 3, layer net: Layer is no field of a Caffe net"),
        ('state { stage: "a" } state { stage: "b" }', "state is stated again, after line 3"),
        ('layer { name: "m" name: "n" }', "line 3, layer net: name is stated again"),
        ('state { Stage: "a" }', "Stage is no field"),
        ('layer { name: "m" bottom: "l" top: "m" }', "line 3, layer m: type is missing"),
        ('layer { name: "m" type: RELU bottom: "l" top: "m" }', "type is RELU without quotes"),
    ],
)
def test_what_is_no_net_of_caffes_is_refused(text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        _read(_layer() + text)


def test_the_old_dialect_has_types_without_quotes() -> None:
    old = 'layers { name: "r" type: %s bottom: "x" top: "r" }'
    assert _read(old % "RELU").items[1].kind == "relu"
    with pytest.raises(UnreadableError, match='type is "RELU" in quotes'):
        _read(old % '"RELU"')
    with pytest.raises(UnreadableError, match="of Caffe's first format"):
        _read('layers { layer { name: "r" type: "relu" } bottom: "x" top: "r" }')
    with pytest.raises(UnsupportedError, match="CONVOLUTION"):
        _read(_layer("CONVOLUTION"))


def test_names_that_are_no_utf8_are_refused_and_remarks_and_paths_read() -> None:
    """Two of them would look the same."""
    with pytest.raises(UnreadableError, match=r"line 2, layer l: top is .* no UTF-8"):
        _read(_layer().encode().replace(b'top: "l"', b'top: "l\xff"'))
    data = b'layer { name: "d" type: "Data" top: "d" data_param { source: "\xb5\xff" } }'
    assert _read(b"# \xb5\xff\n" + _layer().encode() + data).items[1].kind == "conv"
