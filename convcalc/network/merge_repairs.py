"""What can be done about branches that do not match: which layers have other options then."""

from collections.abc import Callable, Collection, Iterable, Sequence
from math import prod

from convcalc.layers.conv import Conv, DepthwiseConv
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.fc import FullyConnected
from convcalc.layers.pool import Pool
from convcalc.layers.repair import half_padding
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.record import Branch, Step
from convcalc.shapes import Shape

_NAMED = 3  #: layers that a line names
CONVS = (Conv, DepthwiseConv)  #: what may lose a border whatever its stride
PADDED = (*CONVS, Pool)  #: what padding may keep as large as what it reads
MAKES_DEPTH = (Conv, ConvTranspose, FullyConnected)
#: Whether an edit can give a layer's option a value, as its file is written.
Settable = Callable[[Step, str, str], bool]


def anything(step: Step, option: str, text: str) -> bool:
    """What can be set where no file says otherwise."""
    return True


def depth_option(step: Step) -> str:
    """The option that gives a volume its depth."""
    return "units" if isinstance(step.layer, FullyConnected) else "filters"


def padded(steps: Sequence[Step], own: set[int], settable: Settable = anything) -> tuple[str, ...]:
    """Half of the window around the layers of some branches that are padded by another number.

    () where one of them cannot be given it.
    """
    off = [steps[i] for i in sorted(own) if is_off_half(steps[i])]
    found = [step.name for step in off]
    if not found or not all(settable(step, "pad", _half(steps, step)) for step in off):
        return ()
    return (f"try half of the window as padding of {_listed(found, 'and')}",)


def _half(steps: Sequence[Step], step: Step) -> str:
    """Half of a layer's window, as an option has it."""
    shape = steps[step.inputs[0]].output or ()
    assert isinstance(step.layer, Windowed), "it is padded"
    half = half_padding(step.layer.replace(pad=(0,)), shape[:-1])
    return option_text(half) if half is not None else ""


def is_unpadded(step: Step) -> bool:
    """Whether a layer loses a border for want of padding: a conv, or a pool in single steps.

    It has none, or less than half of its window on every side.
    """
    layer = step.layer
    if not isinstance(layer, CONVS) and not (isinstance(layer, Pool) and set(layer.steps) == {1}):
        return False
    if isinstance(layer.pad, str):
        return False
    half = min((f - 1) * d // 2 for f in layer.kernel for d in layer.dilation)
    return (
        (layer.pad == (0,) or max(layer.pad) < half)
        and set(layer.kernel) != {1}
        and not any((f - 1) * d % 2 for f in layer.kernel for d in layer.dilation)
    )


def is_off_half(step: Step) -> bool:
    """Whether half of the window as padding is other than a layer has: less, or more of it."""
    return is_unpadded(step) or _is_overpadded(step)


def _is_overpadded(step: Step) -> bool:
    """Whether a layer in single steps gets larger by its padding on every side."""
    layer = step.layer
    if not isinstance(layer, PADDED) or isinstance(layer.pad, str) or {*layer.steps} != {1}:
        return False
    windows = [(f - 1) * d for f in layer.kernel for d in layer.dilation]
    return not any(size % 2 for size in windows) and 2 * min(layer.pad) > max(windows)


def flattened(steps: Sequence[Step], kind: str, branches: Sequence[Branch]) -> tuple[str, ...]:
    """How volumes become the vectors that the other inputs of a merge are."""
    shapes = [steps[branch.end].output or () for branch in branches]
    help = []
    for place in to_flatten(kind, shapes):
        name, end = branches[place].name, steps[branches[place].end]
        named = ", and its name in `from`" if name == end.name else ""
        help.append(f"{name}: `flatten` after {end.name} ({prod(shapes[place]):,} numbers){named}")
    return tuple(help)


def to_flatten(kind: str, shapes: Sequence[Shape]) -> list[int]:
    """The volumes among a merge's inputs that have to be vectors, because other inputs are.

    A pool to 1x1 is a vector but for its axes. Any volume can be joined to a vector; where numbers
    are added up, flattened volumes have to have as many.
    """
    volumes = [place for place, shape in enumerate(shapes) if len(shape) > 1]
    lengths = {shape[0] for shape in shapes if len(shape) == 1}
    ones = all(prod(shapes[place][:-1]) == 1 for place in volumes)
    as_many = {prod(shapes[place]) for place in volumes} == lengths
    if not lengths or kind == "multiply":  # it takes a gate of 1x1xC
        return []
    return volumes if kind == "concat" or ones or as_many else []


def gates(kind: str, shapes: Sequence[Shape]) -> frozenset[int]:
    """The inputs of a multiply, by their places, that are 1x1 to be spread over a larger volume.

    Its size is right, whatever its depth. One of 1x1x1 may be spread by its own means.
    """
    whole = max(shapes, key=lambda shape: (len(shape), prod(shape[:-1])))
    if kind != "multiply" or prod(whole[:-1]) == 1:
        return frozenset()
    ones = (1,) * (len(whole) - 1)
    return frozenset(n for n, shape in enumerate(shapes) if shape[:-1] == ones and shape[-1] > 1)


def unstrided(steps: Sequence[Step], own: set[int]) -> Step | None:
    """The 1x1 conv of a shortcut that steps nowhere: of its layers the only one with a window."""
    convs = [steps[i] for i in own if isinstance(steps[i].layer, Windowed)]
    if len(convs) != 1 or any(len(steps[i].inputs) != 1 for i in own):
        return None
    layer = convs[0].layer
    sizes = {(steps[at].output or ())[:-1] for i in own for at in (i, *steps[i].inputs)}
    if not isinstance(layer, Conv) or layer.pad != (0,) or len(sizes) != 1:
        return None
    return convs[0] if {*layer.kernel, *layer.stride} == {1} else None


def as_deep(
    steps: Sequence[Step],
    ends: Sequence[int],
    spread: Collection[int] = (),
    settable: Settable = anything,
) -> tuple[str, ...]:
    """As many filters in the last conv of one branch, where that is all that differs.

    Gates, by their places in `spread`, follow the volume: it is not changed for them.
    """
    at_depth: dict[int, list[int]] = {}
    for end in ends:
        at_depth.setdefault((steps[end].output or (0,))[-1], []).append(end)
    if len(at_depth) != 2:  # a layer gives one depth: of more, several would have to change
        return ()
    found: list[str] = []
    following = {ends[place] for place in spread}
    for depth, all_others in zip(at_depth, reversed(at_depth.values()), strict=True):
        others = [end for end in all_others if not spread or end in following]
        if any(_states_depth(steps, end) for end in others):
            continue
        makers = {id(made): made for made in makers_of(steps, others)}.values()
        found += [
            made.name
            for made in makers
            if made is not None and len(makers) == 1
            if settable(made, depth_option(made), str(depth))
        ]
    return (f"try as many filters in {_listed(found, 'or')}",) if found else ()


def _states_depth(steps: Sequence[Step], end: int) -> bool:
    """Whether a reshape gives a volume its depth by itself, whatever made the numbers."""
    while not isinstance(steps[end].layer, MAKES_DEPTH) and len(steps[end].inputs) == 1:
        if steps[end].kind == "reshape":
            return True
        (end,) = steps[end].inputs
    return False


def maker(steps: Sequence[Step], index: int) -> Step | None:
    """The layer that gives a volume its depth, looking through what keeps it."""
    return makers_of(steps, (index,))[0]


def too_few(steps: Sequence[Step], name: str, end: int, channels: int) -> tuple[str, ...]:
    """How many channels a gate has, and why where a formula takes those that reach its layer."""
    own = (steps[end].output or (0,))[-1]
    told = f"{name} has {own:,} channels, a gate one for each of {channels:,}"
    (maker,) = makers_of(steps, (end,))
    options = maker.place.options if maker is not None else None
    if maker is None or options is None or not (options.get("filters") or options.get("units")):
        return (told,)
    if (steps[maker.inputs[0]].output or (0,))[-1] != own:
        return (told,)
    why = f"`in_channels` at {maker.name} is {own:,}, what reaches that layer"
    return told, f"{why}; in a block `args: {{inc: =in_channels}}` keeps what reaches the block"


def makers_of(steps: Sequence[Step], ends: Iterable[int]) -> list[Step | None]:
    """The layer that gives each of some volumes its depth; what several look through, once."""
    known: dict[int, Step | None] = {}
    found = []
    for end in ends:
        way = []
        index = end
        while index not in known:
            way.append(index)
            at = steps[index]
            if at.layer is None:
                known[index] = None
            elif isinstance(at.layer, MAKES_DEPTH):
                known[index] = at
            elif (steps[at.inputs[0]].output or (0,))[-1] != (at.output or (0,))[-1]:
                known[index] = None
            else:
                index = at.inputs[0]
        for passed in way:
            known[passed] = known[index]
        found.append(known[index])
    return found


def _listed(names: list[str], word: str) -> str:
    names = list(dict.fromkeys(names))
    shown = [*names[:_NAMED], *([f"{len(names) - _NAMED:,} more"] if names[_NAMED:] else [])]
    return f" {word} ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))
