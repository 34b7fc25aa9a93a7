"""`convcalc fit`: answers, errors, exit codes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc import zoo
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.cli import run
from convcalc.memory.fit import Simulation
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import size
from convcalc.report.fit.devices import devices_text
from convcalc.spec.load import load


@pytest.fixture
def fit(capsys: pytest.CaptureFixture[str]) -> Any:
    def called(*arguments: str) -> tuple[int, str, str]:
        code = run(["fit", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return called


def test_text(fit: Any) -> None:
    code, out, err = fit("vgg16", "--device", "rtx-4090", "--batch", "64")
    assert (code, err) == (0, "")
    assert "on rtx-4090: 24.0 GiB" in out
    assert "GeForce RTX 4090 specifications" in out
    rows = [line.split() for line in out.splitlines()]
    assert ["training", "198", "321", "327"] in rows
    assert ["inference", "720", "942", "959"] in rows
    assert "training fits: it needs between" in out


def test_json(fit: Any) -> None:
    code, out, _ = fit("vgg16", "--memory", "24GiB", "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["schema"] == "convcalc/fit/1"
    assert found["device_bytes"] == 24 << 30
    assert found["training"] == {
        "batch_sure": 198, "batch_possible": 321, "batch_logical": 327, "peak": 25717346432,
    }  # fmt: skip
    assert found["inference"]["batch_logical"] == 959


def test_the_logical_batch_is_the_largest_whose_peak_fits(fit: Any) -> None:
    _, out, _ = fit("resnet18", "--memory", "2GiB", "--optimizer", "adam", "--format", "json")
    found = json.loads(out)["training"]
    net = load("resnet18.yaml", zoo.read("resnet18"))
    most = Simulation(analyze(net, Settings(optimizer="adam")), learning=True)
    assert most.peak(found["batch_logical"]) == found["peak"] <= 2 << 30
    assert most.peak(found["batch_logical"] + 1) > 2 << 30


def test_nothing_fits(fit: Any) -> None:
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


def test_memory_smaller_than_the_parameters(fit: Any) -> None:
    code, out, _ = fit("vgg16", "--memory", "100MiB")
    assert code == 0
    assert "inference: not even batch 1, whose peak is 553 MiB" in out
    assert "the parameters alone take 528 MiB" in out


def test_a_microcontroller(fit: Any) -> None:
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
    fit: Any, options: tuple[str, ...], line: str
) -> None:
    _, out, _ = fit("lenet5", *options)
    said = " ".join(out.split())
    assert line in said
    assert ("is what the maker states" in said) is bool(line)


def test_devices(fit: Any) -> None:
    code, out, _ = fit("--devices")
    assert code == 0
    assert "jetson-nano-2gb" in out
    assert "320 KiB" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["vgg16"], "give --memory such as 24GiB, or --device NAME"),
        (["vgg16", "--memory", "1GiB", "--device", "t4"], "either --memory or --device, not both"),
        (["vgg16", "--memory", "0"], "--memory must be positive"),
        (["vgg16", "--memory", "8G"], "'8G' is not a number of bytes: did you mean 8GiB or 8GB?"),
        (["vgg16", "--memory", "8gi"], "'8gi' is not a number of bytes: did you mean 8GiB?"),
        (["vgg16", "--memory", "24Q"], "is not a number of bytes such as 24GiB"),
        (["vgg16", "--memory", "1GiB", "--batch", "0"], "expected a positive integer, got 0"),
        (["vgg16", "--memory", "1GiB", "--batch", "-1"], "expected a positive integer, got -1"),
        (["vgg16", "--device", "rtx4091"], "no device 'rtx4091': did you mean rtx-4090?"),
        (["vgg16", "--memory", "1GiB", "--dtype", "int8", "--optimizer", "adam"],
         "int8 is for inference, an optimizer for training"),
        (["vgg16", "vgg19", "--memory", "1GiB"], "one SPEC at a time, not vgg16 and vgg19"),
        (["vgg16", "--memory", "8", "GB"], "8 is 8 bytes: write 8GiB, or 8B if bytes are meant"),
        (["vgg16", "--memory", "8GB", "GB"], "one SPEC at a time, not vgg16 and GB"),
        (["vgg16", "--memory", "24576"], "24576 is 24,576 bytes: write 24576MiB, or 24576B"),
        (["vgg16", "--memory", "1GiB", "--context", "400"], "write 400MiB, or 400B"),
        (["vgg16", "--sram", "320", "--flash", "1MiB"], "write 320KiB, or 320B"),
        (["vgg16", "--sram", "320KiB", "--flash", "1"], "1 is 1 byte: write 1MiB, or 1B"),
        (["vgg16", "--sram", "320KiB", "--flash", "512"], "write 512KiB, or 512B"),
        (["no-such-net", "--memory", "1GiB"], "no file no-such-net"),
    ],
)  # fmt: skip
def test_what_cannot_be_done(fit: Any, arguments: list[str], message: str) -> None:
    code, out, err = fit(*arguments)
    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize("memory", ["8589934592", "8589934592B", "8GiB", "8 GiB"])
def test_bytes_and_units_mean_the_same(fit: Any, memory: str) -> None:
    code, out, _ = fit("vgg16", "--memory", memory)
    assert code == 0 and "on 8.00 GiB" in out


def test_a_unit_lets_few_bytes_through(fit: Any) -> None:
    code, out, _ = fit("lenet5", "--memory", "8B")
    assert code == 0 and "on 8 B" in out
    code, out, _ = fit("lenet5", "--sram", "327680", "--flash", "1048576")
    assert code == 0 and "320 KiB" in out


@pytest.mark.parametrize("given", [8, "8"])
def test_python_refuses_a_number_without_its_unit_too(given: int | str) -> None:
    meant = "memory: 8 is 8 bytes: write 8GiB, or 8B if bytes are meant"
    with pytest.raises(ValueError, match=meant):
        convcalc.fit("lenet5", memory=given)
    with pytest.raises(ValueError, match=meant):
        list(convcalc.sweep("lenet5", memory=given))
    with pytest.raises(ValueError, match="sram: 8 is 8 bytes: write 8KiB"):
        convcalc.fit("lenet5", sram=given, flash="1MiB")
    assert convcalc.fit("lenet5", memory=2**33).device_bytes == 2**33


def test_a_sweep_refuses_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "lenet5", "--batch", "1,2", "--memory", "24"]) == 2
    assert "24 is 24 bytes: write 24GiB" in capsys.readouterr().err


def test_a_broken_net(fit: Any, tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text("input: 5x5x3\nlayers: [conv3-4s3p0]\n")
    code, out, err = fit(str(spec), "--memory", "1GiB")
    assert (code, out) == (1, "")
    assert "error[CC101]" in err and "net.yaml:2:" in err


def test_a_batch_that_does_not_fit_fails(fit: Any) -> None:
    code, out, _ = fit("vgg16", "--memory", "24GiB", "--batch", "5000")
    assert code == 1 and "training does not fit: it needs" in out
    assert fit("vgg16", "--memory", "24GiB", "--batch", "300")[0] == 0  # may fit
    assert fit("vgg16", "--memory", "24GiB", "--batch", "5000", "--format", "json")[0] == 1


def test_the_devices_keep_their_sources_on_a_narrow_terminal() -> None:
    lines = devices_text(Palette(width=80)).splitlines()
    assert lines[0].endswith("as stated by") and all(len(line) <= 80 for line in lines)
    assert any(line.endswith("..") for line in lines)


def test_warnings_come_below_as_analyze_has_them(fit: Any, tmp_path: Path) -> None:
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


def test_training_is_tried_in_narrower_numbers(fit: Any, tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(
        "inputs: {a: 64x64x1, b: 64x64x1}\nlayers: [{concat: {}, from: [a, b]}, fc-9000]"
    )
    given = (str(spec), "--context", "0B", "--memory")
    for now in ("fp32", "amp-fp16"):
        out = fit(*given, "1GiB", "--precision", now)[1]
        assert "`--precision bf16` makes training fit, up to batch 5,055" in out
    out = fit(*given, "1GiB", "--precision", "bf16")[1]
    assert out.splitlines()[4].split() == ["training", "5,055", "7,398", "7,432"]
    out = fit(*given, "30MiB")[1]
    assert "tried, each alone, and not enough: another optimizer, narrower numbers\n" in out


def test_a_microcontroller_has_no_optimizer(fit: Any) -> None:
    _, out, _ = fit("mobilenet_v2", "--dtype", "int8", "--sram", "320KiB", "--flash", "1MiB")
    assert "tried, each alone, and not enough: narrower numbers, a smaller input\n" in out
    assert not {"optimizer", "CUDA", "cuDNN"} & {word.strip(",.:;") for word in out.split()}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("lenet5 --memory 409MiB", "training: no batch surely fits, up to 4 may\n"),
        ("resnet18 --memory 8GiB --dtype int8", "training: none, int8 is for inference\n"),
        ("mobilenet_v2 --dtype int8 --device stm32h743", "runs, whose volumes take 1.44 MiB with"),
    ],
)
def test_sentences_say_which_batch_and_what_was_tried(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fit", *words.split()]) == 0
    assert said in capsys.readouterr().out


def test_batches_of_several_gpus_are_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fit", "resnet18", "--memory", "8GiB", "--gpus", "4", "--shard", "ddp"]) == 0
    out = capsys.readouterr().out
    found = re.search(
        "training batches are for each GPU: surely ([0-9,]+), ([0-9,]+) on all 4", out
    )
    assert found is not None
    each, together = (int(number.replace(",", "")) for number in found.groups())
    assert together == 4 * each > 0


def test_nothing_else_is_tried_of_a_long_net(fit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from convcalc.memory import forward, remedies
    from convcalc.report.fit import text

    runs: list[bool] = []
    begin = forward.Forward.settle
    monkeypatch.setattr(
        forward.Forward, "settle", lambda own: (runs.append(own.training), begin(own))[1]
    )
    monkeypatch.setattr(remedies, "MOST_TRIED", 20)
    monkeypatch.setattr(text, "MOST_TRIED", 20)
    code, out, _ = fit("vgg16", "--memory", "1MiB", "--context", "0")
    said = " ".join(out.split())
    assert code == 0 and runs == [True, False]
    assert "another optimizer, narrower numbers, a smaller input: tried of nets of 20" in said
    assert "--optimizer, --precision, --dtype, --input try one of a larger net" in said
    assert "not enough" not in said
