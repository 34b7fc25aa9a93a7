"""Files whose sizes follow from constants: what onnxruntime makes of them, or a refusal."""

from typing import Any

import pytest

from tests.interop.onnx_files import array, executed, flat_of, model, refusal

onnx = pytest.importorskip("onnx")
np = pytest.importorskip("numpy")


def _given(name: str, value: Any, dtype: str = "int64") -> Any:
    return onnx.numpy_helper.from_array(np.array(value, dtype), name)


def _net(text: str, *arrays: Any, chosen: bool = True) -> bytes:
    """A convolution of sizes q; c chooses them where the nodes of `text` do not make them."""
    lines = [*text.split("; "), *(["q = Where c large small"] if chosen else [])]
    nodes = []
    for line in lines:
        made, rest = line.split(" = ")
        op, *names = rest.split()
        attrs = dict(name.split(":") for name in names if ":" in name)
        read = [name for name in names if ":" not in name]
        whole = {name: int(value) for name, value in attrs.items()}
        nodes.append(onnx.helper.make_node(op, read, [made], **whole))
    nodes += [
        onnx.helper.make_node("Resize", ["x", "", "", "q"], ["r"], mode="nearest"),
        onnx.helper.make_node("Conv", ["r", "w"], ["y"], pads=[1] * 4),
    ]
    sizes = [_given("large", [1, 3, 40, 40]), _given("small", [1, 3, 16, 16])] * chosen
    return model(nodes, (1, 3, 16, 16), [*arrays, *sizes, array("w", (8, 3, 3, 3))])


Z = _given("z", 0)
#: what onnxruntime makes the larger size of
CHOSEN = {
    "an int32 wraps": (
        "i = Add a b; c = Less i z",
        [_given("a", 2**31 - 1, "int32"), _given("b", 1, "int32"), _given("z", 0, "int32")],
    ),
    "a uint8 is not negative": (
        "u = Cast a to:2; i = Cast u to:7; c = Greater i z",
        [_given("a", -112), Z],
    ),
    "a float32 is rounded": (
        "f = Cast a to:1; c = Equal f g",
        [_given("a", 2**24 + 1), _given("g", 2**24, "float32")],
    ),
    "products are": (
        "f = Mul a b; g = Floor f; c = Equal g t",
        [_given(n, v, "float32") for n, v in (("a", 0.29), ("b", 100), ("t", 29))],
    ),
    "a power of integers is one": (
        "i = Pow a b; c = Equal i z",
        [_given("a", 2), _given("b", -1), Z],
    ),
    "a remainder as in C": (
        "i = Mod a b fmod:1; c = Less i z",
        [_given("a", -7), _given("b", 5), Z],
    ),
    "a sum over nothing": (
        "i = ReduceSum a e noop_with_empty_axes:1; j = Gather i z; c = Less j z",
        [_given("a", [-1, 17]), _given("e", []), Z],
    ),
    "of the type of another": (
        "i = CastLike a z; c = Equal i z",
        [_given("a", 0.5, "float32"), Z],
    ),
}


@pytest.mark.parametrize("case", CHOSEN)
def test_a_size_that_constants_choose(case: str) -> None:
    text, arrays = CHOSEN[case]
    data = _net(text, *arrays)
    assert executed(data, (1, 3, 16, 16)) == flat_of(data).items[-1].output == (40, 40, 8)


def test_a_size_that_is_dequantized() -> None:
    text = "f = DequantizeLinear a s; i = Cast f to:7; v = Mul i o; q = Add v p"
    sizes = [_given("a", [16, 16, 16, 16], "uint8"), _given("s", 2.5, "float32")]
    rest = [_given("o", [0, 0, 1, 1]), _given("p", [1, 3, 0, 0])]
    data = _net(text, *sizes, *rest, chosen=False)
    assert executed(data, (1, 3, 16, 16)) == flat_of(data).items[-1].output == (40, 40, 8)
    rounded = text.replace("f = Deq", "k = QuantizeLinear l s; f = Deq").replace("r a s", "r k s")
    data = _net(rounded, *sizes, *rest, _given("l", [40.0] * 4, "float32"), chosen=False)
    assert refusal(data)[-1] == "Resize to a size that is computed: r"


@pytest.mark.parametrize("end", [-9, -2, 0, 1, 3, 9, None])
@pytest.mark.parametrize("start", [-9, -2, 0, 1, 3, 9, None])
def test_a_part_of_a_shape(start: int | None, end: int | None) -> None:
    ends = "".join(
        f" {name}:{at}" for name, at in (("start", start), ("end", end)) if at is not None
    )
    sums = "k = Size s; a = Unsqueeze k z; b = ReduceSum s; p = Concat a b axis:0"
    text = f"s = Shape x{ends}; {sums}; r0 = Add p eight; q = Concat o r0 axis:0"
    arrays = [_given("z", [0]), _given("eight", [8, 8]), _given("o", [1, 3])]
    data = _net(text, *arrays, chosen=False)
    assert executed(data, (1, 3, 16, 16)) == flat_of(data).items[-1].output


@pytest.mark.parametrize(
    "text",
    [
        "d = Max a b; e = Equal d b; c = Not e",
        "d = Exp b; c = Less a d",
        "d = Pow b a; c = Less a d",
        "d = Cast a to:7; e = Cast d to:1; c = Less e b",
        "i = Cast b to:8; c = Equal i i",
        "i = Cast b to:17; d = Cast i to:1; c = Equal b d",
    ],
)
def test_a_choice_that_tools_may_make_differently_is_refused(text: str) -> None:
    data = _net(text, _given("a", float("nan"), "float32"), _given("b", 1, "float32"))
    assert refusal(data)[-1] == "Resize to a size that is computed: r"


#: what onnxruntime makes otherwise than one step after the other in the file's own types
ROUNDED = {
    "float16, in the type it is added in": (
        "s = Add a b; t = Add s b; c = Equal t a",
        [_given("a", 2048, "float16"), _given("b", 1, "float16")],
    ),
    "float16, as it is cast": (
        "s = Add a b; f = Cast s to:1; c = Equal f g",
        [
            *(_given(n, v, "float16") for n, v in (("a", 2048), ("b", 1))),
            _given("g", 2048, "float32"),
        ],
    ),
    "a root as a power": (
        "s = Pow a b; c = Equal s g",
        [_given(n, v, "float32") for n, v in (("a", 194.55217), ("b", 0.5), ("g", 13.948196))],
    ),
    "squares as powers": (
        "s = Pow a b; p = Gather s z; m = Mul a a; n = Gather m z; c = Equal p n",
        [_given("a", [932.0936] * 2, "float32"), _given("b", [2, 2], "float32"), _given("z", 0)],
    ),
    "an int32 from its zero point": (
        "f = DequantizeLinear a s p; c = Greater f g",
        [
            *(_given("a", 2**31 - 1, "int32"), _given("p", -5, "int32")),
            *(_given("s", 1, "float32"), _given("g", 0, "float32")),
        ],
    ),
    "a cast with one back": (
        "f = Cast a to:1; d = Cast f to:11; c = Equal d a",
        [_given("a", 0.1, "float64")],
    ),
    "a quotient and a product": (
        "f = Div a b; d = Mul f b; c = Equal d a",
        [_given("a", 1, "float32"), _given("b", 41, "float32")],
    ),
    "by a zero that may be negative": (
        "f = Neg a; d = Div b f; c = Less d a",
        [_given("a", 0, "float32"), _given("b", 1, "float32")],
    ),
}


@pytest.mark.parametrize("case", ROUNDED)
def test_a_choice_by_digits_that_tools_round_otherwise_is_refused(case: str) -> None:
    text, arrays = ROUNDED[case]
    assert refusal(_net(text, *arrays))[-1] == "Resize to a size that is computed: r"


@pytest.mark.parametrize(
    ("op", "inputs", "why"),
    [
        ("ReduceSum", "x k", "ReduceSum over computed axes"),
        ("Squeeze", "x k", "Squeeze of computed axes"),
        ("Squeeze", "x e", "Squeeze of an empty list of axes, which may mean all or none"),
        ("Unsqueeze", "x k", "Unsqueeze at computed axes"),
        ("Slice", "x one two k", "Slice at computed places"),
        ("Slice", "x one two one k", "Slice at computed places"),
        ("Split", "x k", "Split by computed sizes"),
        ("Pad", "x eight f", "Pad with a computed number"),
        ("Pad", "x eight zero k", "Pad by computed sides"),
        ("CastLike", "x one", "CastLike to integers"),
        ("CastLike", "x m", "CastLike to a type that is not known"),
    ],
)
def test_an_optional_input_that_is_computed_is_not_taken_for_absent(
    op: str, inputs: str, why: str
) -> None:
    make = onnx.helper.make_node
    nodes = [
        make("ArgMax", ["x"], ["m"]),
        make("Squeeze", ["m", "all"], ["k"]),
        make("Cast", ["k"], ["f"], to=1),
        make(op, inputs.split(), ["y"], name="n"),
    ]
    arrays = [
        *(_given("one", [1]), _given("two", [2]), _given("e", []), _given("all", [1, 2, 3])),
        *(_given("eight", [0] * 7 + [1]), _given("zero", 0, "float32")),
    ]
    assert refusal(model(nodes, (1, 1, 8, 8), arrays))[-1] == f"{why}: n"
