"""Reading a convention's file: texts, words, numbers and tables, each with located errors."""

from convcalc import formula
from convcalc.counting.quantities import NAMES
from convcalc.counting.record import REST, UNKNOWN, Rule, Table
from convcalc.counting.subjects import Subject, SubjectError, subjects
from convcalc.findings import plain
from convcalc.layers import KINDS
from convcalc.network.remarks import Remarks
from convcalc.tree.nodes import Mapping, Node, Scalar

LONGEST_TEXT = 400
_MOST_RULES = 64  #: of one kind


class ConventionFields:
    """One file while it is read."""

    def __init__(self, remarks: Remarks) -> None:
        self.remarks = remarks

    def error(self, code: str, message: str, node: Node, help: tuple[str, ...] = ()) -> None:
        """Record an error at a node."""
        self.remarks.error(code, message, node, "", help)

    def text(self, root: Mapping, key: str, most: int = LONGEST_TEXT) -> str:
        """A text; '' where it is not given."""
        node = root.get(key)
        if node is None:
            return ""
        if not isinstance(node, Scalar) or not node.text:
            self.error("CC014", f"{key}: expected a text", node)
            return ""
        if len(node.text) > most:
            self.error("CC014", f"{key}: {len(node.text)} letters, at most {most} are read", node)
            return ""
        return plain(node.text)

    def word(self, root: Mapping, key: str, words: tuple[str, ...], default: str) -> str:
        """One of a few words."""
        node, text = root.get(key), self.text(root, key)
        if node is None or not text:
            return default
        if text not in words:
            self.error("CC014", f"{key}: expected {' or '.join(words)}, got {text!r}", node)
            return default
        return text

    def number(self, root: Mapping, key: str, low: int, high: int, default: int) -> int:
        """A whole number from `low` to `high`."""
        node = root.get(key)
        if node is None:
            return default
        text = node.text if isinstance(node, Scalar) else ""
        if text.isascii() and text.isdigit() and len(text) < 6 and low <= int(text) <= high:
            return int(text)
        got = repr(plain(text)) if text else "no number"
        self.error("CC014", f"{key}: expected a number from {low} to {high}, got {got}", node)
        return default

    def mapping(self, root: Mapping, key: str, sample: str) -> Mapping | None:
        """A mapping; None where it is not given."""
        node = root.get(key)
        if node is None or isinstance(node, Mapping):
            return node
        self.error("CC014", f"{key} must be a mapping", node, (f"`{sample}`",))
        return None

    def table(self, key: str, node: Node | None, base: Table | None, whole: bool) -> Table | None:
        """The rules of one figure; `whole`: every kind must be answered for."""
        if node is None:
            return base
        if isinstance(node, Scalar):
            if node.text == "none":
                return None
            given = self.formula(node)
            return None if given is None else Table({}, (Rule(given),))
        if not isinstance(node, Mapping):
            self.error("CC014", f"{key} must be a mapping of kinds", node, ("`conv: macs`",))
            return base
        rules: dict[str, list[Rule]] = {}
        for word, (mark, value) in node.entries.items():
            for subject in self.subjects(word, mark):
                given = self.formula(value)
                if given is not None:
                    self.add(rules.setdefault(subject.kind, []), subject, given, mark)
        rest = tuple(rules.pop(REST, ())) or (base.rest if base else ())
        found = Table(
            {**(base.rules if base else {}), **{k: tuple(v) for k, v in rules.items()}}, rest
        )
        missing = [kind for kind, _, _ in KINDS if not found.of(kind)] if whole else []
        if missing and not self.remarks.findings:
            listed = ", ".join(missing[:6]) + (
                f" and {len(missing) - 6} more" if len(missing) > 6 else ""
            )
            help = ("give each a formula, 0 or unknown", f"or `{REST}: unknown` for all of them")
            self.error("CC013", f"{key} says nothing of {listed}", node, help)
        return found

    def subjects(self, word: str, mark: Scalar) -> list[Subject]:
        """The layers that a key names; none where it is at fault."""
        try:
            return subjects(word, self.remarks.suggest)
        except SubjectError as error:
            self.error(error.code, str(error), mark, error.help)
            return []

    def add(self, rules: list[Rule], subject: Subject, given: str, mark: Scalar) -> None:
        """A further rule for a kind, unless an earlier one leaves nothing to it."""
        if any(not rule.conditions or rule.conditions == subject.conditions for rule in rules):
            help = ("the first line that applies decides: put the special ones first",)
            self.error("CC019", f"{subject.kind}: an earlier line leaves nothing to it", mark, help)
        elif len(rules) >= _MOST_RULES:
            self.error("CC002", f"more than {_MOST_RULES} lines for {subject.kind}", mark)
        else:
            rules.append(Rule(given, subject.conditions))

    def formula(self, node: Node) -> str | None:
        """A formula with names that there are; None where it is at fault."""
        text = node.text.strip() if isinstance(node, Scalar) else ""
        if not text:
            self.error("CC014", "expected a formula, 0 or unknown", node, ("`2*inputs`",))
            return None
        if text == UNKNOWN:
            return text
        given = text if text.startswith("=") else f"={text}"
        try:
            for name in formula.names(given):
                if name not in NAMES:
                    close = self.remarks.suggest.nearest(name, NAMES)
                    hint = f"did you mean `{close}`?" if close else f"known: {', '.join(NAMES)}"
                    self.error("CC016", f"unknown name {plain(name)!r} in a formula", node, (hint,))
                    return None
        except formula.FormulaError as error:
            self.error("CC015", f"{plain(text[:60])}: {plain(str(error))}", node)
            return None
        return given

    def only(self, node: Mapping, known: tuple[str, ...], what: str) -> None:
        """Refuse words that a section does not have."""
        for word, (mark, _) in node.entries.items():
            if word not in known:
                close = self.remarks.suggest.nearest(word, known)
                help = (f"did you mean `{close}`?" if close else f"known: {', '.join(known)}",)
                self.error("CC010", f"{what} has no {plain(word)!r}", mark, help)
