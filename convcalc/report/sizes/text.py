"""Text of `sizes`: what a net accepts, and which layer rejects the rest."""

import textwrap

from convcalc.findings import plain
from convcalc.layers.pool import Pool
from convcalc.layers.reshape import Reshape
from convcalc.network.record import INPUT, Network, Step
from convcalc.report.drawing.columns import Column, hung, lay_out, titled
from convcalc.report.drawing.palette import PLAIN, Palette
from convcalc.report.sizes.view import SizesView
from convcalc.shapes import LARGEST_SIZE, Shape, elements, written
from convcalc.sizes.legal import MOST, LegalSizes, Objector
from convcalc.sizes.resize import inputs_with, resizable, with_inputs
from convcalc.window import Rounding

_RUNS = 5  #: runs of sizes that a line names


def render(view: SizesView, palette: Palette = PLAIN) -> str:
    """What fits, and for what does not, the layer where it fails first."""
    network, found, asked, square = view
    name = plain(network.name or network.source.path)
    resized = resizable(network)
    own = network.steps[resized].output or ()
    lines = [*titled(name, asked, palette), ""]
    rows = [("exact", _listed(found.exact, square) + _every(found))]
    if found.accepted != found.exact:
        rows.append(("accepted", f"{_listed(found.accepted, square)} ({_rounded(network)})"))
    if found.minimum is not None:
        rows.append(("smallest", written((*found.minimum, own[-1]))))
    elif found.accepted:  # of a long net few sizes are searched for it
        rows.append(("smallest", "not found so far down: `--from 1` looks at all"))
    else:
        rows.append(("smallest", f"none {'of these ' if square else ''}is accepted"))
    rows.append(("its own", f"{written(own)}: {_verdict(found)}"))
    going, held = inputs_with(network, resized)
    if len(going) + len(held) > 1:
        names = " and ".join(plain(step.name) for step in going)
        rows.append(("varied", f"{names}, together" if len(going) > 1 else names))
    if held:
        names = ", ".join(f"{plain(step.name)} {written(step.output or ())}" for step in held)
        rows.append(("held", names))
    if found.mixed:
        rows.append(("not square", "each axis may take any of the exact sizes"))
    elif square and len(set(own[:-1])) > 1:
        rows.append(("not square", _not_tried(own)))
    wide = max(len(label) for label, _ in rows)
    for label, text in rows:
        head = f"{label:{wide}}  "
        lines += hung(head, text, palette.width, painted=palette.paint(head, "bold"))
    for title, group in (
        ("forbidden, by the first layer that fails", found.forbidden),
        ("accepted but rounded, by the first layer that does", found.rounded),
    ):
        if group:
            lines += ["", palette.paint(title, "bold"), *_table(group, square, palette)]
    fc = _reads_volume(network, own)
    if fc is not None:
        text = f"{plain(network.steps[fc].name)} reads the whole volume: at another size it has "
        text += "other weights"
        if _larger_as_convs(network, fc):
            text += " (`convcalc convert --fc-to-conv` keeps them at larger ones)"
        lines += ["", *textwrap.wrap(text, palette.width or 100)]
    return "\n".join(lines) + "\n"


def _rounded(network: Network) -> str:
    """How convs round, and how pools do: some may have a rounding of their own."""
    roundings = network.roundings
    pools = (step.layer for step in network.steps if isinstance(step.layer, Pool))
    found = {pool.rounding_under(roundings) for pool in pools} or {roundings.pool}
    words = " and ".join(rounding.value for rounding in Rounding if rounding in found)
    return f"conv {roundings.conv.value}, pool {words}"


def _reads_volume(network: Network, own: Shape) -> int | None:
    """The first fc after more than one position: its weights know the size.

    Not behind an adaptive pool or a resize to a size, which give the same at twice the input `own`.
    """
    found = [i for i, step in enumerate(network.steps) if _has_positions(network, step)]
    if not found:
        return None
    twice = tuple(min(2 * side, LARGEST_SIZE) for side in own[:-1])
    shapes = {i: s.output or () for i, s in enumerate(network.steps) if s.kind == INPUT}
    going = {i: (*twice, shape[-1]) for i, shape in shapes.items() if shape[:-1] == own[:-1]}
    larger = with_inputs(network, going).steps
    reads = [(i, network.steps[i].inputs[0]) for i in found]
    return next((i for i, at in reads if larger[at].output != network.steps[at].output), None)


def _has_positions(network: Network, step: Step) -> bool:
    shape = network.steps[step.inputs[0]].output if step.kind == "fc" and step.inputs else None
    return shape is not None and elements(shape[:-1]) > 1


def _larger_as_convs(network: Network, fc: int) -> bool:
    """Whether the net takes larger inputs with each fc as a conv: the scores are a map then."""
    from convcalc.convert import CannotConvertError, planned

    behind = {fc}
    for index, step in enumerate(network.steps):
        if behind.isdisjoint(step.inputs):
            continue
        behind.add(index)
        if len(step.inputs) > 1 or isinstance(step.layer, Reshape):  # they ask for one size
            return False
    try:
        planned(network)
    except CannotConvertError:
        return False
    return True


def _not_tried(own: Shape) -> str:
    """How a net whose own input is not square is asked for inputs that are not."""
    if len(own) != 3:  # height and width alone have options
        return f"sizes such as its own {written(own[:-1])} were not tried"
    rows, columns = own[:-1]
    wide, high = (min(2 * side, MOST) for side in (columns, rows))
    return (
        f"not tried: `--width 1..{wide}` keeps its height of {rows}, "
        f"`--height 1..{high}` its width of {columns}"
    )


def _every(found: LegalSizes) -> str:
    return f" (every {found.step})" if found.step and found.step > 1 and found.exact else ""


def _verdict(found: LegalSizes) -> str:
    own = found.own
    if own is not None and own.exact:
        return "exact"
    return "accepted, not exact" if own is not None and own.accepted else "forbidden"


def _table(group: tuple[Objector, ...], square: bool, palette: Palette) -> list[str]:
    columns = (
        Column("layer"),
        Column("sizes", right=True),
        Column("which", rank=1),
        Column("for instance", wraps=True),
    )
    rows = [
        (
            objector.layer,
            str(len(objector.sizes)),
            _listed(objector.sizes, square),
            f"{_one(objector.example, square)}: {plain(objector.reason)}",
        )
        for objector in group
    ]
    return lay_out(columns, rows, palette)


def _one(spatial: Shape, square: bool) -> str:
    return str(spatial[0]) if square else written(spatial)


def _listed(sizes: tuple[Shape, ...], square: bool) -> str:
    """Sizes in few words: runs as ``63..66``, long lists by their beginning and end.

    >>> _listed(((1,), (2,), (3,), (7,)), True)
    '1..3, 7'
    """
    if not sizes:
        return "none"
    if not square:
        parts = [written(size) for size in sizes]
    else:
        runs: list[list[int]] = []
        for size, *_ in sizes:
            if runs and size == runs[-1][1] + 1:
                runs[-1][1] = size
            else:
                runs.append([size, size])
        parts = [str(a) if a == b else f"{a}..{b}" for a, b in runs]
    if len(parts) > _RUNS + 1:
        parts = [*parts[: _RUNS - 2], "...", parts[-1]]
    return ", ".join(parts)
