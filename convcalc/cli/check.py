"""`convcalc check PATH...`: findings, and nothing else."""

from typing import TYPE_CHECKING, Any

import click

from convcalc.analysis.record import INFERENCE_ONLY
from convcalc.cli.files import spec_files
from convcalc.cli.output import output_options, palette, tell, write
from convcalc.cli.specs import chosen_settings, overrides, settings_options, spec_options
from convcalc.cli.wanted import code_options, configuration, limit_options, selection
from convcalc.findings import Finding, Severity, reaches, worst_first
from convcalc.report.findings.formats import RENDERERS, rendered
from convcalc.rules.advise import Selection

if TYPE_CHECKING:
    from convcalc.cli.batch import Result
    from convcalc.report.findings.checked import Checked

_LEVELS = (*(severity.value for severity in Severity), "never")


@click.command(
    "check",
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
@click.option("--stdin-filename", metavar="NAME", help="What findings call standard input.")
@spec_options
@settings_options
@click.option("--fix", is_flag=True, help="Offer the smallest edits that make a spec come out.")
@click.option("--write", "writes", is_flag=True, help="With --fix: make the first of them.")
@output_options(tuple(RENDERERS))
def command(
    paths: tuple[str, ...],
    format_: str,
    output: str | None,
    color: str,
    quiet: bool,
    **options: Any,
) -> int:
    """Find what is wrong in specs: files, folders of .yaml files, - or bundled names.

    Quiet when clean, but for one last line. Exits 1 if anything is wrong, 2 if a file could not
    be read. `convcalc explain CODE` has a page for every code.
    """
    if bool(paths) == bool(options["net"]):
        raise click.UsageError("name files or folders, or give --net PATTERN")
    config = configuration()
    failures: list[str] = []
    specs = spec_files(paths, config.include, failures.append)
    if options["variables"] and len(specs) > 1:
        raise click.UsageError("--set is for one SPEC")
    if options["fix"] or options["writes"]:
        from convcalc.cli.fixing import fix_all  # reads and analyzes each spec many times

        fix_all(specs, options, format_, color, quiet)
    fail_on = options["fail_on"] or config.fail_on or Severity.ERROR.value
    wanted = selection(config, options)
    checked = _checked(_results(specs, wanted, options), failures)
    checked = checked._replace(
        notes=options["notes"], fail_on=fail_on, palette=palette(color, output)
    )
    if not quiet and (checked.paths or not failures):
        write(rendered(checked, format_), output)
        left = len(checked.findings) - len(checked.shown)
        if format_ == "concise" and left and options["notes"] is None:
            tell(f"{left:,} note{'s'[left == 1 :]} left out: --notes shows them")
    kept = {f.code for f in checked.findings if f.severity is Severity.ERROR} & wanted.ignore
    if kept and not quiet:
        tell(f"errors cannot be ignored: {', '.join(sorted(kept))}")
    for message in failures:
        tell(f"Error: {message}")
    if failures:  # what could not be done outranks what was found
        return 2
    return int(any(reaches(finding, fail_on) for finding in checked.findings))


def _results(specs: list[str], wanted: Selection, options: dict[str, Any]) -> list["Result"]:
    """What came of every spec, or of the net in one line."""
    from convcalc.cli.batch import Task, check_all, check_net

    settings = chosen_settings(options)
    if "training_memory" in wanted.limits and settings.dtype in INFERENCE_ONLY:
        raise click.UsageError(f"{settings.dtype} is for inference: no --max-training-memory")
    given = overrides(options)
    task = Task(wanted, settings, given, options["trusted"], options["stdin_filename"])
    return [check_net(options["net"], task)] if options["net"] else check_all(specs, task)


def _checked(results: list["Result"], failures: list[str]) -> "Checked":
    """All findings; a spec that could not be read is a failure, and the others still count."""
    from convcalc.report.findings.checked import Checked

    findings: list[Finding] = []
    sources = {}
    read = []
    for result in results:
        if result.failure:
            failures.append(result.failure)
            continue
        read.append(result.path)
        findings.extend(result.findings)
        if result.source:
            sources[result.path] = result.source
    return Checked(worst_first(findings), tuple(read), sources)
