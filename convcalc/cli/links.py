"""Files to write to, where the name leads out of a repository by a link that it brings along.

A stranger's branch may hold such a link under the name of a report, or of a spec that is edited.
One that git does not track is the user's own, as to a disk with more room, and so is one that lies
in no repository: it is followed, as `>` does.
"""

import click


def written_file(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The name of a file to write to.

    Raises:
        click.BadParameter: it leads out of a repository by a link that is committed there.
    """
    if value is None:
        return None
    from convcalc.study.links import leads_out  # most runs print

    wrong = leads_out(value)
    if wrong:
        raise click.BadParameter(wrong, ctx, param)
    return value
