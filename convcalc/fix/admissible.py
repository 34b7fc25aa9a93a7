"""Numbers that suit what arrives at a layer, as the help of its finding names them."""

import re
from collections.abc import Iterator

from convcalc.findings import Finding
from convcalc.fix.options import edit_of
from convcalc.fix.record import Change
from convcalc.fix.settled import placed
from convcalc.layers.cut import Crop
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape
from convcalc.spec.edit import CannotEditError, Editor, options_at

#: groups that do not divide the channels, more than there is to keep
ADMISSIBLE = frozenset({"CC109", "CC110"})
_NAMED = re.compile(r"`(groups|stop): (\d+)`")


def admissible(network: Network, finding: Finding) -> Iterator[tuple[Change, str]]:
    """Every number that a layer can have in place of one that it cannot, and the text with it."""
    steps = {step.name: step for step in network.steps}
    step, editor = steps.get(finding.layer or ""), Editor(network.source)
    if step is None or step.layer is None or finding.code not in ADMISSIBLE:
        return
    for option, text in _numbers(finding, step, network.steps[step.inputs[0]].output):
        try:
            change = _changed(network, editor, step, option, text)
            yield placed(steps, editor, change), editor.apply(change.edits)
        except CannotEditError:
            continue


def _numbers(finding: Finding, step: Step, shape: Shape | None) -> list[tuple[str, str]]:
    """What a finding's help names, the nearest to what is given first."""
    layer = step.layer
    if isinstance(layer, Crop):
        if not layer.size or shape is None:
            return []
        wanted = layer.size * (len(shape) - 1) if len(layer.size) == 1 else layer.size
        kept = tuple(min(pair) for pair in zip(wanted, shape, strict=False))
        return [("size", option_text(kept[:1] if len(set(kept)) == 1 else kept))]
    found = [(m[1], m[2]) for line in finding.help for m in _NAMED.finditer(line)]
    return sorted(found, key=lambda one: abs(int(one[1]) - getattr(layer, one[0], 0)))


def _changed(network: Network, editor: Editor, step: Step, option: str, text: str) -> Change:
    """One option with another number.

    Raises:
        CannotEditError: the layout of the file does not allow the edit.
    """
    options = options_at(step)
    node = options.get(option) if options is not None else None
    if node is not None:
        edit, before = editor.replaced(node, text), editor.written(node)
    elif isinstance(step.layer, Windowed):
        edit, before = edit_of(editor, step, option, text, step.layer)
    else:
        raise CannotEditError("it does not give the option")
    line = network.source.line_of(edit.start)
    far = abs(int(text) - int(before)) if text.isdigit() and before.isdigit() else 0
    return Change(step.name, option, before, text, line, "", (edit,), (1, far))
