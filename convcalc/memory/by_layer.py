"""The tensors of parameters, or of their gradients, by the layer that they belong to."""

from collections.abc import Iterator

from convcalc.memory.columns import column


class ByLayer:
    """For some layers tensors that were made one after the other; in the order they came.

    Numbers in columns: of a long net a dictionary of lists would be as large as all the rest.
    """

    def __init__(self, layers: int) -> None:
        self._first = column(layers, layers)
        self._count = column(layers, layers)
        self._layers = column(layers)

    def put(self, step: int, tensors: range) -> None:
        """The tensors of a layer; nothing where there are none."""
        if tensors:
            self._first[step], self._count[step] = tensors.start, len(tensors)
            self._layers.append(step)

    def __getitem__(self, step: int) -> range:
        """The tensors of a layer; none where it has none."""
        first = self._first[step]
        return range(first, first + self._count[step])

    def __contains__(self, step: int) -> bool:
        return self._count[step] > 0

    def __iter__(self) -> Iterator[int]:
        """The layers with tensors."""
        return iter(self._layers)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Every tensor with its layer before it."""
        return ((step, tensor) for step in self for tensor in self[step])
