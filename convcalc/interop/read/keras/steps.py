"""One call of a layer in a Keras model that is put in order, and the calls around it."""

from collections import Counter
from typing import NamedTuple

from convcalc.interop.read.keras.asked import Handler
from convcalc.interop.read.keras.calls import Call, Ref
from convcalc.interop.read.keras.free import FREE
from convcalc.interop.read.keras.models import KerasLayer
from convcalc.interop.read.keras.origin import OPERATOR


class Step(NamedTuple):
    """One call of a layer."""

    layer: KerasLayer
    number: int
    """Which call of it this is, from 0."""
    reads: tuple[Ref, ...]
    call: Call
    """What it is given, as the file says it."""
    handler: Handler | None = None
    """What it is together with the calls before it; None where that is its class's own."""

    @property
    def made(self) -> Ref:
        """Its first output."""
        return Ref(self.layer.name, self.number, 0)

    def is_of(self, *names: str) -> bool:
        """Whether it is of one of these classes; `.Pad` is that of `keras.ops`."""
        return any(
            self.layer.cls == (OPERATOR + name[1:] if name[:1] == "." else name) for name in names
        )

    def says_only(self, *keys: str) -> bool:
        """Whether its config has nothing but these entries and those that change nothing."""
        values = self.layer.config.values
        return all(
            key in keys or key in FREE or value is None or value is False
            for key, value in values.items()
        )

    def number_beside(self) -> float | None:
        """The one number that it is given beside its one volume."""
        values = [value for _, value in self.call.values]
        fits = len(self.reads) == len(values) == 1 and type(values[0]) in {int, float}
        return float(values[0]) if fits else None


class Written(NamedTuple):
    """Calls that are one layer together: the last of them stands for all."""

    handler: Handler
    reads: tuple[Ref, ...]
    """What the first of them reads."""
    before: tuple[Step, ...]
    """All of them but the last."""


class Steps:
    """The calls of a model by what they make."""

    def __init__(self, steps: list[Step], outputs: tuple[Ref, ...]) -> None:
        self._made = {step.made: step for step in steps}
        self._readers: Counter[Ref] = Counter(outputs)
        for step in steps:
            self._readers.update(step.reads)

    def before(self, ref: Ref, *names: str, readers: int = 1) -> Step | None:
        """The call that made an output, where it is of these classes and nothing else reads it."""
        step = self._made.get(ref)
        if step is None or step.handler is not None or self._readers[ref] != readers:
            return None
        return step if step.is_of(*names) else None

    def source(self, step: Step, *names: str) -> Step | None:
        """The same of what a step of one volume and no values reads."""
        if len(step.reads) != 1 or step.call.values:
            return None
        return self.before(step.reads[0], *names)
