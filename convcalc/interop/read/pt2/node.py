"""A node of an exported program as its handler sees it: arguments by name, with defaults."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.axes import NoAxisError, placed
from convcalc.interop.read.given import Given
from convcalc.interop.trace.emit import Emitter
from convcalc.interop.trace.tensors import Tensor
from convcalc.shapes import Shape


class Other(NamedTuple):
    """An argument of a sort that no operator needs: a data type, a device, a graph."""

    sort: str
    value: Any

    def __str__(self) -> str:
        return f"{self.sort.removeprefix('as_')} {self.value}"


class Call:
    """One call of an ATen operator."""

    def __init__(
        self,
        target: str,
        arguments: Given,
        emitter: Emitter,
        outputs: int,
    ) -> None:
        self.target = target
        self.arguments = arguments
        self.emitter = emitter
        self.outputs = outputs
        #: whether the first size that it lists is a multiple of the batch
        self.follows = False
        #: by argument how its sizes are stated, and the tensors that always have them
        self.size_of: Callable[[str], tuple[str, tuple[Tensor, ...]]] = lambda name: ("", ())

    def op(self, kind: str, inputs: Sequence[Tensor | None], **attrs: Any) -> Tensor:
        """One operation under the node's name."""
        return self.emitter.op(kind, inputs, **attrs)

    def get(self, name: str) -> Tensor | None:
        """A tensor argument; None where it is absent."""
        found = self.arguments.get(name)
        return found if isinstance(found, Tensor) else None

    def tensors(self, name: str) -> list[Tensor]:
        """A list of tensors, one at least."""
        found = self.arguments.get(name)
        tensors = (
            [one for one in found if isinstance(one, Tensor)] if isinstance(found, list) else []
        )
        if not tensors or len(tensors) != len(found or ()):
            raise UnreadableError(f"node {self.emitter.name}: {name} is not a list of tensors")
        return tensors

    @property
    def x(self) -> Tensor:
        """The first argument.

        Raises:
            UnreadableError: it is no tensor.
        """
        for name in ("self", "input"):
            found = self.get(name)
            if found is not None:
                return found
        raise UnreadableError(f"node {self.emitter.name} ({self.target}) has no input")

    @property
    def shape(self) -> Shape:
        """The shape of the first argument; () where it is unknown."""
        return self.x.shape or ()

    @property
    def rank(self) -> int:
        """Axes of the first argument."""
        return len(self.shape)

    def ints(self, name: str, axes: int, default: int | None = 0) -> tuple[int, ...]:
        """A list of integers, one number spread over the axes; () for an empty one."""
        found = self.arguments.get(name)
        if found is None:
            return () if default is None else (default,) * axes
        if isinstance(found, int):
            return (found,) * axes
        if not isinstance(found, list) or not all(type(i) is int for i in found):
            raise UnreadableError(f"node {self.emitter.name}: {name} is not a list of integers")
        return tuple(found) * axes if len(found) == 1 else tuple(found)

    def integer(self, name: str, default: int) -> int:
        """An integer; the default where the argument is None."""
        found = self.arguments.get(name)
        if found is None:
            return default
        if type(found) is not int:
            raise UnreadableError(f"node {self.emitter.name}: {name} is not an integer")
        return found

    def number(self, name: str, default: float | None) -> float | None:
        """A number; the default where the argument is None."""
        found = self.arguments.get(name)
        if found is None:
            return default
        if not isinstance(found, int | float):
            raise UnreadableError(f"node {self.emitter.name}: {name} is not a number")
        return float(found)

    def flag(self, name: str, default: bool) -> bool:
        """True or false; the default where the argument is None."""
        found = self.arguments.get(name)
        if found is None:
            return default
        if not isinstance(found, bool):
            raise UnreadableError(f"node {self.emitter.name}: {name} is not true or false")
        return found

    def only(self, name: str, *values: Any) -> bool:
        """Whether an argument is absent or one of these values."""
        found = self.arguments.get(name)
        return found is None or found in values

    def axis(self, name: str = "dim", default: int = 0) -> int:
        """An axis of the first argument, counted from 0."""
        return self.placed(self.integer(name, default))

    def placed(self, axis: int, rank: int | None = None) -> int:
        """An axis, counted from 0: of so many, or of the first argument.

        Most operators take one number without axes for a row of one.

        Raises:
            UnreadableError: there is no such axis.
        """
        if rank is None:
            if self.x.shape is None:
                return axis  # nothing may ask for it
            rank = max(self.rank, 1)
        try:
            return placed(axis, rank)
        except NoAxisError as error:
            name = f"{self.emitter.name} (aten.{self.target})"
            raise UnreadableError(f"node {name}: {error}") from error

    def unsupported(self, why: str = "") -> list[Tensor]:
        """This call has no layer kind."""
        given: list[Tensor | None] = []
        for value in self.arguments.values():
            if isinstance(value, Tensor):
                given.append(value)
            elif isinstance(value, list):
                given += [t for t in value if isinstance(t, Tensor)]
        return self.emitter.unsupported(given, self.outputs, why or self.target)


Result = Tensor | list[Tensor]
Handler = Callable[[Call], Result]
