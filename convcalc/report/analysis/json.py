"""JSON, schema ``convcalc/report/1``: exact integers, shapes as lists, bytes as bytes.

Additions only within /1. One layer a line: a diff of two reports shows the layers that changed.
"""

from collections.abc import Callable
from typing import Any

from convcalc.analysis.record import Analysis, ReceptiveField, Row
from convcalc.layers.base import Rational
from convcalc.memory.settings import described
from convcalc.network.record import INPUT
from convcalc.report.analysis.extras import NOTHING_MORE, Extras
from convcalc.report.analysis.memory_json import memory_object
from convcalc.report.analysis.view import AnalysisView, NetView
from convcalc.report.drawing.encode import encoded, head
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.shapes import axis_names
from convcalc.window import Window

SCHEMA = "convcalc/report/1"


def render(view: AnalysisView, palette: Palette = PLAIN) -> str:
    """One report as an object, several as a list of them."""
    texts = [_report(net) for net in view.nets]
    if len(texts) == 1:
        return texts[0]
    return "[" + ",\n".join(text.rstrip("\n") for text in texts) + "]\n"


def report_json(analysis: Analysis, extras: Extras = NOTHING_MORE) -> str:
    """The report of one net, as text that ends with a newline."""
    return _report(NetView(analysis, extras))


def _report(net: NetView) -> str:
    analysis = net.analysis
    first = {**head(SCHEMA, analysis.network), "settings": described(analysis.settings)}
    layers = layer_objects(analysis)
    if net.extras.im2col:
        for layer, workspace in zip(layers, net.im2col, strict=True):
            layer["im2col"] = workspace
    findings = _findings(net)
    counts = _add_counts(net, layers)
    return (
        f"{encoded(first)[:-1]},\n"
        f' "layers": [\n  {_joined(layers)}],\n'
        f' "totals": {encoded(analysis.totals._asdict())},\n'
        f' "memory": {encoded(memory_object(net))},\n'
        f"{counts}"
        f' "sentences": {encoded(net.sentences)},\n'
        f' "findings": [{_joined(findings)}]}}\n'
    )


def layer_objects(analysis: Analysis) -> list[dict[str, Any]]:
    """The inputs and every layer in order, as JSON has them."""
    names = [step.name for step in analysis.network.steps]
    layers = [_layer(row, names) for row in analysis.rows]
    image = analysis.settings.number_bytes * analysis.settings.batch
    for layer, row in zip(layers, analysis.rows, strict=True):
        if row.activations is None:
            layer["bytes"] = None
        else:
            layer["bytes"] = row.activations * image if row.new_volume else 0
    return layers


def _add_counts(net: NetView, layers: list[dict[str, Any]]) -> str:
    """The section of counts, and each layer's own; nothing where none was asked for."""
    if not net.counts:
        return ""
    from convcalc.report.counts.json import count_object, layer_counts

    for layer, own in zip(layers, layer_counts(net.counts), strict=True):
        layer["counts"] = own
    return f' "counts": [\n  {_joined([count_object(count) for count in net.counts])}],\n'


def _findings(net: NetView) -> list[dict[str, Any]]:
    if not net.analysis.findings:
        return []
    from convcalc.report.findings.json import finding_object  # a clean net has no use for it

    return [finding_object(finding) for finding in net.analysis.findings]


def _joined(objects: list[Any]) -> str:
    return ",\n  ".join(map(encoded, objects))


def _layer(row: Row, names: list[str]) -> dict[str, Any]:
    step, parameters = row.step, row.parameters
    found: dict[str, Any] = {"name": step.name, "kind": step.kind}
    if step.kind != INPUT:
        found["line"] = step.place.line
        found["inputs"] = [names[i] for i in step.inputs]
        found["options"] = _options(row)
        found["input"] = [list(shape) for shape in row.inputs]
    found["output"] = list(step.output) if step.output else None
    if step.kind != INPUT:
        found["sizing"] = _sizing(row)
    found["activations"] = row.activations
    sized = row.activations is not None or step.kind == INPUT
    found["in_place"] = row.in_place if sized else None
    found["new_volume"] = row.new_volume if sized else None
    found["weights"] = parameters.weights if parameters else None
    found["biases"] = parameters.biases if parameters else None
    found["norm"] = parameters.norm if parameters else None
    found["params"] = row.params
    found["buffers"] = parameters.buffers if parameters else None
    found["macs"] = row.macs
    found["macs_backward"] = row.macs_backward
    found["receptive_field"] = _receptive_field(row.receptive_field) if step.output else None
    if step.shares is not None:
        found["weights_of"] = names[step.shares]
    return found


def _options(row: Row) -> dict[str, Any]:
    """Options as they took effect: windows one entry an axis, padding as [begin, end]."""
    layer = row.step.layer
    if layer is None:
        return {}
    found: dict[str, Any] = {}
    windows = row.step.size.windows
    for option in layer.options():
        value = layer.__dict__[option.name]
        if windows and option.key in _OF_WINDOWS:
            found[option.key] = [_OF_WINDOWS[option.key](window) for window in windows]
        elif value is not None and value != ():
            found[option.key] = list(value) if isinstance(value, tuple) else value
    return found


_OF_WINDOWS: dict[str, Callable[[Window], Any]] = {
    "kernel": lambda window: window.kernel,
    "stride": lambda window: window.stride,
    "pad": lambda window: [window.begin, window.end],
    "dilation": lambda window: window.dilation,
}


def _sizing(row: Row) -> list[dict[str, Any]]:
    size = row.step.size
    if size.formulas:
        names = axis_names(len(size.formulas))
        return [
            {"axis": axis, "formula": formula, "remainder": 0, "grade": "exact"}
            for axis, formula in zip(names, size.formulas, strict=True)
        ]
    names = axis_names(len(size.windows))
    return [_window(axis, window) for axis, window in zip(names, size.windows, strict=True)]


def _window(axis: str, window: Window) -> dict[str, Any]:
    return {
        "axis": axis,
        "formula": window.formula,
        "remainder": window.remainder,
        "grade": window.grade.value,
    }


def _receptive_field(field: tuple[ReceptiveField, ...]) -> dict[str, Any]:
    return {
        "size": [axis.size for axis in field],
        "stride": [_number(axis.stride) for axis in field],
        "padding": [_number(axis.padding) for axis in field],
    }


def _number(value: Rational) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
