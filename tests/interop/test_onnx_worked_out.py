"""Numbers worked out of constants: of each operator and type what onnxruntime makes of them."""

import itertools
from typing import Any

import pytest

from tests.interop.worked_nodes import Case, agree, executed, worked

pytest.importorskip("onnxruntime")
np = pytest.importorskip("numpy")

INTEGERS = ("uint8", "int8", "int16", "int32", "int64", "uint32", "uint64")
FLOATS = ("float16", "float32", "float64")
TYPES = ("bool", *INTEGERS, *FLOATS)
REALS = [0.0, 0.5, -1.5, 2.5, 29.0, 0.29, 100.0, 1e9, 2.0**24 + 2, float("inf"), float("nan")]
#: and the ends of each type, where what does not fit wraps
WHOLE = [0, 1, 2, -1, -7, 5, 16, 100, 127, 255, 2**31 - 1, 2**53 + 1, 2**63 - 1]


def _numbers(dtype: str) -> Any:
    if "float" in dtype or dtype == "bool":
        with np.errstate(over="ignore"):
            return np.array([0, 1] if dtype == "bool" else REALS).astype(dtype)
    least, most = np.iinfo(dtype).min, np.iinfo(dtype).max
    inside = [number for number in WHOLE if least <= number <= most]
    return np.array(sorted({*inside, least, most}), dtype)


def _held(case: Case) -> int:
    """How many of a node's numbers are worked out alone, and are, all at once, as executed."""
    pairs = zip(*case.arrays, strict=True)
    known = [pair for pair in pairs if worked(case._replace(arrays=[np.array([x]) for x in pair]))]
    if known and executed(case._replace(arrays=[np.ones_like(one[:1]) for one in case.arrays])):
        columns = [np.array(column) for column in zip(*known, strict=True)]
        assert agree(case._replace(arrays=columns)), case
    return len(known)


#: what tools compute with wider types: where that is rounded, nothing is known
NARROW = 0.5
#: operators of two numbers: the types that they have, and how much of the grid is worked out
TWO = {
    **dict.fromkeys(("Add", "Sub", "Mul"), ((*INTEGERS, *FLOATS), 1.0)),
    **dict.fromkeys(("Div",), ((*INTEGERS, *FLOATS), 0.8)),
    **dict.fromkeys(("Min", "Max"), ((*INTEGERS, *FLOATS), 0.8)),
    "Pow": (("int8", "int16", "int32", "int64", *FLOATS), 0.04),
    "Mod": (INTEGERS, 0.8),
    "Mod in C": ((*INTEGERS, *FLOATS), 0.8),
    "Equal": (TYPES, 1.0),
    **dict.fromkeys(
        ("Greater", "GreaterOrEqual", "Less", "LessOrEqual"), ((*INTEGERS, *FLOATS), 1.0)
    ),
    **dict.fromkeys(("And", "Or", "Xor"), (("bool",), 1.0)),
}


@pytest.mark.parametrize("op", TWO)
def test_two_numbers(op: str) -> None:
    """Those of a type that an operator does not have, and of two, are not worked out."""
    types, least = TWO[op]
    attrs = {"fmod": 1} if op == "Mod in C" else {}
    for dtype in TYPES:
        pairs = list(itertools.product(_numbers(dtype), repeat=2))
        columns = [np.array(column) for column in zip(*pairs, strict=True)]
        known = _held(Case(op.split(maxsplit=1)[0], columns, attrs))
        part = least * (NARROW if dtype == "float16" and least > NARROW else 1)
        assert (known >= part * len(pairs)) if dtype in types else not known, (dtype, known)
    mixed = [np.ones(1, "int64"), np.ones(1, "int32")]
    assert (worked(Case(op.split(maxsplit=1)[0], mixed, attrs)) is not None) is (op == "Pow")


ONE = {
    "Not": ("bool",),
    "Neg": ("int8", "int16", "int32", "int64", *FLOATS),
    "Abs": (*INTEGERS, *FLOATS),
    **dict.fromkeys(("Sqrt", "Floor", "Ceil", "Round"), FLOATS),
    "Identity": TYPES,
}


@pytest.mark.parametrize("op", ONE)
def test_one_number(op: str) -> None:
    for dtype in TYPES:
        known, all_of_them = _held(Case(op, [_numbers(dtype)], {}, 22)), len(_numbers(dtype))
        if op == "Sqrt" and dtype == "float16":
            assert NARROW * all_of_them < known < all_of_them
        else:
            assert known == (all_of_them if dtype in ONE[op] else 0), dtype


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("to", TYPES)
def test_casts(dtype: str, to: str) -> None:
    """A float that an integer type does not hold is no number there; 0.3 is a bool."""
    from convcalc.interop.read.onnx.arrays import NUMBERS

    numbers = _numbers(dtype)
    number = next(number for number, name in NUMBERS.items() if name == to)
    known = _held(Case("Cast", [numbers], {"to": number}))
    cut = dtype in FLOATS and to in INTEGERS
    narrower = to == "float16" and np.dtype(dtype).itemsize > 1
    if cut or (narrower and dtype != to):  # a cast that rounds may be left out with one back
        assert 0 < known < len(numbers)
    else:
        assert known >= len(numbers) - 1


@pytest.mark.parametrize("number", [16, 8, 17, 21, 22, 23, 99])
def test_casts_to_types_whose_numbers_are_not_read(number: int) -> None:
    """bfloat16 is, whose numbers are float32's first half; no text, float8 or int4."""
    found = worked(Case("Cast", [np.array([1.5, 0.75], "float32")], {"to": number}))
    if number == 16:
        assert found is not None and found[0].astype("float32").tolist() == [1.5, 0.75]
    else:
        assert found is None
    assert worked(Case("Cast", [np.array([1.5, 0.1], "float32")], {"to": number})) is None


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int32"])
@pytest.mark.parametrize("axis", [None, 0, -1])
@pytest.mark.parametrize("shifted", [True, False])
def test_dequantized_numbers(dtype: str, axis: int | None, shifted: bool) -> None:
    x = np.array([[16, 17, 0], [1, 2, 100]], dtype)
    shape = () if axis is None else (x.shape[axis],)
    scale = np.arange(25, 25 + np.prod(shape, dtype=int), dtype="float32").reshape(shape) / 4
    zero = np.full(shape, 0 if dtype == "int32" else 3, dtype)
    attrs = {} if axis is None else {"axis": axis}
    assert agree(Case("DequantizeLinear", [x, scale, zero if shifted else None], attrs))
    rounded = [x, scale / 3, zero if shifted else None]
    assert worked(Case("DequantizeLinear", rounded, attrs)) is None
    assert worked(Case("QuantizeLinear", [x.astype("float32"), scale, zero], attrs)) is None
    blocks = Case("DequantizeLinear", [x, scale, zero], {**attrs, "block_size": 2}, 21)
    assert worked(blocks) is None


@pytest.mark.parametrize("dtype", ["int32", "int64", "float32"])
@pytest.mark.parametrize("ends", [(0, 4), (4, 0), (None, 2), (2, None), (None, None)])
def test_bounds(dtype: str, ends: tuple[int | None, int | None]) -> None:
    x = np.array([-3, 0, 1, 2, 9], dtype)
    bounds = [None if one is None else np.array(one, dtype) for one in ends]
    assert agree(Case("Clip", [x, *bounds], {}))
    named = {name: one * 1.0 for name, one in zip(("min", "max"), ends, strict=True) if one}
    old = Case("Clip", [x], named, 10)
    assert agree(old) if dtype == "float32" else worked(old) is None
    assert worked(Case("Clip", [x], {**named, "min": 1.0}, 17)) is None


def test_a_number_that_is_none_is_in_no_bounds() -> None:
    infinite = np.array([float("inf"), 1.0], "float32")
    for x, bound in ((infinite, infinite[1]), (infinite[1:], infinite[0])):
        assert worked(Case("Clip", [x, np.array(bound), None], {})) is None
    nan: Any = np.array([float("nan"), 1.0], "float32")
    for op in ("Clip", "Max", "Min", "ReduceMax", "ReduceMin"):
        assert worked(Case(op, [nan], {})) is None


@pytest.mark.parametrize("dtype", TYPES)
def test_what_a_condition_chooses(dtype: str) -> None:
    numbers = _numbers(dtype)
    chosen = np.array([[True], [False]])
    case = Case("Where", [chosen, numbers, numbers[:1]], {})
    assert worked(case) is not None and (executed(case) is None or agree(case))
    assert worked(case._replace(arrays=[chosen.astype("int64"), *case.arrays[1:]])) is None
