"""Where branches split, and what each has of its own: so many layers are looked at in all."""

from collections.abc import Sequence

from convcalc.network.record import Step, ancestors

_MOST_SEARCHED = 500_000  #: layers of all that is asked of a net; some 0.2 s


class Branching:
    """Answers while there is room: a hostile net merges thousands of branches, thousands deep."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps
        self.searched = 0
        self._last: tuple[tuple[int, ...], int | None] = ((), None)

    @property
    def exhausted(self) -> bool:
        """Whether no more is looked for."""
        return self.searched >= _MOST_SEARCHED

    def fork(self, ends: Sequence[int]) -> int | None:
        """The last step that all branches come from; None for none, or where that takes long."""
        distinct = tuple(dict.fromkeys(ends))
        if self._last[0] != distinct:
            self._last = distinct, self._fork(distinct)
        return self._last[1]

    def _fork(self, ends: Sequence[int]) -> int | None:
        common: set[int] | None = None
        for end in ends:
            if self.exhausted:
                return None
            past = ancestors(self.steps, end)
            self.searched += len(past)
            common = past if common is None else common & past
        return max(common, default=None) if common else None

    def own(self, ends: Sequence[int], fork: int) -> list[set[int]]:
        """What each branch has after a fork; of fewer branches where there is no more room."""
        shared = ancestors(self.steps, fork)
        self.searched += len(shared)
        found = []
        for end in ends:
            if self.exhausted:
                break
            own: set[int] = set()
            waiting = [end]
            while waiting:
                at = waiting.pop()
                if at not in own and at not in shared:
                    own.add(at)
                    waiting.extend(self.steps[at].inputs)
            self.searched += 1 + len(own)
            found.append(own)
        return found
