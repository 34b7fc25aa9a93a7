"""The factor by which a layer has to enlarge so that its branch fits another; with its weights.

Imported only where branches do not match.
"""

from collections.abc import Mapping, Sequence
from math import gcd

from convcalc.findings import Severity
from convcalc.layers.base import Layer, Roundings, SizeFinding
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.upsample import Upsample
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.mismatches import IN_THIS_CALL
from convcalc.network.record import Step
from convcalc.shapes import Shape, written

Options = Mapping[str, Shape]


#: a branch of a merge: its own layers, and which of them the merge reads
Own = tuple[set[int], int]


def fitting(
    steps: Sequence[Step], branch: Own, other: Own, roundings: Roundings
) -> tuple[int, Options] | None:
    """The last layer of a branch that enlarges, and the options with which it fits another.

    Nothing behind it may change the size. The kernel of a transposed conv stays as it is. With
    them both branches are as much smaller or larger than where they split: a border that is left
    over, for want of padding, is no wrong factor, even where another one fits.
    """
    own, end = branch
    size, wanted = ((steps[at].output or ())[:-1] for at in (end, other[1]))
    for at in sorted(own, reverse=True):
        step = steps[at]
        if (step.output or ())[:-1] != size or len(size) != len(wanted):
            return None
        layer = step.layer
        if not isinstance(layer, (ConvTranspose, Upsample)):
            continue
        shape = steps[step.inputs[0]].output
        if isinstance(layer, ConvTranspose) and _is_short(size, wanted, min(layer.stride)):
            return None
        options = _options(layer, shape[:-1], wanted) if shape else None
        if not options or shape is None:
            return None
        new = layer.replace(**options)
        made = new.sizing((shape,), roundings)
        refused = any(finding.severity is not Severity.NOTE for finding in made.findings)
        if refused or made.output is None or made.output[:-1] != wanted:
            return None
        scale = _scale(steps, branch, len(wanted), {at: new})
        return (at, options) if scale == _scale(steps, other, len(wanted), {}) else None
    return None


def _is_short(size: Shape, wanted: Shape, stride: int) -> bool:
    """Whether a transposed conv lacks fewer rows than it steps: those are for `output_pad`."""
    return all(0 <= b - a < stride for a, b in zip(size, wanted, strict=True))


def _scale(
    steps: Sequence[Step], branch: Own, axes: int, instead: Mapping[int, Layer]
) -> list[tuple[int, int]]:
    """By what a branch enlarges each axis, and by what it divides it, in lowest terms."""
    more, less = [1] * axes, [1] * axes
    own, at = branch
    while at in own and steps[at].inputs:
        layer = instead.get(at, steps[at].layer)
        factors = layer.scale if isinstance(layer, Upsample) else (1,)
        factors = layer.steps if isinstance(layer, Windowed) else factors or (1,)
        changed = more if isinstance(layer, (Upsample, ConvTranspose)) else less
        for axis, factor in enumerate(factors * axes if len(factors) == 1 else factors):
            changed[axis] *= factor
        at = steps[at].inputs[0]
    pairs = [(m, d, gcd(m, d)) for m, d in zip(more, less, strict=True)]
    return [(m // common, d // common) for m, d, common in pairs]


def help(steps: Sequence[Step], branch: Own, other: Own, roundings: Roundings) -> tuple[str, ...]:
    """The same in a line; () where nothing does."""
    found = fitting(steps, branch, other, roundings)
    if found is None:
        return ()
    text = ", ".join(f"{key}: {option_text(value)}" for key, value in found[1].items())
    wanted = (steps[other[1]].output or ())[:-1]
    step = steps[found[0]]
    how = IN_THIS_CALL if step.place.calls else ""
    return (f"`{text}` of {step.name} ({written(wanted)}){how}",)


def _options(layer: ConvTranspose | Upsample, spatial: Shape, wanted: Shape) -> Options | None:
    """A factor, or a stride with the padding that it needs."""
    if isinstance(layer, Upsample):
        factors = _quotients(wanted, spatial)
        return {"scale": factors} if layer.scale and factors else None
    plan = layer.geometry(spatial)
    if isinstance(plan, SizeFinding):
        return None
    strides = _quotients(wanted, spatial)
    if layer.pad == "same":
        return {"stride": strides} if strides else None
    more = layer.output_pad * (len(spatial) if len(layer.output_pad) == 1 else 1)
    rest = [
        d * (f - 1) + 1 - sum(sides) + extra
        for f, d, sides, extra in zip(plan.kernel, plan.dilation, plan.pad, more, strict=True)
    ]
    left = tuple(w - r for w, r in zip(wanted, rest, strict=True))
    alone = _quotients(left, tuple(s - 1 for s in spatial))
    if alone:
        return {"stride": alone}
    if (
        len(strides) != 1
        or strides == layer.stride
        or len({*plan.kernel}) > 1
        or {*plan.dilation} != {1}
    ):
        return None
    (stride,), kernel = strides, plan.kernel[0]  # (W - 1)*S + F - 2P + output_pad = W*S
    pad = max(kernel - stride + 1, 0) // 2
    options = {"stride": strides, "pad": (pad,), "output_pad": (stride - kernel + 2 * pad,)}
    return {key: value for key, value in options.items() if value != getattr(layer, key)}


def _quotients(sizes: Shape, parts: Shape) -> Shape:
    """How often parts go into sizes, more than once on some axis; () where they do not."""
    if min(parts) < 1 or min(sizes) < 1:
        return ()
    if any(size % part for size, part in zip(sizes, parts, strict=True)):
        return ()
    found = tuple(size // part for size, part in zip(sizes, parts, strict=True))
    return _brief(found) if max(found) > 1 else ()


def _brief(sizes: Shape) -> Shape:
    return sizes[:1] if len(set(sizes)) == 1 else sizes
