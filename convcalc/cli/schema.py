"""`convcalc schema`: the JSON Schema of specs, for editors."""

import click

from convcalc.cli.endings import suited
from convcalc.cli.links import written_file
from convcalc.cli.output import write


@click.command("schema")
@click.option(
    "-o", "--output", metavar="FILE", callback=written_file, help="Write to a file instead."
)
def command(output: str | None) -> None:
    """Print the JSON Schema (draft-07) of specs.

    Editors use it through a first line such as
    `# yaml-language-server: $schema=convcalc-1.json`.
    """
    from convcalc.schema import schema_text

    suited(output, "json")
    write(schema_text(), output)
