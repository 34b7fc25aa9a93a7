"""The weights that layers read: who shares them, and why the source may count others."""

from collections.abc import Sequence

from convcalc.interop.flat import FlatItem, UnreadableError
from convcalc.interop.lower.contents import Contents, computed
from convcalc.interop.lower.parts import Parts
from convcalc.interop.names import listed
from convcalc.interop.trace.tensors import Tensor, Trace
from convcalc.network.stored import Stored
from convcalc.shapes import Shape, elements

#: Arrays that weights of all layers are made from, each time: of stacked heads there are thousands.
MOST_READ = 1_000_000

_Key = tuple[str, tuple[tuple[int, Shape] | None, ...]]


class Weights:
    """The learned arrays of a trace, as layers come to read them."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.owners: dict[_Key, int] = {}
        self.contents = Contents()
        self.parts = Parts()
        #: of every array, in which orders layers read its numbers
        self.orders: dict[str, set[int]] = {}
        #: the same before they were transposed
        self.unturned: dict[str, set[int]] = {}
        self.used: dict[str, Shape] = {}
        #: how many arrays the weights are made from that are made from several
        self.among_several = 0
        #: arrays whose count differs here, in order, with the reason as the key
        self.reasons: dict[str, dict[str, None]] = {
            _KEPT: {},
            SHARED: {},
            _TURNED: {},
            _PARTS: {},
            _MADE: {},
            _ANEW: {},
            _LEFT: {},
            _APART: {},
            _IN_PART: {},
        }
        #: the weights that the source works out whenever it runs, by their numbers: reason, size
        self.made: dict[int, tuple[str, int]] = {}

    def read(
        self, kind: str, weights: Sequence[Tensor | None], columns: bool = False
    ) -> int | None:
        """Note what one layer reads; the layer that has them all already, if any.

        Args:
            kind: the layer's kind.
            weights: its learned arrays.
            columns: whether its first array has a column for each unit, where a layer has a row.

        Raises:
            UnreadableError: weights of many layers are made from many arrays each.
        """
        shares = None
        if any(tensor is not None and tensor.sources for tensor in weights):
            shares = self.owners.get(self._key(kind, weights, columns))
        for i, tensor in enumerate(weights):
            if tensor is not None:
                self._one(kind, tensor, shares is None, columns and not i)
        return shares

    def owned(
        self, kind: str, weights: Sequence[Tensor | None], item: int, columns: bool = False
    ) -> None:
        """The layer that others with the very same weights share them with."""
        self.owners[self._key(kind, weights, columns)] = item

    def _stored(self, word: str, tensor: Tensor, columns: bool, changed: bool) -> Stored:
        """What the file calls an array of a layer, and how its axes come to lie as the layer's.

        Args:
            word: what the layer calls it.
            tensor: what the layer reads.
            columns: whether it has a column for each unit, where a layer has a row.
            changed: whether the layer's numbers are others than the tensor's.
        """
        names = sorted(tensor.sources)
        if changed or len(names) != 1 or names[0] not in self.trace.weights:
            return Stored(word, made_from=tuple(names))
        (name,), contents = names, self.contents
        content, array = self._content(tensor, columns), contents.of_array(names[0])
        shape = self.trace.weights[name]
        if content == array:
            return Stored(word, name, shape)
        if contents.before(content) == array:
            return Stored(word, name, shape, contents.turns[content][1:])
        return Stored(word, made_from=(name,))

    def all_stored(
        self, given: Sequence[Tensor | None], columns: bool, changed: Sequence[bool]
    ) -> tuple[Stored, ...]:
        """What the file calls the arrays of a layer, in the order in which operations have them."""
        return tuple(
            self._stored(word, tensor, columns and not i, any(changed[i : i + 1]))
            for i, (word, tensor) in enumerate(zip(_WORDS, given, strict=False))
            if tensor is not None and tensor.sources
        )

    def spare(self, items: Sequence[FlatItem]) -> frozenset[str]:
        """The arrays of the source that no layer has as they are."""
        taken = {one.name for item in items for one in item.tensors.stored}
        return frozenset(self.trace.weights).difference(taken)

    def left_out(self, tensor: Tensor) -> bool:
        """Whether a constant that no layer has was learned: the source counts it then.

        Where the file has one sort of array, it is taken for the mean of the data.
        """
        trace = self.trace
        named = (name for name in sorted(tensor.sources) if name in trace.weights)
        learned = [name for name in named if name not in trace.buffers]
        if not trace.tells_learned or not learned:
            return False
        for name in learned:
            self.used[name] = trace.weights[name]
            self.parts.read[name] = None
            self.reasons[_LEFT][name] = None
        return True

    def apart(self, tensor: Tensor) -> str:
        """What to say of an output that no input reaches, but for the learned arrays in it.

        The source counts those; no layer has them, nor the calls that worked the output out.
        """
        trace = self.trace
        named = [name for name in sorted(tensor.sources) if name in trace.weights]
        learned = [name for name in named if name not in trace.buffers]
        made = tensor.maker is not None and tensor.value is None
        if learned and (made or trace.tells_learned):
            for name in learned:
                self.used[name] = trace.weights[name]
                self.parts.read[name] = None
                self.reasons[_APART][name] = None
        elif made:
            where = "is left out here, and what works it out there at each run"
            return f"the output {tensor.name}, which no input reaches, {where}"
        return ""

    def _key(self, kind: str, weights: Sequence[Tensor | None], columns: bool) -> _Key:
        """What layers that share all their weights have in common: the numbers, in their layout."""
        found = [
            None if tensor is None else self._lying(tensor, columns and not i)
            for i, tensor in enumerate(weights)
        ]
        while found and found[-1] is None:
            found.pop()
        return kind, tuple(found)

    def _lying(self, tensor: Tensor, columns: bool) -> tuple[int, Shape]:
        shape = tensor.shape or ()
        return self._content(tensor, columns), _laid(shape[::-1] if columns else shape)

    def _content(self, tensor: Tensor, columns: bool) -> int:
        content = self.contents.of(tensor)
        turned = columns and tensor.shape is not None
        return self.contents.turned(content, tensor.shape or (), (1, 0)) if turned else content

    def _one(self, kind: str, tensor: Tensor, own: bool, columns: bool) -> None:
        trace = self.trace
        if not tensor.sources:  # in a node, or of integers
            if kind in _WEIGHTED:
                self.used[tensor.name] = tensor.shape or ()
            else:
                self.reasons[_KEPT][tensor.name or "a number"] = None
        learned = [name for name in sorted(tensor.sources) if name in trace.weights]
        content = self._content(tensor, columns) if learned else 0
        if len(learned) > 1:
            self.among_several += len(learned)
            if self.among_several > MOST_READ:
                text = f"weights are made from others {MOST_READ:,} times and more"
                raise UnreadableError(f"{text}: fold the constants of the file first")
        read = [name for name in learned if name not in trace.buffers]
        made = computed(tensor, self.contents.computed) if read else None
        if made is not None:
            why = _MADE if len(learned) > 1 else _ANEW
            self.made[self.contents.of(made)] = why, made.size
            if why == _ANEW:
                self.reasons[why].update(dict.fromkeys(read))
        for name in learned:
            if name in trace.buffers:
                self.reasons[_KEPT if len(learned) == 1 else _MADE][name] = None
                continue
            if own and name in self.used:
                self.reasons[self._shared(name, content)][name] = None
            self.orders.setdefault(name, set()).add(content)
            self.unturned.setdefault(name, set()).add(self.contents.before(content))
            self.parts.add(name, content, tensor)
            self.used[name] = trace.weights[name]
            if len(learned) > 1:
                self.reasons[_MADE][name] = None

    def _shared(self, name: str, content: int) -> str:
        """Why an array that a layer has already is counted again for another."""
        if content in self.orders[name]:
            return SHARED
        return _TURNED if self.contents.before(content) in self.unturned[name] else _PARTS

    @property
    def learned(self) -> int:
        """How many parameters the source has in what was read."""
        return sum(elements(shape) for shape in self.used.values())

    def difference(self, own: int) -> str:
        """A sentence on why the layers hold `own` parameters and the source others; '' if it holds
        the same ones.
        """
        self._note_parts()
        learned = self.learned
        if own == learned and not any(self.reasons[reason] for reason in _COUNTED):
            return ""
        why = (self._said(reason) for reason in self.reasons)
        text = "; ".join(filter(None, why)) or "some are shared or worked out from others there"
        here = "as many by chance" if own == learned else f"{own:,}"
        return f"the source has {learned:,} learned parameters, the layers here {here}: {text}"

    def _note_parts(self) -> None:
        """Name the arrays of which some numbers are read by no layer."""
        lacking = (name for name, shape in self.used.items() if self.parts.lacks(name, shape))
        self.reasons[_IN_PART].update(dict.fromkeys(lacking))

    @property
    def made_numbers(self) -> int:
        """How many numbers the weights hold that are worked out at each run."""
        return sum(size for _, size in self.made.values())

    @property
    def worked_out(self) -> str:
        """Which arrays no layer here has as they are, though as many numbers are learned."""
        return "; ".join(filter(None, map(self._said, (_MADE, _ANEW))))

    def _said(self, reason: str) -> str:
        """The arrays of which a reason holds, and the reason; '' where it holds of none."""
        names = list(self.reasons[reason])
        if not names:
            return ""
        made = sum(size for why, size in self.made.values() if why == reason)
        counted = "not counted" if self.trace.run is None else "not counted in training"
        held = f" at each run (weights of {made:,} numbers, {counted}: peaks are larger there)"
        said = f"{'is' if len(names) == 1 else 'are'} {reason}"
        return f"{listed(names)} {said}{held if made else ''}"


#: the learned arrays of a layer
_WORDS = ("weight", "bias", "running_mean", "running_var")
_KEPT = "kept there, not learned"
#: of arrays that layers share which have others of their own
SHARED = "shared there by layers that do not share all they have"
_TURNED = "read transposed there as well, which layers here cannot share: each has its own"
_PARTS = "read there in several parts or forms"
_MADE = "worked into one there"
_LEFT = "left out here"
_APART = "in an output that no input reaches, left out here with the calls that work it out"
_ANEW = "worked into another array there"
_IN_PART = (
    "read there in part alone: the rest is kept there too, with gradients in training (more memory "
    "than here)"
)
#: reasons after which the layers surely hold others than the source, as many or not
_COUNTED = (_KEPT, SHARED, _TURNED, _LEFT, _APART, _IN_PART)
#: kinds whose weights were learned wherever the file keeps them
_WEIGHTED = frozenset(
    """
        conv depthwise_conv conv_transpose fc
        batch_norm instance_norm group_norm layer_norm
    """.split()  # noqa: SIM905
)


def own_params(items: Sequence[FlatItem]) -> int | None:
    """The parameters of all layers as convcalc counts them; None where a size is unknown."""
    total = 0
    for item in items:
        if not item.output:
            return None
        if item.layer is not None and item.shares is None:
            inputs = tuple(items[i].output for i in item.inputs)
            total += item.layer.parameters(inputs, item.output).learned
    return total


def _laid(shape: Shape) -> Shape:
    """The axes of an array, but for those of length 1 at its ends."""
    axes = list(shape)
    while axes and axes[-1] == 1:
        axes.pop()
    while len(axes) > 1 and axes[0] == 1:
        axes.pop(0)
    return tuple(axes)
