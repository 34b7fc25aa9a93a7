"""The listing of the CS231n notes (VGGNet in detail): a line a layer, the products written out.

``CONV3-64: [224x224x64] memory: 224*224*64=3.2M params: (3*3*3)*64 = 1,728``
"""

from math import prod

from convcalc.analysis.record import Analysis, Row
from convcalc.findings import plain
from convcalc.layers.traits import Family
from convcalc.memory.precisions import numbers
from convcalc.memory.widths import activation_bytes
from convcalc.network.record import INPUT
from convcalc.report.analysis.labels import label
from convcalc.report.analysis.view import AnalysisView, NetView
from convcalc.report.drawing.columns import hung
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.drawing.units import size
from convcalc.shapes import elements


def render(view: AnalysisView, palette: Palette = PLAIN) -> str:
    """The listings of the nets, one below another."""
    return "\n".join(_listing(net, palette) for net in view.nets)


def _listing(net: NetView, palette: Palette) -> str:
    """One net as the notes print it: layers that work in place (relu, dropout) are left out.

    `params` of a layer are its weights without biases, as there; the totals say both.
    """
    analysis, network = net.analysis, net.analysis.network
    title = palette.paint(net.name, "title")
    rows = [(label(row), _volume(row), _memory(row), _params(row)) for row in shown(analysis)]
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [title]
    for name, volume, memory, params in rows:
        head = f"{name + ':':{wide[0] + 1}} {volume:{wide[1]}}"
        lines.append(f"{head}  memory: {memory:{wide[2]}}  params: {params}")
    lines += ["", *_totals(analysis, palette)]
    if network.notes:
        lines += ["", *hung("notes: ", network.notes, palette.width)]
    if net.faults:
        from convcalc.report.findings.text import findings_text  # a sound net has no use for it

        source = network.source
        lines += ["", findings_text(net.faults, {source.path: source}, palette)]
    return "\n".join(lines) + "\n"


def shown(analysis: Analysis) -> list[Row]:
    """The rows that the notes would list: those that make a new volume, or could not be sized."""
    return [row for row in analysis.rows if row.new_volume or row.step.output is None]


def _volume(row: Row) -> str:
    output = row.step.output
    if output is None:
        return "[?]"
    shape = (1, 1, *output) if len(output) == 1 else output
    return f"[{'x'.join(map(str, shape))}]"


def _memory(row: Row) -> str:
    output = row.step.output
    if output is None:
        return "?"
    if len(output) == 1:
        return str(output[0])
    return f"{'*'.join(map(str, output))}={rounded(elements(output))}"


def rounded(number: int) -> str:
    """Two significant digits from 10,000 on, as the notes write them.

    >>> rounded(3211264), rounded(802816), rounded(150528), rounded(4096), rounded(138357544)
    ('3.2M', '800K', '150K', '4096', '138M')
    """
    if number < 10_000:
        return str(number)
    units = ((10**9, "G"), (10**6, "M"), (10**3, "K"))
    unit, name = next(one for one in units if number >= one[0])
    if number < 10 * unit:
        tenths = (10 * number + unit // 2) // unit
        return f"{tenths // 10}.{tenths % 10}{name}"
    whole = (number + unit // 2) // unit
    if name == "K" and whole >= 100:  # 802,816 is 800K there
        whole = (number + 5 * unit) // (10 * unit) * 10
    return f"{whole}{name}"


def _params(row: Row) -> str:
    """A layer's weights with the product they come from; norms have scales instead."""
    own, layer, output = row.parameters, row.step.layer, row.step.output
    if row.step.kind == INPUT:
        return "0"
    if own is None or layer is None or output is None:
        return "?"
    if not own.weights:
        return f"{own.norm:,}" if own.norm else "0"
    product = _product(row)
    return f"{product} = {own.weights:,}" if product else f"{own.weights:,}"


def _product(row: Row) -> str:
    """``(3*3*64)*128`` of a conv, ``7*7*512*4096`` of an fc; '' where it is no such product."""
    layer, output, own = row.step.layer, row.step.output, row.parameters
    assert layer is not None and output is not None and own is not None
    if layer.family is Family.FULLY_CONNECTED:
        factors = (*row.inputs[0], output[-1])
        return "*".join(map(str, factors)) if prod(factors) == own.weights else ""
    if layer.family is not Family.CONVOLUTION or not row.step.size.windows:
        return ""
    taps = [window.kernel for window in row.step.size.windows]
    each, rest = divmod(own.weights, prod(taps) * output[-1])
    if rest or not each or each > row.inputs[0][-1]:
        return ""
    return f"({'*'.join(map(str, (*taps, each)))})*{output[-1]}"


def _totals(analysis: Analysis, palette: Palette) -> list[str]:
    totals, settings = analysis.totals, analysis.settings
    if totals.activations is None or totals.params is None:
        return ["no totals of an unfinished net"]
    width = settings.number_bytes
    inputs = sum(row.activations or 0 for row in analysis.rows if row.step.kind == INPUT)
    own, held_bytes = totals.activations - inputs, activation_bytes(analysis)
    mixed = held_bytes != totals.activations * width
    each = "numbers of 2 or 4 bytes" if mixed else f"* {width} bytes"
    kinds = ((totals.weights, "weights"), (totals.biases, "biases"), (totals.norm, "norm"))
    held = " + ".join(f"{number:,} {what}" for number, what in kinds if number) or "none"
    texts = (
        (
            "TOTAL memory: ",
            f"{totals.activations:,} {each} = {size(held_bytes)} / image "
            f"(only forward, {numbers(settings)})",
        ),
        (
            "activations twice: ",
            f"2 * {own:,} {each} = {size(2 * (held_bytes - inputs * width))} / image "
            "(forward and backward, without the input)",
        ),
        (
            "TOTAL params: ",
            f"{totals.params:,} = {held} ({rounded(totals.params)})",
        ),
    )
    lines = []
    for head, text in texts:
        lines += hung(head, text, palette.width, painted=palette.paint(head, "bold"))
    return [plain(line) if not palette.colour else line for line in lines]
