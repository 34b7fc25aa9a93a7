"""A Keras configuration as plain records: layers, their calls, nested models."""

from typing import Any, NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.keras.calls import Call, Ref, call_of, keys_of, named_refs_of, refs_of
from convcalc.interop.read.keras.config import Config
from convcalc.interop.read.keras.origin import OPERATOR, is_foreign, is_operator

_MOST_LAYERS = 100_000
_LONGEST_NAME = 200
_MODELS = frozenset({"Functional", "Sequential", "Model"})


class KerasLayer(NamedTuple):
    """A layer of a model, with what each of its calls reads."""

    name: str
    cls: str
    config: Config
    calls: tuple[Call, ...]
    model: "Model | None"
    """The nested model, where it is one."""
    built: Any = None
    """The `build_config`: what Keras makes its weights for, before anything arrives."""


class Model(NamedTuple):
    """A Functional or Sequential model."""

    name: str
    sequential: bool
    layers: tuple[KerasLayer, ...]
    inputs: tuple[Ref, ...]
    outputs: tuple[Ref, ...]
    returned: tuple[str, ...]
    """The keys of its outputs, where they are in a dictionary; '' of those that are in none."""
    keys: tuple[str, ...] | None
    """The keys of its inputs, sorted, where they are a dictionary."""
    input_shape: tuple[Any, ...] | None
    """The batch shape that a Sequential model without an InputLayer was built with."""


def model_of(root: Any, depth: int = 0) -> Model:
    """The model in a JSON value.

    Raises:
        UnreadableError: it is none.
    """
    if depth > 32:
        raise UnreadableError("models are nested deeper than 32")
    if not isinstance(root, dict) or not isinstance(root.get("config"), dict):
        raise UnreadableError("this is not a Keras model: `class_name` and `config` are missing")
    cls = str(root.get("class_name"))
    config = root["config"]
    if cls not in _MODELS or is_foreign(root):
        whose = " (not Keras's own)" if cls in _MODELS else ""
        raise UnreadableError(
            f"the model is a {plain(cls[:60])}{whose}: Functional and Sequential can be read; "
            "a subclass is Python code, which is not run: "
            '`model.export("FILE.onnx", format="onnx")` writes what it computes'
        )
    listed = config.get("layers")
    if not isinstance(listed, list) or not listed:
        raise UnreadableError("the model has no layers")
    if len(listed) > _MOST_LAYERS:
        raise UnreadableError(f"{len(listed):,} layers: {_MOST_LAYERS:,} are the most")
    layers = tuple(_layer(entry, depth) for entry in listed)
    _look_for_two(listed)
    name = plain(str(config.get("name", ""))[:200])
    built = config.get("build_input_shape")
    shape = tuple(built) if isinstance(built, list) else None
    outputs = named_refs_of(config.get("output_layers"))
    return Model(
        name,
        cls == "Sequential",
        layers,
        refs_of(config.get("input_layers")),
        tuple(ref for _, ref in outputs),
        tuple(name for name, _ in outputs),
        keys_of(config.get("input_layers")),
        shape,
    )


def _layer(entry: Any, depth: int) -> KerasLayer:
    if not isinstance(entry, dict) or not isinstance(entry.get("config"), dict):
        raise UnreadableError("a layer of the model has no `config`")
    cls, values = str(entry.get("class_name"))[:80], entry["config"]
    name = _name_of(entry) or cls
    foreign = is_foreign(entry) or OPERATOR in cls
    shown = f"{OPERATOR}{cls}" if is_operator(entry) else cls
    model = model_of(entry, depth + 1) if cls in _MODELS and not foreign else None
    nodes = entry.get("inbound_nodes")
    nodes = [] if nodes is None else nodes
    if not isinstance(nodes, list):
        raise UnreadableError(f"layer {plain(name)}: inbound_nodes is not a list")
    calls = tuple(call_of(node) for node in nodes)
    shown = f"{cls} (not Keras's own)" if foreign else shown
    config = Config(values, plain(name))
    return KerasLayer(name, shown, config, calls, model, entry.get("build_config"))


def _name_of(entry: dict[str, Any]) -> str:
    """A layer's name; '' where it has none."""
    name = entry.get("name")
    name = entry["config"].get("name") if name is None else name
    name = "" if name is None else name
    if not isinstance(name, str):
        raise UnreadableError(f"a layer is named {plain(str(name)[:60])}")
    if len(name) > _LONGEST_NAME:
        raise UnreadableError(f"a layer's name has {len(name):,} letters: {_LONGEST_NAME} at most")
    return name


def _look_for_two(entries: list[Any]) -> None:
    """Keras refuses two layers of one name: what reads it would read either."""
    found: set[str] = set()
    for entry in entries:
        name = _name_of(entry)
        if name and name in found:
            raise UnreadableError(f"two layers are named {plain(name)}")
        found.add(name)
