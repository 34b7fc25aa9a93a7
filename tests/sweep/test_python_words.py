"""What Python's `sweep`, `load` and `fit` say of values and nets in the command line's spelling."""

from collections.abc import Callable

import pytest

import convcalc

SPEC = "vars: {w: 8}\ninput: 8x8x3\nlayers:\n  - conv: {filters: =w, kernel: 3}\n"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1..3", "range(1, 4)"),
        ("16-64", "range(16, 65)"),
        ("8:64:8", "range(8, 65, 8)"),
        ("range(1, 3)", "range(1, 3)"),
        ("1,2", "[1, 2]"),
        ("[1, 2]", "[1, 2]"),
    ],
)
def test_a_text_of_several_values_is_written_as_they_are_in_python(text: str, meant: str) -> None:
    for value in (text, [text]):
        with pytest.raises(convcalc.RequestError) as raised:
            convcalc.sweep(SPEC, variables={"w": value})
        assert str(raised.value) == f"w: {text!r} is text: write {meant}"
    with pytest.raises(convcalc.RequestError, match=r"batch: .* is text: write"):
        convcalc.sweep("lenet5", batch=text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        (
            "28x28x1..32x32x1",
            "'28x28x1..32x32x1' is not a size: sizes have no ranges, they are listed",
        ),
        (["28x28x1", "big"], "'big' is not a size: sizes look like 224x224x3"),
        (["28x28x1", "28x28x1"], "has (28, 28, 1) twice"),
    ],
)
def test_wrong_sizes_are_those_of_the_keyword(sizes: str | list[str], told: str) -> None:
    with pytest.raises(convcalc.RequestError) as raised:
        convcalc.sweep("lenet5", inputs=sizes)
    assert str(raised.value).removeprefix("inputs").lstrip(": ") == told


def test_wrong_sizes_of_check_are_those_of_its_keyword() -> None:
    with pytest.raises(ValueError, match=r"^input: 'big' is not a size"):
        convcalc.check("lenet5", input=["28x28x1", "big"])


def test_an_unknown_keyword_is_refused_and_variables_are_named() -> None:
    for word in ("set", "vars"):
        with pytest.raises(TypeError, match=r"variables of a net are given as `variables="):
            convcalc.sweep("lenet5", **{word: {"w": [1]}})  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"variables of a net are given as `variables="):
            convcalc.analyze("lenet5", **{word: {"w": 1}})  # type: ignore[call-overload]
    with pytest.raises(TypeError, match=r"no setting 'bach': did you mean batch\?"):
        convcalc.sweep("lenet5", bach=[1])  # type: ignore[call-arg]


@pytest.mark.parametrize("pattern", ["conv3-8 pool2", "conv3-8"])
def test_a_pattern_in_place_of_a_file_is_named(pattern: str) -> None:
    with pytest.raises(convcalc.LoadError) as raised:
        convcalc.analyze(pattern)
    end = f'a pattern is given as `--net "{pattern}"`, in Python `load(net="{pattern}")`'
    assert str(raised.value).endswith(end)


def test_the_answer_of_fit_says_its_batches() -> None:
    report = convcalc.fit("lenet5", memory="8GiB")
    training, inference = report.training.batch_sure, report.inference.batch_sure
    assert repr(report) == (
        f"<convcalc.FitReport LeNet-5: training {training}, inference {inference}>"
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: convcalc.sizes("lenet5", start=1), "sizes takes no 'start': .* `from_=1`"),
        (lambda: convcalc.sizes("lenet5", stop=9), "sizes takes no 'stop': .* `to=512`"),
        (lambda: convcalc.report("lenet5", output="x.html"), r"write_text\(report\(net\).html\)"),
        (lambda: convcalc.report("lenet5", path="x.html"), r"write_text\(report\(net\).html\)"),
        (lambda: convcalc.report("lenet5", svg="x.svg"), r"it is `report\(net\).svg`"),
        (lambda: convcalc.analyze("lenet5", start=1), "no setting 'start'"),
    ],
)
def test_an_argument_of_another_name_is_told(asked: Callable[[], object], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        asked()
