"""A layer more at the end of a branch, or in the argument of a call that is the branch."""

import re
from collections.abc import Mapping as Entries
from functools import lru_cache
from typing import TYPE_CHECKING

from convcalc.fix.record import Change
from convcalc.network.record import Network
from convcalc.source import LINE_BREAK
from convcalc.spec.edit import CannotEditError, Edit, Editor
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from convcalc.fix.inserts import Joined

_CANDIDATES = 1000  #: numbers that are put behind a name that is taken
PROJECTED = "projected"  #: what is put behind the name of an input for its projection
_IDENTITY = re.compile(r"\{?+ *+identity *+(: *+(\{ *+\})?+)?+ *+\}?+")


class BranchEnds:
    """The ends of the branches of one merge."""

    def __init__(
        self,
        network: Network,
        editor: Editor,
        root: Mapping,
        entries: Entries[int, Mapping],
        entry: Mapping,
        index: int,
    ) -> None:
        """`entries` has the mapping of each key by its place; `entry` is that of the merge.

        Raises:
            CannotEditError: its inputs are not written inside.
        """
        self.network, self.editor, self.root, self.entries = network, editor, root, entries
        self.step = network.steps[index]
        options = entry.get(self.step.kind)
        within = options.get("branches") if isinstance(options, Mapping) else None
        named: list[tuple[str, Node]] = []
        if isinstance(within, Mapping):
            named = [(word, value) for word, (_, value) in within.entries.items()]
        elif isinstance(within, Sequence):
            named = [(f"branch {i}", item) for i, item in enumerate(within.items, 1)]
        if len(named) != len(self.step.inputs):
            raise CannotEditError("its inputs are not written inside of it")
        self.named = named

    def longer(self, joined: "list[Joined]") -> Change:
        """A layer more at the end of each of some branches.

        Raises:
            CannotEditError: a branch is written in a way of its own.
        """
        edits: list[Edit] = []
        told: list[tuple[str, str, str]] = []
        for one in joined:
            name, node = self.named[one.place]
            if one.suffix == PROJECTED and not (one.when or one.argument) and _is_conditional(node):
                raise CannotEditError("its own projection is made in some calls alone")
            items = self._items(one, name, told)
            if one.argument:
                edit, before = self._given(node, items)
                name = getattr(node, "text", "=")[1:]
            elif self._is_given(node, items):
                raise CannotEditError("the block has an argument for it")
            else:
                edit, before = self._appended(node, items), _end(self.editor, node)
            edits.append(edit)
            told.append((name, before, ", ".join(items)))
        line = self.network.source.line_of(edits[0].start)
        named = self.step.units[-1] if joined[0].argument else self.step.name
        names, befores, layers = ([*dict.fromkeys(parts)] for parts in zip(*told, strict=True))
        return Change(
            layer=named,
            option=", ".join(names),
            before=", ".join(befores),
            after=", ".join(_shown(befores, layers)),
            line=line,
            effect="",
            edits=tuple(edits),
            rank=(),
        )

    def _items(self, one: "Joined", branch: str, told: list[tuple[str, str, str]]) -> list[str]:
        """The layers more, as items of a list in brackets."""
        parts = [(one.unnamed or one.layer, one.suffix), (one.norm, f"{one.suffix}_norm")]
        named = [(part, self._name(part, branch, suffix, told)) for part, suffix in parts if part]
        return [conditional(named, one.when)] if one.when else [flow(*part) for part in named]

    def _name(self, layer: str, branch: str, suffix: str, told: list[tuple[str, str, str]]) -> str:
        """A name where the number of the layer would change those that the file reads by."""
        if not is_numbered(self.editor.text, layer):
            return ""
        own = self.step.name.rpartition(".")[2]
        wanted = re.sub("[^A-Za-z0-9_]+", "_", f"{own}_{branch}_{suffix}")
        return free_name(self.network, wanted, [layer for _, _, layer in told])

    def _given(self, node: Node, items: list[str]) -> tuple[Edit, str]:
        """Layers as the argument that a branch consists of, at the call."""
        layers = f"[{', '.join(items)}]"
        word = node.text if isinstance(node, Scalar) else ""
        call = self.step.place.calls[0] if self.step.place.calls else None
        if word[:1] != "=" or not word[1:].isidentifier() or not isinstance(call, Scalar):
            raise CannotEditError("the branch is not an argument")
        entry = self.entries.get(call.start)
        value = entry.get(call.text) if entry is not None else None
        if isinstance(value, Mapping) and value.entries:
            now = value.get(word[1:])
            if now is None:
                return self.editor.added(value, word[1:], layers), "not given"
            if not isinstance(now, Sequence) or now.items:
                raise CannotEditError("the call gives layers")
            return self.editor.replaced(now, layers), "[]"
        names = self._arguments(call.text)
        if isinstance(value, Sequence) and value.items and word[1:] in names:
            if names.index(word[1:]) != len(value.items):
                raise CannotEditError("other arguments come before it")
            end = self.editor.end(value.items[-1])
            return Edit(end, end, f", {layers}"), "not given"
        raise CannotEditError("the call gives no arguments")

    def _arguments(self, block: str) -> list[str]:
        """The arguments of a block in their order, those that are layers too."""
        at: Node | None = self.root
        for key in ("blocks", block, "args"):
            at = at.get(key) if isinstance(at, Mapping) else None
        return list(at.entries) if isinstance(at, Mapping) else []

    def _is_given(self, node: Node, items: list[str]) -> bool:
        """Whether the call is the place for a layer more."""
        try:
            self._given(node, items)
        except CannotEditError:
            return False
        return True

    def _appended(self, node: Node, items: list[str]) -> Edit:
        """Layers more at the end of a branch."""
        editor, more = self.editor, ", ".join(items)
        alone = more if len(items) == 1 else f"[{more}]"
        start, end = editor.start(node), editor.end(node)
        if isinstance(node, Sequence):
            if not editor.is_flow(node):
                return _items_after(editor, node, items)
            if not node.items:
                return editor.replaced(node, alone)
            end = editor.end(node.items[-1])
            return Edit(end, end, f", {more}")
        written = editor.text[start:end]
        if "\n" in written:
            raise CannotEditError("it is written over several lines")
        if _IDENTITY.fullmatch(written):
            return Edit(start, end, alone)
        if isinstance(node, Mapping) and not editor.is_flow(node):
            written = f"{{{written}}}"
        return Edit(start, end, f"[{written}, {more}]")


def is_numbered(text: str, layer: str) -> bool:
    """Whether a file may name a layer of the same kind by its number: ``from: [relu1, conv2]``."""
    kind = re.match("[a-z_]+", layer)
    return _has_number(text, kind[0] if kind is not None else "")


@lru_cache(maxsize=4)  # each branch of a merge asks it of the whole file
def _has_number(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w.-]){word}[0-9]+(?![\w-])", text) is not None


def free_name(network: Network, wanted: str, others: list[str]) -> str:
    """A name that no layer has, in any call of a block, with a number where that is needed.

    Raises:
        CannotEditError: very many are taken.
    """
    taken = {name for step in network.steps for name in (step.name, step.name.rpartition(".")[2])}
    for number in range(1, _CANDIDATES):
        name = f"{wanted}{number}" if number > 1 else wanted
        if name not in taken and not any(name in other for other in others):
            return name
    raise CannotEditError(f"{wanted} is taken")


def _items_after(editor: Editor, node: Sequence, items: list[str]) -> Edit:
    """Lines more at the end of a list that has a line for each item.

    Raises:
        CannotEditError: its items are written in a way of their own.
    """
    start, end = editor.start(node.items[-1]), editor.end(node.items[-1])
    dash = re.search(r"- +\Z", editor.text[editor.text.rfind("\n", 0, start) + 1 : start])
    if dash is None:
        raise CannotEditError("its items do not begin their lines")
    line_end = re.search(LINE_BREAK, editor.text[end:])
    at = end + line_end.start() if line_end else len(editor.text)
    before = f"{editor.newline()}{' ' * dash.start()}- "
    texts = (re.sub(r"\A\{(.*)\}\Z", r"\1", item) for item in items)
    return Edit(at, at, "".join(f"{before}{text}" for text in texts))


def conditional(layers: list[tuple[str, str]], when: str) -> str:
    """Layers with names, or '', that are left out together where a condition does not hold."""
    if len(layers) > 1:
        layers = [
            (f"repeat: {{times: 1, layers: [{', '.join(flow(*one) for one in layers)}]}}", "")
        ]
    ((layer, name),) = layers
    return flow(layer, name, when)


def flow(layer: str, name: str = "", when: str = "") -> str:
    """A layer as an item of a list in brackets."""
    beside = [f"{key}: {value}" for key, value in (("when", when), ("name", name)) if value]
    if beside:
        return f"{{{', '.join([layer if ': ' in layer else f'{layer}: ', *beside])}}}"
    return f"{{{layer}}}" if ": " in layer else layer


def keyed(layer: str) -> str:
    """A layer as keys can follow it: a short form has the colon that they ask for."""
    return layer if ": " in layer else f"{layer}:"


def _is_conditional(branch: Node) -> bool:
    """Whether a branch has a layer that some calls leave out."""
    items = branch.items if isinstance(branch, Sequence) else [branch]
    return any(isinstance(item, Mapping) and "when" in item.entries for item in items)


def _end(editor: Editor, node: Node) -> str:
    """The last layer of a branch as it is written, of several lines the first."""
    last = node.items[-1] if isinstance(node, Sequence) and node.items else node
    text = editor.text[editor.start(last) : editor.end(last)]
    first, *below = text.splitlines() or ["[]"]
    return f"{first.rstrip()} ..." if below else first


def _shown(befores: list[str], layers: list[str]) -> list[str]:
    """What the branches end with then."""
    none = {"[]", "not given"}
    kept = [one for one in befores if one not in none and not _IDENTITY.fullmatch(one)]
    return [f"{kept[0]}, {layers[0]}"] if len(kept) == len(befores) == 1 else layers
