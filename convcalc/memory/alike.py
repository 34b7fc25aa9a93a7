"""What tensors have in common: one record for all that are alike, in columns for long nets."""

from convcalc.memory.columns import Wide
from convcalc.network.on_demand import OnDemand
from convcalc.records import NamedTuple


class Tensor(NamedTuple):
    """What tensors have in common: one record for all that are alike."""

    role: str
    each: int
    """Bytes for each image of the batch."""
    once: int
    """Bytes whatever the batch."""


class AlikeColumns(OnDemand[Tensor]):
    """Such records of a long net, of which nearly all may differ: each is made when asked for."""

    def __init__(self) -> None:
        self._roles: list[str] = []
        self._of = bytearray()
        """For every record the position of its role."""
        self._each, self._once = Wide(), Wide()

    def append(self, tensor: Tensor) -> None:
        """One more."""
        role, each, once = tensor
        if role not in self._roles:
            self._roles.append(role)
        self._of.append(self._roles.index(role))
        self._each.append(each)
        self._once.append(once)

    def __len__(self) -> int:
        return len(self._of)

    def _at(self, index: int) -> Tensor:
        role = self._roles[self._of[index]]
        return Tensor(role, self._each.numbers[index], self._once.numbers[index])
