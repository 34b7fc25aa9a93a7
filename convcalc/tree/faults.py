"""What is wrong with a file as YAML, recorded while its tree is built."""

from typing import TYPE_CHECKING

from convcalc.findings import Finding, Related, Severity, Span, brief, plain
from convcalc.tree.nodes import BESIDE, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from convcalc.tree.syntax import Fault


class StopReadingError(Exception):
    """The tree cannot be built beyond this point; the finding is already recorded."""


_LONGEST = 60  #: letters of a value that is shown


def _same(one: Node, other: Node) -> str:
    """The text of two scalars that are the same; '' of all others, and of no text."""
    if not isinstance(one, Scalar) or not isinstance(other, Scalar):
        return ""
    return one.text if one.text == other.text else ""


class Faults:
    """The findings of one file, in order."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []

    def duplicate(self, first: Scalar, second: Scalar, *values: Node, item: bool = False) -> None:
        """The same key twice in one mapping, with these two values; `item`: one of a list's."""
        lists = all(isinstance(value, Sequence) for value in values)
        mappings = all(isinstance(value, Mapping) for value in values)
        both = "put both lists under one, or " if lists else "put both under one, or " * mappings
        is_kind = item and second.text not in BESIDE
        layers = ("or, where they are two layers, give each its own `- `",) if is_kind else ()
        message = f"duplicate key {plain(second.text)!r}"
        help = f"{both}remove one of the two"
        if not is_kind and (text := _same(*values)):
            help = f"both are `{brief(text, _LONGEST)}`: leave one out"
        self.add(
            "CC003",
            message,
            second.span,
            "given again",
            (help, *layers),
            ("first given here", first.span),
        )

    def unsupported(self, message: str, span: Span) -> None:
        """A feature of YAML that a spec does not use."""
        help = ("repeat the lines, use `repeat:`, or define a block",) if "<<" in message else ()
        self.add("CC005", message, span, "not supported", help)

    def too_large(self, message: str, span: Span) -> None:
        """A limit is passed: stop before it costs anything."""
        help = ("blocks and `repeat:` keep a net short",)
        self.add("CC002", message, span, "stopped reading here", help)
        raise StopReadingError

    def refuse(self, fault: "Fault") -> None:
        """The text is no YAML: nothing said so far is worth a word beside that."""
        help = (fault.help,) if fault.help else ()
        self.findings.clear()
        self.add(fault.code, fault.message, fault.span, fault.label, help)

    def add(
        self,
        code: str,
        message: str,
        span: Span | None,
        label: str,
        help: tuple[str, ...] = (),
        related: tuple[str, Span] | None = None,
    ) -> None:
        """Record an error."""
        others = (Related(related[0], self.path, related[1]),) if related else ()
        self.findings.append(
            Finding(
                code, Severity.ERROR, brief(message), self.path, span, label, None, help, others
            )
        )
