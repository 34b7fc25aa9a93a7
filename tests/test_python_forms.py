"""Python's functions take the forms of the command line's, and refuse what it refuses."""

import re
from typing import Any

import pytest

import convcalc


@pytest.mark.parametrize(
    "over", [{"input": "11x11x3"}, {"rounding": "exact"}, {"variables": {"w": 4}}]
)
def test_a_net_with_another_input_has_no_repairs(over: dict[str, Any]) -> None:
    # as `check --fix` refuses --input, --rounding and --set: they were tried without it
    net = convcalc.load("input: 10x10x3\nvars: {w: 8}\nlayers: [conv3-8s2p0, fc-10]\n", **over)
    with pytest.raises(convcalc.RequestError, match="edits of a spec as it is written"):
        net.repairs  # noqa: B018


def test_explain_takes_the_forms_of_the_command_line() -> None:
    found = convcalc.explain("counting", "lenet5", input="28x28x1")
    assert found.to_dict()["schema"] == "convcalc/counting/1"
    assert repr(found).startswith("<convcalc.ExplainReport LeNet-5")
    assert convcalc.explain("counting").to_dict()["schema"] == "convcalc/page/1"
    with pytest.raises(convcalc.RequestError, match="`batch` changes nothing"):
        convcalc.explain("counting", "lenet5", batch=4)
    with pytest.raises(convcalc.RequestError, match="counted_as does not go with counting"):
        convcalc.explain("counting", "lenet5", counted_as="all")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("receptive", "did you mean receptive field?"),
        ("receptive feild", "did you mean receptive field?"),
        ("CC999", "`convcalc explain codes` lists the codes"),
    ],
)
def test_an_unknown_page_is_told_as_the_command_does(words: str, meant: str) -> None:
    with pytest.raises(convcalc.RequestError) as told:
        convcalc.explain(words)
    assert str(told.value).endswith(meant) and "file or bundled net: " in str(told.value)
    with pytest.raises(convcalc.LoadError, match="no file nonet"):
        convcalc.explain("nonet.yaml")


@pytest.mark.parametrize(
    "text",
    [
        '{"input": "8x8x3", "layers": ["conv3-8"]}',
        "{input: 8x8x3, layers: [conv3-8]}",
        ' {"input": "8x8x3", "layers": [' + ", ".join(['"relu"'] * 99) + ', "conv3-8"]}',
    ],
)
def test_a_text_of_one_line_is_a_spec(text: str) -> None:
    assert convcalc.load(text).ok
    assert convcalc.analyze(text).totals.params == 8 * (3 * 9 + 1)


def test_a_path_wins_over_a_text_of_one_line(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "{a: b}").write_text("input: 8x8x3\nlayers: [conv3-4]\n")
    assert convcalc.analyze("{a: b}").totals.params == 4 * (3 * 9 + 1)
    assert not convcalc.load("{a: c}").ok


@pytest.mark.parametrize(
    ("word", "way"),
    [
        ("my: net.yaml", "`convcalc list` names the bundled nets"),
        ("my nets/x.yaml", "`convcalc list` names the bundled nets"),
        ("conv3-8 relu", 'a pattern is given as `--net "conv3-8 relu"`'),
        ("x" * 5000, "`convcalc list` names the bundled nets"),
    ],
)
def test_a_word_that_is_no_text_is_a_name(word: str, way: str) -> None:
    with pytest.raises(convcalc.LoadError, match=re.escape(way)) as told:
        convcalc.load(word)
    assert len(str(told.value)) < 1000
