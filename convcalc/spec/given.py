"""The value of a layer's option that a block call gives: what is edited is the call's argument.

Imported only where something is wrong.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from convcalc.formula import FormulaError, evaluate
from convcalc.formula.inverse import solved
from convcalc.layers.option import Value
from convcalc.layers.written import option_text
from convcalc.network.record import Network, Step, Values
from convcalc.spec.context import is_empty
from convcalc.spec.edit import CannotEditError, Edit, Editor, entry_of, options_at, with_options
from convcalc.spec.values import IN_CHANNELS
from convcalc.tree import nodes
from convcalc.tree.decode import TRUSTED
from convcalc.tree.nodes import Node, Scalar
from convcalc.tree.reader import read

_MOST = 64  #: arguments and defaults that lead to one number


class Calls:
    """The block calls of one file."""

    def __init__(
        self,
        editor: Editor,
        root: Node | None,
        arguments: Mapping[str, Values],
        steps: Sequence[Step],
    ) -> None:
        """`arguments` has what each call gave its block, by its name; the variables by ''."""
        self.editor, self.root = editor, root
        self.arguments, self.steps = arguments, steps

    @cached_property
    def entries(self) -> dict[int, nodes.Mapping]:
        """The mapping of each key, by its place."""
        return entry_of(self.root)

    @cached_property
    def blocks(self) -> dict[str, nodes.Mapping]:
        """The definitions of the blocks."""
        found = self.root.get("blocks") if isinstance(self.root, nodes.Mapping) else None
        pairs = found.entries.items() if isinstance(found, nodes.Mapping) else ()
        return {name: body for name, (_, body) in pairs if isinstance(body, nodes.Mapping)}

    def set_to(self, node: Node, step: Step, text: str) -> Iterator[tuple[Edit, str]]:
        """The edits of a call that give a layer's option, a formula, a value, and what it was.

        One for each argument that the formula may have the value by; none where no argument leads
        to it. A formula is no value: what it names is not known where the block is called.
        """
        if not isinstance(node, Scalar) or node.text[:1] != "=" or "=" in text:
            return
        level = self.scope(node, step, 0)
        way = _Way(self, step)
        before = way.value(node.text, level)
        for edit in way.of_formula(node.text, level, text):
            yield edit, before

    def settable(self, step: Step, option: str, text: str) -> bool:
        """Whether an edit can give an option of a layer a value: it is none of other formulas."""
        options = options_at(step)
        letters = (o.letter for o in step.layer.options() if o.key == option) if step.layer else ()
        given = (options.get(key) for key in (option, *letters) if key) if options else ()
        node = next(filter(None, given), None)
        if not isinstance(node, Scalar) or node.text[:1] != "=":
            return True
        return next(self.set_to(node, step, text), None) is not None

    def passed(self, node: Node, step: Step) -> tuple[Scalar, int] | None:
        """The formula that a call gives an argument which a layer's option names, and where.

        That call is in a block itself: the level is that of the call of this block.
        """
        level, way = self.scope(node, step, 0), _Way(self, step)
        while isinstance(node, Scalar) and node.text[:1] == "=":
            name = node.text[1:].strip()
            given = way.given(name, level) if name.isidentifier() else None
            if given is None or not isinstance(given, Scalar) or given.text[:1] != "=":
                return None
            level = self.scope(given, step, level + 1)
            if level >= len(step.place.calls):
                return None
            if not given.text[1:].strip().isidentifier():
                return given, level
            node = given
        return None

    def scope(self, node: Node, step: Step, level: int) -> int:
        """The call, from the innermost, in whose block a node is written; of none, their number.

        Layers that are an argument are written where the block is called.
        """
        calls, at = step.place.calls, self.editor.start(node)
        for place in range(level, len(calls)):
            body = self.blocks.get(getattr(calls[place], "text", ""))
            if body is not None and self.editor.start(body) <= at < self.editor.end(body):
                return place
        return len(calls)


class _Way:
    """The way from one option of a layer to the number in a call that gives it its value."""

    def __init__(self, calls: Calls, step: Step) -> None:
        self.calls, self.step = calls, step
        self.editor, self.left = calls.editor, _MOST

    def values(self, level: int) -> dict[str, Value]:
        """What formulas of a block see in the call of this level."""
        units, arguments = self.step.units, self.calls.arguments
        own = arguments.get(units[-1 - level], {}) if level < len(units) else {}
        values = {**arguments.get("", {}), **own}
        if not level and self.step.inputs:
            arriving = self.calls.steps[self.step.inputs[0]].output
            values |= {IN_CHANNELS: arriving[-1]} if arriving else {}
        return values

    def value(self, formula: str, level: int) -> str:
        """What a formula is now, as an option has it."""
        try:
            value = evaluate(formula, self.values(level).__getitem__)
        except (FormulaError, KeyError):
            return formula
        return value if isinstance(value, str) else option_text(value)

    def of_formula(self, formula: str, level: int, text: str) -> Iterator[Edit]:
        """The edits with which a formula of the block that this level calls has a value."""
        self.left -= 1
        if self.left < 0 or level >= len(self.step.place.calls):
            return
        try:
            given = self._written(level)  # what the call itself gives comes before defaults
        except CannotEditError:
            return
        meant = self._meant(formula, level, text)
        for name, value in sorted(meant, key=lambda pair: pair[0] not in given):
            yield from self._given(name, level, value)

    def _meant(self, formula: str, level: int, wanted: str) -> Iterator[tuple[str, str]]:
        """The arguments that a formula may have its value by, and what they have to be."""
        own = self._arguments(level)
        name = formula[1:].strip()
        if name in own:
            yield name, wanted
        elif wanted.isdecimal():
            for word, number in solved(formula, int(wanted), self.values(level)):
                if word in own and number >= 0:
                    yield word, str(number)

    def _arguments(self, level: int) -> dict[str, Node]:
        """The arguments of the block that a call is of, with their defaults."""
        call = self.step.place.calls[level]
        body = self.calls.blocks.get(getattr(call, "text", ""))
        listed = body.get("args") if body is not None else None
        pairs = listed.entries.items() if isinstance(listed, nodes.Mapping) else ()
        return {name: default for name, (_, default) in pairs}

    def _value_of(self, level: int) -> Node | None:
        """What a call gives, as it is written; None for nothing.

        Raises:
            CannotEditError: the call is a word of a pattern.
        """
        call = self.step.place.calls[level]
        if type(call) is not Scalar:
            raise CannotEditError("the call is in a pattern, or in quotes")
        entry = self.calls.entries.get(call.start)
        value = entry.get(call.text) if entry is not None else None
        return None if value is None or is_empty(value) else value

    def _written(self, level: int) -> dict[str, Node]:
        """The arguments that a call gives."""
        value = self._value_of(level)
        if isinstance(value, nodes.Mapping):
            return {name: node for name, (_, node) in value.entries.items()}
        items = value.items if isinstance(value, nodes.Sequence) else [value] if value else []
        return dict(zip(self._arguments(level), items, strict=False))

    def given(self, name: str, level: int) -> Node | None:
        """What a call gives an argument, as it is written; None for nothing."""
        try:
            return self._written(level).get(name) if level < len(self.step.place.calls) else None
        except CannotEditError:
            return None

    def _given(self, name: str, level: int, text: str) -> Iterator[Edit]:
        """The edits with which a call gives an argument this value."""
        node, default = self._written(level).get(name), self._arguments(level)[name]
        formula = default if node is None else node
        if isinstance(formula, Scalar) and formula.text[:1] == "=":
            within = level if node is None else self.calls.scope(formula, self.step, level + 1)
            yield from self.of_formula(formula.text, within, text)
        try:
            if node is None:
                yield self._added(name, level, text)
            else:
                alone = node is self._value_of(level) and text[:1] == "["
                yield self.editor.replaced(node, f"{{{name}: {text}}}" if alone else text)
        except CannotEditError:
            return

    def _added(self, name: str, level: int, text: str) -> Edit:
        """An argument more in a call, behind the others or by its name.

        Raises:
            CannotEditError: the call is written over several lines.
        """
        editor, value = self.editor, self._value_of(level)
        call = self.step.place.calls[level]
        assert isinstance(call, Scalar), "the value of any other is refused"
        if value is None or (isinstance(value, nodes.Mapping) and not value.entries):
            named = f"{call.text}: {{{name}: {text}}}"
            if value is not None:
                return Edit(editor.start(value), editor.end(value), f"{{{name}: {text}}}")
            return with_options(editor, editor.replaced(call, named))
        if isinstance(value, nodes.Mapping):
            return editor.added(value, name, text)
        given = self._written(level)
        if isinstance(value, nodes.Sequence):
            names = [*self._arguments(level)]
            last = value.items[-1] if value.items else None
            if last is not None and names.index(name) == len(value.items):
                return self._behind(value, last, text)
            if not editor.is_flow(value):
                raise CannotEditError("the arguments are on lines of their own")
        pairs = [*((word, editor.written(node)) for word, node in given.items()), (name, text)]
        if any("\n" in written for _, written in pairs):
            raise CannotEditError("an argument is written over several lines")
        whole = ", ".join(f"{word}: {written}" for word, written in pairs)
        return Edit(editor.start(value), editor.end(value), f"{{{whole}}}")

    def _behind(self, value: nodes.Sequence, last: Node, text: str) -> Edit:
        """One more item of a list of arguments."""
        editor = self.editor
        end = editor.end(last)
        if editor.is_flow(value):
            return Edit(end, end, f", {text}")
        start = editor.start(last)
        dash = re.search(r"- +\Z", editor.text[editor.text.rfind("\n", 0, start) + 1 : start])
        if dash is None:
            raise CannotEditError("the arguments do not begin their lines")
        at = editor.line_end(end)
        return Edit(at, at, f"{editor.newline()}{' ' * dash.start()}- {text}")


def editor_of(network: Network) -> Editor:
    """The editor of a net's file, which sets options where block calls give them."""
    editor = Editor(network.source)

    def calls() -> Calls:
        root, _ = read(network.source, TRUSTED)
        return Calls(editor, root, network.arguments, network.steps)

    editor.find_calls = calls
    return editor
