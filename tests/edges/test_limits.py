"""At every limit: what is just within it is read, and one more is refused."""

from pathlib import Path

import pytest

import convcalc
from convcalc.analysis.walk import analyze
from convcalc.cli import run
from convcalc.formula import FormulaError, evaluate
from convcalc.network.graph import is_name
from convcalc.rules.advise import Selection, wanted_findings
from convcalc.spec.counting import _MOST_WORK, Counter, TooManyLayersError
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern
from convcalc.tree.decode import LARGEST_FILE, Limits
from convcalc.tree.nodes import Scalar
from convcalc.tree.scalars import AmbiguousError, resolve

SPEC = b"input: 8x8x3\nlayers: [relu, relu]\n"


def codes(data: bytes, limits: Limits) -> set[str]:
    return {finding.code for finding in load("a.yaml", data, limits=limits).findings}


def test_bytes() -> None:
    assert Limits().bytes == LARGEST_FILE == 1024 * 1024
    assert codes(SPEC, Limits(bytes=len(SPEC))) == set()
    assert codes(SPEC, Limits(bytes=len(SPEC) - 1)) == {"CC002"}


def test_values() -> None:
    assert codes(SPEC, Limits(nodes=5)) == set()  # the mapping, the input, the list, two layers
    assert codes(SPEC, Limits(nodes=4)) == {"CC002"}


def test_depth() -> None:
    assert codes(SPEC, Limits(depth=2)) == set()
    assert codes(SPEC, Limits(depth=1)) == {"CC002"}


def test_layers() -> None:
    text = b"input: 8x8x3\nlayers: [relu, relu, relu]\n"
    assert codes(text, Limits(layers=3)) == set()
    assert codes(text, Limits(layers=2)) == {"CC002"}
    repeated = b"input: 8x8x3\nlayers: [{relu: , times: 7}]\n"
    assert codes(repeated, Limits(layers=8)) == set()  # a repeat counts as an entry, too
    assert codes(repeated, Limits(layers=7)) == {"CC002"}


@pytest.mark.parametrize(("depth", "good"), [(32, True), (33, False)])
def test_depth_of_a_pattern(depth: int, good: bool) -> None:
    found = load_pattern("[" * depth + "relu" + "]" * depth, Overrides((8, 8, 3)))
    assert (not found.findings) is good


def test_words_of_a_pattern() -> None:
    within = load_pattern("->" * 99_999 + "relu", Overrides((8, 8, 3)))
    assert not within.findings and len(within.steps) == 2
    (finding,) = load_pattern("->" * 100_000 + "relu", Overrides((8, 8, 3))).findings
    assert finding.code == "CC021" and "100,000 words" in finding.message


def test_digits() -> None:
    assert resolve("9" * 18) == 10**18 - 1
    with pytest.raises(AmbiguousError):
        resolve("9" * 19)


def test_characters_and_depth_of_a_formula() -> None:
    assert evaluate("=1+1".ljust(500), {}.__getitem__) == 2
    with pytest.raises(FormulaError, match="501 characters"):
        evaluate("=1+1".ljust(501), {}.__getitem__)
    with pytest.raises(FormulaError, match="nested deeper"):
        evaluate(f"={'(' * 40}1{')' * 40}", {}.__getitem__)
    assert evaluate(f"={'(' * 20}1{')' * 20}", {}.__getitem__) == 1


def test_letters_of_a_name() -> None:
    assert is_name("a" * 120) and not is_name("a" * 121) and not is_name("")


def test_work_of_counting() -> None:
    counter = Counter({}, {}, 10)
    counter.work = _MOST_WORK - 1
    assert counter.layers(Scalar("relu", 0), {}) == 1
    with pytest.raises(TooManyLayersError):
        counter.layers(Scalar("relu", 0), {})


def test_a_net_is_deep_enough_for_early_layers_from_twice_their_stride_on() -> None:
    chosen = Selection(select=frozenset({"CC209"}))

    def found(pools: int) -> bool:
        text = f'input: 32x32x3\nlayers: "[conv3-8 pool2]*{pools} fc-10"\n'
        analysis = analyze(load("a.yaml", text.encode()))
        return "CC209" in {finding.code for finding in wanted_findings(analysis, chosen)}

    assert (found(2), found(3)) == (False, True)  # the coarsest stride is 4, then 8 = 2*4


def test_a_backslash_in_markdown_escapes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "a.yaml"
    spec.write_text("name: 'a\\|b'\ninput: 8x8x3\nlayers: [relu]\n", encoding="utf-8")
    assert run(["analyze", str(spec), "--format", "markdown"]) == 0
    assert "a\\\\\\|b" in capsys.readouterr().out


def test_controls_are_shown_in_html(tmp_path: Path) -> None:
    spec = tmp_path / "a.yaml"
    spec.write_text('name: "a\\e[2J<b>"\ninput: 8x8x3\nlayers: [relu]\n', encoding="utf-8")
    text = convcalc.analyze(spec)._repr_html_()
    assert "a&lt;U+001B&gt;[2J&lt;b&gt;" in text
    assert "\x1b" not in text
