"""`convcalc fit`: answers, errors, exit codes."""

import json
import re
from pathlib import Path

import pytest

from convcalc import zoo
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.cli import run
from convcalc.memory.fit import Simulation
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import size
from convcalc.report.fit.devices import devices_text
from convcalc.spec.load import load
from tests.cli.conftest import Fit


def test_text(fit: Fit) -> None:
    code, out, err = fit("vgg16", "--device", "rtx-4090", "--batch", "64")
    assert (code, err) == (0, "")
    assert "on rtx-4090: 24.0 GiB" in out
    assert "GeForce RTX 4090 specifications" in out
    rows = [line.split() for line in out.splitlines()]
    assert ["training", "198", "321", "327"] in rows
    assert ["inference", "720", "942", "959"] in rows
    assert "training fits: it needs between" in out


def test_json(fit: Fit) -> None:
    code, out, _ = fit("vgg16", "--memory", "24GiB", "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["schema"] == "convcalc/fit/1"
    assert found["device_bytes"] == 24 << 30
    assert found["training"] == {
        "batch_sure": 198, "batch_possible": 321, "batch_logical": 327, "peak": 25717346432,
    }  # fmt: skip
    assert found["inference"]["batch_logical"] == 959


def test_the_logical_batch_is_the_largest_whose_peak_fits(fit: Fit) -> None:
    _, out, _ = fit("resnet18", "--memory", "2GiB", "--optimizer", "adam", "--format", "json")
    found = json.loads(out)["training"]
    net = load("resnet18.yaml", zoo.read("resnet18"))
    most = Simulation(analyze(net, Settings(optimizer="adam")), learning=True)
    assert most.peak(found["batch_logical"]) == found["peak"] <= 2 << 30
    assert most.peak(found["batch_logical"] + 1) > 2 << 30


def test_nothing_fits(fit: Fit) -> None:
    code, out, _ = fit("resnet18", "--memory", "600MiB", "--optimizer", "adam")
    assert code == 0
    assert "training: not even batch 1, whose peak fits only without" in out
    assert "of the 224 MiB in the optimizer's step most is held by conv5_x.basic1.conv2 20 %" in out
    assert "`--optimizer sgd` makes training fit, up to batch 2" in out
    args = ("resnet18", "--memory", "600MiB", "--optimizer", "adam", "--format", "json")
    found = json.loads(fit(*args)[1])
    smallest, first = found["smallest"], found["smallest"]["holders"][0]
    assert (smallest["phase"], smallest["at"], len(smallest["holders"])) == ("step", None, 3)
    assert size(smallest["peak"]) == "224 MiB"
    assert first["layer"] == "conv5_x.basic1.conv2"
    assert round(100 * first["bytes"] / smallest["peak"]) == 20
    assert found["parameters"] == 11_689_512 * 4 and found["flash"] is None


def test_memory_smaller_than_the_parameters(fit: Fit) -> None:
    code, out, _ = fit("vgg16", "--memory", "100MiB")
    assert code == 0
    assert "inference: not even batch 1, whose peak is 553 MiB" in out
    assert "the parameters alone take 528 MiB" in out


def test_a_microcontroller(fit: Fit) -> None:
    _, out, _ = fit("mobilenet_v2", "--dtype", "int8", "--device", "stm32f746")
    assert "the weights take 3.38 MiB, the flash has 1.00 MiB" in out
    assert "CUDA" not in out


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (
            ("--device", "t4"),
            "16.0 GiB is what the maker states, CUDA shows about 14.5 GiB of it with ECC on, as it "
            "comes: `--memory 14.5GiB`",
        ),
        (
            ("--device", "rtx-4090"),
            "24.0 GiB is what the maker states, CUDA shows 1 to 2 % less, with ECC up to 9 %: "
            "`--memory` takes what it shows",
        ),
        (
            ("--device", "jetson-nano"),
            "4.00 GiB is what the maker states, the operating system has its part: `--memory` "
            "takes what is free",
        ),
        (("--device", "stm32h743", "--dtype", "int8"), ""),
        (("--memory", "16GiB"), ""),
    ],
)
def test_what_is_left_of_the_makers_figure_is_said(
    fit: Fit, options: tuple[str, ...], line: str
) -> None:
    _, out, _ = fit("lenet5", *options)
    said = " ".join(out.split())
    assert line in said
    assert ("is what the maker states" in said) is bool(line)


def test_devices(fit: Fit) -> None:
    code, out, _ = fit("--devices")
    assert code == 0
    assert "jetson-nano-2gb" in out
    assert "320 KiB" in out


def test_a_batch_that_does_not_fit_fails(fit: Fit) -> None:
    code, out, _ = fit("vgg16", "--memory", "24GiB", "--batch", "5000")
    assert code == 1 and "training does not fit: it needs" in out
    assert fit("vgg16", "--memory", "24GiB", "--batch", "300")[0] == 0  # may fit
    assert fit("vgg16", "--memory", "24GiB", "--batch", "5000", "--format", "json")[0] == 1


def test_the_devices_keep_their_sources_on_a_narrow_terminal() -> None:
    lines = devices_text(Palette(width=80)).splitlines()
    assert lines[0].endswith("as stated by") and all(len(line) <= 80 for line in lines)
    assert any(line.endswith("..") for line in lines)


def test_warnings_come_below_as_analyze_has_them(fit: Fit, tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(
        "input: 8x8x4\n"
        "layers:\n"
        "- conv: {filters: 4, kernel: 1}\n"
        "  name: a\n"
        "- relu: {in_place: true}\n"
        "  name: r\n"
        "- fc: {units: 2}\n"
    )
    given = (str(spec), "--memory", "1GiB", "--checkpoint", "r")
    code, out, _ = fit(*given)
    assert code == 0
    assert (
        "\n\nwarning[CC122]: r would overwrite a, an input of its checkpointed segment (r)" in out
    )
    found = json.loads(fit(*given, "--format", "json")[1])
    assert [finding["code"] for finding in found["findings"]] == ["CC122"]
    sound = fit(*given[:-2], "--format", "json")[1]
    assert json.loads(sound)["findings"] == []


def test_batches_of_several_gpus_are_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fit", "resnet18", "--memory", "8GiB", "--gpus", "4", "--shard", "ddp"]) == 0
    out = capsys.readouterr().out
    found = re.search(
        "training batches are for each GPU: surely ([0-9,]+), ([0-9,]+) on all 4", out
    )
    assert found is not None
    each, together = (int(number.replace(",", "")) for number in found.groups())
    assert together == 4 * each > 0
