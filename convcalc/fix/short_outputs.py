"""What a file expects of its output, made by `output_pad` rather than stated anew."""

from convcalc.analysis.record import Analysis
from convcalc.findings import ON_TOTALS, Severity
from convcalc.fix.needed import finished
from convcalc.fix.options import options_edits
from convcalc.fix.record import Change, Offer
from convcalc.fix.work import Work
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.written import option_text
from convcalc.network.short_outputs import lengthened
from convcalc.shapes import written
from convcalc.spec.edit import CannotEditError, Editor


def kept(now: Analysis, work: Work) -> Offer | None:
    """The rows and columns that the last transposed conv lacks; None where that is not all."""
    network = now.network
    stated = [one.value for one in network.expect if one.key == "output"]
    errors = [f for f in now.findings if f.severity is Severity.ERROR]
    if not errors or any(f.code not in ON_TOTALS for f in errors) or len(stated) != 1:
        return None
    (wanted,) = stated
    if not isinstance(wanted, tuple) or not network.outputs or work.is_over:
        return None
    found = lengthened(network, network.outputs[-1], wanted)
    if found is None:
        return None
    step, text = network.steps[found[0]], option_text(found[1])
    layer = step.layer
    assert isinstance(layer, ConvTranspose), "it was found as one"
    editor = Editor(network.source)
    try:
        edits = options_edits(editor, step, {"output_pad": text}, layer)
        changed = editor.apply(edits)
    except CannotEditError:
        return None
    before, line = option_text(layer.output_pad), network.source.line_of(edits[0].start)
    effect = f"{step.name} makes {written((*wanted[:-1], layer.filters))}"
    change = Change(step.name, "output_pad", before, text, line, effect, edits, (0,))
    trial = work.read(network.source.path, changed)
    work.took(trial)
    offer = finished(now, (change,), trial, work)
    return offer if len(offer.errors) < len(errors) else None
