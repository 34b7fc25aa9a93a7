"""Local response norms that a Keras model writes out, as TensorFlow has them and Keras has not."""

from functools import partial

from convcalc.interop.read.keras.asked import Asked, Part, Parts
from convcalc.interop.read.keras.calls import Ref
from convcalc.interop.read.keras.items import channels_cut
from convcalc.interop.read.keras.pads import channels_padded
from convcalc.interop.read.keras.steps import Step, Steps, Written
from convcalc.interop.refusals import NoKindError

_MOST = 256  #: channels that are summed


def local_norm(step: Step, steps: Steps) -> Written | None:
    """`x / (k + a * total) ** beta`, where `total` is the squares of the channels around each."""
    if not step.is_of(".TrueDivide") or len(step.reads) != 2 or step.call.values:
        return None
    power = steps.before(step.reads[1], ".Power")
    more = steps.before(power.reads[0], ".Add") if power is not None else None
    times = steps.before(more.reads[0], ".Multiply") if more is not None else None
    if power is None or more is None or times is None or power.call.value_first:
        return None
    beta, k, factor = (part.number_beside() for part in (power, more, times))
    if beta is None or k is None or factor is None:
        return None
    found = _parts(times.reads[0], steps)
    if found is None:
        return None
    slices, sums = found
    size = len(slices)
    (read,) = slices[0].reads
    padded = steps.before(read, ".Pad", readers=size)
    squares = steps.before(padded.reads[0], ".Square") if padded is not None else None
    if padded is None or squares is None or squares.reads != step.reads[:1]:
        return None
    if any(part.reads != (read,) for part in slices) or squares.call.values:
        return None
    if channels_padded(padded) != (size // 2, (size - 1) // 2):
        return None
    cuts = [channels_cut(part.call) for part in slices]
    channels = cuts[0][1] if cuts[0] is not None else 0
    if cuts != [(start, start + channels) for start in range(size)]:
        return None
    alpha = float(f"{factor * size:.12g}")  # 2e-5 * 5 is 1e-4 but for the last bit
    options = {"size": size, "alpha": alpha, "alpha_over": "size", "beta": beta, "k": k}
    handler = partial(_layer, channels, options)
    return Written(handler, step.reads[:1], (squares, padded, *slices, *sums, times, more, power))


def _parts(total: Ref, steps: Steps) -> tuple[list[Step], list[Step]] | None:
    """What is summed, in order, and the sums; `sum()` begins with 0."""
    slices: list[Step] = []
    sums: list[Step] = []
    waiting = [total]
    while waiting and len(slices) < _MOST:
        step = steps.before(waiting.pop(), ".Add", ".GetItem")
        if step is None or (step.is_of(".Add") and step.number_beside() not in {None, 0.0}):
            return None
        if step.is_of(".GetItem"):
            slices.append(step)
        else:
            sums.append(step)
            waiting += step.reads
    fits = not waiting and all(len(part.reads) == 1 for part in slices)
    return (slices[::-1], sums) if slices and fits else None


def _layer(channels: int, options: dict[str, object], asked: Asked) -> Parts:
    if asked.first or asked.shapes[0][-1:] != (channels,):
        raise NoKindError(f"{asked.cls} by sums of other numbers than neighbouring channels")
    return [Part("lrn", options)]
