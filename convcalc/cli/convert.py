"""`convcalc convert SPEC --fc-to-conv`: an equivalent spec."""

from typing import Any

import click

from convcalc.cli.faulty import faulty
from convcalc.cli.output import failed, write
from convcalc.cli.specs import networks, spec_options
from convcalc.findings import plain


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
@click.option("-o", "--output", metavar="FILE", help="Write to a file, whole or not at all.")
@spec_options
def command(specs: tuple[str, ...], fc_to_conv: bool, output: str | None, **options: Any) -> None:
    """Rewrite a spec into an equivalent one, keeping its comments and layout.

    The same weights make the same numbers, and inputs larger than the file's work.
    """
    from convcalc import convert

    if not fc_to_conv:
        raise click.UsageError("say what to convert: --fc-to-conv")
    if len(specs) > 1:
        raise click.UsageError("one SPEC at a time")
    if options["net"] is None and (
        options["input_"] or options["rounding"] or options["variables"]
    ):
        raise click.UsageError("the file's own numbers are converted: change them there")
    network = networks(specs, options)[0]
    try:
        text = convert.fc_to_conv(network)
    except convert.FaultyNetError as error:
        raise faulty(network, "auto", error.findings) from error
    except convert.CannotConvertError as error:
        raise failed(f"{plain(network.name or network.source.path)}: {error}") from error
    write(text, output)
