"""Entries that hold entries: merges of branches, repeats, block calls."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.network.record import Branch
from convcalc.spec import blocks as block_rules
from convcalc.spec.blocks import Block
from convcalc.spec.context import Context, Entry, given_names, is_empty, without_name
from convcalc.spec.counting import TooManyLayersError
from convcalc.spec.names import Frame
from convcalc.spec.repeats import Repeats
from convcalc.spec.steps import Steps
from convcalc.spec.values import Later, NoValueError, Scope, values_of
from convcalc.tree.nodes import BESIDE, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from convcalc.spec.reuse import Reuse

#: what programs and other tools call how often layers are repeated
_TIMES = frozenset({"n", "num", "number", "count", "repeats", "reps", "num_repeats", "num_layers"})
#: Expands a list of entries after a step; gives the step at their end.
Layers = Callable[[Node, Context, int], int]


class Compounds:
    """Makes what holds other entries."""

    def __init__(self, steps: Steps, repeats: Repeats, layers: Layers) -> None:
        self.steps = steps
        self.repeats = repeats
        self.layers = layers
        self.remarks = steps.remarks
        self.reuse: Reuse | None = None  # made for the first call

    def merged(self, entry: Entry, context: Context, at: int, sources: tuple[Branch, ...]) -> int:
        """add, multiply or concat, of branches or of the layers that `from` names."""
        value = entry.value
        branches = value.get("branches") if isinstance(value, Mapping) else None
        ends = sources if branches is None else self.branches(branches, context, at, entry.kind)
        options = None
        try:
            options = self.steps.options(entry, context, at)
            if options is not None and branches is not None:
                rest = Mapping(options.start)
                rest.entries = {k: v for k, v in options.entries.items() if k != "branches"}
                options = rest
            reader = self.steps.reader(context, at, entry.beside)
            made = self.steps.maker.from_mapping(BY_NAME[entry.kind], options, entry.at, reader)
        except NoValueError:
            if branches is None:  # they may be under a word that is misspelt
                return self.unread(entry, context, at)
            return self.steps.broken(entry.kind, entry.at, context, at, entry.beside)
        if not ends:
            from convcalc.spec.typed import inputs as sample

            help = (sample(entry.kind),)
            text = f"{entry.kind} has no inputs"
            self.remarks.error("CC013", text, entry.at, "no inputs", help, calls=context.calls)
            return self.steps.broken(entry.kind, entry.at, context, at, entry.beside)
        self.steps.merged_inputs += len(ends)
        if self.steps.merged_inputs > self.steps.limit:
            raise TooManyLayersError("inputs of merges")
        if isinstance(branches, Sequence):
            from convcalc.spec.flat_branches import report  # for files with branches in lists

            report(branches, ends, self.steps.graph.steps, at, entry, context, self.remarks)
        inputs = tuple(branch.end for branch in ends)
        return self.steps.step(
            entry, made, entry.kind, context, inputs, options, branches=tuple(ends)
        )

    def branches(self, node: Node, context: Context, at: int, kind: str) -> tuple[Branch, ...]:
        """Expand the parallel branches of a merge of this `kind`, each after step `at`."""
        if isinstance(node, Mapping):
            named = [(word, value) for word, (_, value) in node.entries.items()]
        elif isinstance(node, Sequence):
            named = [(f"branch {i}", item) for i, item in enumerate(node.items, 1)]
        else:
            named = [("branch 1", node)]
        return tuple(
            Branch(plain(word), self.branch(word, value, context, at, kind))
            for word, value in named
        )

    def branch(self, name: str, node: Node, context: Context, at: int, kind: str) -> int:
        """Expand one branch after step `at`; gives the step at its end."""
        if name in BESIDE and isinstance(node, Scalar) and _is_condition(node.text, context):
            key = f"{name}: {plain(node.text)}"
            text = f"`{name}` below `branches:` is the name of a branch"
            help = (f"`{key}` stands beside the layer of a branch, below its kind: `- conv1-64:`",)
            self.remarks.error("CC019", text, node, "no layer", help, calls=context.calls)
            return at
        if is_empty(node) or (isinstance(node, Mapping) and not node.entries):
            help = (f"a branch that is the input itself is `{plain(name)}: []`",)
            text = f"{plain(name)} is empty"
            self.remarks.error("CC019", text, node, "", help, calls=context.calls)
            return at
        if _may_be_a_word(node):
            from convcalc.spec import own_branch

            own = own_branch.report(self.steps, kind, name, node, context, at)
            if own is not None:
                return own
        tried = len(self.steps.tried)
        alone = isinstance(node, Mapping)
        end = self.layers(node, context._replace(alone=True) if alone else context, at)
        if end == at:
            del self.steps.tried[tried:]  # nothing is the identity there
        return end

    def repeat(self, entry: Entry, context: Context, at: int) -> int:
        """``repeat: {times: N, layers: [...]}``."""
        value = entry.value
        given = value.entries if isinstance(value, Mapping) else {}
        meant = set[str]()
        for word, (key, node) in given.items():
            if word not in {"times", "layers"}:
                from convcalc.spec import both_given, too_deep

                if too_deep.report(word, "repeat", key, self.remarks, context.calls):
                    continue
                close = self.remarks.suggest.nearest(word, ("times", "layers"))
                close = close or ("times" if word.lower() in _TIMES else "")
                meant.add(close)
                help: tuple[str, ...] = ("it takes times and layers",)
                if close:
                    help = (f"did you mean `{close}`?",)
                if close in given:
                    help = both_given.left_out(close, given[close][1], word, node)
                text = f"repeat has no option {plain(word)!r}"
                self.remarks.error("CC012", text, key, "unknown", help, calls=context.calls)
        if not isinstance(value, Mapping) or "layers" not in value.entries:
            if "layers" not in meant:
                help = ("`repeat: {times: 2, layers: [conv3-64, relu]}`",)
                text = (
                    "repeat needs layers" if "times" in given else "repeat needs times and layers"
                )
                self.remarks.error("CC013", text, entry.at, "", help, calls=context.calls)
            return self.unread(entry, context, at)
        if "times" not in value.entries and "times" not in meant and "times" not in entry.beside:
            help = ("`repeat: {times: 2, layers: [conv3-64, relu]}`",)
            self.remarks.error("CC013", "repeat needs times", entry.at, "", help)
        layers = value.entries["layers"][1]
        times = 1
        if "times" in value.entries:
            try:
                times = self.repeats.count(
                    value.entries["times"][1], self.steps.reader(context, at)
                )
            except NoValueError:
                return self.unread(entry, context, at)
        inner = context._replace(depth=context.depth + 1)
        self.steps.guard_depth(inner, entry.at)
        marked = None if context.checkpoint else entry.beside.get("checkpoint")

        def copy(context: Context, at: int) -> int:
            if marked is not None:
                context = context._replace(checkpoint=self.steps.beside.checkpoint(marked, context))
            return self.layers(layers, context, at)

        end = self.repeats.repeated(times, inner, at, copy)
        return self.steps.finish(entry, context, end)

    def unread(self, entry: Entry, context: Context, at: int) -> int:
        """One broken layer in place of an entry whose options could not be read."""
        from convcalc.spec.unread import unread

        return unread(self.steps, entry, context, at, False)

    def given_names(self, block: Block, body: Node, scope: Scope) -> frozenset[str]:
        """The names given in a block, the same in all calls without layers as arguments."""
        if any(isinstance(value, Later) for value in scope.values()):
            return given_names(body, scope)
        known = self.steps.memory.given
        if block.name not in known:
            known[block.name] = given_names(body, scope)
        return known[block.name]

    def expanded(self, block: Block, inner: Context, at: int) -> int:
        """The layers of a block, expanded or taken from an equal call; gives their last step."""
        assert block.layers is not None, "a block that is wrong is not called"
        reuse = self.reuse
        if reuse is None:
            from convcalc.spec.reuse import Reuse  # for specs with blocks

            reuse = self.reuse = Reuse(self.steps)
        key = reuse.key(block, inner.variables, inner, at)
        end = reuse.taken(key, inner, at)
        if end is None:
            mark = reuse.mark()
            end = self.layers(block.layers, inner, at)
            reuse.remember(key, mark, inner, at, end)
        return end

    def call(self, entry: Entry, context: Context, at: int) -> int:
        """A block call: its layers with their own variables and names."""
        block = self.steps.blocks[entry.kind]
        if block.layers is None:
            return self.steps.broken(entry.kind, entry.at, context, at, entry.beside)
        if block.name in context.open:
            text = f"block {block.name} calls itself"
            if context.open[-1] != block.name:
                text += f" through {', '.join(context.open[context.open.index(block.name) + 1 :])}"
            name = plain(block.name)
            deeper = f"blocks within each other are one for each depth: `{name}1` calls `{name}2`"
            help = ("`repeat:` repeats layers", deeper)
            self.remarks.error("CC020", text, entry.at, "", help, calls=context.calls)
            return self.steps.broken(entry.kind, entry.at, context, at, entry.beside)
        try:
            caller = self.steps.reader(context, at, None, True)
            scope = block_rules.bind(
                block, entry.value, entry.at, caller, self.steps.file_variables
            )
        except NoValueError:
            return self.steps.broken(entry.kind, entry.at, context, at, entry.beside)
        name, wanted = self.steps.named(entry, context)
        frame = Frame(f"{name}.", self.given_names(block, block.layers, scope), context.frame)
        inner = context._replace(
            variables=scope,
            frame=frame,
            calls=(entry.at, *context.calls),
            open=(*context.open, block.name),
            units=(*context.units, name),
            suffix="",
            depth=context.depth + 1,
        )
        self.steps.guard_depth(inner, entry.at)
        self.steps.called.append(block.name)
        given = {word: scope[word] for word in block.args}
        self.steps.arguments.append((name, values_of(given)))
        first, before = len(self.steps.graph.steps), len(self.steps.tried)
        end = self.expanded(block, inner, at)
        made = len(self.steps.graph.steps) > first
        if not made:
            del self.steps.tried[before:]  # it is said of this call
        if "CC127" not in context.ignore:
            if not made:
                tried = block_rules.Tried(block, entry.value, entry.at, context.calls)
                self.steps.tried.append(tried)
            elif context.calls:
                self.steps.full[-1].add((entry.at.start, entry.at.end))
        if "weights" in entry.beside:
            from convcalc.spec.sharing import share  # for few files

            share(self.steps, entry.beside["weights"], name, first, context, at)
        self.steps.names.bind(context.frame, name, wanted, end)
        return self.steps.finish(entry._replace(beside=without_name(entry.beside)), context, end)


def _may_be_a_word(branch: Node) -> bool:
    """Whether a branch is one word that is no kind, or a key beside a layer alone."""
    if isinstance(branch, Mapping):
        return branch.entries.keys() == {"from"}
    items = branch.items if isinstance(branch, Sequence) else [branch]
    word = items[0] if len(items) == 1 else None
    return isinstance(word, Scalar) and word.text[:1] != "=" and word.text not in BY_NAME


def _is_condition(text: str, context: Context) -> bool:
    """Whether a text is a formula that computes, or a variable that is no list of layers."""
    name = text[1:].strip()
    if text[:1] != "=":
        return False
    return not name.isidentifier() or isinstance(context.variables.get(name), bool | int | float)
