"""Every layer kind, from rows: tests/layers/rows/ has one file a module of convcalc/layers.

A file lists its kinds; a kind states its options with their defaults and its rows. A row is one
layer on one input, with all that the kind says of it; what a row leaves out is said to be zero,
or for `field_step` to be pointwise. A refusal names its code and words.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from convcalc.analysis.record import Row
from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.layers import BY_NAME
from convcalc.layers.base import Layer
from convcalc.layers.field_step import FieldStep
from convcalc.spec.load import load

FOLDER = Path(__file__).parent / "rows"
FILES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in FOLDER.glob("*.yaml")}
KINDS: dict[str, Any] = {kind: said for file in FILES.values() for kind, said in file.items()}

STATED = {
    "layer",
    "input",
    "rounding",
    "output",
    "says",
    "refused",
    "because",
    "help",
    "field_step",
}
COUNTS = {"weights", "biases", "norm", "buffers", "macs"}


def _rows(refused: bool) -> list[Any]:
    return [
        pytest.param(kind, row, id=f"{kind}-{number}")
        for kind, said in KINDS.items()
        for number, row in enumerate(said["rows"], 1)
        if ("refused" in row) == refused
    ]


def _analyzed(kind: str, row: dict[str, Any]) -> tuple[Row, list[Any]]:
    """The row of a net that is this one layer, and the findings about it."""
    shapes = row["input"] if isinstance(row["input"], list) else [row["input"]]
    names = "abc"[: len(shapes)]
    entry: dict[str, Any] = {kind: row.get("layer") or {}, "name": "it", "from": names[0]}
    if BY_NAME[kind].merges:
        entry["from"] = list(names)
    spec: dict[str, Any] = {
        "inputs": {name: str(shape) for name, shape in zip(names, shapes, strict=True)},
        "layers": [entry],
    }
    if "rounding" in row:
        spec["rounding"] = row["rounding"]
    analysis = analyze(load("row.yaml", yaml.safe_dump(spec).encode()))
    about = [f for f in analysis.findings if f.code != "CC120"]  # a second input for `like`
    return analysis.rows[-1], about


def test_every_kind_of_every_module_has_rows() -> None:
    modules = {kind.__module__.rpartition(".")[2] for kind in BY_NAME.values()}
    assert set(FILES) == modules
    for name, kind in BY_NAME.items():
        assert name in FILES[kind.__module__.rpartition(".")[2]], f"no rows for {name} in {FOLDER}"
        assert any("output" in row for row in KINDS[name]["rows"]), name
    assert set(KINDS) == set(BY_NAME)


@pytest.mark.parametrize("kind", KINDS)
def test_options_and_defaults(kind: str) -> None:
    """As format.md lists them: a number stands for all axes, null for "decided elsewhere"."""
    found = {
        option.key: "required" if option.required else _plain(option.default)
        for option in BY_NAME[kind].options()
    }
    assert found == KINDS[kind].get("options", {})


def _plain(default: Any) -> Any:
    if isinstance(default, tuple):
        return default[0] if len(default) == 1 else list(default) or None
    return default


@pytest.mark.parametrize(("kind", "row"), _rows(refused=False))
def test_row(kind: str, row: dict[str, Any]) -> None:
    assert row.keys() <= STATED | COUNTS, "a column that nothing checks"
    found, findings = _analyzed(kind, row)
    layer, parameters = found.step.layer, found.parameters
    assert layer is not None, findings
    assert not [f for f in findings if f.severity is Severity.ERROR]
    shape = tuple(map(int, str(row["output"]).split("x")))
    assert found.step.output == shape
    assert found.step.words() == row["says"]
    assert parameters is not None
    counted = {**parameters._asdict(), "macs": found.macs}
    assert counted == {name: row.get(name, 0) for name in counted}
    steps = [step._replace(apart=1) for step in _field_steps(layer, found)]
    assert steps == [
        FieldStep(extent, Fraction(step), Fraction(begin))
        for extent, step, begin in row.get("field_step", [(1, 1, 0)] * (len(found.inputs[0]) - 1))
    ]


def _field_steps(layer: Layer, found: Row) -> list[FieldStep]:
    """Without the fields of a period, which have a test of their own."""
    return [
        step._replace(fields=())
        for step in layer.receptive_field_step(found.inputs, found.step.size)
    ]


@pytest.mark.parametrize(("kind", "row"), _rows(refused=True))
def test_refusal(kind: str, row: dict[str, Any]) -> None:
    assert row.keys() <= {"layer", "input", "rounding", "refused", "because", "help"}
    found, findings = _analyzed(kind, row)
    errors = [f for f in findings if f.severity is Severity.ERROR]
    assert [f.code for f in errors] == [row["refused"]], errors
    assert row["because"] in errors[0].message
    assert found.step.output is None
    assert (found.activations, found.parameters, found.macs) == (None, None, None)
    if "help" in row:
        assert row["help"] in " / ".join(errors[0].help)


@pytest.mark.parametrize(("sides", "zeros"), [("1", "[1, 1]"), ("[0, 2]", "[0, 2]")])
def test_zeros_beside_a_vector_are_channels(sides: str, zeros: str) -> None:
    """What F.pad(x, (1, 1)) makes of one in PyTorch."""
    spec = f"input: 6x6x3\nlayers:\n  - fc-5\n  - pad: {{sides: {sides}}}\n  - fc-3\n"
    (found,) = analyze(load("net.yaml", spec.encode())).findings
    assert found.code == "CC108"
    assert f"`pad: {{channels: {zeros}}}`" in found.help[-1]
