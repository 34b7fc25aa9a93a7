"""Graphs within a program's graph that are plain calls: their nodes in the place of the call.

`torch.no_grad()` and `torch.autocast` in `forward` become calls of operators that take a graph and
what it reads (`wrap_with_set_grad_enabled`). They change neither sizes nor parameters nor
products, so that the program is read as if it were written without them, and a note says for what
they matter. Other operators that take graphs run them by a condition, or several times.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.names import few
from convcalc.interop.read.pt2.graph_names import (
    Names,
    bind,
    hold_attributes,
    hold_inputs,
    hold_names,
    inputs_of,
    made_by,
)

_HIGHER = "torch.ops.higher_order."
#: of each operator how many arguments come before its graph, and between it and what that reads
_PLAIN = {
    f"{_HIGHER}wrap_with_set_grad_enabled": (1, 0),
    f"{_HIGHER}wrap_with_autocast": (4, 0),
    f"{_HIGHER}invoke_subgraph": (0, 1),
}
#: what becomes an operator that is not read
_WRITTEN = {
    "cond": "torch.cond",
    "tag_activation_checkpoint": "torch.utils.checkpoint",
    "while_loop": "torch.while_loop",
}
_BY_PLACE = 1  #: a `kind` of an argument; older files state none
_DEEPEST = 20


class Entered(NamedTuple):
    """A graph whose calls are all in one list."""

    graph: Any
    operators: tuple[str, ...]
    """The calls that were replaced, by their operators."""
    notes: tuple[str, ...]


def entered(module: Any) -> Entered:
    """A program's graph with the nodes of plain calls in their place.

    Args:
        module: the `graph_module` of the file.

    Raises:
        UnreadableError: such a call does not fit to its graph.
    """
    graph, specs = module["graph"], module["signature"]["input_specs"]
    taken = hold_attributes(specs)
    hold_inputs(graph, within=False)
    if not any(node["target"] in _PLAIN for node in graph["nodes"]):
        return Entered(graph, (), ())
    flat = _Flat(graph, specs, taken)
    names = Names(None)
    flat.walk(graph, names, 0)
    outputs = [names.argument(output) for output in graph["outputs"]]
    stated = {"tensor_values": flat.tensors, "sym_int_values": flat.sizes}
    made = {**graph, **stated, "nodes": flat.nodes, "outputs": outputs}
    return Entered(made, tuple(flat.operators), tuple(flat.notes()))


def refusal(target: str) -> str:
    """How a program is exported without an operator that takes graphs; '' for other operators."""
    if not target.startswith(_HIGHER):
        return ""
    name = target.removeprefix(_HIGHER)
    return f"export the model without {_WRITTEN.get(name, plain(name[:80]))} in its forward()"


class _Flat:
    """The list of all calls while it is made."""

    def __init__(self, graph: Any, specs: Any, taken: frozenset[str]) -> None:
        self.attributes = taken
        self.nodes: list[Any] = []
        self.tensors = dict(graph["tensor_values"])
        self.sizes = dict(graph.get("sym_int_values") or {})
        plain_calls = [node for node in graph["nodes"] if node["target"] in _PLAIN]
        others = [node for node in graph["nodes"] if node["target"] not in _PLAIN]
        #: what plain calls make has the names of their graphs: those of the calls are free
        free = {name for node in plain_calls for name in made_by(node)}
        self.taken = {*self.tensors, *self.sizes} - free
        self.taken.update(inputs_of(specs), (str(node.get("name")) for node in others))
        self.taken.update(name for node in others for name in made_by(node))
        self.counts: dict[str, int] = {}
        self.operators: dict[str, None] = {}
        #: the calls that run without gradients, and with autocast or without it
        self.without: list[str] = []
        self.cast: dict[bool, list[str]] = {True: [], False: []}

    def new(self, name: str) -> str:
        """A name that no other tensor, size or node has."""
        found, count = name, self.counts.get(name, 0)
        while found in self.taken:
            count += 1
            found = f"{name}_{count}"
        self.counts[name] = count
        self.taken.add(found)
        return found

    def walk(self, graph: Any, names: Names, depth: int) -> None:
        """Append the calls of a graph."""
        if depth > _DEEPEST:
            raise UnreadableError(f"more than {_DEEPEST} graphs within one another")
        hold_names(graph, self.attributes)
        for node in graph["nodes"]:
            if node["target"] in _PLAIN:
                self.enter(node, names, depth)
            else:
                self.nodes.append(self.call(node, graph, names))

    def call(self, node: Any, graph: Any, names: Names) -> Any:
        """One call with its names of the list."""
        inputs = [{**entry, "arg": names.argument(entry["arg"])} for entry in node["inputs"]]
        made = {**node, "inputs": inputs, "outputs": [names.make(one) for one in node["outputs"]]}
        if names.new is None:
            return made
        for sort, known in (("tensor_values", self.tensors), ("sym_int_values", self.sizes)):
            stated = graph.get(sort) or {}
            for old, new in zip(made_by(node), made_by(made), strict=True):
                if old in stated:
                    known[new] = stated[old]
        old = node.get("name")
        made["name"] = names.tensors.get(old) or self.new(str(old or node["target"]))
        return made

    def enter(self, node: Any, names: Names, depth: int) -> None:
        """Append the calls of the graph that a call runs."""
        before, between = _PLAIN[node["target"]]
        operator = plain(node["target"].removeprefix(_HIGHER))
        inputs, outputs = node["inputs"], node["outputs"]
        if any(entry["name"] != "" and entry.get("kind") != _BY_PLACE for entry in inputs):
            raise UnreadableError(f"{operator} is given arguments by name: export it anew")
        settings = [entry["arg"] for entry in inputs[:before]]
        graph = inputs[before]["arg"]["as_graph"]["graph"]
        operands = [entry["arg"] for entry in inputs[before + 1 + between :]]
        if len(outputs) == 1 and "as_tensors" in outputs[0]:
            outputs = [{"as_tensor": entry} for entry in outputs[0]["as_tensors"]]
        single = bool(graph.get("is_single_tensor_return"))
        fits = single == (len(outputs) == 1 and bool(node.get("is_hop_single_tensor_return")))
        fits &= len(operands) == len(graph["inputs"]) and len(outputs) == len(graph["outputs"])
        if not fits:
            raise UnreadableError(f"{operator} does not fit to the graph that it runs: export anew")
        hold_inputs(graph, within=True)
        inner = Names(self.new)
        for stated, given in zip(graph["inputs"], operands, strict=True):
            bind(inner, stated, names.argument(given), operator)
        first = len(self.nodes)
        self.walk(graph, inner, depth + 1)
        for made, result in zip(outputs, graph["outputs"], strict=True):
            if "as_none" not in made:
                bind(names, made, inner.argument(result), operator)
        self.operators[operator] = None
        self.note(operator, settings, [str(one["name"]) for one in self.nodes[first:]])

    def note(self, operator: str, settings: list[Any], calls: list[str]) -> None:
        """Remember for what a call matters, and for which of those that it ran."""
        if operator == "wrap_with_set_grad_enabled" and settings[0].get("as_bool") is False:
            self.without += calls
        elif operator == "wrap_with_autocast":
            self.cast[settings[2].get("as_bool") is True] += calls

    def notes(self) -> Iterator[str]:
        """What the net does not say of the calls."""
        if self.without:
            yield (
                f"without gradients in the file: {few(dict.fromkeys(self.without))} "
                "(torch.no_grad(), or a checkpoint with use_reentrant=True): training counts their "
                "layers as trained, as all others"
            )
        for enabled, calls in self.cast.items():
            if calls:
                yield (
                    f"in torch.autocast(enabled={enabled}) in the file: "
                    f"{few(dict.fromkeys(calls))}: here all layers have the precision asked for "
                    "(`--precision amp-bf16` is autocast's)"
                )
