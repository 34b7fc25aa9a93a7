"""The commands as functions: the same names, the same options, the same answers."""

import os
from collections.abc import Mapping, Sequence
from typing import Literal, Unpack

from convcalc.api.answers import (
    CheckReport,
    ExplainReport,
    FitReport,
    SizesReport,
)
from convcalc.api.family import Axes, cases
from convcalc.api.options import (
    Given,
    Keywords,
    SpecKeywords,
    case,
    device_room,
    outcome,
    refuse_unknown_word,
    selection,
)
from convcalc.api.typed import typed
from convcalc.findings import LEVELS, plain
from convcalc.progress import Progress, silent
from convcalc.quantity import many_digits, not_whole
from convcalc.shapes import LARGEST_SIZE
from convcalc.study.errors import LoadError, RequestError
from convcalc.study.sizes import Range

Level = Literal["error", "warning", "note", "never"]


@typed
def check(
    *nets: Given,
    select: str | None = None,
    ignore: str | None = None,
    advice: bool = True,
    limits: Mapping[str, int] | None = None,
    fail_on: Level = "error",
    progress: Progress = silent,
    **options: Unpack[Axes],
) -> CheckReport:
    """What is wrong with nets, and advice.

    Args:
        *nets: what `load` takes or gave, or folders of specs.
        select: codes, beginnings of codes or names below errors that are wanted: ``"CC2"``.
        ignore: those that are not.
        advice: with the rules of thumb (CC2xx).
        limits: upper limits, as ``{"params": 5_000_000, "training_memory": 12 * 2**30}``.
        fail_on: the severity from which on `CheckReport.ok` is False.
        progress: called with how many parts are done, of how many, and what runs now.
        **options: as the command line's: ``batch``, ``dtype``, ``input`` ..., each with one value
            or several, as ``input=["224x224x3", "384x384x3"]``: a finding that not all variants
            have names those that have it.

    Raises:
        RequestError: an unknown code or limit, or an invalid axis (LoadError: nothing to read).
    """
    from convcalc.study.check import check as checked
    from convcalc.study.check import refuse_idle
    from convcalc.study.files import stand_in

    if not nets:
        raise RequestError("name nets, files or folders: nothing is checked, and nothing is well")
    refuse_unknown_word("fail_on", LEVELS, fail_on)
    wanted = selection(select, ignore, advice, limits)
    for net in nets:
        if isinstance(net, (str, os.PathLike)) and (instead := stand_in(os.fspath(net))):
            raise LoadError(plain(instead))
    asked = [case._replace(selection=wanted) for case in cases(nets, options)]
    refuse_idle(asked)
    found = checked(asked, progress)
    if found.failures:
        raise LoadError(found.failures[0].message)
    said = tuple(text.removeprefix("Note: ") for text in found.remarks)
    return CheckReport(found.findings, found.paths, found.sources, fail_on, said)


@typed
def fit(
    net: Given,
    *,
    memory: int | str | None = None,
    device: str | None = None,
    context: int | str | None = None,
    sram: int | str | None = None,
    flash: int | str | None = None,
    advise: bool = False,
    max_compute: float | None = None,
    write: bool = False,
    progress: Progress = silent,
    **options: Unpack[Keywords],
) -> FitReport:
    """The largest batches that a device takes, in training and in inference.

    Args:
        net: what `load` takes or gave.
        memory: of the device: bytes, or text such as ``"24GiB"``.
        device: a device by its name instead, such as ``"rtx-4090"``.
        context: bytes of the CUDA context (default: 400 MiB).
        sram: of a microcontroller, with `flash` for its weights, instead of `memory`.
        flash: see `sram`.
        advise: also which layers to checkpoint so that the batch fits in training.
        max_compute: compute that this may add, as a part of a step's: 0.2 is 20 %.
        write: add the advice to the `budget` of the file that `net` names.
        progress: called with how many parts are done, of how many, and what runs now.
        **options: as the command line's; with ``batch`` the answer says whether that fits.

    Raises:
        NetError: the net has errors.
        RequestError: an unknown device, or an invalid size of one (LoadError: nothing to read);
            or there is nothing to write, or no file that takes it.
    """
    from convcalc.study import fit as study

    if not advise and (write or max_compute is not None):
        raise RequestError("write and max_compute belong to advise=True: add it")

    if memory is device is sram is flash is None:
        raise RequestError("give memory='24GiB', or device=NAME such as device='rtx-4090'")
    onto = study.device(
        device_room("memory", memory),
        device,
        device_room("context", context),
        device_room("sram", sram),
        device_room("flash", flash),
    )
    asked = case(net, **options)
    batch = options.get("batch")
    found = study.fit(asked, onto, batch, advise, max_compute, progress)
    if write:
        from convcalc.study.fit_budget import write as written

        written(found, os.fspath(net) if isinstance(net, (str, os.PathLike)) else "")
    return FitReport(found)


@typed
def sizes(
    net: Given,
    *,
    from_: int | None = None,
    to: int | None = None,
    height: range | int | None = None,
    width: range | int | None = None,
    **options: Unpack[SpecKeywords],
) -> SizesReport:
    """The input sizes that a net takes.

    Of several inputs the first with a spatial size varies, and with it those of the same size.

    Args:
        net: what `load` takes or gave.
        from_: the smallest square input to look at.
        to: the largest.
        height: heights of inputs that are not square, as ``range(200, 301)``.
        width: their widths.
        **options: ``input``, ``rounding``, ``variables``, ``trusted``.

    Raises:
        NetError: a layer could not be read.
        RequestError: an invalid range (LoadError: nothing to read).
    """
    from convcalc.study.sizes import sizes as sized

    found = {"from_": from_, "to": to, "height": height, "width": width}
    for name, one in found.items():
        for end in (one.start, one.stop) if isinstance(one, range) else (one,):
            if many_digits(end):
                raise RequestError(f"{name}: {many_digits(end)}")
    first, last = (None if n is None else int(n) for n in (from_, to))  # NumPy's integers too
    for name, end in (("from_", first), ("to", last)):
        wrong = "" if end is None else not_whole(end, 1, LARGEST_SIZE)
        if wrong:
            raise RequestError(f"{name}: {wrong}")
    sides = (n if n is None or isinstance(n, range) else range(n, n + 1) for n in (height, width))
    return SizesReport(sized(case(net, **options), Range(first, last, *sides)))


@typed
def identify(
    *figures: str, counted_as: str | Sequence[str] = "all"
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The bundled nets that have all these figures, such as ``"4.12G"`` and ``"25.6M"``.

    Args:
        *figures: numbers of operations or parameters, or bytes such as ``"98MB"``.
        counted_as: the conventions that may have printed them.

    Returns:
        For each net, figure by figure, the conventions that print it.

    Raises:
        RequestError: not a figure, or an unknown convention.
    """
    from convcalc.study.counts import conventions, identified

    fits, _ = identified(figures, conventions(counted_as))
    return {
        fit.net: tuple(
            tuple(name for match in found for name in match.candidate.names)
            for found in fit.matches
        )
        for fit in fits
    }


@typed
def explain(
    net: Given,
    layer: str | None = None,
    position: tuple[int, ...] | None = None,
    *,
    counted_as: str | Sequence[str] | None = None,
    **options: Unpack[Keywords],
) -> ExplainReport:
    """The arithmetic of a layer; or, of one word, the page of a term, a kind or a code.

    In a layer's place, a figure such as ``"4.12G"``: which tools print it of the net, and why;
    ``explain("counting", net)``: what tools count of a net, a row a kind. `counted_as` adds what
    these conventions count of the layer. With a `position`, such as (2, 3, 1), only what makes this
    one output of the layer: its NumPy line, its field in the input.

    Raises:
        NetError: no layer of the net could be read.
        RequestError: an unknown layer or page (LoadError: nothing to read).
    """
    from convcalc.study import explain as study
    from convcalc.study.idle import refuse_all

    if layer is None and isinstance(net, str):
        page = study.page(net)
        if page is not None:
            return ExplainReport(page)
        if not study.is_spec(net) and len(net.splitlines()) == 1:
            raise RequestError(study.unknown((*net.split(),)))
    if net == "counting" and layer is not None:
        if counted_as is not None:
            raise RequestError("counted_as does not go with counting, which shows all conventions")
        found = outcome(layer, **options)
        refuse_all(found.case.settings, "what tools count of one image")
        return ExplainReport(found.sized())
    from convcalc.study.counts import answered, conventions

    counting = conventions(counted_as, options.get("trusted", False)) if counted_as else ()
    asked = case(net, **options)
    if layer is not None and layer[:1].isascii() and layer[:1].isdigit():
        found = outcome(net, **options)
        if layer not in (step.name for step in found.network.steps):
            return ExplainReport(answered(found, layer, counting or None))
    return ExplainReport(study.explain(asked, layer, counting, position).explanation)
