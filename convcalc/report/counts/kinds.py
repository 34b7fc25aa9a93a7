"""What `explain counting SPEC` says: the kinds of a net, with what tools count an element."""

from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.counting.known import find
from convcalc.counting.letters import lettered
from convcalc.counting.record import Convention
from convcalc.counting.tally import Counter
from convcalc.network.record import INPUT

#: The tools of the table with a head that fits into 80 columns.
TOOLS = (
    ("fvcore", "fv"),
    ("thop", "thop"),
    ("ptflops", "ptfl"),
    ("torchinfo", "tinfo"),
    ("torch-flop-counter", "tfc"),
    ("calflops", "calf"),
    ("tensorflow-profiler", "tf"),
    ("onnx-tool", "onnx"),
)
_LONGEST = 6  #: letters of a cell; a longer formula is shown by its total


class Kind(NamedTuple):
    """All layers of one kind."""

    name: str
    layers: int
    size: int
    """Multiply-accumulates, or elements in where there are none; of biases, elements out."""
    cells: tuple[str, ...]


def kinds(analysis: Analysis) -> list[Kind]:
    """The kinds of a net in order, biases below all of them."""
    counter = Counter(analysis)
    conventions = [find(name) for name, _ in TOOLS]
    members: dict[str, list[int]] = {}
    for index, row in enumerate(analysis.rows):
        if row.step.kind != INPUT:
            members.setdefault(row.step.kind, []).append(index)
    found, biased = [], 0
    for kind, indices in members.items():
        macs = sum(analysis.rows[i].macs or 0 for i in indices)
        size = macs or sum(counter.numbers(i).inputs for i in indices)
        biased += sum(counter.numbers(i).bias for i in indices)
        cells = tuple(_cell(counter, convention, indices, macs) for convention in conventions)
        found.append(Kind(kind, len(indices), size, cells))
    if biased:
        cells = tuple(_bias(counter, convention) for convention in conventions)
        found.append(Kind("bias", 0, biased, cells))
    return found


def _cell(counter: Counter, convention: Convention, indices: list[int], macs: int) -> str:
    """What one element of a kind counts: ``1`` or ``2`` a multiply-accumulate, else letters."""
    table = convention.operations
    assert table is not None, "these tools count operations"
    column = counter.layers(table)
    numbers = [column[i] for i in indices]
    if None in numbers:
        return "?"
    total = sum(n or 0 for n in numbers)
    bias = sum(counter.numbers(i).bias for i in indices)
    if macs and total in {factor * macs + more for factor in (1, 2) for more in (0, bias)}:
        return str(total // macs)
    if not total:
        return "-"
    texts = {lettered(counter.rule(table, i)) for i in indices}
    text = texts.pop() if len(texts) == 1 else "mixed"
    return text if len(text) <= _LONGEST else f"{total:.1e}"


def _bias(counter: Counter, convention: Convention) -> str:
    return "o" if counter.count(convention).parts.get("bias") else "-"
