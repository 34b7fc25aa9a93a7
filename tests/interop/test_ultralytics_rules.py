"""Ultralytics model files by the rules of 8.4.190, whose totals these are, and what is refused."""

import io

import pytest

from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError
from convcalc.interop.formats import recognized
from convcalc.interop.read.model import Asked, read
from convcalc.spec.document import Overrides
from convcalc.study.load import Text, load
from tests.interop.conftest import totals

CONV = "  - [-1, 1, Conv, [64, 3, 1]]\n"


def rows(*written: str, head: str = "[]", before: str = "nc: 80\n") -> str:
    """A file: a convolution and these rows."""
    listed = "".join(f"  - {row}\n" for row in written)
    return f"{before}backbone:\n{CONV}{listed}head: {head}\n"


def model(text: str, name: str = "net.yaml", asked: Asked = Asked()) -> Flat:  # noqa: B008
    return read(name, io.BytesIO(text.encode()), asked)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("[-1, 1, Conv, [64, 3, 1, 1, 1, 2]]", "Conv with dilation or its own activation"),
        ("[-1, 1, Bottleneck, [64, True, 1, [7, 7], 8.0]]", "Bottleneck with groups"),
        ("[-1, 3, C2f, [64, True, 1, 8.0]]", "C2f with groups or its own expansion"),
        ("[-1, 3, C3, [64, True, 1]]", "C3 with groups or its own expansion"),
        ("[-1, 1, SPP, [64, [3], 1]]", "SPP with more than its kernels"),
        ("[-1, 1, SPPF, [64, 5, 9]]", "SPPF with its own number of pools"),
        ("[-1, 1, Classify, [10, 7]]", "Classify with its own kernel"),
        ("[-1, 1, nn.MaxPool2d, [2, 639, 0, 1, False, True]]", "nn.MaxPool2d with dilation"),
        ("[-1, 1, nn.Upsample, [None, 2, nearest, True]]", "nn.Upsample with align_corners"),
        ("[-1, 1, nn.Upsample, [8, 2]]", "nn.Upsample to a size"),
        ("[-1, 1, nn.ZeroPad2d, [1, 1]]", "nn.ZeroPad2d with more than its sides"),
        ("[[-1, 0], 1, Concat, [1, 1]]", "Concat with more than its dimension"),
        ("[-1, 1, torch.nn.Upsample, [None, 2]]", "module torch.nn.Upsample"),
    ],
)
def test_arguments_that_are_not_read_are_refused(row: str, words: str) -> None:
    with pytest.raises(UnsupportedError) as error:
        model(rows(row))
    assert words in error.value.lines[0]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("[-1, 1, C2f, [64, 1]]", "C2f: argument 2 is 1: True or False is taken"),
        ("[-1, 1, C2f, [64, 'true']]", "argument 2 is the word 'true'"),
        ("[-1, 1, Conv, [max_channels]]", "not a number of channels but the word 'max_channels'"),
        ("[-1, 1, Conv, [64, c2]]", "argument 2 is not a whole number but the word 'c2'"),
        ("[-1, 1, Conv, [64, None]]", "argument 2 is not a whole number but None"),
        ("[-1, 1, Conv, [64, 3, 1, None, None]]", "argument 5 is not a whole number but None"),
        ("[-1, 1, Conv, [010, 3]]", "not a number of channels but the word '010'"),
        ("[-1, 1, Conv, [64, {a: 3}]]", "a mapping where a number or a word belongs"),
        ("[-1, 1, SPP, [64, 5]]", "argument 2 is not a list of whole numbers"),
        ("[-1, 1, SPP, [64, [3, None]]]", "number 2 of argument 2 is not a whole number"),
        ("[-1, 1, nn.Upsample, [None]]", "argument 2 is not a whole number but None"),
        ("[-1, 1, nn.MaxPool2d, []]", "argument 1 is not a whole number but None"),
        ("[-1, 1, nn.ZeroPad2d, [[1, 1, 1, 1, 9]]]", "5 sides: left, right, top and bottom"),
        ("[-1, 1, Classify, []]", "argument 1 is not a whole number but None"),
        ("[[-1, 0], 1, Conv, [64]]", "Conv: `from` is one row, not a list"),
        ("[[-1], 1, nn.MaxPool2d, [2]]", "nn.MaxPool2d: `from` is one row, not a list"),
        ("[-1, 1, Concat, [1]]", "Concat: `from` is a list of rows"),
        ("[-1, 1, Detect, [nc]]", "Detect: `from` is a list of rows"),
        ("[-1, 2, Conv, [8]]", "2 repeats, which all read 64 channels: they make 8"),
        ("[[-1, 0], 2, Concat, [1]]", "Concat: 2 repeats: it cannot read what it makes"),
    ],
)
def test_what_no_module_takes_is_refused_with_the_line(row: str, words: str) -> None:
    with pytest.raises(UnreadableError) as error:
        model(rows(row))
    assert words in str(error.value) and "line 4" in str(error.value)


def test_names_are_those_of_the_tool_not_keys_of_the_file() -> None:
    own = rows("[-1, 1, Conv, [c2, 3]]", before="nc: 80\nc2: 8\n")
    with pytest.raises(UnreadableError, match="not a number of channels but the word 'c2'"):
        model(own)
    with pytest.raises(UnreadableError, match="not a whole number but the word 'nc'"):
        model(rows("[-1, 1, Classify, [nc]]", before="a: 1\n"))
    flat = model(rows(before="nc: 80\n" + "".join(f"c{i}: 8\n" for i in range(7))))
    assert "`c0:`, `c1:`, `c2:`, `c3:`, `c4:` and 2 more" in flat.notes[0]


def test_words_in_quotes_are_evaluated() -> None:
    quoted = model(rows("[-1, 1, C2f, ['64', 'True']]", "[-1, 1, Conv, [8, 3, '2', 'None']]"))
    bare = model(rows("[-1, 1, C2f, [64, True]]", "[-1, 1, Conv, [8, 3, 2]]"))
    assert totals(quoted) == totals(bare)


def test_a_head_is_the_last_row() -> None:
    with pytest.raises(UnreadableError, match="line 4, Detect: rows come after"):
        model(rows("[[-1], 1, Detect, [nc]]", "[0, 1, Conv, [8]]"))


def test_channels_that_equal_nc_are_scaled() -> None:
    scaled = "nc: 8\nscales: {n: [1.0, 100.0, 4096]}\n"
    flat = model(rows("[-1, 1, Conv, [8, 3]]", "[-1, 1, Conv, [8, 1]]", before=scaled))
    assert flat.outputs and flat.items[flat.outputs[0]].output[-1] == 800
    assert flat.notes[-1].startswith("line 5, Conv: 8 channels, as many as `nc`, become 800")
    assert flat.notes[-1].endswith("(and 1 more)")
    alone = model(rows("[-1, 1, Classify, [nc]]", before="nc: 10\nscales: {n: [1.0, 2.0, 99]}\n"))
    assert alone.items[alone.outputs[0]].output == (10,)


SCALES = "nc: 80\nscales: {n: [0.33, 0.25, 1024], x: [1.0, 1.25, 512]}\n"


@pytest.mark.parametrize(
    ("name", "width", "is_first"),
    [
        ("yolov8x6_v2n.yaml", 80, False),
        ("my-yolov8x.yaml", 80, False),
        ("x.yolov8x.yaml", 80, False),
        ("yolo_2n_yolov8x.yaml", 80, False),
        ("yoloe-11x.yaml", 80, False),
        ("yolov8x1.yaml", 80, False),
        ("yolov8xx.yaml", 80, False),
        ("yolo11x-cls.yaml", 80, False),
        ("models/yolov8n.yaml", 16, False),
        ("yolov8x/yolov8.yaml", 16, True),
        ("yolo_v8x.yaml", 16, True),
        ("yolov8X.yaml", 16, True),
        ("net.yaml", 16, True),
    ],
)
def test_the_scale_is_looked_for_as_the_tool_does(name: str, width: int, is_first: bool) -> None:
    flat = model(rows(before=SCALES), name)
    assert flat.items[flat.outputs[0]].output[-1] == width
    assert ("asks for another" in flat.notes[0]) == is_first


def test_a_letter_that_is_no_scale_of_the_file_is_refused() -> None:
    with pytest.raises(UnreadableError, match=r"asks for scale s, which is not among .*\(n, x\)"):
        model(rows(before=SCALES), "yolov8s.yaml")
    assert totals(model(rows(), "yolov8s.yaml"))[0] == 64 * 27 + 128
    assert "reads yolov8x-p6.yaml" in model(rows(before=SCALES), "yolov8x6.yaml").notes[0]


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("scales: {n: [1.0, 1.0]}\n", "a scale is [depth, width, max_channels]"),
        ("scales: {n: [1e0, 1.0, 64]}\n", "a scale is [depth, width, max_channels]"),
        ("scales: [[1.0, 1.0, 64]]\n", "`scales:` is not a mapping"),
        ("width_multiple: wide\n", "`width_multiple:` are numbers above 0"),
        ("depth_multiple:\n", "`depth_multiple:` and"),
        ("activation: nn.PReLU()\n", "`activation:` (nn.PReLU()) is none that is read"),
        ("activation: 3\n", "`activation:` is none that is read"),
        ("channels: 0\n", "`channels:` is not a number of channels"),
    ],
)
def test_keys_of_another_form_are_refused(before: str, words: str) -> None:
    with pytest.raises(UnreadableError) as error:
        model(rows(before=before))
    assert words in str(error.value)


@pytest.mark.parametrize("name", ["net.yaml", "yolov5s.yaml"])
def test_width_multiple_is_a_scale_of_its_own(name: str) -> None:
    multiples = "depth_multiple: 0.33\nwidth_multiple: 0.25\n"
    flat = model(rows("[-1, 6, Conv, [64]]", before=multiples), name)
    assert totals(flat)[0] == 16 * 27 + 32 + 2 * (16 * 16 + 32)


def test_channels_are_read_as_the_tool_reads_them() -> None:
    classifier = rows(head="[[-1, 1, Classify, [nc]]]", before="nc: 10\nchannels: 640\n")
    flat = model(classifier.replace("Conv, [64, 3, 1]", "Conv, [64, 3, 2]"))
    assert totals(flat)[0] == 466_058
    other = model(rows(before="nc: 10\nchannels: 1\nch: 4\n"))
    assert totals(other)[0] == 64 * 27 + 128
    assert [note.split(" is")[0] for note in other.notes[:2]] == ["`channels: 1`", "`ch: 4`"]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("nn.ReLU()", "relu"),
        ("torch.nn.LeakyReLU(0.1)", "leaky_relu"),
        ("nn.Hardswish(inplace=True)", "hard_swish"),
        ("''", "silu"),
    ],
)
def test_the_activation_of_the_file(written: str, kind: str) -> None:
    flat = model(rows("[-1, 1, SPPF, [64, 5]]", before=f"nc: 1\nactivation: {written}\n"))
    kinds = [item.kind for item in flat.items]
    assert kinds.count(kind) == 3
    if kind == "leaky_relu":
        assert "negative_slope=0.1" in repr(flat.items[kinds.index(kind)].layer)


@pytest.mark.parametrize("before", ["", "\ufeff", "---\n", "nc: 8\r\n"])
def test_the_first_line_may_be_the_rows(before: str) -> None:
    text = f"{before}backbone:\n{CONV}head: []\n"
    assert recognized(text.encode(), "net.yaml") == "ultralytics"
    assert totals(model(text))[0] == 64 * 27 + 128


def test_a_name_at_a_revision_is_that_of_the_file() -> None:
    named = Asked(file="yolov8n.yaml")
    flat = model(rows(before=SCALES), "yolov8n.yaml@origin/yolov8x", named)
    assert flat.items[flat.outputs[0]].output[-1] == 16


def test_standard_input_is_recognized() -> None:
    text = rows()
    assert recognized(text.encode(), "<stdin>") == "ultralytics"
    assert "640x640 is taken" in load(Text("<stdin>", text), Overrides()).network.notes


@pytest.mark.parametrize("part", ["backbone", "head"])
def test_a_part_that_is_missing_or_misspelt_is_refused(part: str) -> None:
    text = rows().replace(f"{part}:", f"{part}s:")
    with pytest.raises(UnreadableError, match=f"the file has no `{part}:`"):
        model(text, asked=Asked(format="ultralytics"))
