"""`convcalc analyze SPEC...`: the numbers."""

import click

from convcalc.analysis.record import Analysis
from convcalc.cli.case import remark
from convcalc.cli.conventions import as_option, conventions
from convcalc.cli.gather import gathered
from convcalc.cli.output import Output, output_options
from convcalc.cli.streams import tell
from convcalc.cli.unshown import refuse_unshown
from convcalc.cli.variants import Variants, variants_options
from convcalc.findings import errors_and_warnings, worst_first
from convcalc.report.analysis.extras import Extras
from convcalc.report.analysis.view import AnalysisView
from convcalc.report.formats import formats
from convcalc.study.family import family, named, studied
from convcalc.study.unreadable import all_studied


def _listed(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (value or "").split(",") if word.strip())


extras_options = gathered(
    "extras",
    Extras,
    click.option("--timeline", is_flag=True, help="Live bytes layer by layer, as a profile."),
    click.option(
        "--arena", is_flag=True, help="Plan inference's volumes into one block of memory."
    ),
    click.option(
        "--im2col", is_flag=True, help="The workspace of each convolution as a matrix product."
    ),
    click.option(
        "--columns", callback=_listed, metavar="NAME,...", help="Which columns, in this order."
    ),
    click.option("--sort", default="", metavar="NAME", help="Rows by a column, the largest first."),
)


@click.command(
    "analyze",
    epilog="""\b
Examples:
  convcalc analyze vgg16
  convcalc analyze mynet.yaml --input 384x384x3 --format json
  convcalc analyze resnet18 resnet50 resnet50-v1
  convcalc analyze resnet50 --as all
  convcalc analyze vgg16 --format notes
  convcalc analyze vgg11 vgg13 vgg16-c vgg16 vgg19 --side-by-side
  convcalc analyze wrn --set depth=16,28,40 --set width=1..8 --batch 128
  convcalc analyze vgg16 --columns layer,output,weights,macs --sort weights
  convcalc analyze --input 32x32x3 --net "INPUT -> [[CONV -> RELU]*N -> POOL?]*M -> FC"
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC...")
@variants_options
@click.option("--expand", is_flag=True, help="One line a layer: do not fold blocks.")
@extras_options
@as_option
@click.option(
    "--side-by-side",
    "beside",
    is_flag=True,
    help="Several nets as a table: a column a net, rows aligned by stage.",
)
@output_options(formats("analyze"))
def command(
    specs: tuple[str, ...],
    variants: Variants,
    expand: bool,
    extras: Extras,
    counted_as: str | None,
    beside: bool,
    out: Output,
) -> int:
    """Size every layer and tally activations, parameters, MACs and receptive fields.

    SPEC is a file, - for standard input, or the name of a bundled net.
    """
    extras = extras._replace(conventions=conventions(counted_as, variants.given.trusted, out))
    if beside and out.format not in formats("analyze --side-by-side"):
        raise click.UsageError("--side-by-side is a table for text")
    if extras.columns or extras.sort:
        _check_columns(out.format, extras)
    bases = variants.bases(specs, out)
    nets = tuple(case for base in bases for case in variants.of(base))
    listed = tuple(one for net in nets for one in family(net) or (net,))
    several = len(nets) > len(bases)
    is_family = several or len(listed) > len(nets)
    outcomes = studied(listed) if len(listed) > len(nets) else all_studied(nets)
    if out.format != "json":  # whose findings are in the report, beside sizes that are unknown
        for outcome in outcomes:
            outcome.as_asked()
    longest = max(outcomes, key=lambda outcome: len(outcome.remark))  # of a family, all defaults
    remark([longest] if is_family and len(bases) == 1 else outcomes, out)
    if variants.axes:
        from convcalc.sweep.idle import idle_axes

        for note in idle_axes(variants.axes, outcomes[0].findings):
            out.tell(f"Note: {note}")
    title = variants.given.net or outcomes[0].network.name or outcomes[0].network.source.path
    short = is_family and len(bases) == 1 and (beside or out.format == "text")
    subject = _subject(beside, is_family and out.format == "text", counted_as)
    asked = extras._asdict() | {"expand": expand, "as": counted_as}
    refuse_unshown(subject, out.format, asked, any(one.limits_memory for one in outcomes))
    analyses = [named(outcome, short) for outcome in outcomes]
    out.show(subject, AnalysisView.of(analyses, extras, expand, title, several))
    if out.format == "csv" and not out.quiet:  # which has no place for them
        _tell_findings(analyses)
    return int(not all(outcome.ok for outcome in outcomes))


def _check_columns(form: str, extras: Extras) -> None:
    from convcalc.report.analysis.columns import UnknownColumnError, check_columns

    try:
        check_columns(form, extras)
    except UnknownColumnError as error:
        raise click.UsageError(str(error)) from error


def _subject(beside: bool, listed: bool, counted_as: str | None) -> str:
    """Which table of renderers answers."""
    if beside:
        return "analyze --side-by-side"
    if listed:
        return "analyze --net FAMILY"
    return "analyze --as all" if counted_as and "all" in counted_as.split(",") else "analyze"


def _tell_findings(analyses: list[Analysis]) -> None:
    """Errors and warnings on stderr, a line each."""
    from convcalc.report.findings.concise import concise  # a sound net has no use for it

    for line in concise(
        worst_first(errors_and_warnings(f for a in analyses for f in a.findings))
    ).splitlines():
        tell(line)
