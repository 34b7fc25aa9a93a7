"""What is asked before a run: which layers, which volumes to keep, and whether it fits."""

from typing import NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.network.record import INPUT
from convcalc.shapes import Shape, written
from convcalc.suggest import nearest
from convcalc.verify.plan import Plan, live_bytes, parameter_bytes
from convcalc.verify.room import available_bytes


class RefusedError(Exception):
    """A run that cannot be had as asked; one line that says why and what to do."""


def step_named(analysis: Analysis, name: str) -> int:
    """The position of a layer.

    Raises:
        RefusedError: no layer has that name.
    """
    names = [step.name for step in analysis.network.steps]
    if name in names:
        return names.index(name)
    close = nearest(name, names)
    hint = f"did you mean {close}?" if close else "`convcalc analyze SPEC --expand` names them"
    raise RefusedError(f"no layer {name!r}: {hint}")


def chosen(analysis: Analysis, part: str | None) -> tuple[int | None, int | None]:
    """First and last step of ``A..B``, ``A..``, ``..B`` or ``A``.

    Raises:
        RefusedError: a name is unknown, or B comes before A.
    """
    if part is None:
        return None, None
    first, dots, last = part.partition("..")
    begin = step_named(analysis, first) if first else None
    end = step_named(analysis, last) if last else begin if not dots else None
    if begin is not None and end is not None and end < begin:
        raise RefusedError(f"{last} comes before {first}: `--layers {last}..{first}`")
    return begin, end


def volumes_to_keep(analysis: Analysis, run: Plan, names: tuple[str, ...]) -> frozenset[int]:
    """The steps whose outputs are kept: those named, or the outputs of the net.

    Raises:
        RefusedError: a name is unknown or does not run.
    """
    if not names:
        ends = [i for i in analysis.network.outputs if i in run.steps]
        return frozenset(ends or run.steps[-1:])
    found = {step_named(analysis, name): name for name in names}
    for index, name in found.items():
        if index not in run.steps and index not in run.given:
            raise RefusedError(f"{name} is not among the layers that run")
    return frozenset(found)


class Shortage(NamedTuple):
    """A run that does not fit this machine's memory, in bytes."""

    needs: int
    parameters: int
    """The part of it that no smaller input saves."""
    free: int
    whole: bool = False
    """Whether it is of all layers on one image, and no less can be asked for."""
    layer: str = ""
    """The layer that works in more than all of its volumes are; '' where none does."""
    workspace: int = 0
    """What that layer works in: copies with their padding, and volumes between."""


def shortage(analysis: Analysis, run: Plan, exact: bool = False) -> Shortage | None:
    """What a run lacks, asked before anything is allocated; None where it fits.

    `exact` is of a run that keeps to plain sums of products.
    """
    live, free = live_bytes(analysis, run), available_bytes()
    needs = max(live.values(), default=0)
    if free is None:
        return None
    if needs > free:
        return Shortage(needs, parameter_bytes(analysis, run), free)
    from convcalc.verify.workspaces import workspaces  # which needs NumPy

    works = workspaces(analysis, run, exact)
    worst = max(run.steps, key=lambda i: live[i] + works[i], default=None)
    if worst is None or live[worst] + works[worst] <= free:
        return None
    found = Shortage(live[worst] + works[worst], parameter_bytes(analysis, run), free)
    return found._replace(layer=analysis.network.steps[worst].name, workspace=works[worst])


def same_input(analysis: Analysis, run: Plan, path: str, shape: Shape) -> int:
    """The input that pictures of this shape are for.

    Raises:
        RefusedError: the net wants another shape, or more than one input.
    """
    if len(run.given) != 1:
        raise RefusedError(f"--array is for one input, here there are {len(run.given)}")
    step = analysis.network.steps[run.given[0]]
    if step.output != shape:
        want = written(step.output or ())
        if step.output == (*shape[1:], shape[0]):
            order = ", ".join(map(str, (*range(1, len(shape)), 0)))
            raise RefusedError(
                f"{path} holds {written(shape)}, channels first as in PyTorch; {step.name} is "
                f"{want}: save `a.transpose({order})`"
            )
        hint = f"`--input {written(shape)}`" if step.kind == INPUT else f"{step.name}'s output"
        raise RefusedError(f"{path} holds {written(shape)}, {step.name} is {want}: see {hint}")
    return run.given[0]
