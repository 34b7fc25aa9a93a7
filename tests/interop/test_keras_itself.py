"""Models that Keras builds and writes here: their sizes and parameters are Keras's own."""

import io
import json
from collections.abc import Callable
from typing import Any

import numpy
import pytest

from convcalc.interop.read.model import read
from tests.interop.keras_models import agree, conv, why

Built = Callable[[Any], Any]


def nested(keras: Any) -> Any:
    x = keras.Input((None, None, 4))
    return keras.Model(x, conv(keras, "inner")(x), name="m")


def second_is_smaller(keras: Any) -> Any:
    m, x = nested(keras), keras.Input((16, 16, 4))
    p = m(x)
    q = m(keras.layers.MaxPooling2D(2)(p))
    return keras.Model(x, [keras.layers.Flatten()(q), p])


def both_are_outputs(keras: Any) -> Any:
    m, x = nested(keras), keras.Input((16, 16, 4))
    p = m(x)
    return keras.Model(x, [m(keras.layers.MaxPooling2D(4)(p)), p])


def of_itself(keras: Any) -> Any:
    m, x = nested(keras), keras.Input((16, 16, 4))
    return keras.Model(x, m(m(x)))


def in_another(keras: Any) -> Any:
    m, x, y = nested(keras), keras.Input((16, 16, 4)), keras.Input((16, 16, 4))
    n = keras.Model(y, m(keras.layers.ReLU()(m(y))), name="n")
    return keras.Model(x, keras.layers.Flatten()(n(n(x))))


def with_a_sequential(keras: Any) -> Any:
    m, x = nested(keras), keras.Input((16, 16, 4))
    s = keras.Sequential([conv(keras, "c"), keras.layers.ReLU()], name="s")
    return keras.Model(x, [m(s(m(x))), s(x), s(s(x))])


def called_outside(keras: Any) -> Any:
    """Of its calls, one is another model's."""
    m, x, z = nested(keras), keras.Input((16, 16, 4)), keras.Input((8, 8, 4))
    m(z)
    c = conv(keras, "c")
    c(z)
    p = m(c(x))
    return keras.Model(x, [c(keras.layers.AveragePooling2D(2)(p)), p])


def several_outputs(keras: Any) -> Any:
    a, b = keras.Input((None, None, 4)), keras.Input((None, None, 4))
    m = keras.Model([a, b], [conv(keras, "u")(a), conv(keras, "v", 6)(b)], name="m")
    x = keras.Input((16, 16, 4))
    y = keras.layers.Conv2D(4, 2, strides=2, name="y")(x)
    p, q = m([y, x])
    r, s = m([y, p])
    return keras.Model(x, [s, q, r])


@pytest.mark.parametrize(
    "build",
    [
        second_is_smaller,
        both_are_outputs,
        of_itself,
        in_another,
        with_a_sequential,
        called_outside,
        several_outputs,
    ],
)
def test_outputs_of_a_model_that_is_called_twice(build: Built, keras: Any) -> None:
    agree(build(keras))


def test_a_volume_times_a_number_is_scaled(keras: Any) -> None:
    x = keras.Input((6, 8, 4))
    y = conv(keras, "c")(2 * (x * 0.5))
    flat = agree(keras.Model(x, y / 4.0))
    assert [item.kind for item in flat.items] == ["input", "scale", "scale", "conv", "scale"]
    assert [vars(flat.items[i].layer)["by"] for i in (1, 2, 4)] == [0.5, 2, 0.25]


OPERATORS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "keras.ops.Add with inf": lambda ops, x, y: x + float("inf"),
    "keras.ops.Add with True": lambda ops, x, y: x + True,
    "keras.ops.Add with {'class_name'": lambda ops, x, y: x + numpy.ones((4,), numpy.float32),
    "keras.ops.Subtract with nan": lambda ops, x, y: float("nan") - x,
    "keras.ops.Negative": lambda ops, x, y: -x,
    "keras.ops.Maximum with 0.5": lambda ops, x, y: ops.maximum(x, 0.5),
    "keras.ops.Multiply with True": lambda ops, x, y: x * True,
    "keras.ops.TrueDivide with 1.0": lambda ops, x, y: 1.0 / x,
    "keras.ops.TrueDivide with 0.0": lambda ops, x, y: x / 0.0,
    "keras.ops.TrueDivide of two volumes": lambda ops, x, y: x / y,
    "keras.ops.Average": lambda ops, x, y: ops.average(x),
    "keras.ops.Reshape of the batch": lambda ops, x, y: ops.reshape(x, (4, -1, 12, 4)),
    "keras.ops.Concatenate along positions": lambda ops, x, y: ops.concatenate([x, y], axis=1),
    "Softmax over positions": lambda ops, x, y: ops.softmax(x, axis=1),
}


@pytest.mark.parametrize("words", OPERATORS)
def test_operators_that_no_layer_is_are_refused(words: str, keras: Any) -> None:
    """They are named like layers: the numbers beside a volume would be dropped."""
    x = keras.Input((6, 8, 4))
    y = keras.layers.ReLU()(x)
    assert why(keras.Model(x, OPERATORS[words](keras.ops, x, y))).startswith(f"{words}:")


ADDED = "an addition of a number left out"
TAKEN = "a subtraction of a number left out"
TURNED = "a number that a volume is taken from is left out"


@pytest.mark.parametrize(
    ("function", "kinds", "notes"),
    [
        (lambda ops, x: x + 1.0, [], [ADDED]),
        (lambda ops, x: 1 + x, [], [ADDED]),
        (lambda ops, x: ops.add(x, numpy.float32(0.5)), [], [ADDED]),
        (lambda ops, x: (x + 1) + 2, [], [f"{ADDED} (2 times)"]),
        (lambda ops, x: x - 2, [], [TAKEN]),
        (lambda ops, x: x + 0, [], []),
        (lambda ops, x: x - 0.0, [], []),
        (lambda ops, x: 1.0 - x, ["scale"], [TURNED]),
        (lambda ops, x: ops.subtract(1, x), ["scale"], [TURNED]),
        (lambda ops, x: 0 - x, ["scale"], []),
        (lambda ops, x: x * (1 - x), ["scale", "multiply"], [TURNED]),
    ],
)
def test_a_number_that_is_added_or_taken_is_left_out(
    function: Any, kinds: list[str], notes: list[str], keras: Any
) -> None:
    """As of `.pt2` and ONNX: it changes no size; `1 - x` makes a volume, as a factor does."""
    x = keras.Input((6, 8, 4))
    flat = agree(keras.Model(x, function(keras.ops, keras.layers.ReLU()(x))))
    assert [item.kind for item in flat.items] == ["input", "relu", *kinds]
    assert flat.notes == tuple(notes)
    assert all(vars(item.layer)["by"] == -1 for item in flat.items if item.kind == "scale")


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_number_is_taken_by_the_name_that_a_file_gives_it(
    turned: bool, swapped: bool, keras: Any
) -> None:
    """`subtract(x2=x, x1=1)` is `1 - x`, whichever stands first in the file."""
    x = keras.Input((6, 8, 4))
    model = json.loads(keras.Model(x, keras.layers.ReLU()(x) - 1).to_json())
    (node,) = model["config"]["layers"][-1]["inbound_nodes"]
    volume, number = node["args"]
    given = {"x1": number, "x2": volume} if turned else {"x1": volume, "x2": number}
    node |= {"args": [], "kwargs": dict(sorted(given.items(), reverse=swapped))}
    flat = read("m.json", io.BytesIO(json.dumps(model).encode()))
    assert flat.items[-1].kind == ("scale" if turned else "relu")


def test_an_array_beside_a_volume_is_refused(keras: Any) -> None:
    x = keras.Input((6, 8, 2))
    found = why(keras.Model(x, x * numpy.array([1.0, 2.0])))
    assert found.startswith("keras.ops.Multiply with {'class_name': '__numpy__'")


def test_operators_of_two_volumes_are_layers(keras: Any) -> None:
    x = keras.Input((6, 8, 4))
    y, ops = conv(keras, "c")(x), keras.ops
    z = ops.concatenate([x + y, x - y, x * y, ops.maximum(x, y)], axis=-1)
    flat = agree(keras.Model(x, ops.softmax(z)))
    kinds = [item.kind for item in flat.items]
    assert kinds[2:] == ["add", "subtract", "multiply", "maximum", "concat", "softmax"]


def test_the_user_s_own_classes_are_refused(keras: Any) -> None:
    """Whatever they are called: Keras names the module of each class of its own."""

    class Dropout(keras.layers.Layer):  # type: ignore[misc]
        def build(self, shape: Any) -> None:
            self.w = self.add_weight(shape=(shape[-1],))

        def call(self, x: Any) -> Any:
            return keras.ops.mean(x, axis=1) * self.w

    x = keras.Input((6, 8, 4))
    expected = "Dropout (not Keras's own): d"
    assert why(keras.Model(x, keras.layers.ReLU()(Dropout(name="d")(x)))) == expected
    Dropout.__module__ = "__main__"  # which Keras writes as null
    assert why(keras.Model(x, keras.layers.ReLU()(Dropout(name="d")(x)))) == expected
    for package in ("keras_extra", "keras", "my"):
        own = keras.saving.register_keras_serializable(package)(
            type("Dropout", (Dropout,), {"__module__": "kerasmine"})
        )
        assert why(keras.Model(x, keras.layers.ReLU()(own(name="d")(x)))) == expected


def test_the_user_s_own_activations_are_refused(keras: Any) -> None:
    class ReLU(keras.layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x * x

    x = keras.Input((6, 8, 4))
    assert why(keras.Model(x, conv(keras, "c", activation=ReLU())(x))) == (
        "activation ReLU (not Keras's own): c"
    )


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`")
def test_an_activation_of_python_code_is_refused(keras: Any) -> None:
    x = keras.Input((6, 8, 4))
    model = keras.Model(x, conv(keras, "c", activation=lambda t: t * 2)(x))
    assert why(model) == "activation of Python code: c"


def hard_sigmoid(keras: Any, x: Any, top: float = 6.0, factor: float = 1.0 / 6.0) -> Any:
    """As keras.applications writes it in MobileNetV3."""
    return keras.layers.ReLU(top)(x + 3.0) * factor


def test_a_hard_sigmoid_that_is_written_out_is_one(keras: Any) -> None:
    x = keras.Input((6, 8, 4))
    y = conv(keras, "c")(x)
    flat = agree(keras.Model(x, keras.layers.Multiply()([y, hard_sigmoid(keras, y)])))
    assert [item.kind for item in flat.items] == ["input", "conv", "hard_sigmoid", "multiply"]
    for gate in (keras.ops.relu6(y + 3) / 6, keras.layers.ReLU(6.0)(3 + y) / 6.0):
        flat = agree(keras.Model(x, gate))
        assert ([item.kind for item in flat.items[2:]], flat.notes) == (["hard_sigmoid"], ())


def test_what_only_looks_like_a_hard_sigmoid_is_none(keras: Any) -> None:
    x = keras.Input((6, 8, 4))
    z = x + 3.0
    gate = keras.layers.ReLU(6.0)(z)
    for y in (
        hard_sigmoid(keras, x, factor=0.2),
        [gate * (1.0 / 6.0), z],
        [gate * (1.0 / 6.0), gate],
        [gate * (1.0 / 6.0), keras.layers.ReLU()(z)],
        keras.ops.relu6(z) / 3,
    ):
        flat = agree(keras.Model(x, y))
        assert "hard_sigmoid" not in {item.kind for item in flat.items}
        assert flat.notes == (ADDED,)
    assert why(keras.Model(x, hard_sigmoid(keras, x, top=5.0))).startswith("ReLU up to 5.0")
    assert why(keras.Model(x, 6.0 / gate)) == "keras.ops.TrueDivide with 6.0: true_divide_1"


def by_key(keras: Any) -> Any:
    """A model whose inputs and outputs have keys: Keras takes them in the keys' order."""
    a, b = keras.Input((6, 8, 3), name="zz"), keras.Input((4, 4, 2), name="aa")
    outputs = {"q": conv(keras, "c")(a), "p": conv(keras, "d", 5)(b)}
    return keras.Model({"zz": a, "aa": b}, outputs, name="m")


def called_by_key(keras: Any) -> Any:
    a, b = keras.Input((4, 4, 2)), keras.Input((6, 8, 3))
    found = by_key(keras)({"zz": b, "aa": a})
    return keras.Model([a, b], [keras.layers.Flatten()(found["q"]), found["p"]])


def outputs_in_lists(keras: Any) -> Any:
    x = keras.Input((6, 8, 3))
    p, q, r = (conv(keras, f"c{n}", n)(x) for n in (4, 5, 6))
    return keras.Model(x, [[p, q], r])


@pytest.mark.parametrize("build", [by_key, called_by_key, outputs_in_lists])
def test_inputs_and_outputs_in_dictionaries_and_lists(build: Built, keras: Any) -> None:
    agree(build(keras))
