"""The findings of one file while it is read."""

from convcalc.findings import Finding, Related, Severity
from convcalc.spec.network import called
from convcalc.spec.tree import Node


class Remarks:
    """Collects findings about nodes of one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []

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
        others = tuple(Related(text, self.path, other.span) for text, other in related)
        self.findings.append(
            Finding(
                code,
                severity,
                message,
                self.path,
                node.span,
                label,
                layer,
                help,
                (*others, *called(self.path, calls)),
            )
        )
