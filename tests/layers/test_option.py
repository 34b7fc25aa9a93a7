"""What each type of option accepts, as what, and what it refuses, in which words."""

from typing import Any

import pytest

from convcalc.layers.option import (
    Count,
    Extent,
    Flag,
    InPlace,
    Number,
    Option,
    OptionalNumber,
    PerAxis,
    RejectedError,
    RoundingChoice,
    Sides,
    shown,
)
from convcalc.layers.words import Choice, FlagOr, Reference
from convcalc.shapes import LARGEST_SIZE
from convcalc.window import Rounding

ACCEPTED = [
    (Count("n"), 1, 1),
    (Count("n"), LARGEST_SIZE, LARGEST_SIZE),
    (Count("n", minimum=0), 0, 0),
    (PerAxis("n"), 3, (3,)),
    (PerAxis("n"), (3, 5), (3, 5)),
    (PerAxis("n"), "3x5", (3, 5)),
    (PerAxis("n"), (1, 2, 3), (1, 2, 3)),
    (PerAxis("n", minimum=0), 0, (0,)),
    (Extent("n"), 7, (7,)),
    (Extent("n"), (7, 5), (7, 5)),
    (Extent("n"), "7x5", (7, 5)),
    (Extent("n"), "4x4x256", (4, 4, 256)),
    (Extent("n"), "7", (7,)),
    (Sides("n"), 0, (0,)),
    (Sides("n"), (1, 2), (1, 2)),
    (Sides("n"), (1, 2, 3, 4), (1, 2, 3, 4)),
    (Sides("n"), (0, 0, 1, 1, 2, 2), (0, 0, 1, 1, 2, 2)),
    (Sides("n"), "same", "same"),
    (Sides("n"), "valid", (0,)),
    (Flag("n"), True, True),
    (Flag("n"), False, False),
    (InPlace("n"), True, True),
    (InPlace("n"), False, False),
    (Number("n"), 1, 1.0),
    (OptionalNumber("n", None), 0.17, 0.17),
    (FlagOr("n", ("scale", "shift"), True), False, False),
    (FlagOr("n", ("scale", "shift"), True), "scale", "scale"),
    (Number("n"), -0.5, -0.5),
    (Number("n", minimum=0.0, maximum=1.0), 0, 0.0),
    (Number("n", minimum=0.0, maximum=1.0), 1, 1.0),
    (Choice("n", ("one", "channel")), "channel", "channel"),
    (RoundingChoice("n"), "ceil", Rounding.CEIL),
    (RoundingChoice("n"), "exact", Rounding.EXACT),
    (Reference("n"), "conv1", "conv1"),
    (Reference("n"), 3, "3"),
]
REFUSED = [
    (Count("n"), 0, "a positive integer, got 0"),
    (Count("n"), -1, "a positive integer, got -1"),
    (Count("n"), 1.0, "a positive integer, got 1.0"),
    (Count("n"), "1", "a positive integer, got '1'"),
    (Count("n"), True, "a positive integer, got true"),
    (Count("n"), None, "a positive integer, got nothing"),
    (Count("n"), (1,), "a positive integer, got [1]"),
    (Count("n"), LARGEST_SIZE + 1, "a positive integer, got 2147483649"),
    (Count("n", minimum=0), -1, "an integer from 0, got -1"),
    (PerAxis("n"), 0, "or one per axis such as [3, 5], got 0"),
    (PerAxis("n"), (), "got []"),
    (PerAxis("n"), (1, 2, 3, 4), "got [1, 2, 3, 4]"),
    (PerAxis("n"), (1, 0), "got [1, 0]"),
    (PerAxis("n"), (1, (2,)), "got [1, [2]]"),
    (PerAxis("n"), "3x0", "got '3x0'"),
    (PerAxis("n"), True, "got true"),
    (PerAxis("n", minimum=0), -1, "an integer from 0 or one per axis"),
    (Extent("n"), 0, "a size such as 7, [7, 7] or 7x7, got 0"),
    (Extent("n"), (), "got []"),
    (Extent("n"), (1, 1, 1, 1, 1), "got [1, 1, 1, 1, 1]"),
    (Extent("n"), "7x0", "got '7x0'"),
    (Extent("n"), 7.5, "got 7.5"),
    (Sides("n"), -1, "sides [top, bottom, left, right], same or valid, got -1"),
    (Sides("n"), (1, 2, 3, 4, 5), "got [1, 2, 3, 4, 5]"),
    (Sides("n"), (), "got []"),
    (Sides("n"), "full", "got 'full'"),
    (Sides("n"), False, "got false"),
    (Flag("n"), 1, "true or false, got 1"),
    (Flag("n"), "true", "true or false, got 'true'"),
    (Flag("n"), None, "true or false, got nothing"),
    (InPlace("n"), 0, "true or false, got 0"),
    (InPlace("n"), None, "true or false, got nothing"),
    (Number("n"), True, "a number, got true"),
    (OptionalNumber("n", None), "1", "a number, got '1'"),
    (FlagOr("n", ("scale", "shift"), True), "both", "true, false, scale or shift, got 'both'"),
    (Number("n"), "1", "a number, got '1'"),
    (Number("n"), float("nan"), "a number, got nan"),
    (Number("n"), float("inf"), "a number, got inf"),
    (Number("n", minimum=0.0), -1, "a number from 0, got -1"),
    (Number("n", minimum=0.0, maximum=1.0), 1.5, "a number from 0 to 1, got 1.5"),
    (Choice("n", ("one", "channel")), "two", "one or channel, got 'two'"),
    (Choice("n", ("one", "channel")), 1, "one or channel, got 1"),
    (RoundingChoice("n"), "round", "exact, floor or ceil, got 'round'"),
    (RoundingChoice("n"), 1, "exact, floor or ceil, got 1"),
    (Reference("n"), True, "the name of a layer, got true"),
    (Reference("n"), None, "the name of a layer, got nothing"),
    (Reference("n"), ("a", "b"), "the name of a layer, got ['a', 'b']"),
]


def _named(option: Option[Any]) -> Option[Any]:
    option.__set_name__(object, "size")
    return option


@pytest.mark.parametrize(("option", "value", "kept"), ACCEPTED)
def test_accepted(option: Option[Any], value: Any, kept: Any) -> None:
    accepted = _named(option).accept(value)
    assert accepted == kept
    assert type(accepted) is type(kept)


@pytest.mark.parametrize(("option", "value", "words"), REFUSED)
def test_refused(option: Option[Any], value: Any, words: str) -> None:
    with pytest.raises(RejectedError) as error:
        _named(option).accept(value)
    assert str(error.value).startswith("size: expected ")
    assert words in str(error.value)


def test_every_type_of_option_is_in_both_tables() -> None:
    types = {kind for kind in Option.__subclasses__() if kind.__module__.startswith("convcalc.")}
    assert {type(option) for option, *_ in ACCEPTED} == types
    assert {type(option) for option, *_ in REFUSED} == types


def test_an_option_is_written_by_its_alias() -> None:
    option = _named(Count("n"))
    assert option.key == "size"
    option.alias = "parameters"
    assert option.key == "parameters"


def test_an_option_without_default_is_required() -> None:
    assert Count("n").required
    assert not Count("n", default=1).required
    assert not InPlace("n", default=None).required


def test_values_are_shown_as_a_spec_writes_them() -> None:
    shown_values = [shown(v) for v in (True, None, (1, "a", (2.5,)), "a'b")]
    assert shown_values == ["true", "nothing", "[1, 'a', [2.5]]", '"a\'b"']
