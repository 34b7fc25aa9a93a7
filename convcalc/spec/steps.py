"""One layer at a time: its name, its place, its step in the graph."""

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from convcalc.layers import BY_NAME
from convcalc.layers.base import Layer
from convcalc.layers.option import Option
from convcalc.network.graph import UNKNOWN, Graph
from convcalc.network.place import Place
from convcalc.network.record import Branch, Step, Values
from convcalc.spec import shortforms
from convcalc.spec.blocks import BlockMemory, Blocks, Full, Tried
from convcalc.spec.context import DEEPEST, Context, Entry, TooDeepError, is_empty
from convcalc.spec.names import UNREAD, Names
from convcalc.spec.options import LayerMaker
from convcalc.spec.values import NoValueError, Reader, Scope
from convcalc.tree.nodes import Mapping, Marked, Node, Passed, Scalar
from convcalc.tree.scalars import AmbiguousError, resolve, yaml_1_1

if TYPE_CHECKING:
    from convcalc.dialects import Known
    from convcalc.spec.as_before import NodesBefore
    from convcalc.spec.beside import Beside
    from convcalc.spec.by_number import Above, Named

_DOUBTFUL = frozenset("0123456789+-.yYnNoO")  #: beginnings of 010, 1:30, yes, no, on and off
#: Places that are kept for further copies at a time: those of a very long net may all differ.
_MOST_PLACES = 4096


def channels(step: Step) -> int:
    """`in_channels` after a step."""
    if step.output is None:
        raise NoValueError
    return step.output[-1]


class Steps:
    """Puts one layer after another into a graph."""

    def __init__(
        self,
        graph: Graph,
        blocks: Blocks,
        variables: Scope,
        limit: int,
        memory: BlockMemory,
    ) -> None:
        self.graph = graph
        self.names = Names(graph, blocks)
        self.remarks = graph.remarks
        self.blocks = blocks
        self.file_variables = variables
        self.limit = limit
        self.memory = memory
        self.merged_inputs = 0
        self.called: list[str] = []
        """Every block that was called, in order."""
        self.arguments: list[tuple[str, Values]] = []
        """The name of every block call, and the values of its arguments that are no layers."""
        self.tried: list[Tried] = []
        """Block calls that made no layer, but for whole branches."""
        self.full: list[Full] = [set()]
        """Where calls within calls made layers, those of each call that is open apart."""
        self.longest_repeat = 0
        """The layers of the longest repeat, had all turns as many as the first."""
        self.places: dict[
            tuple[int, int, int], tuple[Node, Mapping | None, tuple[Node, ...], Place]
        ] = {}
        """Of the entries, their options and the calls around them, by their ids, which all of these
        keep from being given to others."""
        self.nodes_before: NodesBefore | None = None
        """Those of a net that this one is nearly."""
        if graph.before is not None:
            from convcalc.spec import as_before  # for repairs alone

            self.nodes_before = as_before.NodesBefore(graph.before.places().values())
        self.maker = LayerMaker()
        self.kinds = frozenset(BY_NAME)

    @cached_property
    def beside(self) -> "Beside":
        """Reads the keys beside a kind, where an entry has any."""
        from convcalc.spec.beside import Beside

        return Beside(self.graph, self.names, self.reader)

    def reader(
        self,
        context: Context,
        at: int,
        beside: dict[str, Node] | None = None,
        layers: bool = False,
    ) -> Reader:
        """A reader of values where the volume of step `at` arrives; `layers` may be named there."""
        step, calls, alone = self.graph.steps[at], context.calls, context.alone
        arriving = partial(channels, step)  # no method: what is passed to a block would keep all
        reader = Reader(self.remarks, context.variables, arriving, calls, step, alone, (), beside)
        if layers:
            reader.layers = partial(self.names.find, context.frame)
        return reader

    def options(self, entry: Entry, context: Context, at: int) -> Mapping | None:
        """The options mapping of an entry; None where it has none."""
        value = entry.value
        if isinstance(value, Mapping):
            self.remarks.spend(80 * max(0, len(value.entries) - 8))
            return value
        if value is None or is_empty(value):
            return None
        help: tuple[str, ...] = ()
        if self.remarks.helps:
            from convcalc.spec.alone import bare_value

            above, named = self.by_number(context, at)
            options, step = self.options_of(entry.kind), self.graph.steps[at]
            help = bare_value(entry.kind, options, value, above, step, named)
        text = f"the options of {entry.kind} must be a mapping"
        self.remarks.error("CC014", text, value, "", help, calls=context.calls)
        raise NoValueError

    def by_number(self, context: Context, at: int) -> tuple["Above", "Named"]:
        """What gives the name of a step, and that of a layer that is counted back to."""
        frame, repeated = context.frame, bool(context.suffix)
        above = partial(self.names.shortest, frame, at, repeated)
        return above, lambda number: self.names.counted(frame, number, repeated)

    def options_of(self, kind: str) -> tuple[Option[Any], ...]:
        """The options of a kind; none for blocks and repeat."""
        return BY_NAME[kind].options() if kind in self.kinds else ()

    def is_kind(self, word: str) -> bool:
        """Whether an entry may start with this word."""
        return word in self.kinds or word in self.blocks or word == "repeat"

    @cached_property
    def words_with_options(self) -> "Known":
        """The words that an entry with options may start with: a short form has none."""
        from convcalc.dialects import Known  # only where somebody has mistyped

        return Known((*self.kinds, "repeat", *self.blocks))

    @cached_property
    def words(self) -> "Known":
        """The words that an entry may be, and short forms to compare with."""
        from convcalc.dialects import Known

        return Known((*self.words_with_options, *shortforms.EXAMPLES))

    def finish(self, entry: Entry, context: Context, end: int) -> int:
        """Name the output of a repeat, and check what is expected of a block or repeat."""
        node = entry.beside.get("name")
        if isinstance(node, Scalar):
            name = self.given(node, context)
            self.names.bind(context.frame, name, node.text, end)
        self.beside.expected(entry, context, end)
        return end

    def named(self, entry: Entry, context: Context) -> tuple[str, str]:
        """The full name of an entry and the name it is bound to in its scope."""
        frame, node = context.frame, entry.beside.get("name")
        if node is None:
            short = shortforms.expand(entry.kind)
            kind = short[0] if short else entry.kind
            wanted = frame.automatic(kind)
            while f"{frame.prefix}{wanted}" in self.names.dotted:
                wanted = frame.automatic(kind)
            return f"{frame.prefix}{wanted}", wanted
        if not isinstance(node, Scalar):
            self.remarks.error("CC018", "a name must be text", node, "", (), calls=context.calls)
            wanted = frame.automatic(entry.kind)
            return f"{frame.prefix}{wanted}", wanted
        return self.given(node, context), node.text

    def given(self, node: Scalar, context: Context) -> str:
        """The full name that a file gives."""
        text = node.text
        if node.plain and text[:1] in _DOUBTFUL:
            try:
                resolve(text)
            except AmbiguousError:
                message = f"the name {yaml_1_1(text)}"
                self.remarks.error("CC004", message, node, calls=context.calls)
        name = self.names.give_name(context.frame, text, context.suffix, node)
        if "." in text:
            self.names.dotted.add(name)
        return name

    def step(
        self,
        entry: Entry,
        layer: Layer,
        kind: str,
        context: Context,
        inputs: tuple[int, ...],
        options: Mapping | None,
        like: int | None = None,
        branches: tuple[Branch, ...] = (),
    ) -> int:
        """Append a layer."""
        beside = entry.beside
        name, wanted = self.named(entry, context)
        shares = None
        if "weights" in beside:
            shares = self.beside.shared(beside["weights"], layer, context, inputs[0])
        place = self.place(entry, options, context.calls)
        size = self.graph.sized(layer, inputs if like is None else (*inputs, like))
        step = Step(
            name,
            kind,
            layer,
            inputs,
            size,
            place,
            context.units,
            like,
            shares,
            context.ignore,
            context.checkpoint,
        )
        if self.graph.before is not None:
            step = self.graph.before.step(len(self.graph.steps), step)
        index = self.graph.add(step, branches)
        self.names.bind(context.frame, step.name, wanted, index)
        if "expect" in beside:
            self.beside.expected(entry, context, index)
        return index

    def place(self, entry: Entry, options: Mapping | None, calls: tuple[Node, ...]) -> Place:
        """Where a layer is written: one record for all copies of it."""
        at = entry.at
        key = id(at), id(options), id(calls)
        known = self.places.get(key)
        if known is None:
            if len(self.places) >= _MOST_PLACES:
                self.places.clear()
            own = at
            if isinstance(at, Passed):  # with all variables of its call
                own = Marked(at.text, True, at.start, at.end)
            place = Place(own, options, calls)
            if self.nodes_before is not None:
                held = self.nodes_before.held
                place = Place(held(own), held(options), tuple(map(held, calls)))
            known = self.places[key] = at, options, calls, place
        return known[-1]

    def layer(self, entry: Entry, kind: type[Layer], context: Context, at: int) -> int:
        """A layer that reads one volume."""
        try:
            options = self.options(entry, context, at)
            likes = options is not None and "like" in options.entries
            reader = self.reader(context, at, entry.beside, likes)
            made = self.maker.from_mapping(kind, options, entry.at, reader)
        except NoValueError:
            return self.broken(entry.kind, entry.at, context, at, entry.beside)
        like = made.__dict__.get("like")
        follows = None
        if like is not None:
            assert options is not None, "like is an option"
            follows = self.beside.reference(like, options.entries["like"][1], context)
            if follows is None:
                return self.broken(entry.kind, entry.at, context, at, entry.beside)
        return self.step(entry, made, entry.kind, context, (at,), options, like=follows)

    def broken(
        self,
        kind: str,
        node: Node,
        context: Context,
        at: int,
        beside: dict[str, Node] | None = None,
    ) -> int:
        """A layer that could not be read: its output is unknown, what follows is not checked."""
        kind = (shortforms.expand(kind) or (kind,))[0]
        known = kind.isascii() and kind.isidentifier() and not kind[-1:].isdigit()
        kind = kind[:40] if known else UNREAD
        entry = Entry(kind, Marked("", True, node.start, node.end), None, beside or {})
        name, wanted = self.named(entry, context)
        place = Place(node, None, context.calls)
        step = Step(name, kind, None, (at,), UNKNOWN, place, context.units)
        self.graph.steps.append(step)
        self.names.bind(context.frame, name, wanted, len(self.graph.steps) - 1)
        return len(self.graph.steps) - 1

    def guard_depth(self, context: Context, node: Node) -> None:
        """Refuse nets that are nested without end."""
        if context.depth > DEEPEST:
            raise TooDeepError(node, context.calls[:4])
