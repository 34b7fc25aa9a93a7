"""One option of a layer with another value, as edits of the file's text."""

from convcalc.fix.record import Change
from convcalc.layers.nearest import lies_side_by_side
from convcalc.layers.pool import Pool
from convcalc.layers.repair import WINDOW, is_larger
from convcalc.layers.too_much_padding import exceeds_half
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape
from convcalc.spec.edit import (
    CannotEditError,
    Edit,
    Editor,
    kind_of,
    options_at,
    with_options,
)
from convcalc.spec.reworded import as_word, with_values
from convcalc.spec.shortforms import expand
from convcalc.tree.nodes import Node, Scalar

#: What alters the net least comes first: padding learns nothing, a kernel changes the weights (of
#: a pool there are none), the input is often not the author's to choose, a stride changes every
#: size after it. Where rounding down comes depends on what it loses (`Offer.rank`).
ORDER = ("pad", "kernel", "rounding", "input", "stride")

_QUOTES = ("'", '"')


def option_change(
    network: Network,
    editor: Editor,
    step: Step,
    option: str,
    value: Shape,
    layer: Windowed,
    shape: Shape,
    word: str = "",
) -> Change:
    """One option of a layer that reads this shape, with another value, perhaps a formula for it.

    Raises:
        CannotEditError: the layout of the file does not allow the edit.
    """
    spatial = shape[:-1]
    alone = option == "kernel" and isinstance(layer, Pool) and all(is_larger(layer, spatial))
    text = word or option_text(value)
    edit, before = edit_of(editor, step, option, text, layer, alone)
    plan = layer.geometry(spatial)
    assert isinstance(plan, tuple) and hasattr(plan, "kernel"), "a change was found for it"
    given: tuple[int, ...] = tuple(
        number
        for item in getattr(plan, option)
        for number in (item if isinstance(item, tuple) else (item,))
    )
    wanted = value * len(given) if len(value) == 1 else value
    distance = sum(abs(a - b) for a, b in zip(given, wanted, strict=len(given) == len(wanted)))
    if option == "pad" and wanted == (0,) * len(wanted) and lies_side_by_side(layer, spatial):
        distance = 0  # patches have none
    uneven = option == "pad" and len(value) > 1 and wanted[::2] != wanted[1::2]
    rank = (ORDER.index(option), int(uneven), distance, *value)
    line = network.source.line_of(edit.start)
    skewed = uneven and any(given) and given[::2] == given[1::2]
    made = Change(step.name, option, before, text, line, "", (edit,), rank, skewed)
    wide = option == "pad" and not exceeds_half(layer, spatial)
    wide = wide and exceeds_half(layer.replace(pad=value), spatial)
    return made._replace(variable=sets_variable(editor, edit), overpads=wide)


def sets_variable(editor: Editor, edit: Edit) -> bool:
    """Whether an edit is of a value under `vars`."""
    entries = editor.variables.entries.values() if editor.variables else ()
    return any(editor.start(value) <= edit.start < editor.end(value) for _, value in entries)


def edit_of(
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
            return editor.set_to(node, step, text)
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
        return tuple(edit_of(editor, step, *pair, layer)[0] for pair in values.items())
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
