"""Options of layers that enlarge a volume, so that it has the size of the one that it meets."""

from collections.abc import Iterator

from convcalc.fix.in_branches import apart
from convcalc.fix.options import options_edits
from convcalc.fix.record import Change
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.upsample import Upsample
from convcalc.layers.written import option_text
from convcalc.network import doubling, factors
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape
from convcalc.spec.edit import CannotEditError, Edit, Editor, options_at


def enlarged(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """A row and column more of what makes a branch of a merge larger again.

    An odd size that was halved is one short when it is doubled: a transposed conv has
    `output_pad` for that (Dumoulin & Visin 2016, section 4.6), an upsampling a size.
    """
    ends = network.steps[index].inputs
    sizes = [(network.steps[end].output or ())[:-1] for end in ends]
    most = tuple(map(max, *sizes))
    if most not in sizes:
        return
    like = network.steps[ends[sizes.index(most)]]
    changes = [
        _made_longer(network, editor, end, own, most, like)
        for end, own in apart(network, index).items()
        if (network.steps[end].output or ())[:-1] != most
    ]
    found = [change for change in changes if change is not None]
    if len(found) == len(changes) == 1:
        yield found[0]


def refactored(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """The factor with which the last layer of a branch that enlarges makes the others' size."""
    branches = apart(network, index)
    ends = [*branches]
    sizes = {(network.steps[end].output or ())[:-1] for end in ends}
    for end in ends if len(sizes) == 2 else ():
        size = (network.steps[end].output or ())[:-1]
        other = next(one for one in ends if (network.steps[one].output or ())[:-1] != size)
        branch, beside = ((branches[one], one) for one in (end, other))
        found = factors.fitting(network.steps, branch, beside, network.roundings)
        if found is None:
            continue
        step, texts = network.steps[found[0]], {k: option_text(v) for k, v in found[1].items()}
        try:
            edits, befores = _written(editor, step, texts)
        except CannotEditError:
            continue
        option, before, after = map(", ".join, (texts, befores, texts.values()))
        change = _change(network, step, option, before, after, edits[0])
        yield change._replace(edits=edits, rank=(0, 0, -1), completes=True)


def _written(
    editor: Editor, step: Step, texts: dict[str, str]
) -> tuple[tuple[Edit, ...], list[str]]:
    """The edits that give a layer options, and what they were.

    Raises:
        CannotEditError: the layout of the file does not allow them.
    """
    if isinstance(step.layer, ConvTranspose):
        befores = [option_text(getattr(step.layer, key)) for key in texts]
        return options_edits(editor, step, texts, step.layer), befores
    options = options_at(step)
    nodes = [(options.get(key) if options else None, text) for key, text in texts.items()]
    found = [(node, text) for node, text in nodes if node is not None]
    if len(found) < len(nodes):
        raise CannotEditError("it does not give the option")
    written = [editor.set_to(node, step, text) for node, text in found]
    return tuple(edit for edit, _ in written), [before for _, before in written]


def doubled(network: Network, editor: Editor, index: int) -> Iterator[Change]:
    """A transposed conv that makes S times as much as it reads, where that ends a mismatch."""
    sizes = {(network.steps[end].output or ())[:-1] for end in network.steps[index].inputs}
    if len(sizes) != 2:
        return
    for end, own in apart(network, index).items():
        (wanted,) = sizes - {(network.steps[end].output or ())[:-1]}
        found = doubling.exact(network.steps, own, end, wanted, network.roundings)
        for number, (place, options) in enumerate(found):
            step = network.steps[place]
            layer = step.layer
            assert isinstance(layer, ConvTranspose), "only these are changed"
            texts = {key: option_text(value) for key, value in options.items()}
            edits = options_edits(editor, step, texts, layer)
            befores = ", ".join(option_text(getattr(layer, key)) for key in options)
            change = _change(
                network, step, ", ".join(options), befores, ", ".join(texts.values()), edits[0]
            )
            yield change._replace(edits=edits, rank=(0, 1, number))


def _made_longer(
    network: Network, editor: Editor, end: int, own: set[int], wanted: Shape, like: Step
) -> Change | None:
    """The last layer of a branch that enlarges, if nothing after it changes the size."""
    size = (network.steps[end].output or ())[:-1]
    for place in sorted(own, reverse=True):
        step = network.steps[place]
        if (step.output or ())[:-1] != size:
            return None
        try:
            if isinstance(step.layer, ConvTranspose):
                more = tuple(a - b for a, b in zip(wanted, size, strict=True))
                return _padded(network, editor, step, step.layer, more)
            if isinstance(step.layer, Upsample) and step.layer.scale:
                earlier = network.steps.index(like) < place and not step.place.calls
                return _sized(network, editor, step, wanted, like.name if earlier else "")
        except CannotEditError:
            return None
    return None


def _padded(
    network: Network, editor: Editor, step: Step, layer: ConvTranspose, more: Shape
) -> Change | None:
    """So many rows and columns more at the end."""
    options = options_at(step)
    if options is None or not options.entries or min(more) < 0:
        return None
    given = layer.output_pad * len(more) if len(layer.output_pad) == 1 else layer.output_pad
    value = tuple(a + b for a, b in zip(given, more, strict=True))
    text = option_text(value[:1] if len(set(value)) == 1 else value)
    node = options.get("output_pad")
    if node is not None:
        edit, before = editor.set_to(node, step, text)
    else:
        edit, before = editor.added(options, "output_pad", text), "0"
    return _change(network, step, "output_pad", before, text, edit)


def _sized(network: Network, editor: Editor, step: Step, wanted: Shape, like: str) -> Change | None:
    """A size in place of a factor: that of the volume it meets, where that is defined earlier."""
    options = options_at(step)
    if options is None or "scale" not in options.entries:
        return None
    key, value = options.entries["scale"]
    editor.replaced(value, "")  # a formula is not to be overwritten
    text = f"like: {like}" if like else f"size: {option_text(wanted)}"
    edit = Edit(editor.start(key), editor.end(value), text)
    return _change(network, step, "scale", editor.written(value), text, edit)


def _change(
    network: Network, step: Step, option: str, before: str, after: str, edit: Edit
) -> Change:
    line = network.source.line_of(edit.start)
    return Change(step.name, option, before, after, line, "", (edit,), (0, 0, 0))
