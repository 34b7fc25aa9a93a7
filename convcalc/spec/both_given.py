"""An option that is given twice in other words: ``kernel: 3, kernal: 3``, ``K: 8, filters: 8``.

Imported only where something is wrong.
"""

from convcalc.findings import brief, plain
from convcalc.layers.base import Layer
from convcalc.spec.as_text import text_of
from convcalc.suggest import Suggestions
from convcalc.tree.nodes import Mapping, Node

_LONGEST = 60  #: letters of a value that is shown


def misspelt(
    kind: type[Layer], word: str, options: Mapping | None, suggest: Suggestions
) -> tuple[str, ...]:
    """Help for a word that is no option, beside the option that it nearly is; () for others."""
    table = {option.key: option for option in kind.options()}
    own = table.get(suggest.option(word, list(table)))
    if own is None or options is None:
        return ()
    given = next((w for w in (own.key, own.letter) if w and w in options.entries), "")
    if not given:
        return ()
    return left_out(given, options.entries[given][1], word, options.entries[word][1])


def left_out(first: str, value: Node, again: str, other: Node) -> tuple[str, ...]:
    """Which of two words for one option to leave out: the second where both say the same."""
    own, more = text_of(value), text_of(other)
    if own == more:
        return (f"leave out `{plain(again)}`: `{first}: {brief(own, _LONGEST)}` says the same",)
    both = f"`{first}: {brief(own, _LONGEST)}` or `{plain(again)}: {brief(more, _LONGEST)}`"
    return (f"it is either {both}: leave the other out",)
