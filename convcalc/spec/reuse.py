"""Block calls that equal an earlier one: its layers are taken over, not expanded and sized again.

Two calls make the same layers where the block's arguments, the file's variables that its body
mentions and the shape that arrives are the same. Not taken over is what depends on anything else:
layers that read or name a layer outside the block, that are wrong or remarked upon, checkpoints.
"""

from typing import Any

from convcalc.layers.option import Value
from convcalc.network.place import Place
from convcalc.network.record import INPUT, Step, Values
from convcalc.records import NamedTuple
from convcalc.spec.blocks import Block, Full, Tried
from convcalc.spec.context import Context, is_pattern
from convcalc.spec.names import named
from convcalc.spec.steps import Steps
from convcalc.spec.unused import mentioned
from convcalc.spec.values import Later, Scope
from convcalc.tree.nodes import Scalar

#: Layers that are remembered, in blocks within blocks several times; then all are forgotten.
_MOST = 50_000

Key = tuple[Any, ...]

#: Names, and blocks, up to which a block's dependence on the file's variables is told apart.
_TOLD = 100

_NO_KEY = object()  #: of a value that says too little about the layers


class Made(NamedTuple):
    """What a block call made."""

    steps: tuple[Step, ...]
    names: dict[str, int]
    """Every name that was bound, with its step."""
    bound: tuple[str, ...]
    """The same in order, as often as each was."""
    aliases: frozenset[str]
    first: int
    """The number of the first of its steps."""
    at: int
    """The step that it reads."""
    end: int
    prefix: str
    """What its names begin with."""
    outside: tuple[int, int]
    """How many calls and units are around its layers, its own among them."""
    called: tuple[str, ...]
    """The blocks that it calls in turn."""
    arguments: tuple[tuple[str, Values], ...]
    """What it gives them, by the names of these calls."""
    tried: tuple[Tried, ...]
    """Those of them that made no layer."""
    full: Full
    """Where those are called that made one."""
    merged_inputs: int
    copies: int
    depth: int
    longest: int
    """The layers of its longest repeat, had all turns as many as the first."""
    work: int
    """What it took to make them (`Remarks.spend`), but for names, which are longer elsewhere."""


class Reuse:
    """Takes the layers of earlier block calls into a graph."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.memory = steps.memory
        self.file_wide: dict[str, int | None] = {}
        """By block what its layers depend on beside its arguments, as a number for all of it."""
        self.everything: tuple[int | None, ...] = ()
        """The same for blocks that may depend on every variable, once it is known."""

    def key(self, block: Block, scope: Scope, context: Context, at: int) -> Key | None:
        """What equal calls have in common; None where a call is like no other."""
        step = self.steps.graph.steps[at]
        output = step.size.output
        if output is None or step.kind == INPUT or context.checkpoint or self.steps.names.dotted:
            return None
        if block.name not in self.file_wide:
            self.file_wide[block.name] = self._beside(block)
        beside = self.file_wide[block.name]
        values = [value for name in block.args for value in _told_apart(scope[name])]
        if beside is None or _NO_KEY in values:
            return None
        return (block.name, output, context.ignore, beside, *values)

    def _beside(self, block: Block) -> int | None:
        """The rounding, and the variables of the file that the layers of a block depend on."""
        memory = self.memory
        if block.name not in memory.mentioned:
            memory.mentioned[block.name] = self._mentioned(block)
        names = memory.mentioned[block.name]
        if names is not None:
            return self._told(names)
        if not self.everything:
            self.everything = (self._told(tuple(self.steps.file_variables)),)
        return self.everything[0]

    def _told(self, names: tuple[str, ...]) -> int | None:
        """A number for the rounding and the values of these variables, the same for equal ones."""
        variables = self.steps.file_variables
        values: list[Any] = [self.steps.graph.roundings]
        for name in names:
            values += _told_apart(variables.get(name))
        if _NO_KEY in values:
            return None
        memory, key = self.memory, tuple(values)
        if key not in memory.values:
            if len(memory.values) >= _MOST:  # of a sweep over very many values
                memory.values.clear()
            memory.numbers += 1
            memory.values[key] = memory.numbers
        return memory.values[key]

    def _mentioned(self, block: Block) -> tuple[str, ...] | None:
        """All names in the formulas of a block and of those that it calls.

        None where it has a pattern, whose words may depend on variables that it does not mention,
        and where there are more names or blocks than are worth telling apart.
        """
        blocks = self.steps.blocks
        waiting, reached, names = [block.name], {block.name}, set[str]()
        while waiting:
            words, own, pattern = self._words(blocks[waiting.pop()])
            names |= own
            if pattern or len(names) > _TOLD or len(reached) > _TOLD:
                return None
            more = [word for word in words if word in blocks and word not in reached]
            reached.update(more)
            waiting.extend(more)
        return tuple(sorted(names))

    def _words(self, body: Block) -> tuple[set[str], set[str], bool]:
        """The words and names in a block's own text, and whether it has a pattern."""
        known = self.memory.words
        if body.name not in known:
            nodes = [value for _, value in body.args.values()]
            nodes += [body.layers] if body.layers is not None else []
            patterns: list[str] = []
            known[body.name] = (*mentioned(nodes, patterns), bool(patterns))
        return known[body.name]

    def mark(self) -> tuple[int, ...]:
        """Where a call begins; goes back to `remember`."""
        steps, names = self.steps, self.steps.names
        lowest, names.lowest = names.lowest, len(steps.graph.steps)
        longest, steps.longest_repeat = steps.longest_repeat, 0
        steps.full.append(set())
        return (
            len(steps.graph.steps), len(names.bound), len(steps.called), steps.merged_inputs,
            steps.remarks.attempts, lowest, longest, len(steps.arguments),
            steps.remarks.allowance or 0, len(steps.tried),
        )  # fmt: skip

    def remember(
        self, key: Key | None, mark: tuple[int, ...], inner: Context, at: int, end: int
    ) -> None:
        """Remember what a call has made since its mark, where that depends on its key alone."""
        first, bound, called, merged, attempts, lowest, longest, given, allowance, tried = mark
        steps, names = self.steps, self.steps.names
        own, own_lowest = steps.longest_repeat, names.lowest
        steps.longest_repeat, names.lowest = max(own, longest), min(own_lowest, lowest)
        full = steps.full.pop()
        steps.full[-1] |= full
        made = tuple(steps.graph.steps[first:])
        if key is None or own_lowest < first or steps.remarks.attempts > attempts:
            return
        for step in made:
            if step.layer is None or step.size.output is None or step.checkpoint:
                return
        order = tuple(names.bound[bound:])
        self._put(
            key,
            Made(
                made,
                {name: names.names[name] for name in order},
                order,
                frozenset(name for name in order if name in names.aliases),
                first,
                at,
                end,
                inner.frame.prefix,
                (len(inner.calls), len(inner.units)),
                tuple(steps.called[called:]),
                tuple(steps.arguments[given:]),
                tuple(steps.tried[tried:]),
                full,
                steps.merged_inputs - merged,
                inner.copies,
                inner.depth,
                own,
                allowance - (steps.remarks.allowance or 0) - named(order),
            ),
        )

    def _put(self, key: Key, made: Made) -> None:
        memory = self.memory
        memory.steps += len(made.steps) + 1
        if memory.steps > _MOST:
            memory.made.clear()
            memory.steps = len(made.steps) + 1
        memory.made[key] = made

    def taken(self, key: Key | None, inner: Context, at: int) -> int | None:
        """Take over the layers of an equal call, as `inner` names and places them.

        Gives the step at their end; None where there is no such call.
        """
        made = None if key is None else self.memory.made.get(key)
        if made is None or inner.copies > made.copies or inner.depth > made.depth:
            return None
        steps, names = self.steps, self.steps.names
        graph_steps, known = steps.graph.steps, names.names
        first, prefix, cut = len(graph_steps), inner.frame.prefix, len(made.prefix)
        if first + len(made.steps) + made.longest > steps.limit:
            return None
        if steps.merged_inputs + made.merged_inputs > steps.limit:
            return None
        if not set(made.called).isdisjoint(inner.open):
            return None  # it would call itself, which is said where it is expanded
        renamed = {name: prefix + name[cut:] for name in made.names}
        if not known.keys().isdisjoint(renamed.values()):
            return None
        steps.remarks.spend(made.work + named(renamed[name] for name in made.bound))
        shift, was = first - made.first, made.at
        calls, units = inner.calls, inner.units
        inside_calls, inside_units = made.outside
        all_calls: dict[tuple[Scalar | Any, ...], tuple[Any, ...]] = {}
        all_units: dict[tuple[str, ...], tuple[str, ...]] = {}
        for step in made.steps:
            name, kind, layer, inputs, size, place, own, like, shares, ignore, _ = step
            mark, options, around, *_ = place
            own_calls = all_calls.get(around)
            if own_calls is None:
                kept = around[: len(around) - inside_calls]
                own_calls = all_calls[around] = (*kept, *calls)
            own_units = all_units.get(own)
            if own_units is None:
                nested = [renamed[unit] for unit in own[inside_units:]]
                own_units = all_units[own] = (*units, *nested)
            graph_steps.append(
                Step(
                    renamed[name],
                    kind,
                    layer,
                    tuple([at if i == was else i + shift for i in inputs]),
                    size,
                    Place(mark, options, own_calls),
                    own_units,
                    None if like is None else like + shift,
                    None if shares is None else shares + shift,
                    ignore,
                )
            )
        for name in made.bound:
            known[renamed[name]] = at if made.names[name] == was else made.names[name] + shift
            names.bound.append(renamed[name])
        names.aliases.update(renamed[name] for name in made.aliases)
        steps.merged_inputs += made.merged_inputs
        steps.called += made.called
        for tried in made.tried:
            kept = tried.calls[: len(tried.calls) - inside_calls]
            steps.tried.append(tried._replace(calls=(*kept, *calls)))
        steps.full[-1] |= made.full
        steps.arguments += [(renamed[name], values) for name, values in made.arguments]
        steps.longest_repeat = max(steps.longest_repeat, made.longest)
        return at if made.end == was else made.end + shift


def _told_apart(value: Value | Later) -> tuple[object, type]:
    """A value and its type (1 and true differ); `_NO_KEY` for what may mean any layers."""
    if isinstance(value, Later) or (isinstance(value, str) and is_pattern(value)):
        return (_NO_KEY, str)
    return (value, value.__class__)
