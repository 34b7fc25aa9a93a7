"""The stride that a branch of a reduction lacks, where the other branches step down."""

from collections.abc import Iterator

from convcalc.fix.in_branches import forked
from convcalc.fix.options import options_edits
from convcalc.fix.record import Change
from convcalc.layers.pool import Pool
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.record import Network, Step
from convcalc.network.reductions import Restrided, makes, reduction
from convcalc.spec.edit import CannotEditError, Edit, Editor, options_at

_NAMED = 3  #: layers that a change names
_LARGEST = 8  #: stride


def stepped_down(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For branches of two sizes that one layer steps down to, the stride that the others lack.

    Where as many branches stay as large as what they read, that comes last, unless the stride of
    the others is stated in a unit of branches: a pool steps without a word, and an encoder whose
    skip is read `from` further up was to be enlarged again.
    """
    step = network.steps[index]
    parted = forked(network, index)
    if parted is None:
        return
    ends, own = [*parted.own], [*parted.own.values()]
    found = reduction(network.steps, step.kind, ends, own, parted.fork, network.roundings)
    if found is None:
        return
    unit = options_at(step) is not None  # which hold its branches: `from` goes beside it
    stated = any(_is_stated(network.steps[at], unit) for layers in own for at in layers)
    late = not found.certain and not stated
    try:
        yield _change(network, editor, found.lacking, late)
    except CannotEditError:
        return


def stepped_beside(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For a layer whose size is no integer, the stride with which a concat's other branches agree.

    A pool without a stride steps by its window, where the convs beside it step by 2.
    """
    step = network.steps[index]
    if not isinstance(step.layer, Windowed):
        return
    for merge in network.steps[index + 1 :]:
        if merge.kind not in {"add", "concat"} or len({*merge.inputs}) < 2:
            continue
        if merge.kind == "add" and len(merge.inputs) == 2:  # one is the shortcut: `joins` knows it
            return
        within = [end for end in merge.inputs if index in network.ancestors(end)]
        others = (network.steps[end].output or () for end in merge.inputs if end not in within)
        sizes = {shape[:-1] for shape in others}
        if not within or len(sizes) != 1:
            continue
        (wanted,) = sizes
        for stride in range(1, _LARGEST + 1) if wanted else ():
            if makes(network.steps, step, stride, wanted, network.roundings):
                try:
                    yield _change(network, editor, (Restrided(0, step, stride),), False)
                except CannotEditError:
                    return
                break
        return


def _is_stated(step: Step, convs: bool) -> bool:
    """Whether a pool steps because its own option says so; of `convs` all that step do."""
    layer, options = step.layer, options_at(step)
    stated = options is not None and (options.get("stride") or options.get("S"))
    stepping = isinstance(layer, Windowed) and max(layer.steps) > 1
    return stepping and (bool(stated) if isinstance(layer, Pool) else convs)


def _change(network: Network, editor: Editor, lacking: tuple[Restrided, ...], late: bool) -> Change:
    """Other strides of some layers.

    Raises:
        CannotEditError: the layout of the file does not allow them.
    """
    edits: list[Edit] = []
    names, before, after = list[str](), dict[str, None](), dict[str, None]()
    for _, step, stride in lacking:
        assert isinstance(step.layer, Windowed), "it was found as a window"
        edits += options_edits(editor, step, {"stride": str(stride)}, step.layer)
        names.append(step.name)
        before[option_text(step.layer.steps)] = after[str(stride)] = None
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    return Change(
        layer=", ".join([*names[:_NAMED], *more]),
        option="stride",
        before=", ".join(before),
        after=", ".join(after),
        line=network.source.line_of(min(edit.start for edit in edits)),
        effect="",
        edits=tuple(dict.fromkeys(edits)),
        rank=(0, 2 * late, 0),
        completes=True,
    )
