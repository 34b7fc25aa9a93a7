"""`convcalc check PATH...`: findings, and nothing else."""

import click

from convcalc.analysis.settings import INFERENCE_ONLY, Settings
from convcalc.cli.case import cases
from convcalc.cli.gather import Once
from convcalc.cli.options import SpecOptions, settings_options, several_sizes_options
from convcalc.cli.output import Output, output_options, tell
from convcalc.cli.progress import Progress
from convcalc.cli.wanted import Wanted, code_options, configuration, limit_options, selection
from convcalc.findings import Severity, reaches
from convcalc.report.findings.checked import Checked
from convcalc.report.formats import formats
from convcalc.rules.advise import Selection
from convcalc.shapes import Shape
from convcalc.study.check import check
from convcalc.study.errors import LoadError
from convcalc.study.files import spec_files
from convcalc.study.load import Text, standard_input
from convcalc.study.outcome import Case


class _CheckCommand(click.Command):
    """``--write`` takes a number or none: ``--write`` alone is ``--write=1``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _numbered(args))


def _numbered(args: list[str]) -> list[str]:
    """The words of a command line with the number of ``--write`` attached to it."""
    end = args.index("--") if "--" in args else len(args)
    found: list[str] = []
    words = iter(enumerate(args[:end]))
    for at, word in words:
        if word != "--write":
            found.append(word)
        elif at + 1 < end and args[at + 1].isascii() and args[at + 1].isdigit():
            found.append(f"--write={next(words)[1]}")
        else:
            found.append("--write=1")
    return found + args[end:]


_LEVELS = (*(severity.value for severity in Severity), "never")


@click.command(
    "check",
    cls=_CheckCommand,
    epilog="""\b
Examples:
  convcalc check architectures/
  convcalc check --format concise --fail-on warning nets/*.yaml
  convcalc check --max-params 5M --ignore CC208 mynet.yaml
  convcalc check --input 32x32x3 --net "[conv3-32 relu pool2]*2 fc-10"
  convcalc check --max-training-memory 12GiB --batch 64 --optimizer adam mynet.yaml
""",
)
@click.argument("paths", nargs=-1, metavar="PATH...")
@limit_options
@code_options
@click.option(
    "--notes/--no-notes", default=None,
    help="Write notes out in full. Without it text counts them, briefly tells those of one spec, "
    "and concise, github, junit, gitlab and markdown leave them out; json and sarif always "
    "hold them.",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(_LEVELS), help="Exit 1 from this severity on  [default: error]"
)
@click.option(
    "--stdin-filename", cls=Once, metavar="NAME", help="What findings call standard input."
)
@several_sizes_options
@settings_options
@click.option("--fix", is_flag=True, help="Offer the smallest edits that make a spec valid.")
@click.option("--all", "every", is_flag=True, help="With --fix: list all of them.")
@click.option(
    "--write", "number", cls=Once, type=click.IntRange(min=1), metavar="[N]",
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
    inputs: tuple[Shape, ...],
    given: SpecOptions,
    settings: Settings,
    fix: bool,
    every: bool,
    number: int | None,
    out: Output,
) -> int:
    """Find what is wrong in specs: files, folders of .yaml files, - or bundled names.

    Quiet when clean, but for one last line. Exits 1 if anything is wrong, 2 if a file could not
    be read. `convcalc explain CODE` has a page for every code.
    """
    if bool(paths) == bool(given.net):
        raise click.UsageError("name files or folders, or give --net PATTERN")
    config = configuration()
    failures: list[str] = []
    specs = spec_files(paths, config.include, failures.append)
    if not fix and (number or every):
        raise click.UsageError(f"{'--write' if number else '--all'} goes with --fix")
    if number is not None and number > 1 and len(specs) > 1:
        raise click.UsageError("--write N goes with one spec: the numbers are those of its list")
    chosen = selection(config, wanted, limits)
    if "training_memory" in chosen.limits and settings.dtype in INFERENCE_ONLY:
        raise click.UsageError(f"{settings.dtype} is for inference: no --max-training-memory")
    if len(inputs) > 1 and "-" in specs:
        raise click.UsageError("standard input can be read once: one --input")
    asked = [
        case
        for size in dict.fromkeys(inputs) or (None,)
        for case in _cases(
            specs, given._replace(input=size), settings, chosen, stdin_filename, failures
        )
    ]
    if fix:
        from convcalc.cli.fixing import fix_all  # reads and analyzes each spec many times

        fix_all(specs, given.trusted, number, every, out)
    with Progress("checking", len(asked)) as progress:
        found = check(asked, progress.done)
    for remark in found.remarks:
        tell(remark)
    failures += found.failures
    level = fail_on or config.fail_on or Severity.ERROR.value
    checked = Checked(found.findings, found.paths, found.sources, notes, level)
    if checked.paths or not failures:
        _write(checked, out)
    kept = {f.code for f in checked.findings if f.severity is Severity.ERROR} & chosen.ignore
    if kept and not out.quiet:
        tell(f"errors cannot be ignored: {', '.join(sorted(kept))}")
    for message in failures:
        tell(f"Error: {message}")
    if failures:  # what could not be done outranks what was found
        return 2
    return int(any(reaches(finding, level) for finding in checked.findings))


def _cases(
    specs: list[str],
    given: SpecOptions,
    settings: Settings,
    chosen: Selection,
    stdin_filename: str | None,
    failures: list[str],
) -> list[Case]:
    """A case for every spec, or for the net in one line."""
    if not specs and given.net is None:
        return []
    found = []
    for case in cases(tuple(specs), given, settings):
        subject = case.subject
        if subject == "-" and stdin_filename:
            try:
                subject = Text(stdin_filename, standard_input(given.limits))
            except LoadError as error:
                failures.append(str(error))
                continue
        found.append(case._replace(subject=subject, selection=chosen))
    return found


def _write(checked: Checked, out: Output) -> None:
    if out.quiet:
        return
    out.show("check", checked)
    left = len(checked.findings) - len(checked.shown)
    if out.format == "concise" and left and checked.notes is None:
        tell(f"{left:,} note{'s'[left == 1 :]} left out: --notes shows them")
