"""From bytes or a one-line pattern to a Network."""

from typing import Any

from convcalc.network.record import Network
from convcalc.network.remarks import Remarks
from convcalc.spec.document import Overrides, assemble
from convcalc.tree.decode import Limits, decode
from convcalc.tree.nodes import Mapping, Marked, Node
from convcalc.tree.reader import read

_NO_OVERRIDES = Overrides()
_LIMITS = Limits()


def load(
    path: str,
    data: bytes,
    overrides: Overrides = _NO_OVERRIDES,
    limits: Limits = _LIMITS,
    parser: Any = None,
) -> Network:
    """The network of a spec. Whatever is wrong with it is in `Network.findings`, never raised.

    `path` is what findings call it; `parser` is the PyYAML loader class (default: the fastest).
    """
    source, findings = decode(path, data, limits)
    remarks = Remarks(path, findings)
    root: Node | None = None
    if not findings:
        root, faults = read(source, limits, parser)
        remarks.findings.extend(faults)
        remarks.refused = {f.span for f in faults if f.span and "(<<)" in f.message}
    return assemble(source, root, remarks, overrides, limits)


def load_pattern(
    pattern: str, overrides: Overrides = _NO_OVERRIDES, limits: Limits = _LIMITS
) -> Network:
    """The network of a pattern such as ``[conv3-32 relu pool2]*2 fc-10``."""
    source, findings = decode("<net>", pattern.encode("utf-8", "replace"), limits)
    remarks = Remarks(source.path, findings)
    root = Mapping(0)
    text = source.text
    layers = Marked(text, True, 0, len(text))
    root.entries["layers"] = (Marked("layers", True, 0, len(text)), layers)
    return assemble(source, root, remarks, overrides, limits)
