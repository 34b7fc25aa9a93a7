"""Text of `analyze`: the table, the totals with their units, and what is notable."""

from collections.abc import Callable, Iterator

from convcalc.analysis.record import Analysis, Totals
from convcalc.memory.notes_rule import naive_bytes
from convcalc.memory.precisions import numbers
from convcalc.memory.summary import Memory
from convcalc.memory.widths import activation_bytes
from convcalc.report.analysis.extras import NOTHING_MORE, Extras
from convcalc.report.analysis.memory_rows import memory_rows
from convcalc.report.analysis.table import layer_table
from convcalc.report.analysis.view import AnalysisView, NetView
from convcalc.report.drawing.columns import hung, titled
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.drawing.parts import in_parts
from convcalc.report.drawing.units import count, size

_WIDEST = 3  #: a column of exact numbers takes one part of the line in so many at most
_SIMULATED = 2000  #: from here on the memory model is left out: it takes as long as all the rest


def render(view: AnalysisView, palette: Palette = PLAIN) -> str:
    """The reports of all nets, and of several a table that compares them."""
    return "".join(parts(view, palette))


def parts(view: AnalysisView, palette: Palette = PLAIN) -> Iterator[str]:
    """The same in parts of whole lines."""
    nets = view.nets
    several = len(nets) > 1
    for number, net in enumerate(nets):
        if number:
            yield "\n"
        yield from in_parts(_report(net, palette, view.expand, several))
    if several:
        from convcalc.report.analysis.comparison import comparison

        yield "\n" + comparison(nets, palette)


def text(
    analysis: Analysis, palette: Palette, expand: bool = False, extras: Extras = NOTHING_MORE
) -> str:
    """The report of one net."""
    return render(AnalysisView.of([analysis], extras, expand), palette)


def _report(net: NetView, palette: Palette, expand: bool, several: bool) -> Iterator[str]:
    """The lines of one net's report, one by one: of a long net they are many."""
    extras = net.extras
    asked = extras.timeline or extras.arena or several
    memory = net.memory if asked or len(net.analysis.rows) <= _SIMULATED else None
    yield from _head(net, palette)
    requested = _on_request(net, memory, palette) if memory is not None else []
    if not requested or extras.others or expand:  # else the profile or the plan alone
        yield ""
        yield from layer_table(net, palette, expand)
        yield ""
        yield from _totals(net, memory, palette)
    yield from requested
    if net.counts:
        from convcalc.report.counts.text import note_lines

        yield from note_lines(net.counts, palette)
    if net.sentences and not requested:
        yield ""
        for words in net.sentences:
            yield from hung("", words, palette.width)
    if net.faults:
        from convcalc.report.findings.text import findings_text  # a sound net has no use for it

        source = net.analysis.network.source
        yield ""
        yield findings_text(net.faults, {source.path: source}, palette)
    if net.notes and not requested:
        listed = ", ".join(f"{number} {name}" for name, number in net.notes.items())
        text = f": {listed}; `convcalc check` shows each"
        yield ""
        yield from hung("notes", text, palette.width, 7, palette.paint("notes", "note"))


def _head(net: NetView, palette: Palette) -> list[str]:
    settings, origin = net.analysis.settings, net.analysis.network.origin
    text = f"input {net.inputs or '?'}, batch {settings.batch}, {numbers(settings)}"
    lines = titled(net.name, text, palette)
    if origin:
        lines.append(palette.paint(_clipped(origin, palette.width), "dim"))
    return lines


def _clipped(text: str, width: int | None) -> str:
    return text if width is None or len(text) <= width else text[: width - 3] + "..."


def _on_request(net: NetView, memory: Memory, palette: Palette) -> list[str]:
    """The profile and the plan, each after an empty line."""
    analysis, lines = net.analysis, list[str]()
    if net.extras.timeline:
        from convcalc.report.analysis.timeline import timeline_text

        runs = {"a step of training": memory.training, "inference": memory.inference}
        for run, account in runs.items():
            if account is not None:
                title = f"live bytes through {run}, batch {analysis.settings.batch}"
                lines += ["", *timeline_text(title, analysis, account, palette)]
    if net.extras.arena:
        from convcalc.report.analysis.arena import arena_text

        lines += ["", *arena_text(analysis, palette)]
    return lines


def _totals(net: NetView, memory: Memory | None, palette: Palette) -> list[str]:
    """The totals; a long net without `memory` gets the rule of thumb instead."""
    analysis, counts = net.analysis, net.counts
    notes = naive_bytes(analysis)
    totals, settings = analysis.totals, analysis.settings
    if notes is None or totals.params is None or totals.macs is None or not totals.activations:
        if not totals.layers:
            return ["no layer could be read; no totals of an unfinished net"]
        known = sum(row.step.output is not None for row in analysis.rows if row.step.layer)
        return [f"{known} of {totals.layers} layers could be sized; no totals of an unfinished net"]
    others = [count.operations or 0 for count in counts]
    numbers = (totals.activations, totals.params, totals.macs, *others)
    write: Callable[[int], str] = "{:,}".format
    wide = max(10, *(len(write(n)) for n in numbers))
    if palette.width is not None and _WIDEST * wide > palette.width:
        write, wide = count, 10
    room = (palette.width or 100) - wide - 15
    rows = [
        ("layers", write(totals.layers), "without the input"),
        (
            "activations",
            write(totals.activations),
            f"{size(activation_bytes(analysis))} an image; the input and every new volume",
        ),
        (
            "params",
            write(totals.params),
            _kinds_of(totals, f"{size(notes.parameters)}; ", room),
        ),
    ]
    if settings.dtype == "int4":
        rows.append(("", "", "two weights a byte, each layer's in whole bytes; all else is int8"))
    if totals.buffers:
        rows.append(("buffers", write(totals.buffers), "running means and variances, not learned"))
    remark = "multiply-accumulates of weights an image"
    rows.append(("MACs", write(totals.macs), f"M: {remark}" if counts else remark))
    if totals.macs_backward:
        rows.append(("backward", write(totals.macs_backward), "MACs of the backward pass"))
    if counts:
        from convcalc.report.counts.text import total_rows

        rows += total_rows(counts, totals.params, write, analysis.settings.batch)
    if memory is not None:
        rows += memory_rows(analysis, memory, room)
    else:
        rule = "by CS231n's rule of thumb; so long a net"
        rows.append(("training", size(notes.training), rule))
        rows.append(("", "", "is simulated by `--format json` and `convcalc fit`"))
    lines = []
    named = max(11, *(len(name) for name, _, _ in rows))
    for name, number, remark in rows:
        label, value = f"{name:{named}}", f"  {number:>{wide}}  "
        painted = f"{palette.paint(label, 'bold')}{value}"
        lines += hung(label + value, remark, palette.width, painted=painted)
    return lines


def _kinds_of(totals: Totals, head: str, room: int) -> str:
    """What the parameters are, exactly where there is room for it."""
    kinds = ((totals.weights, "weights"), (totals.biases, "biases"), (totals.norm, "norm"))
    texts = [
        head + (" + ".join(f"{write(n)} {what}" for n, what in kinds if n) or "none")
        for write in ("{:,}".format, count)
    ]
    return next((text for text in texts if len(text) <= room), texts[-1])
