"""An input in another tool's order: the first thing to repair where the net has errors too."""

import re

from convcalc.analysis.record import Analysis
from convcalc.fix.record import Change
from convcalc.network.record import INPUT
from convcalc.shapes import written
from convcalc.spec.edit import CannotEditError, Editor, kind_of

_MEANT = re.compile(r": `(\d+(?:x\d+)+)`\?\Z")


def reordered(now: Analysis) -> Change | None:
    """The input as the warning of it asks for it; None where it does, or where a key says it."""
    step = now.network.steps[0]
    asked = [f for f in now.findings if f.code == "CC126" and f.layer == step.name]
    match = _MEANT.search(asked[0].help[0]) if asked else None
    if match is None or step.output is None:
        return None
    editor, after = Editor(now.network.source), match[1]
    try:
        edit = editor.replaced(kind_of(step), after)
    except CannotEditError:
        return None
    if "x" not in editor.text[edit.start : edit.end]:
        return None  # keys of their own: height, width, channels
    before, line = written(step.output), editor.text.count("\n", 0, edit.start) + 1
    return Change(INPUT, "input", before, after, line, f"the input is {after}", (edit,), (0,))
