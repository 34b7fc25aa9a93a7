"""The body of a function, of a `forward`: a line a layer or call, few variables."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from convcalc.interop.write.words import Names, variable
from convcalc.network.groups import Edges, Group
from convcalc.network.record import INPUT, Network, Step

VARIABLES = ("x", "y", "z")
INTO_FIRST = "{0}.add_("  #: how a sum that overwrites its first input begins


class Line(NamedTuple):
    """A layer as code: the module it needs, and the expression that runs it."""

    module: str
    """'' for an expression without weights."""
    run: str
    """With ``{m}`` for the module and ``{0}``, ``{1}`` for its inputs."""


class Net(NamedTuple):
    """What every body of a net asks: its network, who reads what, and each layer's code."""

    network: Network
    edges: Edges
    lines: dict[int, Line]
    returned: dict[int, str] = {}  # noqa: RUF012 - of a tuple: never written to
    """What is done with outputs before they are given back."""
    own: frozenset[str] = frozenset()
    """Names of what the code brings along."""
    storages: Sequence[int] = ()
    """For each step the step in whose storage its output is, where the code lets go of names."""


class Runs:
    """The body of a `forward`: which values have names, and which are just `x`."""

    def __init__(self, net: Net, group: Group, inputs: Mapping[int, str]) -> None:
        self.net = net
        self.group_ = group
        self.inputs = inputs
        """What the net's inputs are called, in the body of the net itself."""
        self.place: dict[int, str] = {}
        """What the module of a layer is called, where that is not `usual_place`."""
        self.calls: dict[int, tuple[Group, str]] = {}
        self.ends: dict[int, Group] = {}
        """The closed groups by the steps at their ends."""
        self.layers: list[int] = []
        """Those that are no part of a closed group inside."""

    def group(self, child: Group, run: str) -> None:
        """A closed group: one call, where its first layer would be."""
        self.calls[child.steps[0]] = (child, run)
        end = self.net.edges.exit(child)
        assert end is not None, "the group is closed"
        self.ends.setdefault(end, child)

    def lines(self) -> list[str]:
        """A line a layer or call, and what is returned."""
        body, result = self.body()
        return [*(text for _, _, text in body), result]

    def body(self) -> tuple[list[tuple[int, tuple[int, ...], str]], str]:
        """For each line the step that it gives, the steps that it reads, and its text.

        And the line that returns.
        """
        return self.named(sorted((*self.layers, *self.calls)), self.group_.top)

    def ends_of(self, index: int) -> tuple[int, tuple[int, ...]]:
        """Of the line that begins with a step: the step that it gives, and those that it reads."""
        if index not in self.calls:
            return index, self.net.network.steps[index].inputs
        child, edges = self.calls[index][0], self.net.edges
        entry, end = edges.entry(child), edges.exit(child)
        assert entry is not None and end is not None, "the group is closed"
        return end, (entry,)

    def run(self, index: int) -> str:
        """What the line that begins with a step runs."""
        if index in self.calls:
            return self.calls[index][1]
        owner = self.net.edges.owners[index]
        place = self.place.get(owner) or usual_place(self.net.network.steps[owner])
        return self.net.lines[index].run.replace("{m}", place.replace("{", "{{"))

    def named(
        self, body: list[int], top: bool
    ) -> tuple[list[tuple[int, tuple[int, ...], str]], str]:
        """Three variables in turn, and names of layers where more values are alive.

        Each line is worked out when its turn comes: those of a long net are megabytes.
        """
        net = self.net
        last: dict[int, int] = {}
        for at, index in enumerate(body):
            last.update(dict.fromkeys(self.ends_of(index)[1], at))
        if top:
            outputs = list(net.network.returned)
        else:
            end = net.edges.exit(self.group_)
            assert end is not None, "the group is closed"
            outputs = [end]
        names: dict[int, str] = {}
        if top:
            names.update(self.inputs)
        else:
            entry = net.edges.entry(self.group_)
            assert entry is not None, "the group is closed"
            names[entry] = "x"
        given_in = frozenset(self.inputs.values())
        taken = Names((*names.values(), *self.place.values(), *VARIABLES, *net.own))
        lines = len(body)
        for output in outputs:
            last[output] = lines
        until = {name: last.get(index, -1) for index, name in names.items()}
        made = []
        for at, begins in enumerate(body):
            (index, reads), run = self.ends_of(begins), self.run(begins)
            if run == "{0}":  # an identity is another name for what it reads
                names[index] = names[reads[0]]
                until[names[index]] = max(until[names[index]], last.get(index, at))
                continue
            text = run.format(*(names[source] for source in reads))
            if index not in last:  # nothing reads it, but it is a layer of the net
                made.append((index, reads, f"_ = {text}"))
                continue
            # a variable whose value nothing reads any more is free again
            free = [n for n in VARIABLES if until.get(n, -1) <= at]
            read = names[reads[0]]
            sums = run.startswith(INTO_FIRST)
            if (len(reads) == 1 or sums) and until[read] <= at and read not in given_in:
                free = [read, *free]
            name = free[0] if free else self.fresh(self.label(index), taken)
            names[index] = name
            until[name] = last.get(index, at)
            made.append((index, reads, _added(name, text) if sums else f"{name} = {text}"))
        given = net.returned if top else {}
        result = ", ".join(given.get(i, "{0}").format(names[i]) for i in outputs)
        return made, f"return {result}"

    def label(self, index: int) -> str:
        """What makes a value: a layer, or the call at whose end it is."""
        child = self.ends.get(index)
        return self.net.network.steps[index].name if child is None else child.path

    def fresh(self, name: str, taken: Names) -> str:
        """A variable named like a layer."""
        prefix = "" if self.group_.top else f"{self.group_.path}."
        return taken.free(variable(name.removeprefix(prefix)))


def usual_place(step: Step) -> str:
    """What a layer's module is called in its class, but for names that are no attributes."""
    return f"self.{step.name.rpartition('.')[2]}"


def _added(name: str, text: str) -> str:
    """A sum of two into the first: `x += y` where it keeps its name."""
    found = re.fullmatch(r"(\w+)\.add_\((\w+)\)", text)
    return f"{name} += {found[2]}" if found and found[1] == name else f"{name} = {text}"


def inputs_of(network: Network, own: frozenset[str]) -> dict[int, str]:
    """What the net's inputs are called in its code, where there are several."""
    found: dict[int, str] = {}
    taken = Names(own)
    for index, step in enumerate(network.steps):
        if step.kind == INPUT:
            found[index] = taken.free(variable(step.name))
    return found
