"""`convcalc demo`: a convolution, number by number."""

import os
import sys

import click

from convcalc.cli.case import one_case
from convcalc.cli.gather import Once
from convcalc.cli.options import SpecOptions, spec_options
from convcalc.cli.output import Output, output_options
from convcalc.explain.position import parse_position
from convcalc.study.demo import demonstrate

_SPEC = "convolution-demo"


def _position(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, ...]:
    """``2,3,1`` as the place of an output."""
    found = parse_position(value) if value is not None else ()
    if found is None:
        raise click.BadParameter("the place of an output, such as 2,3,1", ctx, param)
    return found


@click.command(
    "demo",
    epilog="""\b
Examples:
  convcalc demo
  convcalc demo --input 6x6x1 --net "conv3-2p0"
  convcalc demo mynet.yaml conv2
  convcalc demo --input 5x1 --net conv3-1 --array 1,2,-1,1,-3 --weights 1,0,-1
  convcalc demo --input 4x4x1 --net pool2
  convcalc demo vgg16 conv2_1 --at 100,50,7
  convcalc demo mynet.yaml conv1 --array image.npy --weights net.npz
""",
)
@click.argument("words", nargs=-1, metavar="[SPEC [LAYER]]")
@click.option("--seed", type=int, default=231, show_default=True, help="The random seed.")
@click.option(
    "--array",
    cls=Once,
    metavar="N,...|FILE",
    help="The input's numbers, channels fastest, or a file of them: text or .npy.",
)
@click.option(
    "--weights",
    cls=Once,
    metavar="N,...|FILE",
    help="The filters' numbers, or a file: text, .npy, or a state_dict.",
)
@click.option(
    "--at",
    cls=Once,
    callback=_position,
    metavar="I,J,K",
    help="Show a large layer from this output on.",
)
@spec_options
@output_options(("text",))
def command(
    words: tuple[str, ...],
    seed: int,
    array: str | None,
    weights: str | None,
    at: tuple[int, ...],
    given: SpecOptions,
    out: Output,
) -> None:
    """Step through a convolution or a pool: the window, the filter, the products, the sum.

    The notes' demo (5x5x3, two 3x3 filters, stride 2, padding 1), or a layer of your own, such as a
    transposed convolution; only part of a large one is shown. Keys step, go back and jump; page up
    and down scroll on a small terminal. Piped, it prints every sum as plain text.
    """
    from convcalc.report.demo.text import sums

    own = given.net is None
    specs, layers = (words[:1] or (_SPEC,), words[1:]) if own else ((), words)
    if len(layers) > 1:
        raise click.UsageError("one layer at a time")
    case = one_case(specs, given)
    shown = demonstrate(case, layers[0] if layers else None, seed, array, weights, at)
    if out.file is not None or not (
        sys.stdin is not None
        and sys.stdin.isatty()
        and sys.stdout.isatty()
        and os.environ.get("TERM") != "dumb"  # nothing can be drawn in place there
    ):
        out.write(sums(shown, out.palette().width))
        return
    from convcalc.cli.demo_screen import show

    show(shown, out)
