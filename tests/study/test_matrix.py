"""A matrix of pyproject.toml, which a stranger's branch may bring: what it can and cannot hide."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from convcalc.cli import run
from convcalc.spec.document import Overrides
from convcalc.spec.expand import Expander
from convcalc.study import check as of_check
from convcalc.study import spending
from convcalc.study.apart import Apart, telling
from convcalc.study.check import check
from convcalc.study.many import each
from convcalc.study.outcome import Case, Outcome
from tests.lines_run import lines_run

WIDE = "input: 8x8x3\nvars: {k: 99}\nlayers: [{conv: {filters: =k, kernel: 3}}]\n"
WITHOUT_INPUT = "layers: [conv3-4]\n"
SETS_K = "[[tool.convcalc.matrix]]\nset = {k = %s}\n"


@pytest.fixture
def told(tmp_path: Path, monkeypatch, capsys) -> Callable[..., tuple[int, str]]:
    """Checks files with a pyproject.toml; gives the exit code and all that is printed."""
    monkeypatch.chdir(tmp_path)

    def told(config: str, *words: str, **files: str) -> tuple[int, str]:
        Path("pyproject.toml").write_text(config, encoding="utf-8")
        for name, text in files.items():
            Path(f"{name}.yaml").write_text(text, encoding="utf-8")
        code = run(["check", *(words or ["."]), "--no-advice"])
        return code, "".join(capsys.readouterr())

    return told


@pytest.mark.parametrize("values", ["1", "[1, 2]", '"1..3"'])
@pytest.mark.parametrize("form", ["text", "markdown", "github", "json", "concise", "junit"])
def test_limits_of_the_command_line_hold_for_the_file_as_it_is_written(told, values, form) -> None:
    words = (".", "--max-params", "2000", "--format", form)
    code, text = told(SETS_K % values, *words, a=WIDE)
    assert code == 1
    shown = text.replace("\\", "").replace("%25", "%")  # as Markdown and GitHub have them
    assert "exceeds --max-params 2,000" in shown and "% over (as written)" in shown
    assert told("", *words)[0] == 1


def test_what_is_wrong_as_written_is_found_whatever_the_variants_are(told) -> None:
    broken = WIDE.replace("kernel: 3", "kernel: =k")
    code, text = told(SETS_K % "3", a=broken)
    assert code == 1 and "window 99 does not fit" in text and "(as written)" in text
    assert "checked 1 spec in 2 variants: 1 error" in text


def test_a_finding_names_the_variants_that_have_it_beside_the_written_form(told) -> None:
    broken = WIDE.replace("kernel: 3", "kernel: =k")
    _, text = told(SETS_K % "[3, 99]", "a.yaml", "--format", "concise", a=broken)
    assert "CC102" in text and "(as written or with --set k=99)" in text
    for others in ("a = 1, k = [3, 99], b = 2", "k = [3, 99], b = 2", "a = 1, k = [3, 99]"):
        spec = broken.replace("{k: 99}", "{k: 99, a: 1, b: 2}")
        config = f"[[tool.convcalc.matrix]]\nset = {{{others}}}\n"
        _, text = told(config, "a.yaml", "--format", "concise", a=spec)
        assert "CC102" in text and "(as written or with --set k=99)" in text
    _, text = told(SETS_K % "[2, 3]", "a.yaml", a="input: 8x8x3\nvars: {k: 4}\nlayers: [foo]\n")
    assert "unknown layer kind 'foo'\n" in text  # in all of them


def test_options_of_the_command_line_are_in_all_variants(told) -> None:
    assert told(SETS_K % "1", "a.yaml", "--set", "k=2", "--max-params", "60", a=WIDE)[0] == 0
    code, text = told(SETS_K % "1", "a.yaml", "--batch", "1,2", "--max-params", "60")
    assert code == 1 and "(as written)" in text and "in 4 variants" in text


def test_a_spec_without_an_input_is_checked_in_its_variants_and_that_is_said(told) -> None:
    matrix = '[[tool.convcalc.matrix]]\nfiles = ["a.yaml"]\ninput = "8x8x3"\n'
    code, text = told(matrix, a=WITHOUT_INPUT)
    assert code == 0 and "; 1 spec without an input but for `matrix` in pyproject.toml" in text
    code, text = told(matrix, b=WITHOUT_INPUT)
    assert code == 1 and "b.yaml" in text and "the spec has no input" in text
    code, text = told(matrix, "a.yaml", a="layers: [")  # no input either, and for another reason
    assert code == 1 and "without an input" not in text


@pytest.mark.parametrize(
    "spec",
    [
        "input: 0x3\nvars: {n: 0}\nlayers:\n- conv: {kernel: 3}\n  when: =n == 0\n- conv3-8\n",
        "inputs: [8x8x3]\nlayers:\n- conv3-8\n",
    ],
)
def test_an_input_that_cannot_be_read_is_one(told, spec: str) -> None:
    matrix = '[[tool.convcalc.matrix]]\nset = {n = [1]}\ninput = ["8x8x3"]\n'
    matrix = matrix if "vars" in spec else matrix.replace("set = {n = [1]}\n", "")
    code, text = told(matrix, "a.yaml", a=spec)
    assert code == 1 and "without an input" not in text


_CAFFE = """name: "x"  input: "data"  input_dim: 1 input_dim: 3 input_dim: 12 input_dim: 12
layer { name: "c" type: "Convolution" bottom: "data" top: "c"
        convolution_param { num_output: 8 kernel_size: 7 } }
layer { name: "r" type: "Reshape" bottom: "c" top: "r"
        reshape_param { shape { dim: 0 dim: 8 dim: 16 dim: 1} } }
"""


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.prototxt", _CAFFE),
        ("a.cfg", "[net]\nwidth=0\nheight=8\nchannels=3\n[convolutional]\nfilters=4\nsize=3\n"),
    ],
)
def test_a_model_that_states_its_input_is_not_left_to_its_variants(
    told, tmp_path, file: str, text: str
) -> None:
    (tmp_path / file).write_text(text)
    matrix = f'[[tool.convcalc.matrix]]\nfiles = ["{file}"]\ninput = ["10x10x3"]\n'
    code, said = told(matrix, str(tmp_path / file))
    assert code == 2 and "without an input" not in said


def test_all_variants_of_a_net_are_bounded_together(told, monkeypatch) -> None:
    deep = "input: 8x8x3\nvars: {n: 1}\nlayers: [{repeat: {times: =n, layers: [relu]}}]\n"
    monkeypatch.setattr(spending, "MOST_LAYERS", 1000)
    counted: list[int] = []
    whole = of_check.checked

    def checked(outcome: Outcome) -> of_check.Checked:
        counted.append(len(outcome.network.steps))
        return whole(outcome)

    monkeypatch.setattr(of_check, "checked", checked)
    config = '[[tool.convcalc.matrix]]\nfiles = ["a.yaml"]\nset = {n = "100..250"}\n'
    code, text = told(config, a=deep, b=deep)
    assert code == 2 and sum(counted) < 1100
    assert "b.yaml" not in text and "checked 2 specs in 12 variants" in text
    assert "a.yaml: 141 of its 152 variants are not checked: those before them have 1,057" in text
    assert "(--trusted lifts it)" in text
    counted.clear()
    assert told(config, "a.yaml", "--trusted")[0] == 0
    assert len(counted) == 152
    told(config.replace("100..250", "900..901"))  # the last one passes it: nothing is left out
    assert told(config.replace("100..250", "2..3"), "a.yaml")[0] == 0


def test_findings_of_all_variants_are_bounded(told, monkeypatch) -> None:
    broken = "input: 8x8x3\nvars: {n: 1}\nlayers: [{conv: {filters: 8, strid: =n}}]\n"
    monkeypatch.setattr(spending, "MOST_FINDINGS", 10)
    config = '[[tool.convcalc.matrix]]\nset = {n = "100..900"}\n'
    code, text = told(config, a=broken)
    assert code == 2 and "those before them have 10 findings, and 10 are the most" in text


def test_what_is_read_for_all_variants_is_bounded(told, monkeypatch) -> None:
    monkeypatch.setattr(spending, "MOST_CHARACTERS", 20_000)
    config = '[[tool.convcalc.matrix]]\nset = {k = "1..100"}\n'
    code, text = told(config, a=WIDE + "#" * 5000)
    assert code == 2 and "97 of its 101 variants are not checked" in text
    assert "characters, and 20,000 are the most" in text


def test_a_variable_that_there_is_not_is_refused_before_the_layers_are_made(
    told, monkeypatch
) -> None:
    made: list[int] = []
    layers = Expander.layers

    def counted(self: Expander, *given: Any) -> int:
        made.append(layers(self, *given))
        return made[-1]

    monkeypatch.setattr(Expander, "layers", counted)
    config = '[[tool.convcalc.matrix]]\nset = {zz = "1..100"}\n'
    code, text = told(config, a=WIDE)
    said = "a.yaml has no variable 'zz', which a matrix of pyproject.toml sets: it has k"
    assert code == 2 and said in text
    assert text.count("has no variable") == 1 and "not checked" not in text
    assert len(made) == 1  # of the file as it is written


def test_what_is_read_for_variants_that_are_refused_is_bounded(told, monkeypatch) -> None:
    monkeypatch.setattr(spending, "MOST_CHARACTERS", 20_000)
    config = '[[tool.convcalc.matrix]]\nset = {zz = "1..100"}\n'
    code, text = told(config, a=WIDE + "#" * 5000)
    assert code == 2 and "97 of its 101 variants are not checked" in text


def test_the_bound_is_the_same_on_any_executor(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(spending, "MOST_LAYERS", 30)
    path = tmp_path / "a.yaml"
    path.write_text(WIDE, encoding="utf-8")
    cases = [Case(str(path), overrides=Overrides(None, None, (("k", k),))) for k in range(1, 400)]
    here = check(cases)

    def threads(cases: object) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(2)

    monkeypatch.setattr(of_check, "processes", threads)
    assert check(cases) == here
    assert here.variants == 15 and len(here.failures) == 1
    begun: list[Case] = []
    with ThreadPoolExecutor(2) as executor:
        asked = each(cases, lambda outcome: 1, executor, lambda case: not begun.append(case))
        next(iter(asked))
    assert len(begun) < 100  # it does not run far ahead of what is asked for


@pytest.mark.parametrize("form", ["text", "github", "markdown", "json", "concise"])
def test_patterns_that_match_no_file_are_said(told, form: str) -> None:
    config = (SETS_K + 'files = ["nets/wdie*.yaml", "c"]\n') % "1"
    code, text = told(config, ".", "--format", form, a=WIDE)
    said = "of matrix 1 in pyproject.toml match no file below it"
    text = text.replace("\\", "")  # Markdown's
    assert code == 0 and text.count(said) == 1 and "nets/wdie*.yaml and 1 more" in text
    assert said not in told(config, "a.yaml")[1]  # as a hook names the files that changed
    Path("nets/deep").mkdir(parents=True)
    Path("nets/wdie1.yaml").write_text(WIDE, encoding="utf-8")
    assert said not in told(config, "nets/deep/..")[1]
    assert said not in told(config)[1]
    Path("nets/deep/b.yaml").write_text(WIDE, encoding="utf-8")
    assert said not in told(config, "nets/deep")[1]  # another file has it


def test_looking_for_files_of_a_matrix_is_bounded(told, monkeypatch) -> None:
    from convcalc.study import unmatched

    tried: list[str] = []
    monkeypatch.setattr(unmatched.Matching, "path", lambda own, name, all: tried.append(name))
    monkeypatch.setattr(unmatched, "_MOST_TRIES", 100)
    matrix = (SETS_K + 'files = ["x.yaml", "y.yaml"]\n') % "1"
    _, text = told(matrix * 100, a=WIDE)
    assert text.count("match no file") == 3 and "; 22 more match none either" in text
    assert 0 < len(tried) <= 50  # each on two patterns
    monkeypatch.setattr(unmatched, "_MOST_NAMES", 1)
    assert "match no file" not in told(matrix)[1]


def test_folders_and_matrices_are_looked_at_once_for_all_files(told, monkeypatch) -> None:
    from convcalc.sweep import combinations

    read: list[object] = []
    followed: list[object] = []
    stated, real = combinations.stated_axes, os.path.realpath
    monkeypatch.setattr(combinations, "stated_axes", lambda own: [read.append(own), stated(own)][1])
    monkeypatch.setattr(
        os.path, "realpath", lambda *given, **how: [followed.append(given), real(*given, **how)][1]
    )
    none = (SETS_K + 'files = ["x"]\n') % "1"
    files = {f"f{number}": WIDE for number in range(10)}
    calls = []
    for matrices in (2, 50):
        read.clear()
        followed.clear()
        told(none * matrices + SETS_K % "[2, 3]", ".", **files)
        calls.append(len(followed))
    assert len(read) == 1 and calls[0] == calls[1]


def test_twice_the_variants_with_a_finding_each_are_about_twice_the_work() -> None:
    def work(number: int) -> int:
        variants = [(of_check.WRITTEN,), *((f"k={value}",) for value in range(number))]
        apart = Apart(variants)
        return lines_run(lambda: [apart.axes([one]) for one in variants])

    assert work(400) < 2.4 * work(200)


def test_of_many_variables_those_are_compared_that_tell_variants_apart() -> None:
    def variants(*values: str) -> list[tuple[str, ...]]:
        return [
            (of_check.WRITTEN,) * 30,
            *((*["a=1"] * 20, value, *["b=1"] * 9) for value in values),
        ]

    assert telling(variants("k=1", "k=2"))[0] == (20, 29)
    assert telling(variants("k=1"))[0] == (29,)
    assert telling([()])[0] == ()


def test_files_whose_names_are_shown_alike_are_two(told) -> None:
    bad = "input: 8x8x3\nlayers: [%s]\n"
    names = {"a\u200b": bad % "foo", "a<U+200B>": bad % "conv3-3, bar"}
    code, text = told("", ".", **names)
    assert code == 1 and "checked 2 specs: 2 errors" in text
    assert "--> a<U+200B>.yaml:2:19" in text and "--> a<U+200B>.yaml (2):2:10" in text
    assert "layers: [foo]" in text and "layers: [conv3-3, bar]" in text
    _, text = told("", ".", "--format", "junit")
    assert text.count("<testsuite ") == 2 and 'name="a&lt;U+200B&gt;.yaml (2)"' in text
    _, text = told("", ".", **{"a<U+200B>": bad % "relu"})
    assert "checked 2 specs: 1 error" in text
