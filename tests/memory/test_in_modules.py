"""What code whose blocks are modules needs at inference, as PyTorch 2.13 was asked for it."""

import json
from pathlib import Path
from typing import Any

import pytest

from convcalc import zoo
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.cli import run
from convcalc.memory.account import Account
from convcalc.memory.forward import inference
from convcalc.memory.in_modules import in_modules
from convcalc.spec.load import load
from tests.memory.nets_of_blocks import NESTED, PADDED, TWO, spec

_SMALL = {"two": TWO, "nested": NESTED, "padded": PADDED}
_MEASURED = json.loads(Path(__file__).with_name("modules.json").read_text(encoding="utf-8"))


def _peaks(text: bytes, batch: int) -> tuple[int, int]:
    """The peak of the net itself, and of its blocks as modules."""
    analysis = analyze(load("net.yaml", text), Settings(batch))
    assert not analysis.broken, analysis.findings
    own = inference(analysis)
    return Account(own, batch).peak, Account(in_modules(analysis) or own, batch).peak


@pytest.mark.parametrize(("name", "bytes_"), _MEASURED["bundled"].items())
def test_bundled_nets(name: str, bytes_: int) -> None:
    assert _peaks(zoo.read(name), 1)[1] == bytes_


@pytest.mark.parametrize(("name", "bytes_"), _MEASURED["blocks"].items())
def test_nets_of_blocks(name: str, bytes_: int) -> None:
    assert _peaks(_SMALL.get(name) or spec(int(name)), 2)[1] == bytes_


def test_many_need_more_than_the_net_itself() -> None:
    more = [name for name in map(str, range(120)) if int.__lt__(*_peaks(spec(int(name)), 2))]
    assert len(more) > 40


@pytest.mark.parametrize("text", [*_SMALL.values(), *(spec(seed) for seed in range(200, 206))])
def test_what_pytorch_says_now(text: bytes) -> None:
    pytest.importorskip("torch")
    from tests.memory.live_bytes import inference_peak

    measured = inference_peak(analyze(load("net.yaml", text), Settings(2)))
    assert measured == _peaks(text, 2)[1]


def test_nothing_is_asked_of_nets_without_blocks() -> None:
    assert in_modules(analyze(load("vgg16", zoo.read("vgg16")))) is None


def test_two_blocks_by_hand() -> None:
    # the second block's last conv: what it makes (32 channels) and reads (4), what its caller
    # holds (32), beside the image (3) and the parameters; on its own it needs no held volume
    parameters = 4 * (4 * 32 + 2 * (33 * 4 + 5 * 32))
    image = 4 * 32 * 32
    own, held = _peaks(TWO, 1)
    assert held == parameters + (3 + 32 + 4 + 32) * image
    assert own == parameters + (3 + 32 + 4) * image


def _fit(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    run(["fit", *words, "--format", "json"])
    return json.loads(capsys.readouterr().out)


def test_fit_says_both_batches(capsys: pytest.CaptureFixture[str]) -> None:
    found = _fit(capsys, "unet", "--memory", "8GiB", "--batch", "38")
    own, held = found["inference"], found["inference_in_modules"]
    assert held["batch_sure"] < own["batch_sure"]
    batch = held["batch_logical"]
    assert held["peak"] == _peaks(zoo.read("unet"), batch)[1] <= 8 << 30
    assert _peaks(zoo.read("unet"), batch + 1)[1] > 8 << 30
    asked = {one["run"]: one for one in found["asked"]}
    assert asked["inference"]["high"] < found["asked_in_modules"]["high"]
    assert found["asked_in_modules"]["verdict"] == "may fit"
    run(["fit", "unet", "--memory", "8GiB", "--batch", "38"])
    lines = capsys.readouterr().out.splitlines()
    numbers = [f"{held[name]:,}" for name in ("batch_sure", "batch_possible", "batch_logical")]
    assert ["in", "modules", *numbers] in [line.split() for line in lines]
    assert any(line.startswith("inference in modules may fit: ") for line in lines)


@pytest.mark.parametrize(
    "words", [("vgg16",), ("resnet18",), ("mobilenet_v2", "--dtype", "int8"), ("alexnet",)]
)
def test_fit_says_one_where_that_is_all(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    found = _fit(capsys, *words, "--memory", "2GiB")
    assert found["inference_in_modules"] is None
    assert found["asked_in_modules"] is None
