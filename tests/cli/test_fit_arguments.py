"""What `fit` is given: what cannot be done is refused, bytes and their units are asked about."""

from pathlib import Path

import pytest

import convcalc
from convcalc.cli import run
from tests.cli.conftest import Fit


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
def test_what_cannot_be_done(fit: Fit, arguments: list[str], message: str) -> None:
    code, out, err = fit(*arguments)
    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize("memory", ["8589934592", "8589934592B", "8GiB", "8 GiB"])
def test_bytes_and_units_mean_the_same(fit: Fit, memory: str) -> None:
    code, out, _ = fit("vgg16", "--memory", memory)
    assert code == 0 and "on 8.00 GiB" in out


def test_a_unit_lets_few_bytes_through(fit: Fit) -> None:
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


def test_a_broken_net(fit: Fit, tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text("input: 5x5x3\nlayers: [conv3-4s3p0]\n")
    code, out, err = fit(str(spec), "--memory", "1GiB")
    assert (code, out) == (1, "")
    assert "error[CC101]" in err and "net.yaml:2:" in err
