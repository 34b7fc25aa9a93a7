"""Ultralytics model files: the totals that its own files state, refusals, hostile rows."""

import io
from pathlib import Path

import pytest

import convcalc
from convcalc.cli import run
from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError
from convcalc.interop.fold.spec import counted
from convcalc.interop.read.model import Asked, read
from convcalc.spec.document import Overrides
from convcalc.study.errors import LoadError
from convcalc.study.load import load
from tests.interop.conftest import costs, totals

YOLOV8 = """\
nc: 80
scales:
  n: [0.33, 0.25, 1024]
  s: [0.33, 0.50, 1024]
  m: [0.67, 0.75, 768]
  l: [1.00, 1.00, 512]
  x: [1.00, 1.25, 512]

backbone:
  - [-1, 1, Conv, [64, 3, 2]]
  - [-1, 1, Conv, [128, 3, 2]]
  - [-1, 3, C2f, [128, True]]
  - [-1, 1, Conv, [256, 3, 2]]
  - [-1, 6, C2f, [256, True]]
  - [-1, 1, Conv, [512, 3, 2]]
  - [-1, 6, C2f, [512, True]]
  - [-1, 1, Conv, [1024, 3, 2]]
  - [-1, 3, C2f, [1024, True]]
  - [-1, 1, SPPF, [1024, 5]]

head:
  - [-1, 1, nn.Upsample, [None, 2, "nearest"]]
  - [[-1, 6], 1, Concat, [1]]
  - [-1, 3, C2f, [512]]
  - [-1, 1, nn.Upsample, [None, 2, "nearest"]]
  - [[-1, 4], 1, Concat, [1]]
  - [-1, 3, C2f, [256]]
  - [-1, 1, Conv, [256, 3, 2]]
  - [[-1, 12], 1, Concat, [1]]
  - [-1, 3, C2f, [512]]
  - [-1, 1, Conv, [512, 3, 2]]
  - [[-1, 9], 1, Concat, [1]]
  - [-1, 3, C2f, [1024]]
  - [[15, 18, 21], 1, Detect, [nc]]
"""


def model(text: str, name: str = "yolov8n.yaml", asked: Asked = Asked()) -> Flat:  # noqa: B008
    return read(name, io.BytesIO(text.encode()), asked)


def head(channels: list[int], classes: int = 80) -> int:
    """What the head that is left out learns: two branches a level, three convolutions each."""
    box, cls = max(16, channels[0] // 4, 64), max(channels[0], min(classes, 100))

    def branch(x: int, width: int, out: int) -> int:
        return 9 * x * width + 2 * width + 9 * width * width + 2 * width + width * out + out

    return sum(branch(x, box, 64) + branch(x, cls, classes) for x in channels)


#: "gradients" in the remarks of yolov8.yaml, which are what it learns
STATED = {"n": 3_157_184, "s": 11_166_544, "m": 25_902_624, "l": 43_691_504, "x": 68_229_632}


@pytest.mark.parametrize("letter", STATED)
def test_every_scale_has_the_parameters_that_the_file_states(letter: str) -> None:
    flat = model(YOLOV8, f"yolov8{letter}.yaml")
    outputs = [flat.items[i].output for i in flat.outputs]
    assert [shape[:2] for shape in outputs] == [(80, 80), (40, 40), (20, 20)]
    assert totals(flat)[0] + head([shape[-1] for shape in outputs]) == STATED[letter]


def test_it_is_a_net_wherever_a_spec_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "yolov8s.yaml"
    file.write_text(YOLOV8)
    assert run(["analyze", str(file), "--format", "json"]) == 0
    capsys.readouterr()
    report = convcalc.analyze(file, input="320x320x3")
    assert report.totals.params == totals(model(YOLOV8, "yolov8s.yaml"))[0]
    made = convcalc.import_(file)
    assert made.folded and made.text.count("\n") <= 90
    assert "640x640 is taken" in made.notes[0] and "head is left out" in made.notes[1]
    assert convcalc.analyze(convcalc.load(made.text)).totals.params == report.totals.params


def test_the_first_scale_is_taken_where_the_name_asks_for_none() -> None:
    flat = model(YOLOV8, "yolov8.yaml")
    assert counted(flat) == counted(model(YOLOV8))
    assert flat.notes[0].startswith("scale n of n, s, m, l, x: the name of a copy asks")


#: what the package makes of its own yolov5.yaml at scale n, row by row (executed, 8.x)
YOLOV5N = [1760, 4672, 4800, 18560, 29184, 73984, 156928, 295424, 296448, 164608]


def test_yolov5_has_the_parameters_of_the_executed_rows() -> None:
    depths = [(128, 3), (256, 6), (512, 9), (1024, 3)]
    stages = [f"  - [-1, 1, Conv, [{c}, 3, 2]]\n  - [-1, {n}, C3, [{c}]]\n" for c, n in depths]
    rows = f"  - [-1, 1, Conv, [64, 6, 2, 2]]\n{''.join(stages)}  - [-1, 1, SPPF, [1024, 5]]\n"
    flat = model(
        f"head: []\nscales: {{n: [0.33, 0.25, 1024]}}\n\nbackbone:\n{rows}", "yolov5n.yaml"
    )
    found = [0] * len(YOLOV5N)
    for item, params, _ in costs(flat):
        found[int(item.scopes[0].path.split(".")[1])] += params
    assert found == YOLOV5N


SMALL = "nc: 10\nch: 4\nhead: []\nbackbone:\n  - [-1, 1, Conv, [8, 3, 2]]\n"


@pytest.mark.parametrize(
    ("row", "params"),
    [
        ("[-1, 1, Conv, [16, 1]]", 8 * 16 + 32),
        ("[-1, 1, Conv, [16, 3, 1, 0]]", 9 * 8 * 16 + 32),
        ("[-1, 1, Conv, [8, 3, 1, None, 8]]", 9 * 8 + 16),
        ("[-1, 2, Bottleneck, [8]]", 2 * (9 * 8 * 4 + 8 + 9 * 4 * 8 + 16)),
        ("[-1, 1, C3, [8]]", 8 * 4 * 2 + 16 + (4 * 4 + 8 + 9 * 4 * 4 + 8) + 64 + 16),
        ("[-1, 1, SPP, [8, [3, 5]]]", 8 * 4 + 8 + 12 * 8 + 16),
        ("[-1, 1, Classify, [nc]]", 8 * 1280 + 2560 + 12810),
        ('[-1, 1, nn.Upsample, [None, 2, "nearest"]]', 0),
        ("[-1, 1, nn.MaxPool2d, [2, 1, 0]]", 0),
        ("[-1, 1, nn.ZeroPad2d, [[0, 1, 0, 1]]]", 0),
    ],
)
def test_modules(row: str, params: int) -> None:
    flat = model(f"{SMALL}  - {row}\n", asked=Asked((16, 16, 4)))
    assert totals(flat)[0] == params + 9 * 4 * 8 + 16


def test_modules_without_a_kind_are_all_named() -> None:
    rows = "".join(f"  - [-1, 1, {m}, [8]]\n" for m in ("C2PSA", "PSA", "C2PSA"))
    with pytest.raises(UnsupportedError) as error:
        model(SMALL + rows)
    assert error.value.lines == ("module C2PSA: 2 (first: model.1)", "module PSA: model.2")
    with pytest.raises(UnreadableError, match=r"line 6: hidden character U\+001B"):
        model(f'{SMALL}  - [-1, 1, "Odd\\e[31m", [8]]\n')


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\nbackbone: 3\n", "`backbone:` is not a list of rows"),
        ("\nbackbone: []\n", "the file has no `head:`; `head: []` is one without rows"),
        ("\nbackbone: []\nhead: []\n", "the file has no rows"),
        ("\nbackbone: [\n", "line 2: "),
        (f"{SMALL}  - [-1, 1, Conv]\n", "line 6: a row is [from, repeats, module, args]"),
        (f"{SMALL}  - [7, 1, Conv, [8]]\n", "line 6: row 1 reads rows that do not come before it"),
        (f"{SMALL}  - [-2, 1, Conv, [8]]\n", "line 6: row 1 reads rows that do not come before it"),
        (SMALL.replace("[-1,", "[0,"), "row 0 reads rows that do not come before it"),
        (f"{SMALL}  - [-9, 1, Conv, [8]]\n", "line 6: row 1 reads rows"),
        (f"{SMALL}  - [-1, 99999, Conv, [8]]\n", "line 6: repeats are 1 to 1,000"),
        (f"{SMALL}  - [-1, 1, Conv, [x]]\n", "line 6, Conv: the first argument is not a number"),
        (f"{SMALL}  - [-1, 1, Conv, [8, 3.5]]\n", "line 6, Conv: argument 2 is not a whole number"),
        (
            f"{SMALL}scales: {{n: [0, 1, 8]}}\n",
            "a scale is [depth, width, max_channels], each above",
        ),
        (f"{SMALL}scales: {{n: [a, 1, 8]}}\n", "a scale is [depth, width, max_channels]"),
        (SMALL.replace("ch: 4", "ch: -1"), "`ch:` is not a number of channels"),
        ("\nbackbone: &a [*a]\n", ""),
        (f"{SMALL}  - [-1, 1, SPP, [8, [{'5, ' * 17}]]]\n", "SPP: 17 kernels: 16 are the most"),
    ],
)
def test_damaged_files_are_answered_with_the_line(text: str, words: str) -> None:
    with pytest.raises(UnreadableError) as error:
        model(text)
    assert words in str(error.value) and "\n" not in str(error.value)


def test_a_concat_that_cannot_be_is_the_finding_not_what_reads_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(
        "nc: 80\n\nbackbone:\n  - [-1, 1, Conv, [64, 3, 2]]\nhead:\n  - [-1, 1, Conv, [64, 3, 2]]\n"
        "  - [[-1, 0], 1, Concat, [1]]\n  - [-1, 1, SPPF, [64, 5]]\n  - [-1, 1, SPP, [64]]\n"
    )
    assert run(["check", str(file)]) == 1
    out = capsys.readouterr().out
    assert out.count("error[") == 1 and "320x320" in out and "160x160" in out


def test_a_file_with_keys_of_a_spec_is_not_read_without_them(tmp_path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "input: 8x8x3\nlayers: [nonsense]\nbudget: {params: 1}\n"
        "backbone:\n- [-1, 1, Conv, [8, 3, 2]]\nhead:\n- [-1, 1, Conv, [8, 3, 1]]\n"
    )
    with pytest.raises(LoadError, match=r"`input:` is a key of a spec.*leave one of them out"):
        load(str(path), Overrides())
