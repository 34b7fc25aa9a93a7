"""What the backward pass of a layer costs (CS231n notes, Implementation, Backpropagation)."""

from convcalc.analysis.record import Row
from convcalc.explain.record import Fact, Section
from convcalc.layers.traits import Family
from convcalc.shapes import elements


def backward(row: Row) -> Section | None:
    """The products of the backward pass; None for a layer without multiply-accumulates."""
    own, layer, output = row.macs_backward, row.step.layer, row.step.output
    if not own or not row.macs or layer is None or output is None:
        return None
    flows = own > row.macs
    lines = [Fact("weights' gradient", f"{row.macs:,}, as many as forward")]
    if layer.family is Family.CONVOLUTION:
        positions = elements(output[:-1])
        text = f"each weight's gradient is summed over the {positions:,} positions of its slice"
        lines.append(Fact("", text))
    if flows:
        how = " (a convolution with flipped filters)" if row.step.kind == "conv" else ""
        lines.append(Fact("input's gradient", f"{row.macs:,}{how}"))
        lines.append(Fact("", f"backward 2 * {row.macs:,} = {own:,}"))
    else:
        text = "not needed: no layer before it learns"
        lines.append(Fact("input's gradient", text))
    lines.append(Fact("", f"a step of training {row.macs:,} + {own:,} = {row.macs + own:,}"))
    return Section("backward pass", tuple(lines), {"macs_backward": own})
