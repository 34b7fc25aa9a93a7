"""Files to write to, where the name leads out of a repository by a link that it brings along.

A stranger's branch may hold such a link under the name of a report, or of a spec that is edited.
One that git does not track is the user's own, as to a disk with more room, and so is one that lies
in no repository: it is followed, as `>` does.
"""

import os

import click


def written_file(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The name of a file to write to.

    Raises:
        click.BadParameter: it leads out of a repository by a link that is committed there.
    """
    wrong = "" if value is None else leads_out(value)
    if wrong:
        raise click.BadParameter(wrong, ctx, param)
    return value


def leads_out(name: str) -> str:
    """Why a file may not be written to: its name leads out by a committed link; else ''."""
    from convcalc.study.links import leading_out  # most runs print

    link = leading_out(name)
    if not link:
        return ""
    shown = name if os.path.abspath(name) == link else f"{name}: {link}"
    return (
        f"{shown} is a link that the repository brings along, to a file outside of it: "
        f"name {os.path.realpath(name)} itself"
    )
