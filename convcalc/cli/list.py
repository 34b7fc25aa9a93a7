"""`convcalc list`: the bundled nets."""

import click

from convcalc import zoo
from convcalc.cli.output import palette, write


@click.command("list")
@click.option("--plain", is_flag=True, help="Names only, one per line.")
@click.option("--kinds", is_flag=True, help="The layer kinds with their options instead.")
def command(plain: bool, kinds: bool) -> None:
    """Name the bundled networks, with what each is and where it was published."""
    if kinds:
        from convcalc.report.catalogue.kinds import kinds_text

        write(kinds_text(palette("auto", None)), None)
        return
    if plain:
        write("\n".join((*zoo.names(), "")), None)
        return
    from convcalc.report.catalogue.nets import catalogue
    from convcalc.study.outcome import Case, study

    nets = ((name, study(Case(name)).analysis) for name in zoo.names())
    write(catalogue(nets, palette("auto", None)), None)
