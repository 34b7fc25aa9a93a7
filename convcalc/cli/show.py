"""`convcalc show NAME`: a bundled spec as it is written."""

import click

from convcalc import zoo
from convcalc.cli.endings import suited
from convcalc.cli.links import written_file
from convcalc.cli.output import failed, write_spec


@click.command("show")
@click.argument("name")
@click.option(
    "-o", "--output", metavar="FILE", callback=written_file, help="Write to a file instead."
)
def command(name: str, output: str | None) -> None:
    """Print the spec of a bundled network, to read or to start from."""
    if zoo.find(name) is None:
        from convcalc.suggest import nearest

        close = nearest(name, zoo.names())
        hint = f"did you mean {close}?" if close else "`convcalc list` names them"
        raise failed(f"no bundled net {name!r}: {hint}")
    suited(output, "yaml")
    write_spec(zoo.copy(name).decode("utf-8"), output)
