"""`convcalc convert SPEC --fc-to-conv`: an equivalent spec."""

import click

from convcalc.cli.case import one_case, remark
from convcalc.cli.options import SpecOptions, spec_options
from convcalc.cli.output import Output, file_option


@click.command(
    "convert",
    epilog="""\b
Examples:
  convcalc convert vgg16 --fc-to-conv -o vgg16-conv.yaml
  convcalc analyze vgg16-conv.yaml --input 384x384x3
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC")
@click.option("--fc-to-conv", is_flag=True, help="Write every fc as the equivalent conv.")
@spec_options
@file_option
def command(specs: tuple[str, ...], fc_to_conv: bool, given: SpecOptions, out: Output) -> None:
    """Rewrite a spec into an equivalent one, keeping its comments and layout.

    The same weights make the same numbers, and inputs larger than the file's work.
    """
    from convcalc.study.convert import convert

    if not fc_to_conv:
        raise click.UsageError("say what to convert: --fc-to-conv")
    found = convert(one_case(specs, given))
    remark([found.outcome])
    out.write(found.text, exact=True)
