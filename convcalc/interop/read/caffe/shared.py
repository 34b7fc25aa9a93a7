"""The learned arrays of a net: those that layers share by their names."""

from collections.abc import Sequence

from convcalc.findings import plain
from convcalc.interop.flat import FlatItem
from convcalc.interop.lower.weights import SHARED
from convcalc.interop.names import listed
from convcalc.interop.read.caffe.text import Message
from convcalc.interop.read.caffe.typed import TextFields


class SharedError(Exception):
    """Layers share an array of which they read different numbers."""


class Shared:
    """The names of arrays, as layers come to read them."""

    def __init__(self) -> None:
        self.owners: dict[tuple[str, ...], int] = {}
        self.sizes: dict[str, int] = {}
        self.partly: dict[str, None] = {}
        """Arrays that several layers read that do not share all they have."""
        self.twice = 0
        """Numbers that layers here have and that are others' in Caffe."""

    def owner(self, kind: str, names: Sequence[str]) -> int | None:
        """The item that has all of these arrays already."""
        return self.owners.get((kind, *names)) if all(names) else None

    def own(self, kind: str, names: Sequence[str], sizes: Sequence[int], item: int) -> None:
        """A layer that shares with none before it all that it has.

        Raises:
            SharedError: an array has another size than where it was read first.
        """
        if all(names):
            self.owners.setdefault((kind, *names), item)
        for name, size in zip(names, sizes, strict=True):
            if not name:
                continue
            if name in self.sizes:
                if self.sizes[name] != size:
                    has = f"{plain(name[:80])} has {size:,} numbers here"
                    raise SharedError(f"{has} and {self.sizes[name]:,} where it was read first")
                self.partly[name] = None
                self.twice += size
            self.sizes.setdefault(name, size)

    def difference(self, params: int) -> str:
        """Why the layers have this many parameters and Caffe fewer; '' where it has as many."""
        if not self.twice:
            return ""
        theirs = f"the source has {params - self.twice:,} learned parameters"
        verb = "is" if len(self.partly) == 1 else "are"
        return f"{theirs}, the layers here {params:,}: {listed(list(self.partly))} {verb} {SHARED}"


def array_names(layer: TextFields, count: int) -> list[str]:
    """The names of a layer's arrays, '' for those without."""
    stated = layer.message.get("param", [])
    if any(isinstance(one, Message) for one in stated):
        names = [_name(fields) for fields in layer.messages("param")]
    else:  # of `layers`
        names = layer.words("param")
    return [*names, *[""] * count][:count]


def frozen(layer: TextFields, count: int) -> bool:
    """Whether the file keeps all arrays of a layer out of training: their learning rate is 0."""
    if any(isinstance(one, Message) for one in layer.message.get("param", [])):
        rates = [fields.number("lr_mult", 1.0) for fields in layer.messages("param")]
    else:  # of `layers`
        rates = layer.numbers("blobs_lr")
    return [*rates, *[1.0] * count][:count] == [0.0] * count


def _name(fields: TextFields) -> str:
    """The name of one array."""
    for field in fields.message:
        if field not in {"name", "share_mode", "lr_mult", "decay_mult"}:
            raise fields.wrong(field, fields.message, "is no field of Caffe's `param`")
    return fields.word("name")


def learned(items: Sequence[FlatItem], index: int) -> int:
    """The learned numbers of an item; 0 where it has no size."""
    item = items[index]
    inputs = tuple(items[i].output for i in item.inputs)
    if item.layer is None or not item.output or not all(inputs):
        return 0
    return item.layer.parameters(inputs, item.output).learned
