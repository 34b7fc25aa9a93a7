"""Files to write to, where the name leads out of a repository by a link that it brings along.

A stranger's branch may hold such a link under the name of a report, or of a spec that is edited.
One that git does not track is the user's own, as to a disk with more room, and so is one that lies
in no repository: it is followed, as `>` does.
"""

import click


def written_file(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The name of a file to write to.

    Raises:
        click.BadParameter: it is `-`, which is a stream wherever a spec is read, or
            leads out of a repository by a link that is committed there.
    """
    if value is None:
        return None
    if not value:
        raise click.BadParameter("an empty name is no file", ctx, param)
    if value == "-":
        stream = "leave it out for standard output, or " if param.opts[0] == "-o" else ""
        text = f"`-` is no file: {stream}give a file's name (`./-` is a file that is called so)"
        raise click.BadParameter(text, ctx, param)
    from convcalc.study.links import leads_out  # most runs print

    wrong = leads_out(value)
    if wrong:
        raise click.BadParameter(wrong, ctx, param)
    return value
