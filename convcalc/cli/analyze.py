"""`convcalc analyze SPEC...`: the numbers."""

from typing import Any

import click

from convcalc.analysis.record import Analysis, Settings
from convcalc.analysis.walk import analyze
from convcalc.cli.conventions import as_option, conventions
from convcalc.cli.output import output_options, palette, tell, write
from convcalc.cli.specs import chosen_settings, networks, settings_options, spec_options
from convcalc.findings import Severity, grave, worst_first
from convcalc.memory.budgets import judged
from convcalc.network.record import Network
from convcalc.report.analysis.extras import Extras


@click.command(
    "analyze",
    epilog="""\b
Examples:
  convcalc analyze vgg16
  convcalc analyze mynet.yaml --input 384x384x3 --format json
  convcalc analyze resnet18 resnet50 resnet50-v1
  convcalc analyze resnet50 --as all
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC...")
@spec_options
@settings_options
@click.option("--expand", is_flag=True, help="One line a layer: do not fold blocks.")
@click.option("--timeline", is_flag=True, help="Live bytes layer by layer, as a profile.")
@click.option("--arena", is_flag=True, help="Plan inference's volumes into one block of memory.")
@click.option(
    "--im2col", is_flag=True, help="The workspace of each convolution as a matrix product."
)
@as_option
@output_options(("text", "json", "csv", "markdown"))
def command(
    specs: tuple[str, ...],
    expand: bool,
    timeline: bool,
    arena: bool,
    im2col: bool,
    as_: str | None,
    format_: str,
    output: str | None,
    color: str,
    quiet: bool,
    **options: Any,
) -> int:
    """Size every layer and tally activations, parameters, MACs and receptive fields.

    SPEC is a file, - for standard input, or the name of a bundled net.
    """
    settings = chosen_settings(options)
    counting = conventions(as_, options["trusted"], color)
    extras = Extras(timeline, arena, im2col, counting, as_ is not None and "all" in as_.split(","))
    analyses = [_analyzed(network, settings) for network in networks(specs, options)]
    if not quiet:
        if format_ == "json":
            from convcalc.report.analysis.json import reports_json

            text = reports_json(analyses, extras)
        elif format_ == "csv":
            from convcalc.report.analysis.tables import csv_table

            text = csv_table(analyses, extras)
        elif format_ == "markdown":
            from convcalc.report.analysis.tables import markdown_table

            text = markdown_table(analyses, extras)
        elif extras.reconcile:
            from convcalc.report.counts.text import reports_text as counts_text

            text = counts_text(analyses, counting, palette(color, output))
        else:
            from convcalc.report.analysis.text import reports_text

            text = reports_text(analyses, palette(color, output), expand, extras)
        write(text, output)
        if format_ == "csv":  # which has no place for them
            _tell_findings(analyses)
    errors = any(f.severity is Severity.ERROR for a in analyses for f in a.findings)
    return 1 if errors else 0


def _analyzed(network: Network, settings: Settings) -> Analysis:
    analysis = judged(analyze(network, settings))
    if not network.rules:
        return analysis
    from convcalc.rules.advise import with_faults  # twenty modules, for few files

    return with_faults(analysis)


def _tell_findings(analyses: list[Analysis]) -> None:
    """Errors and warnings on stderr, a line each."""
    from convcalc.report.findings.concise import concise  # a sound net has no use for it

    told = concise(worst_first(grave(f for a in analyses for f in a.findings)))
    if told:
        tell(told, nl=False)
