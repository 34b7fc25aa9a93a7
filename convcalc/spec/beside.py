"""What is written beside a kind: `from`, `weights`, `expect`, `ignore`, `checkpoint`."""

from collections.abc import Callable

from convcalc.findings import plain
from convcalc.layers.base import Layer
from convcalc.layers.option import Value
from convcalc.network.graph import Graph
from convcalc.network.record import Branch
from convcalc.shapes import nearly_shape, parse_shape, written
from convcalc.spec.as_text import text_of
from convcalc.spec.context import Context, Entry
from convcalc.spec.names import Names
from convcalc.spec.values import NoValueError, Reader, no_channels
from convcalc.tree.nodes import Node, Passed, Scalar, Sequence
from convcalc.tree.scalars import AmbiguousError, resolve

#: Makes a reader of values where the volume of a step arrives.
Readers = Callable[..., Reader]


class Beside:
    """Reads the keys beside a kind; `reader` reads values at a step."""

    def __init__(self, graph: Graph, names: Names, reader: Readers) -> None:
        self.graph = graph
        self.names = names
        self.remarks = graph.remarks
        self.reader = reader

    def reference(
        self,
        name: Value,
        node: Node,
        context: Context,
        made: bool = False,
        listed: bool | None = None,
    ) -> int | None:
        """The step that a name means; reported where there is none.

        `made` is whether the steps of the entry that has it are there already, `listed` whether it
        is one of a list, where there may be several: None where not.
        """
        text = name if isinstance(name, str) else str(name)
        if isinstance(node, Scalar) and node.text[:1] != "=":
            text = node.text
        index = self.names.find(context.frame, text)
        if index is None:
            node, repeated = self.written(node, text, context), bool(context.suffix)
            scope = node.scope if isinstance(node, Passed) else context.variables
            from convcalc.spec import missing_layers

            missing_layers.report(
                self.names, context.frame, text, node, context.calls, repeated, made, listed, scope,
                context.variables,
            )  # fmt: skip
        return index

    def written(self, node: Node, text: str, context: Context) -> Node:
        """A value of a key, with the place of what a name alone stands for."""
        if not isinstance(node, Scalar) or node.text[:1] != "=":
            return node
        return Reader(self.remarks, context.variables, no_channels, context.calls).word(node, text)

    def sources(self, node: Node, context: Context, at: int) -> list[Branch] | None:
        """The layers that a `from` names; None where one is unknown."""
        try:
            value = self.reader(context, at, None, True).value(node)
        except NoValueError:
            return None
        names = value if isinstance(value, tuple) else (value,)
        nodes = node.items if isinstance(node, Sequence) else [node] * len(names)
        if len(nodes) != len(names):
            nodes = [node] * len(names)
        if not names:
            at_list = self.written(node, "", context)
            self.remarks.error("CC014", "from is empty", at_list, "", (), calls=context.calls)
            return None
        found: list[Branch] = []
        for name, place in zip(names, nodes, strict=True):
            if isinstance(name, tuple):
                self.listed(name, self.written(place, "", context), context)
                continue
            index = self.reference(name, place, context, listed=isinstance(node, Sequence))
            if index is not None:
                found.append(Branch(str(name), index))
        return found if len(found) == len(names) else None

    def listed(self, names: tuple[Value, ...], node: Node, context: Context) -> None:
        """Report a list that an argument passes to where one layer's name is expected."""
        from convcalc.spec.value_hints import of_one_layer

        help = of_one_layer(names) or ("an argument for each of them, each with one name",)
        text = "expected the name of a layer, got a list"
        self.remarks.error("CC014", text, node, "a list", help, calls=context.calls)

    def checkpoint(self, node: Node, context: Context) -> str:
        """The segment that a `checkpoint:` marks: a name, or for ``true`` one of its own."""
        value: object = None
        if isinstance(node, Scalar) and node.text:
            try:
                value = resolve(node.text) if node.plain else node.text
            except AmbiguousError as error:
                self.remarks.error("CC004", plain(str(error)), node, calls=context.calls)
                return ""
        if isinstance(value, bool):
            return f"={len(self.graph.steps)}" if value else ""
        from convcalc.spec.segment_marks import MARKS, TAKES, not_a_name

        text, help = TAKES, MARKS
        if isinstance(value, str) and value[:1] != "=":
            text, help = not_a_name(value)
        if not text:
            return str(value)
        self.remarks.error("CC014", text, node, "", help, calls=context.calls)
        return ""

    def codes(self, node: Node, context: Context) -> tuple[str, ...]:
        """The codes of an `ignore:`, of which some may be given by their names."""
        from convcalc.findings import CODES

        items = node.items if isinstance(node, Sequence) else [node]
        self.remarks.spend(6 * max(0, len(items) - 4))
        found, by_name = [], {name: code for code, name in CODES.items()}
        for item in items:
            if not isinstance(item, Scalar):
                help: tuple[str, ...] = ("`ignore: [CC103]`",)
                self.remarks.error("CC014", "ignore takes codes", item, "", help)
                continue
            code = by_name.get(item.text, item.text)
            if code in CODES:
                found.append(code)
                continue
            from convcalc.suggest import code as near_code

            help = (near_code(item.text, CODES, by_name),)
            self.remarks.error("CC014", f"unknown code {plain(item.text)!r}", item, "", help)
        return tuple(dict.fromkeys(found))

    def shared(self, node: Node, layer: Layer, context: Context, at: int) -> int | None:
        """The step whose parameters a `weights:` names."""
        try:
            name = self.reader(context, at, None, True).value(node)
        except NoValueError:
            return None
        if isinstance(name, tuple):
            from convcalc.spec.value_hints import of_one_layer

            text, place = "weights takes the name of one layer", self.written(node, "", context)
            self.remarks.error("CC014", text, place, "", of_one_layer(name), calls=context.calls)
            return None
        if not layer.has_weights:
            text = f"{layer.kind} has no parameters to share"
            self.remarks.error("CC123", text, node, "", (), calls=context.calls)
            return None
        return self.reference(name, node, context)

    def expected(self, entry: Entry, context: Context, index: int) -> None:
        """Hold an `expect:` against the output, in the net as it is written."""
        node = entry.beside.get("expect")
        step = self.graph.steps[index]
        output = step.output
        if node is None:
            return
        try:
            stated = self.reader(context, step.inputs[0] if step.inputs else index).value(node)
        except NoValueError:
            return
        node = self.written(node, "", context)
        wanted = parse_shape(str(stated)) if isinstance(stated, int | str) else None
        if wanted is None:
            text = "expect needs a shape such as 112x112x64"
            meant = nearly_shape(stated if isinstance(stated, str) else text_of(node))
            help = (f"did you mean `{meant}`?",) if meant else ()
            self.remarks.error("CC014", text, node, "", help, calls=context.calls)
        elif not self.remarks.as_written:
            self.remarks.left_aside = True
        elif output is not None and wanted != output:
            self.remarks.error(
                "CC130",
                f"expected {written(wanted)}, got {written(output)}",
                node,
                f"is {written(output)}",
                (f"`expect: {written(output)}` if that is what you want",),
                (("this layer", entry.at),),
                context.calls,
                step.name,
            )
