"""Options that environment variables give: ``CONVCALC_CHECK_MAX_PARAMS`` for `check --max-params`.

Loaded only where the environment has such a name.
"""

import os
from collections.abc import Collection, Iterator, Sequence

import click
from click.core import ParameterSource

from convcalc.cli.streams import tell
from convcalc.findings import plain
from convcalc.suggest import nearest

PREFIX = "CONVCALC_"
#: Names for all commands.
_SHARED = ("CONVCALC_FORMAT", "CONVCALC_DEBUG")
_MOST_NAMED = 5


def named(command: str, options: click.Command, ctx: click.Context) -> None:
    """Let every option of a command be given by its own name, as it is typed, but ``--help``."""
    help = options.get_help_option(ctx)
    if help is not None:
        help.allow_from_autoenv = False
    for option, names in _options(command, options):
        before = [option.envvar] if isinstance(option.envvar, str) else option.envvar or ()
        option.envvar = [*dict.fromkeys([*before, *names])]


def tell_unknown(command: str, options: click.Command, commands: Collection[str]) -> None:
    """Say which variables give nothing, those of other commands aside."""
    known = set(_SHARED)
    for option, names in _options(command, options):
        known.update([*names, _name(command, option.name or "")])
    others = tuple(_name(other, "") for other in commands if other != command)
    given = (name for name in os.environ if name.startswith(PREFIX))
    unknown = sorted(name for name in given if name not in known and not name.startswith(others))
    for name in unknown[:_MOST_NAMED]:
        hint = _hint(name, command, known)
        tell(f"Note: {plain(name[:100])} in the environment gives nothing: {hint}")
    if len(unknown) > _MOST_NAMED:
        tell(f"Note: {len(unknown) - _MOST_NAMED:,} more CONVCALC_ names there give nothing")


def with_variable(error: click.BadParameter) -> click.BadParameter:
    """The error about a value, which names the variable that gave it."""
    option, ctx = error.param, error.ctx
    if isinstance(option, click.Option) and ctx is not None and option.name:
        names = [option.envvar] if isinstance(option.envvar, str) else option.envvar or ()
        given = next((name for name in names if os.environ.get(name)), option.name)
        if ctx.get_parameter_source(option.name) is ParameterSource.ENVIRONMENT:
            error.param_hint = f"{given} in the environment"
    return error


def _hint(name: str, command: str, known: set[str]) -> str:
    own = _name(command, name.removeprefix(PREFIX))
    words = {one.removeprefix(PREFIX): one for one in sorted(known)}
    close = own if own in known else words.get(nearest(name.removeprefix(PREFIX), words, 0.75), "")
    typed = f"{_name(command, 'max_params')} is `{command} --max-params`"
    example = typed if _name(command, "max_params") in known else "CONVCALC_FORMAT is `--format`"
    return f"did you mean {close}?" if close else f"{example}, for instance"


def _options(command: str, options: click.Command) -> Iterator[tuple[click.Option, Sequence[str]]]:
    """The options of a command, and the names of variables that are as they are typed.

    `--no-notes` has none: ``CONVCALC_CHECK_NOTES=0`` says it.
    """
    for option in options.params:
        if isinstance(option, click.Option) and option.allow_from_autoenv:
            typed = [word[2:] for word in option.opts if word.startswith("--")]
            yield option, [_name(command, word) for word in typed]


def _name(command: str, word: str) -> str:
    return f"{PREFIX}{command}_{word}".replace("-", "_").upper()
