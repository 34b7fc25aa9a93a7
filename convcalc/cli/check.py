"""`convcalc check PATH...`: findings, and nothing else."""

import os
from typing import TYPE_CHECKING, Any

import click

from convcalc.analysis.record import INFERENCE_ONLY
from convcalc.cli.files import spec_files
from convcalc.cli.output import Command, failed, output_options, palette, write
from convcalc.cli.specs import chosen_settings, settings_options
from convcalc.config import Config, ConfigError, load_config, wanted_codes
from convcalc.findings import Finding, Severity, reaches, worst_first
from convcalc.limits import LIMITS
from convcalc.report.formats import RENDERERS, rendered
from convcalc.rules.advise import Selection
from convcalc.spec.quantity import parse_bytes

if TYPE_CHECKING:
    from convcalc.report.checked import Checked

_LEVELS = (*(severity.value for severity in Severity), "never")


class Quantity(click.ParamType[int]):
    """A count such as 5M or bytes such as 12GiB on the command line."""

    name = "QUANTITY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        assert param is not None, "a quantity is an option's"
        number = value if isinstance(value, int) else LIMITS[_limited(param)](str(value))
        if number is None:
            sample = "12GiB" if param.metavar == "BYTES" else "5M"
            self.fail(f"{value!r} is no quantity such as {sample}", param, ctx)
        return number


_LIMIT_HELP = {
    "params": "Most learned parameters, such as 5M.",
    "macs": "Most multiply-accumulates an image.",
    "activations": "Most activations an image.",
    "inference_memory": "Highest peak of inference, such as 80MB, with --batch.",
    "training_memory": "Highest peak of a training step, such as 12GiB, with --batch.",
}


def limit_options(function: Command) -> Command:
    """--max-params and the like, one for everything that can be limited."""
    for key in reversed(LIMITS):
        metavar = "BYTES" if LIMITS[key] is parse_bytes else "COUNT"
        name = f"--max-{key}".replace("_", "-")
        option = click.option(name, type=Quantity(), metavar=metavar, help=_LIMIT_HELP[key])
        function = option(function)
    return function


def _limited(param: click.Parameter) -> str:
    return str(param.name).removeprefix("max_")


@click.command(
    "check",
    epilog="""\b
Examples:
  convcalc check architectures/
  convcalc check --format concise --fail-on warning nets/*.yaml
  convcalc check --max-params 5M --ignore CC208 mynet.yaml
  convcalc check --max-training-memory 12GiB --batch 64 --optimizer adam mynet.yaml
""",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@limit_options
@settings_options
@click.option("--select", metavar="CODES", help="Only these below errors: CC2,large-kernel.")
@click.option("--ignore", metavar="CODES", help="None of these: CC105,CC2.")
@click.option("--no-advice", is_flag=True, help="No rules of thumb (CC2xx).")
@click.option(
    "--notes/--no-notes", default=None,
    help="Write notes out in full, or not at all (default: briefly for one spec).",
)  # fmt: skip
@click.option(
    "--fail-on", type=click.Choice(_LEVELS), help="Exit 1 from this severity on  [default: error]"
)
@click.option("--stdin-filename", metavar="NAME", help="What findings call standard input.")
@click.option("--trusted", is_flag=True, help="Read files of any size.")
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
    config = _config()
    failures: list[str] = []
    specs = spec_files(paths, config.include, failures.append)
    if options["fix"] or options["writes"]:
        from convcalc.cli.fixing import fix_all  # reads and analyzes each spec many times

        fix_all(specs, options, format_, color, quiet)
    fail_on = options["fail_on"] or config.fail_on or Severity.ERROR.value
    checked = _checked(specs, _selection(config, options), options, failures)
    checked = checked._replace(
        notes=options["notes"], fail_on=fail_on, palette=palette(color, output)
    )
    if not quiet and (specs or not failures):
        write(rendered(checked, format_), output)
    for message in failures:
        failed(message).show()
    if failures:  # what could not be done outranks what was found
        return 2
    return int(any(reaches(finding, fail_on) for finding in checked.findings))


def _config() -> Config:
    try:
        return load_config(os.curdir)
    except ConfigError as error:
        raise failed(str(error)) from error


def _selection(config: Config, options: dict[str, Any]) -> Selection:
    """What is wanted: the command line's word over the configuration's."""
    given = {}
    for name in ("select", "ignore"):
        text = options[name]
        words = tuple(filter(None, (text or "").replace(",", " ").split()))
        try:
            given[name] = wanted_codes(words) if text is not None else getattr(config, name)
        except ValueError as error:
            raise failed(f"--{name}: {error}") from error
    limits = dict(config.limits)
    limits.update({k: options[f"max_{k}"] for k in LIMITS if options[f"max_{k}"] is not None})
    advice = config.advice and not options["no_advice"]
    return Selection(given["select"], given["ignore"], advice, config.tuning, limits)


def _checked(
    specs: list[str], selection: Selection, options: dict[str, Any], failures: list[str]
) -> "Checked":
    """Check every spec; one that cannot be read is a failure, and the others still count."""
    from convcalc.cli.batch import Task, check_all
    from convcalc.report.checked import Checked

    settings = chosen_settings(options)
    if selection.limits.get("training_memory") is not None and settings.dtype in INFERENCE_ONLY:
        raise click.UsageError(f"{settings.dtype} is for inference: no --max-training-memory")
    task = Task(selection, settings, options["trusted"], options["stdin_filename"])
    results = check_all(specs, task)
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
