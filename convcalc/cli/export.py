"""`convcalc export SPEC --to pytorch -o net.py`: a network as code, or as an ONNX file."""

import click

from convcalc.cli.case import one_case, remark
from convcalc.cli.endings import suited
from convcalc.cli.gather import OneOf, Whole
from convcalc.cli.options import SpecOptions, spec_options
from convcalc.cli.output import Output, file_option
from convcalc.study.exported import BINARY, TARGETS, Target, exported, left_out


@click.command(
    "export",
    epilog="""\b
Examples:
  convcalc export resnet50 --to pytorch -o resnet50.py
  convcalc export net.yaml --to onnx -o net.onnx
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC")
@click.option("--to", type=OneOf(TARGETS), required=True, help="What to write.")
@click.option("--random-weights", type=Whole(0), metavar="SEED", help="ONNX with weights (random).")
@spec_options
@file_option
def command(
    specs: tuple[str, ...], to: Target, random_weights: int | None, given: SpecOptions, out: Output
) -> None:
    """Write a network as PyTorch or Keras code, or as an ONNX file.

    PyTorch: a class a block and a class `Net` whose state_dict has the spec's own names. ONNX:
    the shapes of weights without numbers, for viewers and shape inference, unless
    --random-weights gives some to run it with.
    """
    if to in BINARY and out.file is None:
        raise click.UsageError(f"--to {to} makes a binary file: name it with -o FILE")
    suited(out.file, to)
    outcome, made = exported(one_case(specs, given, out=out), to, random_weights)
    remark([outcome], out)
    lost = left_out(outcome, to)
    if lost:
        out.tell(lost)
    if to == "onnx" and random_weights is None and outcome.analysis.totals.params:
        out.tell("the file has shapes of weights alone: --random-weights 1 makes one that runs")
    if isinstance(made, str):
        out.write(made, exact=True)
    else:
        out.write_bytes(made)
