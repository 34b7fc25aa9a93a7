"""The stride that a projection shortcut lacks: it goes into that conv, not into a second one."""

from collections.abc import Iterator

from convcalc.fix.in_branches import forked
from convcalc.fix.record import Change
from convcalc.fix.scopes import stride_words
from convcalc.layers.conv import Conv
from convcalc.layers.projection import entry, projected
from convcalc.layers.written import option_text
from convcalc.network.merge_repairs import unstrided
from convcalc.network.record import Network, Step
from convcalc.spec.edit import CannotEditError, Edit, Editor, kind_of, options_at, with_options


def restrided(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """For an add whose 1x1 shortcut stays as large as its input, the step that the body makes.

    The depth of the body comes with it where that differs, too (He et al. 2015, section 3.3).
    """
    step = network.steps[index]
    if step.kind != "add" or len(step.inputs) != 2 or (found := forked(network, index)) is None:
        return
    given = network.steps[found.fork].output or ()
    for end, own in found.own.items():
        wanted = {network.steps[other].output or () for other in step.inputs if other != end}
        made = unstrided(network.steps, own)
        if made is None or len(wanted) != 1 or not isinstance(made.layer, Conv):
            continue
        (shape,) = wanted
        conv = projected(given, shape, network.roundings)
        if conv is None or set(conv.stride) == {1}:
            continue
        stride = conv.stride[0]
        body = [network.steps[i] for one, steps in found.own.items() if one != end for i in steps]
        words = stride_words(network, made, stride, body, 0) if made.place.calls else []
        for word in dict.fromkeys((*words, str(stride))):  # in a block the body's own comes first
            try:
                yield _change(network, editor, made, made.layer, conv, word)
            except CannotEditError:
                continue


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
