"""Changes that make the inputs of a merge fit each other: padded convs, or a layer before it."""

from collections.abc import Iterator

from convcalc.fix.body_stride import stepped
from convcalc.fix.branches import PROJECTED
from convcalc.fix.causal import one_sided
from convcalc.fix.double_strides import stepped_once
from convcalc.fix.enlarging import doubled, enlarged, refactored
from convcalc.fix.even_windows import kept
from convcalc.fix.exchanged import exchanged, unread_instead
from convcalc.fix.in_branches import forked, own_layers
from convcalc.fix.inserts import Joined, arriving, inserted
from convcalc.fix.left_out import left_out, origin
from convcalc.fix.levels import levelled
from convcalc.fix.odd_steps import stepped_alike
from convcalc.fix.paddings import agreed, padded
from convcalc.fix.passed_over import passed_over
from convcalc.fix.pyramids import unstepped_below
from convcalc.fix.record import Change
from convcalc.fix.reductions import stepped_down
from convcalc.fix.restrided import repooled, restrided
from convcalc.fix.scopes import conditional_projections, made_once, projections, unlike
from convcalc.fix.stray_strides import single_stepped
from convcalc.fix.style import style_of
from convcalc.fix.unstepped import unstepped
from convcalc.fix.widened import widened
from convcalc.fix.windows_of_calls import fitted
from convcalc.layers.conv import Conv
from convcalc.layers.projection import entry, projected
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.body_stride import projects as is_shortcut
from convcalc.network.merge_repairs import gates, maker, to_flatten
from convcalc.network.pyramids import enlarges
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape, written
from convcalc.spec.edit import CannotEditError, Editor, entry_of
from convcalc.tree.nodes import Mapping


def size_changes(network: Network, editor: Editor, root: Mapping, index: int) -> Iterator[Change]:
    """For a merge of volumes that do not fit: its unpadded convs padded, or a layer before it.

    U-Nets pad by half of the window, or crop the border that is left over. Sizes of which one is a
    multiple of the other were pooled: they are enlarged again, or projected where they are added
    up (He et al. 2015, section 3.3). A vector becomes a gate again, a volume beside vectors one.
    """
    step = network.steps[index]
    shapes = [network.steps[i].output or () for i in step.inputs]
    if () in shapes or len(shapes) < 2:
        return
    sizes = [shape[:-1] for shape in shapes]
    yield from arriving(network, editor, root, index)
    yield from passed_over(network, editor, root, index)
    yield from exchanged(network, editor, root, index)
    yield from unread_instead(network, editor, root, index)
    yield from levelled(network, editor, root, index)
    try:
        if step.kind == "multiply" and () in sizes:
            for reshaped in _gates(shapes, bool(step.place.calls)):
                yield from inserted(network, editor, root, index, reshaped)
        if len({len(size) for size in sizes}) > 1:
            flat = [Joined(at, "flatten", "flat") for at in to_flatten(step.kind, shapes)]
            yield from inserted(network, editor, root, index, flat)
            return
        spread = gates(step.kind, shapes)
        if len({size for place, size in enumerate(sizes) if place not in spread}) == 1:
            yield from widened(network, editor, root, index)
            yield from left_out(network, editor, root, index)
            for convs in _deepened(network, root, index, shapes):
                yield from inserted(network, editor, root, index, convs, deeper=True)
            return
        yield from stepped_alike(network, editor, index)
        if step.kind == "concat" or len(step.inputs) > 2:  # of two, one is the shortcut
            yield from stepped_down(network, editor, index)
        yield from single_stepped(network, editor, index)
        yield from stepped_once(network, editor, index)
        yield from refactored(network, editor, index)
        yield from one_sided(network, editor, index)
        yield from padded(network, editor, index)
        yield from kept(network, editor, index)
        yield from fitted(network, editor, index)
        yield from agreed(network, editor, index)
        yield from enlarged(network, editor, index)
        yield from doubled(network, editor, index)
        yield from unstepped(network, editor, index)
        yield from unstepped_below(network, editor, root, index)
        yield from left_out(network, editor, root, index)
        meant = [*restrided(network, editor, index), *repooled(network, editor, index)]
        meant += stepped(network, editor, index)
        yield from meant
        projects = not meant or bool(step.place.calls)  # no second conv behind a shortcut's own
        for joined in _fitted(network, root, index, shapes, projects):
            yield from inserted(network, editor, root, index, joined)
    except CannotEditError:
        return


def _gates(shapes: list[Shape], called: bool) -> Iterator[list[Joined]]:
    """The spatial axes that a vector with a number for each channel has lost."""
    volume = max(shapes, key=len)
    ones = [1] * (len(volume) - 1)
    depth = next((shape[-1] for shape in shapes if len(shape) == 1), volume[-1])
    gates = [written((*ones, depth))]
    if called:  # other calls of the block may have other widths
        gates = [f"[{', '.join(map(str, ones))}, =in_channels]", *gates]
    for gate in gates:
        yield [
            Joined(place, f"reshape: {{shape: {gate}}}", "gate")
            for place, shape in enumerate(shapes)
            if shape == (depth,)
        ]


def _deepened(
    network: Network, root: Mapping, index: int, shapes: list[Shape]
) -> Iterator[list[Joined]]:
    """The 1x1 conv that an identity has to become where the layers after it change the depth."""
    step = network.steps[index]
    origins = [origin(network, at) for at in step.inputs]
    first = min(origins)
    wanted = {shape for at, shape in zip(origins, shapes, strict=True) if at != first}
    after = all(first in network.ancestors(at) for at in origins)
    if step.kind == "add" and len(wanted) == 1 and after:
        places = [place for place, at in enumerate(origins) if at == first]
        yield from _convs(network, root, index, places, shapes, *wanted)


def _convs(
    network: Network,
    root: Mapping,
    index: int,
    places: list[int],
    shapes: list[Shape],
    wanted: Shape,
) -> Iterator[list[Joined]]:
    """Projections of some inputs of an add: in the words of its block, then as plain numbers."""
    step = network.steps[index]
    others = [i for at, i in enumerate(step.inputs) if shapes[at] == wanted]
    past = set.union(*(network.ancestors(step.inputs[place]) for place in places))
    within = sorted(set.union(*map(network.ancestors, others)) - past)
    style = style_of(network, within)
    found: list[tuple[int, Conv]] = []
    for place in places:
        conv = projected(shapes[place], wanted, network.roundings)
        if conv is None:
            return
        found.append((place, conv.replace(bias=style.bias)))
    plain = [Joined(place, entry(conv), PROJECTED, norm=style.norm) for place, conv in found]
    alone = made_once(network, step)
    if len(found) == 1 and (step.place.calls or not alone):
        ((place, conv),) = found
        (literal,) = plain
        deep = next((made for i in others if (made := maker(network.steps, i))), None)
        own = [network.steps[i] for i in within]
        yield [literal._replace(argument=True)]
        nested = len(step.place.calls) > 1
        entries = entry_of(root) if nested or not alone else {}
        for level in (1, 0) if nested else (0,):
            for layer, pairs in projections(network, step, conv, deep, own, level, entries):
                if not (pairs and alone):
                    when = unlike(pairs)
                    one = literal._replace(layer=layer, when=when, argument=level == 1)
                    yield [one]
        if not alone:
            under = conditional_projections(entries, step, conv, deep, own)
            yield from ([literal._replace(layer=layer, when=when)] for layer, when in under)
    yield plain


def _fitted(
    network: Network, root: Mapping, index: int, shapes: list[Shape], projects: bool
) -> Iterator[list[Joined]]:
    """What brings volumes of several sizes to one: all larger ones, or all smaller ones."""
    step = network.steps[index]
    sizes = [shape[:-1] for shape in shapes]
    least, most = (tuple(map(one, *sizes)) for one in (min, max))
    if least not in sizes or most not in sizes:
        return
    larger = [place for place, size in enumerate(sizes) if size != least]
    smaller = [place for place, size in enumerate(sizes) if size != most]
    resized = _resized(network, index)
    risen = any(enlarges(network.steps, step.inputs[place]) is not None for place in larger)
    projects = projects and not any(_is_projected(network, index, place) for place in larger)
    if step.kind == "add" and resized and projects and not risen:
        yield from _convs(network, root, index, larger, shapes, shapes[sizes.index(least)])
    if all(4 * a < 7 * b for a, b in zip(most, least, strict=True)):
        like, size = f"{{{sizes.index(least)}}}", ", ".join(map(str, least))
        crop, unnamed = f"crop: {{like: {like}}}", f"crop: {{size: [{size}]}}"
        yield [Joined(place, crop, "cropped", unnamed=unnamed) for place in larger]
    elif resized:
        alone = len(larger) == 1 < len(smaller)  # the odd one out
        if alone and step.kind == "concat" and not risen:
            yield from _pooled(larger[0], sizes, least)
        yield [_enlarged(place, sizes, most) for place in smaller]


def _is_projected(network: Network, index: int, place: int) -> bool:
    """Whether an input of a merge is a projection: another behind it would be its second."""
    parted = forked(network, index)
    own = parted.own[network.steps[index].inputs[place]] if parted is not None else set[int]()
    return is_shortcut([network.steps[at] for at in own])


def _pooled(place: int, sizes: list[Shape], least: Shape) -> Iterator[list[Joined]]:
    """The one input that was not made smaller at the size of the others."""
    pairs = list(zip(sizes[place], least, strict=True))
    if all(a % b == 0 for a, b in pairs):
        yield [Joined(place, f"max_pool: {{kernel: {_factors(pairs)}}}", "pooled")]


def _enlarged(place: int, sizes: list[Shape], most: Shape) -> Joined:
    """An input that was made smaller at the size of the largest, on each axis."""
    pairs = list(zip(most, sizes[place], strict=True))
    if any(a % b for a, b in pairs):
        like, size = f"{{{sizes.index(most)}}}", ", ".join(map(str, most))
        unnamed = f"upsample: {{size: [{size}]}}"
        return Joined(place, f"upsample: {{like: {like}}}", "upsampled", unnamed=unnamed)
    return Joined(place, f"upsample: {{scale: {_factors(pairs)}}}", "upsampled")


def _factors(pairs: list[tuple[int, int]]) -> str:
    """How often the second sizes go into the first, as an option has it."""
    factors = tuple(a // b for a, b in pairs)
    return option_text(factors[:1] if len(set(factors)) == 1 else factors)


def _resized(network: Network, index: int) -> bool:
    """Whether a branch goes over its input in steps, or pools it: sizes that are no border."""
    return any(_resizes(network, network.steps[i]) for i in own_layers(network, index))


def _resizes(network: Network, step: Step) -> bool:
    if isinstance(step.layer, Windowed):
        return max(step.layer.steps) > 1
    before = network.steps[step.inputs[0]].output if step.inputs else step.output
    return (before or ())[:-1] != (step.output or ())[:-1]
