"""`convcalc verify SPEC`: run the net and hold it against the prediction."""

from typing import TYPE_CHECKING, Any

import click

from convcalc.analysis.record import Analysis, Settings
from convcalc.analysis.walk import analyze
from convcalc.cli.output import failed, output_options, palette, write
from convcalc.cli.progress import Progress
from convcalc.cli.specs import networks, spec_options
from convcalc.findings import Finding, Severity
from convcalc.shapes import Shape
from convcalc.verify.checks import RefusedError, chosen, same_input, shortage, volumes_to_keep
from convcalc.verify.plan import Plan, plan
from convcalc.verify.record import RUNNABLE, Verification

if TYPE_CHECKING:
    from convcalc.backend.arrays import Array
    from convcalc.backend.files import Pictures, StateDict
    from convcalc.cli.proofs import Proof


@click.command(
    "verify",
    epilog="""\b
Examples:
  convcalc verify vgg16
  convcalc verify resnet50 --batch 8 --reduced
  convcalc verify mynet.yaml --weights net.npz --array cat.npy --save out.npz
  convcalc verify lenet5 --equivalence
  convcalc verify vgg16 --receptive-field --layer pool3
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC")
@spec_options
@click.option("--batch", type=click.IntRange(1), help="Images at once (default: 1, or --array's).")
@click.option("--dtype", type=click.Choice(RUNNABLE), default="float32", show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the noise.")
@click.option("--layers", metavar="A..B", help="Run only these layers, on noise.")
@click.option("--reduced", is_flag=True, help="Run a large net on a smaller legal input.")
@click.option("--weights", metavar="FILE", help="A state_dict, .npz or .safetensors.")
@click.option("--array", metavar="FILE", help="The input, .npy: H x W x C or N x H x W x C.")
@click.option("--save", metavar="FILE", help="Keep volumes in an .npz: the outputs, or --keep.")
@click.option("--keep", multiple=True, metavar="LAYER", help="A layer whose output --save keeps.")
@click.option("--exact-kernels", is_flag=True, help="Plain sums of products: no Winograd.")
@click.option("--gradients", is_flag=True, help="Try backward passes on finite differences too.")
@click.option("--equivalence", is_flag=True, help="The convs of --fc-to-conv against crops.")
@click.option("--receptive-field", is_flag=True, help="Which inputs move a layer's outputs.")
@click.option("--layer", multiple=True, metavar="NAME", help="A layer for --receptive-field.")
@output_options(("text", "json"))
def command(
    specs: tuple[str, ...],
    format_: str,
    output: str | None,
    color: str,
    quiet: bool,
    **options: Any,
) -> int:
    """Run every layer with NumPy: shapes, finite numbers, memory and time.

    Each layer's output and the memory alive are held against what analyze predicts; where anything
    disagrees, the layer is named and the exit code is 1. SPEC is a file, - for standard input, or
    the name of a bundled net.

    --equivalence slides the net over a larger image (--input) crop by crop, and its conv form in
    one pass. --receptive-field lights up the input place by place and sees which outputs move.
    """
    try:
        from convcalc.backend.files import UnreadableError
    except ModuleNotFoundError as error:
        if error.name != "numpy":
            raise
        raise failed('verify needs NumPy: pip install "convcalc[numpy]"') from error
    if len(specs) > 1:
        raise click.UsageError("verify runs one SPEC at a time")
    if options["keep"] and not options["save"]:
        raise click.UsageError("--keep is for --save FILE")
    if options["reduced"] and (options["array"] or "-" in specs):
        what = "--array, whose size is given" if options["array"] else "standard input"
        raise click.UsageError(f"--reduced is not for {what}")
    proof = options["equivalence"] or options["receptive_field"]
    if options["layer"] and not options["receptive_field"]:
        raise click.UsageError("--layer is for --receptive-field")
    found: Verification | Proof | list[Finding]
    try:
        if proof:
            from convcalc.cli.proofs import proved

            analysis, found = proved(specs, options)
        else:
            analysis, found = _verified(specs, options)
    except (RefusedError, UnreadableError) as error:
        raise failed(str(error)) from error
    if not quiet:
        if isinstance(found, list):
            text = _refusal(analysis, found, format_, color, output)
        else:
            text = _report(found, format_, color, output)
        write(text, output)
    return 0 if not isinstance(found, list) and found.agrees else 1


def _verified(
    specs: tuple[str, ...], options: dict[str, Any]
) -> tuple[Analysis, Verification | list[Finding]]:
    """The run, or the findings for which there is none."""
    from convcalc.verify.arrays import misfits

    analysis = _analysis(specs, options)
    if analysis.broken:
        return analysis, [f for f in analysis.findings if f.severity is Severity.ERROR]
    images = _images(analysis, options)
    if images is not None:
        analysis = analysis._replace(settings=analysis.settings._replace(batch=images.shape[0]))
    run = plan(analysis, *chosen(analysis, options["layers"]))
    keep = volumes_to_keep(analysis, run, options["keep"]) if options["save"] else frozenset()
    if images is not None:
        same_input(analysis, run, options["array"], images.shape[1:])
    lacks = shortage(analysis, run)
    if lacks is not None:
        from convcalc.report.verify.text import shortage_text

        raise RefusedError(shortage_text(lacks))
    state = _state(options["weights"])
    wrong = misfits(analysis, run, state) if state is not None else []
    if wrong:
        return analysis, wrong
    volumes = images.array() if images is not None else None
    return analysis, _run(analysis, run, state, volumes, keep, options)


def _images(analysis: Analysis, options: dict[str, Any]) -> "Pictures | None":
    """The pictures of --array, not yet read."""
    if options["array"] is None:
        return None
    from convcalc.backend.files import Pictures

    images = Pictures(options["array"], len(analysis.network.steps[0].output or ()))
    held = images.shape[0]
    if options["batch"] not in {None, held}:
        raise click.UsageError(f"--batch {options['batch']}, but --array holds {held} images")
    return images


def _analysis(specs: tuple[str, ...], options: dict[str, Any]) -> Analysis:
    """The analysis of the one net, at a smaller input where that is asked for."""
    settings = Settings(options["batch"] or 1, options["dtype"])

    def sized(shape: Shape | None) -> Analysis:
        return analyze(networks(specs, {**options, "input_": shape})[0], settings)

    analysis = sized(options["input_"])
    if not options["reduced"] or analysis.broken:
        return analysis
    from convcalc.verify.reduce import reduced

    return reduced(analysis, sized)


def _state(path: str | None) -> "StateDict | None":
    if path is None:
        return None
    from convcalc.backend.files import StateDict

    return StateDict(path)


def _run(
    analysis: Analysis,
    run: Plan,
    state: "StateDict | None",
    images: "Array | None",
    keep: frozenset[int],
    options: dict[str, Any],
) -> Verification | list[Finding]:
    from convcalc.backend.files import save
    from convcalc.backend.weights import as_batch
    from convcalc.verify.arrays import random_arrays, random_inputs, state_arrays
    from convcalc.verify.run import Arrays, verify

    wrong: list[Finding] = []

    def make() -> Arrays:
        if state is None:
            weights = random_arrays(analysis, run, options["seed"])
        else:
            weights, findings = state_arrays(analysis, run, state)
            wrong.extend(findings)
        if images is None:
            return Arrays(weights, random_inputs(analysis, run, options["seed"]))
        return Arrays(weights, {run.given[0]: as_batch(images, options["dtype"])})

    progress = Progress(len(run.steps))
    try:
        found = verify(analysis, run, make, options["exact_kernels"], keep, progress.step)
    finally:
        progress.clear()
    if wrong:
        return wrong
    if options["save"]:
        steps = analysis.network.steps
        try:
            save(options["save"], {steps[i].name: volume for i, volume in found.kept.items()})
        except OSError as error:
            raise failed(f"cannot write {options['save']}: {error.strerror}") from error
    if options["gradients"]:
        from convcalc.verify.gradients import gradients

        tried = gradients(analysis, run, options["seed"])
        return found.verification._replace(gradients=tried)
    return found.verification


def _report(found: "Verification | Proof", format_: str, color: str, output: str | None) -> str:
    if not isinstance(found, Verification):
        from convcalc.cli.proofs import report

        return report(found, format_, palette(color, output))
    if format_ == "json":
        from convcalc.report.verify.json import verify_json

        return verify_json(found)
    from convcalc.report.verify.text import verify_text

    return verify_text(found, palette(color, output))


def _refusal(
    analysis: Analysis, findings: list[Finding], format_: str, color: str, output: str | None
) -> str:
    if format_ == "json":
        from convcalc.report.verify.json import refused_json

        return refused_json(analysis, findings)
    from convcalc.report.findings.text import findings_text

    source = analysis.network.source
    return findings_text(findings, {source.path: source}, palette(color, output)) + "\n"
