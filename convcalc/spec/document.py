"""The whole file: top-level keys to a Network."""

from functools import partial
from weakref import proxy

from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.layers.base import Roundings
from convcalc.layers.option import Value
from convcalc.network.graph import Graph
from convcalc.network.record import Network, Step
from convcalc.network.remarks import Remarks, TooMuchWorkError
from convcalc.records import NamedTuple
from convcalc.shapes import Shape
from convcalc.source import Source
from convcalc.spec import shortforms
from convcalc.spec.blocks import BlockMemory
from convcalc.spec.context import Context, TooDeepError, given_names
from convcalc.spec.counting import Counter, TooManyLayersError
from convcalc.spec.definitions import define
from convcalc.spec.expand import Expander
from convcalc.spec.inputs import add_inputs
from convcalc.spec.names import Frame
from convcalc.spec.stated import expectations, rule_settings
from convcalc.spec.steps import Steps
from convcalc.spec.values import Reader, no_channels, values_of
from convcalc.spec.variables import file_variables
from convcalc.tree.decode import Limits
from convcalc.tree.nodes import Mapping, Marked, Node, Scalar, Sequence
from convcalc.tree.scalars import AmbiguousError, resolve, yaml_1_1
from convcalc.window import Rounding

KEYS = (
    "name", "source", "notes", "input", "inputs", "rounding", "vars", "blocks", "layers",
    "outputs", "expect", "budget", "rules",
)  # fmt: skip

#: Keys whose lack is a fault of its own, or makes faults elsewhere.
_LACKING = frozenset({"input", "inputs", "vars", "blocks", "layers"})

_WORK = 100  #: letters of formulas and the like a layer, for all layers together


class Overrides(NamedTuple):
    """What the command line says over the file."""

    input: Shape | None = None
    rounding: Rounding | None = None
    variables: tuple[tuple[str, Value], ...] = ()
    stated: tuple[str, ...] = ()
    """Those of the variables that a matrix of pyproject.toml sets."""


def assemble(
    source: Source,
    root: Node | None,
    remarks: Remarks,
    overrides: Overrides,
    limits: Limits,
    free: bool = False,
    memory: BlockMemory | None = None,
    before: Network | None = None,
) -> Network:
    """The network that a tree describes; everything wrong with it is among its findings.

    `free`: the variables that are set need no `vars:`, as those of a pattern. `memory`: of the same
    tree's networks under other variables. `before`: a network that this one is nearly.
    """
    known = BlockMemory() if memory is None else memory
    return _Document(source, root, remarks, overrides, limits, free).network(known, before)


class _Document:
    def __init__(
        self,
        source: Source,
        root: Node | None,
        remarks: Remarks,
        overrides: Overrides,
        limits: Limits,
        free: bool,
    ) -> None:
        self.source = source
        self.free = free
        self.remarks = remarks
        self.overrides = overrides
        remarks.as_written = overrides == Overrides()
        self.limits = limits
        self.root = root if isinstance(root, Mapping) else Mapping(0)
        if not self.root.entries and not remarks.findings:
            mark = root or Marked("", True, 0, 1)
            text = "a spec is a mapping with `layers:`"
            if root is None or isinstance(root, Mapping):
                text = "the file is empty" if root is None else "the spec is empty"
            help = ("start with `input: 224x224x3` and `layers:`",)
            remarks.error("CC019", text, mark, "", help)

    def network(self, memory: BlockMemory, before: Network | None) -> Network:
        """Read every key, expand the layers, check what the file states about them."""
        root, remarks = self.root, self.remarks
        self.keys()
        graph = Graph(remarks, self.roundings())
        graph.in_line = self.free
        if before is not None:
            from convcalc.network.before import Before  # for repairs alone

            graph.before = Before(before)
        graph.placed = None if self.free else shortforms.placed
        graph.reworded = shortforms.as_word if self.free else shortforms.reworded
        variables = file_variables(root, self.overrides.variables, remarks, self.free)
        reader = Reader(remarks, variables, no_channels)
        kinds = frozenset(BY_NAME)
        blocks = define(root.get("blocks"), reader, kinds)
        at = add_inputs(root, graph, reader, self.overrides.input)
        inputs = len(graph.steps)
        steps = Steps(graph, blocks, variables, self.limits.layers, memory)
        graph.settable = partial(self.settable, proxy(steps))  # it must not hold itself
        expander = Expander(steps)
        named: tuple[int, ...] = ()
        outputs: tuple[int, ...] = ()
        layers = root.get("layers")
        if not self.free and any(name not in variables for name, _ in self.overrides.variables):
            layers = None  # whoever sets a variable that there is not is told so, of any net
        elif layers is None and root.entries:
            text, help = "the spec has no layers", ("`layers:` and a list below it",)
            remarks.error("CC013", text, next(iter(root.entries.values()))[0], "", help)
        if layers is not None:
            named, outputs = self.expanded(expander, layers, at)
            if not remarks.attempts and not graph.steps[inputs:]:
                self.none_left(layers)
            elif steps.tried:
                from convcalc.spec.empty_calls import report  # for few files

                report(steps.tried, set().union(*steps.full), variables, remarks)
        vars(expander).pop("compounds", None)  # what refers back keeps the tree in memory
        vars(steps).pop("beside", None)
        steps.names.settle()
        graph.report_unread(outputs)
        self.own_inputs(graph.steps)
        if any(step.kind == "relu6" for step in graph.steps):
            from convcalc.spec import numbered_relus

            numbered_relus.report(graph.steps, remarks)
        if not memory.all_used and ("blocks" in root.entries or "vars" in root.entries):
            from convcalc.spec.unused import unused

            memory.all_used = unused(root, remarks)
        return Network(
            self.source,
            self.text("name") or "",
            self.text("notes"),
            self.text("source"),
            graph.roundings,
            tuple(graph.steps),
            outputs,
            expectations(root, "expect", remarks) if remarks.as_written else (),
            expectations(root, "budget", remarks),
            rule_settings(root, remarks),
            tuple(variables),
            tuple(remarks.findings),
            dict([("", values_of(variables)), *steps.arguments]),
            named if len(named) == len(outputs) else (),
            remarks.left_aside or (not remarks.as_written and "expect" in root.entries),
        )

    def settable(self, steps: Steps, step: Step, option: str, text: str) -> bool:
        """Whether an edit of the file can give an option of a layer a value."""
        from convcalc.spec.edit import Editor  # only where something is wrong
        from convcalc.spec.given import Calls

        arguments = dict([("", values_of(steps.file_variables)), *steps.arguments])
        calls = Calls(Editor(self.source), self.root, arguments, steps.graph.steps)
        return calls.settable(step, option, text)

    def keys(self) -> None:
        """Report unknown keys; one that is nearly a key which is missing is read as that one."""
        entries = self.root.entries
        for word, (key, value) in tuple(entries.items()):
            if word not in KEYS:
                from convcalc.spec.asked_for import asked_for, key_of, twice
                from convcalc.spec.characters import meant

                asked = asked_for(word, value)
                close = key_of(word) or ("" if asked else self.remarks.suggest.nearest(word, KEYS))
                help = asked or twice(close, entries, word, value) or meant(close, word)
                help = help or (f"known: {', '.join(KEYS)}",)
                self.remarks.error("CC010", f"unknown key {plain(word)!r}", key, "unknown", help)
                if close in _LACKING:
                    entries.setdefault(close, (key, value))

    def expanded(
        self, expander: Expander, layers: Node, at: int
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Expand the layers; gives the outputs that are listed, and all of them."""
        steps, graph = expander.steps, expander.graph
        inputs = len(graph.steps)
        frame = Frame("", given_names(layers, steps.file_variables) | frozenset(graph.names), None)
        context = Context(steps.file_variables, frame)
        help: tuple[str, ...] = ("`layers:` and a list below it",)
        if isinstance(layers, Sequence) and not layers.items:
            self.remarks.error("CC013", "the list of layers is empty", layers, "", help)
        if isinstance(layers, Scalar) and not layers.text.strip():
            self.remarks.error("CC013", "the spec has no layers", layers, "", help)
            return (), ()
        if isinstance(layers, Mapping):
            text, help = "layers must be a list", ("start each layer with `- `",)
            self.remarks.error("CC019", text, layers, "a mapping", help)
            steps.broken("layers", layers, context, at)
            return (), ()
        try:
            Counter(steps.blocks, steps.file_variables, self.limits.layers).layers(layers, {})
            self.remarks.allowance = _WORK * self.limits.layers
            end = expander.layers(layers, context, at)
            self.remarks.allowance = None
        except (TooManyLayersError, TooMuchWorkError) as error:
            what = getattr(error, "what", "layers' worth of formulas, arguments and names")
            text = f"more than {self.limits.layers:,} {what} once all repeats are written out"
            help = ("repeat less, or lift the limit with --trusted",)
            self.remarks.error("CC002", text, layers, "not expanded", help)
        except TooDeepError as error:
            self.remarks.error("CC002", str(error), error.node, calls=error.calls)
        else:
            named = self.outputs(steps, context)
            return named, (*(index for index in named if index != end), end)
        self.remarks.allowance = None
        del graph.steps[inputs:]
        steps.names.forget(inputs)
        steps.broken("layers", layers, context, at)
        return (), ()

    def own_inputs(self, steps: list[Step]) -> None:
        """Warn of sums in blocks that read the net's input as if it were the block's."""
        blocks = self.root.get("blocks")
        if blocks is not None and any(step.units for step in steps):
            from convcalc.spec.own_input import candidates, report

            if found := list(candidates(steps)):
                report(blocks, steps, found, self.remarks)

    def none_left(self, layers: Node) -> None:
        """Report a net without a layer, which would be sized, and budgeted, as nothing."""
        text, help = "the net has no layers", ("`INPUT conv3-8 relu`",)
        if isinstance(layers, Sequence):
            text = "no layer is left: `when` and `times` leave every entry out"
            help = ("`times: 1`, or a `when:` that is true of at least one entry",)
        self.remarks.error("CC013", text, layers, "", help)

    def outputs(self, steps: Steps, context: Context) -> tuple[int, ...]:
        """The layers named under `outputs`."""
        node = self.root.get("outputs")
        if node is None:
            return ()
        items = node.items if isinstance(node, Sequence) else [node]
        found = []
        for item in items:
            if not isinstance(item, Scalar):
                text, help = "outputs must be a list of names", ("`outputs: [aux1, fc1]`",)
                self.remarks.error("CC014", text, item, "", help)
                continue
            index = steps.beside.reference(item.text, item, context, listed=item is not node)
            if index in found:
                text = f"outputs lists the layer {plain(item.text)!r} twice"
                self.remarks.error("CC014", text, item, "again", ("leave one out",))
            elif index is not None:
                found.append(index)
        return tuple(found)

    def text(self, key: str) -> str:
        """A free text of the file, safe to print."""
        node = self.root.get(key)
        if node is None:
            return ""
        if isinstance(node, Scalar):
            self.unambiguous(key, node)
            words = plain(" ".join(node.text.split()))
            return f": {words[1:]}" if words.startswith("::") else words  # no workflow command
        self.remarks.error("CC014", f"{key} must be text", node, "", ("quote it",))
        return ""

    def unambiguous(self, key: str, node: Scalar) -> None:
        """Report a text that is a number or a boolean to some parsers."""
        try:
            resolve(node.text if node.plain else "")
        except AmbiguousError:
            self.remarks.error("CC004", f"{key}: {yaml_1_1(node.text)}", node)

    def roundings(self) -> Roundings:
        """The file's rounding, or the command line's."""
        forced = self.overrides.rounding
        if forced:
            return Roundings(forced, forced)
        from convcalc.spec.rounding import roundings

        node = self.root.get("rounding")
        return Roundings() if node is None else roundings(node, self.remarks)
