"""Two versions of a text: which lines are the same, and the old one at the lines of the new one."""

from convcalc.network.aligned import equal_ends


def same_lines(old: list[str], new: list[str]) -> dict[int, int]:
    """Where the lines of a text are in a later version, by their numbers from 1.

    What is alike at both ends and what is between: an edit is in one place of a text.
    """
    head, tail = equal_ends(old, new)
    found = {number: number for number in range(1, head + 1)}
    moved = len(new) - len(old)
    found.update((number, number + moved) for number in range(len(old) - tail + 1, len(old) + 1))
    return found


def moved(old: list[str], new: list[str]) -> str | None:
    """The old version with empty lines where the new one has more, so that same lines meet.

    None where the new one has fewer.
    """
    more = len(new) - len(old)
    if more < 0:
        return None
    _, tail = equal_ends(old, new)
    cut = len(old) - tail
    return "\n".join([*old[:cut], *[""] * more, *old[cut:]])
