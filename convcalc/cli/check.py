"""`convcalc check PATH...`: findings, and nothing else."""

import os
from typing import TYPE_CHECKING

import click

from convcalc.cli.gather import Once, OneOf, OptionalNumber, Whole, WithNumbers
from convcalc.cli.output import Output, failed, output_options
from convcalc.cli.progress import Progress
from convcalc.cli.streams import tell
from convcalc.cli.variants import Variants, exact_variants_options
from convcalc.cli.wanted import Wanted, code_options, configuration, limit_options, selection
from convcalc.config import Config, Matrix
from convcalc.findings import LEVELS, Severity, reaches
from convcalc.quantity import counted
from convcalc.report.findings.checked import SUMMED, UNNAMED, Checked, not_checked, notes_in_full
from convcalc.report.formats import formats
from convcalc.rules.advise import Selection
from convcalc.spec.document import Overrides
from convcalc.study.check import check, refuse_idle
from convcalc.study.errors import LoadError
from convcalc.study.failure import Failure, failure_of
from convcalc.study.files import spec_files
from convcalc.study.load import Subject, Text, standard_input
from convcalc.study.matching import Matching
from convcalc.study.outcome import Case
from convcalc.study.passed_over import PassedOver, passed_over

if TYPE_CHECKING:
    from convcalc.sweep.axes import Axis


@click.command(
    "check",
    cls=WithNumbers,
    epilog="""\b
Examples:
  convcalc check architectures/
  convcalc check --format concise --fail-on warning nets/*.yaml
  convcalc check --max-params 5M --ignore CC208 mynet.yaml
  convcalc check --input 32x32x3 --net "[conv3-32 relu pool2]*2 fc-10"
  convcalc check --max-training-memory 12GiB --batch 64 --optimizer adam mynet.yaml
  convcalc check --input 224x224x3,384x384x3 --set width=16..64/16 mynet.yaml
""",
)
@click.argument("paths", nargs=-1, metavar="PATH...")
@limit_options
@code_options
@click.option(
    "--notes/--no-notes", default=None,
    help="Write notes out in full. Without it text counts them, names those of a single spec, "
    "and concise, github, junit, gitlab and markdown leave them out; json and sarif always "
    "hold them.",
)  # fmt: skip
@click.option(
    "--fail-on", type=OneOf(LEVELS), help="Exit 1 from this severity on  [default: error]"
)
@click.option(
    "--stdin-filename", cls=Once, metavar="NAME", help="Name of standard input in findings."
)
@exact_variants_options
@click.option("--fix", is_flag=True, help="Offer the smallest edits that make a spec valid.")
@click.option("--all", "every", is_flag=True, help="With --fix: list all of them.")
@click.option(
    "--write", "number", cls=OptionalNumber, alone=0, type=Whole(1), metavar="[N]",
    help="With --fix: make the first of them, or number N.",
)  # fmt: skip
@output_options(formats("check"))
def command(
    paths: tuple[str, ...],
    limits: dict[str, int],
    wanted: Wanted,
    notes: bool | None,
    fail_on: str | None,
    stdin_filename: str | None,
    variants: Variants,
    fix: bool,
    every: bool,
    number: int | None,
    out: Output,
) -> int:
    """Find what is wrong in specs: files, folders of .yaml files, - or bundled names.

    Quiet when clean, except for one last line. Exits 1 if anything is wrong, 2 if a file could not
    be read. `convcalc explain CODE` has a page for every code.
    """
    given = variants.given
    if bool(paths) == bool(given.net):
        included = not paths and bool(configuration().include)
        here = " (`convcalc check .` checks what `include` in pyproject.toml names)" * included
        raise click.UsageError(f"name files or folders{here}, or give --net PATTERN")
    if stdin_filename is not None and "-" not in paths:
        raise click.UsageError("--stdin-filename names what - reads: give - too")
    config = configuration()
    failures: list[Failure] = []
    left_out: list[str] = []
    matching = Matching()
    walks: list[PassedOver] = []
    specs = spec_files(
        paths, config.include, failures.append, left_out=left_out.append, matching=matching,
        walks=walks,
    )  # fmt: skip
    if not fix and (number is not None or every):
        raise click.UsageError(f"{'--all' if number is None else '--write'} goes with --fix")
    if number is not None and number > 1 and len(specs) > 1:
        raise click.UsageError("--write N goes with one spec: the numbers are those of its list")
    if fix and (given.net is not None or given.overrides != Overrides() or variants.axes):
        raise click.UsageError(
            "--fix repairs a file as it is written: leave out --net, --input, --set, --rounding "
            "and lists of settings"
        )
    level = fail_on or config.fail_on or Severity.ERROR.value
    full = notes_in_full(out.format, notes, level)
    chosen = selection(config, wanted, limits)._replace(notes_in_full=full)
    asked = _cases(specs, variants, config, chosen, stdin_filename, failures, matching)
    refuse_idle(asked)
    if fix:
        from convcalc.cli.fixing import fix_all  # reads and analyzes each spec many times

        same = fix_all(specs, given.trusted, number, every, chosen, out)
        if same is not None and [case.overrides for case in asked] == [Overrides()]:
            asked = [asked[0]._replace(subject=same)]
    with Progress("checking", out.quiet) as progress:
        found = check(asked, progress.show)
    for remark in found.remarks:
        out.tell(remark)
    passed = passed_over(walks, paths) if specs else ""  # else a failure has it
    if passed:
        out.tell(f"Note: {passed}")
    failures += found.failures
    outside = len(set(map(os.path.normpath, left_out)) - set(map(os.path.normpath, specs)))
    checked = Checked(
        found.findings,
        found.paths,
        found.sources,
        notes,
        level,
        found.variants,
        outside,
        found.given_input,
        _unmatched(config.matrix, paths, specs),
        tuple(failures),
    )
    if checked.paths or not failures or out.format not in UNNAMED:
        _write(checked, out)
    kept = {f.code for f in checked.findings if f.severity is Severity.ERROR} & chosen.ignore
    if kept:
        out.tell(f"errors cannot be ignored: {', '.join(sorted(kept))}")
    for one in failures:
        tell(f"Error: {one.message}")
    if failures:  # what could not be done outranks what was found
        return 2
    return int(any(reaches(finding, level) for finding in checked.findings))


def _cases(
    specs: list[str],
    variants: Variants,
    config: Config,
    chosen: Selection,
    stdin_filename: str | None,
    failures: list[Failure],
    matching: Matching,
) -> list[Case]:
    """A case for every variant of every spec, or of the net in one line."""
    given = variants.given
    if not specs and given.net is None:
        return []
    found: list[Case] = []
    stated = _Stated(config.matrix, matching)
    for case in variants.bases(tuple(specs)):
        subject = case.subject
        if subject == "-":  # which can be read once
            subject = Text(stdin_filename or "<stdin>", b"")
            try:
                subject = subject._replace(data=standard_input(given.limits))
            except LoadError as error:
                failures.append(failure_of(subject, str(error)))
                continue
        own = case._replace(subject=subject, selection=chosen, asked=variants.named)
        found += variants.of(own, stated(subject))
    return found


class _Stated:
    """The axes that the configuration states for a spec; those of a matrix are read once."""

    def __init__(self, matrices: tuple[Matrix, ...], matching: Matching) -> None:
        self._matrices = tuple(enumerate(matrices))
        self._matching = matching
        self._axes: dict[int, tuple[Axis, ...]] = {}

    def __call__(self, subject: Subject) -> "tuple[Axis, ...]":
        if not isinstance(subject, str):
            return ()
        first = next((m for m in self._matrices if self._matching(subject, m[1].files)), None)
        if first is None:
            return ()
        from convcalc.sweep.axes import AxisError
        from convcalc.sweep.combinations import stated_axes

        number, matrix = first
        try:
            if number not in self._axes:
                self._axes[number] = stated_axes(matrix.axes)
        except AxisError as error:
            raise failed(f"[tool.convcalc] matrix: {error}") from error
        return self._axes[number]


def _unmatched(
    matrices: tuple[Matrix, ...], paths: tuple[str, ...], specs: list[str]
) -> tuple[str, ...]:
    """What to say of matrices that apply to no file, where a folder is checked."""
    if not matrices or not any(map(os.path.isdir, paths)):
        return ()
    from convcalc.study.unmatched import unmatched

    return unmatched(matrices, specs)


def _write(checked: Checked, out: Output) -> None:
    out.show("check", checked)
    if out.quiet:
        return
    left = len(checked.findings) - len(checked.shown)
    if out.format not in SUMMED:
        for text in not_checked(checked):
            tell(f"Note: {text}")
    if out.format == "concise" and left and checked.notes is None:
        tell(f"{counted(left, 'note')} left out: --notes shows them")
