"""The findings of one file while it is read."""

from convcalc.findings import Finding, Related, Severity, plain
from convcalc.spec.network import called
from convcalc.spec.suggest import Suggestions
from convcalc.spec.tree import Node, Scalar

_LONGEST = 400  #: of a message; a spec can hold a word of a million letters


def brief(text: str, most: int = _LONGEST) -> str:
    """Text of a spec that is safe to print, and cut where it is too long to read."""
    return plain(text if len(text) <= most else f"{text[:most]}...")


class Remarks:
    """Collects findings about nodes of one file, each once."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.suggest = Suggestions()
        self.told: set[tuple[str, int, str]] = set()

    def error(
        self,
        code: str,
        message: str,
        node: Node,
        label: str = "",
        help: tuple[str, ...] = (),
        related: tuple[tuple[str, Node], ...] = (),
        calls: tuple[Node, ...] = (),
        layer: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Record a finding at a node, with the calls that led there."""
        already = (code, node.start, message)
        if already in self.told or (isinstance(node, Scalar) and self.merges(node)):
            return
        self.told.add(already)
        others = tuple(Related(text, self.path, other.span) for text, other in related)
        self.findings.append(
            Finding(
                code,
                severity,
                brief(message),
                self.path,
                node.span,
                brief(label),
                layer,
                tuple(map(brief, help)),
                (*others, *called(self.path, calls)),
            )
        )

    def merges(self, node: Scalar) -> bool:
        """Whether this is a merge key, of which the reader has told already."""
        return node.text == "<<" and any(f.span == node.span for f in self.findings)
