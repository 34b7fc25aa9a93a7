"""What layers are called: names that a spec takes, each given once, the source's own ones first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convcalc.interop.flat import FlatItem

_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-/")
_LONGEST_NAME = 100


class FlatNames:
    """Names that a spec takes, each given once."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    def give(self, wanted: str, otherwise: str) -> str:
        """`wanted` with other characters replaced, and numbered where it is taken."""
        name = fitting(wanted, otherwise)
        count = self.taken.get(name, 0) + 1
        self.taken[name] = count
        while count > 1:
            numbered = f"{name}_{count}"
            if numbered not in self.taken:
                self.taken[name] = count
                self.taken[numbered] = 1
                return numbered
            count += 1
        return name


def fitting(wanted: str, otherwise: str) -> str:
    """A name with the characters that a spec takes; another one where nothing is left of it.

    >>> fitting("/layer1/conv:0", "conv3"), fitting("input", "relu1")
    ('layer1/conv_0', 'relu1')
    """
    name = "".join(c if c in _LETTERS else "_" for c in wanted).strip("_./-")
    name = name[-_LONGEST_NAME:].lstrip("_./-") or otherwise
    if name == "input":
        name = otherwise if otherwise != "input" else "input_"
    return name


def called(items: "Sequence[FlatItem]") -> "tuple[FlatItem, ...]":
    """The layers of a whole graph with their names: numbers are for those that come late.

    Of several that are to be called the same, the one whose arrays the source calls so has the
    name, else the first. The others, calls of a shared layer among them, get names that no layer
    is to have: `conv_2` may be another layer of the source than the second call of `conv`.
    """
    wanted = [
        item.name if item.layer is None else fitting(item.wanted, f"{item.kind}{i}")
        for i, item in enumerate(items)
    ]
    first: dict[str, int] = {}
    for i in sorted(range(len(items)), key=lambda i: _claim(items[i])):
        first.setdefault(wanted[i], i)
    names = FlatNames()
    names.taken = dict.fromkeys(first, 1)
    return renamed(
        items, [name if first[name] == i else names.give(name, "") for i, name in enumerate(wanted)]
    )


def _claim(item: "FlatItem") -> int:
    """How early a name is given: to inputs, to owners of arrays of that name, to others."""
    if item.layer is None:
        return 0
    own = any(array.rpartition(".")[0] == item.wanted for array in item.tensors.learned)
    return 1 if own and item.shares is None else 2


def renamed(items: "Sequence[FlatItem]", names: Sequence[str]) -> "tuple[FlatItem, ...]":
    """The items with other names, which those that take over their sizes say too."""
    layers = [
        item.layer.replace(like=names[item.like])
        if item.layer and item.like is not None
        else item.layer
        for item in items
    ]
    return tuple(
        item._replace(name=name, layer=layer)
        for item, name, layer in zip(items, names, layers, strict=True)
    )
