"""What a call of a program becomes, once all that it is given is read."""

from convcalc.interop.read.pt2.node import Call, Handler, Result
from convcalc.interop.read.pt2.operators import FREE


def called(handler: Handler, call: Call) -> Result:
    """What a call becomes; one with an argument that its function does not read is refused."""
    made = handler(call)
    results = made if isinstance(made, list) else [made]
    if results[0].shape is None:
        return made  # what it reads has no size, or it is refused already
    unread = call.arguments.unread(FREE)
    return call.unsupported(f"aten.{call.target} {unread}") if unread else made
