"""`convcalc verify SPEC`: run the net and compare it with the prediction."""

import click

from convcalc.analysis.settings import Dtype, Settings
from convcalc.cli.case import one_case, remark
from convcalc.cli.endings import suited
from convcalc.cli.gather import Count, Once, OneOf, OptionalNumber, Whole, WithNumbers, gathered
from convcalc.cli.links import written_file
from convcalc.cli.options import SpecOptions, spec_options
from convcalc.cli.output import Output, output_options
from convcalc.cli.progress import Progress
from convcalc.findings import Severity
from convcalc.report.formats import formats
from convcalc.report.verify.view import Refused, form
from convcalc.study.errors import NetError
from convcalc.study.outcome import Case
from convcalc.study.verify import VerifyOptions, verify
from convcalc.verify.record import RUNNABLE

_SMALL = "lenet5"  #: what --equivalence runs where no net is named: a tenth of a second


@click.command(
    "verify",
    cls=WithNumbers,
    epilog="""\b
Examples:
  convcalc verify vgg16
  convcalc verify resnet50 --batch 8 --reduced
  convcalc verify mynet.yaml --weights net.npz --array cat.npy --save out.npz
  convcalc verify lenet5 --equivalence
  convcalc verify mynet.yaml --against mynet.onnx
  convcalc verify vgg16 --receptive-field --layer pool3
  convcalc verify mynet.yaml --average 12
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC")
@spec_options
@click.option("--batch", cls=Once, type=Count(1), help="Images at once (default: 1, or --array's).")
@click.option("--dtype", cls=Once, type=OneOf(RUNNABLE), default="float32", show_default=True)
@gathered(
    "options",
    VerifyOptions,
    click.option(
        "--seed", type=Whole(0), default=0, show_default=True, help="Random seed."
    ),
    click.option("--layers", cls=Once, metavar="A..B", help="Run only these layers, on noise."),
    click.option("--reduced", is_flag=True, help="Run a large net on a smaller legal input."),
    click.option(
        "--weights", cls=Once, metavar="FILE", help="A state_dict, .npz or .safetensors."
    ),
    click.option(
        "--array", cls=Once, metavar="FILE", help="The input, .npy: H x W x C or N x H x W x C."
    ),
    click.option(
        "--save", cls=Once, metavar="FILE", callback=written_file,
        help="Keep volumes in an .npz: the outputs, or --keep.",
    ),
    click.option(
        "--keep", multiple=True, metavar="LAYER", help="A layer whose output --save keeps."
    ),
    click.option("--exact-kernels", is_flag=True, help="Plain sums of products: no Winograd."),
    click.option("--gradients", is_flag=True, help="Compare gradients with finite differences."),
    click.option("--equivalence", is_flag=True, help="Compare the conv form with crops."),
    click.option("--receptive-field", is_flag=True, help="Which inputs change a layer's outputs."),
    click.option("--layer", multiple=True, metavar="NAME", help="A layer for --receptive-field."),
    click.option(
        "--average", cls=OptionalNumber, alone=0, type=Whole(0, 10_000), metavar="[N]",
        help="Average the scores of N passes, each with its own random grids.",
    ),
)  # fmt: skip
@click.option(
    "--against", cls=Once, metavar="MODEL", help="An ONNX file, run in onnxruntime beside it."
)
@output_options(formats("verify"))
def command(
    specs: tuple[str, ...],
    given: SpecOptions,
    batch: int | None,
    dtype: Dtype,
    options: VerifyOptions,
    against: str | None,
    out: Output,
) -> int:
    """Run every layer with NumPy: shapes, finite numbers, memory and time.

    Each layer's output and the memory alive are compared with what analyze predicts; where anything
    disagrees, the layer is named and the exit code is 1. SPEC is a file, - for standard input, or
    the name of a bundled net.

    --equivalence slides the net over a larger image (--input) crop by crop, and its conv form in
    one pass. --receptive-field changes the input position by position and records which
    outputs change.
    """
    suited(options.save, "npz", "--save")
    if options.equivalence and not specs and given.net is None:
        specs = (_SMALL,)
    case = one_case(specs, given, Settings(dtype=dtype), out)
    if against is not None:
        return _against(case, against, options, batch, out)
    try:
        with Progress("verifying", out.quiet) as progress:
            found = verify(case, options, batch, progress.show, out.tell)
    except NetError as error:
        if out.format == "text":
            raise
        errors = [f for f in error.findings if f.severity is Severity.ERROR]
        out.show("verify", Refused(error.outcome.analysis, errors))
        return 1
    remark([found.outcome], out)
    out.show(form(found.found), found.found)
    return int(not found.agrees)


def _against(case: Case, model: str, options: VerifyOptions, batch: int | None, out: Output) -> int:
    """Compare every layer with an ONNX file in onnxruntime."""
    from convcalc.study.against import against

    found = against(case, model, options, batch)
    remark([found.outcome], out)
    out.show("verify --against", found)
    return int(not found.agrees)
