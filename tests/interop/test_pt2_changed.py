"""Calls that may change what they are given, and arguments of another type, are not passed over."""

from typing import Any

import pytest

from convcalc.interop.flat import UnreadableError, UnsupportedError
from tests.interop.stated_programs import CONV, SHAPES, call, program, tensor

_SHAPES = {**SHAPES, "z": (1, 3, 8, 8), "r": (1, 3, 8, 8)}
READ = call("relu.default", {"self": tensor("x")}, "r")


def read(*calls: Any, output: str = "r", **shapes: tuple[int, ...]) -> Any:
    return program([CONV, *calls], {**_SHAPES, **shapes}, output, {"w": "c.weight"})


@pytest.mark.parametrize(
    ("target", "given"),
    [
        ("relu.out", {"self": tensor("y0"), "out": tensor("x")}),
        ("max.dim_max", {"self": tensor("y0"), "dim": {"as_int": 1}, "max": tensor("x")}),
        ("anything.default", {"self": tensor("x")}),
    ],
)
def test_a_call_that_is_not_known_and_that_nothing_reads_is_refused(
    target: str, given: dict[str, Any]
) -> None:
    """`relu.out` gives its `out` another size."""
    with pytest.raises(UnreadableError, match="may change what it is given, and nothing reads"):
        read(call(target, given, "z"), READ)


def test_one_that_is_read_is_refused_as_what_has_no_kind() -> None:
    other = call("anything.default", {"self": tensor("x")}, "z")
    with pytest.raises(UnsupportedError, match="anything"):
        read(other, call("relu.default", {"self": tensor("z")}, "r"))


@pytest.mark.parametrize(
    ("target", "more", "made"),
    [
        ("transpose_.default", {"dim0": {"as_int": 2}, "dim1": {"as_int": 3}}, (1, 3, 8, 8)),
        ("t_.default", {}, (3, 1, 8, 8)),
        ("squeeze_.dim", {"dim": {"as_int": 0}}, (3, 8, 8)),
        ("unsqueeze_.default", {"dim": {"as_int": 0}}, (1, 1, 3, 8, 8)),
    ],
)
def test_what_turns_its_input_under_its_own_name_is_refused_where_it_is_read_again(
    target: str, more: dict[str, Any], made: tuple[int, ...]
) -> None:
    turned = call(target, {"self": tensor("x"), **more}, "z")
    with pytest.raises(UnsupportedError, match="of what is read again after it"):
        read(turned, READ, z=made)
    assert [item.kind for item in read(READ, turned, z=made).items] == ["input", "relu"]


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("ceil_mode", {"as_int": 1}, "is not true or false"),
        ("ceil_mode", {"as_string": "True"}, "is not true or false"),
        ("ceil_mode", {"as_sym_bool": {"as_bool": True}}, "is not true or false"),
    ],
)
def test_an_argument_of_another_type_is_no_default(
    name: str, value: dict[str, Any], what: str
) -> None:
    given = {"self": tensor("x"), "kernel_size": {"as_ints": [2, 2]}, name: value}
    with pytest.raises(UnreadableError, match=f"{name} {what}"):
        read(call("max_pool2d.default", given, "r"))


def test_an_integer_of_another_type_is_no_default() -> None:
    given = {"self": tensor("x"), "dim": {"as_bool": True}}
    with pytest.raises(UnreadableError, match="dim is not an integer"):
        read(call("softmax.int", given, "r"))
