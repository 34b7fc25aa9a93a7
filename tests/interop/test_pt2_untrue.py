"""Programs whose file says what PyTorch does not run: refused, never counted as less in silence."""

import json
from typing import Any

import pytest

from convcalc.interop.flat import Flat, UnreadableError, UnsupportedError
from convcalc.interop.read.given import Given
from convcalc.interop.read.pt2.sized import sized as size_of
from convcalc.interop.trace.tensors import Tensor
from tests.interop.stated_programs import CONV, SHAPES, call, packed, program, stated, tensor

_WEIGHTS = "a/data/weights/model_weights_config.json"
_CONSTANTS = "a/data/constants/model_constants_config.json"
_NAMES = {"w": "c.weight"}


def kept(**changed: Any) -> str:
    meta = {**stated(SHAPES["w"]), **changed.pop("tensor_meta", {})}
    entry = {"path_name": "weight_0", "is_param": True, "use_pickle": False, "tensor_meta": meta}
    return json.dumps({"config": {"c.weight": {**entry, **changed}}})


def test_a_file_that_agrees_with_itself_is_read() -> None:
    flat = program([CONV], SHAPES, "y0", _NAMES, beside={_WEIGHTS: kept()})
    assert [item.kind for item in flat.items] == ["input", "conv"]


@pytest.mark.parametrize("member", [_WEIGHTS, _CONSTANTS, _WEIGHTS.replace("weights", "Weights")])
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"tensor_meta": {"sizes": [{"as_int": 64}]}}, "is 64 where the file keeps it, 3x3x3x3 in"),
        ({"tensor_meta": {"sizes": [{"as_int": 1}] * 40}}, "of no size where the file keeps it"),
        ({"tensor_meta": {"dtype": 6}}, "another number type where the file keeps it"),
        ({"tensor_meta": None}, "does not say the size of c.weight"),
        ({"is_param": False}, "no parameter where the file keeps it"),
        ({"use_pickle": True}, "c.weight is pickled in the file"),
    ],
)
def test_arrays_are_those_that_the_file_keeps(member: str, changed: Any, why: str) -> None:
    if changed.get("tensor_meta", 1) is None:
        text = json.dumps({"config": {"c.weight": {"tensor_meta": None}}})
    else:
        text = kept(**changed)
    with pytest.raises(UnreadableError, match=why):
        program([CONV], SHAPES, "y0", _NAMES, beside={member: text})


def test_a_member_of_the_same_name_in_other_letters_is_refused() -> None:
    """PyTorch finds members whatever their case."""
    with pytest.raises(UnreadableError, match=r"2 members like models/model\.json"):
        program([CONV], SHAPES, "y0", _NAMES, beside={"a/Models/model.json": "{}"})


def test_an_archive_behind_another_is_refused() -> None:
    """PyTorch counts from the file's start and finds the other one."""
    with pytest.raises(UnreadableError, match="stands behind other bytes"):
        program([CONV], SHAPES, "y0", _NAMES, front=packed({"a/models/model.json": "{}"}))


def no_kind(calls: list[Any], shapes: dict[str, Any], output: str) -> str:
    with pytest.raises(UnsupportedError) as error:
        program(calls, {**SHAPES, **shapes}, output, _NAMES)
    return str(error.value)


def test_an_argument_that_the_overload_does_not_have_is_not_read() -> None:
    given = {"self": tensor("y0"), "split_size": {"as_int": 7}, "dim": {"as_int": 2}}
    parts = {"as_tensors": [{"name": "a"}, {"name": "b"}]}
    shapes = {"a": (1, 3, 7, 8), "b": (1, 3, 1, 8)}
    flat = program([CONV, call("split.Tensor", given, parts)], {**SHAPES, **shapes}, "a", _NAMES)
    assert flat.items[-1].output == (7, 8, 3)
    given["split_sizes"] = {"as_ints": [1, 7]}
    said = no_kind([CONV, call("split.Tensor", given, parts)], shapes, "a")
    assert "split_sizes, which it does not have" in said


@pytest.mark.parametrize("outputs", [[], [{"as_none": True}], [{"as_sym_int": {"as_name": "s"}}]])
@pytest.mark.parametrize(
    "target", ["resize_.default", "upsample_nearest2d.vec", "set_.source_Tensor"]
)
def test_a_call_without_a_tensor_is_not_passed_over(target: str, outputs: list[Any]) -> None:
    given = {"self": tensor("y0"), "size": {"as_ints": [1, 3, 400, 400]}}
    with pytest.raises(UnreadableError, match="makes no tensor: what it does is not known"):
        program([CONV, call(target, given, *outputs)], SHAPES, "y0", _NAMES)


def sized(target: str, stated_size: int, *values: Any) -> Flat:
    made = {"as_sym_int": {"as_name": "s"}}
    size = call("sym_size.int", {"self": tensor("y0"), "dim": {"as_int": 2}}, made)
    worked = call(
        "", {str(i): value for i, value in enumerate(values)}, {"as_sym_int": {"as_name": "t"}}
    )
    worked["target"] = target
    given = {
        "input": tensor("y0"),
        "output_size": {"as_sym_ints": [{"as_name": "t"}] * 2},
        "scale_factors": {"as_none": True},
    }
    shapes = {**SHAPES, "z": (1, 3, stated_size, stated_size)}
    last = call("upsample_nearest2d.vec", given, "z")
    return program([CONV, size, worked, last], shapes, "z", _NAMES, sizes={"t": stated_size})


@pytest.mark.parametrize(("target", "made"), [("torch.sym_max", 20), ("torch.sym_min", 8)])
def test_the_larger_and_the_smaller_of_sizes_are_worked_out(target: str, made: int) -> None:
    """The file's own number for it was taken, whatever it said."""
    size = {"as_sym_int": {"as_name": "s"}}
    flat = sized(target, made, size, {"as_int": 20})
    assert flat.items[-1].output == (made, made, 3)
    with pytest.raises(UnreadableError, match=f"the size t is {made} by its call, 9 as the file"):
        sized(target, 9, size, {"as_int": 20})


def test_a_size_that_is_not_worked_out_is_said() -> None:
    flat = sized("math.isqrt", 9, {"as_int": 400})
    assert flat.items[-1].output == (9, 9, 3)
    assert "sizes are as the file states them, not worked out: t" in flat.uncounted


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("a/models/model.blob", r"2 members like models/model\.json"),
        ("a/models/b/model.json", r"2 members like models/model\.json"),
        ("serialized_exported_program.json", r"a program of PyTorch 2\.7 or older"),
    ],
)
def test_a_second_program_under_a_name_that_pytorch_reads_is_refused(other: str, why: str) -> None:
    """It takes every member of `models` for a program, and falls back to those of PyTorch 2.7."""
    with pytest.raises(UnreadableError, match=why):
        program([CONV], SHAPES, "y0", _NAMES, beside={other: "{}"})


_TIMES = {"as_ints": [4, 1, 1, 1]}


@pytest.mark.parametrize(
    ("target", "given"),
    [
        ("repeat.default", {"self": tensor("w"), "repeats": _TIMES}),
        ("tile.default", {"self": tensor("w"), "dims": _TIMES}),
        (
            "repeat_interleave.self_int",
            {"self": tensor("w"), "repeats": {"as_int": 4}, "dim": {"as_int": 0}},
        ),
        ("sin.default", {"self": tensor("w")}),
        ("where.self", {"condition": tensor("w"), "self": tensor("w"), "other": tensor("w")}),
    ],
)
def test_what_is_made_of_a_weight_has_the_size_of_the_call(
    target: str, given: dict[str, Any]
) -> None:
    """A file that states 6 channels is refused."""
    channels = 3 if target in {"sin.default", "where.self"} else 12
    made = call(target, given, "r")
    read = call("conv2d.default", {"input": tensor("x"), "weight": tensor("r")}, "z")
    shapes = {**SHAPES, "r": (channels, 3, 3, 3), "z": (1, channels, 6, 6)}
    flat = program([made, read], shapes, "z", _NAMES)
    assert flat.items[-1].output == (6, 6, channels)
    assert "as the file states" not in flat.uncounted
    with pytest.raises(UnreadableError, match=f"r is {channels}x3x3x3 by its call"):
        program([made, read], {**shapes, "r": (6, 3, 3, 3), "z": (1, 6, 6, 6)}, "z", _NAMES)


@pytest.mark.parametrize(
    "read",
    [
        call("conv2d.default", {"input": tensor("x"), "weight": tensor("r")}, "z"),
        call("mul.Tensor", {"self": tensor("y0"), "other": tensor("r")}, "z"),
    ],
)
def test_what_an_operator_makes_that_is_not_known_is_no_weight(read: Any) -> None:
    """It was taken at the size that the file states, whatever that was."""
    made = call("unknown.default", {"self": tensor("w")}, "r")
    text = no_kind([CONV, made, read], {"r": (1, 3, 1, 1), "z": (1, 3, 8, 8)}, "z")
    assert "aten.unknown" in text
    huge = call(
        "repeat.default", {"self": tensor("w"), "repeats": {"as_ints": [2**40, 1, 1, 1]}}, "r"
    )
    assert "repeat" in no_kind([CONV, huge, read], {"r": (1, 3, 1, 1), "z": (1, 3, 8, 8)}, "z")
    with pytest.raises(UnreadableError, match="may change what it is given"):
        program([CONV, made], {**SHAPES, "r": (1, 3, 1, 1)}, "y0", _NAMES)


@pytest.mark.parametrize("axes", [[1, 2, 3], [-1, 2, -3]])
@pytest.mark.parametrize("keeps", [True, False])
def test_what_is_reduced_of_a_weight_has_the_size_of_the_call(axes: list[int], keeps: bool) -> None:
    """Of 6 channels that the file states a product would make a convolution of 6."""
    reduced = {"self": tensor("w"), "dim": {"as_ints": axes}, "keepdim": {"as_bool": keeps}}
    calls = [
        call("std.correction", reduced, "s"),
        call("reshape.default", {"self": tensor("s"), "shape": {"as_ints": [3, 1, 1, 1]}}, "t"),
        call("mul.Tensor", {"self": tensor("w"), "other": tensor("t")}, "r"),
        call("conv2d.default", {"input": tensor("x"), "weight": tensor("r")}, "z"),
    ]
    reduced_to = (3, 1, 1, 1) if keeps else (3,)
    shapes = {**SHAPES, "s": reduced_to, "t": (3, 1, 1, 1), "r": (3, 3, 3, 3), "z": (1, 3, 6, 6)}
    flat = program(calls, shapes, "z", _NAMES)
    assert flat.items[-1].output == (6, 6, 3)
    lie = {"s": (6, 1, 1, 1), "t": (6, 1, 1, 1), "r": (6, 3, 3, 3), "z": (1, 6, 6, 6)}
    with pytest.raises(UnreadableError, match=r"s is 3(x1x1x1)? by its call"):
        program(calls, {**shapes, **lie}, "z", _NAMES)


@pytest.mark.parametrize(
    ("target", "given", "made"),
    [
        ("heaviside.default", {"self": (1, 3, 3, 3), "values": (4, 1, 1, 1)}, (4, 3, 3, 3)),
        (
            "baddbmm.default",
            {"self": (1, 3, 1), "batch1": (4, 3, 2), "batch2": (4, 2, 5)},
            (4, 3, 5),
        ),
    ],
)
def test_operands_of_a_weight_that_spread_make_the_size_of_all(
    target: str, given: dict[str, tuple[int, ...]], made: tuple[int, ...]
) -> None:
    operands = {key: Tensor("w", shape, constant=True) for key, shape in given.items()}
    assert size_of(target.partition(".")[0], Given(operands)) == made


@pytest.mark.parametrize(("norms", "made"), [((1, 3, 1, 1), (1, 3, 3, 3)), ((8, 1, 1, 1), None)])
def test_norms_that_would_spread_a_weight_make_none_of_a_known_size(
    norms: tuple[int, ...], made: tuple[int, ...] | None
) -> None:
    """PyTorch spreads both along the axes in the middle, and not along the first and last."""
    v, g = Tensor("v", (1, 3, 3, 3), constant=True), Tensor("g", norms, constant=True)
    assert size_of("_weight_norm", Given({"v": v, "g": g, "dim": 1})) == made


def test_more_slopes_than_a_weight_has_numbers_spread_it() -> None:
    calls = [
        call("_prelu_kernel.default", {"self": tensor("w"), "weight": tensor("s")}, "r"),
        call("conv2d.default", {"input": tensor("x"), "weight": tensor("r")}, "z"),
    ]
    shapes = {**SHAPES, "s": (4, 1, 1, 1), "w": (1, 3, 3, 3), "r": (4, 3, 3, 3), "z": (1, 4, 6, 6)}
    flat = program(calls, shapes, "z", {"w": "c.weight", "s": "c.slopes"})
    assert flat.items[-1].output == (6, 6, 4)


@pytest.mark.parametrize("target", ["any", "all"])
def test_no_axes_are_none_for_any_and_all(target: str) -> None:
    v = Tensor("v", (4, 1, 1, 1), constant=True)
    for given, made in (({"dim": []}, v.shape), ({"dim": None}, ()), ({"dim": [0]}, (1, 1, 1))):
        assert size_of(target, Given({"self": v, **given})) == made
    assert size_of("amin", Given({"self": v, "dim": []})) == ()


def test_no_axes_are_none_for_squeeze() -> None:
    calls = [
        call("squeeze.dims", {"self": tensor("w"), "dim": {"as_ints": []}}, "s"),
        call("mul.Tensor", {"self": tensor("s"), "other": tensor("g")}, "r"),
        call("conv2d.default", {"input": tensor("x"), "weight": tensor("r")}, "z"),
    ]
    weights = {"w": (8, 1, 1, 1), "s": (8, 1, 1, 1), "g": (1, 3, 1, 8), "r": (8, 3, 1, 8)}
    flat = program(calls, {**SHAPES, **weights, "z": (1, 8, 8, 1)}, "z", _NAMES | {"g": "g"})
    assert flat.items[-1].output == (8, 1, 8)


@pytest.mark.parametrize(
    ("target", "key", "made"),
    [
        ("pixel_shuffle", "upscale_factor", (1, 1, 1, 64, 64)),
        ("pixel_unshuffle", "downscale_factor", (1, 1, 4096, 1, 1)),
    ],
)
def test_a_shuffle_of_pixels_of_five_axes_is_refused(
    target: str, key: str, made: tuple[int, ...]
) -> None:
    """PyTorch takes the last two alone for positions."""
    given = {"self": tensor("x"), key: {"as_int": 8}}
    shapes = {"x": (1, 1, 64, 8, 8), "y": made}
    with pytest.raises(UnsupportedError, match=f"{target} of 5 axes"):
        program([call(f"{target}.default", given, "y")], shapes, "y")


def test_slopes_of_the_kernel_are_of_columns_where_the_layers_are_of_channels() -> None:
    shapes = {"x": (1, 8, 4, 1), "s": (8,), "y": (1, 8, 4, 1)}
    given = {"self": tensor("x"), "weight": tensor("s")}
    flat = program([call("prelu.default", given, "y")], shapes, "y", {"s": "slopes"})
    assert flat.items[-1].output == (4, 1, 8)
    shapes["y"] = (1, 8, 4, 8)
    with pytest.raises(UnsupportedError) as refused:
        program([call("_prelu_kernel.default", given, "y")], shapes, "y", {"s": "slopes"})
    assert "with a slope for each position" in refused.value.lines[0]
