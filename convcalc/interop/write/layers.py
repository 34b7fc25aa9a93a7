"""What the writers of code have in common: every layer's line, and what the code begins with."""

import textwrap
from collections.abc import Callable, Iterable

from convcalc.analysis.record import Analysis, Row
from convcalc.interop.names import listed
from convcalc.interop.write.runs import Line
from convcalc.interop.write.words import CannotWriteError, docstring
from convcalc.network.record import INPUT, Network

WIDTH = 100


def lines_of(
    rows: Iterable[Row],
    line_of: Callable[[Row], Line | None],
    why: Callable[[Row], str],
) -> dict[int, Line]:
    """Every layer's code.

    Args:
        rows: the net's layers.
        line_of: the code of one layer; None where there is none.
        why: why a layer has none.

    Raises:
        CannotWriteError: some kinds have none; all are named.
    """
    found: dict[int, Line] = {}
    known: dict[Line, Line] = {}  # those of a long net are alike: each is kept once
    missing: dict[str, str] = {}
    for index, row in enumerate(rows):
        if row.step.kind == INPUT:
            continue
        line = line_of(row)
        if line is None:
            missing.setdefault(row.step.kind, f"{row.step.name}: {why(row)}")
        else:
            found[index] = known.setdefault(line, line)
    if missing:
        raise CannotWriteError("; ".join(missing.values()))
    return found


def asked_to_overwrite(network: Network) -> list[str]:
    """The layers that a spec says overwrite their input."""
    layers = [(step.name, step.layer) for step in network.steps]
    return [name for name, layer in layers if layer is not None and layer.works_in_place()]


def left_out(network: Network, overwriting: list[str]) -> str:
    """What of a spec the code has not although it changes what a training step takes.

    Args:
        network: the net.
        overwriting: the layers that would overwrite their input, and do not.
    """
    checkpoints = [step.name for step in network.steps if step.checkpoint]
    asked = set(asked_to_overwrite(network))
    said = [name for name in overwriting if name in asked]
    counted = [name for name in overwriting if name not in asked]
    found = [
        f"{key} of {listed(names)}"
        for key, names in (("checkpoint", checkpoints), ("in_place", said))
        if names
    ]
    lost = [f"left out: {', '.join(found)}"] if found else []
    if counted:
        lost.append(f"counted in place, but not so in the code: {listed(counted)}")
    return "; ".join(lost)


def introduction(analysis: Analysis, title: str, lost: str) -> list[str]:
    """The docstring that the code of a net begins with: source, totals, and what it has not."""
    network, totals = analysis.network, analysis.totals
    said = [f"{docstring(network.origin)}."] if network.origin else []
    said.append(f"{totals.params:,} parameters, {totals.macs:,} MACs an image.")
    said += [f"{lost[0].upper()}{docstring(lost)[1:]}."] if lost else []
    rows = [row for text in said for row in textwrap.wrap(text, WIDTH)]
    return [f'"""{title}.', "", *rows, '"""', ""]
