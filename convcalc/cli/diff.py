"""`convcalc diff OLD NEW`: what changed between two nets."""

import os
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from convcalc.analysis.settings import Settings
from convcalc.cli.case import remark, says
from convcalc.cli.conventions import as_option, conventions
from convcalc.cli.faulty import refuse_errors
from convcalc.cli.gather import Once, gathered
from convcalc.cli.options import (
    SpecOptions,
    exact_settings_options,
    input_option,
    rounding_option,
    set_option,
    trusted_option,
)
from convcalc.cli.output import Output, output_options
from convcalc.cli.streams import tell
from convcalc.cli.wanted import configuration
from convcalc.difference.record import Allowance
from convcalc.quantity import parse_bytes, parse_count
from convcalc.report.diff.view import DiffView
from convcalc.report.formats import formats
from convcalc.study.diff import TOTALS, diff
from convcalc.study.linked import refuse_led
from convcalc.study.load import Pattern, Subject
from convcalc.study.nested import Bases
from convcalc.study.outcome import Case
from convcalc.study.revision import spec_at
from convcalc.suggest import nearest
from convcalc.zoo import convention_labels

if TYPE_CHECKING:
    from convcalc.counting.record import Convention


class Allowances(click.ParamType[tuple[Allowance, ...]]):
    """``params=0,macs=5%`` on the command line."""

    name = "TOTAL=MOST,..."

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Allowance, ...]:
        if isinstance(value, tuple):
            return value
        found = []
        for part in str(value).split(","):
            name, _, text = (piece.strip() for piece in part.partition("="))
            if name not in TOTALS and name not in convention_labels():
                known = f"{', '.join(TOTALS)}, or a convention such as fvcore"
                close = nearest(name, TOTALS)
                self.fail(f"no total {name!r}: {f'did you mean {close}?' if close else known}",
                          param, ctx)  # fmt: skip
            most = _quantity(text.removesuffix("%").strip())
            given = parse_bytes(text) if most is None and name.endswith("_memory") else None
            most = most if given is None else Fraction(given)
            if most is None:
                more = ", 10MB" if name.endswith("_memory") else ""
                self.fail(f"{part!r}: expected a number, 5M{more} or 5%", param, ctx)
            found.append(Allowance(name, most, text.endswith("%")))
        return tuple(found)


def _quantity(text: str) -> Fraction | None:
    number = parse_count(text)
    if number is not None:
        return Fraction(number)
    whole, point, decimals = text.partition(".")
    if point and whole.isdigit() and decimals.isdigit() and len(text) < 20 and text.isascii():
        return Fraction(text)
    return None


@click.command(
    "diff",
    epilog="""\b
Examples:
  convcalc diff vgg16 vgg19
  convcalc diff resnet50 resnext50 --as fvcore,torchinfo
  convcalc diff --base main mynet.yaml --fail-on-increase params=0,macs=5%
  convcalc diff --base main nets/ --format markdown
  convcalc diff net.yaml model.onnx --fail-on-difference
  convcalc diff --input 56x56x64 --net conv7-64 --net "[conv3-64 relu]*3"
""",
)
@click.argument("specs", nargs=-1, metavar="[OLD] [NEW]")
@click.option(
    "--base",
    cls=Once,
    metavar="REV",
    help="OLD is the SPEC as it was at this git revision; folders: every spec that has changed.",
)
@click.option(
    "--net",
    "nets",
    metavar="PATTERN",
    multiple=True,
    help="A net in one line, as OLD or NEW: the SPECs come first, then each --net in turn.",
)
@gathered("given", SpecOptions, input_option, set_option, rounding_option, trusted_option)
@exact_settings_options
@click.option("--expand", is_flag=True, help="Write out every layer.")
@click.option(
    "--fail-on-increase",
    cls=Once,
    type=Allowances(),
    default=(),
    help="Exit 1 if one grew by more.",
)
@click.option(
    "--fail-on-difference", is_flag=True, help="Exit 1 if anything differs but layers' names."
)
@as_option
@output_options(formats("diff"))
def command(
    specs: tuple[str, ...],
    base: str | None,
    nets: tuple[str, ...],
    given: SpecOptions,
    settings: Settings,
    expand: bool,
    fail_on_increase: tuple[Allowance, ...],
    fail_on_difference: bool,
    counted_as: str | None,
    out: Output,
) -> int:
    """Show which layers were added, removed and changed, what follows from it, and the totals.

    OLD and NEW are files, bundled names, or - for standard input. With --base and a folder, or
    several files, one table has all specs that have changed. Exits 1 where a total grew by more
    than allowed, where --fail-on-difference finds one, or where a current spec has errors, 2 where
    one could not be read.
    """
    counting = conventions(counted_as, given.trusted, out)
    if base is not None and (len(specs) > 1 or any(map(_is_folder_or_gone, specs))):
        asked = Asked(base, specs, given, settings, fail_on_increase, counting, fail_on_difference)
        return _several(asked, nets, expand, out)
    old, new = _two(specs, base, nets, given, settings, out)
    past = base is not None
    found = diff(old, new, fail_on_increase, past, counting, fail_on_difference)
    remark([found.before, found.after], out, training=True)
    out.show("diff", DiffView(found.difference, [*found.exceeded], expand, found.notes))
    if not found.past:
        refuse_errors(found.before)
    elif not found.before.ok:
        tell(f"{found.before.network.source.path} has errors: what can be compared is shown")
    refuse_errors(found.after)
    if fail_on_difference and not found.difference.none:
        tell("Error: the nets differ")
    return int(not found.ok)


class Asked(NamedTuple):
    """What several specs are compared by."""

    base: str
    paths: tuple[str, ...]
    given: SpecOptions
    settings: Settings
    allowances: tuple[Allowance, ...]
    counting: "tuple[Convention, ...]"
    strict: bool


def _is_folder_or_gone(path: str) -> bool:
    """Whether it may be several specs: a folder, or what is there no more."""
    return os.path.isdir(path) or (path != "-" and not os.path.lexists(path))


def _several(asked: Asked, nets: tuple[str, ...], expand: bool, out: Output) -> int:
    """Every spec that has changed since a revision, in one table."""
    from convcalc.process import collect_seldom
    from convcalc.report.changes.view import ChangesView
    from convcalc.study.changes import changes
    from convcalc.study.configured import include_since

    given = asked.given
    if nets or "-" in asked.paths:
        raise click.UsageError("--base takes files and folders of a git repository")
    if given.variables:
        raise click.UsageError("--set is for one SPEC")

    def case(subject: Subject) -> Case:
        return Case(subject, asked.settings, given.overrides, trusted=given.trusted)

    collect_seldom()
    include = include_since(asked.base, configuration())
    found = changes(
        asked.base, asked.paths, case, asked.allowances, asked.counting,
        include.patterns, given.trusted, asked.strict, include.notes,
    )  # fmt: skip
    if found.specs or found.same or not found.failures or out.format != "text":
        out.show("diff --base FOLDER", ChangesView(found, expand))
    for message in found.failures:
        tell(f"Error: {message}")
    if asked.strict and not all(change.compared and change.ok for change in found.specs):
        tell("Error: specs differ")
    return 2 if found.failures else int(not found.ok)


def _two(
    specs: tuple[str, ...],
    base: str | None,
    nets: tuple[str, ...],
    given: SpecOptions,
    settings: Settings,
    out: Output,
) -> tuple[Case, Case]:
    """OLD and NEW, however they are named; --set is for NEW."""
    if base is not None:
        if len(specs) != 1 or nets or specs == ("-",):
            raise click.UsageError("--base takes SPECs: files and folders of a git repository")
        bases = Bases(base).checked(specs)
        refuse_led(bases)
        subjects: tuple[Subject, ...] = (spec_at(bases[specs[0]], specs[0], given.limits), specs[0])
    else:
        if len(specs) + len(nets) != 2 or specs.count("-") > 1:
            raise click.UsageError("diff needs two nets: OLD NEW, --net twice, or --base REV SPEC")
        if given.variables and nets:
            raise click.UsageError("--set is for the vars of a SPEC: --net has none")
        subjects = (*specs, *map(Pattern, nets))
    old = given._replace(variables=())
    first, second = (
        Case(subject, settings, own.overrides, trusted=given.trusted, stand_in=says(out))
        for subject, own in zip(subjects, (old, given), strict=True)
    )
    return first, second
