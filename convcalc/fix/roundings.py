"""Rounding down or up where a size is no integer: of a pool, or of the whole file."""

from collections.abc import Iterator

from convcalc.fix.options import ORDER, edit_of
from convcalc.fix.record import Change
from convcalc.layers.pool import Pool
from convcalc.layers.windowed import Windowed
from convcalc.network.record import Network, Step
from convcalc.spec.edit import CannotEditError, Edit, Editor
from convcalc.tree.nodes import Mapping
from convcalc.window import Rounding


def rounding_changes(
    network: Network, editor: Editor, root: Mapping, step: Step, layer: Windowed
) -> Iterator[Change]:
    """Rounding down or up instead of coming out: a pool by itself, convs for the whole file."""
    if isinstance(layer, Pool):
        alone = [
            change
            for rounding in (Rounding.CEIL, Rounding.FLOOR)
            for change in pool_rounding(network, editor, step, layer, rounding)
        ]
        yield from alone
        if not alone:  # a word of a pattern has no options
            yield from _file_rounding(network, editor, root, "floor", 1)
    elif network.roundings.conv is Rounding.EXACT:
        pool = network.roundings.pool
        words = ["{conv: floor}" if pool is Rounding.EXACT else f"{{conv: floor, pool: {pool}}}"]
        if pool is Rounding.EXACT:
            words.append("floor")
        for number, wanted in enumerate(words):
            yield from _file_rounding(network, editor, root, wanted, number)


def rounded_down(network: Network, editor: Editor, root: Mapping) -> list[Change]:
    """The whole file rounded down, as PyTorch does; nothing where its layout forbids that."""
    pool = network.roundings.pool
    wanted = "floor" if pool is not Rounding.CEIL else "{conv: floor, pool: ceil}"
    return list(_file_rounding(network, editor, root, wanted, 1))


def _file_rounding(
    network: Network, editor: Editor, root: Mapping, wanted: str, number: int
) -> Iterator[Change]:
    node = root.get("rounding")
    try:
        if node is not None:
            edit = editor.replaced(node, wanted)
        else:
            start = editor.start(root.entries["layers"][0])
            edit = Edit(start, start, f"rounding: {wanted}{editor.newline()}")
    except (CannotEditError, KeyError):
        return
    line = network.source.line_of(edit.start)
    rank = (ORDER.index("rounding"), number)
    effect = "every conv" + (" and pool" if wanted == "floor" else "") + " is rounded down"
    before = editor.written(node) if node else "exact"
    yield Change("", "rounding", before, wanted, line, effect, (edit,), rank)


def pool_rounding(
    network: Network, editor: Editor, step: Step, layer: Pool, rounding: Rounding
) -> Iterator[Change]:
    """A pool that rounds by itself; nothing where the layout forbids that."""
    try:
        edit, before = edit_of(editor, step, "rounding", rounding.value, layer)
    except CannotEditError:
        return
    line = network.source.line_of(edit.start)
    effect = f"{step.name} is rounded {'up' if rounding is Rounding.CEIL else 'down'}"
    if before == "not given":
        before = network.roundings.pool.value
    rank = (ORDER.index("rounding"), 0 if rounding is Rounding.CEIL else 1)
    yield Change(step.name, "rounding", before, rounding.value, line, effect, (edit,), rank)
