"""An entry with no kind, or with several keys that may be one: what it is read as, and what to say.

Imported only where something is wrong.
"""

from collections.abc import Sequence as Items
from typing import TYPE_CHECKING

from convcalc import dialects
from convcalc.findings import plain
from convcalc.spec import headless, shortforms, type_beside
from convcalc.spec.arriving import axis
from convcalc.spec.as_text import text_of
from convcalc.spec.context import Context, Entry
from convcalc.spec.misplaced import CONDITIONS, is_open, several
from convcalc.spec.misplaced import beside as help_beside
from convcalc.spec.option_hints import of_all_layers
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from convcalc.spec.steps import Steps

_Key = tuple[str, Scalar, Node]


def sorted_out(
    steps: "Steps",
    node: Mapping,
    keys: list[_Key],
    beside: dict[str, Node],
    context: Context,
    at: int,
    within: tuple[Items[Node], int],
) -> Entry | None:
    """The entry that is meant, with what is `beside` its kind; None where it has no kind.

    `within` is the list that was read last, and the place in it: that of the entry if it is there.
    """
    remarks, calls = steps.remarks, context.calls
    if not keys:
        items, place = within
        own = place < len(items) and items[place] is node
        help = headless.help(*(within if own else ((node,), 0)))
        remarks.error("CC019", "this entry has no layer kind", node, "", help, calls=calls)
        return None
    kind = _only_kind(steps, keys)
    if kind is not None:
        options = _options(steps, kind[0])
        for word, key, value in keys:
            if word != kind[0]:
                around = remarks.suggest, beside, context.alone
                over = axis(kind[0], word, text_of(value), steps.graph.steps[at])
                help = over or type_beside.again(word, value, kind[0], steps.blocks)
                help = help or of_all_layers(word, value)
                help = help or help_beside(word, value, kind, options, *around)
                text = f"unknown key {plain(word)!r} beside {kind[0]}"
                remarks.error("CC010", text, key, "unknown", help, calls=calls)
        return Entry(*kind, beside)
    help, meant = several(keys, steps.graph.steps[at], context.alone, steps.blocks)
    names = " and ".join(plain(key[0]) for key in keys[:3])
    text = f"one entry holds several {'keys' if meant else 'layers'}: {names}"
    remarks.error("CC019", text, keys[1][1], "a second one", help, calls=calls)
    known = next((key for key in keys if steps.is_kind(key[0])), keys[0])
    return Entry(*(meant or known), beside)


def _options(steps: "Steps", kind: str) -> list[str]:
    """The options of a kind, or the arguments of a block."""
    block = steps.blocks.get(kind)
    return [*block.args] if block else [option.key for option in steps.options_of(kind)]


def _only_kind(steps: "Steps", keys: list[_Key]) -> _Key | None:
    """The one key among several that starts an entry; ``repeat: 2`` was meant as `times`."""
    known = [k for k in keys if steps.is_kind(k[0])]
    known = [k for k in known if k[0] != "repeat" or isinstance(k[2], Mapping)]
    if any(k[0].lower() in type_beside.KEYS for k in keys):
        own = type_beside.only_kind(known, keys, steps.blocks)
        if not own:
            return None
        known = own
    if len(keys) <= _SEVERAL:
        known = [k for k in known if not any(_takes(steps, other, k) for other in keys)]
    known = known or [k for k in keys if shortforms.expand(k[0])]
    if not known:
        known = [k for k in keys if dialects.kind(k[0], steps.kinds) and k[0][-6:] != "_param"]
        if len(keys) <= _SEVERAL:
            known = [k for k in known if not any(_takes(steps, other, k) for other in keys)]
    known = known or [k for k in keys if k[0].lower() not in CONDITIONS]
    return known[0] if len(known) == 1 else None


def _takes(steps: "Steps", holder: _Key, key: _Key) -> bool:
    """Whether a key that is a kind too is an option of the one beside it: `pad` beside `conv:`."""
    kind, _, given = holder
    word, _, value = key
    form = shortforms.expand(kind)
    meant = form[0] if form else kind
    if not form and not steps.is_kind(kind):
        meant = dialects.kind(kind, steps.kinds)
    names = _options(steps, meant)
    if word not in names or kind == word:
        return False
    if is_open(given):
        return not is_open(value) and (not form or bool(shortforms.lettered(kind, {word: "1"})))
    stated = [*given.entries] if isinstance(given, Mapping) else []
    if meant in steps.blocks and not isinstance(given, Mapping):
        stated = names[: len(given.items) if isinstance(given, Sequence) else 1]
    own = {dialects.option(key, names) or key for key in stated}
    return isinstance(value, Scalar | Sequence) and not is_open(value) and word not in own


_SEVERAL = 20  #: keys of an entry that are compared with each other; no entry needs so many
