"""The numbers of a net's layers and those of an ONNX file, in one order, held side by side."""

from typing import TYPE_CHECKING, NamedTuple

from convcalc.findings import plain
from convcalc.network.vector_order import flattened
from convcalc.shapes import written
from convcalc.study.outcome import Outcome

if TYPE_CHECKING:
    from convcalc.backend.arrays import Array
    from convcalc.study.onnx_file import OnnxFile
    from convcalc.study.same_layers import Matched

#: by how much a layer's numbers may differ, of its largest
TOLERANCE = 1e-4
#: how often what a rounded image changes in a layer's numbers they may differ, and the most that
#: this may be of the net's largest number
_ROUNDINGS, _MOST_ROUNDED = 8, 1e-5


class Compared(NamedTuple):
    """One layer in both."""

    name: str
    difference: float
    """The largest difference, of the largest number that onnxruntime has; 0 where `why` is. Where
    that is of the size that rounding makes, of the number in which rounding would just agree.
    """
    why: str = ""
    """Why an output of the net has no numbers to compare in the file: it does not agree then."""

    @property
    def agrees(self) -> bool:
        """Whether that is float32's rounding."""
        return not self.why and self.difference <= TOLERANCE


class Pairs:
    """Which volumes are compared: what both give first of all, then layers on the way there."""

    def __init__(self, outcome: Outcome, file: "OnnxFile", matched: "Matched") -> None:
        self.outcome, self.file = outcome, file
        steps = outcome.network.steps
        given = [steps[at].name for at in outcome.network.returned]
        self.ends = dict(zip(given, file.outputs, strict=False))
        if {plain(name) for name in file.outputs} == {*given}:
            self.ends = {plain(name): name for name in file.outputs}
        self.count = len(given), len(file.outputs)
        self.all = [(name, made) for name, made in self.ends.items() if made in file.makers]
        self.all += [pair for pair in matched.tensors.items() if pair not in self.all]
        items = matched.flat.items if matched.flat is not None else ()
        self.axes = {item.tensors.made: item.tensors.axes for item in items}
        """By tensor which axis of the net each of its own is, where import knows."""
        names = (step.name for step in steps)
        self.orders = dict(zip(names, flattened(outcome.network), strict=True))
        """By layer the volumes that its numbers were flattened from."""
        self._least: dict[str, float] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The layers of the net, each once."""
        return tuple(dict.fromkeys(name for name, _ in self.all))

    @property
    def tensors(self) -> list[str]:
        """The tensors of the file, one a pair."""
        return [tensor for _, tensor in self.all]

    def compared(
        self,
        ours: "dict[str, Array]",
        theirs: "list[Array]",
        again: "dict[str, Array] | None" = None,
    ) -> tuple[Compared, ...]:
        """By how much the numbers of each layer differ, in the net's order.

        Args:
            ours: the net's volumes by their layers' names.
            theirs: the file's, one a pair.
            again: the net's, for an image that is another by rounding.
        """
        self._least = _least(ours, again or {})
        places = {step.name: at for at, step in enumerate(self.outcome.network.steps)}
        ends, found = set(self.ends.items()), dict[str, Compared]()
        for (name, tensor), array in zip(self.all, theirs, strict=True):
            one = self._one(name, tensor, ours.get(name), array, (name, tensor) in ends)
            known = found.get(name)
            if one is not None and (known is None or known.agrees):
                found[name] = one
        for name, tensor in self.ends.items():
            if tensor not in self.file.makers:
                found[name] = Compared(name, 0, "the file gives there what no node of it makes")
        layers = [found[name] for name in sorted(found, key=places.__getitem__)]
        own, other = self.count
        if own != other:
            made = "1 output" if other == 1 else f"{other} outputs"
            why = f"the file has {made}, and the net {own}"
            layers = [*layers, Compared("outputs", 0, why)]
        return tuple(layers)

    def _one(
        self, name: str, tensor: str, own: "Array | None", array: "Array", gives: bool
    ) -> Compared | None:
        """One pair; None for a layer on the way that has other sizes, or another order, there."""
        import numpy as np

        from convcalc.backend.weights import channels_last
        from convcalc.study.flat_order import flat_channels_last

        if own is None or own.size != array.size:
            return Compared(name, 0, self._other_sizes(own, array)) if gives else None
        laid = _laid(array, own, self.axes.get(tensor, ()))
        if laid is not None:
            return Compared(name, _difference(own, laid, self._least.get(name, 0)))
        turned = np.moveaxis(array, 1, -1) if array.ndim > 2 and self.file.first else array
        order = self.orders[name] if own.ndim == 2 else (own.shape[1:],)
        first = not flat_channels_last(self.file.makers, tensor, self.file.first)
        if array.ndim == 2 and order and first:
            turned = array[:, channels_last(order)]
        if turned.shape[1:] != own.shape[1:] == array.shape[1:]:
            turned = array  # inside a layer that turns the channels last
        if turned.ndim > 2 and _extents(turned.shape) != _extents(own.shape):
            # numbers on their way: groups laid out as channels, axes split
            return Compared(name, 0, self._other_sizes(own, array)) if gives else None
        least = self._least.get(name, 0)
        found = _difference(own, turned, least)
        if gives and own.ndim == 2:  # `export` turns a vector that a net gives, a framework none
            found = min(found, _difference(own, array, least))
        return Compared(name, found)

    def _other_sizes(self, own: "Array | None", array: "Array") -> str:
        """That a volume has other sizes in the file, as each of both writes them."""
        here = "nothing" if own is None else written(own.shape[1:])
        there = written(array.shape[1:]) or "one number"
        order = " (channels first)" if array.ndim > 2 and self.file.first else ""
        return f"{here} here, {there} in the file{order}"


def _laid(array: "Array", own: "Array", axes: tuple[int, ...]) -> "Array | None":
    """The numbers of a volume channels last, where import knows which axis of the file is which."""
    from convcalc.interop.lower.layout import BATCH, ONE, agrees, channels_last, complete

    shape = own.shape[1:]
    known = bool(axes) and own.ndim > 2 and complete(axes, shape) and axes[0] == BATCH
    if not known or not agrees(axes, shape, array.shape):
        return None
    order = (*map(axes.index, channels_last(shape)), *(i for i, a in enumerate(axes) if a == ONE))
    return array.transpose(order)


def _difference(own: "Array", theirs: "Array", least: float) -> float:
    """The largest difference, of the largest number that onnxruntime has, or of the least one."""
    import numpy as np

    with np.errstate(invalid="ignore"):  # infinities: the layer does not agree
        difference = _largest(own.reshape(theirs.shape) - theirs)
    if not difference < float("inf"):
        return difference
    return difference / max(_largest(theirs), least, 1e-12)


def _least(ours: "dict[str, Array]", again: "dict[str, Array]") -> dict[str, float]:
    """By layer the number of which a difference by rounding is just within the tolerance.

    Rounding is as large as all numbers of a layer where they are 0 in truth. So it is where a net
    makes of any change a large one: there it is no excuse.
    """
    if not again:
        return {}
    most = _MOST_ROUNDED * max(map(_largest, ours.values()))
    changed = {name: _largest(ours[name] - other) for name, other in again.items()}
    return {
        name: min(_ROUNDINGS * change, most) / TOLERANCE
        for name, change in changed.items()
        if change < most < float("inf")
    }


def _largest(array: "Array") -> float:
    """The largest absolute number."""
    import numpy as np

    return float(np.abs(array).max())


def _extents(shape: tuple[int, ...]) -> list[int]:
    """The axes that hold more than one number."""
    return [size for size in shape if size != 1]
