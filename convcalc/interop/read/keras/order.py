"""The order in which a Keras model calls its layers, worked out once for each model."""

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.keras.calls import IN_TURN, Ref
from convcalc.interop.read.keras.layers import HANDLERS
from convcalc.interop.read.keras.models import KerasLayer, Model
from convcalc.interop.read.keras.steps import Step
from convcalc.interop.read.keras.written_out import recognised


class Plan(NamedTuple):
    """A Functional model as calls, each after those whose outputs it reads.

    References count calls from 0. Keras counts those of a nested Functional model from 1 in
    `output_layers`, since its own building is call 0, but from 0 among the arguments of calls;
    Keras 2 from 1 in both.
    """

    inputs: tuple[Ref, ...]
    steps: tuple[Step, ...]
    outputs: tuple[Ref, ...]


def plan_of(model: Model) -> Plan:
    """The calls of a model, of a Functional one in the file's own order wherever that can be.

    Raises:
        UnreadableError: a layer, or the model itself, reads what no layer makes.
    """
    if model.sequential:
        return _in_turn(model)
    inputs = _inputs(model)
    given = {(ref.layer, ref.call) for ref in inputs}
    every = [call for layer in model.layers for call in layer.calls]
    among = [ref for call in every for ref in call.reads]
    old = bool(every) and all(call.old for call in every)  # Keras 3 alone reads both ways mixed
    first = _first_numbers(model, among, old)
    if old:
        _hold_numbers(model, among)
    calls = [
        Step(layer, i, _from_zero(call.reads, first), call)
        for layer in model.layers
        if layer.cls != "InputLayer"
        for i, call in enumerate(layer.calls)
    ]
    missing = [
        {(ref.layer, ref.call) for ref in step.reads if (ref.layer, ref.call) not in given}
        for step in calls
    ]
    readers: dict[tuple[str, int], list[int]] = {}
    for number, needs in enumerate(missing):
        for need in needs:
            readers.setdefault(need, []).append(number)
    ready = [number for number, needs in enumerate(missing) if not needs]
    steps = []
    while ready:
        step = calls[heappop(ready)]
        steps.append(step)
        made = (step.layer.name, step.number)
        for reader in readers.pop(made, ()):
            missing[reader].discard(made)
            if not missing[reader]:
                heappush(ready, reader)
    if len(steps) < len(calls):
        number = next(n for n, needs in enumerate(missing) if needs)
        raise _unmade(calls[number], min(missing[number])[0])
    outputs = _from_zero(model.outputs, _first_numbers(model, model.outputs, True))
    _look_for_outputs(outputs, inputs, steps)
    return Plan(inputs, tuple(recognised(steps, outputs)), outputs)


def _in_turn(model: Model) -> Plan:
    """A Sequential model: each layer reads the one before; some may be of one name, or none."""
    first = at = Ref("", -1, 0)
    steps = []
    for i, layer in enumerate(model.layers):
        if layer.cls != "InputLayer":
            steps.append(Step(layer, i, (at,), IN_TURN))
            at = steps[-1].made
    return Plan((first,), tuple(recognised(steps, (at,))), (at,))


def _inputs(model: Model) -> tuple[Ref, ...]:
    named = [ref.layer for ref in model.inputs]
    named = named or [layer.name for layer in model.layers if layer.cls == "InputLayer"]
    return tuple(Ref(name, 0, 0) for name in named)


def _look_for_outputs(outputs: tuple[Ref, ...], inputs: tuple[Ref, ...], steps: list[Step]) -> None:
    """Whether every output that something reads is one that its layer has."""
    count: dict[tuple[str, int], int | None] = {(ref.layer, 0): 1 for ref in inputs}
    for step in steps:
        count[step.layer.name, step.number] = _outputs(step.layer)
    for step in steps:
        for ref in step.reads:
            if not _has(count, ref):
                raise _unmade(step, ref.layer)
    if not all(_has(count, ref) for ref in outputs):
        raise UnreadableError("an output of the model is made by no layer")


def _has(count: dict[tuple[str, int], int | None], ref: Ref) -> bool:
    most = count.get((ref.layer, ref.call), 0)
    return most is None or 0 <= ref.output < most


def _outputs(layer: KerasLayer) -> int | None:
    """How many outputs a layer has; None of a class without a kind, which may have any number."""
    if layer.model is not None:
        return 1 if layer.model.sequential else len(layer.model.outputs)
    return 1 if layer.cls in HANDLERS else None


def _unmade(step: Step, wanted: str) -> UnreadableError:
    return UnreadableError(
        f"layer {step.layer.config.name} reads {plain(wanted[:80])}, "
        "which is missing or waits for it"
    )


def _first_numbers(model: Model, refs: Sequence[Ref], from_one: bool) -> dict[str, int]:
    """The number with which these references begin to count the calls of each layer.

    Args:
        model: whose layers are meant.
        refs: the references.
        from_one: whether the building of a nested Functional model counts as its call 0.
    """
    smallest: dict[str, int] = {}
    for ref in refs:
        smallest[ref.layer] = min(smallest.get(ref.layer, ref.call), ref.call)
    found = {}
    for layer in model.layers:
        nested = layer.model is not None and not layer.model.sequential
        first, calls = int(nested and from_one), len(layer.calls)
        least = smallest.get(layer.name, first)
        if least >= first + calls or calls == 1:  # calls outside of the model were counted too
            first = least
        found[layer.name] = first
    return found


def _hold_numbers(model: Model, refs: Sequence[Ref]) -> None:
    """That Keras 3, which reads Keras 2's references from 0, reads the same calls or refuses them.

    Raises:
        UnreadableError: a nested model has a call for each reference, whichever is the first.
    """
    asked: dict[str, set[int]] = {}
    for ref in refs:
        asked.setdefault(ref.layer, set()).add(ref.call)
    for layer in model.layers:
        nested = layer.model is not None and not layer.model.sequential
        numbers, calls = asked.get(layer.name, set()), len(layer.calls)
        if nested and numbers and min(numbers) > 0 and max(numbers) < calls:
            raise UnreadableError(
                f"layer {layer.config.name}, a model that is called {calls} times, is read by "
                "numbers that Keras 2 counts from 1 and Keras 3 from 0: save the model anew with "
                "Keras 3"
            )


def _from_zero(refs: Sequence[Ref], first: dict[str, int]) -> tuple[Ref, ...]:
    return tuple(ref._replace(call=ref.call - first.get(ref.layer, 0)) for ref in refs)
