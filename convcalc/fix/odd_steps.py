"""The one layer that steps further, or less far, than all others of an encoder."""

from collections.abc import Iterator

from convcalc.fix.in_branches import apart, forked
from convcalc.fix.options import options_edits
from convcalc.fix.record import Change
from convcalc.layers.conv import Conv, DepthwiseConv
from convcalc.layers.pool import Pool
from convcalc.layers.repair import WINDOW
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape
from convcalc.spec.edit import CannotEditError, Editor, options_at

#: the kind as it is written, and the calls that it is in where they give its stride
Entry = tuple[int, ...]


def stepped_alike(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For branches of which one is a multiple of the other, the stride that all other layers have.

    One `pool4` among the `pool2` of a U-Net: every merge above it misses a factor. A pool whose
    kernel is its stride stays so; a conv keeps its weights.
    """
    branches = apart(network, index)
    ends = [*branches]
    sizes = [(network.steps[end].output or ())[:-1] for end in ends]
    if len(ends) != 2 or len({*map(len, sizes)}) != 1 or forked(network, index) is None:
        return
    strides: dict[Entry, Shape] = {}  # by the entry: copies are one layer of the file
    for step in network.steps:
        if (steps := _steps(step)) != (1,):
            strides[_entry(step)] = steps
    for end, size, wanted in zip(ends, sizes, reversed(sizes), strict=True):
        tried = set[Entry]()
        for at in sorted(branches[end], reverse=True):
            step = network.steps[at]
            entry, steps = _entry(step), _steps(step)
            others = {other for one, other in strides.items() if one != entry}
            if steps == (1,) or entry in tried or len(others) != 1:
                continue
            tried.add(entry)
            (stride,) = others
            if stride != steps and all(
                made * old == other * new
                for made, old, other, new in zip(
                    size, _each(steps, size), wanted, _each(stride, wanted), strict=True
                )
            ):
                yield from _change(network, editor, step, stride)


def _entry(step: Step) -> Entry:
    """Where the stride of a layer is written: each call of a block may give its own."""
    options, calls = options_at(step), step.place.calls
    keys = ("stride", "S", "kernel", "F") if isinstance(step.layer, Pool) else ("stride", "S")
    node = next(filter(None, map(options.get, keys)), None) if options is not None else None
    given = getattr(node, "text", "")[:1] == "="
    return (id(step.place.kind), *(map(id, calls) if given else ()))


def _steps(step: Step) -> Shape:
    """By what a layer steps over what it reads; (1,) if it does not, and per axis if unlike."""
    layer = step.layer
    if not isinstance(layer, (Conv, DepthwiseConv, Pool)):
        return (1,)
    return layer.steps if len({*layer.steps}) > 1 else layer.steps[:1]


def _each(steps: Shape, size: Shape) -> Shape:
    """The stride on each axis of a size."""
    return steps if len(steps) == len(size) else steps[:1] * len(size)


def _change(network: Network, editor: Editor, step: Step, stride: Shape) -> Iterator[Change]:
    """A layer with a stride; nothing where the layout of the file does not allow it."""
    layer, options = step.layer, options_at(step)
    assert isinstance(layer, Windowed), "it steps"
    text, whole = option_text(stride), isinstance(layer, Pool) and {*layer.kernel} == {*layer.steps}
    if options is None or not options.entries:
        values = {WINDOW if whole else "stride": text}
    else:
        values = dict.fromkeys(("kernel", "stride") if whole else ("stride",), text)
    try:
        edits = options_edits(editor, step, values, layer)
    except CannotEditError:
        return
    option = "kernel, stride" if whole else "stride"
    before = option_text(layer.steps)
    yield Change(
        layer=step.name,
        option=option,
        before=f"{option_text(layer.kernel)}, {before}" if whole else before,
        after=f"{text}, {text}" if whole else text,
        line=network.source.line_of(edits[0].start),
        effect="",
        edits=edits,
        rank=(0, 0, -2),
        completes=True,
    )
