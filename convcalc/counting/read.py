"""From the bytes of a convention's file to a `Convention`, with located findings."""

import re
from collections.abc import Mapping as Names

from convcalc.counting.fields import LONGEST_TEXT, ConventionFields
from convcalc.counting.printed import STYLES
from convcalc.counting.record import Convention, Memory, Printed, Remark, Table
from convcalc.findings import Finding, plain
from convcalc.network.remarks import Remarks
from convcalc.tree.decode import Limits, decode
from convcalc.tree.nodes import Mapping, Node, Scalar
from convcalc.tree.reader import read as read_tree

_WORDS = (
    "convention", "version", "basis", "tool", "about", "extends", "times", "folds", "unit",
    "prints", "operations", "parameters", "activations", "memory", "also", "notes",
)  # fmt: skip
_MOST_COLUMNS = 16
_LONGEST_NAME = 40


class _Document(ConventionFields):
    """A convention's file, section by section."""

    def __init__(self, remarks: Remarks, known: Names[str, Convention]) -> None:
        super().__init__(remarks)
        self.known = known

    def printed(self, root: Mapping, base: Printed) -> Printed:
        """How the number is printed."""
        node = self.mapping(root, "prints", "prints: {digits: 2, unit: GMac}")
        if node is None:
            return base
        self.only(node, ("digits", "unit", "scale", "largest", "style"), "prints")
        unit = self.text(node, "unit", 20) or base.unit
        if "G" not in unit:
            at = node.get("unit") or node
            self.error("CC014", "unit: expected a text with G for 10^9, such as GMac", at)
        digits = self.number(node, "digits", 0, 9, base.digits)
        scale = self.word(node, "scale", ("G", "GM", "GMK"), "")
        largest = self.word(node, "largest", ("G", "T"), "G")
        return Printed(digits, unit, scale, largest, self.word(node, "style", STYLES, "fixed"))

    def memory(self, root: Mapping, base: Memory | None) -> Memory | None:
        """What the tool calls memory."""
        node = self.mapping(root, "memory", "memory: {says: Memory, bytes: {rest: 4*outputs}}")
        if node is None:
            return base
        self.only(node, ("says", "rule", "bytes", "unit"), "memory")
        table = self.table("bytes", node.get("bytes"), None, True)
        if table is None:
            self.error("CC013", "memory needs its `bytes`", node, ("`bytes: {rest: 4*outputs}`",))
            return base
        unit = self.word(node, "unit", ("MB", "MiB"), "MB")
        return Memory(self.text(node, "says") or "memory", self.text(node, "rule"), table, unit)

    def also(self, root: Mapping, base: Names[str, Table]) -> dict[str, Table]:
        """Further columns."""
        node = self.mapping(root, "also", "also: {macs: {conv: macs, rest: 0}}")
        found = dict(base)
        for word, (mark, value) in node.entries.items() if node else ():
            if not word.isidentifier() or not word.isascii() or len(word) > _LONGEST_NAME:
                self.error("CC018", f"{plain(word[:60])!r} cannot name a column", mark)
                continue
            if len(found) >= _MOST_COLUMNS:
                self.error("CC002", f"more than {_MOST_COLUMNS} columns", mark)
                break
            table = self.table(word, value, base.get(word), True)
            if table is not None:
                found[word] = table
        return found

    def notes(self, root: Mapping, base: tuple[Remark, ...]) -> tuple[Remark, ...]:
        """Notes about layers that the tool counts in silence, or wrongly."""
        node = self.mapping(root, "notes", 'notes: {"conv(groups: >1)": counts 0}')
        if node is None:
            return base
        found = []
        for word, (mark, value) in node.entries.items():
            text = plain(value.text) if isinstance(value, Scalar) else ""
            if not text or len(text) > LONGEST_TEXT:
                self.error("CC014", "expected a text", value)
                continue
            found += [Remark(*subject, text) for subject in self.subjects(word, mark)]
        return tuple(found)

    def convention(self, root: Mapping) -> Convention:
        """The convention, as far as it could be read."""
        self.only(root, _WORDS, "a convention")
        base = self.base(root)
        name = self.text(root, "convention", _LONGEST_NAME)
        if name and (name == "all" or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+-]*", name)):
            message = f"convention: expected a name of letters, digits and . _ + -, got {name!r}"
            self.error("CC018", message, root.get("convention") or root)
        if not name and not self.remarks.findings:
            self.error("CC013", "a convention needs a name", root, ("`convention: mine`",))
        if root.get("operations") is None and not base.name:
            help = ("`operations: {conv: macs, rest: 0}`", "or `extends: fvcore`")
            self.error("CC013", "a convention needs its operations", root, help)
        unit = self.word(root, "unit", ("mac", "flop"), "flop" if base.factor == 2 else "mac")
        folds = self.word(root, "folds", ("batch_norm",), "")
        basis = self.word(root, "basis", ("measured", "source"), "measured")
        return Convention(
            name,
            self.text(root, "version", _LONGEST_NAME),
            basis == "measured",
            self.text(root, "tool"),
            self.text(root, "about"),
            2 if unit == "flop" else 1,
            self.number(root, "times", 1, 1000, base.times),
            self.printed(root, base.printed),
            self.table("operations", root.get("operations"), base.operations, True),
            self.table("parameters", root.get("parameters"), base.parameters, True),
            self.table("activations", root.get("activations"), base.activations, True),
            self.memory(root, base.memory),
            self.also(root, base.also),
            bool(folds) or base.folds,
            self.notes(root, base.remarks),
        )

    def base(self, root: Mapping) -> Convention:
        """The convention that this one extends; an empty one where it extends none."""
        node, name = root.get("extends"), self.text(root, "extends")
        if node is None or not name:
            return _EMPTY
        found = self.known.get(name)
        if found is None:
            close = self.remarks.suggest.nearest(name, self.known)
            hint = f"did you mean `{close}`?" if close else f"known: {', '.join(self.known)}"
            self.error("CC017", f"no convention {name!r} to extend", node, (hint,))
        return found or _EMPTY


_EMPTY = Convention(
    "", "", True, "", "", 1, 1, Printed(), None, None, None, None, {}, False, ()
)  # fmt: skip


def read(
    path: str, data: bytes, known: Names[str, Convention], limits: Limits
) -> tuple[Convention, list[Finding]]:
    """A convention and what is wrong with its file.

    Args:
        path: what findings call the file.
        data: its bytes.
        known: the conventions that it may extend.
        limits: what it may cost to read, as for a spec.
    """
    source, findings = decode(path, data, limits)
    remarks = Remarks(path)
    remarks.findings.extend(findings)
    root: Node | None = None
    if not findings:
        root, faults = read_tree(source, limits)
        remarks.findings.extend(faults)
    if isinstance(root, Mapping):
        return _Document(remarks, known).convention(root), remarks.findings
    if not remarks.findings:
        at = root or Mapping(0)
        help = ("`convention: mine`", "`operations: {conv: macs, rest: 0}`")
        remarks.error("CC014", "a convention is a mapping", at, "", help)
    return _EMPTY, remarks.findings
