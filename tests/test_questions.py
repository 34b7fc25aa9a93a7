"""The commands as Python functions: the same answers as the command line, in typed records."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import convcalc
from convcalc.cli import run
from convcalc.network.build import Builder

SPEC = "input: 16x16x3\nlayers: [conv3-4, relu, pool2, fc-10]\n"
BROKEN = "input: 8x8x3\nlayers: [conv3-4, {conv: {filters: 4, kernel: 3}, weights: nosuch}]\n"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> object:
    run([*arguments, "--format", "json"])
    return json.loads(capsys.readouterr().out)


def test_every_record_has_the_json_of_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    fit = convcalc.fit("vgg16", memory="8GiB", batch=32, optimizer="adam")
    words = ("fit", "vgg16", "--memory", "8GiB", "--batch", "32", "--optimizer", "adam")
    assert fit.to_dict() == printed(capsys, *words)
    assert fit.training is not None and fit.training.batch_sure > 0 and fit.device_bytes == 2**33
    sizes = convcalc.sizes("lenet5", from_=20, to=40)
    assert sizes.to_dict() == printed(capsys, "sizes", "lenet5", "--from", "20", "--to", "40")
    assert (32, 32) in sizes.exact and sizes.minimum is not None
    wide = convcalc.sizes("lenet5", height=32, width=range(30, 40))
    words = ("sizes", "lenet5", "--height", "32", "--width", "30..39")
    assert wide.to_dict() == printed(capsys, *words)
    difference = convcalc.diff("vgg16", "vgg19", fail_on_increase={"params": "1%"})
    words = ("diff", "vgg16", "vgg19", "--fail-on-increase", "params=1%")
    assert difference.to_dict() == printed(capsys, *words)
    assert difference.totals["params"] == (138_357_544, 143_667_240) and not difference.ok
    assert convcalc.check("vgg16").to_dict() == printed(capsys, "check", "vgg16")
    limited = convcalc.check("vgg16", ignore="CC2", limits={"params": 5})
    words = ("check", "vgg16", "--ignore", "CC2", "--max-params", "5")
    assert limited.to_dict() == printed(capsys, *words) and not limited.ok
    layer = convcalc.explain("vgg16", "fc1", batch=2)
    assert layer.to_dict() == printed(capsys, "explain", "vgg16", "fc1", "--batch", "2")
    page = convcalc.explain("receptive field")
    assert page.to_dict() == printed(capsys, "explain", "receptive", "field")
    run(["convert", "lenet5", "--fc-to-conv"])
    assert convcalc.convert("lenet5", fc_to_conv=True) == capsys.readouterr().out
    report = convcalc.analyze("vgg16", batch=2, input="256x256x3")
    words = ("analyze", "vgg16", "--batch", "2", "--input", "256x256x3")
    assert report.to_dict() == printed(capsys, *words)


def test_a_run_with_numpy_agrees() -> None:
    found = convcalc.verify("lenet5", seed=1)
    assert found.agrees and found.to_dict()["agrees"] and "lenet" in str(found).lower()
    assert "own size" not in str(convcalc.verify(convcalc.load("lenet5"), batch=2))


def test_the_functions_come_before_the_rooms_of_the_same_name() -> None:
    code = (
        "from convcalc.explain import lookup; from convcalc.verify import record; "
        "from convcalc.sizes import legal; import convcalc.convert; import convcalc; "
        "print(*(type(getattr(convcalc, n)).__name__ for n in convcalc.__all__ if n.islower()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"function", "str"}


def test_a_net_with_errors_raises_what_check_finds(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    expected = convcalc.check(path)
    assert not expected.ok
    for ask in (
        lambda: convcalc.fit(path, memory="1GiB"),
        lambda: convcalc.verify(path),
        lambda: convcalc.convert(path, fc_to_conv=True),
    ):
        with pytest.raises(convcalc.NetError) as caught:
            ask()
        assert "error[CC017]" in str(caught.value)
        assert {*caught.value.findings} <= {*expected.findings}
    assert str(caught.value) == str(expected.findings[0])
    assert not convcalc.sizes(path).ok and not convcalc.diff(path, "vgg16").ok


def test_a_network_made_in_python_goes_through_everything() -> None:
    builder = Builder("tiny").input("image", (32, 32, 3)).add("conv", filters=8, kernel=3, pad=1)
    network = builder.add("relu").add("fc", units=10).build()
    assert convcalc.analyze(network, batch=4).memory.training.peak > 0
    assert convcalc.check(network).ok and convcalc.verify(network).agrees
    assert convcalc.fit(network, memory="8GiB").inference.batch_sure > 0
    assert (32, 32) in convcalc.sizes(network).exact
    assert convcalc.diff(network, network).changed == ()
    larger = convcalc.analyze(network, input=(64, 64, 3))
    assert larger["conv1"].output == (64, 64, 8)
    with pytest.raises(convcalc.LoadError, match="no rounding or vars"):
        convcalc.load(network, rounding="floor")


def test_a_folder_and_several_nets_are_checked_in_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.yaml").write_text(SPEC, encoding="utf-8")
    found = convcalc.check(tmp_path, "vgg16")
    assert [Path(path).name for path in found.paths] == ["a.yaml", "b.yaml", "vgg16.yaml"]
    with pytest.raises(convcalc.LoadError, match="no file"):
        convcalc.check("nosuch")


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: convcalc.fit("vgg16"), "give memory='24GiB', or device="),
        (lambda: convcalc.fit("vgg16", memory="big"), "'big' is not a number of bytes"),
        (lambda: convcalc.fit("vgg16", device="rtx-5"), "no device 'rtx-5'"),
        (lambda: convcalc.check("vgg16", ignore="CC999"), "no code 'CC999'"),
        (lambda: convcalc.check("vgg16", limits={"parms": 1}), "no 'parms'"),
        (lambda: convcalc.sizes("vgg16", from_=9, to=3), "is above"),
        (lambda: convcalc.explain("vgg16", "conv11"), "did you mean conv1_1"),
        (lambda: convcalc.diff("vgg16", "vgg19", fail_on_increase={"params": "x"}), "params"),
        (lambda: convcalc.convert("nin", fc_to_conv=True), "no fc to convert"),
    ],
)
def test_a_request_that_cannot_be_answered(ask, message: str) -> None:
    with pytest.raises(convcalc.RequestError, match=message):
        ask()


def test_a_finding_prints_as_one_line() -> None:
    (finding, *_) = convcalc.check(BROKEN).findings
    assert str(finding).startswith("<text>:2:") and "error[CC017]" in str(finding)
    assert "\n" not in str(finding)


def test_a_notebook_shows_batch_memory_and_field() -> None:
    shown = convcalc.analyze("vgg16", batch=32, optimizer="adam")._repr_html_()
    assert "batch 32, float32, adam" in shown
    assert "memory: inference" in shown and "training 4.23 GiB" in shown
    assert "<th>field</th>" in shown and "<td>212</td>" in shown


USER = """
import convcalc

report = convcalc.analyze(convcalc.load("vgg16"), batch=32, optimizer="adam")
params: int = report.totals.params
peak: int = report.memory.training.peak
notes: int = report.memory.notes_rule.inference
output: tuple[int, ...] | None = report["conv1_1"].output
line: str = str(report.findings[0])
ok: bool = convcalc.check("vgg16", fail_on="warning").ok
exact: tuple[tuple[int, ...], ...] = convcalc.sizes("vgg16").exact
inference: int = convcalc.fit("vgg16", memory="8GiB").inference.batch_sure
training: int = convcalc.fit("vgg16", memory="8GiB", optimizer="adam").training.batch_logical
before: int | None = convcalc.diff("vgg16", "vgg19").totals["params"][0]
agrees: bool = convcalc.verify("lenet5").agrees
text: str = convcalc.convert("vgg16", fc_to_conv=True)
page: dict[str, object] = convcalc.explain("CC101").to_dict()
"""
WRONG = (
    'convcalc.analyze("vgg16", optimizer="adm")',
    'convcalc.analyze("vgg16", batch="32")',
    'convcalc.analyze("vgg16", optimiser="adam")',
    'convcalc.fit("vgg16", memory="8GiB", dtype="float8")',
    'convcalc.analyze("vgg16").memory.trainign',
    'convcalc.analyze("vgg16").totals.parms',
)


def test_a_user_s_file_is_type_checked(tmp_path: Path) -> None:
    """The README's own lines pass ``mypy --strict``; what cannot be is an error."""
    pytest.importorskip("mypy")
    package = Path(convcalc.__file__).parent
    assert (package / "py.typed").exists()
    file = tmp_path / "user.py"
    wrong = "".join(f"{line}\n" for line in WRONG)
    file.write_text(USER + wrong, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary"]
    cache = f"--cache-dir={tmp_path / 'cache'}"
    done = subprocess.run(
        [*command, cache, "--follow-imports=silent", str(file)], capture_output=True, text=True,
        cwd=tmp_path, env={"MYPYPATH": str(package.parent), "PATH": ""},
    )  # fmt: skip
    first = len(USER.splitlines()) + 1
    found = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}
    assert found == set(range(first, first + len(WRONG))), done.stdout + done.stderr
