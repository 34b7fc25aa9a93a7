"""Values of a spec as a help shows them."""

from itertools import islice

from convcalc.findings import brief
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

_SHOWN = 20  #: items of a list that a help shows: it is for reading


def text_of(node: Node) -> str:
    """A scalar or a list of scalars as a help shows it."""
    if isinstance(node, Sequence):
        more = ["..."] * (len(node.items) > _SHOWN)
        return f"[{', '.join([*map(_item, node.items[:_SHOWN]), *more])}]"
    return _item(node)


def _item(node: Node) -> str:
    return brief(node.text) if isinstance(node, Scalar) else "..."


def texts(value: Node | None) -> dict[str, str]:
    """Options as a help shows them, the first of very many."""
    found = value.entries.items() if isinstance(value, Mapping) else ()
    return {key: text_of(node) for key, (_, node) in islice(found, _SHOWN)}


def entry_text(node: Node) -> str:
    """An entry of a list on one line; '' where that does not show all of it."""
    text = text_of(node) if isinstance(node, Scalar) else ""
    if isinstance(node, Mapping) and len(node.entries) == 1:
        ((word, (_, value)),) = node.entries.items()
        given = texts(value)
        if isinstance(value, Mapping) and not 0 < len(value.entries) <= _SHOWN:
            return ""
        own = f"{{{', '.join(f'{k}: {v}' for k, v in given.items())}}}" if given else text_of(value)
        text = f"{brief(word)}: {own}".removesuffix(": ")
    return "" if "..." in text else text
