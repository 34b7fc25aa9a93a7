"""`convcalc diff OLD NEW`: what changed between two nets."""

from fractions import Fraction
from typing import Any

import click

from convcalc.analysis.walk import analyze
from convcalc.cli.output import output_options, palette, write
from convcalc.cli.revision import spec_at
from convcalc.cli.specs import (
    Setting,
    ShapeType,
    chosen_settings,
    network,
    overrides,
    settings_options,
)
from convcalc.difference import Allowance, difference, passed
from convcalc.network.record import Network
from convcalc.quantity import parse_count
from convcalc.spec.load import load, load_pattern
from convcalc.tree.decode import TRUSTED, Limits
from convcalc.window import Rounding

_TOTALS = (
    "layers",
    "params",
    "weights",
    "macs",
    "activations",
    "inference_memory",
    "training_memory",
)


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
            if name not in _TOTALS:
                self.fail(f"no total {name!r}: {', '.join(_TOTALS)}", param, ctx)
            most = _quantity(text.removesuffix("%").strip())
            if most is None:
                self.fail(f"{part!r}: expected a number, 5M or 5%", param, ctx)
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
  convcalc diff --base main mynet.yaml --fail-on-increase params=0,macs=5%
  convcalc diff --input 56x56x64 --net "conv7-64" --net "conv3-64 relu conv3-64 relu conv3-64"
""",
)
@click.argument("specs", nargs=-1, metavar="[OLD] [NEW]")
@click.option("--base", metavar="REV", help="OLD is the one SPEC as it was at this git revision.")
@click.option("--net", "nets", metavar="PATTERN", multiple=True, help="OLD and NEW in a line each.")
@click.option("--input", "input_", type=ShapeType(), help="Input size of both, over the files'.")
@click.option("--set", "variables", type=Setting(), multiple=True, help="Set one of NEW's vars.")
@click.option("--rounding", type=click.Choice([r.value for r in Rounding]), help="Of both nets.")
@click.option("--trusted", is_flag=True, help="Read files of any size.")
@settings_options
@click.option("--expand", is_flag=True, help="Write out every layer.")
@click.option(
    "--fail-on-increase", type=Allowances(), default=(), help="Exit 1 if one grew by more."
)
@output_options(("text", "markdown", "json"))
def command(
    specs: tuple[str, ...],
    expand: bool,
    fail_on_increase: tuple[Allowance, ...],
    format_: str,
    output: str | None,
    color: str,
    quiet: bool,
    **options: Any,
) -> int:
    """Show which layers came, went and changed, what that did downstream, and the totals.

    OLD and NEW are files, bundled names, or - for standard input.
    """
    settings = chosen_settings(options)
    before, after = (analyze(net, settings) for net in _two(specs, options))
    found = difference(before, after)
    over = passed(found, fail_on_increase)
    if not quiet:
        if format_ == "json":
            from convcalc.report.diff import json as report

            text = report.render(found, over)
        elif format_ == "markdown":
            from convcalc.report.diff import markdown

            text = markdown.render(found, over)
        else:
            from convcalc.report.diff import text as terminal

            text = terminal.render(found, over, palette(color, output), expand)
        write(text, output)
    return int(bool(over) or before.broken or after.broken)


def _two(specs: tuple[str, ...], options: dict[str, Any]) -> tuple[Network, Network]:
    """OLD and NEW, however they are named."""
    base, nets = options["base"], options["nets"]
    new = overrides(options)
    old = new._replace(variables=())
    limits = TRUSTED if options["trusted"] else Limits()
    if base is not None:
        if len(specs) != 1 or nets or specs == ("-",):
            raise click.UsageError("--base takes one SPEC, a file in a git repository")
        path, data = spec_at(base, specs[0], limits)
        return load(path, data, old, limits), network(specs[0], new, limits)
    if len(specs) + len(nets) != 2 or specs.count("-") > 1:
        raise click.UsageError("two nets, please: OLD NEW, --net twice, or --base REV SPEC")
    first, second = (
        network(spec, chosen, limits) if spec else load_pattern(net, chosen, limits)
        for spec, net, chosen in zip(
            (*specs, *[""] * len(nets)), (*[""] * len(specs), *nets), (old, new), strict=True
        )
    )
    return first, second
