"""Models of a Keras file that share their input and a layer: Keras mixes up the layer's calls.

A reference counts the calls of a layer within its model. Keras builds one layer of all entries with
one `shared_object_id`, and that has the calls of every model: a reference finds another model's.
That one is out of reach, and Keras refuses the file, unless both models begin at the same input.
"""

from typing import Any, NamedTuple

from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.keras.ids import ID, id_of
from convcalc.interop.read.keras.models import KerasLayer, Model


class _Ids(NamedTuple):
    """The ids in a model: of its inputs, and of what it calls."""

    inputs: set[int]
    called: dict[int, KerasLayer]


def refuse_mixed_calls(root: dict[str, Any], model: Model) -> None:
    """Look through a model and those nested in it.

    Args:
        root: the model as the file has it.
        model: the same, read.

    Raises:
        UnreadableError: two of the models share an input and a layer that both call.
    """
    called: dict[int, dict[int, KerasLayer]] = {}
    for ids in _joined(_every(root, model)):
        seen = called.setdefault(id(ids.inputs), {})
        for given, layer in ids.called.items():
            if given in seen:
                raise UnreadableError(
                    f"layer {layer.config.name} is called in two models that share their input "
                    f"({ID} {given}): Keras counts the calls of both together and reads another "
                    "one; give the nested model an input of its own and save the model again"
                )
            seen[given] = layer


def _every(root: dict[str, Any], model: Model) -> list[_Ids]:
    """The ids in each model; one that is listed again, with the id it had before, is the same."""
    found, met = list[_Ids](), set[int]()
    waiting: list[tuple[dict[str, Any], Model]] = [(root, model)]
    while waiting:
        entry, current = waiting.pop()
        ids = _Ids(set(), {})
        found.append(ids)
        for listed, layer in zip(entry["config"]["layers"], current.layers, strict=True):
            given = id_of(listed)
            if layer.model is not None and given not in met:
                waiting.append((listed, layer.model))
            if given is None:
                continue
            if layer.cls == "InputLayer":
                ids.inputs.add(given)
            else:
                ids.called[given] = layer
                met.add(given)
    return found


def _joined(models: list[_Ids]) -> list[_Ids]:
    """The same, those that share an input with one set of inputs, the very same."""
    owner: dict[int, set[int]] = {}
    for ids in models:
        whole = ids.inputs
        for group in {id(owner[one]): owner[one] for one in ids.inputs if one in owner}.values():
            small, whole = sorted((group, whole), key=len)
            whole |= small
            owner |= dict.fromkeys(small, whole)
        owner |= dict.fromkeys(ids.inputs, whole)
    return [ids._replace(inputs=owner[min(ids.inputs)]) for ids in models if ids.inputs]
