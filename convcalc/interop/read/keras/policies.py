"""The floating-point types of a Keras model's layers, as their dtype policies name them."""

from typing import Any

from convcalc.findings import plain
from convcalc.interop.read.floats import PT2_FLOATS, other_floats
from convcalc.interop.read.keras.models import Model
from convcalc.interop.read.keras.origin import OPERATOR

#: Keras' mixed policies, whose weights are float32, and what they compute in
_MIXED = {"mixed_float16": "amp-fp16", "mixed_bfloat16": "amp-bf16"}
_FLOATS = frozenset(PT2_FLOATS.values())


def of_policies(model: Model) -> str:
    """What to say of a model with another policy than float32; '' for any other.

    Inputs have a type of their own, and what prepares an output may be float32 in a mixed model.
    """
    found, waiting = set[str](), [model]
    while waiting:
        for layer in waiting.pop().layers:
            if layer.model is not None:
                waiting.append(layer.model)
            elif layer.cls != "InputLayer" and not layer.cls.startswith(OPERATOR):
                found.add(_policy(layer.config.values.get("dtype")))
    found.discard("")
    mixed = sorted(found & _MIXED.keys())
    if len(mixed) == 1 and found <= {mixed[0], "float32"}:
        return (
            f"its layers run in {mixed[0]}, with weights of float32: `--precision "
            f"{_MIXED[mixed[0]]}` counts them as PyTorch's autocast does"
        )
    odd = sorted(found - _FLOATS - _MIXED.keys())
    if odd:
        return f"its layers run in {plain(', '.join(odd)[:80])}, here in the type of `--dtype`"
    if len(found) < 2:
        return other_floats(found)
    return f"its layers run in {', '.join(sorted(found))}, here all in the type of `--dtype`"


def _policy(given: Any) -> str:
    """The name of a policy: Keras 3 nests it, Keras 2 writes the name alone."""
    if isinstance(given, dict):
        config = given.get("config")
        given = config.get("name") if isinstance(config, dict) else None
    return given if isinstance(given, str) else ""
