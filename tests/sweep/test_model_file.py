"""Sweeps of a model file over its input: the numbers of `analyze --input`, size by size."""

import io
import json
import pickle
import sys
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.cli import run
from convcalc.sweep.model_file import SIZES

torch: Any = pytest.importorskip("torch")
nn: Any = torch.nn

COLUMNS = "params,macs,activations,inference_memory,training_memory"
LARGE = [(side, side + 2, 3) for side in (64, 66, 65, 67)]


class Sized(nn.Module):  # type: ignore[misc, name-defined]
    """All that a reader settles by the size that arrives; its channels are cut into views."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, 2)
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.b = nn.Conv2d(8, 8, 3, padding=1)
        self.head = nn.Conv2d(16, 4, 1)

    def forward(self, x: Any) -> Any:
        left, right = self.pool(self.stem(x)).chunk(2, 1)
        x = torch.cat([left, self.b(right)], 1)
        x = nn.functional.interpolate(x, scale_factor=1.5)
        return self.head(x[:, :, :24, :24])


class Sent(Executor):
    """An executor that is sent copies of what it gets, as a worker of another machine is."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(fn(*pickle.loads(pickle.dumps(args)), **kwargs))
        return future


def saved(net: Any, folder: Path, size: tuple[int, ...], name: str = "net.pt2") -> str:
    file = folder / name
    given = (torch.zeros(1, size[-1], *size[:-1]),)
    if name.endswith(".onnx"):
        pytest.importorskip("onnx")
        torch.onnx.export(net.eval(), given, file, dynamo=False)
    else:
        torch.export.save(torch.export.export(net.eval(), given), file)
    return str(file)


def as_analyzed(file: str, sizes: list[tuple[int, ...]]) -> list[dict[str, int | None]]:
    found = []
    for size in sizes:
        report = json.loads(convcalc.analyze(file, input=size).to_json())
        memory = report["memory"]
        found.append(
            {name: report["totals"][name] for name in ("params", "macs", "activations")}
            | {f"{use}_memory": memory[use]["peak"] for use in ("inference", "training")}
        )
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", ["net.pt2", "net.onnx"])
def test_rows_are_those_of_analyze_in_any_order_wherever_worked_out(
    tmp_path: Path, name: str
) -> None:
    net = Sized() if name.endswith(".pt2") else nn.Sequential(*[*Sized().children()][:2])
    file = saved(net, tmp_path, LARGE[0], name)
    for sizes in (LARGE, LARGE[::-1], LARGE[:1], LARGE[2:3]):
        expected = as_analyzed(file, sizes)
        for executor in (None, Sent()):
            swept = convcalc.sweep(file, inputs=sizes, columns=COLUMNS, executor=executor)
            assert [row.numbers for row in swept] == expected
    own = convcalc.sweep(file, batch=[1], columns=COLUMNS)
    assert [row.numbers for row in own] == as_analyzed(file, LARGE[:1])


def test_training_is_an_estimate_at_other_inputs_too(tmp_path: Path) -> None:
    file = saved(Sized(), tmp_path, LARGE[0])
    swept = convcalc.sweep(file, inputs=LARGE)
    assert len(swept.notes) == 1 and "training is an estimate" in swept.notes[0]
    rows = [json.loads(line) for line in swept.to_json().splitlines()]
    assert [row["estimated"] for row in rows] == [["training_memory"]] * len(LARGE)


def test_more_sizes_than_are_kept_are_sent_in_pieces(tmp_path: Path) -> None:
    file = saved(nn.Conv2d(3, 4, 3), tmp_path, (8, 8, 3))
    sizes = [(side, side, 3) for side in range(8, 8 + 2 * SIZES + 3)]
    swept = convcalc.sweep(
        file, inputs=sizes, batch=[1, 2], columns="macs", executor=Sent(), workers=2
    )
    expected = [(side - 2) ** 2 * 108 for side, *_ in sizes for _ in range(2)]
    assert [row.numbers["macs"] for row in swept] == expected


@pytest.mark.parametrize("turned", [False, True])
def test_a_size_that_the_file_cannot_have_is_counted_in_any_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], turned: bool
) -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.MaxPool2d(3))
    file = saved(net, tmp_path, (12, 12, 3))
    sizes = ["2x2x3", "12x12x3"][:: -1 if turned else 1]
    words = ["sweep", file, "--input", ",".join(sizes), "--columns", "params,macs", "--format"]
    assert run([*words, "json"]) == 0
    out, err = capsys.readouterr()
    rows = {row["input"][0]: row for row in map(json.loads, out.splitlines())}
    assert rows[2]["macs"] is None and rows[12]["macs"] == 12 * 12 * 4 * 27
    said = " ".join(err.split())
    assert "1 of 2 have errors: 1 not readable at its input; the first, input=2x2x3:" in said
    assert "window 3 does not fit" in said
    assert run(["sweep", file, "--input", "2x2x3"]) == 2
    assert "window 3 does not fit" in capsys.readouterr().err


def test_standard_input_is_read_at_every_size_and_a_file_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = saved(Sized(), tmp_path, LARGE[0])
    words = ["--input", "64x66x3,67x69x3", "--batch", "1,2", "--columns", COLUMNS]
    assert run(["sweep", file, *words, "--format", "csv"]) == 0
    expected = capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(file).read_bytes())))
    assert run(["sweep", "-", *words, "--format", "csv"]) == 0
    assert capsys.readouterr().out == expected
    rows = tmp_path / "rows.csv"
    rows.write_text("".join(expected.splitlines(keepends=True)[:3]))
    for processes in ("1", "2"):
        assert run(["sweep", file, *words, "--resume", str(rows), "--processes", processes]) == 0
        assert rows.read_text() == expected


def test_a_condition_on_a_part_of_a_total_is_refused_or_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net = nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Conv2d(3, 8, 3)))
    file = saved(net, tmp_path, (16, 16, 3))
    words = ["sweep", file, "--batch", "1,2", "--where"]
    assert run([*words, "training_memory < 1GiB"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "--where: training_memory cannot be checked: weights of 216 numbers, worked out" in said
    assert run([*words, "params < 228 and macs < 1G"]) == 0
    out, err = capsys.readouterr()
    assert "2 variants, 2 with params < 228" in out
    said = " ".join(err.split())
    assert "--where has params of the layers, and the source has 232 learned parameters" in said
