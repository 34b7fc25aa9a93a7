"""`convcalc sizes SPEC`: the inputs that a net takes."""

from typing import Any

import click

from convcalc.cli.case import one_case, remark
from convcalc.cli.faulty import refuse_errors
from convcalc.cli.gather import Whole, gathered
from convcalc.cli.options import SpecOptions, spec_options
from convcalc.cli.output import Output, output_options
from convcalc.cli.progress import Progress
from convcalc.report.formats import formats
from convcalc.report.sizes.view import SizesView
from convcalc.shapes import LARGEST_SIZE
from convcalc.study.sizes import Range, sizes


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
            self.fail(f"{value!r} is not a size such as 224 or 200..300", param, ctx)
        if not 1 <= int(first) <= int(last) <= LARGEST_SIZE:
            least, most = sorted((int(first), int(last)))
            wrong = f"a range goes up, such as {least}..{most}"
            if least < 1 or most > LARGEST_SIZE:
                wrong = f"sizes go from 1 to {LARGEST_SIZE:,}"
            self.fail(f"{value!r}: {wrong}", param, ctx)
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
@gathered(
    "asked",
    Range,
    click.option("--from", "first", type=Whole(1, LARGEST_SIZE), help="Smallest square input."),
    click.option("--to", "last", type=Whole(1, LARGEST_SIZE), help="Largest square input."),
    click.option("--height", type=RangeType(), help="Heights of inputs that are not square."),
    click.option("--width", type=RangeType(), help="Widths of inputs that are not square."),
)
@spec_options
@output_options(formats("sizes"))
def command(specs: tuple[str, ...], asked: Range, given: SpecOptions, out: Output) -> None:
    """List the input sizes that are exact, those accepted, and which layer rejects each other size.

    Square inputs up to twice the net's own by default; --height and --width for others.

    Of several inputs the first with a spatial size varies, and with it those of the same size; the
    others are held at theirs.
    """
    case = one_case(specs, given, out=out)
    with Progress("sizes", out.quiet) as progress:
        sized = sizes(case, asked, progress.show)
    remark([sized.outcome], out)
    view = SizesView(sized.outcome.network, sized.found, sized.asked, sized.square)
    out.show("sizes", view)
    refuse_errors(sized.outcome)
