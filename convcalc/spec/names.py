"""The names of a spec: scopes, automatic names, references and what they mean."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from convcalc.findings import plain
from convcalc.network.graph import NAME_HELP, UNKNOWN, Graph, is_name
from convcalc.network.record import INPUT
from convcalc.tree.nodes import Node

if TYPE_CHECKING:
    from convcalc.spec.blocks import Blocks

#: Letters up to which a name costs no more than its layer does.
_SHORT = 60
#: the kind of a layer whose own is not known
UNREAD = "layer"
_NUMBERED = re.compile(rf"{UNREAD}[0-9]+")
_RECENT = 1000  #: names that are looked through for those of one step


def named(names: Iterable[str]) -> int:
    """The work of binding names, as `Names.bind` counts it: those of deep blocks are long."""
    return sum([len(name) // 4 for name in names if len(name) > _SHORT])


def before_number(kind: str) -> str:
    """What an automatic name has before its number: relu6_ in ``relu6_1``."""
    return f"{kind}_" if kind[-1:].isdigit() else kind


class Frame:
    """A scope of names: the file, or one call of a block."""

    def __init__(self, prefix: str, reserved: frozenset[str], parent: "Frame | None") -> None:
        self.prefix = prefix
        self.reserved: frozenset[str] | set[str] = reserved
        self.parent = parent
        self.counters: dict[str, int] = {}

    def reserve(self, names: frozenset[str]) -> None:
        """Let automatic names step aside for these as well."""
        if not names <= self.reserved:
            if isinstance(self.reserved, frozenset):  # shared by all calls of a block
                self.reserved = set(self.reserved)
            self.reserved.update(names)

    def automatic(self, kind: str) -> str:
        """The next free automatic name: kind and running number, stepping aside for given names."""
        number = self.counters.get(kind, 0) + 1
        word = before_number(kind)
        while f"{word}{number}" in self.reserved:
            number += 1
        self.counters[kind] = number
        return f"{word}{number}"


class Names:
    """The names of one file's layers, blocks and repeats."""

    def __init__(self, graph: Graph, blocks: "Blocks") -> None:
        self.graph = graph
        self.blocks = blocks
        self.steps = graph.steps
        self.remarks = graph.remarks
        self.names = graph.names
        self.aliases: set[str] = set()
        #: all names in the order in which they were bound, each as often as it was
        self.bound: list[str] = []
        #: given names with a dot: they may be those of a block's layers
        self.dotted: set[str] = set()
        #: names of layers that their `when` or `times` leaves out: where it is, and what to do
        self.left_out: dict[str, tuple[str, str]] = {}
        #: given names that a layer may have: of entries whose `when` or `times` has no value, and
        #: of those in entries that could not be read
        self.uncertain: set[str] = set()
        #: names that are given to two layers
        self.doubled: list[str] = []
        #: how many entries have no kind that is known: each may be of any
        self.unread = 0
        #: the lowest step that a reference has meant
        self.lowest = 0
        #: references to unknown layers: their finding, scope, name, and how many layers were above
        self.pending: list[tuple[int, Frame, str, int]] = []

    def give_name(self, frame: Frame, wanted: str, suffix: str, node: Node | None) -> str:
        """The full name of a layer or call; `node` is where the file names it, if it does."""
        name = f"{frame.prefix}{wanted}{suffix}"
        if node is None:
            return name
        if wanted == INPUT or not is_name(wanted):
            text = (
                "is the name of the network's input" if wanted == INPUT else "is not a valid name"
            )
            help = self._legal(frame, wanted) if wanted != INPUT else ()
            self.remarks.error("CC018", f"{plain(wanted)!r} {text}", node, "choose another", help)
            return f"{frame.prefix}{frame.automatic('layer')}"
        doubtful = f"{frame.prefix}{wanted}" in self.uncertain
        if name in self.names and name not in self.aliases and not doubtful:
            first = self.steps[self.names[name]].place.kind
            self.doubled.append(name)
            self.remarks.error(
                "CC018",
                f"two layers are called {name!r}",
                node,
                "named again",
                (self._numbered(frame, name, wanted, suffix),),
                (("first named here", first),),
            )
            return f"{frame.prefix}{frame.automatic('layer')}"
        return name

    def _legal(self, frame: Frame, wanted: str) -> tuple[str, ...]:
        """Help for a name that no layer can have: the nearest one, if it is free."""
        from convcalc.spec.legal_names import legal  # only where something is wrong

        found = legal(wanted)
        free = found and found != INPUT and f"{frame.prefix}{found}" not in self.names
        return (f"did you mean `{found}`?", *NAME_HELP) if free else NAME_HELP

    def _numbered(self, frame: Frame, name: str, wanted: str, suffix: str) -> str:
        """What to do about a name that is given twice; `times` may have made it of another one."""
        entry, _, number = wanted.rpartition(".")
        if suffix:
            word = plain(wanted)
            return f"`times` makes {word}.1, {word}.2 ... of the name {word!r}: give another one"
        if number.isdigit() and f"{frame.prefix}{entry}" in self.aliases:
            return f"`times` makes {plain(wanted)} of the name {plain(entry)!r}: give another one"
        return "give each layer its own name"

    def bind(self, frame: Frame, name: str, wanted: str, step: int) -> None:
        """Let references find a step; inside a repeat the bare name means the latest one."""
        self.names[name] = step
        self.bound.append(name)
        if len(name) > _SHORT:
            self.remarks.spend(len(name) // 4)
        bare = f"{frame.prefix}{wanted}"
        if bare != name:
            self.names[bare] = step
            self.bound.append(bare)
            if len(bare) > _SHORT:
                self.remarks.spend(len(bare) // 4)
            self.aliases.add(bare)

    def rebind(self, mark: int, step: int) -> None:
        """Let all names that were bound since `bound` had `mark` entries mean one step."""
        for name in self.bound[mark:]:
            self.names[name] = step
        del self.bound[mark:]

    def forget(self, steps: int) -> None:
        """Drop the names of all but the first steps, which alone are kept."""
        for name in [name for name, step in self.names.items() if step >= steps]:
            del self.names[name]
        self.bound.clear()

    def find(self, frame: Frame, reference: str) -> int | None:
        """The step a reference means, looked up from the innermost block outwards."""
        scope: Frame | None = frame
        while scope is not None:
            found = self.names.get(f"{scope.prefix}{reference}")
            if found is not None:
                self.lowest = min(self.lowest, found)
                return found
            scope = scope.parent
        return None

    def shortest(self, frame: Frame, step: int, given: bool) -> str:
        """The shortest name by which an entry in a scope reads a step; '' where there is none.

        `given` leaves out automatic names, which in a repeat are others on every turn.
        """
        if not self.remarks.helps:
            return ""
        prefix, recent = frame.prefix, islice(reversed(self.names), _RECENT)
        names = [name.removeprefix(prefix) for name in recent if self.names[name] == step]
        if self.steps[step].kind == UNREAD:  # `layer1` is no name that the file can have
            names = [name for name in names if not _NUMBERED.fullmatch(name)]
        own = [n for n in names if self.names.get(f"{prefix}{n}") == step]
        own = [n for n in own if not given or f"{prefix}{n}" in self.aliases]
        return min(own, key=len, default="")

    def by_number(self, frame: Frame, step: int, repeated: bool, passed: bool) -> tuple[str, ...]:
        """The help for a reference that counts back to a step, from within a repeat or not.

        A layer that could not be read may be called otherwise once it can; automatic names are
        others on every turn of a repeat. What is `passed` to a block may be counted from its call.
        """
        rule = "layers are read by name, not by number"
        name = "" if passed else self.readable(frame, step, repeated)
        if name:
            return (f"did you mean `{name}`?", rule)
        return (f"{rule}: write a `name:` beside that layer, and the name here",)

    def readable(self, frame: Frame, step: int, repeated: bool) -> str:
        """The name by which an entry may read a step; '' where there is none."""
        read = self.steps[step].size is not UNKNOWN or not self.steps[step].inputs
        return self.shortest(frame, step, repeated) if read else ""

    def counted(self, frame: Frame, number: str, repeated: bool) -> str:
        """The name of the step that a number counts back to; '' where there is none."""
        back = self.graph.counted_back(number)
        return "" if back is None else self.readable(frame, back, repeated)

    def settle(self) -> None:
        """Tell unknown layers from those further down, once the names of all are known."""
        if self.pending:
            from convcalc.spec import missing_layers

            missing_layers.settle(self)
        self.names.clear()  # nothing is looked up any more, and of a long net they are megabytes
        self.bound.clear()
