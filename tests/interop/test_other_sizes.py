"""Model files at other sizes than their own: what `sizes` says, and what imports cannot say."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.cli import run
from convcalc.report.drawing.palette import PLAIN
from convcalc.report.watch.screen import body
from convcalc.study import sizes as sizes_of_cases
from convcalc.study.outcome import Case
from convcalc.study.watched import begin

from . import onnx_files

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn


def of(*layers: Any) -> Any:
    return nn.Sequential(*layers).eval()


class Called(nn.Module):  # type: ignore[misc, name-defined]
    """A convolution, a function of its output, a convolution."""

    def __init__(self, function: Any) -> None:
        super().__init__()
        self.first, self.last = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 2, 1)
        self.function = function

    def forward(self, x: Any) -> Any:
        return self.last(self.function(self.first(x)))


class Shortcut(nn.Module):  # type: ignore[misc, name-defined]
    """ResNet-D's: a pool that rounds up beside a convolution whose padding does."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Conv2d(3, 4, 3, 2, 1)
        self.pool = nn.AvgPool2d(2, 2, ceil_mode=True, count_include_pad=False)
        self.skip = nn.Conv2d(3, 4, 1)

    def forward(self, x: Any) -> Any:
        return self.body(x) + self.skip(self.pool(x))


F = nn.functional
NETS: dict[str, tuple[Any, tuple[int, ...]]] = {
    "a shortcut": (Shortcut().eval(), (16, 16, 3)),
    "a pool": (of(nn.Conv2d(3, 4, 3, 2), nn.MaxPool2d(3, 2, ceil_mode=True)), (15, 15, 3)),
    "a factor": (Called(lambda x: F.interpolate(x, scale_factor=1.5)).eval(), (8, 8, 3)),
    "a whole factor": (Called(lambda x: F.interpolate(x, scale_factor=2)).eval(), (8, 8, 3)),
    "its own size": (Called(lambda x: F.interpolate(x, size=(8, 8))).eval(), (8, 8, 3)),
    "a slice of more": (Called(lambda x: x[:, :, :6, 1:]).eval(), (8, 9, 3)),
    "positions": (of(nn.Conv2d(3, 4, 3), nn.LayerNorm([4, 6, 6])), (8, 8, 3)),
    "a vector": (
        of(nn.Conv2d(3, 4, 3), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 2)),
        (8, 8, 3),
    ),
    "a long axis": (of(nn.Conv1d(3, 4, 3), nn.AvgPool1d(3, 2, ceil_mode=True)), (11, 3)),
}
#: What an import says of the net at another size; '' where the spec is right at all of them.
SAID = {
    "a factor": "holds at 8x8x3 alone, as at 9x9x3 upsample_nearest2d makes 13x13x4, here 12x12x4",
    "its own size": "upsample_nearest2d makes 8x8x4, which is left out here",
    "a slice of more": "as at 9x10x3 ",
    "positions": "holds at 8x8x3 alone, as at 9x9x3 layer 1 needs 392 parameters, the file has 288",
}


def saved(net: Any, size: tuple[int, ...], folder: Path) -> str:
    file = folder / "net.pt2"
    given = (torch.zeros(1, size[-1], *size[:-1]),)
    torch.export.save(torch.export.export(net, given), file)
    return str(file)


def made(net: Any, size: tuple[int, ...]) -> bool:
    """Whether PyTorch takes an input of this size."""
    try:
        with torch.no_grad():
            net(torch.zeros(1, size[-1], *size[:-1]))
    except (RuntimeError, ValueError, IndexError):
        return False
    return True


@pytest.mark.parametrize("name", NETS)
def test_sizes_are_those_that_pytorch_takes(tmp_path: Path, name: str) -> None:
    net, own = NETS[name]
    found = convcalc.sizes(saved(net, own, tmp_path), from_=1, to=24)
    axes = len(own) - 1
    taken = [side for side in range(1, 25) if made(net, (*(side,) * axes, own[-1]))]
    assert [size[0] for size in found.accepted] == taken
    assert {*found.exact} <= {*found.accepted}


@pytest.mark.parametrize("name", NETS)
def test_an_import_is_its_model_at_other_sizes_or_says_that_it_is_not(
    tmp_path: Path, name: str
) -> None:
    net, own = NETS[name]
    file = saved(net, own, tmp_path)
    imported = convcalc.import_(file)
    notes = [note for note in imported.notes if "holds at" in note]
    assert bool(notes) == (name in SAID)
    if notes:
        assert SAID[name] in notes[0] and notes[0] in imported.text
        return
    for more in range(1, 9):
        size = (*(side + more for side in own[:-1]), own[-1])
        if not made(net, size):
            continue
        spec = convcalc.load(imported.text, input=size, rounding=_rounding(imported.text))
        read = convcalc.load(file, input=size)
        assert spec.output == read.output


def _rounding(text: str) -> str | None:
    """`floor` for a spec in which nothing has to be rounded at its own size."""
    return None if "\nrounding:" in text else "floor"


def test_a_pool_that_rounds_up_says_so_where_nothing_remains_too(tmp_path: Path) -> None:
    pools = (nn.MaxPool2d(3, 2, ceil_mode=True), nn.MaxPool2d(3, 1, 1, ceil_mode=True))
    file = saved(of(nn.Conv2d(3, 4, 3, 2), *pools), (16, 16, 3), tmp_path)
    text = convcalc.import_(file).text
    assert "max_pool: {kernel: 3, stride: 2, rounding: ceil}" in text
    assert "pool3s1p1" in text  # no step, no remainder
    spec, read = (convcalc.analyze(net, input=(18, 18, 3)) for net in (text, file))
    assert spec.totals == read.totals
    assert convcalc.diff(text, text.replace(", rounding: ceil", "")).changed == ()


def test_same_lower_of_onnx_is_read_at_each_size(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    window = {"kernel_shape": [2, 2], "strides": [2, 2], "auto_pad": "SAME_LOWER"}
    path = tmp_path / "net.onnx"
    path.write_bytes(onnx_files.net("MaxPool", "x", (1, 3, 16, 16), [], **window))
    file = str(path)
    assert len(convcalc.sizes(file, from_=1, to=20).accepted) == 20
    (note,) = (note for note in convcalc.import_(file).notes if "holds at" in note)
    assert "at 17x17x3" in note and "makes 9x9x3, here 8x8x3" in note


def test_standard_input_is_read_at_each_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    net, own = NETS["positions"]
    file = saved(net, own, tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(file).read_bytes())))
    assert run(["sizes", "-", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["accepted"] == [8]


def test_a_file_of_many_layers_is_read_at_few_sizes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes_of_cases, "_LAYERS_READ", 0)
    monkeypatch.setattr(sizes_of_cases, "_LEAST_READ", 6)
    net, own = NETS["positions"]
    file = saved(net, own, tmp_path)
    assert run(["sizes", file]) == 0
    out = capsys.readouterr().out
    assert "inputs of 5 to 10 positions" in out and "smallest  not found so far down" in out
    assert run(["sizes", file, "--to", "40"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "that is 40 sizes, and this file of 3 layers is read anew at each: ask for 6" in said


def test_fit_offers_no_input_that_the_file_cannot_have(tmp_path: Path) -> None:
    first = nn.Conv2d(3, 16, 3)
    bound = convcalc.fit(
        saved(of(first, nn.LayerNorm([16, 254, 254])), (256, 256, 3), tmp_path),
        memory="12MiB",
        context=0,
    )
    assert "--input" not in str(bound) and "--dtype int8" in str(bound)
    free = convcalc.fit(
        saved(of(first, nn.ReLU()), (256, 256, 3), tmp_path), memory="12MiB", context=0
    )
    assert "`--input 128x128x3` makes training fit" in str(free)


@pytest.mark.parametrize("turned", [False, True])
def test_a_variant_that_cannot_be_read_is_a_row_without_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], turned: bool
) -> None:
    net = of(nn.Conv2d(3, 4, 3, padding=1), nn.MaxPool2d(3))
    file = saved(net, (12, 12, 3), tmp_path)
    sizes = ["2x2x3", "12x12x3"][:: -1 if turned else 1]
    assert run(["analyze", file, "--input", ",".join(sizes)]) == 1
    out = capsys.readouterr().out
    rows = {line.split()[1]: line.split()[2:] for line in out.splitlines() if "--input" in line}
    assert rows["2x2x3"][:2] == ["?", "0"] and rows["12x12x3"][:2] == ["4x4x4", "2"]
    assert "1 of them cannot be sized" in out
    reports = convcalc.variants(file, input=sizes)
    assert [report.ok for report in reports] == [size != "2x2x3" for size in sizes]
    (finding,) = next(report for report in reports if not report.ok).findings
    assert finding.code == "CC108"
    assert "the file cannot be read at 2x2x3: " in finding.message
    assert "window 3 does not fit" in finding.message
    for never in ("2x2x3", "2x2x3,1x1x3"):
        assert run(["analyze", file, "--input", never]) == 2
        assert "window 3 does not fit" in capsys.readouterr().err


def test_the_sizes_that_watch_shows_of_a_file_are_said_to_be_its_layers(tmp_path: Path) -> None:
    net, own = NETS["a factor"]
    said = "the layers of its own size, sized again"
    assert said in body(begin(Case(saved(net, own, tmp_path))), "s", PLAIN)
    assert said not in body(begin(Case("lenet5")), "s", PLAIN)
