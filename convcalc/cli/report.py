"""`convcalc report SPEC... -o page.html`: nets, or a sweep's rows, as a page for a browser."""

import sys
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from convcalc.analysis.settings import Settings
from convcalc.cli.case import cases, remark
from convcalc.cli.conventions import as_option, conventions
from convcalc.cli.endings import suited
from convcalc.cli.gather import Once, refuse_others
from convcalc.cli.gather import given as given_here
from convcalc.cli.links import written_file
from convcalc.cli.options import SpecOptions, settings_options, spec_options
from convcalc.cli.output import Output, output_options, write_file
from convcalc.cli.wanted import Wanted, code_options, configuration, selection
from convcalc.report.formats import formats, rendered
from convcalc.study.outcome import Outcome, study
from convcalc.study.same_file import refuse_same_file
from convcalc.sweep.table import holds_rows, table

if TYPE_CHECKING:
    from convcalc.verify.record import Verification

#: What means something for rows too.
_FOR_ROWS = {"specs", "svg", "pareto", "format", "file", "color", "quiet"}
#: What means something for the picture of a graph.
_OF_PICTURE = ("svg", "expand", "input", "net", "variables", "rounding", "trusted")


@click.command(
    "report",
    epilog="""\b
Examples:
  convcalc report resnet50 -o resnet50.html
  convcalc report resnet18 resnet50 mynet.yaml --batch 32 --optimizer adam -o nets.html
  convcalc report mynet.yaml --as fvcore,thop -o mynet.html
  convcalc report unet --svg unet.svg -o unet.html
  convcalc report resnet50 --measure -o resnet50.html
  convcalc report rows.parquet --pareto params,-macs -o rows.html
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC...")
@click.option(
    "--svg", cls=Once, metavar="FILE", callback=written_file,
    help="Write the graph as SVG too, or alone.",
)  # fmt: skip
@click.option(
    "--pareto",
    cls=Once,
    metavar="[-]NAME,...",
    help="For rows of a sweep: what is best small, or large with -.",
)
@click.option("--expand", is_flag=True, help="Open all blocks of the graph.")
@click.option("--measure", is_flag=True, help="Run each net with NumPy: where its time goes.")
@as_option
@code_options
@spec_options
@settings_options
@output_options(formats("report"))
def command(
    specs: tuple[str, ...],
    svg: str | None,
    pareto: str | None,
    expand: bool,
    measure: bool,
    counted_as: str | None,
    wanted: Wanted,
    given: SpecOptions,
    settings: Settings,
    out: Output,
) -> int:
    """Write one page that opens in a browser without a network: graph, layers, memory, findings.

    The graph's blocks open and close, the table sorts and filters, the memory of a training step
    is shown moment by moment. All tools' counts are in it; --as chooses some. Exits 1 where a net
    has errors, which the page shows. --measure runs one image with NumPy, as verify does, and adds
    the time of each layer on this machine, not on a GPU. The rows of a sweep (.csv, .jsonl,
    .parquet) have their own page: a scatter plot with the front, parallel coordinates, filters.
    """
    suited(svg, "svg", "--svg")
    refuse_same_file(svg, specs)
    if svg is None and out.file is None and sys.stdout.isatty():
        raise click.UsageError("a page is a file for a browser: name it with -o page.html")
    if any(map(holds_rows, specs)):
        return _rows(specs, svg, pareto or "", out)
    if pareto is not None:
        raise click.UsageError("--pareto is for the rows of a sweep: .csv, .jsonl or .parquet")
    if svg is not None and out.file is None:
        if given_here("format"):
            raise click.UsageError("--format is for the page: name it with -o page.html")
        refuse_others("--svg without a page: name it with -o page.html", *_OF_PICTURE)
    counting = conventions("all" if counted_as is None else counted_as, given.trusted, out)
    wants = selection(configuration(), wanted, {})
    nets = cases(specs, given, settings, out)
    outcomes = [study(case._replace(selection=wants)).as_asked() for case in nets]
    remark(outcomes, out)
    runs = _measured(outcomes, out) if measure else ()
    from convcalc.report.page.view import PageView

    _write("report", PageView(outcomes, counting, expand, runs), svg, out)
    return int(not all(outcome.ok for outcome in outcomes))


def _measured(outcomes: list[Outcome], out: Output) -> "tuple[Verification, ...]":
    """The times of the nets: each runs once."""
    from convcalc.cli.progress import Progress
    from convcalc.study.measured import measured

    with Progress("measuring", out.quiet) as progress:
        return measured(outcomes, progress.show, out.tell)


def _rows(specs: tuple[str, ...], svg: str | None, pareto: str, out: Output) -> int:
    """The page of a file of rows."""
    from convcalc.report.rows.view import RowsView

    if len(specs) > 1:
        raise click.UsageError("rows of a sweep have their own page: one file at a time")
    context = click.get_current_context()
    for parameter in context.command.params:
        name = str(parameter.name)
        given = context.get_parameter_source(name)
        if name not in _FOR_ROWS and given in (ParameterSource.COMMANDLINE, None):
            raise click.UsageError(f"{parameter.opts[0]} is for nets: {specs[0]} holds rows")
    _write("report ROWS", RowsView(table(specs[0]), pareto), svg, out)
    return 0


def _write(subject: str, view: object, svg: str | None, out: Output) -> None:
    """The picture, the page, or both."""
    if svg is not None:
        write_file(rendered(subject, "svg", view).encode(), svg)
    if out.file is not None or svg is None:
        out.write(rendered(subject, out.format, view), exact=True)
