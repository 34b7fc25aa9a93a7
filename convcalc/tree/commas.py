"""Values that YAML cuts at their commas inside { }, put together again and reported once.

``{kernel: =min(3, 5)}`` is a formula, ``{shape: 8, 8, 3}`` and ``{kernel: (3, 3)}`` were meant as
lists; to YAML all of them are a value and keys without values.
"""

from collections.abc import Callable
from collections.abc import Sequence as Several
from itertools import pairwise

from convcalc.findings import Span, plain
from convcalc.quantity import without_commas
from convcalc.tree.nodes import BLOCK, Mapping, Node, Scalar, Sequence

_WHY = "YAML ends a value at the comma inside { } and [ ]"

_LONGEST = 1000  #: letters of a value with a bracket open; formulas are shorter


class Commas:
    """Joins the pieces of one file; `add` records an error."""

    def __init__(self, add: Callable[[str, str, Span, str, tuple[str, ...]], None]) -> None:
        self.add = add
        #: a value with a bracket still open, and the collection it is in
        self.torn: tuple[Node | None, Scalar] | None = None
        self.lists: list[tuple[Mapping, str, Sequence]] = []

    def begin(self, container: Node | None, value: Scalar) -> None:
        """Note a value with a bracket still open."""
        text = value.text
        opens = text[0] == "=" or (text[0] == "(" and isinstance(container, Mapping))
        if opens and text.count("(") > text.count(")"):
            self.torn = container, value

    def joined(self, container: Node | None, key: Scalar | None, node: Node | None) -> bool:
        """Append a piece to the open value; False where it is none."""
        assert self.torn is not None, "there is a value to go on with"
        place, value = self.torn
        if place is not container or node is value:
            return False
        piece = node if key is None else key
        rest = key is not None and not (isinstance(node, Scalar) and node.plain and not node.text)
        if rest or not (isinstance(piece, Scalar) and piece.plain):
            self.torn = None
            return False
        if len(value.text) > _LONGEST:  # nobody closes it
            self.torn = None
            return False
        value.text += f", {piece.text}"
        if value.text.count("(") <= value.text.count(")"):
            self.torn = None
            if value.text[0] == "(" and isinstance(container, Mapping):
                items = [item.strip("() ") for item in value.text.split(",")]
                if any(items):  # behind the last comma there may be none, as in Python
                    self.put(container, [Scalar(one, value.start + 1) for one in items if one])
            else:
                message = f'a formula with a comma must be quoted: "{plain(value.text)}"'
                self.add("CC015", message, value.span, "cut at its comma", (_WHY,))
        return True

    def listed(self, container: Node | None, key: Scalar) -> bool:
        """Take a number without a value as one more of the numbers before it."""
        assert isinstance(container, Mapping), "a key is in a mapping"
        last = next(reversed(container.entries.values()), None)
        if last is None or container.closed == BLOCK:
            return False
        value = last[1]
        if isinstance(value, Scalar) and value.plain and value.text.isdigit():
            self.put(container, [value, key])
        elif self.lists and value is self.lists[-1][2]:
            self.lists[-1][2].items.append(key)
        else:
            return False
        return True

    def put(self, container: Mapping, items: Several[Scalar]) -> None:
        """Let the last key of a mapping have a list as its value."""
        name, (key, value) = next(reversed(container.entries.items()))
        found = Sequence(value.start)
        found.items.extend(items)
        found.closed = BLOCK
        container.entries[name] = (key, found)
        self.lists.append((container, name, found))

    def finish(self) -> None:
        """Tell of the lists without brackets, which are known in full only now."""
        for container, name, found in self.lists:
            items = [item for item in found.items if isinstance(item, Scalar)]
            numbers = plain(", ".join(item.text for item in items))
            message = f"a list needs square brackets: [{numbers}]"
            beside = all(a.end + 1 == b.start for a, b in pairwise(items))
            number = without_commas(",".join(item.text for item in items)) if beside else ""
            if number:
                message = f"a number has no commas: {number}; {message}"
            if any(item.text[0] == "0" for item in items[1:]) and number:  # no number of a list
                message = f"a number has no commas: {number}"
                container.entries[name] = (container.entries[name][0], Scalar(number, found.start))
            self.add("CC014", message, found.span, "cut at its comma", (_WHY,))
