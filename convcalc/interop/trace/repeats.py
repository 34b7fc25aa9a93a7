"""Why a volume that a file repeats has no layer kind, and what says the same to be read."""

from collections.abc import Sequence

from convcalc.shapes import Shape


def repeated(name: str, shape: Shape | None, times: Sequence[int]) -> str:
    """The reason, for the operator `name` on `shape`, batch and channels first.

    `times` says how often each axis is repeated, those that the operator puts before it included.

    >>> repeated("repeat", (1, 8, 1, 1), (1, 1, 16, 16))
    'repeat of one place over a map: a product spreads it by itself, and `expand` is read, too'
    """
    if shape is None or len(times) != len(shape) or len(shape) < 2:
        return f"{name}, which adds axes or repeats another number of them: no volume is made so"
    batch, channels, *places = times
    if batch != 1:
        return f"{name} of the batch: every image is counted alone, so leave it out for the export"
    if channels != 1 and set(places) <= {1}:
        read = f"`torch.cat([x] * {channels}, 1)` is read, as a concat"
        return f"{name} of the channels {channels} times: {read}"
    if set(shape[2:]) <= {1} and channels == 1:
        spread = "a product spreads it by itself, and `expand` is read, too"
        return f"{name} of one place over a map: {spread}"
    return f"{name} of a map side by side: no layer tiles, `interpolate` enlarges"
