"""The stride that a shortcut lacks: it goes into its conv or its pool, not into a second conv."""

from collections.abc import Iterator
from typing import NamedTuple

from convcalc.fix.in_branches import forked
from convcalc.fix.options import options_edits
from convcalc.fix.record import Change
from convcalc.fix.scopes import stride_words
from convcalc.layers.conv import Conv
from convcalc.layers.pool import Pool
from convcalc.layers.projection import entry, projected
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.merge_repairs import unstrided
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape
from convcalc.spec.edit import CannotEditError, Edit, Editor, kind_of, options_at, with_options


class _Shortcut(NamedTuple):
    """One of the two branches of an add, as a shortcut of the other."""

    end: int
    own: set[int]
    """The steps that make it alone."""
    given: Shape
    """What both branches read."""
    wanted: Shape
    """What the other one makes."""
    body: list[Step]
    """The layers of the other one."""

    def words(self, network: Network, made: Step, stride: int) -> list[str]:
        """How the stride may be written: in a block the body's own word comes first."""
        own = stride_words(network, made, stride, self.body, 0) if made.place.calls else []
        return [*dict.fromkeys((*own, str(stride)))]


def _shortcuts(network: Network, index: int) -> Iterator[_Shortcut]:
    """Either branch of an add of two as the shortcut of the other."""
    step = network.steps[index]
    if step.kind != "add" or len(step.inputs) != 2 or (found := forked(network, index)) is None:
        return
    given = network.steps[found.fork].output or ()
    for end, own in found.own.items():
        for other in found.own.keys() - {end}:
            body = [network.steps[i] for i in found.own[other]]
            yield _Shortcut(end, own, given, network.steps[other].output or (), body)


def restrided(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For an add whose 1x1 shortcut stays as large as its input, the step that the body makes.

    The depth of the body comes with it where that differs, too (He et al. 2015, section 3.3).
    """
    for shortcut in _shortcuts(network, index):
        made = unstrided(network.steps, shortcut.own)
        if made is None or not isinstance(made.layer, Conv):
            continue
        conv = projected(shortcut.given, shortcut.wanted, network.roundings)
        if conv is None or set(conv.stride) == {1}:
            continue
        for word in shortcut.words(network, made, conv.stride[0]):
            try:
                yield _change(network, editor, made, made.layer, conv, word)
            except CannotEditError:
                continue


def repooled(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For an add whose shortcut begins with a pool that steps nowhere, the step of the body.

    Such a pool takes a projection's step (He et al. 2018, "Bag of Tricks", section 4.2), or all
    positions but some, where channels of zeros follow it.
    """
    for shortcut in _shortcuts(network, index):
        given, wanted = shortcut.given, shortcut.wanted
        pool = _lone_pool(network, shortcut.own, given)
        depth = (network.steps[shortcut.end].output or ())[-1:]
        if pool is None or not wanted or depth != wanted[-1:]:
            continue
        made, layer = pool
        stride = -(-given[0] // wanted[0])
        size = layer.replace(stride=(stride,)).sizing((given,), network.roundings).accepted
        if stride < 2 or size is None or size[:-1] != wanted[:-1]:
            continue
        for word in shortcut.words(network, made, stride):
            try:
                edits = options_edits(editor, made, {"stride": word}, layer)
            except CannotEditError:
                continue
            line = network.source.line_of(edits[0].start)
            was = option_text(layer.steps)
            yield Change(made.name, "stride", was, word, line, "", edits, (0, 0, 0), completes=True)


def _lone_pool(network: Network, own: set[int], given: Shape) -> tuple[Step, Pool] | None:
    """The pool of a branch that keeps its size, where all other windows are of one position."""
    found: list[tuple[Step, Pool]] = []
    for step in (network.steps[i] for i in sorted(own)):
        if len(step.inputs) != 1 or (step.output or ())[:-1] != given[:-1]:
            return None
        if isinstance(step.layer, Pool):
            found.append((step, step.layer))
        elif isinstance(step.layer, Windowed) and set(step.layer.kernel) != {1}:
            return None
    return found[0] if len(found) == 1 and len(given) > 1 else None


def _change(
    network: Network, editor: Editor, step: Step, given: Conv, conv: Conv, stride: str
) -> Change:
    """The shortcut's conv with what another conv has, its stride written as `stride`.

    Raises:
        CannotEditError: the layout of the file does not allow the edit.
    """
    told = [("stride", option_text(given.stride), stride)]
    if conv.filters != given.filters:
        told.insert(0, ("filters", str(given.filters), str(conv.filters)))
    if conv.pad != given.pad:
        told.append(("pad", option_text(given.pad), option_text(conv.pad)))
    options = options_at(step)
    edits: list[Edit] = []
    if options is None or not options.entries:
        kind = kind_of(step)
        if getattr(kind, "text", "") != entry(given) or not stride.isdigit():
            raise CannotEditError("its short form says something else")
        edit = editor.replaced(kind, entry(conv))
        edits.append(with_options(editor, edit) if ": " in edit.text else edit)
    else:
        letters = {"filters": "K", "stride": "S", "pad": "P"}
        for option, _, value in told:
            node = options.get(option) or options.get(letters[option])
            edits.append(
                editor.set_to(node, step, value)[0]
                if node
                else editor.added(options, option, value)
            )
    names, befores, afters = (", ".join(parts) for parts in zip(*told, strict=True))
    line = network.source.line_of(edits[0].start)
    return Change(
        step.name, names, befores, afters, line, "", tuple(edits), (0, 0, 0), completes=True
    )
