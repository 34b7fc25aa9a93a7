"""A network as PyTorch: a class a block, a class `Net`, names that make the spec's own keys."""

import keyword
import re
from typing import NamedTuple

from convcalc.analysis.record import Analysis, Row
from convcalc.explain.words import TABLE, in_words
from convcalc.interop.write.classes import Classes, Instance
from convcalc.interop.write.tree import Edges, Group, grouped
from convcalc.network.record import INPUT
from convcalc.shapes import written

_INPLACE = re.compile(r"(, )?inplace=True")
_CALLED = re.compile(r"(nn\.\w+\(.*?\))\((x\..*)\)(\.movedim\(.*\))\Z")
_TAKEN = frozenset(
    """
    forward train eval input training apply parameters buffers modules
    children half float double type to cpu cuda state_dict register_module add_module
    """.split()  # noqa: SIM905
)


class CannotWriteError(ValueError):
    """Some layers have no counterpart; the message names them all."""


_VARIABLES = ("x", "y", "z")


class Line(NamedTuple):
    """A layer as code: the module it needs, and the expression that runs it."""

    module: str
    """'' for an expression without weights."""
    run: str
    """With ``{m}`` for the module and ``{0}``, ``{1}`` for its inputs."""


def write(analysis: Analysis) -> str:
    """The code of a net.

    Raises:
        CannotWriteError: some kinds have no counterpart in PyTorch.
    """
    return _Writer(analysis).text()


class _Writer:
    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.network = analysis.network
        self.edges = Edges(self.network)
        self.root = grouped(self.network)
        self.classes = Classes()
        self.lines: dict[int, Line] = {}
        self.scale = False

    def text(self) -> str:
        missing: dict[str, str] = {}
        for index, row in enumerate(self.analysis.rows):
            if row.step.kind == INPUT:
                continue
            line = self.line(row)
            if line is None:
                why = TABLE[row.step.kind].pytorch
                missing.setdefault(
                    row.step.kind, f"{row.step.name}: {why if isinstance(why, str) else 'no layer'}"
                )
            else:
                self.lines[index] = line
        if missing:
            raise CannotWriteError("; ".join(missing.values()))
        top = self.module(self.root)
        classes = self.classes.text()
        net = [self.classes.resolve(line) for line in self.net(top)]
        lines = [*self.head(), *(_brief(self.classes.brief(line)) for line in (*classes, *net))]
        return "\n".join(_folded(line) for line in lines) + "\n"

    def head(self) -> list[str]:
        network, totals = self.network, self.analysis.totals
        title = network.name or network.source.path
        said = [docstring(title)]
        if network.origin:
            said.append(docstring(network.origin))
        numbers = f"{totals.params:,} parameters, {totals.macs:,} MACs an image."
        lines = [f'"""{said[0]}.', "", *(f"{text}." for text in said[1:]), numbers, '"""', ""]
        if any("F." in line.run for line in self.lines.values()):
            lines += ["import torch", "import torch.nn.functional as F", "from torch import nn"]
        else:
            lines += ["import torch", "from torch import nn"]
        if self.scale:
            lines += ["", "", *_SCALE]
        return lines

    def net(self, top: Instance) -> list[str]:
        inputs = [variable(s.name) for s in self.network.steps if s.kind == INPUT]
        names = ["x"] if len(inputs) == 1 else inputs
        given = ", ".join(f"{name}: torch.Tensor" for name in names)
        outputs = len(self.network.outputs)
        result = "torch.Tensor" if outputs == 1 else "tuple[torch.Tensor, ...]"
        title = docstring(self.network.name or self.network.source.path)
        return [
            "",
            "",
            "class Net(nn.Module):",
            f'    """{title}: {", ".join(self.shapes())}."""',
            "",
            "    def __init__(self) -> None:",
            "        super().__init__()",
            *(f"        {line}" for line in top.init),
            "",
            f"    def forward(self, {given}) -> {result}:",
            *(f"        {line}" for line in top.forward),
        ]

    def shapes(self) -> list[str]:
        return [written(s.output) for s in self.network.steps if s.kind == INPUT and s.output]

    def module(self, group: Group) -> Instance:
        """A group as the body of a class."""
        init: list[str] = []
        runs = _Runs(self, group)
        self.fill(group, init, runs, "self", "")
        return Instance(group.path, init, runs.lines(), self.channels(group))

    def channels(self, group: Group) -> int:
        entry = self.edges.entry(group) if group.path else None
        shape = self.network.steps[entry].output if entry is not None else None
        return shape[-1] if shape else 0

    def fill(self, group: Group, init: list[str], runs: "_Runs", owner: str, prefix: str) -> None:
        """The modules of a group: layers, closed groups as classes, open ones as a ModuleDict."""
        entries: list[tuple[str, str]] = []
        for name, child in group.children.items():
            if isinstance(child, Group):
                if self.edges.closed(child):
                    inner = self.module(child)
                    call = self.classes.call(child.name, inner)
                    entries.append((name, call))
                    runs.group(child, f"{owner}{_access(name, owner)}")
                else:
                    place = f"{owner}{_access(name, owner)}"
                    nested: list[str] = []
                    self.fill(child, nested, runs, place, "    ")
                    inside = [f"    {line}" for line in nested]
                    entries.append((name, "\n".join(["nn.ModuleDict({", *inside, "})"])))
                continue
            step = self.network.steps[child]
            line = self.lines[child]
            if line.module and step.shares is None:
                entries.append((name, line.module))
                runs.place[child] = f"{owner}{_access(name, owner)}"
        for name, value in entries:
            parts = value.split("\n")
            if owner != "self":
                parts[0] = f'"{name}": {parts[0]}'
                parts[-1] += ","
            elif name.isidentifier() and not keyword.iskeyword(name) and name not in _TAKEN:
                parts[0] = f"self.{name} = {parts[0]}"
            elif name in _TAKEN:  # no module can have this name
                parts[0] = f"self.{name}_ = {parts[0]}"
            else:
                parts[0] = f'self.add_module("{name}", {parts[0]}'
                parts[-1] += ")"
            init += parts

    def line(self, row: Row) -> Line | None:
        """The layer's words, taken apart into a module and how it is run."""
        kind, step = row.step.kind, row.step
        assert step.layer is not None, "inputs have no words"
        own = step.layer.__dict__
        if kind == "identity":
            return Line("", "{0}")
        if kind == "flatten":
            return Line("", "{0}.flatten(1)")
        if kind == "scale" and (row.params or step.shares is not None):
            self.scale = True
            size = "1" if own["factors"] == "one" else str(row.inputs[0][-1])
            bias = ", bias=True" if own["bias"] else ""
            return Line(f"Scale({size}{bias})", "{m}({0})")
        words = _INPLACE.sub("", in_words(row, "pytorch"))
        if not words or "running_mean" in words:  # a function of buffers that no module has
            return None
        if kind == "add":
            return Line("", " + ".join(f"{{{i}}}" for i in range(len(row.inputs))))
        found = _CALLED.match(words)
        if found:
            inner = found[2].replace("x.", "{0}.", 1)
            return Line(found[1], f"{{m}}({inner}){found[3]}")
        if words.startswith("nn."):
            *before, module = split_words(words)
            if module.startswith("nn.Conv"):
                module = _spelled(module)
            read = "{0}"
            for part in before:
                read = _before(part, read)
            return Line(module, f"{{m}}({read})")
        run = re.sub(r"\bx(\d+)\b", lambda m: f"{{{int(m[1]) - 1}}}", words)
        return Line("", re.sub(r"\bx\b", "{0}", run))


class _Runs:
    """The body of a `forward`: which values have names, and which are just `x`."""

    def __init__(self, writer: _Writer, group: Group) -> None:
        self.writer = writer
        self.group_ = group
        self.place: dict[int, str] = {}
        self.groups: dict[int, tuple[Group, str]] = {}
        self.skipped: set[int] = set()

    def group(self, child: Group, place: str) -> None:
        """A closed group: one call, where its first layer would be."""
        steps = child.steps()
        self.groups[steps[0]] = (child, place)
        self.skipped |= set(steps)

    def lines(self) -> list[str]:
        writer, steps = self.writer, self.writer.network.steps
        top = not self.group_.path
        body: list[tuple[int, tuple[int, ...], str]] = []
        for index in self.group_.steps():
            if index in self.groups:
                child, place = self.groups[index]
                entry, end = writer.edges.entry(child), writer.edges.exit(child)
                assert entry is not None and end is not None, "the group is closed"
                body.append((end, (entry,), f"{place}({{0}})"))
            elif index not in self.skipped:
                step = steps[index]
                line = writer.lines[index]
                owner = writer.network.owner(index)
                run = line.run.replace("{m}", self.place.get(owner, "").replace("{", "{{"))
                body.append((index, step.inputs, run))
        return self.named(body, top)

    def named(self, body: list[tuple[int, tuple[int, ...], str]], top: bool) -> list[str]:
        """Three variables in turn, and names of layers where more values are alive."""
        writer, steps = self.writer, self.writer.network.steps
        last: dict[int, int] = {}
        for at, (_, reads, _) in enumerate(body):
            last.update(dict.fromkeys(reads, at))
        if top:
            outputs = list(writer.network.outputs)
        else:
            end = writer.edges.exit(self.group_)
            assert end is not None, "the group is closed"
            outputs = [end]
        names: dict[int, str] = {}
        inputs = [i for i, s in enumerate(steps) if s.kind == INPUT]
        if top and len(inputs) > 1:
            names.update((i, variable(steps[i].name)) for i in inputs)
        elif top:
            names[inputs[0]] = "x"
        else:
            entry = writer.edges.entry(self.group_)
            assert entry is not None, "the group is closed"
            names[entry] = "x"
        taken = set(names.values())
        until = {name: last.get(index, -1) for index, name in names.items()}
        for output in outputs:
            last[output] = len(body)
        made = []
        for at, (index, reads, run) in enumerate(body):
            text = run.format(*(names[source] for source in reads))
            # a variable whose value nothing reads any more is free again
            name = next((n for n in _VARIABLES if until.get(n, -1) <= at), "")
            if not name:
                name = self.fresh(steps[index].name, taken)
            names[index] = name
            until[name] = last.get(index, at)
            made.append(f"{name} = {text}")
        result = ", ".join(names[i] for i in outputs)
        return [*made, f"return {result}"]

    def fresh(self, name: str, taken: set[str]) -> str:
        prefix = f"{self.group_.path}." if self.group_.path else ""
        base = variable(name.removeprefix(prefix))
        found, number = base, 2
        while found in taken:
            found, number = f"{base}_{number}", number + 1
        taken.add(found)
        return found


def variable(name: str) -> str:
    """A Python name for a layer's name."""
    found = re.sub(r"\W", "_", name)
    if not found or found[0].isdigit() or keyword.iskeyword(found) or found in {"x", "self"}:
        found = f"y_{found}"
    return found


def _access(name: str, owner: str) -> str:
    if owner != "self":
        return f'["{name}"]'
    if name.isidentifier() and not keyword.iskeyword(name) and name not in _TAKEN:
        return f".{name}"
    if name in _TAKEN:
        return f".{name}_"
    return f'.get_submodule("{name}")'


def split_words(words: str) -> list[str]:
    """``nn.A(...), nn.B(...)`` as its parts."""
    parts, depth, start = [], 0, 0
    for i, letter in enumerate(words):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and not depth:
            parts.append(words[start:i].strip())
            start = i + 1
    return [*parts, words[start:].strip()]


def _before(part: str, read: str) -> str:
    """A module without weights that goes before another, as an expression."""
    if part.startswith("nn.Flatten("):
        return f"{read}.flatten(1)"
    found = re.match(r"nn\.(Zero|Constant|Reflection|Replication)Pad\dd\((\(.*?\))(.*)\)\Z", part)
    if found:
        mode = {"Reflection": ', mode="reflect"', "Replication": ', mode="replicate"'}
        value = found[3].replace(", ", ", value=", 1) if found[1] == "Constant" else ""
        return f"F.pad({read}, {found[2]}{mode.get(found[1], value)})"
    return f"{part}({read})"


def _folded(line: str) -> str:
    """A line of at most 100 letters; a longer call over several lines."""
    indent = len(line) - len(line.lstrip())
    if len(line) <= 100 or "(" not in line or not line.endswith(")") or indent < 8:
        return line
    head, _, rest = line.partition("(")
    parts = split_words(rest[:-1])
    pad = " " * (indent + 4)
    return "\n".join([f"{head}(", *(f"{pad}{part}," for part in parts), f"{' ' * indent})"])


def _spelled(module: str) -> str:
    """A convolution with stride and padding even where they are PyTorch's own: `_brief` undoes it.

    Blocks that differ in a stride alone are one class so.
    """
    if "stride=" not in module:
        module = re.sub(r"(kernel_size=(\([^)]*\)|\d+))", r"\1, stride=1", module)
    if "padding=" not in module:
        module = re.sub(r"(stride=(\([^)]*\)|\d+))", r"\1, padding=0", module)
    return module


def _brief(line: str) -> str:
    """A convolution without strides of 1 and paddings of 0."""
    return re.sub(r", (stride=1|padding=0)(?=[,)])", "", line) if "nn.Conv" in line else line


def docstring(text: str) -> str:
    """Text for a docstring."""
    return text.replace("\\", "/").replace('"""', "'''").replace("\n", " ").rstrip(". ")


_SCALE = (
    "class Scale(nn.Module):",
    '    """A learned factor a channel, and a shift where there is one."""',
    "",
    "    def __init__(self, channels: int, bias: bool = False) -> None:",
    "        super().__init__()",
    "        self.weight = nn.Parameter(torch.ones(channels))",
    "        self.bias = nn.Parameter(torch.zeros(channels)) if bias else None",
    "",
    "    def forward(self, x: torch.Tensor) -> torch.Tensor:",
    "        shape = (-1, *(1,) * (x.dim() - 2))",
    "        x = x * self.weight.view(shape)",
    "        return x if self.bias is None else x + self.bias.view(shape)",
)
