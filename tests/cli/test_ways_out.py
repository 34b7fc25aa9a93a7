"""What an option's refusal names is what was meant."""

import pytest

from convcalc.cli import run
from convcalc.rules.tuning import WrongTuningError, tuning_of


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fit", "lenet5", "--device", "RTX 3060 Ti"], "`convcalc fit --devices` names them"),
        (["fit", "lenet5", "--device", "rtx-4080 Super"], "`convcalc fit --devices` names them"),
        (["fit", "lenet5", "--device", "3060"], "did you mean rtx-3060? `--memory 8GiB` is any"),
        (["fit", "lenet5", "--device", "GeForce 1080"], "did you mean gtx-1080 or gtx-1080-ti?"),
        (["fit", "lenet5", "--device", "1080ti"], "did you mean gtx-1080-ti?"),
        (["fit", "lenet5", "--device", "3060ti"], "`convcalc fit --devices` names them"),
        (["fit", "lenet5", "--device", "rtx"], "`convcalc fit --devices` names them"),
        (["fit", "lenet5", "--device", "k80"], "`--memory 8GiB` is any other"),
        (["fit", "lenet5", "--device", "gtx1080ti"], "did you mean gtx-1080-ti?"),
        (["fit", "lenet5", "--device", "A100-40GB"], "did you mean a100?"),
        (["fit", "lenet5", "--device", "a100-16gb"], "`convcalc fit --devices` names them"),
        (
            ["sweep", "lenet5", "--checkpoint", "sqrt,conv1..conv2"],
            "sqrt is a rule and no layer: it is given alone",
        ),
        (["fit", "lenet5", "--device", "rtx-306"], "did you mean rtx-3060? `--memory 8GiB` is any"),
        (
            ["diff", "lenet5", "lenet5", "--fail-on-increase", "training-memory=10%"],
            "did you mean training_memory?",
        ),
        (["diff", "lenet5", "lenet5", "--fail-on-increase", "params=1MB"], "5M or 5%"),
        (["check", "lenet5", "--fail-on", "none"], "did you mean 'never'?"),
        (
            ["check", "lenet5", "--ignore", "CC211", "--ignore", "CC208"],
            "join its values by commas",
        ),
    ],
)
def test_a_refusal_names_the_way_out(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    assert said in capsys.readouterr().err


def test_a_total_of_bytes_may_grow_by_bytes() -> None:
    assert run(["diff", "lenet5", "lenet5", "--fail-on-increase", "training_memory=1MiB"]) == 0


def test_the_figures_of_tools_are_said_to_be_of_one_image(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["analyze", "lenet5", "--as", "torchinfo", "--batch", "2"]) == 0
    assert "prints 0.42 (M) of one image" in capsys.readouterr().out
    assert run(["analyze", "lenet5", "--as", "torchinfo"]) == 0
    assert "of one image" not in capsys.readouterr().out


@pytest.mark.parametrize("way", ["{severity: error}", "{severity = "])
def test_a_severity_alone_is_said_as_a_table(way: str) -> None:
    with pytest.raises(WrongTuningError) as error:
        tuning_of("CC211", "error")
    assert way in error.value.help[0]


@pytest.mark.parametrize(
    "name",
    [
        "rtx-3050",
        "rtx-3051-ti",
        "gtx-1660",
        "gtx-1650",
        "a40",
        "a30",
        "rtx-a6000",
        "a6000",
        "b200",
        "gb200",
        "h20",
        "h800",
        "a800",
        "l20",
        "p40",
        "k80",
        "m60",
        "a16",
        "l40",
        "stm32f745",
        "esp32",
        "esp32-s2",
        "rp2350",
        "nrf52832",
        "jetson-xavier-nx",
        "jetson-tx2",
    ],
)
def test_the_name_of_another_card_is_no_slip(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fit", "lenet5", "--device", name]) == 2
    said = " ".join(capsys.readouterr().err.split())
    others = "`convcalc fit --devices` names them, `--memory 8GiB` is any other"
    assert f"no device {name!r}: {others}" in said


@pytest.mark.parametrize(
    ("name", "meant"),
    [("rtx4091", "rtx-4090"), ("grx-1060", "gtx-1060"), ("jetson-nnao", "jetson-nano"),
     ("jestson-orin-nano", "jetson-orin-nano"), ("smt32f746", "stm32f746")],
)  # fmt: skip
def test_a_slip_of_a_card_is_named_with_the_way_for_any_other(
    name: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fit", "lenet5", "--device", name]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"did you mean {meant}? `--memory 8GiB` is any other" in said
