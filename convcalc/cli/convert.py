"""`convcalc convert SPEC --fc-to-conv`: an equivalent spec."""

import click

from convcalc.cli.case import one_case, remark
from convcalc.cli.endings import suited
from convcalc.cli.gather import Once
from convcalc.cli.options import SpecOptions, spec_options
from convcalc.cli.output import Output, file_option
from convcalc.cli.streams import tell


@click.command(
    "convert",
    epilog="""\b
Examples:
  convcalc convert vgg16 --fc-to-conv -o vgg16-conv.yaml
  convcalc analyze vgg16-conv.yaml --input 384x384x3
  convcalc convert mynet.yaml --fc-to-conv --weights in.npz -o out.npz > conv.yaml
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC")
@click.option("--fc-to-conv", is_flag=True, help="Write every fc as the equivalent conv.")
@click.option(
    "--weights",
    cls=Once,
    metavar="FILE",
    help="Weights to reshape too: a state_dict, .npz or .safetensors. -o FILE.npz gets them.",
)
@spec_options
@file_option
def command(
    specs: tuple[str, ...],
    fc_to_conv: bool,
    weights: str | None,
    given: SpecOptions,
    out: Output,
) -> None:
    """Rewrite a spec into an equivalent one, keeping its comments and layout where it can.

    The same weights make the same numbers, and inputs larger than the file's work. With --weights
    the spec is printed, and -o FILE has each fc's matrix reshaped into filters.
    """
    from convcalc.study.convert import convert, convert_weights

    if not fc_to_conv:
        raise click.UsageError("say what to convert: --fc-to-conv")
    if weights is None:
        suited(out.file, "yaml")
    found = convert(one_case(specs, given, out=out))
    remark([found.outcome], out)
    if found.lost:
        tell(f"note: {found.lost}")
    if weights is None:
        out.write(found.text, exact=True)
        return
    if out.file is None or not out.file.endswith(".npz"):
        raise click.UsageError("--weights needs -o FILE.npz for the reshaped arrays")
    for line in convert_weights(found, weights, out.file):
        tell(line)
    out._replace(file=None).write(found.text, exact=True)
