"""Numbers with blanks between them are several numbers: nothing reads them as one."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import convcalc
from convcalc.layers import BY_NAME
from convcalc.layers.option import Extent, Option, PerAxis, Sides
from convcalc.network.expectations import EXPECTABLE, parse
from convcalc.quantity import parse_bytes, parse_count
from convcalc.shapes import parse_shape
from convcalc.spec.load import load
from convcalc.study.errors import LoadError
from tests.fix.repairs import faults, first

#: between two numbers: none of them makes one number of both
BETWEEN = [" ", "  ", "\t", "\u00a0", "\u2009", "\u202f", "\u3000", " x ", "x", "X", " x", "x "]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Numbers with blanks or an ``x`` between them."""
    numbers = draw(st.lists(st.integers(0, 1000), min_size=2, max_size=4))
    text = str(numbers[0])
    for number in numbers[1:]:
        text += draw(st.sampled_from(BETWEEN)) + str(number)
    return text


def numbers_of(value: object) -> Iterator[str]:
    """The whole numbers of a value, as they are written."""
    if isinstance(value, tuple | list):
        for one in value:
            yield from numbers_of(one)
    elif value is not None and not isinstance(value, str | bool):
        yield str(value)


OPTIONS = [(kind, option) for kind in BY_NAME.values() for option in kind.options()]


@given(texts())
def test_no_reader_makes_one_number_of_two(text: str) -> None:
    written = [str(int(digits)) for digits in re.findall("[0-9]+", text)]
    read = [parse_shape(text), parse_count(text), parse_bytes(text)]
    read += [parse_count(f"{text}K"), parse_bytes(f"{text}GiB")]
    read += [parse(word, text) for word in EXPECTABLE]
    read += [option.accept(text) for _, option in OPTIONS if option.takes(text)]
    for value in read:
        found = [*numbers_of(value)]
        assert found in ([], written), (text, value)


SIZED: list[tuple[str, Option[object]]] = [
    (kind.kind, option) for kind, option in OPTIONS if isinstance(option, PerAxis | Extent | Sides)
]


@pytest.mark.parametrize(("kind", "option"), SIZED, ids=lambda one: getattr(one, "key", one))
@pytest.mark.parametrize("between", [" ", "  ", "\u00a0", ", "])
def test_numbers_of_an_option_are_a_list(kind: str, option: Option[object], between: str) -> None:
    spec = f"input: 32x32x4\nlayers:\n  - {kind}:\n      {option.key}: 2{between}3\n"
    found = [f for f in load("n", spec.encode()).findings if f.message.startswith(option.key)]
    assert [f.help for f in found] == [("did you mean `[2, 3]`?",)]


@pytest.mark.parametrize(
    ("spec", "before", "after"),
    [
        ("input: {}\nlayers: [fc-128, relu, fc-10]\n", "28 28 1", "28x28x1"),
        ("input: {}\nlayers: [fc-128, relu, fc-10]\n", "28\t28\t1", "28x28x1"),
        ("input: {}\nlayers: [fc-128, relu, fc-10]\n", "28\u00a028\u00a01", "28x28x1"),
        ("input: {}\nlayers: [conv3-8]\n", "3 224 224", "224x224x3"),
        ("inputs: {{a: {}}}\nlayers: [fc-128, relu, fc-10]\n", "28 28 1", "28x28x1"),
        ("input: 9x9x4\nlayers: [upsample: {{size: {}}}]\n", "64 64", "[64, 64]"),
        ("input: 9x9x4\nlayers:\n  - upsample:\n      size: {}\n", "128,128", "[128, 128]"),
        ("input: 9x9x4\nlayers:\n  - upsample:\n      size: {}\n", "128 128", "[128, 128]"),
        ("input: 9x9x4\nlayers: [upsample: {}]\n", "2 2", "{scale: [2, 2]}"),
        ("input: 9x9x4\nlayers: [adaptive_avg_pool: {}]\n", "7 7", "{output: [7, 7]}"),
        ("input: 9x9x4\nlayers: [crop: {{size: {}}}]\n", "2 4", "[2, 4]"),
        ("input: 8x8x4\nlayers: [reshape: {{shape: {}}}]\n", "4 4 16", "[4, 4, 16]"),
        ("input: 8x8x4\nlayers: [conv: {{filters: 8, kernel: {}}}]\n", "3 3", "[3, 3]"),
        ("input: 8x8x4\nlayers: [conv: {{filters: {}, kernel: 3}}]\n", "1 024", "1024"),
        ("input: 8x8x4\nlayers: [fc: {{units: {}}}]\n", "1 000", "1000"),
        ("input: 8x8x4\nlayers: [fc: {{units: {}}}]\n", "1\u202f000", "1000"),
        ("input: 9x9x4\nlayers: [conv3-8]\nexpect: {{output: {}}}\n", "9 9 8", "9x9x8"),
        ("input: 8x8x4\nlayers: [fc-100]\nexpect: {{params: {}}}\n", "25 700", "25700"),
        ("input: 9x9x4\nlayers:\n  - conv3-8:\n    expect: {}\n", "9 9 8", "9x9x8"),
    ],
)
def test_what_was_meant_is_an_edit(spec: str, before: str, after: str) -> None:
    given, meant = spec.format(before), spec.format(after)
    assert not faults(meant)
    assert faults(given) and first(given) == meant


@pytest.mark.parametrize(
    "spec",
    [
        "input: 28 28x1\nlayers: [fc-10]\n",  # 28x28x1 or 2828x1
        "input: 1 000\nlayers: [fc-10]\n",
        "input: 8x8x4\nlayers: [conv: {filters: 1 6, kernel: 3}]\n",
        "input: 8x8x4\nlayers: [conv: {filters: 8, kernel: 3x1 1}]\n",
        "input: 8x8x4\nlayers: [fc-10]\nexpect: {output: 1 0}\n",
        "input: 8x8x4\nlayers: [fc-10]\nexpect: {params: 1 0K}\n",
    ],
)
def test_what_may_be_either_is_refused(spec: str) -> None:
    (found,) = load("n", spec.encode()).findings
    assert found.code == "CC014"


@pytest.mark.parametrize("text", ["28 28 1", "28\t28 1", "28\u00a028\u00a01"])
def test_python_asks_for_the_signs_between(text: str) -> None:
    with pytest.raises(LoadError, match=r"is not a size: did you mean 28x28x1[?]"):
        convcalc.load(net="fc-10", input=text)
