"""Text of `fit`: the largest batches, what the words mean, and what would help."""

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import INFERENCE_ONLY
from convcalc.memory.arena import Arena
from convcalc.memory.devices import Device
from convcalc.memory.fit import Fit
from convcalc.memory.moments import moment_words
from convcalc.memory.placement import Placement, name_of
from convcalc.memory.precisions import numbers
from convcalc.memory.remedies import MOST_TRIED, tried, work_of
from convcalc.network.record import INPUT
from convcalc.report.drawing.columns import Column, hung, lay_out, titled, wrapped
from convcalc.report.drawing.overhead import overhead
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.drawing.units import percent, size
from convcalc.report.fit.view import FitView
from convcalc.shapes import written

_COLUMNS = (
    Column("largest batch"),
    Column("sure", right=True),
    Column("possible", right=True),
    Column("logical", right=True),
)


def render(view: FitView, palette: Palette = PLAIN) -> str:
    """The whole answer."""
    analysis, placement, advice = view
    runs = {"training": placement.training, "inference": placement.inference}
    rows = [(run, *_batches(found)) for run, found in runs.items()]
    if placement.in_modules is not None:
        rows.append(("  in modules", *_batches(placement.in_modules)))
    table = lay_out(_COLUMNS, rows, palette)
    head = [*_head(analysis, placement, palette), "", *table, ""]
    lines = _meaning(placement)
    settings = analysis.settings
    if settings.gpus > 1 and placement.training is not None:
        most = placement.training.batch_sure
        total = f"{most * settings.gpus:,} on all {settings.gpus:,}"
        lines.append(f"training batches are for each GPU: surely {most:,}, {total}")
    if settings.shard in {"zero2", "zero3"}:
        lines.append(f"{settings.shard}: what is gathered for a moment is estimated")
    if placement.training is None and settings.dtype in INFERENCE_ONLY:
        lines.append(f"training: none, {settings.dtype} is for inference")
    lines += view.notes
    if placement.arena is not None:
        lines += _on_chip(analysis, placement.arena, view.parameters)
    for asked in (*placement.asked, placement.asked_in_modules):
        if asked is None:
            continue
        if asked.too_few:
            lines.append(f"{asked.run} with batch {settings.batch} is refused by PyTorch")
            continue
        needs = _span(asked.needs.low, asked.needs.high)
        lines.append(f"{asked.run} {asked.verdict.value}: it needs {needs}")
    if any(found is not None and not found.batch_sure for found in runs.values()):
        lines += ["", *_nothing_fits(view)]
    text = "\n".join([*head, *wrapped(lines, palette)]) + "\n"
    if advice is not None:
        from convcalc.report.fit.advice import advice_text  # on request only

        text += advice_text(analysis, advice, palette, view.placement.training)
    if not view.faults:
        return text
    from convcalc.report.findings.text import findings_text  # a sound net has no use for it

    source = analysis.network.source
    return f"{text}\n{findings_text(view.faults, {source.path: source}, palette)}\n"


def _head(analysis: Analysis, placement: Placement, palette: Palette) -> list[str]:
    settings, device = analysis.settings, placement.device
    shapes = [row.step.output for row in analysis.rows if row.step.kind == INPUT]
    shown = ", ".join(written(shape) for shape in shapes if shape)
    name = analysis.network.name or analysis.network.source.path
    how = f", {settings.optimizer}" if placement.training is not None else ""
    decay = ", weight decay" if how and settings.weight_decay else ""
    where = f"{device.name}: {size(device.memory)}" if device.source else size(device.memory)
    if device.flash and not device.source:
        where += f" of SRAM, {size(device.flash)} of flash"
    text = f"input {shown}, {numbers(settings)}{how}{decay}"
    lines = [*titled(name, text, palette), *wrapped([f"on {where}"], palette)]
    if device.source:
        source = hung("", device.source, palette.width, 2)
        lines += [palette.paint(line, "dim") for line in source]
    return lines


def _batches(found: Fit | None) -> tuple[str, str, str]:
    if found is None:
        return ("none", "", "")
    return (f"{found.batch_sure:,}", f"{found.batch_possible:,}", f"{found.batch_logical:,}")


def _meaning(placement: Placement) -> list[str]:
    device = placement.device
    if device.flash:
        return [
            "sure: all volumes fit in SRAM planned greedily by size, the weights in flash",
            "possible: they fit in the best plan of `analyze --arena`",
            "logical: those that live at once fit; kernels' scratch is not counted",
        ]
    beside = f" beside {overhead(device.context)}" if device.context else ""
    meaning = [
        f"sure: what PyTorch's allocator reserves fits{beside}",
        "possible: what it hands out fits, if nothing is lost between the blocks",
        "logical: the exact peak alone fits"
        + ("; cuDNN's workspace comes on top of all three" if device.context else ""),
    ]
    if placement.in_modules is not None:
        meaning.append(
            "in modules: code whose modules hold their blocks' inputs, as `export` writes"
        )
    return [*meaning, _stated(device)] if device.source else meaning


def _stated(device: Device) -> str:
    """What is left of the maker's figure, which all three are for."""
    stated = f"{size(device.memory)} is what the maker states"
    if device.shared:
        return f"{stated}, the operating system has its part: `--memory` takes what is free"
    if device.with_ecc:
        left = size(device.with_ecc)
        option = f"--memory {left.replace(' ', '')}"
        return f"{stated}, CUDA shows about {left} of it with ECC on, as it comes: `{option}`"
    return f"{stated}, CUDA shows 1 to 2 % less, with ECC up to 9 %: `--memory` takes what it shows"


def _on_chip(analysis: Analysis, arena: Arena, parameters: int) -> list[str]:
    """What SRAM and flash hold for one image, and what would make it less."""
    from convcalc.memory.edge import in_place_depthwise, patches, widest
    from convcalc.memory.folding import flash_words, staying_words

    names, one = [row.step.name for row in analysis.rows], analysis.settings._replace(batch=1)
    analysis = analysis._replace(settings=one)
    step, bytes_ = widest(analysis, arena)
    lines = [
        f"SRAM: {size(arena.size)} for one image; most while {names[step]} runs, whose volumes "
        f"take {size(bytes_)} with those alive beside them",
        f"flash: {size(parameters)} of weights{flash_words(analysis)}",
        *filter(None, [staying_words(analysis)]),
    ]
    less = in_place_depthwise(analysis, arena).size
    if less < arena.size:
        lines.append(f"with depthwise convolutions in place: {size(less)}")
    found = patches(analysis, arena)
    if found is not None and found.peak < arena.size:
        share = 100 * found.extra_macs / max(analysis.totals.macs or 0, 1)
        lines.append(
            f"estimate: {size(found.peak)} with {share:.1f} % more MACs, by patches "
            f"({found.grid}x{found.grid}) up to {names[found.last]} (MCUNetV2, arXiv:2110.15352)"
        )
    return lines


def _nothing_fits(view: FitView) -> list[str]:
    """Why not even one image surely fits, and what would help."""
    placement, device = view.placement, view.placement.device
    runs = {True: placement.training, False: placement.inference}
    failing = [run for run, found in runs.items() if found is not None and not found.batch_sure]
    least = view.least.images
    if placement.arena is not None:
        lines = _too_small(placement.arena, device, view.parameters)
    else:
        named = [(name_of(run), runs[run]) for run in failing]
        lines = [
            f"{name}: {_because(found, least if name == name_of(True) else 1)}"
            for name, found in named
            if found is not None
        ]
        if view.parameters > device.memory:
            lines.append(f"the parameters alone take {size(view.parameters)}")
        lines.append(_holding(view))
    lines += [
        f"`{remedy.option}` makes {remedy.run} fit, up to batch {remedy.batch:,}"
        for remedy in placement.remedies
    ]
    if True in failing and view.advice is None and not view.analysis.settings.checkpoint:
        option = f"--batch {least * view.analysis.settings.accumulate} --advise"
        what = "layers to checkpoint and mixed precision, and says what fits or may fit"
        lines.append(f"`{option}` tries {what}")
    others = {k: v for run in failing for k, v in tried(view.analysis, run).items()}
    if others and work_of(view.analysis) > MOST_TRIED:
        lines.append(
            f"{', '.join(others)}: tried of nets of {MOST_TRIED:,} layers and as many connections "
            "at most, for each is all of the work again; "
            f"{', '.join(others.values())} try one of a larger net"
        )
        return lines
    left = {what: others.pop(what) for what in placement.untried if what in others}
    if others and not placement.remedies:
        lines.append(f"tried, each alone, and not enough: {', '.join(others)}")
    if left:
        lines.append(
            f"{', '.join(left)}: not tried to the end, for in a long net each is all of the work "
            f"again; {', '.join(left.values())} try one"
        )
    return lines


def _too_small(arena: Arena, device: Device, weights: int) -> list[str]:
    """What a microcontroller lacks for one image: flash, SRAM or both."""
    lines = []
    if weights > device.flash:
        lines.append(f"the weights take {size(weights)}, the flash has {size(device.flash)}")
    if arena.by_size > device.memory:
        needs = arena.bound if arena.bound > device.memory else arena.by_size
        planned = "" if needs == arena.bound else " where they are planned by size"
        sram = size(device.memory)
        lines.append(f"the volumes of batch 1 take {size(needs)}{planned}, the SRAM has {sram}")
    lines[0] = f"inference: {lines[0]}"
    return lines


def _because(found: Fit, least: int) -> str:
    if found.batch_possible:
        most = found.batch_possible
        return (
            f"no batch surely fits, {f'batch {most}' if most == least else f'up to {most:,}'} may"
        )
    if found.batch_logical:
        return f"not even batch {least}, whose peak fits only without what comes on top of it"
    return f"not even batch {least}, whose peak is {size(found.peak)}"


def _holding(view: FitView) -> str:
    """The layers that hold most of a peak."""
    peak = view.smallest.peak
    shares = [(name, percent(part, peak)) for name, part in view.holders]
    held = ", ".join(f"{name} {share}" for name, share in shares if share != "0.0 %")
    moment = moment_words(view.analysis, view.smallest.at)
    return f"of the {size(peak)} {moment} most is held by {held}"


def _span(low: int, high: int) -> str:
    least, most = size(low), size(high)
    return least if least == most else f"between {least} and {most}"
