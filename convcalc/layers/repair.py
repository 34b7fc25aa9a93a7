"""Repairs: the smallest change of one option that makes a window exact.

Every suggestion is run through the layer's own sizing before it is offered.
"""

from collections.abc import Callable

from convcalc.findings import Severity
from convcalc.layers.base import Roundings, SizeFinding
from convcalc.layers.nearest import exact_on_all, nearest_inputs, nearest_paddings, nearest_values
from convcalc.layers.other_way_round import fitting
from convcalc.layers.pool import AvgPool, Pool
from convcalc.layers.too_much_padding import outweighs
from convcalc.layers.window_findings import loss
from convcalc.layers.windowed import Windowed
from convcalc.shapes import Shape, axis_names, written
from convcalc.window import Rounding

_EXACT = Roundings(Rounding.EXACT, Rounding.EXACT)
_FLOOR = Roundings(Rounding.FLOOR, Rounding.FLOOR)
#: for an option: the kernel of a pool of one position, with the stride where that is the kernel
WINDOW = "window"
#: What to type for an entry that gives no options: the entry with an option of this value.
Reworded = Callable[[str, str], str]


def repairs(
    layer: Windowed,
    shape: Shape,
    strict: bool,
    before: tuple[Shape, ...] = (),
    reworded: Reworded | None = None,
    in_line: bool = False,
) -> tuple[str, ...]:
    """Help lines for a layer whose size is no integer on an input of this shape.

    Args:
        layer: the layer with its options.
        shape: what it reads.
        strict: rounding down is not yet allowed, so it is offered too.
        before: what the copies of the same entry before it read (``times``): a change of the entry
            changes them all, so it has to suit them all.
        reworded: writes the entry anew where it is a short form; '' where it is none.
        in_line: the net is one line of words: what no word says is not offered.
    """

    alone = isinstance(layer, Pool) and all(is_larger(layer, shape[:-1]))

    def typed(option: str, value: str) -> str:
        word = WINDOW if alone and option == "kernel" else option
        text = reworded(word, value) if reworded else ""
        return text if text or in_line else f"{option}: {value}"

    spatial = shape[:-1]
    first, copies = (before[0], len(before) + 1) if before else (shape, 1)
    if isinstance(layer.geometry(spatial), SizeFinding):
        return ()
    lines = [] if in_line else _exchanged(layer, first, copies)
    half = () if strict else _half(layer, first, copies, typed)
    found = dict(changes(layer, shape))
    if half and "pad" not in found:
        lines += half
    for option, values in found.items():
        offers = [
            f"`{typed(option, _value(value))}` ({written(made)})"
            for value in values
            if (made := _made(layer.replace(**{option: value}), first, copies))
            and typed(option, _value(value))
        ]
        offers = [*dict.fromkeys((*half, *offers))] if option == "pad" else offers
        same = layer.replace(pad="same")
        if option == "pad" and len(values[0]) > 1 and exact_on_all(same, spatial):
            made = _made(same, first, copies)
            if made and typed("pad", "same"):
                offers.append(f"`{typed('pad', 'same')}` ({written(made)})")
        if offers:
            lines.append(" or ".join(offers))
    sizes = nearest_inputs(layer, spatial)
    if sizes and copies == 1:
        lines.append(f"an input of {' or '.join(map(written, sizes))} to this layer")
    where = "`--rounding floor`" if in_line else _where(layer, typed("stride", "1") != "stride: 1")
    floored = _floored(layer, shape, where) if strict else ""
    return (*lines, floored) if floored else tuple(lines)


def _exchanged(layer: Windowed, shape: Shape, copies: int) -> list[str]:
    """The kernel and the filters of a window that is too large exchanged, where it fits then."""
    other = fitting(layer, shape, _EXACT)
    made = _made(other, shape, copies) if other is not None else None
    if other is None or made is None:
        return []
    was = f"kernel {layer.kernel[0]} and filters {other.kernel[0]} the other way round?"
    now = f"`filters: {layer.kernel[0]}, kernel: {other.kernel[0]}`"
    return [f"{now} ({written(made)}): {was}"]


def changes(layer: Windowed, shape: Shape) -> tuple[tuple[str, tuple[Shape, ...]], ...]:
    """For each option the nearest values that make the layer exact on an input of this shape."""
    spatial = shape[:-1]
    plan = layer.geometry(spatial)
    if isinstance(plan, SizeFinding):
        return ()
    smallest = 2 if isinstance(layer, Pool) else 1  # a pool of one position does nothing
    found = []
    for option, values in (
        ("stride", nearest_values(layer, spatial, "stride", plan.stride, 1)),
        ("pad", nearest_paddings(layer, spatial, plan.pad)),
        ("kernel", nearest_values(layer, spatial, "kernel", plan.kernel, smallest)),
    ):
        working = tuple(v for v in values if _works(layer.replace(**{option: v}), shape))
        if option == "pad":
            working = tuple(v for v in working if not outweighs(layer.replace(pad=v), spatial))
        if option == "pad" and isinstance(layer, Pool):
            if (
                isinstance(layer, AvgPool)
                and layer.count_padding
                and any(is_larger(layer, spatial))
            ):
                continue  # zeros would be averaged in
            working = tuple(v for v in working if not layer.is_too_wide(max(v), min(plan.kernel)))
        if working:
            found.append((option, working))
    return tuple(found)


def is_larger(layer: Windowed, spatial: Shape) -> list[bool]:
    """For each axis whether the window is larger than what arrives, with its padding."""
    windows = layer.windows(spatial, Rounding.EXACT)
    return [] if isinstance(windows, SizeFinding) else [w.output is None for w in windows]


def _works(layer: Windowed, shape: Shape) -> bool:
    return layer.sizing((shape,), _EXACT).accepted is not None


def _made(layer: Windowed, shape: Shape, copies: int) -> Shape | None:
    """What some copies of a layer, one after the other, make of a shape; None where one cannot."""
    made: Shape | None = shape
    for _ in range(copies):
        made = layer.sizing((made,), _EXACT).output if made and _works(layer, made) else None
    return made


def _half(layer: Windowed, shape: Shape, copies: int, typed: Reworded) -> tuple[str, ...]:
    """Half of the window as padding, where rounding down then loses padding alone."""
    pad = half_padding(layer, shape[:-1])
    made: Shape | None = shape
    for _ in range(copies if pad else 0):
        size = layer.replace(pad=pad).sizing((made,), _FLOOR) if made else None
        lost = size is None or any(f.severity is not Severity.NOTE for f in size.findings)
        made = None if size is None or lost else size.output
    text = typed("pad", _value(pad)) if pad else ""
    return (f"`{text}` ({written(made)})",) if text and made else ()


def half_padding(layer: Windowed, spatial: Shape) -> Shape | None:
    """Half of a layer's window, where it has less as padding and half is a whole number."""
    plan = layer.geometry(spatial)
    if isinstance(layer.pad, str) or isinstance(plan, SizeFinding):
        return None
    half = tuple(d * (f - 1) // 2 for f, d in zip(plan.kernel, plan.dilation, strict=True))
    odd = all(d * (f - 1) % 2 == 0 for f, d in zip(plan.kernel, plan.dilation, strict=True))
    if not odd or any(
        side > most for sides, most in zip(plan.pad, half, strict=True) for side in sides
    ):
        return None
    if isinstance(layer, Pool) and any(map(layer.is_too_wide, half, plan.kernel)):
        return None
    return half[:1] if len(set(half)) == 1 else half


def _value(sizes: Shape) -> str:
    return str(sizes[0]) if len(sizes) == 1 else "[" + ", ".join(map(str, sizes)) + "]"


def _where(layer: Windowed, in_short: bool) -> str:
    """What to type in a file for a layer to be rounded down; a short form has no options."""
    if "rounding" not in layer.__dict__:
        return "`rounding: {conv: floor}` at the top"
    return "`rounding: {pool: floor}` at the top" if in_short else "`rounding: floor`"


def _floored(layer: Windowed, shape: Shape, where: str) -> str:
    """What rounding down would give and lose, and what to type for it."""
    if "rounding" in layer.__dict__:
        layer = layer.replace(rounding=None)
    size = layer.sizing((shape,), _FLOOR)
    if size.output is None:
        return ""
    names = axis_names(len(size.windows))
    effects = [loss(w, [name]) for w, name in zip(size.windows, names, strict=True) if not w.exact]
    return f"{where} ({written(size.output)}; {'; '.join(dict.fromkeys(effects))})"
