"""The activation of all convolutions of a model file, which `activation:` gives."""

import re
from typing import Any, NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.ultralytics.values import Value


class Activation(NamedTuple):
    """A layer kind and its options."""

    kind: str = "silu"
    options: tuple[tuple[str, Any], ...] = ()


_CALL = re.compile(
    r"\s*(?:torch\.)?nn\.([A-Za-z0-9]{1,20})\((?:([0-9]\.[0-9]{1,6})(?:, ?)?)?"
    r"(?:inplace=(?:True|False))?\)\s*"
)
_KINDS = {
    "SiLU": "silu",
    "ReLU": "relu",
    "ReLU6": "relu6",
    "LeakyReLU": "leaky_relu",
    "Hardswish": "hard_swish",
    "Mish": "mish",
}


def activation(found: Value) -> Activation:
    """The activation that a file asks for; SiLU where it asks for none.

    Raises:
        UnreadableError: it is not among those that are read.
    """
    if not found:
        return Activation()
    call = _CALL.fullmatch(found) if isinstance(found, str) else None
    kind = _KINDS.get(call[1]) if call else None
    if call is None or kind is None or (call[2] and kind != "leaky_relu"):
        said = f" ({plain(found[:40])})" if isinstance(found, str) else ""
        raise UnreadableError(
            f"`activation:`{said} is none that is read: {', '.join(_KINDS)}, as nn.ReLU()"
        )
    return Activation(kind, (("negative_slope", float(call[2])),) if call[2] else ())
