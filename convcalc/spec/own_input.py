"""A sum in a block that reads `input`, where what arrives at the block was hardly not meant.

`input` is the whole net's in every scope. A residual block whose sum is `from: [input, t]` is one
where it is called first alone; where shapes agree by chance nothing else tells.
"""

from collections.abc import Iterator

from convcalc.findings import Severity, plain
from convcalc.network.record import INPUT, Step
from convcalc.network.remarks import Remarks
from convcalc.shapes import written
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

CODE = "CC132"
_CALLS = 2  #: of one block, at least: what goes around a whole net is written once


def candidates(steps: list[Step]) -> Iterator[int]:
    """The sums in block calls that read the net's input, which is the first step."""
    if not steps or steps[0].name != INPUT:
        return
    for index, step in enumerate(steps):
        if step.kind == "add" and step.units and 0 in step.inputs:
            yield index


def report(blocks: Node | None, steps: list[Step], found: list[int], remarks: Remarks) -> None:
    """Warn of each of `found` whose entry, in a block's body, says `input`.

    Only where its block is called again, no sum around its layers reads what arrives, and what
    arrives has the shape of the net's input: it could have been read in its place.
    """
    if any(finding.severity is Severity.ERROR for finding in remarks.findings):
        return
    entries = _entries(blocks)
    calls = _calls(steps, {steps[index].units for index in found})
    of_entry: dict[int, list[int]] = {}
    for index in found:
        of_entry.setdefault(id(steps[index].place.kind), []).append(index)
    for alike in of_entry.values():
        step = steps[alike[0]]
        entry = entries.get(getattr(step.place.kind, "start", -1))
        given = entry.get("from") if entry is not None else None
        words = given.items if isinstance(given, Sequence) else []
        names = [word.text for word in words if isinstance(word, Scalar)]
        if INPUT not in names or CODE in step.ignore or len(alike) < _CALLS:
            continue
        if not any(_could_read(steps, calls[steps[index].units]) for index in alike):
            continue
        others = ["start" if name == INPUT else plain(name) for name in names]
        help = (
            "what arrives at the block: `- {identity: , name: start}` as its first layer, and "
            f"`from: [{', '.join(others)}]`",
            f"`ignore: [{CODE}]` beside it, where the net's input is meant",
        )
        shape = written(steps[0].output or ())
        remarks.error(
            CODE,
            f"`input` is the net's input in every call of the block: what arrives there is {shape} "
            "too, and is not added",
            words[names.index(INPUT)],
            "the net's input",
            help,
            (),
            step.place.calls,
            None,
            Severity.WARNING,
        )


def _calls(steps: list[Step], wanted: set[tuple[str, ...]]) -> dict[tuple[str, ...], list[int]]:
    """The steps of each call that is wanted, those of calls in it too."""
    found: dict[tuple[str, ...], list[int]] = {}
    for index, step in enumerate(steps):
        for depth in range(1, len(step.units) + 1):
            units = step.units[:depth]
            if units in wanted:
                found.setdefault(units, []).append(index)
    return found


def _could_read(steps: list[Step], inside: list[int]) -> bool:
    """Whether what arrives at a call could stand for the net's input, and nothing there adds it."""
    first = steps[inside[0]]
    if len(first.inputs) != 1 or not 0 < first.inputs[0] < inside[0]:
        return False
    arriving = set(first.inputs)
    for i in inside:
        step = steps[i]
        if step.kind == "identity" and arriving.issuperset(step.inputs):
            arriving.add(i)
        elif len(step.inputs) > 1 and not arriving.isdisjoint(step.inputs):
            return False
    found = steps[first.inputs[0]].output
    return found is not None and found == steps[0].output


def _entries(blocks: Node | None) -> dict[int, Mapping]:
    """For the place of every key in the blocks' bodies, the mapping it is in; aliases once."""
    from convcalc.spec.edit import entry_of

    return entry_of(blocks)
