"""The memory lines of `analyze`: both peaks, where they are, what they are made of."""

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.memory.account import Account, Breakdown
from convcalc.memory.allocator import replay
from convcalc.memory.device import device_range
from convcalc.memory.moments import moment_words
from convcalc.memory.summary import Memory
from convcalc.report.analysis.training_rows import inference_remark, training_rows
from convcalc.report.drawing.overhead import overhead
from convcalc.report.drawing.units import size

Row = tuple[str, str, str]

_WORDS = {
    "parameters": "parameters",
    "gradients": "gradients",
    "optimizer_state": "optimizer state",
    "saved_activations": "saved for backward",
    "transient": "transient",
    "input": "input",
    "buffers": "buffers",
    "ema": "moving average",
}


def memory_rows(analysis: Analysis, memory: Memory, room: int) -> list[Row]:
    """Rows of the totals: a name, a number, a remark of about `room` columns.

    Rows without a name go on with the remark.
    """
    settings, notes = analysis.settings, memory.notes
    rows = _peak("inference", analysis, memory.inference, notes.inference, room)
    rows += [("", "", line) for line in inference_remark(analysis, memory.inference.peak)]
    rows += _untold(analysis)
    rows += _in_modules(memory)
    if memory.training is None:
        rows.append(("training", "none", f"{settings.dtype} is for inference"))
    else:
        rows += _peak("training", analysis, memory.training, notes.training, room)
        rows += _misc(analysis, memory)
        rows += training_rows(analysis, memory.training)
    if settings.dtype in INFERENCE_ONLY:
        return [*rows, *_on_chip(analysis)]
    return [*rows, *_on_device(memory.training or memory.inference)]


def _peak(name: str, analysis: Analysis, account: Account, rule: int, room: int) -> list[Row]:
    where = "at its peak"
    if name == "training":
        optimizer = analysis.settings.optimizer
        where = f"{'without optimizer' if optimizer == 'none' else f'with {optimizer}'}, {where}"
    moment = moment_words(analysis, account.at)
    lines = [f"{where} {moment}"] if len(where) + len(moment) < room else [where, moment]
    hundredths = (200 * rule + account.peak) // (2 * account.peak)
    ratio = f"{hundredths // 100}.{hundredths % 100:02}"
    return [
        (name, size(account.peak), lines[0]),
        *(("", "", line) for line in (*lines[1:], *_made_of(account.breakdown(), room))),
        ("", "", f"CS231n's rule of thumb says {size(rule)}, {ratio} times that"),
    ]


def _untold(analysis: Analysis) -> list[Row]:
    """That a file cannot say which layers overwrite their input, where some are taken to do so."""
    if analysis.network.tells_overwriting:
        return []
    names = [
        row.step.name
        for row in analysis.rows
        if row.in_place and row.step.layer is not None and row.step.layer.in_place_by_default
    ]
    if not names:
        return []
    listed = names[0] + (f" and {len(names) - 1:,} more" if len(names) > 1 else "")
    return [
        ("", "", f"an estimate, overwritten by {listed}:"),
        ("", "", "ONNX does not say what overwrites its input, a .pt2 does"),
    ]


def _in_modules(memory: Memory) -> list[Row]:
    """What code whose blocks are modules needs, where that is seen to be more."""
    peak = size(memory.peak_in_modules or 0)
    if not memory.peak_in_modules or peak == size(memory.inference.peak):
        return []
    return [("", "", f"{peak} where modules hold their blocks' inputs")]


def _misc(analysis: Analysis, memory: Memory) -> list[Row]:
    """What the rule of thumb counts as misc, where more than the batch is asked for."""
    augmented, waiting = analysis.settings.augmented, analysis.settings.prefetch
    if memory.notes.misc == memory.notes.input:
        return []
    batches = f"{1 + waiting} batches" if waiting else "the batch"
    each = " each" if waiting else ""
    versions = f", {augmented} augmented version{'s'[augmented == 1 :]}{each}" if augmented else ""
    return [("", "", f"with {size(memory.notes.misc)} of misc: {batches}{versions}")]


def _made_of(breakdown: Breakdown, room: int) -> list[str]:
    """What a peak is made of, the largest first."""
    parts = sorted(
        ((number, _WORDS[field]) for field, number in breakdown._asdict().items() if number),
        reverse=True,
    )
    lines = [""]
    for number, word in parts:
        part = f"{'+' if lines[0] else '='} {size(number)} {word}"
        if lines[-1] and len(lines[-1]) + 1 + len(part) > room:
            lines.append(part)
        else:
            lines[-1] = f"{lines[-1]} {part}".lstrip()
    return lines


def _on_chip(analysis: Analysis) -> list[Row]:
    """What a device without CUDA holds: one block of SRAM for all volumes, weights in flash."""
    from convcalc.memory.arena import PlanError, plan  # of whole numbers only
    from convcalc.memory.edge import quantized
    from convcalc.memory.folding import flash_words, weight_bytes

    try:
        block = size(plan(quantized(analysis)).size), "of SRAM for all volumes, planned"
    except PlanError as error:
        block = "", str(error)
    return [
        ("in one block", *block),
        ("", "", f"weights {size(weight_bytes(analysis))}{flash_words(analysis)}"),
    ]


def _on_device(account: Account) -> list[Row]:
    needs = device_range(replay(account.trace, account.batch))
    low, high = size(needs.low), size(needs.high)
    beside = f"with {overhead(needs.context)}"
    rows = [beside] if high == low else [f"to {high}", beside]
    rows.append("without cuDNN's workspace, unknown in advance")
    first, *more = rows
    return [("on a GPU", low, first), *(("", "", row) for row in more)]
