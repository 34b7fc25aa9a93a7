"""A name that a block's body uses and a call gives, and that its `args:` do not list.

Imported only where something is wrong.
"""

from convcalc.network.remarks import Remarks
from convcalc.spec.blocks import Block
from convcalc.spec.unused import mentioned
from convcalc.spec.values import RESERVED


def help(block: Block, word: str, remarks: Remarks) -> tuple[str, ...]:
    """What to type for an argument that a block uses without listing it; () for any other."""
    if not remarks.helps or block.layers is None or word in RESERVED:
        return ()
    known = remarks.suggest.used
    if block.name not in known:  # a body may have very many layers, and calls be as many
        _, names = mentioned([block.layers])
        known[block.name] = frozenset(names)
    if word not in known[block.name]:
        return ()
    return (f"{block.name} uses it: add `{word}: ` to its `args:`",)
