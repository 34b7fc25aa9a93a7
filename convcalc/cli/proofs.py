"""`verify --equivalence` and `verify --receptive-field`: what is run for them, and on what."""

from typing import Any

import click

from convcalc.analysis.record import Analysis, Settings
from convcalc.analysis.walk import analyze
from convcalc.cli.progress import Progress
from convcalc.cli.specs import networks
from convcalc.convert import CannotConvertError
from convcalc.findings import Finding, Severity
from convcalc.report.drawing.palette import Palette
from convcalc.shapes import Shape
from convcalc.verify.checks import RefusedError, shortage
from convcalc.verify.equivalence import TOLERANCE, Equivalence, equivalence, forms
from convcalc.verify.fields import Fields, receptive_fields
from convcalc.verify.plan import plan

_ALONE = ("array", "batch", "gradients", "keep", "layers", "reduced", "save")

Proof = Equivalence | Fields


def proved(
    specs: tuple[str, ...], options: dict[str, Any]
) -> tuple[Analysis, Proof | list[Finding]]:
    """The proof that was asked for, or the findings for which there is none."""
    field = options["receptive_field"]
    asked = "--receptive-field" if field else "--equivalence"
    others = (*_ALONE, "weights", "equivalence") if field else _ALONE
    for name in others:
        if options[name]:
            raise click.UsageError(f"--{name} does not go with {asked}")
    return _fields(specs, options) if field else _equivalence(specs, options)


def _equivalence(
    specs: tuple[str, ...], options: dict[str, Any]
) -> tuple[Analysis, Equivalence | list[Finding]]:
    from convcalc.report.verify.text import shortage_text
    from convcalc.verify.arrays import misfits, random_arrays, state_arrays

    if options["dtype"] not in TOLERANCE:
        raise click.UsageError(f"--equivalence is for --dtype {' or '.join(TOLERANCE)}")
    image = options["input_"]
    if options["net"] is not None:  # a pattern has no size of its own: --input is the net's
        image = None
    elif options["rounding"] or options["variables"]:
        raise click.UsageError("the file's own numbers are converted: change them there")
    own = options["input_"] if options["net"] is not None else None
    network = networks(specs, {**options, "input_": own})[0]
    analysis = analyze(network, Settings(1, options["dtype"]))
    errors = [f for f in analysis.findings if f.severity is Severity.ERROR]
    if errors:
        return analysis, errors
    try:
        both = forms(analysis, image)
    except CannotConvertError as error:
        raise RefusedError(str(error)) from error
    lacks = shortage(both.larger, plan(both.larger))
    if lacks is not None:
        raise RefusedError(shortage_text(lacks))
    run, seed = plan(analysis), options["seed"]
    if options["weights"] is None:
        weights = random_arrays(analysis, run, seed)
    else:
        from convcalc.backend.files import StateDict

        state = StateDict(options["weights"])
        wrong = misfits(analysis, run, state)
        if wrong:
            return analysis, wrong
        weights, wrong = state_arrays(analysis, run, state)
        if wrong:
            return analysis, wrong
    progress = Progress()
    try:
        return analysis, equivalence(both, weights, seed, progress.show)
    finally:
        progress.clear()


def _fields(
    specs: tuple[str, ...], options: dict[str, Any]
) -> tuple[Analysis, Fields | list[Finding]]:
    network = networks(specs, options)[0]
    analysis = analyze(network, Settings())
    if analysis.broken:
        return analysis, [f for f in analysis.findings if f.severity is Severity.ERROR]

    def sized(shape: Shape) -> Analysis:
        if "-" in specs:  # read once
            return analysis
        return analyze(networks(specs, {**options, "input_": shape})[0], Settings())

    progress = Progress()
    try:
        return analysis, receptive_fields(analysis, options["layer"], sized, progress.show)
    finally:
        progress.clear()


def report(found: Proof, format_: str, palette: Palette) -> str:
    """The proof as text or JSON."""
    if isinstance(found, Fields):
        from convcalc.report.verify.fields import fields_json, fields_text

        return fields_json(found) if format_ == "json" else fields_text(found, palette)
    from convcalc.report.verify.equivalence import equivalence_json, equivalence_text

    return equivalence_json(found) if format_ == "json" else equivalence_text(found, palette)
