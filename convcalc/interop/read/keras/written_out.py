"""Layers that a Keras model writes out with operators: they become layers again."""

from collections import Counter
from collections.abc import Callable

from convcalc.interop.read.given import Given
from convcalc.interop.read.keras.axes_moved import moved
from convcalc.interop.read.keras.calls import IN_TURN, Ref
from convcalc.interop.read.keras.config import Config
from convcalc.interop.read.keras.free import FREE
from convcalc.interop.read.keras.local_norm import local_norm
from convcalc.interop.read.keras.models import KerasLayer
from convcalc.interop.read.keras.origin import OPERATOR
from convcalc.interop.read.keras.pads import l2_pool, mean_of_real, pooled
from convcalc.interop.read.keras.steps import Step, Steps, Written

#: each looks at a call as the last of those that are one layer
_FORMS: tuple[Callable[[Step, Steps], Written | None], ...] = (
    moved,
    pooled,
    mean_of_real,
    l2_pool,
    local_norm,
)


def recognised(steps: list[Step], outputs: tuple[Ref, ...]) -> list[Step]:
    """The steps with those that are one layer together as one."""
    around = Steps(steps, outputs)
    found: list[Step] = []
    taken = set[Ref]()
    for step in steps:
        for form in _FORMS:
            whole = form(step, around)
            parts = {part.made for part in whole.before} if whole is not None else set()
            if whole is not None and not parts & taken:
                taken |= {*parts, step.made}
                step = step._replace(reads=whole.reads, handler=whole.handler)  # noqa: PLW2901
                break
        found.append(step)
    gone = {step.made for step in found if step.handler is None} & taken
    return _activations([step for step in found if step.made not in gone], outputs)


def _activations(steps: list[Step], outputs: tuple[Ref, ...]) -> list[Step]:
    """The steps with each ``ReLU(6.)(x + 3.) * (1. / 6.)`` or ``relu6(x + 3) / 6`` as one layer.

    It is a hard sigmoid: keras.applications writes it so in MobileNetV3. Its three layers keep
    their names: the first and the last let pass what they are given.
    """
    readers: dict[Ref, int] = {}
    counts: Counter[Ref] = Counter(outputs)
    for i, step in enumerate(steps):
        counts.update(step.reads)
        readers |= dict.fromkeys(step.reads, i)

    def next_of(i: int) -> int | None:
        """The one step that reads a step's output; None where there is another, or none."""
        ref = Ref(steps[i].layer.name, steps[i].number, 0)
        return readers.get(ref) if counts[ref] == 1 else None

    found = list(steps)
    for i, step in enumerate(steps):
        if not _by_number(step, "Add", 3.0):
            continue
        middle = next_of(i)
        last = next_of(middle) if middle is not None and _is_relu6(steps[middle]) else None
        if middle is not None and last is not None and _is_sixth(steps[last]):
            found[i], found[last] = _as(step, "Identity"), _as(steps[last], "Identity")
            found[middle] = _as(steps[middle], "Activation", activation="hard_sigmoid")
    return found


def _by_number(step: Step, name: str, number: float) -> bool:
    values = [value for _, value in step.call.values]
    fits = step.layer.cls == f"{OPERATOR}{name}" and len(step.reads) == len(values) == 1
    return fits and type(values[0]) in {int, float} and abs(values[0] - number) < 1e-6


def _is_sixth(step: Step) -> bool:
    divided = _by_number(step, "TrueDivide", 6.0) and not step.call.value_first
    return divided or _by_number(step, "Multiply", 1 / 6)


def _is_relu6(step: Step) -> bool:
    if step.layer.cls == f"{OPERATOR}Relu6":
        return not step.call.values
    config = Given(step.layer.config.values)
    own = {key: value for key in _OF_RELU if (value := config.get(key))}
    plain = step.layer.cls == "ReLU" and not config.unread(FREE, (None, False))
    return plain and own == {"max_value": 6.0} and len(step.layer.calls) == 1


_OF_RELU = ("max_value", "negative_slope", "threshold")


def _as(step: Step, cls: str, **values: str) -> Step:
    layer = KerasLayer(step.layer.name, cls, Config(values, step.layer.config.name), (), None)
    return step._replace(layer=layer, call=IN_TURN)
