"""`verify`: run the net with NumPy and compare it with the prediction."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.findings import Finding
from convcalc.network.record import INPUT
from convcalc.progress import Progress, silent
from convcalc.quantity import many_digits, not_whole
from convcalc.shapes import Shape
from convcalc.study.errors import RequestError, ShortageError
from convcalc.study.load import Pattern
from convcalc.study.outcome import Case, Outcome, study
from convcalc.study.running import (
    announced,
    enough,
    few_enough,
    images,
    read,
    refuse,
    saved,
    state_dict,
    with_numpy,
)
from convcalc.study.same_file import refuse_same_file
from convcalc.verify.checks import RefusedError, chosen, same_input, volumes_to_keep
from convcalc.verify.origin import first_smaller, origin
from convcalc.verify.plan import Plan, plan
from convcalc.verify.record import Verification

if TYPE_CHECKING:
    from convcalc.backend.arrays import Array
    from convcalc.backend.files import StateDict
    from convcalc.verify.average import Average
    from convcalc.verify.equivalence import Equivalence
    from convcalc.verify.observed_fields import Fields

    Proof = Verification | Equivalence | Fields | Average

#: Called before a long run with how long it may take.
Announce = Callable[[str], None]


class VerifyOptions(NamedTuple):
    """What to run and on what, beside the case's batch and dtype."""

    seed: int = 0
    layers: str | None = None
    """``A..B``: only these, on noise."""
    reduced: bool = False
    weights: str | None = None
    array: str | None = None
    save: str | None = None
    keep: tuple[str, ...] = ()
    exact_kernels: bool = False
    gradients: bool = False
    equivalence: bool = False
    receptive_field: bool = False
    layer: tuple[str, ...] = ()
    """For `receptive_field`."""
    average: int | None = None
    """Passes whose scores are averaged; 0 with `equivalence`, which averages over positions."""


class Verified(NamedTuple):
    """What a run showed."""

    outcome: Outcome
    found: "Proof"

    @property
    def agrees(self) -> bool:
        """Whether everything is as predicted."""
        return self.found.agrees


def quiet(text: str) -> None:
    """Nothing is announced."""


def verify(
    case: Case,
    options: VerifyOptions = VerifyOptions(),  # noqa: B008 - it is frozen
    batch: int | None = None,
    progress: Progress = silent,
    announce: Announce = quiet,
) -> Verified:
    """Run a net without errors. `batch` is the one asked for, None leaves it to the array.

    Raises:
        NetError: the net has errors, or the weights do not fit it.
        RequestError: a run that cannot be had as asked.
        LoadError: there is nothing to read.
    """
    with_numpy("verify")
    from convcalc.backend.arrays import unremarked
    from convcalc.backend.files import UnreadableError

    _compatible(case, options, batch)
    case = case._replace(settings=case.settings._replace(batch=batch or 1))
    try:
        with unremarked():  # numbers that are not finite are findings of their own
            return _verified(case, options, batch, progress, announce)
    except (RefusedError, UnreadableError) as error:
        raise RequestError(str(error)) from error
    except MemoryError as error:  # what was free when asked is not given: a limit, or another run
        raise RequestError(
            "this machine gave the run no more memory: try a smaller --input, "
            "or some of the --layers"
        ) from error


def _verified(
    case: Case,
    options: VerifyOptions,
    batch: int | None,
    progress: Progress,
    announce: Announce,
) -> Verified:
    if options.equivalence:
        from convcalc.study.proofs import equivalent

        return Verified(*equivalent(case, options, progress, announce))
    if options.receptive_field:
        from convcalc.study.proofs import fields

        return Verified(*fields(case, options, progress, announce))
    if options.average is not None:
        from convcalc.study.proofs import averaged

        return Verified(*averaged(case, options, progress, announce))
    outcome = study(case)
    return Verified(outcome, one_pass(outcome, options, batch, progress, announce))


_ALONE = ("array", "exact_kernels", "gradients", "keep", "layers", "reduced", "save")
#: What receptive fields, whose inputs and weights are made for them, have no use for.
_OF_RUN = ("dtype", "equivalence", "seed", "weights")


def _compatible(case: Case, options: VerifyOptions, batch: int | None) -> None:
    """Refuse options that exclude each other, and numbers that no run can have."""
    if batch is not None and batch < 1:
        raise RequestError("batch: at least 1 image is run")
    if many_digits(batch):
        raise RequestError(f"batch: {many_digits(batch)}")
    wrong = not_whole(options.seed, 0) or many_digits(options.seed)
    if wrong:
        raise RequestError(f"seed: {wrong}")
    if options.layer and not options.receptive_field:
        raise RequestError("--layer is for --receptive-field")
    if options.equivalence or options.receptive_field:
        field = options.receptive_field
        asked = "--receptive-field" if field else "--equivalence"
        given = {name: getattr(options, name) for name in options._fields} | {"batch": batch}
        given["average"] = options.average is not None and field
        given["dtype"] = case.settings.dtype if case.settings.dtype != Settings().dtype else ""
        names = (*_ALONE, "batch", "average", *(_OF_RUN if field else ()))
        for name in sorted(names):
            if given[name]:
                flag = name.replace("_", "-")
                raise RequestError(f"--{flag} does not go with {asked}")
        if not field and not isinstance(case.subject, Pattern):
            from convcalc.study.convert import refuse_overrides

            refuse_overrides(case.overrides)
        if options.average:
            raise RequestError("--equivalence averages over all positions: give --average alone")
    elif options.average is not None:
        if not options.average:
            raise RequestError("--average N: of how many passes, such as --average 12?")
        for name in ("batch", "gradients", "keep", "layers", "reduced", "exact_kernels"):
            if batch if name == "batch" else getattr(options, name):
                flag = name.replace("_", "-")
                raise RequestError(f"--{flag} does not go with --average")
    refuse_same_file(options.save, (case.subject, options.weights, options.array))
    if options.keep and not options.save:
        raise RequestError("--keep is for --save FILE")
    if options.reduced and options.array:
        raise RequestError("--reduced is not for --array, whose size is given")


def one_pass(
    outcome: Outcome,
    options: VerifyOptions,
    batch: int | None,
    progress: Progress,
    announce: Announce,
) -> Verification:
    """Run a net that is studied. `verify` says what it raises, and which options go together."""
    from convcalc.verify.arrays import misfits
    from convcalc.verify.gradients import gradient_shortage, has_gradients

    analysis = outcome.sound()
    few_enough(analysis, plan(analysis, *chosen(analysis, options.layers)), part=True)
    if options.reduced:
        from convcalc.verify.reduce import reduced

        analysis = reduced(analysis, lambda shapes: _smaller(outcome, shapes).analysis)
    pictures = images(analysis, options, batch)
    if pictures is not None:
        analysis = analysis._replace(settings=analysis.settings._replace(batch=pictures.shape[0]))
    run = plan(analysis, *chosen(analysis, options.layers))
    if options.gradients and not has_gradients(analysis, run):
        raise RequestError(
            "--gradients compares convs, depthwise convs and max pools, and none is run"
        )
    keep = volumes_to_keep(analysis, run, options.keep) if options.save else frozenset()
    if pictures is not None:
        same_input(analysis, run, options.array or "", pictures.shape[1:])
    enough(analysis, run, exact=options.exact_kernels)
    lacks = gradient_shortage(analysis, run) if options.gradients else None
    if lacks is not None:
        raise ShortageError(lacks)
    state = state_dict(options.weights, analysis, run)
    if state is not None:
        refuse(outcome, misfits(analysis, run, state))
    macs = sum(analysis.rows[index].macs or 0 for index in run.steps)
    announced(macs * analysis.settings.batch, announce)
    volumes = read(outcome, analysis, run, pictures) if pictures is not None else None
    found = _run(outcome, analysis, run, state, volumes, keep, options, progress)
    own = origin(analysis, run, options.seed, options.weights, options.array)
    if options.gradients:
        own = own._replace(seed=options.seed)
    smaller = first_smaller(outcome.analysis, analysis)
    return found._replace(origin=own._replace(reduced=options.reduced, reduced_from=smaller))


def _smaller(outcome: Outcome, shapes: Mapping[int, Shape]) -> Outcome:
    """A net with smaller inputs: read once more where it has one, as formulas ask for it."""
    if sum(step.kind == INPUT for step in outcome.network.steps) == 1:
        return outcome.at(*shapes.values())
    return outcome.with_inputs(shapes)


def _run(
    outcome: Outcome,
    analysis: Analysis,
    run: Plan,
    state: "StateDict | None",
    images: "Array | None",
    keep: frozenset[int],
    options: VerifyOptions,
    progress: Progress,
) -> Verification:
    from convcalc.backend.weights import as_batch
    from convcalc.verify.arrays import random_arrays, random_inputs, state_arrays
    from convcalc.verify.run import Arrays, verify

    wrong: list[Finding] = []

    def make() -> Arrays:
        if state is None:
            weights = random_arrays(analysis, run, options.seed)
        else:
            weights, findings = state_arrays(analysis, run, state)
            wrong.extend(findings)
        if images is None:
            return Arrays(weights, random_inputs(analysis, run, options.seed))
        return Arrays(weights, {run.given[0]: as_batch(images, analysis.settings.dtype)})

    total = len(run.steps)
    found = verify(
        analysis, run, make, options.exact_kernels, keep,
        lambda number, step: progress(number, total, step.name), options.seed,
    )  # fmt: skip
    refuse(outcome, wrong)
    steps = analysis.network.steps
    saved(options.save, {steps[i].name: volume for i, volume in found.kept.items()})
    if options.gradients:
        from convcalc.verify.gradients import gradients

        tried = gradients(analysis, run, options.seed)
        return found.verification._replace(gradients=tried)
    return found.verification
