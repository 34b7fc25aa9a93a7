"""The layers of a net as a page has them: one short list a layer, texts written once."""

from typing import TYPE_CHECKING, Any

from convcalc.analysis.record import Analysis, ReceptiveField, Row
from convcalc.layers.field_step import Rational
from convcalc.network.record import INPUT
from convcalc.report.analysis.json import layer_objects
from convcalc.report.page.encoding import Words
from convcalc.report.page.graph import BLOCK, Node, Scale, Unit, levels, look, short
from convcalc.shapes import axis_names, written

if TYPE_CHECKING:
    from convcalc.verify.record import Verification

#: What the entries of a layer's list are.
FIELDS = (
    "name", "kind", "look", "what", "output", "box", "inputs", "level", "activations", "new",
    "params", "weights", "biases", "macs", "backward", "bytes", "field", "sizing", "line", "shares",
)  # fmt: skip
#: What follows them where the net was run: nanoseconds in the layer's kernel.
TIME = "time"


def layers_object(
    analysis: Analysis,
    tree: tuple[Node, ...],
    scale: Scale,
    measured: "Verification | None" = None,
) -> dict[str, Any]:
    """All layers, the tree of block calls, and what repeats: words, shapes with boxes, fields."""
    words, boxes, fields = Words(), Words(), Words()
    arcs = levels(analysis)
    rows = []
    for row, data, level in zip(analysis.rows, layer_objects(analysis), arcs, strict=True):
        step = row.step
        rows.append([
            step.name, words.number(step.kind), words.number(look(row)),
            words.number(step.words() if step.output else step.kind),
            words.number(written(step.output) if step.output else ""),
            boxes.number(tuple(scale.box(step.output, look(row)))),
            list(step.inputs), level,
            row.activations, int(row.new_volume),
            row.params, data["weights"], data["biases"], row.macs, row.macs_backward,
            data["bytes"], fields.number(_field(row)), words.number(_sizing(row)),
            step.place.line, step.shares,
        ])  # fmt: skip
    names: tuple[str, ...] = FIELDS
    if measured is not None:
        names = (*FIELDS, TIME)
        times = {one.row.step.name: round(one.seconds * 1e9) for one in measured.layers}
        for given, row in zip(rows, analysis.rows, strict=True):
            given.append(0 if row.step.kind == INPUT else times[row.step.name])
    return {
        "fields": names,
        "rows": rows,
        "words": words.all,
        "seen": fields.all,
        "tree": [_node(node, "", analysis, boxes, scale) for node in tree],
        "boxes": boxes.all,
    }


def _node(node: Node, inside: str, analysis: Analysis, boxes: Words, scale: Scale) -> Any:
    """A layer by its number; a block call as name, short name, open, box, what it holds, parts."""
    if not isinstance(node, Unit):
        return node
    output = analysis.rows[node.last].step.output
    box = boxes.number(tuple(scale.box(output, BLOCK)))
    parts = [_node(child, node.name, analysis, boxes, scale) for child in node.children]
    return [node.name, short(node.name, inside), int(node.open), box, parts]


def _field(row: Row) -> tuple[tuple[Any, ...], ...]:
    """For each axis size, stride, padding and the fields of one period, as the script reads it.

    A fifth says of an estimate that it is one.
    """
    return tuple(_axis(axis) for axis in row.receptive_field)


def _axis(axis: ReceptiveField) -> tuple[Any, ...]:
    found = (axis.size, _ratio(axis.stride), _ratio(axis.padding), axis.fields)
    return (*found, 1) if axis.is_estimate else found


def _ratio(value: Rational) -> tuple[int, int]:
    return (value.numerator, value.denominator)


def _sizing(row: Row) -> str:
    """The arithmetic of a layer's size, an axis a line; equal axes once."""
    size = row.step.size
    formulas = size.formulas or tuple(window.formula for window in size.windows)
    if row.step.kind == INPUT or not formulas:
        return ""
    if len(set(formulas)) == 1:
        return formulas[0]
    names = axis_names(len(formulas))
    return "\n".join(f"{name}: {text}" for name, text in zip(names, formulas, strict=True))
