"""`convcalc sizes SPEC`: the inputs that a net takes."""

from typing import Any

import click

from convcalc.cli.faulty import faulty, without_layers
from convcalc.cli.output import failed, output_options, palette, write
from convcalc.cli.specs import networks, spec_options
from convcalc.shapes import LARGEST_SIZE, Shape, written

_MOST = 100_000  #: sizes that one call judges
_FAR = 512  #: from here on the default range lies around the net's own size


class RangeType(click.ParamType[range]):
    """N or A..B on the command line."""

    name = "N|A..B"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> range:
        if isinstance(value, range):
            return value
        first, _, last = str(value).partition("..")
        last = last or first
        if not all(part.isascii() and part.isdigit() and len(part) < 11 for part in (first, last)):
            self.fail(f"{value!r} is no size such as 224 or 200..300", param, ctx)
        if not 1 <= int(first) <= int(last) <= LARGEST_SIZE:
            self.fail(f"{value!r} runs from 1 upwards, as 200..300", param, ctx)
        return range(int(first), int(last) + 1)


@click.command(
    "sizes",
    epilog="""\b
Examples:
  convcalc sizes vgg16
  convcalc sizes mynet.yaml --from 200 --to 300
  convcalc sizes vgg16 --height 224 --width 200..300 --format json
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC")
@click.option(
    "--from", "first", type=click.IntRange(1, LARGEST_SIZE), help="Smallest square input."
)
@click.option("--to", "last", type=click.IntRange(1, LARGEST_SIZE), help="Largest square input.")
@click.option("--height", type=RangeType(), help="Heights of inputs that are not square.")
@click.option("--width", type=RangeType(), help="Widths of inputs that are not square.")
@spec_options
@output_options(("text", "json"))
def command(
    specs: tuple[str, ...],
    first: int | None,
    last: int | None,
    height: range | None,
    width: range | None,
    format_: str,
    output: str | None,
    color: str,
    quiet: bool,
    **options: Any,
) -> None:
    """List the input sizes that come out exactly, those accepted, and who forbids the others.

    Square inputs up to twice the net's own by default; --height and --width for others.
    """
    from convcalc.report.sizes import text as report
    from convcalc.sizes.legal import sizes_of, square_sizes
    from convcalc.sizes.resize import UnfinishedNetError

    if len(specs) > 1:
        raise click.UsageError("one SPEC at a time")
    network = networks(specs, options)[0]
    if without_layers(network):
        raise faulty(network, color)
    own = network.steps[0].output or ()
    if len(own) < 2:
        raise failed(f"the input {written(own) or '?'} has no spatial size to change")
    square = height is None and width is None
    try:
        if square:
            sizes = _range(first, last, max(own[:-1]))
            _bounded(len(sizes))
            found = square_sizes(network, sizes[0], sizes[-1])
            asked = f"inputs of {sizes[0]} to {sizes[-1]} positions, the same on every axis"
        else:
            if first is not None or last is not None:
                raise click.UsageError("--from and --to are for square inputs")
            heights, widths = _sides(own, height, width)
            _bounded(len(heights) * len(widths))
            found = sizes_of(network, ((h, w) for h in heights for w in widths))
            asked = f"inputs of height {_told(heights)}, width {_told(widths)}"
    except UnfinishedNetError as error:
        raise faulty(network, color) from error
    if format_ == "json":
        text = report.sizes_json(network, found, square)
    else:
        text = report.sizes_text(network, found, asked, square, palette(color, output))
    if not quiet:
        write(text, output)


def _range(first: int | None, last: int | None, own: int) -> range:
    if first is None:
        first = 1 if own <= _FAR else own - _FAR
        first = min(first, last) if last is not None else first
    if last is None:
        last = max(own + min(own, _FAR), first)
    if last < first:
        raise click.UsageError(f"--from {first} is above --to {last}")
    return range(first, last + 1)


def _sides(own: Shape, height: range | None, width: range | None) -> tuple[range, range]:
    if len(own) != 3:
        raise click.UsageError(f"--height and --width need an input HxWxC, it is {written(own)}")
    rows, columns = own[0], own[1]
    return height or range(rows, rows + 1), width or range(columns, columns + 1)


def _bounded(number: int) -> None:
    if number > _MOST:
        raise failed(f"that is {number:,} sizes: ask for {_MOST:,} at most")


def _told(sizes: range) -> str:
    return str(sizes[0]) if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
