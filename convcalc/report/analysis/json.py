"""JSON, schema ``convcalc/report/1``: exact integers, shapes as lists, bytes as bytes.

Additions only within /1. One layer a line: a diff of two reports shows the layers that changed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from convcalc.analysis import receptive
from convcalc.analysis.record import Analysis, Row
from convcalc.memory.settings import described
from convcalc.memory.widths import output_widths
from convcalc.network.record import INPUT
from convcalc.report.analysis.extras import NOTHING_MORE, Extras
from convcalc.report.analysis.memory_json import memory_object
from convcalc.report.analysis.view import AnalysisView, NetView
from convcalc.report.drawing.encode import encoded, head
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.drawing.parts import in_parts
from convcalc.shapes import axis_names
from convcalc.window import Window

SCHEMA = "convcalc/report/1"

_ALIKE = 1000  #: different layers whose text is kept for those that are alike


def render(view: AnalysisView, palette: Palette = PLAIN) -> str:
    """One report as an object, several as a list of them."""
    return "".join(parts(view, palette))


def parts(view: AnalysisView, palette: Palette = PLAIN) -> Iterator[str]:
    """The same in parts of whole lines: the layers of a long net are never all there at once."""
    if len(view.nets) == 1:
        yield from _report(view.nets[0])
        return
    texts = ["".join(_report(net)).rstrip("\n") for net in view.nets]
    yield "[" + ",\n".join(texts) + "]\n"


def report_json(analysis: Analysis, extras: Extras = NOTHING_MORE) -> str:
    """The report of one net, as text that ends with a newline."""
    return "".join(_report(NetView(analysis, extras)))


def _report(net: NetView) -> Iterator[str]:
    """What comes after the layers is worked out first: where that fails, nothing is written."""
    analysis = net.analysis
    first = {**head(SCHEMA, analysis.network), "settings": described(analysis.settings)}
    counts, own = _counts(net)
    tail = (
        f' "totals": {encoded(analysis.totals._asdict())},\n'
        f' "memory": {encoded(memory_object(net))},\n'
        f"{counts}"
        f' "sentences": {encoded(net.sentences)},\n'
        f' "findings": [{_joined(_findings(net))}]}}\n'
    )
    yield f'{encoded(first)[:-1]},\n "layers": ['
    yield from in_parts(_closed(_layer_texts(net, own)))
    yield tail


def _closed(layers: Iterable[str]) -> Iterator[str]:
    """The lines after the bracket that opens the list: a layer each, the last closes it."""
    before = ""
    for layer in layers:
        yield before
        before = f"  {layer},"
    yield f"{before.removesuffix(',')}],"


def layer_objects(analysis: Analysis) -> list[dict[str, Any]]:
    """The inputs and every layer in order, as JSON has them."""
    names, batch = _names(analysis), analysis.settings.batch
    return [
        {**_origin(row, names), **_numbers(row), **_place(row, names, width * batch)}
        for row, width in zip(analysis.rows, output_widths(analysis), strict=True)
    ]


def _layer_texts(net: NetView, counts: Sequence[dict[str, int | None]]) -> Iterator[str]:
    """The same as text, one by one, with what they count where conventions were asked for.

    What equal layers have in common is worked out and encoded once.
    """
    analysis, im2col = net.analysis, net.im2col if net.extras.im2col else []
    names, widths, batch = _names(analysis), output_widths(analysis), analysis.settings.batch
    known: dict[tuple[object, ...], str] = {}
    for number, row in enumerate(analysis.rows):
        key = (id(row.step.layer), id(row.step.size), *row[1:7], row.macs_backward)
        numbers = known.get(key) if row.step.layer else None
        if numbers is None:
            numbers = encoded(_numbers(row))[1:-1]
            if len(known) < _ALIKE:
                known[key] = numbers
        place = _place(row, names, widths[number] * batch)
        if im2col:
            place["im2col"] = im2col[number]
        if counts:
            place["counts"] = counts[number]
        yield f"{encoded(_origin(row, names))[:-1]}, {numbers}, {encoded(place)[1:]}"


def _names(analysis: Analysis) -> list[str]:
    return [step.name for step in analysis.network.steps]


def _counts(net: NetView) -> tuple[str, Sequence[dict[str, int | None]]]:
    """The section of counts, and each layer's own; nothing where none was asked for."""
    if not net.counts:
        return "", ()
    from convcalc.report.counts.json import count_object, layer_counts

    section = _joined([count_object(count) for count in net.counts])
    return f' "counts": [\n  {section}],\n', layer_counts(net.counts)


def _findings(net: NetView) -> list[dict[str, Any]]:
    if not net.analysis.findings:
        return []
    from convcalc.report.findings.json import finding_object  # a clean net has no use for it

    return [finding_object(finding) for finding in net.analysis.findings]


def _joined(objects: list[Any]) -> str:
    return ",\n  ".join(map(encoded, objects))


def _origin(row: Row, names: list[str]) -> dict[str, Any]:
    """What a layer is called, where it is in the file, what it reads."""
    step = row.step
    if step.kind == INPUT:
        return {"name": step.name, "kind": step.kind}
    return {
        "name": step.name,
        "kind": step.kind,
        "line": step.place.line,
        "inputs": [names[i] for i in step.inputs],
    }


def _numbers(row: Row) -> dict[str, Any]:
    """What a layer has in common with those that are alike on equal inputs."""
    step, parameters = row.step, row.parameters
    found: dict[str, Any] = {}
    if step.kind != INPUT:
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
    return found


def _place(row: Row, names: list[str], image: int) -> dict[str, Any]:
    """What follows from where a layer is; `image`: bytes of one of its numbers, of all images."""
    step = row.step
    found: dict[str, Any] = {
        "receptive_field": receptive.numbers(row.receptive_field) if step.output else None
    }
    if step.shares is not None:
        found["weights_of"] = names[step.shares]
    if row.activations is None:
        found["bytes"] = None
    else:
        found["bytes"] = row.activations * image if row.new_volume else 0
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
