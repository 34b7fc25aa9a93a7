"""Which layers of a Keras file are one: what nested models share, as `shared_object_id` says it.

`model.save` writes a layer again wherever it is met again, there with a `shared_object_id`, and
gives the same to where it was met first. But a nested model's config is copied once it is done, so
a layer that was met first in another model, which is done, keeps none: then the layer is an earlier
one without an id, of the same name and options. `model.to_json()` writes no ids at all.
"""

import json
from itertools import islice
from typing import Any

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.keras.ids import ID, id_of, refuse_untrue_ids
from convcalc.interop.read.keras.mixed_calls import refuse_mixed_calls
from convcalc.interop.read.keras.models import KerasLayer, Model


class Shared:
    """The layers of a file by which of them are one.

    Args:
        root: the model as the file has it.
        model: the same, read.
        saved: it is of `model.save`, which says of all layers whether they are one.

    Raises:
        UnreadableError: two unlike layers are said to be one.
    """

    def __init__(self, root: dict[str, Any], model: Model, saved: bool) -> None:
        self._first: dict[int, KerasLayer | None] = {}
        self._by_id: dict[int, KerasLayer | None] = {}
        self._said: dict[int, str] = {}
        self._unmarked = _Unmarked()
        self._forms: dict[str, int] = {}
        self._learning: dict[tuple[str, str], dict[int, str]] | None = None
        self._matched: list[str] = []
        self._saved = saved
        refuse_untrue_ids(root, model)
        refuse_mixed_calls(root, model)
        if _any(root, model):
            self._enter(root, (model,), False)
        elif not saved:
            self._learning = {}

    def first_of(self, layer: KerasLayer, path: str) -> KerasLayer:
        """The layer whose weights a layer that learns has: itself, or the one that it is too.

        Args:
            layer: the layer.
            path: its name and those of the models around it.

        Raises:
            UnreadableError: the file does not say which of several.
        """
        if self._learning is not None:
            form = layer.name, _text([layer.cls, layer.config.values])
            self._learning.setdefault(form, {}).setdefault(id(layer), path)
            return layer
        found = self._first.get(id(layer), layer)
        if found is None:
            raise UnreadableError(
                f"layer {path} is one with a layer of another nested model, and the "
                "file does not say of which: several have a layer of this name and these options; "
                "give them other names and save the model again"
            )
        return found

    def unsaid(self) -> str:
        """What to say of layers that may be one, since the file has no ids; '' of none.

        Keras itself builds a layer of each when it reads such a file.
        """
        if self._matched:
            more = f" (and {len(self._matched) - 1} more)" if len(self._matched) > 1 else ""
            return (
                f"layer {plain(self._matched[0][:80])}{more}: counted as one that nested models "
                "share, which `model.save` marks so; Keras builds two where it reads the file"
            )
        alike = [paths for paths in (self._learning or {}).values() if len(paths) > 1]
        if not alike:
            return ""
        listed = " and ".join(plain(path[:80]) for path in islice(alike[0].values(), 2))
        more = f" (and {len(alike) - 1} more)" if len(alike) > 1 else ""
        return (
            f"{listed} have one name and equal options{more}: counted as layers of their own, as "
            "Keras builds them; `to_json` does not say whether they are one, `model.save` does"
        )

    def _enter(self, root: dict[str, Any], around: tuple[Model, ...], marked: bool) -> str:
        """Go through the layers of a model; all that it says, as text.

        Args:
            root: the model as the file has it.
            around: the models around its layers, outermost first, itself last.
            marked: whether it has an id.
        """
        config = root["config"]
        forms = []
        for entry, layer in zip(config["layers"], around[-1].layers, strict=True):
            given = id_of(entry)
            if layer.model is not None:
                form = self._enter(entry, (*around, layer.model), given is not None)
            else:
                form = _text([entry.get("module"), entry.get("class_name"), entry["config"]])
            if given is not None:
                self._refuse_unlike(entry, given, form)
            if layer.model is None:
                self._first[id(layer)] = self._first_of(entry, layer, form, around, marked)
            call = _text([entry.get("name"), entry.get("inbound_nodes")])
            forms.append(self._forms.setdefault(form + call, len(self._forms)))
        rest = {key: value for key, value in config.items() if key != "layers"}
        return _text([root.get("module"), root.get("class_name"), rest, forms])

    def _refuse_unlike(self, entry: dict[str, Any], given: Any, form: str) -> None:
        """Keras takes the first layer of an id for all of them, whatever the others say."""
        if self._said.setdefault(given, form) != form:
            name = plain(str(entry["config"].get("name"))[:80])
            text = f"layer {name} has the {ID} {plain(str(given)[:40])} of another"
            raise UnreadableError(f"{text}, which Keras takes in its place")

    def _first_of(
        self,
        entry: dict[str, Any],
        layer: KerasLayer,
        form: str,
        around: tuple[Model, ...],
        marked: bool,
    ) -> KerasLayer | None:
        """The first of the layers that a layer is one with; None where that may be several."""
        given = id_of(entry)
        form += _text(entry.get("build_config"))
        if given is None:
            self._unmarked.add(form, layer, around[-1])
            return layer
        if given in self._by_id:
            if not self._saved:  # Keras looks at ids where it reads an archive alone
                self._matched.append(layer.name)
        else:
            found: list[KerasLayer] = []
            # what a layer has of its own has an id too wherever the layer is met again
            if all(ID in made for made in _objects(entry["config"])):
                found = self._unmarked.two(form, around, marked)
            if len(found) == 1:
                self._unmarked.remove(form, found[0])
                self._matched.append(layer.name)
            self._by_id[given] = None if len(found) > 1 else (*found, layer)[0]
        return self._by_id[given]


class _Unmarked:
    """Layers without an id, which a later one with an id may be, by what they say."""

    def __init__(self) -> None:
        #: by form and name of the model around them ('' for any name), then by that model
        self._layers: dict[tuple[str, str], dict[int, dict[int, KerasLayer]]] = {}
        self._models: dict[int, Model] = {}

    def add(self, form: str, layer: KerasLayer, model: Model) -> None:
        """One more of a model."""
        self._models[id(layer)] = model
        for key in _keys(form, model):
            self._layers.setdefault(key, {}).setdefault(id(model), {})[id(layer)] = layer

    def remove(self, form: str, layer: KerasLayer) -> None:
        """One is found to be another's."""
        model = self._models[id(layer)]
        for key in _keys(form, model):
            models = self._layers[key]
            del models[id(model)][id(layer)]
            if not models[id(model)]:
                del models[id(model)]

    def two(self, form: str, around: tuple[Model, ...], marked: bool) -> list[KerasLayer]:
        """Two at most that a layer with an id may be: of models that are done.

        In one that is not done yet the first of them would have been given the id too.

        Args:
            form: what the layer says.
            around: the models around it, outermost first.
            marked: whether the last of them was there before: then the other has its name.
        """
        for key in _keys(form, around[-1])[0 if marked else 1 :]:
            waiting = {id(model) for model in around}
            models = self._layers.get(key, {})
            done = (at for at in models if at not in waiting)
            found = list(islice((layer for at in done for layer in models[at].values()), 2))
            if found:
                return found
        return []


def _keys(form: str, model: Model) -> tuple[tuple[str, str], tuple[str, str]]:
    return (form, f"of {model.name}"), (form, "")


def _any(root: dict[str, Any], model: Model) -> bool:
    """Whether a layer of a model has an id."""
    return any(
        ID in entry or (layer.model is not None and _any(entry, layer.model))
        for entry, layer in zip(root["config"]["layers"], model.layers, strict=True)
    )


def _objects(value: Any) -> list[dict[str, Any]]:
    """The initializers, policies and the like in a config: not volumes, slices and functions."""
    if isinstance(value, list):
        return [made for part in value for made in _objects(part)]
    if not isinstance(value, dict):
        return []
    cls = str(value.get("class_name", "__"))
    own = [] if cls.startswith("__") or cls == "function" else [value]
    return own + [made for part in value.values() for made in _objects(part)]


def _text(value: Any) -> str:
    """A value without ids, in one way of writing.

    Raises:
        UnreadableError: it is nested too deep.
    """
    try:
        return json.dumps(_bare(value), sort_keys=True)
    except RecursionError as error:
        raise UnreadableError("the model is nested too deep") from error


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(part) for part in value]
    if isinstance(value, dict):
        return {key: _bare(part) for key, part in value.items() if key != ID}
    return value
