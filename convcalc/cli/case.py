"""The cases that a command line names: SPEC arguments or --net, and what is set over them."""

from collections.abc import Iterable

import click

from convcalc.analysis.settings import Settings
from convcalc.cli.options import SpecOptions
from convcalc.cli.output import Output
from convcalc.findings import plain
from convcalc.study.load import Pattern
from convcalc.study.outcome import Case, Outcome

_DEFAULT = Settings()


def cases(
    specs: tuple[str, ...],
    given: SpecOptions,
    settings: Settings = _DEFAULT,
    out: Output | None = None,
) -> list[Case]:
    """One case a net, in order; `out` is of commands that say the `remark` of what they load.

    Raises:
        click.UsageError: none is named, or what is given cannot be meant together.
    """
    if given.net is not None:
        if specs:
            raise click.UsageError("give either SPEC or --net, not both")
        return [Case(Pattern(given.net), settings, given.overrides, trusted=given.trusted)]
    if not specs:
        raise click.UsageError(
            "no SPEC: a file, - for stdin, a bundled name (see `convcalc list`), or --net PATTERN"
        )
    if len(specs) > 1 and given.variables:
        raise click.UsageError("--set is for one SPEC")
    if specs.count("-") > 1:
        raise click.UsageError("- is given twice, and standard input can be read once")
    case = Case("", settings, given.overrides, trusted=given.trusted, stand_in=says(out))
    return [case._replace(subject=spec) for spec in specs]


def says(out: Output | None) -> bool:
    """Whether a command that is given another net than was typed can say so."""
    return out is not None and not out.quiet


def one_case(
    specs: tuple[str, ...],
    given: SpecOptions,
    settings: Settings = _DEFAULT,
    out: Output | None = None,
) -> Case:
    """The one case; `out` as for `cases`.

    Raises:
        click.UsageError: none is named, or several.
    """
    if len(specs) > 1:
        raise click.UsageError(f"one SPEC at a time, not {' and '.join(map(plain, specs[:4]))}")
    case = cases(specs, given, settings, out)[0]
    if given.net is not None and set("?*") & set(given.net):
        from convcalc.study.family import family  # for patterns of the notes alone

        nets = family(case)
        if nets:
            text = f"the pattern stands for {len(nets)} nets, `analyze` lists them"
            raise click.UsageError(f"{text}: choose one with --set N=2, POOL instead of POOL?")
    return case


def remark(outcomes: Iterable[Outcome], out: Output, training: bool = False) -> None:
    """Say on stderr where a net came from, where that is not what was typed.

    `training` asks for whose training is an estimate, too, where no line of the answer says so.
    """
    outcomes = [*outcomes]
    said = [outcome.remark for outcome in outcomes]
    said += [outcome.training_remark for outcome in outcomes] if training else []
    for text in filter(None, dict.fromkeys(said)):
        out.tell(text)
