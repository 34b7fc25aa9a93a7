"""What `fit` says of a microcontroller that is too small: what it lacks, and what was tried."""

import pytest

from convcalc.cli import run

_NET = ("fit", "mobilenet_v2", "--input", "96x96x3")
_SRAM, _FLASH = "the SRAM has", "the flash has"


def _said(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """The lines of the last paragraph."""
    assert run([*_NET, *options]) == 0
    return capsys.readouterr().out.rstrip("\n").split("\n\n")[-1].splitlines()


def test_too_little_flash_is_named_and_narrower_weights_are_tried(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # 3,469,760 weights of one byte are too many for 2 MiB, of half a byte they are not
    found = _said(capsys, "--dtype", "int8", "--sram", "512KiB", "--flash", "2MiB")
    assert found == [
        "inference: the weights take 3.38 MiB, the flash has 2.00 MiB",
        "`--dtype int4` makes inference fit, up to batch 1",
    ]
    assert run([*_NET, "--dtype", "int4", "--sram", "512KiB", "--flash", "2MiB"]) == 0
    assert "inference         1         1        1" in capsys.readouterr().out


def test_what_was_not_tried_is_not_said_to_be_tried(capsys: pytest.CaptureFixture[str]) -> None:
    found = _said(capsys, "--dtype", "int4", "--sram", "512KiB", "--flash", "1MiB")
    assert found == [
        "inference: the weights take 1.72 MiB, the flash has 1.00 MiB",
        "tried, each alone, and not enough: a smaller input",
    ]
    assert run(["fit", "vgg16", "--memory", "60MB", "--context", "0B", "--optimizer", "sgd"]) == 0
    out = capsys.readouterr().out
    assert "tried, each alone, and not enough: narrower numbers, a smaller input\n" in out


@pytest.mark.parametrize(
    ("sram", "flash", "lacks"),
    [
        ("100KiB", "4MiB", [_SRAM]),
        ("100KiB", "1MiB", [_FLASH, _SRAM]),
        ("512KiB", "1MiB", [_FLASH]),
    ],
)
def test_only_what_lacks_is_named(
    capsys: pytest.CaptureFixture[str], sram: str, flash: str, lacks: list[str]
) -> None:
    found = _said(capsys, "--dtype", "int8", "--sram", sram, "--flash", flash)
    assert found[0].startswith("inference: ")
    reasons = [line for line in found if _SRAM in line or _FLASH in line]
    assert [words in line for words, line in zip(lacks, reasons, strict=True)] == [True] * len(
        lacks
    )
    if _SRAM in lacks:
        assert "the volumes of batch 1 take 270 KiB, the SRAM has 100 KiB" in reasons[-1]
