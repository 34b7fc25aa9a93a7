"""`convcalc list`: the bundled nets."""

import click

from convcalc import zoo


@click.command("list")
@click.option("--plain", is_flag=True, help="Names only, one a line.")
@click.option("--kinds", is_flag=True, help="The layer kinds with their options instead.")
def command(plain: bool, kinds: bool) -> None:
    """Name the bundled networks, with what each is and where it was published."""
    if kinds:
        from convcalc.cli.output import palette
        from convcalc.report.catalogue.kinds import kinds_text

        click.echo(kinds_text(palette("auto", None)), nl=False)
        return
    if plain:
        click.echo("\n".join(zoo.names()))
        return
    from convcalc.cli.output import palette
    from convcalc.report.catalogue.nets import catalogue
    from convcalc.study.outcome import Case, study

    nets = ((name, study(Case(name)).analysis) for name in zoo.names())
    click.echo(catalogue(nets, palette("auto", None)), nl=False)
