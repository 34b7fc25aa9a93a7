"""A Keras configuration as plain records: layers, what each call reads, nested models."""

from typing import Any, NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.given import Given
from convcalc.shapes import LARGEST_SIZE

_MOST_LAYERS = 100_000
_MODELS = frozenset({"Functional", "Sequential", "Model"})


class Ref(NamedTuple):
    """An output of a call of a layer."""

    layer: str
    call: int
    output: int


class Config:
    """The `config` of a layer, read with types."""

    def __init__(self, values: dict[str, Any], name: str) -> None:
        self.values = Given(values)
        self.name = name

    def fail(self, key: str) -> UnreadableError:
        """The refusal of a value."""
        text = plain(str(self.values.get(key))[:60])
        return UnreadableError(f"layer {self.name}: {key} is {text}")

    def integer(self, key: str, default: int | None = None) -> int:
        """An integer from 0 to 2**31."""
        found = self.values.get(key, default)
        if type(found) is not int or not 0 <= found <= LARGEST_SIZE:
            raise self.fail(key)
        return found

    def ints(self, key: str) -> tuple[int, ...] | None:
        """Integers, as a tuple; None where there is none."""
        found = self.values.get(key)
        if found is None:
            return None
        listed = found if isinstance(found, list) else [found]
        if len(listed) > 8 or any(
            type(i) is not int or not -1 <= i <= LARGEST_SIZE for i in listed
        ):
            raise self.fail(key)
        return tuple(listed)

    def pairs(self, key: str, axes: int) -> tuple[int, ...]:
        """Sides of each axis in turn: from one number, one per axis, or a pair an axis."""
        found = self.values.get(key)
        if type(found) is int:
            found = [found] * axes
        if not isinstance(found, list) or len(found) > 8:
            raise self.fail(key)
        if axes == 1 and len(found) == 2 and all(type(i) is int for i in found):
            found = [found]
        sides: list[int] = []
        for entry in found:
            pair = [entry, entry] if type(entry) is int else entry
            if not isinstance(pair, list) or len(pair) != 2:
                raise self.fail(key)
            if any(type(i) is not int or not 0 <= i <= LARGEST_SIZE for i in pair):
                raise self.fail(key)
            sides += pair
        return tuple(sides)

    def number(self, key: str, default: float) -> float:
        """A number."""
        found = self.values.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise self.fail(key)
        return float(found)

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        found = self.values.get(key, default)
        if not isinstance(found, bool):
            raise self.fail(key)
        return found

    def text(self, key: str, default: str = "") -> str:
        """Text."""
        found = self.values.get(key, default)
        return found if isinstance(found, str) else default

    def get(self, key: str) -> Any:
        """The value as it is."""
        return self.values.get(key)


class KerasLayer(NamedTuple):
    """A layer of a model, with what each of its calls reads."""

    name: str
    cls: str
    config: Config
    calls: tuple[tuple[Ref, ...], ...]
    model: "Model | None"
    """The nested model, where it is one."""


class Model(NamedTuple):
    """A Functional or Sequential model."""

    name: str
    sequential: bool
    layers: tuple[KerasLayer, ...]
    inputs: tuple[Ref, ...]
    outputs: tuple[Ref, ...]
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
    if cls not in _MODELS:
        raise UnreadableError(
            f"the model is a {plain(str(cls)[:60])}: Functional and Sequential can be read; "
            "a subclass is Python code, which is not run"
        )
    listed = config.get("layers")
    if not isinstance(listed, list) or not listed or len(listed) > _MOST_LAYERS:
        raise UnreadableError("the model has no layers")
    layers = tuple(_layer(entry, depth) for entry in listed)
    name = plain(str(config.get("name", ""))[:200])
    built = config.get("build_input_shape")
    shape = tuple(built) if isinstance(built, list) else None
    return Model(
        name,
        cls == "Sequential",
        layers,
        _refs(config.get("input_layers")),
        _refs(config.get("output_layers")),
        shape,
    )


def _layer(entry: Any, depth: int) -> KerasLayer:
    if not isinstance(entry, dict) or not isinstance(entry.get("config"), dict):
        raise UnreadableError("a layer of the model has no `config`")
    cls, values = str(entry.get("class_name"))[:80], entry["config"]
    name = str(entry.get("name") or values.get("name") or cls)[:200]
    registered = entry.get("registered_name")
    own = str(entry.get("module") or "keras").split(".")[0] in {"keras", "builtins", "None"}
    if registered and registered != cls and ">" in str(registered):
        own = str(registered).startswith("keras")
    model = model_of(entry, depth + 1) if cls in _MODELS else None
    nodes = entry.get("inbound_nodes") or []
    if not isinstance(nodes, list):
        raise UnreadableError(f"layer {plain(name)}: inbound_nodes is not a list")
    calls = tuple(_call(node) for node in nodes)
    shown = cls if own or cls in _MODELS else f"{cls} (not Keras's own)"
    return KerasLayer(name, shown, Config(values, plain(name)), calls, model)


def _call(node: Any) -> tuple[Ref, ...]:
    """What a call reads: Keras 3's tensors among the arguments, or Keras 2's nested lists."""
    found: list[Ref] = []
    waiting = [node]
    steps = 0
    while waiting:
        value = waiting.pop()
        steps += 1
        if steps > 10_000:
            raise UnreadableError("a call of a layer has too many arguments")
        if isinstance(value, dict):
            if value.get("class_name") == "__keras_tensor__":
                inner = value.get("config")
                history = inner.get("keras_history") if isinstance(inner, dict) else None
                found += _refs([history])
            elif value is node or "args" in value:
                more, given = value.get("kwargs"), value.get("args")
                waiting += list(more.values())[::-1] if isinstance(more, dict) else []
                waiting += given[::-1] if isinstance(given, list) else []
        elif isinstance(value, list):
            old = len(value) in {3, 4} and isinstance(value[0], str)
            if old and type(value[1]) is int and type(value[2]) is int:
                found += _refs([value[:3]])
            else:
                waiting += value[::-1]
    return tuple(found)


def _refs(value: Any) -> tuple[Ref, ...]:
    """[name, call, output], or a list of such."""
    if not isinstance(value, list):
        return ()
    if len(value) == 3 and isinstance(value[0], str):
        value = [value]
    found = []
    for entry in value:
        fits = isinstance(entry, list) and len(entry) >= 3 and isinstance(entry[0], str)
        if not fits or type(entry[1]) is not int or type(entry[2]) is not int:
            raise UnreadableError("a reference to a layer is not [name, call, output]")
        found.append(Ref(entry[0], entry[1], entry[2]))
    return tuple(found)
