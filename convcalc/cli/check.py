"""`convcalc check PATH...`: findings, and nothing else."""

import os

import click

from convcalc.analysis.walk import analyze
from convcalc.cli.output import failed, output_options, palette, write
from convcalc.cli.specs import network
from convcalc.findings import Finding, Severity
from convcalc.memory.budgets import judged
from convcalc.spec.document import Overrides
from convcalc.spec.source import TRUSTED, Limits, Source

_LEVELS = (*(s.value for s in Severity), "never")


@click.command(
    "check",
    epilog="""\b
Examples:
  convcalc check architectures/
  convcalc check --format concise --fail-on warning nets/*.yaml
""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--notes", is_flag=True, help="Show notes too, not only errors and warnings.")
@click.option(
    "--fail-on", type=click.Choice(_LEVELS), default="error", show_default=True,
    help="Exit 1 from this severity on.",
)  # fmt: skip
@click.option("--trusted", is_flag=True, help="Read files of any size.")
@output_options(("text", "concise", "json"))
def command(
    paths: tuple[str, ...],
    notes: bool,
    fail_on: str,
    trusted: bool,
    format_: str,
    output: str | None,
    color: str,
    quiet: bool,
) -> int:
    """Find what is wrong in specs: files, folders of .yaml files, - or bundled names.

    Quiet when clean, but for one last line. Exits 1 if anything is wrong.
    """
    findings: list[Finding] = []
    sources: dict[str, Source] = {}
    specs = [spec for path in paths for spec in spec_files(path)]
    for spec in specs:
        found = network(spec, Overrides(), TRUSTED if trusted else Limits())
        sources[found.source.path] = found.source
        findings.extend(judged(analyze(found)).findings)
    if not quiet:
        write(_rendered(findings, sources, len(specs), notes, format_, color, output), output)
    levels = list(_LEVELS)
    fails = any(levels.index(f.severity.value) <= levels.index(fail_on) for f in findings)
    return 1 if fails and fail_on != "never" else 0


def spec_files(path: str) -> list[str]:
    """The specs below a folder in a fixed order, links not followed; a file stands for itself."""
    if path == "-" or not os.path.isdir(path):
        return [path]
    found = []
    for folder, folders, files in os.walk(path):
        folders.sort()
        found += [os.path.join(folder, f) for f in sorted(files) if f.endswith((".yaml", ".yml"))]
    if not found:
        raise failed(f"no .yaml files in {path}")
    return found


def _rendered(
    findings: list[Finding],
    sources: dict[str, Source],
    checked: int,
    notes: bool,
    format_: str,
    color: str,
    output: str | None,
) -> str:
    if format_ == "json":
        from convcalc.report.jsons import findings_json

        return findings_json(findings, checked)
    shown = [f for f in findings if notes or f.severity is not Severity.NOTE]
    if format_ == "concise":
        from convcalc.report.concise import concise

        return concise(shown)
    from convcalc.report.findings_text import check_text

    return check_text(shown, findings, sources, checked, palette(color, output))
