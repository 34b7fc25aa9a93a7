"""Text of `verify --receptive-field`: a line an axis of each layer."""

from convcalc.report.drawing.columns import Column, lay_out, titled, wrapped
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.verify.view import axis_of, number
from convcalc.shapes import written
from convcalc.verify.observed_fields import Fields

_COLUMNS = (
    Column("layer"),
    Column("axis"),
    Column("predicted", right=True),
    Column("stride", right=True, rank=3),
    Column("padding", right=True, rank=2),
    Column("observed", right=True),
    Column("", rank=1),
    Column("outputs", right=True),
    Column("whole field", right=True),
)
_SHOWN = 5  #: faults of one axis that are shown


def render(found: Fields, palette: Palette = PLAIN) -> str:
    """A line an axis of each layer, then what differs."""
    network = found.analysis.network
    name = network.name or network.source.path
    shape = written(network.steps[0].output or ())
    mark = "\u2713" if palette.unicode else "ok"
    rows = [
        (
            one.layer,
            axis_of(found, one),
            str(one.receptive_field.size),
            f"{number(one.receptive_field.stride):.4g}",
            str(-one.receptive_field.ends(0)[0]),
            str(one.largest),
            "differs" if one.faults else mark if one.comparable else "about",
            str(len(one.seen)),
            str(len(one.whole)) if one.comparable else "?",
        )
        for one in found.fields
    ]
    lines = [
        *titled(name, f"input {shape}, changed position by position", palette),
        "",
        *lay_out(_COLUMNS, rows, palette),
    ]
    lines += [""]
    for one in found.fields:
        head = palette.paint(f"{one.layer}, {axis_of(found, one)}", "error")
        lines += [f"{head}: {fault}" for fault in one.faults[:_SHOWN]]
        more = len(one.faults) - _SHOWN
        differ = "output differs" if more == 1 else "outputs differ"
        lines += [f"{head}: {more} more {differ}"] if more > 0 else []
    left_out = found.left_out
    if found.agrees:
        text = (
            "No output changes with an input outside its field, and each changes with both ends "
            "of its field that lie inside the input."
        )
        if any(one.cut for one in found.fields):
            text = f"{text[:-1]} and of the volumes on the way: what is cut off is padding."
        if left_out:
            text = f"{text[:-1]}, but for what is left out of fields:"
        lines += wrapped([text], palette, 0)
    elif left_out:
        lines += wrapped(["Left out of fields:"], palette, 0)
    for reason, names in left_out.items():
        shown = ", ".join(names[:_SHOWN])
        rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        lines += wrapped([f"- {reason.value} ({shown}{rest})"], palette, 0)
    blind = dict.fromkeys(one.layer for one in found.fields if one.blind)
    for layer in blind:
        text = f"No input changes {layer}: on one axis it reads nothing but padding."
        lines += wrapped([text], palette, 0)
    over = [one for one in found.fields if one.comparable and not one.whole]
    over = [one for one in over if one.layer not in blind and not one.cut]
    if over:
        layer = over[0].layer
        reader = found.reader(layer)
        text = (
            f"Every field of {layer} reaches over the border of this input: the whole of it shows "
        )
        text += "at a larger --input."
        if reader:
            text = f"Every field of {layer} reaches over the border, at any --input: "
            text += f"{reader} reads all positions."
        lines += wrapped([text], palette, 0)
    return "\n".join(lines) + "\n"
