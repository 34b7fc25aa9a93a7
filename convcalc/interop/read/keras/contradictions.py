"""What a Keras model says twice of itself, and not the same: Keras would build another net."""

from typing import Any

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError

#: entries with a shape: whether they have the batch's axis in front
_SHAPES = {"batch_input_shape": True, "batch_shape": True, "input_shape": False, "shape": False}


def refuse_contradictions(root: dict[str, Any]) -> None:
    """Look through a model and those nested in it, whose layers are known to be dictionaries.

    Raises:
        UnreadableError: an input has two shapes, or two unlike layers are said to be one.
    """
    shared: dict[int, Any] = {}
    waiting = [root]
    while waiting:
        config = waiting.pop()["config"]
        layers = config["layers"]
        for i, entry in enumerate(layers):
            if isinstance(entry["config"].get("layers"), list):
                waiting.append(entry)
            _refuse_shared(entry, shared)
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


def _refuse_shared(entry: dict[str, Any], shared: dict[int, Any]) -> None:
    """Keras takes the first layer of an id for all of them, whatever the others say."""
    number = entry.get("shared_object_id")
    if number is None:
        return
    said = (entry.get("module"), entry.get("class_name"), entry["config"])
    if type(number) is not int or shared.setdefault(number, said) != said:
        name = plain(str(entry["config"].get("name"))[:80])
        text = f"layer {name} has the shared_object_id {plain(str(number)[:40])} of another"
        raise UnreadableError(f"{text}, which Keras takes in its place")
