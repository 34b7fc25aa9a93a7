"""What a writer of a kind adds nodes to, and what it asks of a layer."""

from collections.abc import Callable
from typing import Any, Protocol

from convcalc.analysis.record import Row
from convcalc.shapes import Shape


class Graph(Protocol):
    """What a writer adds nodes and constants to; every method gives a name to read."""

    def node(self, operator: str, inputs: list[str], **attributes: Any) -> str: ...
    def array(self, row: Row, name: str, shape: Shape | None = None) -> str: ...
    def arrays(self, row: Row) -> list[str]: ...
    def filled(self, shape: Shape, number: float) -> str: ...
    def integers(self, numbers: list[int]) -> str: ...
    def number(self, number: float) -> str: ...
    def refuse(self, row: Row, why: str) -> None: ...


Writer = Callable[[Graph, Row, list[str]], str]


def axes_of(row: Row) -> int:
    """Spatial axes of the input."""
    return len(row.inputs[0]) - 1


def pads_of(row: Row, hanging: bool = False) -> list[int]:
    """The padding of a window: all begins, then all ends, with what hangs over if asked."""
    windows = row.step.size.windows
    return [w.begin for w in windows] + [w.end + w.overhang * hanging for w in windows]


def options_of(row: Row) -> dict[str, Any]:
    """The layer's options by name."""
    layer = row.step.layer
    return layer.__dict__ if layer is not None else {}


def simple(name: str, **attributes: Any) -> Writer:
    """A kind that is one operator."""
    return lambda g, row, inputs: g.node(name, inputs, **attributes)
