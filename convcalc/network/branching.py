"""Where branches split, and what each has of its own: so many layers are looked at in all."""

from collections import Counter
from collections.abc import Sequence

from convcalc.network.record import Branch, Step, ancestors
from convcalc.shapes import written

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

    def passed_over(self, step: Step, branches: Sequence[Branch]) -> tuple[str, ...]:
        """The layer behind a branch that a merge was meant to read: nothing does, and it fits."""
        if step.place.calls or self.exhausted:
            return ()  # the names in a block are its own
        self.searched += len(self.steps)
        found = unread_behind(self.steps, step, [branch.end for branch in branches])
        if found is None:
            return ()
        place, at = found
        names = [branch.name for branch in branches]
        names[place] = self.steps[at].name
        shape = written(self.steps[at].output or ())
        told = f"{names[place]} makes {shape}, and nothing reads it"
        return (f"`from: [{', '.join(names)}]`: {told}",)


def unread_behind(
    steps: Sequence[Step], merge: Step, ends: Sequence[int]
) -> tuple[int, int] | None:
    """Which input of a merge a layer behind it should take the place of, and that layer.

    It is at the end of a chain from that input, nothing reads it, and it alone has the size that
    the other inputs agree on: an `upsample` on the next line, which the merge passes over.
    """
    axes = slice(-1) if merge.kind == "concat" else slice(None)
    sizes = [(steps[end].output or ())[axes] for end in ends]
    ends_with = Counter(sizes)
    if len(ends_with) != 2:  # one input alone is to differ from all others
        return None
    read = {*ends, *(index for step in steps for index in step.inputs)}
    found: list[tuple[int, int]] = []
    for place, end in enumerate(ends):
        if ends_with[sizes[place]] > 1:
            continue
        wanted = ends_with.keys() - {sizes[place]}
        chain = {end}
        for index in range(end + 1, len(steps)):
            step = steps[index]
            if step is merge:
                break
            if len(step.inputs) == 1 and step.inputs[0] in chain:
                chain.add(index)
                if index not in read and (step.output or ())[axes] in wanted:
                    found.append((place, index))
    return found[0] if len(found) == 1 else None
