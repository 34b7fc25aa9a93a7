"""`convcalc check --max-...`: limits of counts and of memory."""

import re
from pathlib import Path

import pytest

from tests.test_check import check, folder

__all__ = ["folder"]  # a fixture


def test_limits_on_the_command_line(folder: Path) -> None:
    run = check(folder, "a.yaml", "--max-params", "5K", "--max-macs", "1G", "--format", "concise")
    # 3*3*3*16+16 + 3*3*16*32+32 + 32*10+10
    assert run.returncode == 1 and run.stdout == (
        "a.yaml:1:1: error[CC131] params: 5,418 exceeds --max-params 5,000, 8.36 % over\n"
    )
    assert check(folder, "a.yaml", "--max-params", "5418").returncode == 0
    assert check(folder, "a.yaml", "--max-params", "5MB").returncode == 2


def test_limits_of_memory_name_the_largest_batch(folder: Path) -> None:
    run = check(folder, "a.yaml", "--max-training-memory", "10MB", "--batch", "64")
    assert run.returncode == 1
    assert "bytes with batch 64, float32, sgd-momentum exceeds --max-training-memory" in run.stdout
    told = re.search(r"batch (\d+) is the largest within it", run.stdout)
    assert told is not None
    largest = int(told[1])
    for images, code in ((largest, 0), (largest + 1, 1)):
        limits = ("--max-training-memory", "10MB", "--batch", str(images), "-q")
        assert check(folder, "a.yaml", *limits).returncode == code


def test_the_limit_of_inference_is_its_peak(folder: Path) -> None:
    # params 5,418, the input 32*32*3 and the volume 32*32*16 that relu overwrites, 4 bytes each
    peak = 4 * (5418 + 32 * 32 * 3 + 32 * 32 * 16)
    run = check(folder, "a.yaml", "--max-inference-memory", str(peak - 1))
    found = re.search(r"inference_memory: ([\d,]+) bytes", run.stdout)
    assert run.returncode == 1 and found is not None
    actual = int(found[1].replace(",", ""))
    assert actual >= peak
    assert check(folder, "a.yaml", "--max-inference-memory", str(actual)).returncode == 0


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        (("--max-training-memory", "40"), "40 is 40 bytes: write 40GiB, or 40B if bytes are meant"),
        (("--max-inference-memory", "1"), "1 is 1 byte: write 1GiB, or 1B if bytes are meant"),
        (("--max-training-memory", "8G"), "not a number of bytes: did you mean 8GiB or 8GB?"),
        (("--max-params", "8GiB"), "expected a quantity such as 5M, got '8GiB'"),
        (("--max-macs", "1" * 19), f"got '{'1' * 19}': it has more than 18 digits"),
        (("--max-macs", f"{'1' * 22}M"), "M': it has more than 18 digits"),
    ],
)
def test_limits_without_a_unit_are_asked_about(
    folder: Path, limit: tuple[str, str], told: str
) -> None:
    run = check(folder, "a.yaml", *limit)
    assert (run.returncode, run.stdout) == (2, "") and f"'{limit[0]}'" in run.stderr
    assert told in " ".join(run.stderr.split())


def test_a_limit_of_few_bytes_can_be_written(folder: Path) -> None:
    for few in ("40B", "0"):
        run = check(folder, "a.yaml", "--max-training-memory", few)
        number = few.removesuffix("B")
        assert run.returncode == 1
        assert f"exceeds --max-training-memory {number}" in run.stdout


def test_int8_has_no_training_to_limit(folder: Path) -> None:
    run = check(folder, "a.yaml", "--max-training-memory", "1GiB", "--dtype", "int8")
    assert run.returncode == 2 and "int8 is for inference" in run.stderr


def test_variants_over_a_limit_are_in_their_order_not_in_that_of_their_digits(folder: Path) -> None:
    spec = "input: 8x8x3\nvars: {k: 99}\nlayers: [{conv: {filters: =k, kernel: 3}}]\n"
    (folder / "k.yaml").write_text(spec, encoding="utf-8")
    words = ("--set", "k=4,40,400,5", "--max-params", "20", "--format", "concise")
    totals = re.findall(r"params: ([\d,]+)", check(folder, "k.yaml", *words).stdout)
    assert totals == ["112", "1,120", "11,200", "140"]
