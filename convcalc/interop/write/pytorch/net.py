"""A network as PyTorch: a class a block, a class `Net`, names that make the spec's own keys."""

import textwrap
from array import array
from collections.abc import Collection, Iterator
from io import StringIO
from itertools import chain

from convcalc.analysis.record import Analysis
from convcalc.interop.write.layers import WIDTH, introduction, left_out, lines_of
from convcalc.interop.write.orders import refuse_mismatched
from convcalc.interop.write.pytorch.classes import Classes
from convcalc.interop.write.pytorch.layer import brief, line_of
from convcalc.interop.write.pytorch.letting_go import Line as Bound
from convcalc.interop.write.pytorch.letting_go import letting_go
from convcalc.interop.write.pytorch.names import access, assigned, attributes, usable
from convcalc.interop.write.pytorch.orders import in_order, turned
from convcalc.interop.write.pytorch.overwriting import not_overwriting, overwriting, views
from convcalc.interop.write.pytorch.own import OWN
from convcalc.interop.write.pytorch.parts import ENTRY, Instance, Part, counted, parts_of
from convcalc.interop.write.pytorch.written_out import why_not
from convcalc.interop.write.runs import Line, Net, Runs, inputs_of, usual_place
from convcalc.interop.write.shared import refuse_unlike
from convcalc.interop.write.words import docstring, folded, returning_tensors
from convcalc.network.groups import Edges, Group, grouped
from convcalc.network.record import INPUT, Network
from convcalc.network.vector_order import arranged
from convcalc.shapes import written

_OWN = frozenset(word.rstrip("(") for word in OWN)


def write(analysis: Analysis) -> str:
    """The code of a net.

    Raises:
        CannotWriteError: some kinds have no counterpart in PyTorch.
    """
    network, classes = analysis.network, Classes(analysis.network)
    order = arranged(network)
    refuse_mismatched(network, order)
    over = overwriting(analysis)
    rows = (  # one at a time: those of a long net are megabytes
        row if row.in_place == (i in over) else row._replace(in_place=i in over)
        for i, row in enumerate(analysis.rows)
    )
    lines = in_order(lines_of(rows, line_of, why_not), order)
    refuse_unlike(network, lines)
    returned = {i: turned("{0}", volumes) for i, volumes in order.outputs.items()}
    head = _head(analysis, over, {*lines.values(), *(Line("", run) for run in returned.values())})
    storages = array("q", network.storages(views(analysis, over)))
    net = Net(network, Edges(network), lines, returned, _OWN, storages)
    top = _module(net, classes, grouped(network))
    del net, lines, over  # of a long net these are megabytes, as are the lines that are made now
    blocks = classes.text()
    whole = chain(head, blocks, _net(analysis, *classes.finished(top)))
    made = StringIO(newline="")  # what is joined would be there as parts, too
    del top
    for line in whole:
        made.write(folded(brief(classes.brief(line))))
        made.write("\n")
    return made.getvalue()


def _head(analysis: Analysis, over: Collection[int], lines: Collection[Line]) -> list[str]:
    network = analysis.network
    title = textwrap.shorten(docstring(network.name or network.source.path), WIDTH - 8)
    head = introduction(analysis, title, left_out(network, not_overwriting(analysis, over)))
    if any("channels_last(" in line.run for line in lines):
        head += ["import math", ""]
    head.append("import torch")
    own = [
        code
        for word, code in OWN.items()
        if any(line.module.startswith(word) or word in line.run for line in lines)
    ]
    if any("F." in text for text in chain((line.run for line in lines), *own)):
        head.append("import torch.nn.functional as F")
    head.append("from torch import nn")
    for code in own:
        head += ["", "", *code]
    return head


def _net(analysis: Analysis, init: list[str], forward: list[str]) -> Iterator[str]:
    """The lines of the class `Net`; `init` and `forward` are let go of as they are given."""
    network = analysis.network
    inputs = [step for step in network.steps if step.kind == INPUT]
    given = ", ".join(f"{name}: torch.Tensor" for name in _inputs(network).values())
    alone = len(network.outputs) == 1
    result = "torch.Tensor" if alone else "tuple[torch.Tensor, ...]"
    sizes = ", ".join(written(step.output) for step in inputs if step.output)
    title = textwrap.shorten(docstring(network.name or network.source.path), 70)
    forward = returning_tensors(forward, _inputs(network).values())
    yield from ("", "", "class Net(nn.Module):", f'    """{title}: {sizes}."""', "")
    yield from ("    def __init__(self) -> None:", "        super().__init__()")
    yield from (f"        {line}" for line in _emptied(init))
    yield from ("", f"    def forward(self, {given}) -> {result}:")
    yield from (f"        {line}" for line in _emptied(forward))


def _emptied(lines: list[str]) -> Iterator[str]:
    """All of a list, which is empty then."""
    lines.reverse()
    while lines:
        yield lines.pop()


def _inputs(network: Network) -> dict[int, str]:
    """The inputs and what `forward` calls them."""
    found = inputs_of(network, _OWN)
    return dict.fromkeys(found, "x") if len(found) == 1 else found


def _module(net: Net, classes: Classes, group: Group) -> Instance:
    """A group as the body of a class."""
    inner: dict[str, list[str]] = {}
    runs = Runs(net, group, _inputs(net.network) if group.top else {})
    made = _fill(net, classes, group, inner, runs, "self")
    entry = None if group.top else net.edges.entry(group)
    end = None if group.top else net.edges.exit(group)
    shape = net.network.steps[entry].output if entry is not None else None
    body, result = runs.body()
    body = _letting_go(net, runs, body)
    parts: tuple[Part, ...] = ()
    if group.block and made is not None:
        parts = parts_of(net.network, group, runs.ends, made, body)
    ends = {index for index, _, _ in body}
    forward = (*(line for _, _, text in body for line in text.split("\n")), result)
    del body  # of a long net they are megabytes, as are those of `__init__`
    return Instance(
        tuple(_init(net, group, inner, "self")),
        forward,
        shape[-1] if shape else 0,
        net.network.arguments.get(group.path),
        group.block,
        -1 if group.mark is None else getattr(group.mark, "start", -1),
        ENTRY if end is None else counted(net.network.steps, end, ends, group.steps[0]),
        parts,
    )


def _letting_go(net: Net, runs: Runs, body: list[Bound]) -> list[Bound]:
    """The body, which lets go of what nothing reads any more."""
    storages = net.storages
    group, returned = runs.group_, net.network.returned if runs.group_.top else ()
    made = []
    for index, _, _ in body:
        inner = runs.ends.get(index)
        made.append(any(storages[i] == i for i in ((index,) if inner is None else inner.steps)))
    made.append(any(net.returned.get(index, "{0}") != "{0}" for index in returned))
    if group.top:
        return letting_go(body, storages, made, runs.inputs, returned)
    border = net.edges.border(group)
    return letting_go(body, storages, made, border.sources, border.given)


def _init(net: Net, group: Group, inner: dict[str, list[str]], owner: str) -> Iterator[str]:
    """The lines that make the modules of a group: of layers here, of groups inside `inner`'s."""
    names = attributes(group.children.keys(), owner)
    for word, child in group.children.items():
        if isinstance(child, int):
            module = net.lines[child].module
            if module and net.network.steps[child].shares is None:
                yield from assigned(names.get(word, word), [module], owner)
        else:
            yield from inner[word]


def _fill(
    net: Net,
    classes: Classes,
    group: Group,
    inner: dict[str, list[str]],
    runs: Runs,
    owner: str,
) -> dict[int, tuple[str, str]] | None:
    """The modules of a group: layers, closed groups as classes, open ones as a ModuleDict.

    Puts the lines that make its groups into `inner`. Gives the name and the code of each module by
    the step at its end; None where a name is no attribute.
    """
    made: dict[int, tuple[str, str]] = {}
    simple = True
    names = attributes(group.children.keys(), owner)
    for word, child in group.children.items():
        name = names.get(word, word)
        place = f"{owner}{access(name, owner)}"
        if isinstance(child, int):
            line = net.lines[child]
            runs.layers.append(child)
            if line.module and net.network.steps[child].shares is None:
                if group.block:  # whose parts are compared; of a long net they are megabytes
                    made[child] = (name, line.module)
                simple &= usable(name)
                if place != usual_place(net.network.steps[child]):
                    runs.place[child] = place
        elif net.edges.closed(child):
            call = classes.call(child.base, _module(net, classes, child))
            inner[word] = assigned(name, [call], owner)
            made[net.edges.exit(child) or 0] = (name, call)
            simple &= usable(name)
            runs.group(child, f"{place}({{0}})")
        else:
            nested: dict[str, list[str]] = {}
            _fill(net, classes, child, nested, runs, place)
            inside = [f"    {line}" for line in _init(net, child, nested, place)]
            inner[word] = assigned(name, ["nn.ModuleDict({", *inside, "})"], owner)
            simple = False
    return made if simple else None
