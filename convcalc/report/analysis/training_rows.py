"""The lines of `analyze` on how training is set up: precision, checkpointing, the loop, GPUs."""

from convcalc.analysis.record import Analysis
from convcalc.memory.account import Account
from convcalc.memory.least_batch import least_batch
from convcalc.memory.precisions import mode_of
from convcalc.quantity import counted
from convcalc.report.drawing.units import size

Row = tuple[str, str, str]


def inference_remark(analysis: Analysis, peak: int) -> list[str]:
    """That inference under autocast needs more than float32, and what needs less."""
    if not mode_of(analysis.settings).autocast:
        return []
    from convcalc.memory.fit import Simulation  # two more simulations, under autocast alone
    from convcalc.memory.precisions import with_precision

    batch = analysis.settings.batch
    full, half = (
        Simulation(analysis._replace(settings=with_precision(analysis.settings, name)), False).peak(
            batch
        )
        for name in ("fp32", "fp16")
    )
    if peak <= full:
        return [f"float32 needs {size(full)}, `--precision fp16` {size(half)}"]
    return [
        f"{peak / full:.2f} times float32's {size(full)}: autocast caches a cast of every weight",
        f"`--precision fp16` needs {size(half)}",
    ]


def training_rows(analysis: Analysis, account: Account) -> list[Row]:
    """What the settings add to a plain loop on one GPU."""
    settings, trace = analysis.settings, account.trace
    rows: list[Row] = []
    if trace.segments:
        again = sum(analysis.rows[step].macs or 0 for step in trace.recomputed)
        macs = analysis.totals.macs or 0
        share = f"+{100 * again / (3 * macs):.1f} %" if macs else "no MACs"
        count = len(trace.segments)
        segments = f"compute: {counted(count, 'segment')} run again in the backward pass"
        rows.append(("checkpointing", share, segments))
    if settings.accumulate > 1:
        each = f"micro-batches of {settings.micro_batch}, gradients added up"
        rows.append(("accumulation", f"{settings.accumulate}", each))
    least = least_batch(analysis)
    if settings.micro_batch < least.images:
        rows.append(("", "", least.because))
    if settings.gpus == 1:
        return rows
    from convcalc.memory.rank import per_rank  # for few runs

    ranks = per_rank(settings, account)
    if ranks is not None:
        how = f"{ranks.shard}: these are one GPU's bytes; batch {ranks.total_batch:,} in all"
        rows.append(("data parallel", f"{ranks.gpus} GPUs", how))
        if not ranks.peak.exact:
            held = size(ranks.gathered.bytes)
            rows.append(("", "", f"estimate: {held} of parameters gathered at a time"))
        rows.append(("", "", "without the communicator's own buffers"))
    return rows
