"""Entries that hold entries: merges of branches, repeats, block calls."""

from abc import ABC, abstractmethod

from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.network.record import Branch
from convcalc.spec import blocks as block_rules
from convcalc.spec.context import Context, Entry, Maker, given_names, has_branches, without_name
from convcalc.spec.counting import TooManyLayersError
from convcalc.spec.names import Frame
from convcalc.spec.steps import StepMaker
from convcalc.spec.values import NoValueError, Reader
from convcalc.tree.nodes import Mapping, Node, Sequence


class Compounds(StepMaker, ABC):
    """Expands what holds other entries."""

    @abstractmethod
    def layers(self, node: Node, context: Context, at: int) -> int:
        """Expand a list of entries behind step `at`; gives the step at their end."""

    @abstractmethod
    def made(self, entry: Entry, context: Context, at: int) -> int:
        """The layer, merge, repeat or block call of an entry."""

    @abstractmethod
    def count(self, node: Node, reader: Reader) -> int:
        """The value of a `times:`."""

    @abstractmethod
    def repeated(self, times: int, context: Context, at: int, make: Maker) -> int:
        """Make something several times in a row; refused where it would be too much."""

    def judged_alone(self, entry: Entry, context: Context, at: int) -> int:
        """An entry whose input is unknown: one broken layer, but what it holds is still judged."""
        graph = self.graph
        index = self.broken(entry.kind, entry.at, context, at, entry.beside)
        merge = entry.kind in self.kinds and BY_NAME[entry.kind].merges
        if merge and not has_branches(entry.value):
            return index
        counters = dict(context.frame.counters)
        rest = {k: v for k, v in entry.beside.items() if k not in {"name", "from", "weights"}}
        self.made(entry._replace(beside=rest), context, index)
        context.frame.counters = counters
        del graph.steps[index + 1 :]
        for name in reversed(graph.names):
            if graph.names[name] < index:
                break
            graph.names[name] = index
        return index

    def sources(self, node: Node, context: Context, at: int) -> list[Branch] | None:
        """The layers that a `from` names; None where one is unknown."""
        try:
            value = self.reader(context, at).value(node)
        except NoValueError:
            return None
        names = value if isinstance(value, tuple) else (value,)
        nodes = node.items if isinstance(node, Sequence) else [node] * len(names)
        if len(nodes) != len(names):
            nodes = [node] * len(names)
        if not names:
            self.remarks.error("CC014", "from names no layer", node, "", (), calls=context.calls)
            return None
        found: list[Branch] = []
        for name, place in zip(names, nodes, strict=True):
            index = self.reference(name, place, context)
            if index is not None:
                found.append(Branch(str(name), index))
        return found if len(found) == len(names) else None

    def merged(self, entry: Entry, context: Context, at: int, sources: tuple[Branch, ...]) -> int:
        """add, multiply or concat, of branches or of the layers that `from` names."""
        value = entry.value
        branches = value.get("branches") if isinstance(value, Mapping) else None
        ends = sources if branches is None else self.branches(branches, context, at)
        options = None
        try:
            options = self.options(entry, context, at)
            if options is not None and branches is not None:
                rest = Mapping(options.start)
                rest.entries = {k: v for k, v in options.entries.items() if k != "branches"}
                options = rest
            reader = self.reader(context, at)
            made = self.maker.from_mapping(BY_NAME[entry.kind], options, entry.at, reader)
        except NoValueError:
            return self.broken(entry.kind, entry.at, context, at, entry.beside)
        if not ends:
            help = (
                f"`{entry.kind}: {{branches: [[conv3-64], identity]}}`, or beside it "
                "`from: [layer1, layer2]`",
            )
            text = f"{entry.kind} needs branches, or from"
            self.remarks.error(
                "CC013", text, entry.at, "what is merged?", help, calls=context.calls
            )
            return self.broken(entry.kind, entry.at, context, at, entry.beside)
        self.merged_inputs += len(ends)
        if self.merged_inputs > self.limit:
            raise TooManyLayersError("inputs of merges")
        inputs = tuple(branch.end for branch in ends)
        return self.step(entry, made, entry.kind, context, inputs, options, branches=tuple(ends))

    def branches(self, node: Node, context: Context, at: int) -> tuple[Branch, ...]:
        """Expand parallel branches, each behind step `at`."""
        if isinstance(node, Mapping):
            named = [(word, value) for word, (_, value) in node.entries.items()]
        elif isinstance(node, Sequence):
            named = [(f"branch {i}", item) for i, item in enumerate(node.items, 1)]
        else:
            named = [("branch 1", node)]
        return tuple(Branch(plain(name), self.layers(value, context, at)) for name, value in named)

    def repeat(self, entry: Entry, context: Context, at: int) -> int:
        """``repeat: {times: N, layers: [...]}``."""
        value = entry.value
        if not isinstance(value, Mapping) or "layers" not in value.entries:
            help = ("`repeat: {times: 2, layers: [conv3-64, relu]}`",)
            text = "repeat needs times and layers"
            self.remarks.error("CC013", text, entry.at, "", help, calls=context.calls)
            return self.broken("repeat", entry.at, context, at, entry.beside)
        for word, (key, _) in value.entries.items():
            if word not in {"times", "layers"}:
                close = self.remarks.suggest.nearest(word, ("times", "layers"))
                help = (f"did you mean `{close}`?",) if close else ("it takes times and layers",)
                text = f"repeat has no option {plain(word)!r}"
                self.remarks.error("CC012", text, key, "unknown", help, calls=context.calls)
        layers = value.entries["layers"][1]
        if value.entries.keys().isdisjoint({"times", "time"}) and "times" not in entry.beside:
            help = ("`repeat: {times: 2, layers: [conv3-64, relu]}`",)
            self.remarks.error("CC013", "repeat needs times", entry.at, "", help)
        times = 1
        if "times" in value.entries:
            try:
                times = self.count(value.entries["times"][1], self.reader(context, at))
            except NoValueError:
                return self.broken("repeat", entry.at, context, at, entry.beside)
        inner = context._replace(depth=context.depth + 1)
        self.guard_depth(inner, entry.at)
        end = self.repeated(times, inner, at, lambda c, a: self.layers(layers, c, a))
        return self.finish(entry, context, end)

    def call(self, entry: Entry, context: Context, at: int) -> int:
        """A block call: its layers with their own variables and names."""
        block = self.blocks[entry.kind]
        if block.layers is None:
            return self.broken(entry.kind, entry.at, context, at, entry.beside)
        if block.name in context.open:
            text = f"block {block.name} calls itself"
            if context.open[-1] != block.name:
                text += f" through {', '.join(context.open[context.open.index(block.name) + 1 :])}"
            help = ("`repeat:` repeats layers",)
            self.remarks.error("CC020", text, entry.at, "", help, calls=context.calls)
            return self.broken(entry.kind, entry.at, context, at, entry.beside)
        try:
            caller = self.reader(context, at)
            scope = block_rules.bind(block, entry.value, entry.at, caller, self.file_variables)
        except NoValueError:
            return self.broken(entry.kind, entry.at, context, at, entry.beside)
        name, wanted = self.named(entry, context)
        frame = Frame(f"{name}.", given_names(block.layers, scope), context.frame)
        inner = context._replace(
            variables=scope,
            frame=frame,
            calls=(entry.at, *context.calls),
            open=(*context.open, block.name),
            units=(*context.units, name),
            suffix="",
            depth=context.depth + 1,
        )
        self.guard_depth(inner, entry.at)
        end = self.layers(block.layers, inner, at)
        self.names.bind(context.frame, name, wanted, end)
        return self.finish(entry._replace(beside=without_name(entry.beside)), context, end)
