"""Likely mistakes that make a legal net: a forgotten branch, an input with its batch, with its
channels first or without them."""

from convcalc.findings import Finding, Severity
from convcalc.layers.reshape import Reshape
from convcalc.network.record import INPUT, Network, Step
from convcalc.shapes import written

_COLOURS = 4  #: channels that an image has at most
_IMAGE = 16  #: rows that an image has at least
_RGB = 3  #: channels that say colour by themselves
_STEREO = 2  #: channels that a sound has at most
_SOUND = 1_000  #: samples that a sound has at least


def likely_mistake(network: Network, step: Step, index: int) -> Finding | None:
    """The warning that a step, at its position, is hardly what was meant; its size is known."""
    if step.kind == INPUT:
        asked = _with_batch(network, step), _channels_first(network, step)
        return next(filter(None, asked), None) or _channels_missing(network, step)
    if step.layer is not None and step.layer.needs_several and len(step.inputs) < 2:
        return _merge_of_one(network, step, index)
    if isinstance(step.layer, Reshape):
        return _reshaped_to_channels_first(network, step)
    return None


def _merge_of_one(network: Network, step: Step, index: int) -> Finding:
    """A concat of one is left alone: a dense block's first is one."""
    help = "a branch that is the input itself is `[]`: `{skip: [], body: [...]}`"
    # `from` names the one, and nothing the layer above
    if step.place.kind and step.inputs[0] != index - 1:
        one, above = network.steps[step.inputs[0]].name, network.steps[index - 1].name
        names = "both layers" if step.place.calls else f"both: `from: [{above}, {one}]`"
        help = f"`from` names all that it reads: write {names}"
    return network.finding(
        step,
        "CC125",
        Severity.WARNING,
        f"{step.name} has one input: nothing to {step.kind}",
        "one input",
        (help,),
    )


def _channels_first(network: Network, step: Step) -> Finding | None:
    """A few rows by N by N channels: an image as PyTorch writes it; frames and sounds likewise."""
    first, *rest = step.output or (0,)
    if not _is_channels_first(first, rest):
        return None
    shape = written((first, *rest))
    side = {1: f"length {first} and ", 2: f"height {first} and "}.get(len(rest), "")
    return network.finding(
        step,
        "CC126",
        Severity.WARNING,
        f"{step.name} {shape} has {side}{rest[-1]} channels",
        "channels come last",
        (f"channels come last: `{written((*rest, first))}`?",),
    )


def _reshaped_to_channels_first(network: Network, step: Step) -> Finding | None:
    """A vector that becomes N x H x H with N above H, as the decoder of PyTorch's is written."""
    read = network.steps[step.inputs[0]].output or ()
    shape = step.output or ()
    if len(read) != 1 or len(shape) != 3 or not shape[0] > shape[1] == shape[2] > 1:
        return None
    channels, height, width = shape
    return network.finding(
        step,
        "CC126",
        Severity.WARNING,
        f"the shape {written(shape)} has height {channels} and {width} channels",
        "channels come last",
        (f"channels come last: `shape: {written((height, width, channels))}`?",),
    )


def _is_channels_first(first: int, rest: list[int]) -> bool:
    """Whether sizes are hardly meant as they are read, the first of them being channels."""
    match rest:
        case [samples]:
            return first <= _STEREO and samples >= _SOUND
        case [height, width]:
            if first > _COLOURS or height <= _COLOURS:
                return False
            return height == width or (first == _RGB and min(rest) >= _IMAGE)
        case [frames, height, width]:
            if first > _COLOURS or frames <= _COLOURS or height != width:
                return False
            return frames == height or (first in {1, _RGB} and height >= _IMAGE)
    return False


def _with_batch(network: Network, step: Step) -> Finding | None:
    """N x C x H x H, and 1 x H x H x C: an image with the batch that a framework's tensors have."""
    shape = step.output or (0,)
    if len(shape) != 4:
        return None
    batch, *rest = shape
    if rest[0] <= _COLOURS and rest[1] == rest[2] >= _IMAGE:
        meant, order = (*rest[1:], rest[0]), " and channels come last"
    elif batch == 1 and rest[0] == rest[1] >= _IMAGE and rest[2] <= _COLOURS:
        meant, order = tuple(rest), ""
    else:
        return None
    return network.finding(
        step,
        "CC126",
        Severity.WARNING,
        f"{step.name} {written(shape)} is a volume: {written(shape[:3])} positions with"
        f" {shape[3]} channels",
        "an image has three sizes",
        (f"the batch is no part of it{order}: `{written(meant)}`?",),
    )


def _channels_missing(network: Network, step: Step) -> Finding | None:
    """N by N: an image of which only height and width are given, read as a sequence."""
    shape = step.output or (0,)
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] < _IMAGE:
        return None
    size = written(shape)
    return network.finding(
        step,
        "CC126",
        Severity.WARNING,
        f"{step.name} {size} is a sequence: {shape[0]} positions with {shape[0]} channels",
        "no channels",
        (f"an image has channels too: `{size}x1` or `{size}x3`",),
    )
