"""Sizes that calls of a program read from volumes and compute with, as whole numbers."""

from collections.abc import Callable, Mapping
from operator import add, floordiv, mod, mul, neg, sub
from typing import Any

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.given import Given
from convcalc.interop.read.pt2.fields import integer_of
from convcalc.interop.read.pt2.held import hold_size
from convcalc.interop.read.pt2.node import Other
from convcalc.interop.read.pt2.recorded import Recorded
from convcalc.interop.trace.tensors import Tensor
from convcalc.shapes import LARGEST_SIZE

#: arithmetic of sizes, by what the file calls it
_WHOLE: dict[str, Callable[..., int]] = {
    "_operator.add": add,
    "_operator.sub": sub,
    "_operator.mul": mul,
    "_operator.floordiv": floordiv,
    "_operator.mod": mod,
    "_operator.neg": neg,
    "torch.sym_max": max,
    "torch.sym_min": min,
}
#: other calls that make no tensor: they read sizes, compute with them, or assert something
_READS = frozenset(
    """
        sym_size sym_numel sym_stride sym_storage_offset size numel
        item _local_scalar_dense is_nonzero
        _assert_async _assert_tensor_metadata _assert_scalar
        sym_constrain_range sym_constrain_range_for_size
    """.split()  # noqa: SIM905
)
#: those that count all numbers of a volume, its images' too
_COUNT_ALL = frozenset({"sym_numel", "numel"})
#: calls whose list of sizes begins with that of the batch axis
_SHAPES_LISTED = frozenset(
    "view reshape _unsafe_view expand new_zeros new_ones new_full zeros ones full".split()  # noqa: SIM905
)
_COMPUTE = ("_operator.", "torch.sym_", "math.", "torch._sym_")


class OfBatch(int):
    """A size that is another for another batch."""


class Multiple(OfBatch):
    """A size that is a multiple of the batch."""


class WorkedSizes:
    """The sizes of a program by their names."""

    open_batch = False
    """Whether the program leaves the first axis of an input open."""

    def __init__(
        self, stated: Mapping[str, Any], recorded: Recorded, taken: dict[str, None]
    ) -> None:
        self.stated = stated
        self.recorded = recorded
        self.known: dict[str, int] = {}
        #: names of those that are not worked out and follow the batch
        self.of_batch: set[str] = set()
        #: names of those that are read as the file states them
        self.taken = taken

    def made(self, target: str, arguments: Given, outputs: Any) -> bool:
        """A call without a tensor as its output: whether it only reads or computes sizes.

        Args:
            target: the operator.
            arguments: its arguments.
            outputs: as the file has them.
        """
        if target not in _READS and not target.startswith(_COMPUTE):
            return False
        name = _name_of(outputs[0]) if outputs else None
        values = list(arguments.values())
        if not isinstance(name, str):
            return True
        x, at = arguments.get("self"), arguments.get("dim", 0)
        follows = OfBatch if any(map(self._follows, values)) else None
        found = None
        if self.open_batch and isinstance(x, Tensor) and x.of_batch:
            follows = OfBatch
        elif self.open_batch and isinstance(x, Tensor) and not x.constant:
            first = target == "sym_size" and x.shape and at in {0, -len(x.shape)}
            if target in _COUNT_ALL or not x.batch_first:
                follows = OfBatch
            elif first:
                follows = Multiple
        if target == "sym_size":
            if isinstance(x, Tensor) and x.shape is not None and type(at) is int:
                found = x.shape[at]
        elif target in _WHOLE and values and all(isinstance(value, int) for value in values):
            found = _WHOLE[target](*values)
            if self._is_multiple(target, values):
                follows = Multiple
        if found is not None and abs(found) <= LARGEST_SIZE:
            if not self.recorded.resized:
                hold_size(name, self.stated.get(name), found)
            self.known[name] = follows(found) if follows else found
        elif follows:
            self.of_batch.add(name)
        return True

    def _follows(self, value: Any) -> bool:
        """Whether a number or a condition is another for another batch."""
        named = value.value if isinstance(value, Other) else None
        name = named.get("as_name") if isinstance(named, dict) else None
        return isinstance(value, OfBatch) or name in self.of_batch

    def _is_multiple(self, target: str, values: list[int]) -> bool:
        """Whether a multiple of the batch is multiplied, or divided without a remainder."""
        first, *rest = values
        by = [value for value in values if not isinstance(value, OfBatch)]
        if len(values) != 2 or len(by) != 1:
            return False
        if target == "_operator.mul":
            return any(isinstance(value, Multiple) for value in values)
        whole = rest[0] > 0 and not first % (rest[0] * max(self.recorded.images, 1))
        return target == "_operator.floordiv" and isinstance(first, Multiple) and whole

    def fixed(self, target: str, arguments: Given, reader: str) -> bool:
        """Let the sizes of a call that makes a volume be plain numbers.

        Returns:
            Whether the first of a list is a multiple of the batch.

        Raises:
            UnreadableError: one that is no size of the batch axis follows the batch.
        """
        found = False
        for name, value in dict(arguments).items():
            listed = value if isinstance(value, list) else [value]
            places = [i for i, size in enumerate(listed) if isinstance(size, OfBatch)]
            if not places:
                continue
            first = value is listed and target in _SHAPES_LISTED and places == [0]
            if not first or not isinstance(listed[0], Multiple):
                text = f"{reader} (aten.{target}): a size of it follows the batch, which the file"
                raise UnreadableError(f"{text} leaves open: export with the batch fixed")
            arguments[name], found = [int(listed[0]), *listed[1:]], True
        return found

    def of(self, value: Any, reader: str) -> int:
        """An integer argument: a number, one worked out before, or what it was at the example.

        Args:
            value: as the file has it.
            reader: the call that reads it, for messages.

        Raises:
            UnreadableError: it is none of these.
        """
        found = value.get("as_int")
        if found is None:
            name = value["as_name"]
            found = self.known.get(name)
            if found is None and not self.recorded.resized:
                stated = self.stated.get(name) or {}
                found = integer_of(stated) if stated else None
                self.taken[plain(str(name)[:80])] = None
                if name in self.of_batch and found is not None:
                    found = OfBatch(found)
        if not isinstance(found, int) or isinstance(found, bool):
            text = f"{reader} reads a size that cannot be worked out"
            raise UnreadableError(f"{text}: export with fixed sizes")
        return found


def _name_of(output: Any) -> str | None:
    """The name of a number or a condition that a call makes."""
    for sort in ("as_sym_int", "as_sym_float", "as_sym_bool"):
        name = (output.get(sort) or {}).get("as_name")
        if name is not None:
            return name if isinstance(name, str) else None
    return None
