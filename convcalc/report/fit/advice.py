"""What `fit --advise` says: which layers to checkpoint, as a list of memory against compute."""

from typing import Any

from convcalc.analysis.record import Analysis
from convcalc.memory.advisor import BY_RULE, SEGMENTS
from convcalc.memory.device import Verdict, verdict
from convcalc.memory.fit import Fit
from convcalc.memory.plans import Advice, Checkpoints
from convcalc.memory.precisions import mode_of
from convcalc.memory.remedies import MOST_TRIED, work_of
from convcalc.report.drawing.columns import Column, lay_out, wrapped
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import size

_COLUMNS = (
    Column("peak", right=True),
    Column("at most on the GPU", right=True),
    Column("extra compute", right=True),
    Column("segments", right=True),
    Column("", least=4),
)


def advice_text(
    analysis: Analysis, advice: Advice, palette: Palette, training: Fit | None = None
) -> str:
    """The list, what to choose, and what else would do; `training` is what fits without advice."""
    rows = [_row(analysis, advice, plan) for plan in (advice.plain, *advice.plans)]
    lines = ["", f"training with batch {advice.batch}, checkpointed:", ""]
    choice = _choice(analysis, advice, training)
    choice = wrapped(choice, palette, 0) if len(choice) == 1 else choice  # else one is to be copied
    lines += [*lay_out(_COLUMNS, rows, palette), "", *choice]
    if advice.others:
        lines += ["", "instead of it, or with it:", *_others(analysis, advice)]
    notes = ["every line was simulated; extra compute counts multiply-accumulates run again"]
    if advice.cuts < advice.positions:
        notes.append(
            f"segments were tried to begin and end at {advice.cuts} of {advice.positions} "
            "positions: there may be better ones"
        )
    if advice.chosen is None and not rules_tried(analysis):
        notes.append(f"plans by rule are tried of nets of {MOST_TRIED:,} connections at most")
    if advice.untried:
        notes.append(
            "not tried to the end, for each is all of the work of a long net again: "
            f"{', '.join(advice.untried)}"
        )
    if advice.chosen is None:
        notes.append("nested segments, run again more than once, may need less: not searched")
    lines += ["", *wrapped(notes, palette, 0)]
    return "\n".join(lines) + "\n"


def advice_object(analysis: Analysis, advice: Advice) -> dict[str, Any]:
    """The advice in JSON."""
    return {
        "batch": advice.batch,
        "plain": _plan(analysis, advice.plain),
        "plans": [_plan(analysis, plan) for plan in advice.plans],
        "chosen": None if advice.chosen is None else _plan(analysis, advice.chosen),
        "others": [_plan(analysis, plan) for plan in advice.others],
        "cuts": advice.cuts,
        "positions": advice.positions,
        "rules_tried": rules_tried(analysis) and BY_RULE not in advice.untried,
        "untried": list(advice.untried),
    }


def rules_tried(analysis: Analysis) -> bool:
    """Whether plans by rule are tried of a net, too: of one that is not too long."""
    return work_of(analysis) <= MOST_TRIED


def segments_text(analysis: Analysis, plan: Checkpoints) -> str:
    """The segments as `--checkpoint` takes them."""
    names = [row.step.name for row in analysis.rows]
    return ",".join(f"{names[first]}..{names[last]}" for first, last in plan.segments)


def _row(analysis: Analysis, advice: Advice, plan: Checkpoints) -> tuple[str, ...]:
    share = f"+{100 * plan.extra_compute(analysis.totals.macs or 0):.1f} %"
    found = verdict(plan.needs, advice.memory)
    return (
        size(plan.peak),
        size(plan.needs.high),
        share if plan.segments else "none",
        str(len(plan.segments)),
        "" if found is Verdict.DOES_NOT_FIT else found.value,
    )


def _choice(analysis: Analysis, advice: Advice, training: Fit | None) -> list[str]:
    chosen = advice.chosen
    if chosen is None:
        tried = " that were tried" if {SEGMENTS, BY_RULE} & set(advice.untried) else ""
        lines = [f"no segments{tried} make batch {advice.batch} surely fit {size(advice.memory)}"]
        possible = [plan for plan in advice.plans if plan.needs.low <= advice.memory]
        if possible:
            lines += [
                f"it may fit with {size(possible[-1].peak)}:",
                f"  --checkpoint {segments_text(analysis, possible[-1])}",
            ]
        return lines
    if not chosen.segments:
        line = f"batch {advice.batch} fits as it is"
        most = 0 if training is None else training.batch_sure
        if most <= advice.batch:
            return [line]
        more = f"`--batch {most + 1}` or more asks how a larger one would"
        return [f"{line}, and so does every one up to {most:,}: {more}"]
    share = 100 * chosen.extra_compute(analysis.totals.macs or 0)
    return [
        f"{size(chosen.peak)} with {share:.1f} % more compute:",
        f"  --checkpoint {segments_text(analysis, chosen)}",
    ]


def _others(analysis: Analysis, advice: Advice) -> list[str]:
    lines = []
    for plan in advice.others:
        settings = plan.settings
        what = f"--precision {settings.precision}"
        if settings.accumulate != analysis.settings.accumulate:
            what = f"--accumulate {settings.accumulate}"
        fits = verdict(plan.needs, advice.memory).value
        if plan.segments:
            share = 100 * plan.extra_compute(analysis.totals.macs or 0)
            count = len(plan.segments)
            what += f" and {count} segment{'s' if count > 1 else ''}"
            fits = f"+{share:.1f} % compute, {fits}"
        lines.append(f"  {what}: {size(plan.peak)}, {fits}")
    return lines


def _plan(analysis: Analysis, plan: Checkpoints) -> dict[str, Any]:
    names = [row.step.name for row in analysis.rows]
    return {
        "peak": plan.peak,
        "low": plan.needs.low,
        "high": plan.needs.high,
        "recomputed_macs": plan.recomputed_macs,
        "extra_compute": round(plan.extra_compute(analysis.totals.macs or 0), 4),
        "segments": [[names[first], names[last]] for first, last in plan.segments],
        "precision": mode_of(plan.settings).name or plan.settings.dtype,
        "accumulate": plan.settings.accumulate,
    }
