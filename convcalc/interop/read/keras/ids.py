"""What a Keras file may say with `shared_object_id`: what Keras reads otherwise is refused."""

from collections.abc import Iterator
from typing import Any

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.keras.models import Model

ID = "shared_object_id"


def id_of(entry: dict[str, Any]) -> int | None:
    """The id of a layer; without `module` it is read Keras's old way, which knows no ids."""
    found: int | None = entry.get(ID) if "module" in entry else None
    return found


def refuse_untrue_ids(root: dict[str, Any], model: Model) -> None:
    """Look at all ids of a model that is read.

    Raises:
        UnreadableError: an id is no whole number, two layers of one model have it, or something
            unlike a layer, that is in no model's `layers`, has the layer's.
    """
    layers: dict[int, dict[str, Any]] = {}
    elsewhere: list[dict[str, Any]] = []
    waiting: list[tuple[dict[str, Any], Model]] = [(root, model)]
    while waiting:
        entry, current = waiting.pop()
        config = entry["config"]
        outside = {key: value for key, value in entry.items() if key not in {"config", ID}}
        within = {key: value for key, value in config.items() if key != "layers"}
        elsewhere += _with_ids([outside, within])
        names: dict[int, str] = {}
        for listed, layer in zip(config["layers"], current.layers, strict=True):
            _refuse_no_id(listed)
            given = id_of(listed)
            if given is not None:
                if given in names:
                    raise UnreadableError(
                        f"layers {names[given]} and {_named(listed)} of one model have the {ID} "
                        f"{given}: Keras makes them one layer and counts their calls together; "
                        "a layer that is called twice is listed once, with two calls"
                    )
                names[given] = _named(listed)
                layers.setdefault(given, listed)
            if layer.model is not None:
                waiting.append((listed, layer.model))
            else:
                elsewhere += _with_ids([part for key, part in listed.items() if key != ID])
    for made in elsewhere:
        _refuse_no_id(made)
        same = layers.get(made[ID])
        keys = ("module", "class_name", "config")
        if same is not None and any(made.get(key) != same.get(key) for key in keys):
            raise UnreadableError(
                f"layer {_named(same)} has the {ID} {made[ID]} of something else in the file, "
                "which Keras may take in its place"
            )


def _refuse_no_id(entry: dict[str, Any]) -> None:
    if ID in entry and type(entry[ID]) is not int:
        shown = plain(str(entry[ID])[:40])
        raise UnreadableError(f"{_named(entry)} has the {ID} {shown}: an id is a whole number")


def _named(entry: dict[str, Any]) -> str:
    config = entry.get("config")
    name = config.get("name") if isinstance(config, dict) else None
    return plain(str(name or entry.get("class_name"))[:80])


def _with_ids(value: Any) -> Iterator[dict[str, Any]]:
    """What has an id in a value, however deep."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if ID in part:
                yield part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
