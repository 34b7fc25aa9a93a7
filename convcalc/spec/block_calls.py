"""What to type for a block of the file, or a repeat, that is called as elsewhere: ``unit(8, 2)``.

Imported only where something is wrong.
"""

import re
from collections.abc import Container, Mapping

from convcalc.dialects import folded
from convcalc.findings import brief, plain
from convcalc.spec import call_forms
from convcalc.spec.as_text import text_of
from convcalc.spec.blocks import Block, Blocks
from convcalc.spec.call_forms import Form
from convcalc.spec.context import Entry, is_empty
from convcalc.spec.values import Reader
from convcalc.tree.nodes import Mapping as Mapped
from convcalc.tree.nodes import Node, Scalar, Sequence
from convcalc.tree.slips import either

_CALL = re.compile(r"(?:\w+\.)*(\w[\w-]*)\s*\(")
_LISTED = 10  #: arguments that a help names
_WHY = "a block is called without round brackets"
_ARGUMENTS = "arguments of a block are a list, or a mapping of their names"


def help(
    call: str, blocks: Blocks, variables: Container[str] = (), alone: bool = True
) -> tuple[str, ...]:
    """What to type for a call of a block, `alone` in its entry or among a pattern's words.

    () for a call of anything else.
    """
    form = call_forms.of_entry(call, blocks, variables)
    match = _CALL.match(call)
    if form is not None and alone:
        return (*_meant(form), _WHY if match else _ARGUMENTS)
    if form is not None:
        where = " as an entry of a list of layers" * (form.given != "")
        return (f"write `{form.entry}`{where}",)
    if match is None:
        return ()
    name = blocks.meant(match[1])
    if not name:
        if folded(match[1]) != "repeat":
            return ()
        return ("write `repeat: {times: 2, layers: [conv3-64, relu]}`",)
    names = tuple(blocks[name].args)
    takes = f" with its arguments: {', '.join(names[:_LISTED])}" if names else ""
    return (f"write `{f'{name}: [...]' if names else name}`{takes}", *[_WHY] * alone)


def in_text(text: str, blocks: Blocks, variables: Container[str]) -> tuple[str, ...]:
    """What is wrong with a text that is a call of a block and nothing else, and the help."""
    form = call_forms.of_entry(text, blocks, variables)
    if form is None:
        return ()
    if not form.given and form.times:
        return ("a block is repeated by the key `times`", *_meant(form))
    round = _CALL.match(text) is not None
    what = (
        "a block is called without round brackets"
        if round
        else "a block's arguments are behind `: `"
    )
    return (what, *_meant(form), *[_ARGUMENTS] * (not round))


def _meant(form: Form) -> tuple[str, ...]:
    """The call as a word of a list is replaced by it."""
    if form.product:
        return (_either(form),)
    if form.times:
        entry = form.entry if form.given else f"{form.name}: "
        return (f"did you mean `{{{entry}, times: {form.times}}}`?",)
    return (f"did you mean `{form.entry}`?",)


def _either(form: Form) -> str:
    return either(form.entry, form.times, f"{form.name}: {form.product}", "the block")


def beside(entry: Entry, blocks: Blocks, variables: Container[str]) -> tuple[str, ...]:
    """What to type for a call that is a key, with others beside it: ``unit(8, 2):``."""
    form = call_forms.of_entry(entry.kind, blocks, variables)
    if form is None or (entry.value is not None and not is_empty(entry.value)):
        return ()
    return (_in_place(form, entry.beside, f"{entry.kind}:"), _ARGUMENTS)


def joined(entry: Entry, blocks: Blocks, variables: Container[str]) -> tuple[str, ...]:
    """What to type for a call whose first colon YAML has taken for its own: ``unit(c: 16)*2``."""
    value = entry.value
    if not isinstance(value, Scalar) or not value.plain or entry.at.span.line != value.span.line:
        return ()
    text = f"{entry.kind}: {value.text}"
    form = call_forms.of_entry(text, blocks, variables)
    return () if form is None else (_in_place(form, entry.beside, text), _ARGUMENTS)


def _in_place(form: Form, others: Mapping[str, Node], written: str) -> str:
    """The call in place of a key with its value, among `others`."""
    if form.product:
        return _either(form)
    keys = f", times: {form.times}" * bool(form.times)
    if keys and "times" in others:
        return f"write `{form.entry}`, and how often in `times:` alone"
    entry = form.entry if form.given else f"{form.name}:"
    return f"write `{entry}{keys}` in place of `{brief(written)}`"


def is_call(block: Block, given: Node, at: Node, caller: Reader) -> bool:
    """Whether the arguments of a call are written as elsewhere, which is reported then."""
    body = _body(given, block)
    form = call_forms.given(block, body, caller.variables) if body else None
    if form is None or not form.given or not _is_odd(form, body, given):
        return False
    key = Scalar(block.name, at.start)
    one_line = given.span.line == given.span.end_line
    text = f"the arguments of {block.name} are {brief(body, 60)}"
    help = _in_place(form, {}, f"{block.name}: {plain(body)}")
    caller.remarks.error(
        "CC014",
        text,
        given if one_line and not isinstance(given, Mapped) else key,
        "",
        (help, _ARGUMENTS),
        calls=caller.calls,
    )
    return True


def _is_odd(form: Form, body: str, given: Node) -> bool:
    """Whether arguments that are read so are no value of the first alone."""
    if not isinstance(given, Scalar):
        return True
    if given.plain and form.given == body:
        return False
    several = form.times or "," in body or form.given[:1] in {"[", "{"} or body[:1] in {"(", "["}
    return bool(several) and call_forms.is_certain(form, body)


def _body(given: Node, block: Block) -> str:
    """Arguments as a text, in the brackets they have; '' where they are no odd ones."""
    if isinstance(given, Scalar):
        return given.text if given.plain or given.text[:1] in "[{" else ""
    if isinstance(given, Sequence):
        items = [_pair(item) for item in given.items]
        odd = any(call_forms.is_named(item, block.args) for item in items)
        return f"[{', '.join(items)}]" if odd else ""
    if isinstance(given, Mapped):
        pairs = ((word, node) for word, (_, node) in given.entries.items())
        items = [word if is_empty(node) else f"{word}: {text_of(node)}" for word, node in pairs]
        return f"{{{', '.join(items)}}}"
    return ""


def _pair(item: Node) -> str:
    """An item of a list; ``s: 2`` where it is a mapping of one key."""
    if isinstance(item, Mapped) and len(item.entries) == 1:
        ((word, (_, value)),) = item.entries.items()
        return f"{word}: {text_of(value)}"
    return text_of(item)
