"""Why a volume that a file repeats has no layer kind, and what says the same to be read."""

from collections.abc import Sequence

from convcalc.shapes import Shape


def repeated(name: str, shape: Shape | None, times: Sequence[int]) -> str:
    """The reason, for the operator `name` on `shape`, batch and channels first.

    `times` says how often each axis is repeated, those that the operator puts before it included.
    PyTorch's operators begin with `aten.`; what is read instead is in the same tool's words.

    >>> repeated("aten.tile", (1, 8, 1, 1), (1, 1, 16, 16))[:52]
    'aten.tile of one place over a map: a product spreads'
    >>> repeated("Tile", (1, 8, 4, 4), (1, 3, 1, 1))
    'Tile of the channels 3 times: a Concat of the volume 3 times is read'
    """
    torch = name.startswith("aten.")
    if shape is None or len(times) != len(shape) or len(shape) < 2:
        return f"{name}, which adds axes or repeats another number of them: no volume is made so"
    batch, channels, *places = times
    if batch != 1:
        return f"{name} of the batch: every image is counted alone, so leave it out for the export"
    if channels != 1 and set(places) <= {1}:
        read = f"`torch.cat([x] * {channels}, 1)` is read, as a concat"
        read = read if torch else f"a Concat of the volume {channels} times is read"
        return f"{name} of the channels {channels} times: {read}"
    if set(shape[2:]) <= {1} and channels == 1:
        spread = "`expand` that one reads" if torch else "Expand that a Mul reads"
        text = f"a product spreads it by itself and is read, as is an {spread}"
        return f"{name} of one place over a map: {text}"
    enlarged = "`interpolate`" if torch else "Resize"
    return f"{name} of a map side by side: no layer tiles, {enlarged} enlarges"


def turns(given: Shape | None, made: Shape | None) -> tuple[int, ...]:
    """How often an operator that spreads axes repeats each; () where it changes their number.

    >>> turns((1, 8, 1, 1), (1, 8, 4, 4)), turns((8,), (1, 8))
    ((1, 1, 4, 4), ())
    """
    if given is None or made is None or len(given) != len(made):
        return ()
    return tuple(to // max(size, 1) for size, to in zip(given, made, strict=True))
