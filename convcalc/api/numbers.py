"""What a Report holds: the numbers of a layer, of the whole net, and of what other tools count."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from convcalc.shapes import Shape, written


class LayerReport(NamedTuple):
    """One layer, by the names of the JSON report. Numbers are for one image; None is unknown."""

    name: str
    kind: str
    output: Shape | None
    input: tuple[Shape, ...]
    inputs: tuple[str, ...]
    options: Mapping[str, Any]
    sizing: tuple[Mapping[str, Any], ...]
    activations: int | None
    in_place: bool | None
    new_volume: bool | None
    weights: int | None
    biases: int | None
    norm: int | None
    params: int | None
    buffers: int | None
    macs: int | None
    macs_backward: int | None
    receptive_field: Mapping[str, Any] | None
    line: int | None
    weights_of: str | None
    """The layer whose parameters it shares; None where they are its own."""
    bytes: int | None
    """Of its output for the whole batch; 0 where it works in place."""

    def __repr__(self) -> str:
        output = "no size" if self.output is None else written(self.output)
        params = "" if not self.params else f", {self.params:,} params"
        return f"<convcalc.LayerReport {self.name}: {self.kind} -> {output}{params}>"


class Totals(NamedTuple):
    """Sums over all layers.

    Of a net that could not be sized (`Report.ok` is False) all but `layers` are None; types leave
    that out, so that the sums of sound nets are integers to a type checker.
    """

    layers: int
    activations: int
    weights: int
    biases: int
    norm: int
    params: int
    buffers: int
    trainable: int
    macs: int
    macs_backward: int
    """Of the backward pass; a step of training takes `macs` + `macs_backward`."""


class CountReport(NamedTuple):
    """What another tool counts on a net, by the names of the JSON report. None is unknown."""

    name: str
    version: str | None
    unit: str | None
    """``mac`` where a multiply-accumulate counts one, ``flop`` where it counts two."""
    operations: int | None
    printed: str | None
    """As the tool prints it."""
    by_kind: Mapping[str, int | None]
    unknown: tuple[str, ...]
    """Kinds that it is not known to count."""
    factor: int | None
    difference: int | None
    """operations = factor * macs + difference."""
    difference_by: Mapping[str, int] | None
    params: int | None
    activations: int | None
    memory: int | None
    """Bytes of what the tool calls memory."""
    also: Mapping[str, int | None]
    """Its further columns."""
    notes: tuple[Mapping[str, Any], ...]

    def __repr__(self) -> str:
        operations = "nothing" if self.operations is None else f"{self.operations:,} operations"
        return f"<convcalc.CountReport {self.name}: {operations}>"


def layer_report(data: dict[str, Any]) -> LayerReport:
    """A layer of the JSON report, its shapes as tuples."""
    given = {field: data.get(field) for field in LayerReport._fields}
    output = data["output"]
    given["output"] = None if output is None else tuple(output)
    given["input"] = tuple(tuple(shape) for shape in data.get("input", ()))
    given["inputs"], given["sizing"] = tuple(data.get("inputs", ())), tuple(data.get("sizing", ()))
    given["options"] = data.get("options", {})
    return LayerReport(**given)  # type: ignore[arg-type]
