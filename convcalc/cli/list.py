"""`convcalc list`: the bundled nets."""

import click

from convcalc import zoo
from convcalc.cli.output import failed, palette, write

_NAMED = 8  #: nets that a refusal names


def _asked_for(word: str) -> click.ClickException:
    """The refusal of a word: the nets that have it in their names, or the nearest one."""
    names = [name for name in zoo.names() if word.lower() in name]
    names.sort(key=lambda name: (name != word.lower(), not name.startswith(word.lower())))
    if not names:
        from convcalc.suggest import nearest

        names = [*filter(None, [nearest(word, zoo.names())])]
    listed = f"{', '.join(names[:_NAMED])}{', ...' * (len(names) > _NAMED)}"
    found = (
        f"there is {listed}; `convcalc show {names[0]}` prints one" if names else "none is like it"
    )
    return failed(f"`convcalc list` names all nets and takes no {word[:60]!r}: {found}")


@click.command("list", context_settings={"allow_extra_args": True})
@click.option("--plain", is_flag=True, help="Names only, one per line.")
@click.option("--kinds", is_flag=True, help="The layer kinds with their options instead.")
def command(plain: bool, kinds: bool) -> None:
    """Name the bundled networks, with what each is and where it was published."""
    words = click.get_current_context().args
    if words and kinds:
        one = "`convcalc explain KIND` has one, such as `convcalc explain conv`"
        raise failed(f"`convcalc list --kinds` takes no {words[0][:60]!r}: {one}")
    if words:
        raise _asked_for(words[0])
    if kinds:
        from convcalc.layers import BY_NAME
        from convcalc.report.catalogue.kinds import kinds_text

        if plain:
            write("\n".join((*BY_NAME, "")), None)
            return
        write(kinds_text(palette("auto", None)), None)
        return
    if plain:
        write("\n".join((*zoo.names(), "")), None)
        return
    from convcalc.report.catalogue.nets import catalogue
    from convcalc.study.bundled import bundled

    nets = ((name, bundled(name)) for name in zoo.names())
    write(catalogue(nets, palette("auto", None)), None)
