"""Volumes whose sizes a file works with: they are of the net, and of one size in all tools."""

from collections.abc import Iterable, Sequence

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.trace.tensors import Tensor, needed_by
from convcalc.interop.trace.window_shapes import dropped

#: Volumes that one size is worked out of; the anchors of a detector have a few.
_MOST = 256

_DROPPED = "a pool whose last window would begin in the padding: tools count it there, or do not"


class Measured:
    """What was worked out of the sizes of which volumes, and who reads it.

    A volume of which nothing but `Shape` is asked has no layer. So nobody would ask whether it can
    be made as the file says, and tools do not even make it: its sizes are inferred, by other rules
    than those of the kernels where a file is odd.
    """

    def __init__(self) -> None:
        self._reads: list[tuple[str, frozenset[Tensor], Sequence[Tensor]]] = []
        self._doubtful: dict[Tensor, str] = {}

    def of(self, inputs: Iterable[Tensor | None]) -> frozenset[Tensor]:
        """The volumes that the numbers of these tensors are worked out of.

        Raises:
            UnreadableError: they are too many.
        """
        found: frozenset[Tensor] = frozenset()
        for one in inputs:
            if one is not None and not one.measured <= found:
                found |= one.measured
            if len(found) > _MOST:
                text = f"a size is worked out of the sizes of more than {_MOST} volumes"
                raise UnreadableError(f"{text}: export with fixed sizes")
        return found

    def read(self, name: str, inputs: Iterable[Tensor | None], made: Sequence[Tensor]) -> None:
        """A node that is no constant reads these tensors, and makes those."""
        given = [one for one in inputs if one is not None]
        if measured := self.of(given):
            self._reads.append((name, measured, made))
        maker = made[0].maker if made else None
        why = next((self._doubtful[one] for one in given if one in self._doubtful), "")
        if maker is not None and dropped(maker):
            why = _DROPPED
        elif maker is not None:
            why = maker.attrs.get("two_sizes", why)
        if why:
            self._doubtful.update(dict.fromkeys(made, why))

    def shape(self, name: str, x: Tensor | None) -> None:
        """`Shape` is asked of a volume.

        Raises:
            UnreadableError: tools answer with several.
        """
        if x is not None and x in self._doubtful:
            text = f"node {name} takes the shape of {plain(x.name[:200])}, which lies behind"
            raise UnreadableError(f"{text} {self._doubtful[x]}: export with fixed sizes")

    def check(self, outputs: Iterable[Tensor]) -> None:
        """All that is measured for what the net needs is made by the net.

        Raises:
            UnreadableError: a volume has no other reader than `Shape`.
        """
        needed = needed_by(outputs)
        for name, measured, made in self._reads:
            if not any(one.maker is not None and id(one.maker) in needed for one in made):
                continue
            for one in sorted(measured, key=lambda one: one.name):
                if one.maker is not None and id(one.maker) not in needed:
                    text = f"node {name} is given a size that is taken of {plain(one.name[:200])}"
                    why = "which nothing else reads: fold the constants of the file first"
                    raise UnreadableError(f"{text}, {why}")
