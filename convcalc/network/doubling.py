"""Transposed convs that do not make S times as much as they read: no input size fits then.

Imported only where branches do not match.
"""

from collections.abc import Iterator, Mapping, Sequence

from convcalc.layers.base import Layer, Roundings
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.other_way_round import exchanged, suits_padding
from convcalc.network.record import Step
from convcalc.shapes import Shape, written

_SIZES = 64  #: other sizes that are tried: more than all steps of any U-Net together
_MOST = 20_000  #: layers that are sized for that; some 0.2 s

Options = dict[str, tuple[int, ...]]


def fits_elsewhere(
    steps: Sequence[Step],
    branches: Sequence[set[int]],
    fork: int,
    ends: Sequence[int],
    roundings: Roundings,
) -> bool:
    """Whether branches have equal sizes for another size at their fork, or it is not known."""
    shape, own = steps[fork].output, set[int]().union(*branches)
    if shape is None or len(own) * _SIZES > _MOST:
        return True
    for more in range(1, _SIZES + 1):
        given = (*(size + more for size in shape[:-1]), shape[-1])
        made = sized(steps, own, {fork: given}, {}, roundings)
        if made is None:
            return True
        sizes = {made[end][:-1] if made.get(end) else () for end in ends}
        if len(sizes) == 1 and () not in sizes:
            return True
    return False


def exact(
    steps: Sequence[Step], own: set[int], end: int, wanted: Shape, roundings: Roundings
) -> Iterator[tuple[int, Options]]:
    """Options with which the last transposed conv of a branch gives it a size, and its place.

    What keeps the learned weights comes first (Dumoulin & Visin 2016, section 4.5 and 4.6).
    """
    at = next((i for i in sorted(own, reverse=True) if _is_plain(steps[i].layer)), None)
    layer = steps[at].layer if at is not None else None
    if at is None or not isinstance(layer, ConvTranspose):
        return
    for options in _candidates(layer):
        made = sized(steps, own, {}, {at: layer.replace(**options)}, roundings)
        if made is not None and (made.get(end) or ())[:-1] == wanted:
            yield at, options


def help(
    steps: Sequence[Step], own: set[int], end: int, wanted: Shape, roundings: Roundings
) -> tuple[str, ...]:
    """The same in a line; () where nothing does."""
    found = list(exact(steps, own, end, wanted, roundings))
    if not found:
        return ()
    texts = [
        f"`{', '.join(f'{key}: {value[0]}' for key, value in options.items())}`"
        for _, options in found
    ]
    name = steps[found[0][0]].name
    listed = " or ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)
    return (f"{listed} of {name} ({written(wanted)})",)


def other_way_round(steps: Sequence[Step], own: set[int]) -> tuple[str, ...]:
    """The transposed conv of a branch that doubles with its kernel and filters exchanged."""
    for at in sorted(own, reverse=True):
        layer = steps[at].layer
        other = exchanged(layer) if isinstance(layer, ConvTranspose) else None
        if isinstance(layer, ConvTranspose) and isinstance(other, ConvTranspose):
            filters, kernel = other.filters, other.kernel[0]
            asked = f"kernel {filters} and filters {kernel} the other way round?"
            now = f"`filters: {filters}, kernel: {kernel}` of {steps[at].name}"
            return (f"{now}: {asked}",) if suits_padding(layer) else ()
    return ()


def _is_plain(layer: Layer | None) -> bool:
    """Whether a layer is a transposed conv that steps alike on every axis, padded by numbers."""
    return (
        isinstance(layer, ConvTranspose)
        and layer.pad != "same"
        and set(layer.dilation) == {1}
        and len({*layer.kernel}) == len({*layer.stride}) == 1 < layer.stride[0]
    )


def _candidates(layer: ConvTranspose) -> Iterator[Options]:
    """Options that make S times as much: F - 2P + output_pad = S."""
    kernel, stride = layer.kernel[0], layer.stride[0]
    given = (layer.kernel[:1], layer.pad, layer.output_pad)
    cut = max(kernel - stride + 1, 0) // 2
    known = [(kernel, cut, stride - kernel + 2 * cut), (stride, 0, 0)]
    if stride % 2 == 0:
        known.append((2 * stride, stride // 2, 0))
    for size, pad, more in dict.fromkeys(known):
        if more >= stride or ((size,), (pad,), (more,)) == given:
            continue
        options: Options = {"kernel": (size,)} if size != kernel else {}
        if (pad,) != layer.pad:
            options["pad"] = (pad,)
        if (more,) != layer.output_pad:
            options["output_pad"] = (more,)
        yield options


def sized(
    steps: Sequence[Step],
    own: set[int],
    given: Mapping[int, Shape],
    instead: Mapping[int, Layer],
    roundings: Roundings,
) -> dict[int, Shape] | None:
    """What branches make of other volumes or with other layers; what fails is left out.

    None where one reads a volume from outside whose size then is not known.
    """
    made: dict[int, Shape] = dict(given)
    for at in sorted(own):
        step = steps[at]
        layer, inputs = instead.get(at, step.layer), list[Shape]()
        for i in step.inputs if step.like is None else (*step.inputs, step.like):
            outside = steps[i].output if i not in own and not given else None
            if i not in own and i not in given and outside is None:
                return None
            if (shape := made.get(i, outside)) is not None:
                inputs.append(shape)
        if layer is None:
            return None
        if len(inputs) < len(step.inputs) + (step.like is not None):
            continue
        size = layer.sizing(tuple(inputs), roundings).accepted
        if size is not None:
            made[at] = size
    return made
