"""The names of tensors and sizes in a graph of a program: each graph has its own."""

import builtins
import keyword
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: what ends a text in code
_QUOTES = frozenset("\"'\\")
#: what the code has names for itself that PyTorch writes of a graph (torch.fx.graph)
_OWN = frozenset({"inf", "nan", "NoneType", "torch", "device", "fx_pytree", "pytree"})


class Names:
    """What the names of a graph stand for in the list of all calls."""

    def __init__(self, new: Callable[[str], str] | None) -> None:
        self.new = new
        """Makes a name of the list for one of the graph; None in the graph of the program."""
        self.tensors: dict[str, str] = {}
        self.sizes: dict[str, Any] = {}

    def tensor(self, stated: Any) -> Any:
        """A tensor that a call reads."""
        name = stated["name"]
        return {**stated, "name": self._known(name, self.tensors.get(name))}

    def size(self, stated: Any) -> Any:
        """A size or a condition that a call reads."""
        name = stated.get("as_name")
        if name is None:
            return stated
        found = self._known(name, self.sizes.get(name))
        return {"as_name": name} if found == name else found

    def _known(self, name: str, found: Any) -> Any:
        if found is None and self.new is not None:
            text = f"a graph within the program reads {plain(str(name)[:80])}"
            raise UnreadableError(f"{text}, which no node produced before it")
        return name if found is None else found

    def argument(self, argument: Any) -> Any:
        """An argument of a call."""
        ((sort, value),) = argument.items()
        found: Any = value
        match sort:
            case "as_tensor":
                found = self.tensor(value)
            case "as_tensors":
                found = [self.tensor(entry) for entry in value]
            case "as_optional_tensors":
                found = [self.argument(entry) for entry in value]
            case "as_optional_tensor":
                found = self.argument(value)
            case "as_nested_tensors":
                found = [[self.tensor(entry) for entry in row] for row in value]
            case "as_sym_int" | "as_sym_bool" | "as_sym_float":
                found = self.size(value)
            case "as_sym_ints" | "as_sym_bools" | "as_sym_floats":
                found = [self.size(entry) for entry in value]
            case "as_string_to_argument":
                found = {key: self.argument(entry) for key, entry in value.items()}
        return {sort: found}

    def make(self, output: Any) -> Any:
        """An output of a call, under its name of the list."""
        ((sort, value),) = output.items()
        if sort == "as_tensor":
            return {sort: {**value, "name": self._made(self.tensors, value["name"])}}
        if sort == "as_tensors":
            return {sort: [{**e, "name": self._made(self.tensors, e["name"])} for e in value]}
        name = value.get("as_name") if isinstance(value, dict) else None
        if name is None:
            return output
        made = self._made(self.sizes, name)
        self.sizes[name] = {"as_name": made}
        return {sort: {**value, "as_name": made}}

    def _made(self, names: dict[str, Any], name: str) -> str:
        names[name] = name if self.new is None else self.new(name)
        return str(names[name])


def bind(names: Names, stated: Any, value: Any, operator: str) -> None:
    """Let a name of a graph stand for what another one has for it."""
    if "as_tensor" in stated and "as_tensor" in value:
        names.tensors[stated["as_tensor"]["name"]] = value["as_tensor"]["name"]
        return
    name = (stated.get("as_sym_int") or {}).get("as_name")
    size = value.get("as_sym_int") or ({"as_int": value["as_int"]} if "as_int" in value else None)
    if name is None or size is None:
        raise UnreadableError(f"{operator} passes on what is neither a tensor nor a size")
    names.sizes[name] = size


def inputs_of(specs: Any) -> Iterator[str]:
    """The names of what a program is given."""
    for spec in specs:
        for value in spec.values():
            argument = value.get("arg") or {}
            yield str(argument.get("name") or (argument.get("as_tensor") or {}).get("name"))


def made_by(node: Any) -> list[str]:
    """The names of what a call makes: tensors, sizes, conditions."""
    found: list[str] = []
    for output in node["outputs"]:
        for sort, value in output.items():
            entries = value if sort == "as_tensors" else [value]
            stated = (entry for entry in entries if isinstance(entry, dict))
            found += [str(entry.get("name") or entry.get("as_name")) for entry in stated]
    return found


def hold_names(graph: Any, taken: Collection[str] = ()) -> None:
    """That PyTorch runs the graphs within one by their names, which it writes into code.

    No two have one, of which it would run the last for both; each is a plain name, as another text
    would be run; and none is that of a module, whose first parts of names are `taken`.
    """
    known: dict[str, Any] = {}
    for node in graph["nodes"]:
        for argument in _arguments(node):
            inner = argument.get("as_graph")
            if inner is None:
                continue
            own = str(inner["name"])
            name = plain(own[:80])
            if not _PLAIN.fullmatch(own) or own in taken:
                text = f"a graph of the program is called {name}, which PyTorch reads as another"
                raise UnreadableError(f"{text}: export anew")
            if known.setdefault(own, inner) != inner:
                raise UnreadableError(f"two graphs of the program are called {name}: export anew")


def hold_attributes(specs: Any) -> frozenset[str]:
    """The first parts of what the module calls its arrays, which PyTorch writes into code, too.

    Raises:
        UnreadableError: one is a text that ends a name there, or that Python reads as another.
    """
    found = set()
    for spec in specs:
        for value in spec.values():
            named = (str(text) for key, text in value.items() if key[-5:] == "_name" and text)
            for name in named:
                folded = unicodedata.normalize("NFKC", name)
                if folded != name or not name.isprintable() or not _QUOTES.isdisjoint(name):
                    text = f"an array of the module is called {plain(name[:80])}"
                    raise UnreadableError(f"{text}, which PyTorch reads as another: export anew")
                found.add(name.partition(".")[0])
    return frozenset(found)


def hold_inputs(graph: Any, within: bool) -> None:
    """That PyTorch runs a graph, one `within` another or the program's, with its inputs.

    It writes code of a graph, with these names in the head of a function: text that is no name is
    run, and `input`, a name of Python's, is called `input_1` there, over another one of that name.
    """
    inputs = dict.fromkeys(str(_name(stated)) for stated in graph.get("inputs") or ())
    for name in inputs:
        is_own = within and (
            keyword.iskeyword(name) or hasattr(builtins, name) or name in _OWN
        )  # of the program's own graph it holds the shapes against those that it was made with
        numbered = re.compile(re.escape(name) + "_[0-9]+")
        if not _PLAIN.fullmatch(name) or (is_own and any(map(numbered.fullmatch, inputs))):
            where = "a graph within the program" if within else "the program"
            text = f"an input of {where} is called {plain(name[:80])}"
            raise UnreadableError(f"{text}, which PyTorch reads as another one: export it anew")


def _name(stated: Any) -> Any:
    """The name of an input of a graph: a tensor's or a size's."""
    ((_, value),) = stated.items()
    return value.get("name", value.get("as_name")) if isinstance(value, dict) else None


def _arguments(node: Mapping[str, Any]) -> Iterator[Any]:
    """The arguments of a call, those in dictionaries too."""
    waiting = [entry["arg"] for entry in node["inputs"]]
    while waiting:
        argument = waiting.pop()
        yield argument
        waiting += (argument.get("as_string_to_argument") or {}).values()
