"""The one table of operations and what each becomes, family by family."""

from convcalc.interop.lower import activations, merges, moves, norms, reductions, windows
from convcalc.interop.lower.handler import Handler

HANDLERS: dict[str, Handler] = {
    **windows.HANDLERS,
    **reductions.HANDLERS,
    **norms.HANDLERS,
    **activations.HANDLERS,
    **merges.HANDLERS,
    **moves.HANDLERS,
}
