"""The arguments of ATen's overloads in their order, as PyTorch 2.13 has them.

PyTorch runs a call of a file by these: it drops an argument that the overload does not have, and
passes those that are written as positional one after another. A file in which either changes what
is run is refused; `torch.export` writes none. The table, `schemas.txt`, is held against PyTorch by
`tests/interop/test_pt2_signatures.py`, which also writes it anew.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from convcalc.findings import plain

_BY_NAME = "*"  #: what stands behind it is never passed by its place
_BY_PLACE = 1  #: a `kind` of an argument; older files state none


@cache
def _table() -> dict[str, tuple[str, ...]]:
    lines = files(__package__).joinpath("schemas.txt").read_text(encoding="utf-8").splitlines()
    return {overload: tuple(names) for overload, *names in map(str.split, lines)}


def misread(overload: str, inputs: Iterable[Any]) -> str:
    """Why PyTorch reads the arguments of a call not by their names alone; '' where it does.

    Args:
        overload: of the operator, ``conv2d.default``.
        inputs: the arguments as the file has them.
    """
    names = _table().get(overload)
    if names is None:
        return f"aten.{plain(overload[:80])}, an overload that is not known"
    kinds = {str(entry["name"]): entry.get("kind") for entry in inputs}
    for name in kinds:
        if name not in names:
            return f"aten.{overload} with {plain(name[:60])}, which it does not have"
    gap = ""
    for name in names:
        if kinds.get(name) != _BY_PLACE:
            gap = gap or name
        elif gap:
            before = "behind those by name" if gap == _BY_NAME else f"and none for {gap}"
            return f"aten.{overload} with {name} by its place, {before}"
    return ""
