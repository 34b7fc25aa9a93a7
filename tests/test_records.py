"""`convcalc.records.NamedTuple` is `typing.NamedTuple` to whoever uses it."""

import pickle
import typing
from typing import Any

import pytest

from convcalc.records import NamedTuple


class Plain(typing.NamedTuple):
    """A record of the standard library."""

    a: int
    b: str = "x"
    c: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        """Twice a."""
        return 2 * self.a


class Lean(NamedTuple):
    """The same, made here."""

    a: int
    b: str = "x"
    c: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        """Twice a."""
        return 2 * self.a


class Empty(NamedTuple):
    """No fields."""


@pytest.mark.parametrize("kind", [Plain, Lean])
def test_a_record_does_what_a_named_tuple_does(kind: Any) -> None:
    one = kind(1, c=(2,))
    assert one == (1, "x", (2,)) and hash(one) == hash((1, "x", (2,)))
    assert (one.a, one.b, one.c, one.double) == (1, "x", (2,), 2)
    assert one._replace(b="y") == kind(1, "y", (2,)) and type(one._replace(b="y")) is kind
    assert kind._make([1, "x", (2,)]) == one
    assert one._asdict() == {"a": 1, "b": "x", "c": (2,)}
    assert repr(one) == f"{kind.__name__}(a=1, b='x', c=(2,))"
    assert kind._fields == kind.__match_args__ == ("a", "b", "c")
    assert kind._field_defaults == {"b": "x", "c": ()}
    assert isinstance(one, tuple) and pickle.loads(pickle.dumps(one)) == one
    assert type(pickle.loads(pickle.dumps(one))) is kind
    assert kind.__doc__ and not hasattr(one, "__dict__")
    match one:
        case kind(a=1, b=name):
            assert name == "x"
    for wrong in ((), (1, 2, 3, 4)):
        with pytest.raises(TypeError):
            kind(*wrong)
    for named in ({"d": 1}, {"a": 1, "d": 2}):
        with pytest.raises(TypeError):
            kind(**named)
    with pytest.raises(ValueError, match="d"):
        one._replace(d=1)
    with pytest.raises(TypeError):
        kind._make([1])
    with pytest.raises(AttributeError):
        one.a = 2


def test_a_record_without_fields_and_wrong_ones() -> None:
    assert Empty() == ()
    with pytest.raises(TypeError, match="defaults are last"):

        class Wrong(NamedTuple):
            a: int = 1
            b: int  # type: ignore[misc]
