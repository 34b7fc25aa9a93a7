"""`convcalc demo`: a convolution, number by number."""

import sys

import click

from convcalc.cli.case import one_case
from convcalc.cli.gather import Once
from convcalc.cli.keys import pressed
from convcalc.cli.options import SpecOptions, spec_options
from convcalc.cli.output import Output, output_options
from convcalc.demo.numbers import Demo
from convcalc.escape import plain_report
from convcalc.explain.position import parse_position
from convcalc.study.demo import demonstrate

_SPEC = "convolution-demo"
KEYS = "space or n: next   b: back   number and Enter: jump   q: quit"
_NEXT = {" ", "n", "l", "j", "\r", "\n", "\x1b[C", "\x1b[B", "\xe0M", "\xe0P"}
_BACK = {"b", "p", "h", "k", "\x7f", "\x08", "\x1b[D", "\x1b[A", "\xe0K", "\xe0H"}
_QUIT = {"q", "Q", "\x1b", "\x04"}


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
@click.option("--seed", type=int, default=231, show_default=True, help="Other numbers.")
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
    transposed convolution; of a large one a part is shown. Keys step, go back and jump. Piped, it
    prints every sum as plain text.
    """
    from convcalc.report.demo.text import sums

    own = given.net is None
    specs, layers = (words[:1] or (_SPEC,), words[1:]) if own else ((), words)
    if len(layers) > 1:
        raise click.UsageError("one layer at a time")
    case = one_case(specs, given)
    shown = demonstrate(case, layers[0] if layers else None, seed, array, weights, at)
    if out.file is not None or not (
        sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    ):
        out.write(sums(shown, out.palette().width))
        return
    _play(shown, out)


def _play(shown: Demo, out: Output) -> None:
    """Show one step after another as the keys say; the terminal stays as it was at the end."""
    from convcalc.report.demo.text import frame

    at, last, typed = 0, len(shown.positions) - 1, ""
    colours = out.palette()
    while True:
        keys = f"{KEYS}{f'   to step {typed}' if typed else ''}"
        click.clear()
        click.echo(plain_report(frame(shown, at, colours, keys)), nl=False, color=True)
        for key in pressed(click.getchar()):  # pasted or typed fast, several come at once
            at, typed = stepped(at, last, key, typed)
            if at < 0:
                return


def stepped(at: int, last: int, key: str, typed: str) -> tuple[int, str]:
    """Where a key leads, and the digits typed so far; -1 to quit."""
    if key.isdigit() and key.isascii():
        return at, (typed + key)[:6]
    if typed and key in {"\r", "\n", "g"}:
        return min(max(int(typed) - 1, 0), last), ""
    if typed and key in {"\x7f", "\x08"}:
        return at, typed[:-1]
    if key in _QUIT:
        return -1, ""
    if key in _NEXT:
        return min(at + 1, last), ""
    if key in _BACK:
        return max(at - 1, 0), ""
    return at, ""
