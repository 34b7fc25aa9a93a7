"""What an exported program calls what it gives back: the keys of the dictionaries around it."""

from collections.abc import Sequence
from typing import Any

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.archive import parsed
from convcalc.interop.returned import within

_DEEPEST = 32
_IN_A_ROW = frozenset({"builtins.tuple", "builtins.list", "collections.deque"})
_DICTIONARIES = frozenset({"builtins.dict", "collections.OrderedDict"})
_BY_DEFAULT = "collections.defaultdict"


def returned(module: Any, count: int) -> list[str]:
    """What the program calls each of its graph's outputs, '' where it has no word for one.

    The file has its result as a tree (`torch.utils._pytree`): how many values are in a tuple, the
    keys of a dictionary, the fields of a dataclass. One that is not as PyTorch writes it names
    nothing.

    Args:
        module: the `graph_module` of the file.
        count: outputs of its graph, those that nobody calls for (changed buffers) included.
    """
    specs = module["signature"].get("output_specs")
    specs = specs if isinstance(specs, list) else []
    own = [i for i, spec in enumerate(specs) if isinstance(spec, dict) and "user_output" in spec]
    found = [""] * count
    if len(specs) != count:
        return found
    leaves = _leaves(_tree(module), len(own))
    if len(leaves) == len(own):
        for i, name in zip(own, leaves, strict=True):
            found[i] = name
    return found


def _tree(module: Any) -> Any:
    """The tree of the result of the whole program; None where the file has none."""
    calls = module.get("module_call_graph")
    for call in calls if isinstance(calls, list) else ():
        if isinstance(call, dict) and call.get("fqn") == "":
            text = (call.get("signature") or {}).get("out_spec")
            versioned = _json(text)
            return versioned[1] if isinstance(versioned, list) and len(versioned) == 2 else None
    return None


def _json(text: Any) -> Any:
    """The value of a text within the file; None where it is none."""
    if not isinstance(text, str):
        return None
    try:
        return parsed(text.encode("utf-8", "replace"), "the tree of the outputs")
    except UnreadableError:
        return None


def _leaves(tree: Any, most: int) -> list[str]:
    """The names of the values in a tree, in order; nothing where it is no tree of so many."""
    found: list[str] = []
    waiting = [("", tree, 0)]
    while waiting:
        path, node, depth = waiting.pop()
        children = node.get("children_spec") if isinstance(node, dict) else None
        if not isinstance(children, list) or depth > _DEEPEST or len(children) > most:
            return []
        if node.get("type") is None:
            found.append(path)
        else:
            keys = _keys(str(node["type"]), node.get("context"), len(children))
            inner = zip(keys, children, strict=True)
            waiting += [(_path(path, key), child, depth + 1) for key, child in inner][::-1]
        if len(found) + len(waiting) > most:
            return []
    return found


def _path(path: str, key: str | int) -> str:
    """The name of a part: a place in a tuple says nothing where no dictionary is around it."""
    if isinstance(key, int):
        return within(path, str(key)) if path else ""
    return within(path, key)


def _keys(sort: str, context: Any, count: int) -> Sequence[str | int]:
    """The keys of the parts of a value; their places where it has none that are words."""
    keys: Any = context.get("dict_context") if isinstance(context, dict) else _json(context)
    if sort == _BY_DEFAULT and isinstance(keys, str):
        keys = _json(keys)
    fields = sort not in {*_IN_A_ROW, *_DICTIONARIES, _BY_DEFAULT}
    if fields and isinstance(keys, list) and len(keys) == 2 and isinstance(keys[0], list):
        keys = keys[0]  # of a dataclass: the fields that are there, and those that are None
    words = isinstance(keys, list) and len(keys) == count and sort not in _IN_A_ROW
    if words and all(isinstance(key, str) and key for key in keys):
        return [str(key) for key in keys]
    return range(count)
