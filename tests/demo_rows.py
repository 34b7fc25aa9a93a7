"""Layers of which the tests make demos: of a pattern, or written in YAML."""

from convcalc.analysis.walk import analyze
from convcalc.demo.make import demo
from convcalc.demo.numbers import Demo
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern


def made(pattern: str, shape: tuple[int, ...], **given) -> Demo:
    return demo(analyze(load_pattern(pattern, Overrides(shape))).rows[1], **given)


def of_layer(shape: str, layer: str, rounding: str = "exact"):
    """The row of one layer, written in YAML."""
    text = f"input: {shape}\nrounding: {rounding}\nlayers: [{layer}]\n"
    found = analyze(load("n.yaml", text.encode()))
    assert not found.broken, [f.message for f in found.findings]
    return found.rows[1]
