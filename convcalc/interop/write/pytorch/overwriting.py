"""Which layers overwrite their input in PyTorch's code: as analyzed, where PyTorch can."""

from array import array
from collections.abc import Collection, Sequence

from convcalc.analysis.record import Analysis, Row
from convcalc.explain.words import in_words
from convcalc.layers.shuffle import ChannelShuffle, PixelShuffle, SpaceToDepth
from convcalc.network.record import Network, Step
from convcalc.shapes import Shape

#: kinds whose output PyTorch makes a view of their input
_VIEWS = frozenset(("slice", "crop"))
_NOBODY, _SEVERAL = -2, -3  #: beside OUTSIDE, -1


def overwriting(analysis: Analysis) -> frozenset[int]:
    """The steps whose code overwrites what they read.

    Each is in place in the analysis, and PyTorch has a word for it. Nothing else reads the storage,
    by PyTorch's own views neither, and the layer that made it needs it for no gradient.
    """
    network = analysis.network
    views = [_may_be_view(step) for step in network.steps]
    dropouts = [s.layer is not None and s.layer.identity_in_inference for s in network.steps]
    training = _Storages(network, views)
    inference = _Storages(network, list(map(max, views, dropouts))) if any(dropouts) else training
    found: set[int] = set()
    for index, row in enumerate(analysis.rows):
        if _in_place(row) and _has_word(row):
            both = (training,) if dropouts[index] else (training, inference)
            if all(one.lets(index, found) for one in both):
                found.add(index)
    return frozenset(found)


def not_overwriting(analysis: Analysis, written: Collection[int]) -> list[str]:
    """The layers that overwrite their input in the analysis and not in the code: `written` do."""
    rows = enumerate(analysis.rows)
    return [row.step.name for i, row in rows if _in_place(row) and i not in written]


def views(analysis: Analysis, overwriting: Collection[int]) -> list[bool]:
    """For each step whether the code gives its output in the storage of its first input."""
    return [
        index in overwriting
        or (step.layer is not None and step.layer.is_view)
        or step.kind in _VIEWS
        for index, step in enumerate(analysis.network.steps)
    ]


class _Storages:
    """Whose storage each volume is, and who reads it."""

    def __init__(self, network: Network, views: Sequence[bool]) -> None:
        self.network = network
        self.owners = network.storages(views)
        self.alone = array("q", [_NOBODY] * len(views))
        """The one step that reads each storage, or OUTSIDE, _NOBODY, _SEVERAL."""
        for index, readers in enumerate(network.readers()):
            own = {r for r in readers if r < 0 or self.owners[r] == r}  # a view reads nothing
            for reader in own:
                known = self.alone[self.owners[index]]
                self.alone[self.owners[index]] = reader if known in {_NOBODY, reader} else _SEVERAL

    def lets(self, index: int, overwriting: set[int]) -> bool:
        """Whether a step may overwrite its first input."""
        step = self.network.steps[index]
        first, *others = (self.owners[i] for i in step.inputs)
        maker = self.network.steps[first].layer
        if maker is None and not (step.layer and step.layer.works_in_place()):
            return False  # an image stays as it was given
        kept = maker is not None and (
            maker.saves_output or (first in overwriting and maker.saves_output_in_place)
        )
        return self.alone[first] == index and first not in others and not kept


def _in_place(row: Row) -> bool:
    """Whether a layer computes something into its input's storage."""
    return row.in_place and row.step.layer is not None and not row.step.layer.is_view


def _may_be_view(step: Step) -> bool:
    layer = step.layer
    if layer is None or not step.inputs:
        return False
    return layer.is_view or step.kind in _VIEWS or _moves_nothing(step)


def _moves_nothing(step: Step) -> bool:
    """Whether numbers that change places may do so by strides alone: some axes are of length 1."""
    layer = step.layer
    if isinstance(layer, ChannelShuffle):
        return step.output is None or layer.groups == step.output[-1]
    if isinstance(layer, PixelShuffle | SpaceToDepth):
        output = step.output or (1,)
        few = output[:-1] if isinstance(layer, SpaceToDepth) else _parts(output, layer.factor)
        return layer.factor == 1 or 1 in few
    return False


def _parts(output: Shape, factor: int) -> list[int]:
    """The positions before each became several."""
    return [size // factor for size in output[:-1]]


def _has_word(row: Row) -> bool:
    """Whether PyTorch can say of the layer that it overwrites its input."""
    said, other = (row._replace(in_place=in_place) for in_place in (True, False))
    return in_words(said, "pytorch") != in_words(other, "pytorch")
