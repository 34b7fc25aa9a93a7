"""`convcalc report SPEC... -o page.html`: nets as a page for a browser, and their graph as SVG."""

import sys

import click

from convcalc.analysis.settings import Settings
from convcalc.cli.case import cases, remark
from convcalc.cli.conventions import as_option, conventions
from convcalc.cli.gather import Once
from convcalc.cli.options import SpecOptions, settings_options, spec_options
from convcalc.cli.output import Output, output_options, write_file
from convcalc.cli.wanted import Wanted, code_options, configuration, selection
from convcalc.report.formats import formats, rendered
from convcalc.study.outcome import study


@click.command(
    "report",
    epilog="""\b
Examples:
  convcalc report resnet50 -o resnet50.html
  convcalc report resnet18 resnet50 mynet.yaml --batch 32 --optimizer adam -o nets.html
  convcalc report mynet.yaml --as fvcore,thop -o mynet.html
  convcalc report unet --svg unet.svg -o unet.html
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC...")
@click.option("--svg", cls=Once, metavar="FILE", help="Write the graph as SVG too, or alone.")
@click.option("--expand", is_flag=True, help="Open all blocks of the graph.")
@as_option
@code_options
@spec_options
@settings_options
@output_options(formats("report"))
def command(
    specs: tuple[str, ...],
    svg: str | None,
    expand: bool,
    counted_as: str | None,
    wanted: Wanted,
    given: SpecOptions,
    settings: Settings,
    out: Output,
) -> int:
    """Write one page that opens in a browser without a network: graph, layers, memory, findings.

    The graph's blocks open and close, the table sorts and filters, the memory of a training step
    is shown moment by moment. All tools' counts are in it; --as chooses some. Exits 1 where a net
    has errors, which the page shows.
    """
    if svg is None and out.file is None and sys.stdout.isatty():
        raise click.UsageError("a page is a file for a browser: name it with -o page.html")
    counting = conventions("all" if counted_as is None else counted_as, given.trusted, out)
    wants = selection(configuration(), wanted, {})
    nets = cases(specs, given, settings)
    outcomes = [study(case._replace(selection=wants)) for case in nets]
    remark(outcomes)
    from convcalc.report.page.view import PageView

    view = PageView(outcomes, counting, expand)
    if svg is not None:
        write_file(rendered("report", "svg", view).encode(), svg)
    if out.file is not None or svg is None:
        out.write(rendered("report", out.format, view), exact=True)
    return int(not all(outcome.ok for outcome in outcomes))
