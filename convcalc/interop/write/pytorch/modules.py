"""The line of a layer or of an inner call, as an expression of the block's arguments.

An expression of the spec is taken where it gives what every call has; else the number, where that
is the same in all; else an argument that the spec does not have.
"""

from collections.abc import Iterable, Mapping

from convcalc.formula import Name
from convcalc.interop.write.pytorch.channels import Channels
from convcalc.interop.write.pytorch.made import Made, Occurrence, number, same
from convcalc.interop.write.pytorch.names import free
from convcalc.interop.write.pytorch.parts import Instance, Part
from convcalc.interop.write.pytorch.slots import OPTIONS, Slot, filled, masked, slots
from convcalc.interop.write.spec.arguments import Params
from convcalc.interop.write.spec.definitions import Definitions
from convcalc.interop.write.spec.expressions import (
    Code,
    Expression,
    NotSaidError,
    expression,
    joined,
    names_in,
    python,
    replaced,
    worked_out,
)
from convcalc.interop.write.spec.names import IN_CHANNELS
from convcalc.layers import BY_NAME
from convcalc.layers.option import Value
from convcalc.tree.nodes import Mapping as Keys

_FILTERS = ("filters", "units")


class Modules:
    """Writes the lines of one block's parts."""

    def __init__(
        self,
        spec: Definitions,
        instances: Mapping[int, Instance],
        made: Mapping[int, Made],
        texts: Mapping[str, str],
        params: Params,
    ) -> None:
        self.spec, self.made, self.texts = spec, made, texts
        self.params = params
        self.channels = Channels(instances, params.values)
        self.kept: dict[str, str] = {}
        """Arguments that `forward` needs, and the attributes that they are."""
        self.children = {part.name for one in instances.values() for part in one.parts}
        self.written_out: list[Expression] = []
        """What `__init__` has in the place of values."""

    def keep(self, tree: Expression) -> None:
        """Note an expression that `forward` has too: its names become attributes."""
        self.params.use(tree)
        for word in sorted(names_in(tree)):
            if word not in self.kept:
                others = {*self.params.definition.names.values(), *self.params.own} - {word}
                used = self.children | others | set(self.kept.values())
                self.kept[word] = free(word, used)

    def of_self(self, tree: Expression) -> str:
        """An expression of the attributes that keep the arguments, as Python."""
        names: dict[str, Expression] = {word: Name(self.kept[word], 0) for word in names_in(tree)}
        return python(replaced(tree, names), "self.")

    def is_activation(self, part: Part) -> bool:
        """Whether an argument is what makes a part."""
        name = part.module.partition("(")[0]
        return any(isinstance(given.get(name), Code) for given in self.params.values.values())

    def arriving(self, parts: list[Occurrence]) -> list[Expression]:
        """What may be the channels that a part reads."""
        firsts = [(one.at, one.part.reads[0]) for one in parts if one.part.reads]
        return list(dict.fromkeys(self.channels.at_any(firsts)))

    def lines(self, parts: list[Occurrence], looped: bool) -> tuple[str, str]:
        """What makes a part's module ('' for none), and its line in `forward` ('' in a loop)."""
        first, arriving = parts[0].part, self.arriving(parts)
        inner = [self.made.get(number(one.part.module)) for one in parts]
        if any(inner):
            module = self.call(parts, inner, arriving)
            if len({one.part.run for one in parts}) > 1 and not looped:
                raise NotSaidError
            return module, first.run
        if self.is_activation(first):
            self.params.use(Name(first.module.partition("(")[0], 0))
        options = self.options(first, arriving)
        leaving = self.leaving(parts, options, arriving)
        texts = [self.texts.get(one.part.module, one.part.module) for one in parts]
        module = self.written(parts, texts, options, arriving, leaving)
        run = ""
        if not looped:
            run = self.written(parts, [one.part.run for one in parts], options, [], [], kept=True)
        self.channels.note([one.volume for one in parts], leaving)
        return module, run

    def options(self, part: Part, arriving: list[Expression]) -> dict[str, list[Expression]]:
        """What the spec says of a layer's options, in the words of this block."""
        entry = self.spec.entries.get(part.place)
        kind = BY_NAME.get(part.kind)
        if entry is None or kind is None or not isinstance(entry.value, Keys):
            return {}
        letters = {option.letter: option.key for option in kind.options() if option.letter}
        found: dict[str, list[Expression]] = {}
        for word, (_, node) in entry.value.entries.items():
            try:
                tree = expression(node)
            except NotSaidError:
                continue
            found[letters.get(word, word)] = self.here(tree, arriving)
        return found

    def here(self, tree: Expression, arriving: list[Expression]) -> list[Expression]:
        """A formula of the spec in the words of this block, for each name of `in_channels`."""
        several = arriving if IN_CHANNELS in names_in(tree) else [0]
        found = []
        for channels in several:
            try:
                found.append(replaced(tree, self.params.named(channels)))
            except NotSaidError:
                continue
        return found

    def leaving(
        self,
        parts: list[Occurrence],
        options: Mapping[str, list[Expression]],
        arriving: list[Expression],
    ) -> list[Expression]:
        """What the channels of a layer's output are."""
        ends = [one.volume for one in parts]
        seen = self.channels.seen_at(ends)
        given = [tree for word in _FILTERS for tree in options.get(word, ())]
        kind = BY_NAME.get(parts[0].part.kind)
        if not given and kind and any(one.key in _FILTERS for one in kind.options()):
            given = [parts[0].part.channels]  # a short form: what it makes is a number
        if parts[0].part.kind == "slice":
            stops = options.get("stop", arriving)
            sizes = [joined("-", b, a) for a in options.get("start", [0]) for b in stops]
            given = [*seen, *sizes]
        elif not given and parts[0].part.kind == "concat":
            given = self.channels.sums([(one.at, one.part.reads) for one in parts])
        elif not given:
            volumes = [(one.at, step) for one in parts for step in one.part.reads]
            given = [*arriving, *self.channels.at_any(volumes)]
        return self.channels.right(ends, [*given, *seen])

    def written(
        self,
        parts: list[Occurrence],
        texts: list[str],
        options: Mapping[str, list[Expression]],
        arriving: list[Expression],
        leaving: list[Expression],
        kept: bool = False,
    ) -> str:
        """A line with expressions in the place of values that the calls do not share."""
        different = set(texts)
        if len(set(map(masked, different))) > 1:
            raise NotSaidError
        read = {text: slots(text) for text in different}
        rows = [read[text] for text in texts]
        calls = [one.at for one in parts]
        known: dict[str, Expression] = {}
        for column in zip(*rows, strict=True):
            slot: Slot = column[0]
            option = OPTIONS.get(slot.keyword, slot.keyword)
            values = [one.value for one in column]
            if slot.channels:
                seen = self.channels.seen.alike(zip(calls, values, strict=True))
                trees = [*(arriving if slot.channels == "in" else leaving), *seen]
            elif slot.keyword:
                trees = options.get(option, [])
                if option == "groups":
                    trees = [*trees, *(arriving if parts[0].part.kind == "depthwise_conv" else ())]
                if option == "pad" and names_in(known.get("kernel", 0)):
                    trees = [*trees, joined("//", known["kernel"], 2)]
            else:
                trees = [tree for word in options.values() for tree in word if names_in(tree)]
            known[f"{option}{'' if slot.keyword else len(known)}"] = self.pick(
                parts, values, trees, slot.keyword or slot.channels or _role(texts[0])
            )
        for tree in known.values():
            self.params.use(tree)
            if kept:
                self.keep(tree)
            else:
                self.written_out.append(tree)
        return filled(texts[0], list(map(self.of_self if kept else python, known.values())))

    def pick(
        self,
        parts: list[Occurrence],
        values: list[Value],
        trees: Iterable[Expression],
        role: str,
    ) -> Expression:
        """The first expression that is right in all calls; else the value, or a new argument.

        Raises:
            NotSaidError: a new argument would be one too many, or has several values in a call.
        """
        for tree in trees:
            if self.gives(tree, parts, values):
                return tree
        if all(same(value, values[0]) for value in values):
            return values[0]
        given: dict[int, Value] = {}
        for one, value in zip(parts, values, strict=True):
            if given.setdefault(one.at, value) != value:
                raise NotSaidError
        return self.params.add({"in": "channels", "out": "out_channels"}.get(role, role), given)

    def gives(self, tree: Expression, parts: list[Occurrence], values: list[Value]) -> bool:
        """Whether an expression is what each part has, in its call."""
        known, work = self.params.values, worked_out(tree)
        try:
            python(tree)
            return all(same(work(known[one.at]), v) for one, v in zip(parts, values, strict=True))
        except NotSaidError:
            return False

    def call(
        self, parts: list[Occurrence], inner: list[Made | None], arriving: list[Expression]
    ) -> str:
        """A call of another class, the same in all calls of this one."""
        made, first = inner[0], parts[0].part
        if made is None or any(one is not made for one in inner):
            raise NotSaidError
        entry = self.spec.entries.get(first.place)
        block = "" if entry is None else entry.kind
        written = self.spec.given(block, first.place) if block in self.spec.blocks else {}
        given: dict[str, Expression] = {}
        for param in made.params:
            values = [made.values[number(one.part.module)][param.name] for one in parts]
            trees: list[Expression] = list(arriving) if param.name == IN_CHANNELS else []
            if param.source in written:
                try:
                    tree = expression(written[param.source])
                    self.passed(tree, parts, values)
                    trees = self.here(tree, arriving)
                except NotSaidError:
                    trees = []
            elif not param.source and param.name in self.params.own:
                trees = [Name(param.name, 0)]
            given[param.name] = self.pick(parts, values, trees, param.name)
        for tree in given.values():
            self.params.use(tree)
            self.written_out.append(tree)
        ends = [one.volume for one in parts]
        self.channels.note(
            ends, self.channels.right(ends, [replaced(tree, given) for tree in made.outputs])
        )
        return made.call(given)

    def passed(self, tree: Expression, parts: list[Occurrence], values: list[Value]) -> None:
        """Layers that a block only passes on: what it was given is what the inner call gets."""
        names = self.params.definition.names
        if isinstance(tree, Name) and tree.text in names:
            for one, value in zip(parts, values, strict=True):
                self.params.values[one.at].setdefault(names[tree.text], value)


def _role(text: str) -> str:
    return "padding" if "F.pad(" in text else "size"
