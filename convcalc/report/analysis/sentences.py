"""The few sentences a person would say about a net's numbers."""

from collections.abc import Iterable, Sequence

from convcalc.analysis.record import Analysis, ReceptiveField
from convcalc.network.record import INPUT, Step
from convcalc.report.drawing.units import percent
from convcalc.shapes import Shape, elements, written

_MUCH = 4  #: a layer or a stage with one part in so many is worth a sentence
_MOST = 4  #: sentences


def sentences(analysis: Analysis) -> list[str]:
    """What is notable: where the activations are, the parameters, the work, who sees all."""
    totals = analysis.totals
    if totals.activations is None or totals.params is None or totals.macs is None:
        return []
    steps, new = analysis.network.steps, bytearray()
    held, params, macs = list[int](), list[int](), list[int]()
    for row in analysis.rows:  # those of a long net are made each time they are gone through
        new.append(row.new_volume)
        held.append((row.activations or 0) if row.new_volume else 0)
        params.append(row.params or 0)
        macs.append(row.macs or 0)
    learned = _held("parameters", steps, params, totals.params)
    work = _held("MACs", steps, macs, totals.macs)
    if not work and totals.macs:
        work = _front(steps, macs, totals.macs)
    if learned and work == learned.replace("parameters", "MACs", 1):
        learned, work = learned.replace("parameters", "parameters and MACs", 1), ""
    found = [
        _early(steps, new, held, totals.activations)
        or _held("activations", steps, held, totals.activations),
        learned,
        work,
        _seen(steps, analysis.receptive_fields),
    ]
    return [sentence for sentence in found if sentence][:_MOST]


def _early(steps: Sequence[Step], new: bytearray, numbers: list[int], total: int) -> str:
    """Half of the activations in the first layers. `new`: whether each makes a new volume."""
    layers = sum(is_new and step.kind != INPUT for step, is_new in zip(steps, new, strict=True))
    so_far = position = 0
    first = ""
    for step, is_new, number in zip(steps, new, numbers, strict=True):
        if not is_new or step.kind == INPUT:
            continue
        so_far += number
        position += 1
        first = first or step.name
        if 3 * position > layers:
            break
        if 2 * so_far >= total:
            where = first if position == 1 else f"{first}..{step.name}"
            return _sentence(so_far, total, "activations", where)
    return ""


def _front(steps: Sequence[Step], macs: list[int], total: int) -> str:
    """Half of the MACs in less than half of the layers that have any, counted from the input.

    Computing time is early too, though no single layer has much of it (VGG: CS231n notes,
    VGGNet in detail).
    """
    working = len(macs) - macs.count(0)
    so_far = number = 0
    first = ""
    for step, own in zip(steps, macs, strict=True):
        if not own:
            continue
        so_far += own
        number += 1
        first = first or step.name
        if 2 * number >= working:
            break
        if 2 * so_far >= total:
            return _sentence(so_far, total, "MACs", f"{first}..{step.name}")
    return ""


def _held(what: str, steps: Sequence[Step], numbers: list[int], total: int) -> str:
    """The layer that holds much of something, or the stage, where it takes many layers."""
    if not total:
        return ""
    most = max(numbers, default=0)
    if _MUCH * most >= total:
        return _sentence(most, total, what, steps[numbers.index(most)].name)
    stages: dict[str, int] = {}
    for step, number in zip(steps, numbers, strict=True):
        stage, inside, _ = step.name.partition(".")
        if inside and number:
            stages[stage] = stages.get(stage, 0) + number
    stage = max(stages, key=stages.__getitem__, default="")
    if not stage or _MUCH * stages[stage] < total:
        return ""
    whole = sum(n for step, n in zip(steps, numbers, strict=True) if step.kind != INPUT)
    if stages[stage] == whole:
        return ""
    return _sentence(stages[stage], total, what, stage)


def _sentence(part: int, total: int, what: str, where: str) -> str:
    share = "all" if part == total else percent(part, total)
    if share == "100 %":  # rounded: others have some too
        share = "over 99 %"
    return f"{share} of the {what} are in {where}"


def _seen(steps: Sequence[Step], fields: Iterable[tuple[ReceptiveField, ...]]) -> str:
    """The first layer whose outputs see as many positions as the input has.

    A gate, which makes one position of all and goes back to many, is not meant.
    """
    inputs = [step.output for step in steps if step.kind == INPUT]
    sides = inputs[0][:-1] if len(inputs) == 1 and inputs[0] else ()
    if elements(sides) == 1:
        return ""
    alone = ""  # the first that sees it all, of those after the last with many positions
    for step, field in zip(steps, fields, strict=True):
        many = elements((step.output or ())[:-1]) > 1
        if many:
            alone = ""
        if (
            field
            and step.kind != INPUT
            and all(axis.size >= side for axis, side in zip(field, sides, strict=False))
        ):
            if many:
                return _reaches(sides, step.name)
            alone = alone or step.name
    return _reaches(sides, alone) if alone else ""


def _reaches(sides: Shape, name: str) -> str:
    size = str(sides[0]) if len(set(sides)) == 1 else written(sides)
    return f"the receptive field reaches the input's {size} positions at {name}"
