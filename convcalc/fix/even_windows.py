"""An even window without half of it as padding, in a branch that is to keep its size.

No number of rows alike on both sides makes up for it: two slips in one layer, its window and its
padding, or padding that is uneven.
"""

from collections.abc import Iterator

from convcalc.fix.frameworks import half_padded
from convcalc.fix.in_branches import behind_fork
from convcalc.fix.options import ORDER, edit_of, options_edits
from convcalc.fix.paddings import together
from convcalc.fix.record import Change
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.merge_repairs import PADDED, is_unpadded
from convcalc.network.record import Network, Step
from convcalc.spec.edit import CannotEditError, Edit, Editor


def kept(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For the only even window of a merge's branches: `pad: same`, or the next odd ones.

    Half of the window around others that lack it comes with it, as in `padded`.
    """
    own = [network.steps[at] for at in behind_fork(network, index)]
    even = [step for step in own if _is_even(step.layer)]
    if len({id(step.place.kind) for step in even}) != 1:
        return
    bare = [network.steps.index(step) for step in own if is_unpadded(step)]
    beside = [change for at in bare if (change := half_padded(network, editor, at))]
    if len(beside) < len(bare):
        return
    for change in _changes(network, editor, even[0]):
        after = f"{change.after} in {change.layer}, half of the window in the others"
        both = together([change, *beside])._replace(after=after, rank=change.rank)
        yield both if beside else change


def _is_even(layer: object) -> bool:
    """Whether a window in single steps is even and loses a border that padding is to keep."""
    if not isinstance(layer, PADDED) or isinstance(layer.pad, str) or {*layer.steps} != {1}:
        return False
    alike = len({*layer.kernel}) == len({*layer.pad}) == 1 and {*layer.dilation} == {1}
    return alike and layer.kernel[0] % 2 == 0 and 2 * layer.pad[0] < layer.kernel[0]


def _changes(network: Network, editor: Editor, step: Step) -> Iterator[Change]:
    layer = step.layer
    assert isinstance(layer, Windowed), "it has a window"
    (kernel,) = {*layer.kernel}
    ways: list[dict[str, str]] = [{"pad": "same"}]
    for odd in (kernel - 1, kernel + 1):
        values = {"kernel": odd, "pad": odd // 2}
        ways.append({k: str(v) for k, v in values.items() if (v,) != getattr(layer, k)})
    for texts in ways if kernel > 2 else ways[:1]:
        try:
            yield _change(network, editor, step, layer, texts)
        except CannotEditError:
            continue


def _change(
    network: Network, editor: Editor, step: Step, layer: Windowed, values: dict[str, str]
) -> Change:
    """Some options of one layer with other values.

    Raises:
        CannotEditError: the layout of the file does not allow the edits.
    """
    edits: tuple[Edit, ...]
    if len(values) == 1:
        ((option, text),) = values.items()
        edits = (edit_of(editor, step, option, text, layer)[0],)
    else:
        edits = options_edits(editor, step, values, layer)
    option, after = ", ".join(values), ", ".join(values.values())
    before = ", ".join(option_text(getattr(layer, key)) for key in values)
    line = network.source.line_of(edits[0].start)
    rank = (ORDER.index(next(iter(values))), 0, len(values), int(values.get("kernel", 0)))
    skews = "same" in values.values()
    return Change(step.name, option, before, after, line, "", edits, rank, skews)
