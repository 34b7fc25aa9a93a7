"""`check --fix` of words and formulas as programs and other tools have them, in one step."""

import pytest

from convcalc.rules.tuning import WrongTuningError, tuning_of
from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered

FORMULA = "input: 8x8x3\nvars: {c: 8, s: 1}\nlayers:\n  - conv: {filters: %s, kernel: 3}\n"
CONDITION = "input: 8x8x3\nvars: {s: 1}\nlayers:\n  - conv3-8:\n    when: %s\n  - relu\n"
MERGED = (
    "input: 8x8x3\nlayers:\n  - {conv3-8: , name: a}\n  - {conv3-4: , from: input, name: b}\n"
    "  - concat:%s\n    from: [a, b]\n"
)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("==c", "=c"), ("=1e1", "=10"), ("=0x10", "=16"), ("=c*0x2", "=c*2"), ("=1.5e1", "=15")],
)
def test_numbers_of_programs_are_written_out(wrong: str, right: str) -> None:
    assert first(FORMULA % wrong) == FORMULA % right and faults(FORMULA % right) == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("=s is 1", "=s == 1"),
        ("=s is not 2", "=s != 2"),
        ("=s in [1, 2]", "=s == 1 or s == 2"),
        ("=s not in (3, 4)", "=s != 3 and s != 4"),
        ("=s == True", "=s == 1"),
    ],
)
def test_comparisons_of_programs_are_written_out(wrong: str, right: str) -> None:
    assert first(CONDITION % wrong) == CONDITION % right and faults(CONDITION % right) == []


@pytest.mark.parametrize(
    "wrong", ["=s is 1 and s > 0", "=not s is 1", f"=s in [{', '.join(map(str, range(12)))}]"]
)
def test_what_is_not_written_out_as_a_whole_is_left(wrong: str) -> None:
    assert not any(offer.errors == () for offer in offered(CONDITION % wrong))


@pytest.mark.parametrize("word", ["n", "count", "num", "repeats"])
def test_how_often_layers_are_repeated(word: str) -> None:
    spec = "input: 8x8x3\nlayers:\n  - repeat: {%s: 3, layers: [conv3-8]}\n"
    assert first(spec % word) == spec % "times"
    assert [f.code for f in load("n", (spec % word).encode()).findings] == ["CC012"]


def test_words_of_a_budget() -> None:
    spec = "input: 8x8x3\nbudget: {%s: 1000, training_memory: 8GiB, %s: 2}\nlayers: [conv3-8]\n"
    assert first(spec % ("parameters", "batch_size")) == spec % ("params", "batch")


def test_an_axis_beside_a_concat() -> None:
    """PyTorch's channels are axis 1, and Keras's height: `axis: 1` may be either."""
    assert first(MERGED % "\n    dim: 1") == MERGED % ""
    (finding,) = load("n", (MERGED % "\n    axis: 1").encode()).findings
    assert finding.help[0].startswith("it is over the channels: in Keras `axis: 1` is the height")


def test_inputs_in_a_list_are_read_by_their_names() -> None:
    spec = (
        "inputs: %s\nlayers:\n  - {conv3-8: , from: one, name: a}\n"
        "  - {conv3-8: , from: other, name: b}\n  - {concat: , from: [a, b]}\n"
    )
    wrong = spec % "[one: 8x8x1, other: 8x8x3]"
    assert [f.code for f in load("n", wrong.encode()).findings] == ["CC014"]
    assert first(wrong) == spec % "{one: 8x8x1, other: 8x8x3}"


def test_an_argument_with_its_default_as_code_has_it_is_one_error() -> None:
    spec = (
        "input: 8x8x3\nblocks:\n  unit:\n    args: {a, %s}\n    layers:\n"
        "      - conv: {filters: =a, kernel: 3, stride: =stride, pad: 1}\nlayers:\n  - unit: [8]\n"
    )
    wrong = spec % "stride=1"
    assert [f.code for f in load("n", wrong.encode()).findings] == ["CC018"]
    assert first(wrong) == spec % "stride: 1"


def test_a_threshold_without_its_name() -> None:
    with pytest.raises(WrongTuningError) as raised:
        tuning_of("large-kernel", 7)
    assert raised.value.help == ("did you mean `large-kernel: {largest: 7}`?",)
