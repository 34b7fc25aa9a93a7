"""What a Keras model says twice of itself, and not the same: Keras would build another net."""

from collections.abc import Sequence
from typing import Any

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.keras.models import KerasLayer, Model

#: entries with a shape: whether they have the batch's axis in front
_SHAPES = {"batch_input_shape": True, "batch_shape": True, "input_shape": False, "shape": False}


def refuse_contradictions(root: dict[str, Any], model: Model) -> None:
    """Look through a model and those nested in it.

    Args:
        root: the model as the file has it.
        model: the same, read.

    Raises:
        UnreadableError: an input has two shapes.
    """
    waiting = [(root["config"], model)]
    while waiting:
        config, current = waiting.pop()
        for i, (entry, layer) in enumerate(zip(config["layers"], current.layers, strict=True)):
            if layer.model is not None:
                waiting.append((entry["config"], layer.model))
            if entry.get("class_name") == "InputLayer":
                _refuse_shapes(entry["config"], None)
            elif i == 0:
                _refuse_shapes(entry["config"], config.get("build_input_shape"))


def _refuse_shapes(config: dict[str, Any], built: Any) -> None:
    """An input's shapes, which Keras takes from the older entry; `built` is the model's own."""
    found = [] if not isinstance(built, list) else [built[1:]]
    for key, with_batch in _SHAPES.items():
        stated = config.get(key)
        if isinstance(stated, list):
            found.append(stated[1:] if with_batch else stated)
    if any(one != found[0] for one in found):
        shown = " and ".join(plain(str(one)[:60]) for one in found[:2])
        name = plain(str(config.get("name"))[:80])
        raise UnreadableError(f"layer {name} states two shapes of its input: {shown}")


def hold_batches(inputs: Sequence[KerasLayer]) -> None:
    """That the inputs that state their batch are of as many images each.

    Raises:
        UnreadableError: they are not.
    """
    keys = [key for key, with_batch in _SHAPES.items() if with_batch]
    stated = [one.config.values.get(key) for one in inputs for key in keys]
    first = [shape[0] for shape in stated if isinstance(shape, list) and shape]
    counts = {count for count in first if type(count) is int}
    if len(counts) > 1:
        listed = " and ".join(f"{count:,}" for count in sorted(counts)[:2])
        raise UnreadableError(f"the inputs are of {listed} images: save the model without a batch")
