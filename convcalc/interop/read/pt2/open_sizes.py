"""Sizes of a program that follow from its inputs': which volumes have them, whatever the input."""

from typing import Any

from convcalc.interop.trace.tensors import Tensor

_MOST_KEPT = 64  #: tensors of one size among which a layer finds the one to follow
_LONGEST = 2000  #: characters of an expression


class OpenSizes:
    """The open sizes of a program, as expressions of those of its inputs."""

    def __init__(self, graph: Any) -> None:
        self.stated = graph["tensor_values"]
        self.integers = graph.get("sym_int_values") or {}
        self.having: dict[tuple[str, ...], list[Tensor]] = {}
        self.any = False
        """Whether some volume so far has a size that is open."""

    def made(self, name: str, tensor: Tensor) -> None:
        """Remember a volume by the expressions of its positions."""
        sizes = (self.stated.get(name) or {}).get("sizes")
        if tensor.constant or not isinstance(sizes, list) or len(sizes) < 3:
            return
        listed = tuple(_expression(size) for size in sizes[2:])
        if all(found.isdecimal() for found in listed) or not all(listed):
            return
        self.any = True
        kept = self.having.setdefault(listed, [])
        if len(kept) < _MOST_KEPT:
            kept.append(tensor)

    def of(self, argument: Any) -> tuple[str, tuple[Tensor, ...]]:
        """How an argument states sizes, and the volumes that always have them.

        ``number``: in a program of fixed sizes, where one may have been taken of a volume;
        ``fixed``: a number in one of open sizes; ``open``: an expression; '' for no sizes.
        """
        if not isinstance(argument, dict):
            return "", ()
        ((sort, value),) = argument.items()
        if sort in {"as_int", "as_ints"}:
            return ("fixed" if self.any else "number"), ()
        if sort not in {"as_sym_int", "as_sym_ints"}:
            return "", ()
        sizes = value[:64] if sort == "as_sym_ints" else [value]
        listed = tuple(self.named(size) for size in sizes)
        if all(found.isdecimal() for found in listed):
            return "fixed", ()
        return "open", tuple(self.having.get(listed, ()))

    def named(self, size: Any) -> str:
        """The expression of a size that is a number or has a name; '' where it has none."""
        name = size.get("as_name")
        return _expression(self.integers.get(name) or {}) if name is not None else _expression(size)


def _expression(size: Any) -> str:
    """A size as the file writes it: digits, or an expression; '' where it is neither."""
    if type(size.get("as_int")) is int:
        return str(size["as_int"])
    found = (size.get("as_expr") or {}).get("expr_str")
    return found if isinstance(found, str) and len(found) <= _LONGEST else ""
