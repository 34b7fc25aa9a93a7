"""The single changes that could repair one layer, written as edits of the file's text."""

import re
from collections.abc import Iterator

from convcalc.fix.filters import filter_changes
from convcalc.fix.record import Change
from convcalc.fix.work import Work
from convcalc.layers.pool import Pool
from convcalc.layers.repair import WINDOW, is_larger
from convcalc.layers.repair import changes as exact_values
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.record import INPUT, Network, Step
from convcalc.shapes import Shape, axis_names, written
from convcalc.sizes.nearest import nearest_sizes
from convcalc.sizes.resize import UnfinishedNetError
from convcalc.spec.edit import CannotEditError, Edit, Editor, kind_of, options_at
from convcalc.spec.reworded import as_word, with_values
from convcalc.spec.shortforms import expand
from convcalc.tree.nodes import Mapping, Node, Scalar
from convcalc.window import Rounding

#: What alters the net least comes first: padding learns nothing, a kernel changes the weights (of
#: a pool there are none), the input is often not the author's to choose, a stride changes every
#: size after it. Where rounding down comes depends on what it loses (`Offer.rank`).
_ORDER = ("pad", "kernel", "rounding", "input", "stride")

_AS_ONE = 2  #: layers that are sized alone as fast as one with all that is known of it

_QUOTES = ("'", '"')
#: what follows the colon of a short form that is a key: nothing
_NO_OPTIONS = re.compile(r"((?: *(?:null\b|~))?) *(?=[,}#\r\n]|\Z)")


def changes_for(network: Network, root: Mapping, index: int, work: Work) -> Iterator[Change]:
    """Every change that makes a layer come out, as far as the file's layout allows the edit."""
    step = network.steps[index]
    layer, shape = step.layer, network.steps[step.inputs[0]].output
    editor, variables = Editor(network.source), root.get("vars")
    editor.variables = variables if isinstance(variables, Mapping) else None
    if len(step.inputs) > 1:
        yield from filter_changes(network, editor, index, work)
    if not isinstance(layer, Windowed) or shape is None:
        return
    for option, values in exact_values(layer, shape):
        for value in values:
            try:
                yield option_change(network, editor, step, option, value, layer, shape)
            except CannotEditError:
                continue
    if not work.is_over:
        yield from _input(network, editor, work)
    yield from _rounding(network, editor, root, step, layer)


def option_change(
    network: Network,
    editor: Editor,
    step: Step,
    option: str,
    value: Shape,
    layer: Windowed,
    shape: Shape,
) -> Change:
    """One option of a layer that reads this shape, with another value.

    Raises:
        CannotEditError: the layout of the file does not allow the edit.
    """
    spatial = shape[:-1]
    alone = option == "kernel" and isinstance(layer, Pool) and all(is_larger(layer, spatial))
    edit, before = _edit_of(editor, step, option, option_text(value), layer, alone)
    plan = layer.geometry(spatial)
    assert isinstance(plan, tuple) and hasattr(plan, "kernel"), "a change was found for it"
    given: tuple[int, ...] = tuple(
        number
        for item in getattr(plan, option)
        for number in (item if isinstance(item, tuple) else (item,))
    )
    wanted = value * len(given) if len(value) == 1 else value
    distance = sum(abs(a - b) for a, b in zip(given, wanted, strict=len(given) == len(wanted)))
    uneven = option == "pad" and len(value) > 1 and wanted[::2] != wanted[1::2]
    rank = (_ORDER.index(option), int(uneven), distance, *value)
    line = network.source.line_of(edit.start)
    skewed = uneven and any(given) and given[::2] == given[1::2]
    return Change(step.name, option, before, option_text(value), line, "", (edit,), rank, skewed)


def _edit_of(
    editor: Editor, step: Step, option: str, text: str, layer: Windowed, alone: bool = False
) -> tuple[Edit, str]:
    """The edit that gives an option a value, and the value that was there before.

    With the kernel of a pool that has one position `alone`, the stride of a short form goes along.
    """
    options = options_at(step)
    if options is not None and options.entries:
        letter = next((o.letter for o in layer.options() if o.key == option), "")
        node = options.get(option) or (options.get(letter) if letter else None)
        if node is not None:
            node = editor.set_at(node, step)
            return editor.replaced(node, text), editor.written(node)
        return editor.added(options, option, text), _default(layer, option)
    kind = kind_of(step)
    word = getattr(kind, "text", "")
    named = WINDOW if alone else option
    try:
        edit = editor.replaced(kind, _short_form(word, named, text))
    except CannotEditError:
        edit = _written_out(editor, kind, len(step.size.windows) or 2, {named: text})
    return edit, _default(layer, option)


def options_edits(
    editor: Editor, step: Step, values: dict[str, str], layer: Windowed
) -> tuple[Edit, ...]:
    """The edits that give several options of one layer values.

    Raises:
        CannotEditError: the layout of the file does not allow them.
    """
    options, kind = options_at(step), kind_of(step)
    if options is not None and options.entries:
        return tuple(_edit_of(editor, step, *pair, layer)[0] for pair in values.items())
    word = getattr(kind, "text", "")
    try:
        for option, text in values.items():
            word = _short_form(word, option, text)
        return (editor.replaced(kind, word),)
    except CannotEditError:
        return (_written_out(editor, kind, len(step.size.windows) or 2, values),)


def _default(layer: Windowed, option: str) -> str:
    value = layer.steps if option == "stride" else layer.__dict__.get(option)
    return option_text(value) if value is not None else "not given"


def _short_form(word: str, option: str, text: str) -> str:
    """A short form with one option changed.

    Raises:
        CannotEditError: a short form cannot say it.
    """
    made = as_word(word, option, text)
    if not made:
        raise CannotEditError(f"{word} cannot say {option}: {text}")
    return made


def _written_out(editor: Editor, kind: Node, axes: int, values: dict[str, str]) -> Edit:
    """A short form that is an entry of a list, as its kind with options, some of them changed.

    Raises:
        CannotEditError: it is no short form, a word of a pattern or a key with a value.
    """
    form = expand(kind.text, axes) if isinstance(kind, Scalar) else None
    if form is None or not isinstance(kind, Scalar) or not _is_whole(editor, kind):
        raise CannotEditError("it is not a short form in a list")
    options = with_values({key: option_text(value) for key, value in form[1]}, values)
    layer = f"{form[0]}: {{{', '.join(f'{key}: {value}' for key, value in options.items())}}}"
    return with_options(editor, editor.replaced(kind, layer))


def _is_whole(editor: Editor, kind: Scalar) -> bool:
    """Whether a word is a value of its own, perhaps in quotes, and not one of a pattern."""
    if type(kind) is Scalar:  # a word of a pattern is a `Marked`
        return True
    written = editor.written(kind)
    return written[:1] in _QUOTES and written == f"{written[0]}{kind.text}{written[0]}"


def with_options(editor: Editor, edit: Edit) -> Edit:
    """A layer with options in place of a short form: in brackets, unless it has its line.

    Raises:
        CannotEditError: the short form is a key that has a value.
    """
    if key := re.match(r" *:", editor.text[edit.end :]):
        colon = edit.end + key.end()
        value = _NO_OPTIONS.match(editor.text, colon)
        if value is None:
            raise CannotEditError("it is a key with a value")
        return edit._replace(end=colon + len(value[1]))
    line = editor.text[editor.text.rfind("\n", 0, edit.start) + 1 : edit.start]
    alone = re.fullmatch(r"[ -]*- +", line) is not None
    return edit if alone else edit._replace(text=f"{{{edit.text}}}")


def _input(network: Network, editor: Editor, work: Work) -> Iterator[Change]:
    """Another input for which the whole net comes out."""
    step = network.steps[0]
    shape = step.output
    if shape is None or step.name != INPUT:
        return
    try:
        sizes = nearest_sizes(network, lambda sized: work.spent(sized // _AS_ONE))
    except UnfinishedNetError:
        return
    for spatial in sizes:
        if any(2 * new < old for new, old in zip(spatial, shape, strict=False)):
            continue  # hardly a repair: nothing of the image would be left
        wanted = (*spatial, shape[-1])
        try:
            edits = _resized(editor, kind_of(step), wanted)
        except CannotEditError:
            return
        rank = (_ORDER.index("input"), sum(map(abs, _less(spatial, shape))), *spatial)
        line = network.source.line_of(edits[0].start)
        before, after = written(shape), written(wanted)
        yield Change(INPUT, "input", before, after, line, f"the input is {after}", edits, rank)


def _less(spatial: Shape, shape: Shape) -> Shape:
    return tuple(a - b for a, b in zip(spatial, shape, strict=False))


def _resized(editor: Editor, node: Node, shape: Shape) -> tuple[Edit, ...]:
    if isinstance(node, Mapping):
        names = (*axis_names(len(shape) - 1), "channels")
        values = [node.get(name) for name in names]
        return tuple(
            editor.replaced(value, str(size))
            for value, size in zip(values, shape, strict=True)
            if value is not None
        )
    edit = editor.replaced(node, written(shape))
    if "x" not in editor.text[edit.start : edit.end]:
        raise CannotEditError("the input is not written as HxWxC")
    return (edit,)


def _rounding(
    network: Network, editor: Editor, root: Mapping, step: Step, layer: Windowed
) -> Iterator[Change]:
    """Rounding down or up instead of coming out: a pool by itself, convs for the whole file."""
    if isinstance(layer, Pool):
        alone = [
            change
            for rounding in (Rounding.CEIL, Rounding.FLOOR)
            for change in _pool_rounding(network, editor, step, layer, rounding)
        ]
        yield from alone
        if not alone:  # a word of a pattern has no options
            yield from _file_rounding(network, editor, root, "floor", 1)
    elif network.roundings.conv is Rounding.EXACT:
        pool = network.roundings.pool
        words = ["{conv: floor}" if pool is Rounding.EXACT else f"{{conv: floor, pool: {pool}}}"]
        if pool is Rounding.EXACT:
            words.append("floor")
        for number, wanted in enumerate(words):
            yield from _file_rounding(network, editor, root, wanted, number)


def rounded_down(network: Network, editor: Editor, root: Mapping) -> list[Change]:
    """The whole file rounded down, as PyTorch does; nothing where its layout forbids that."""
    pool = network.roundings.pool
    wanted = "floor" if pool is not Rounding.CEIL else "{conv: floor, pool: ceil}"
    return list(_file_rounding(network, editor, root, wanted, 1))


def _file_rounding(
    network: Network, editor: Editor, root: Mapping, wanted: str, number: int
) -> Iterator[Change]:
    node = root.get("rounding")
    try:
        if node is not None:
            edit = editor.replaced(node, wanted)
        else:
            start = editor.start(root.entries["layers"][0])
            edit = Edit(start, start, f"rounding: {wanted}{editor.newline()}")
    except (CannotEditError, KeyError):
        return
    line = network.source.line_of(edit.start)
    rank = (_ORDER.index("rounding"), number)
    effect = "every conv" + (" and pool" if wanted == "floor" else "") + " is rounded down"
    before = editor.written(node) if node else "exact"
    yield Change("", "rounding", before, wanted, line, effect, (edit,), rank)


def _pool_rounding(
    network: Network, editor: Editor, step: Step, layer: Pool, rounding: Rounding
) -> Iterator[Change]:
    try:
        edit, before = _edit_of(editor, step, "rounding", rounding.value, layer)
    except CannotEditError:
        return
    line = network.source.line_of(edit.start)
    effect = f"{step.name} is rounded {'up' if rounding is Rounding.CEIL else 'down'}"
    if before == "not given":
        before = network.roundings.pool.value
    rank = (_ORDER.index("rounding"), 0 if rounding is Rounding.CEIL else 1)
    yield Change(step.name, "rounding", before, rounding.value, line, effect, (edit,), rank)
