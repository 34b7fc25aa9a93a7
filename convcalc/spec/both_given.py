"""An option that is given twice in other words: ``kernel: 3, kernal: 3``, ``K: 8, filters: 8``.

Imported only where something is wrong.
"""

from itertools import islice

from convcalc.findings import brief, plain
from convcalc.layers.base import Layer
from convcalc.spec.as_text import text_of
from convcalc.suggest import Suggestions
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

_LONGEST = 60  #: letters of a value that is shown
_COMPARED = 20  #: options of a layer that are compared with each other; none has so many


def misspelt(
    kind: type[Layer], word: str, options: Mapping | None, suggest: Suggestions
) -> tuple[str, ...]:
    """Help for a word that is no option, beside the option that it nearly is; () for others."""
    table = {option.key: option for option in kind.options()}
    own = table.get(suggest.option(word, list(table)))
    if own is None or options is None:
        return ()
    given = next((w for w in (own.key, own.letter) if w and w in options.entries), "")
    value = options.entries[word][1]
    if given:
        return left_out(given, options.entries[given][1], word, value)
    for other, (_, more) in islice(options.entries.items(), _COMPARED):
        slip = other != word and other not in table and suggest.nearest(other, tuple(table))
        if slip == own.key == suggest.nearest(word, tuple(table)) and not same(more, value):
            one, two = sorted(((other, more), (word, value)), key=lambda given: given[1].start)
            return left_out(*one, *two)
    return ()


def left_out(first: str, value: Node, again: str, other: Node) -> tuple[str, ...]:
    """Which of two words for one option to leave out: the second where both say the same."""
    own, more = text_of(value), text_of(other)
    if same(value, other):
        return (f"leave out `{plain(again)}`: `{first}: {brief(own, _LONGEST)}` says the same",)
    both = f"`{first}: {brief(own, _LONGEST)}` or `{plain(again)}: {brief(more, _LONGEST)}`"
    return (f"it is either {both}: leave the other out",)


def same(one: Node, other: Node) -> bool:
    """Whether two values are scalars, or lists of scalars, of the same texts."""
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.text == other.text
    if not isinstance(one, Sequence) or not isinstance(other, Sequence):
        return False
    pairs = zip(one.items, other.items, strict=False)
    return len(one.items) == len(other.items) and all(
        isinstance(a, Scalar) and isinstance(b, Scalar) and a.text == b.text for a, b in pairs
    )
