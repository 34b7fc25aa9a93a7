"""From bytes or a one-line pattern to a Network."""

from typing import Any

from convcalc.findings import Span
from convcalc.network.record import Network
from convcalc.network.remarks import Remarks
from convcalc.spec.blocks import BlockMemory
from convcalc.spec.document import Overrides, assemble
from convcalc.tree.decode import Limits, decode
from convcalc.tree.nodes import Mapping, Marked, Node
from convcalc.tree.reader import read

_NO_OVERRIDES = Overrides()
_LIMITS = Limits()
#: what findings call a net in one line
PATTERN_PATH = "<net>"


class Prepared:
    """A spec that is read once, for networks with different overrides."""

    def __init__(
        self, path: str, data: bytes, limits: Limits = _LIMITS, parser: Any = None
    ) -> None:
        self.path = path
        self.limits = limits
        self.source, self.findings = decode(path, data, limits)
        self.refused: set[Span] = set()
        self.root: Node | None = None
        if not self.findings:
            self.root, faults = read(self.source, limits, parser)
            self.findings = (*self.findings, *faults)
            self.refused = {f.span for f in faults if f.span and "(<<)" in f.message}
        self.memory = BlockMemory()
        self.entries = dict(self.root.entries) if isinstance(self.root, Mapping) else {}

    def network(
        self, overrides: Overrides = _NO_OVERRIDES, before: Network | None = None
    ) -> Network:
        """The network under some overrides. What is wrong with it is among its findings.

        With the one `before`, which is nearly the same, it shares what is.
        """
        if isinstance(self.root, Mapping):  # a key that is nearly one was read as that one
            self.root.entries.clear()
            self.root.entries.update(self.entries)
        remarks = Remarks(self.path, list(self.findings))
        if self.refused:
            remarks.refused = self.refused
        return assemble(
            self.source, self.root, remarks, overrides, self.limits, False, self.memory, before
        )


def load(
    path: str,
    data: bytes,
    overrides: Overrides = _NO_OVERRIDES,
    limits: Limits = _LIMITS,
    parser: Any = None,
    before: Network | None = None,
) -> Network:
    """The network of a spec. Whatever is wrong with it is in `Network.findings`, never raised.

    `path` is what findings call it; `parser` is the PyYAML loader class (default: the fastest).
    With a network of nearly the same text, the one `before`, it shares what both have.
    """
    return Prepared(path, data, limits, parser).network(overrides, before)


def load_pattern(
    pattern: str, overrides: Overrides = _NO_OVERRIDES, limits: Limits = _LIMITS
) -> Network:
    """The network of a pattern such as ``[conv3-32 relu pool2]*2 fc-10``.

    The variables that are set are those of `convcalc.spec.notes_words`.
    """
    source, findings = decode(PATTERN_PATH, pattern.encode("utf-8", "replace"), limits)
    remarks = Remarks(source.path, findings)
    root = Mapping(0)
    text = source.text
    layers = Marked(f"{text} ", True, 0, len(text))  # a pattern, even of one word
    root.entries["layers"] = (Marked("layers", True, 0, len(text)), layers)
    return assemble(source, root, remarks, overrides, limits, free=True)
