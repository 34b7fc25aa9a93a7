"""The text of a folded net: short forms, one line where it fits, names only where they are read."""

import json
from collections.abc import Iterator
from typing import Any

from convcalc.interop.flat import Flat
from convcalc.interop.fold.arguments import Condition
from convcalc.interop.fold.tree import (
    Block,
    Call,
    Element,
    Hole,
    Leaf,
    Merge,
    Region,
    is_number,
    options,
)
from convcalc.layers.base import Roundings
from convcalc.layers.windowed import Windowed
from convcalc.layers.written import option_text
from convcalc.shapes import Shape, written
from convcalc.spec import shortforms
from convcalc.spec.options import BESIDE
from convcalc.window import Rounding

_WIDTH = 88

Exprs = Iterator[Any]
Tree = str | dict[str, Any] | list[Any]


class Short(str):
    """A short form, which takes no keys beside it in one line: `long` does."""

    __slots__ = ("long",)
    long: dict[str, Any]

    def __new__(cls, word: str, long: dict[str, Any]) -> "Short":
        made = super().__new__(cls, word)
        made.long = long
        return made


class Writer:
    """Writes the entries of a net, as nested values first, then as lines."""

    def __init__(self) -> None:
        self.names = 0
        self.outputs: list[str] = []

    def sequence(self, found: list[Element], exprs: Exprs | None) -> list[Tree]:
        """Elements one after another, equal neighbours as one with `times`."""
        entries: list[Tree] = []
        counts: list[int] = []
        for element in found:
            entry = self.element(element, exprs)
            for part in entry:
                if entries and part == entries[-1] and not _named(part):
                    counts[-1] += 1
                else:
                    entries.append(part)
                    counts.append(1)
        return [_times(e, n) for e, n in zip(entries, counts, strict=True)]

    def element(self, element: Element, exprs: Exprs | None) -> list[Tree]:
        """One element: one entry, of a region several."""
        match element:
            case Leaf():
                return [_leaf(element, exprs)]
            case Merge():
                return [self.merge(element, exprs)]
            case Call():
                return [self.call(element, exprs)]
            case Region():
                return self.region(element, exprs)
        raise TypeError(type(element))

    def merge(self, merge: Merge, exprs: Exprs | None) -> Tree:
        """A merge with its branches."""
        hole = merge.hole
        branches: list[Tree] = []
        for i, branch in enumerate(merge.branches):
            if i == hole:
                given = next(exprs) if exprs is not None else Hole(branch)
                branches.append(self.shortcut(given))
            else:
                branches.append(self.sequence(branch, exprs))
        brief = [b[0] if isinstance(b, list) and len(b) == 1 else b for b in branches]
        return {merge.layer.kind: {"branches": brief}}

    def shortcut(self, given: Any) -> Tree:
        """The short branch: nothing, layers, layers under a condition, or an argument."""
        if isinstance(given, Hole):
            return self.sequence(given.elements, None)
        if isinstance(given, str):
            return given
        assert isinstance(given, Condition), "a shortcut is one of these"
        entries = self.sequence(given.elements, iter(given.exprs))
        if not given.when:
            return entries
        if len(entries) == 1 and isinstance(entries[0], dict) and "times" not in entries[0]:
            return [{**entries[0], "when": given.when}]
        return [{"repeat": {"times": 1, "layers": entries}, "when": given.when}]

    def call(self, call: Call, exprs: Exprs | None) -> Tree:
        """A call of a block; arguments by position, those at their defaults left out."""
        values = [next(exprs) if exprs is not None else value for value in call.values]
        given: list[Any] = []
        for (_, default), value in zip(call.block.params, values, strict=True):
            given.append((value, default is not None and value == default))
        while given and given[-1][1]:
            given.pop()
        if not given:
            return call.block.name
        listed = [self.value(value) for value, _ in given]
        if len(listed) == 1 and not flow(listed[0]).startswith("["):
            return {call.block.name: listed[0]}
        return {call.block.name: listed}

    def value(self, value: Any) -> Tree:
        """An argument: a number, a list of numbers, a formula, layers."""
        if isinstance(value, Hole):
            return self.sequence(value.elements, None)
        if isinstance(value, Condition):
            return self.shortcut(value)
        return _text(value)

    def region(
        self, region: Region, exprs: Exprs | None, outputs: tuple[int, ...] = ()
    ) -> list[Tree]:
        """Sequences that read each other by name; those that end in an output have one too."""
        ends = {run.elements[-1].nodes[-1]: at for at, run in enumerate(region.runs)}
        read = {ends[node] for node in outputs if node in ends} - {len(region.runs) - 1}
        self.outputs = [""] * len(read)
        first_read = set(read)
        for at, run in enumerate(region.runs):
            for source in run.reads:
                if isinstance(source, int) and (source != at - 1 or len(run.reads) > 1):
                    read.add(source)
        names: dict[int, str] = {}
        entries: list[Tree] = []
        if region.named:
            names[-1] = self.new_name()
            entries.append({"identity": {}, "name": names[-1]})
        for at, run in enumerate(region.runs):
            made = self.sequence(run.elements, exprs)
            first = made[0]
            plain = run.reads == (at - 1,)
            sources = (
                [] if plain else [names.get(s, s) if isinstance(s, int) else s for s in run.reads]
            )
            outside = sources == [-1]
            if sources and not outside and not (at == 0 and sources == ["input"]):
                several = len(sources) > 1 or _is_merge(first)
                listed = [str(source) for source in sources]
                entry = _mapping(first)
                if "times" in entry:  # the repetition reads it, not each turn
                    alone: Tree = {k: v for k, v in entry.items() if k != "times"}
                    entry = {"repeat": {"times": entry["times"], "layers": [alone]}}
                made[0] = {**entry, "from": listed if several else listed[0]}
            if at in read:
                names[at] = self.new_name()
                if "name" not in _mapping(made[-1]):
                    made[-1] = {**_mapping(made[-1]), "name": names[at]}
                else:
                    names[at] = _mapping(made[-1])["name"]
            entries += made
        if outputs:
            self.outputs = [names[at] for at in sorted(first_read)]
        return entries

    def new_name(self) -> str:
        """A short name of its own."""
        self.names += 1
        return f"v{self.names}"


def _named(entry: Tree) -> bool:
    return isinstance(entry, dict) and any(key in entry for key in ("name", "from", "weights"))


def _mapping(entry: Tree) -> dict[str, Any]:
    """An entry as a mapping, so that keys can go beside its kind."""
    if isinstance(entry, dict):
        return entry
    assert isinstance(entry, str), "an entry is a word or a mapping"
    return dict(entry.long) if isinstance(entry, Short) else {entry: {}}


def _is_merge(entry: Tree) -> bool:
    from convcalc.layers import BY_NAME

    kind = next(iter(_mapping(entry)))
    return kind in BY_NAME and BY_NAME[kind].merges


def _times(entry: Tree, count: int) -> Tree:
    return entry if count == 1 else {**_mapping(entry), "times": str(count)}


def _leaf(leaf: Leaf, exprs: Exprs | None) -> Tree:
    """A layer: a short form, a bare kind, or a kind with options."""
    layer = leaf.layer
    given: dict[str, str] = {}
    literal: dict[str, Any] = {}
    formulas = False
    for option, value in options(layer):
        found = value
        if is_number(value):
            brief = value[0] if isinstance(value, tuple) and len(value) == 1 else value
            found = next(exprs) if exprs is not None else brief
            if isinstance(found, str):
                formulas = True
                given[option.key] = found
                continue
            if isinstance(value, tuple):
                found = found if isinstance(found, tuple) else (found,)
        literal[option.name] = found
        if option.required or found != option.default:
            given[option.key] = _text(found)
    if layer.kind in _POOLS and given.get("stride") == given.get("kernel"):
        given.pop("stride", None)
    beside = {}
    if leaf.name:
        beside["name"] = leaf.name
    if leaf.weights:
        beside["weights"] = leaf.weights
    entry: Tree
    if not formulas:
        short = _short(layer.kind, literal)
        long: Tree = {layer.kind: given} if given else layer.kind
        entry = Short(short, {layer.kind: given}) if short else long
    else:
        entry = {layer.kind: given}
    return {**_mapping(entry), **beside} if beside else entry


_POOLS = frozenset({"max_pool", "avg_pool", "l2_pool"})


def _short(kind: str, values: dict[str, Any]) -> str:
    """The short form of a layer; '' where it has none."""
    from convcalc.layers import BY_NAME

    words = []
    if kind == "conv" and values["bias"] and len(values["kernel"]) == 1:
        head = f"conv{values['kernel'][0]}-{values['filters']}"
        stride = values["stride"]
        tail = f"s{stride[0]}" if stride != (1,) and len(stride) == 1 else ""
        pad = values["pad"]
        last = f"p{pad[0]}" if isinstance(pad, tuple) and len(pad) == 1 else ""
        groups = f"g{values['groups']}" if values["groups"] > 1 else ""
        words = [f"{head}{tail}{groups}", f"{head}{tail}{last}{groups}"]
    elif kind in {"max_pool", "avg_pool"} and len(values["kernel"]) == 1:
        head = f"{'pool' if kind == 'max_pool' else 'avgpool'}{values['kernel'][0]}"
        stride, pad = values["stride"] or values["kernel"], values["pad"]
        tail = f"s{stride[0]}" if stride != values["kernel"] and len(stride) == 1 else ""
        last = f"p{pad[0]}" if isinstance(pad, tuple) and len(pad) == 1 and pad[0] else ""
        words = [f"{head}{tail}{last}"]
    elif kind == "fc":
        words = [f"fc-{values['units']}"]
    wanted = BY_NAME[kind](**values)
    for word in words:
        form = shortforms.expand(word)
        if form is None or form[0] != kind:
            continue
        table = {option.name: option for option in BY_NAME[kind].options()}
        made = BY_NAME[kind](**{name: table[name].accept(value) for name, value in form[1]})
        if _same(made, wanted):
            return word
    return ""


def _same(a: Any, b: Any) -> bool:
    """Whether two layers are the same, a pool's stride worked out."""
    first = {option.name: value for option, value in options(a)}
    return first == {option.name: value for option, value in options(b)}


def _text(value: Any) -> str:
    """A value as a spec writes it."""
    return value if isinstance(value, str) else option_text(value)


def flow(tree: Tree) -> str:
    """An entry, list or options in one line."""
    if not isinstance(tree, list | dict):
        return _text(tree)
    if isinstance(tree, list):
        return f"[{', '.join(flow(item) for item in tree)}]"
    parts = [
        f"{key}: {flow(value)}" if value != {} else f"{key}: {{}}" for key, value in tree.items()
    ]
    return f"{{{', '.join(parts)}}}"


def block(entries: list[Tree], indent: int) -> list[str]:
    """Entries as lines of a list."""
    pad = " " * indent
    out: list[str] = []
    for entry in entries:
        line = _one_line(entry, indent)
        if line is not None:
            out.append(line)
            continue
        if isinstance(entry, list):
            inner = block(entry, indent + 2)
            out.append(f"{pad}- {inner[0].lstrip()}")
            out += inner[1:]
            continue
        assert isinstance(entry, dict), "a word fits into a line"
        lead = f"{pad}- "
        for key, value in entry.items():
            if key in BESIDE:
                out.append(f"{lead}{key}: {flow(value)}")
            elif isinstance(value, dict) and ("branches" in value or "layers" in value):
                out.append(f"{lead}{key}:")
                for name, inside in value.items():
                    if (
                        isinstance(inside, list)
                        and len(f"{pad}    {name}: {flow(inside)}") > _WIDTH
                    ):
                        out.append(f"{pad}    {name}:")
                        out += block(inside, indent + 6)
                    else:
                        out.append(f"{pad}    {name}: {flow(inside)}")
            else:
                out.append(f"{lead}{key}: {flow(value)}")
            lead = f"{pad}  "
    return out


def _one_line(entry: Tree, indent: int) -> str | None:
    """The line of an entry; None where it does not fit, or would be hard to read."""
    pad = " " * indent
    if isinstance(entry, dict) and len(entry) == 1:
        ((key, value),) = entry.items()
        text = f"{pad}- {key}: {flow(value)}"
    else:
        text = f"{pad}- {flow(entry)}"
    simple = not isinstance(entry, dict) or not any(
        isinstance(value, dict) and "branches" in value for value in entry.values()
    )
    return text if len(text) <= _WIDTH and simple else None


def text_of(flat: Flat, net: Region, blocks: list[Block], params: int, macs: int) -> str:
    """The whole file.

    Args:
        flat: what it says of itself: name, source, inputs, notes.
        net: its layers.
        blocks: the blocks that they call.
        params: learned parameters.
        macs: multiply-accumulates.
    """
    writer = Writer()
    lines = header(flat)
    if blocks:
        lines.append("blocks:")
        for found in blocks:
            lines += _definition(writer, found)
    lines.append("layers:")
    lines += block(writer.region(net, None, flat.outputs), 2)
    last = net.runs[-1].elements[-1].nodes[-1]
    lines += footer(flat.items[last].output, writer.outputs, params, macs)
    return "\n".join(lines) + "\n"


def header(flat: Flat) -> list[str]:
    """Name, source, notes, inputs and rounding."""
    lines = []
    if flat.name:
        lines.append(f"name: {json.dumps(flat.name, ensure_ascii=False)}")
    lines.append(f"source: {json.dumps(flat.source, ensure_ascii=False)}")
    if flat.notes:
        lines.append(f"notes: {json.dumps('; '.join(flat.notes), ensure_ascii=False)}")
    inputs = flat.inputs
    if len(inputs) == 1 and inputs[0].name == "input":
        lines.append(f"input: {written(inputs[0].output)}")
    else:
        pairs = ", ".join(f"{item.name}: {written(item.output)}" for item in inputs)
        lines.append(f"inputs: {{{pairs}}}")
    rounding = needed_rounding(flat)
    if rounding:
        lines.append(f"rounding: {rounding}")
    return lines


def needed_rounding(flat: Flat) -> str:
    """`rounding:` as far as some window needs it."""
    conv = pool = False
    for item in flat.items:
        if isinstance(item.layer, Windowed) and any(w.remainder for w in item.size.windows):
            own = item.layer.__dict__.get("rounding")
            if item.layer.kind in _POOLS:
                pool = pool or own is None
            else:
                conv = True
    wanted = flat.roundings
    if wanted == Roundings() or not (conv or pool):
        return ""
    if wanted.conv == wanted.pool or (pool and not conv and wanted.pool is Rounding.FLOOR):
        return wanted.pool.value
    if not pool:
        return wanted.conv.value
    return f"{{conv: {wanted.conv.value}, pool: {wanted.pool.value}}}"


def _definition(writer: Writer, found: Block) -> list[str]:
    lines = [f"  {found.name}:"]
    if found.params:
        args = ", ".join(
            f"{name}: {'' if default is None else flow(writer.value(default))}"
            for name, default in found.params
        )
        lines.append(f"    args: {{{args}}}")
    lines.append("    layers:")
    lines += block(writer.sequence(found.body, iter(found.exprs)), 6)
    return lines


def footer(output: Shape, names: list[str], params: int, macs: int) -> list[str]:
    """Outputs, and what the file is expected to come to."""
    lines = [f"outputs: [{', '.join(names)}]"] if names else []
    expected = [f"macs: {macs}", f"output: {written(output)}"]
    if params:
        expected.insert(0, f"params: {params}")
    lines.append(f"expect: {{{', '.join(expected)}}}")
    return lines
