"""`fit` on nets whose files limit or expect totals."""

from pathlib import Path

import convcalc
from tests.cli.conftest import Fit

_BUDGETED = """\
input: 128x128x3
layers: [conv3-16, relu, conv3-16, relu, conv3-16, relu, conv3-16, relu, pool2, conv3-16, relu]
budget: {training_memory: 6MiB, batch: 32, optimizer: adamw, ema: true}
"""


def test_a_net_over_its_budget_is_what_it_is_for(fit: Fit, tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(_BUDGETED)
    plan = ("--batch", "32", "--optimizer", "adamw", "--ema")
    given = (str(spec), "--memory", "220MiB", "--context", "1B", *plan)
    code, out, err = fit(*given)
    assert code == 1 and "error[CC131]: training_memory: " in out
    assert "training may fit" in out and not err
    code, out, _ = fit(*given, "--advise")
    assert code == 1 and "error[CC131]: training_memory: " in out and "checkpoint" in out
    code, _, err = fit(*given, "--advise", "--write")
    assert code == 2 and "has a budget: set `batch: 32`, `optimizer: adamw`" in err
    report = convcalc.fit(spec, memory="1GiB")
    assert not report.ok and report.training.batch_sure > 32


def test_a_wrong_layer_still_stops_it(fit: Fit, tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(_BUDGETED.replace("conv3-16", "conv99-16p0"))
    code, out, err = fit(str(spec), "--memory", "1GiB")
    assert (code, out) == (1, "") and "CC102" in err


def test_the_settings_of_a_budget_are_not_its_own(fit: Fit, tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text(_BUDGETED.replace("6MiB", "6GiB"))
    code, _, err = fit(str(spec), "--memory", "1GiB", "--optimizer", "adamw")
    assert code == 0
    assert err.endswith(
        "budget of " + str(spec) + " are for `check`: here they are --batch 32 --ema\n"
    )
    again = fit(str(spec), "--memory", "1GiB", "--optimizer", "adamw", "--batch", "32", "--ema")
    assert (again[0], again[2]) == (0, "")
