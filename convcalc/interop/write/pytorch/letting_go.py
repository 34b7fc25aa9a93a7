"""What a `forward` lets go of: names whose volumes nothing reads any more.

A name holds its volume until it is bound again or the function returns, and so would take memory
that the net does not need. `del` is written where that makes a difference: where something is made
before then, and where the caller does not hold the same storage anyway.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Collection, Sequence
from itertools import accumulate
from sys import intern

#: A line of `forward`: the step that it gives, the steps that it reads, its text.
Line = tuple[int, tuple[int, ...], str]

_TARGET = re.compile(r"\w+")  #: what a line binds is its first word


def letting_go(
    body: Sequence[Line],
    storages: Sequence[int],
    made: Sequence[bool],
    given: Collection[int],
    returned: Collection[int],
) -> list[Line]:
    """The body, with a line of `del` behind the last reader of what would be held for nothing.

    Args:
        body: the lines.
        storages: for each step of the net the step in whose storage its output is.
        made: for each line whether it makes storage, and at the end whether `return` does.
        given: the steps that the function is given: its caller holds them.
        returned: the steps that it returns.
    """
    names = [intern(_target(text)) for _, _, text in body]  # few, each of very many lines
    binds: dict[str, array[int]] = {}
    for at, name in enumerate(names):
        binds.setdefault(name, array("q")).append(at)
    until = {}
    for at, (index, reads, _) in enumerate(body):
        until.update(dict.fromkeys((storages[step] for step in (index, *reads)), at))
    until.update(dict.fromkeys((storages[step] for step in (*given, *returned)), len(body)))
    so_far = array("q", accumulate(made, initial=0))
    bound: dict[str, int] = {}
    holding: dict[int, list[str]] = {}
    found: list[Line] = []
    for at, line in enumerate(body):
        index, reads, text = line
        bound[names[at]] = own = storages[index]
        holding.setdefault(own, []).append(names[at])
        dead = []
        for storage in dict.fromkeys(storages[step] for step in (*reads, index)):
            if until[storage] > at:
                continue
            for name in dict.fromkeys(holding.pop(storage, ())):
                times = binds[name]
                again = bisect_right(times, at)
                # the line that binds it again runs while it still holds what it held
                end = times[again] if again < len(times) else len(body)
                if bound[name] == storage and so_far[end + 1] > so_far[at + 1]:
                    dead.append(name)
        found.append((index, reads, f"{text}\ndel {', '.join(dead)}") if dead else line)
    return found


def _target(text: str) -> str:
    found = _TARGET.match(text)
    assert found is not None, "a line binds a name"
    return found[0]
