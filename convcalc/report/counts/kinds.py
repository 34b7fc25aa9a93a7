"""`explain counting SPEC`: a line a kind, with what tools count an element of it."""

from typing import Any, NamedTuple

from convcalc import __version__
from convcalc.analysis.record import Analysis
from convcalc.counting.known import find
from convcalc.counting.letters import MEANING, lettered
from convcalc.counting.record import Convention
from convcalc.counting.tally import Counter
from convcalc.network.record import INPUT
from convcalc.report.counts.view import head_lines
from convcalc.report.drawing.columns import Column, hung, lay_out
from convcalc.report.drawing.encode import encoded_page
from convcalc.report.drawing.palette import Palette

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
#: What goes first where space is short, after the sizes and the numbers of layers.
_RANKS = {"tfc": 7, "calf": 6, "tinfo": 5, "onnx": 4, "tf": 3, "ptfl": 2}
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


def kinds_text(analysis: Analysis, palette: Palette) -> str:
    """The table, its letters below."""
    network, macs = analysis.network, analysis.totals.macs or 0
    name = network.name or network.source.path
    columns = (
        Column("", least=10, rank=1),
        Column("", right=True, rank=8),
        Column("M or i", right=True, rank=9),
        *(Column(head, right=True, rank=_RANKS.get(head, 0)) for _, head in TOOLS),
    )
    rows = [
        (kind.name, f"{kind.layers:,}" if kind.layers else "", f"{kind.size:,}", *kind.cells)
        for kind in kinds(analysis)
    ]
    params = f"params {analysis.totals.params:,}"
    heads = ", ".join(f"{head}: {name}" for name, head in TOOLS if head != name)
    lines = head_lines(name, analysis, palette)
    lines += hung("", f"M = {macs:,} multiply-accumulates; {params}", palette.width)
    lines += ["", *lay_out(columns, rows, palette), ""]
    lines += hung("", f"1 or 2 a multiply-accumulate; {MEANING}", palette.width)
    lines += hung("", heads, palette.width)
    return "\n".join(lines) + "\n"


def kinds_json(analysis: Analysis) -> str:
    """The same, schema ``convcalc/counting/1``."""
    network = analysis.network
    found: dict[str, Any] = {
        "schema": "convcalc/counting/1",
        "convcalc": __version__,
        "name": network.name,
        "path": network.source.path,
        "macs": analysis.totals.macs,
        "params": analysis.totals.params,
        "kinds": [
            {
                "kind": kind.name,
                "layers": kind.layers or None,
                "size": kind.size,
                "counts": dict(zip((name for name, _ in TOOLS), kind.cells, strict=True)),
            }
            for kind in kinds(analysis)
        ],
    }
    return encoded_page(found) + "\n"
