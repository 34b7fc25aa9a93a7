"""Which layers enlarge a volume and which step down: also of layers that could not be built.

Behind a fault no size is known, and a formula with `in_channels` leaves its layer unbuilt there:
what such a layer does is in its options, as they are written.
"""

from convcalc.layers import BY_NAME
from convcalc.layers.conv_transpose import ConvTranspose
from convcalc.layers.pool import Pool
from convcalc.layers.shuffle import PixelShuffle
from convcalc.layers.upsample import Upsample
from convcalc.layers.windowed import Windowed
from convcalc.network.record import Network, Step
from convcalc.spec.edit import entry_of, kind_of
from convcalc.tree.nodes import Mapping, Node

_UPWARD = (Upsample, PixelShuffle)


class Resizing:
    """The layers of a net by what they do to the size of a volume."""

    def __init__(self, network: Network, root: Mapping) -> None:
        self.steps = network.steps
        self._root = root
        self._entries: dict[int, Mapping] | None = None

    def enlarges(self, step: Step) -> bool:
        """Whether a layer makes a volume larger."""
        kind = _kind(step)
        if issubclass(kind, ConvTranspose):
            return self._steps(step)
        return issubclass(kind, _UPWARD)

    def steps_down(self, step: Step) -> bool:
        """Whether a layer makes a volume smaller by its stride."""
        kind = _kind(step)
        if issubclass(kind, ConvTranspose) or not issubclass(kind, Windowed):
            return False
        return self._steps(step)

    def _steps(self, step: Step) -> bool:
        """Whether a layer has a stride other than 1, as it is written where it was not built."""
        if isinstance(step.layer, Windowed):
            return max(step.layer.steps) > 1
        if self._entries is None:
            self._entries = entry_of(self._root)
        entry = self._entries.get(kind_of(step).start)
        given = entry.get(step.kind) if entry is not None else None
        node: Node | None = None
        if isinstance(given, Mapping):
            node = given.get("stride") or given.get("S")
        if node is None:
            return issubclass(_kind(step), Pool)  # it steps by its window
        return getattr(node, "text", "") != "1"


def _kind(step: Step) -> type[object]:
    """The class of a layer: of one that was not built, by its name."""
    return BY_NAME.get(step.kind, object) if step.layer is None else type(step.layer)
