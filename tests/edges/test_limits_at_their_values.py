"""Limits of what strangers write, at the numbers that they have: as many pass, one more is refused.

Where a small number is set in a limit's place (`test_limits_of_readers`, `test_read_limits`) the
comparison is held, and not its number.
"""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from convcalc.cli import run
from convcalc.config import load_config
from convcalc.counting.known import ConventionError, chosen
from convcalc.counting.subjects import SubjectError, subjects
from convcalc.formula import FormulaError
from convcalc.formula.grammar import parse
from convcalc.interop.flat import UnreadableError, UnsupportedError
from convcalc.interop.read.model import read
from convcalc.pyproject import ConfigError
from convcalc.spec.load import load
from convcalc.suggest import Suggestions

#: What is said of something of a size; '' where it passes.
Said = Callable[[int], str]

_REFUSALS = (
    ConfigError, ConventionError, FormulaError, SubjectError, UnreadableError, UnsupportedError,
)  # fmt: skip


def refusal(read_it: Callable[[], object]) -> str:
    try:
        read_it()
    except _REFUSALS as error:
        return str(error)
    return ""


def model(name: str, text: str) -> str:
    return refusal(lambda: read(name, io.BytesIO(text.encode())))


def spec(text: str) -> str:
    return "\n".join(finding.message for finding in load("net.yaml", text.encode()).findings)


def typed(pattern: str) -> str:
    return spec(f"input: 8x8x3\nlayers: '{pattern}'\n")


def configured(text: str) -> str:
    Path("pyproject.toml").write_text(f"[tool.convcalc]\n{text}\n")
    return refusal(lambda: load_config("."))


_DARKNET = "[net]\nwidth=8\nheight=8\nchannels=3\n"
_CAFFE = 'input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n'


def rows(count: int, repeats: int = 1) -> str:
    row = f"  - [-1, {repeats}, Conv, [8, 1]]\n"
    return f"nc: 1\nbackbone:\n{row * count}head: []\n"


def matrices(count: int) -> str:
    return "[[tool.convcalc.matrix]]\nbatch = 2\n" * count


def variables(count: int) -> str:
    values = ", ".join(f"a{number} = 1" for number in range(count))
    return f"[[tool.convcalc.matrix]]\nset = {{{values}}}\n"


def blocks(depth: int) -> str:
    """Blocks that each call the one before."""
    inner = (f"  b{n}: {{layers: [{f'b{n - 1}' if n else 'conv1-4'}]}}\n" for n in range(depth))
    return spec(f"input: 8x8x3\nblocks:\n{''.join(inner)}layers: [b{depth - 1}]\n")


#: The most of it, what is said of so many, and the refusal of one more.
CASES: dict[str, tuple[int, Said, str]] = {
    "bytes of a .cfg": (
        2**20, lambda n: model("a.cfg", f"{_DARKNET}[avgpool]\n#".ljust(n, "x")),
        "the file has more than 1,048,576 bytes",
    ),
    "sections of a .cfg": (
        20_000, lambda n: model("a.cfg", _DARKNET + "[dropout]\n" * (n - 1)),
        "more than 20,000 sections",
    ),
    "bytes of a .prototxt": (
        2**20, lambda n: model("a.prototxt", f"{_CAFFE}#".ljust(n, "x")),
        "the file has more than 1,048,576 bytes",
    ),
    "words of a .prototxt": (
        100_000, lambda n: model("a.prototxt", "a:1 " * 33_333 + ";" * (n - 99_999)),
        "more than 100,000 words",
    ),
    "messages of a .prototxt": (
        31, lambda n: model("a.prototxt", "a {" * n + "}" * n), "nested deeper than 32",
    ),
    "bytes of a model's .yaml": (
        2**20, lambda n: model("a.yaml", f"{rows(1)}#".ljust(n, "x")),
        "the file has more than 1,048,576 bytes",
    ),
    "rows of a model's .yaml": (
        2000, lambda n: model("a.yaml", rows(n)), "2,001 rows: 2,000 are the most",
    ),
    "repeats of a row": (1000, lambda n: model("a.yaml", rows(1, n)), "repeats are 1 to 1,000"),
    "groups of a pattern": (
        32, lambda n: typed("[" * n + "conv1-4" + "]" * n), "nested deeper than 32 levels",
    ),
    "blocks": (64, blocks, "blocks and repeats nested deeper than 64 levels"),
    "letters of a formula": (
        500, lambda n: refusal(lambda: parse("=1+".ljust(n - 1) + "1")),
        "a formula of 501 characters: at most 500 are read",
    ),
    "brackets of a formula": (
        32, lambda n: refusal(lambda: parse(f"={'(' * n}1{')' * n}")),
        "nested deeper than 32 levels",
    ),
    "digits in a formula": (
        18, lambda n: refusal(lambda: parse("=" + "1" * n)), "a number of 19 digits: at most 18",
    ),
    "digits of a value": (
        18, lambda n: spec(f"input: 8x8x3\nlayers: [conv: {{filters: {'1' * n}, kernel: 1}}]\n"),
        "a number of 19 digits: at most 18 are read",
    ),
    "size of an input": (
        2**31, lambda n: spec(f"input: {n}x1x1\nlayers: [relu]\n"), "expected a shape",
    ),
    "letters of a layer's name": (
        120, lambda n: spec(f"input: 8x8x3\nlayers: [{{conv1-4: , name: {'a' * n}}}]\n"),
        "is not a valid name",
    ),
    "patterns": (
        1000, lambda n: configured(f"include = {['a.yaml'] * n}"), "expected up to 1,000 patterns",
    ),
    "letters of a pattern": (
        300, lambda n: configured(f"include = ['{'a' * n}']"), "patterns of up to 300 characters",
    ),
    "matrices": (100, lambda n: configured(matrices(n)), "101 of them: up to 100 are read"),
    "variables of a matrix": (
        32, lambda n: configured(variables(n)), "set: 33 variables: up to 32 are read",
    ),
    "letters of a matrix's value": (
        1000, lambda n: configured(f"[[tool.convcalc.matrix]]\ninput = '{'8' * n}'"),
        "a value of 1,001 characters: up to 1,000 are read",
    ),
    "bytes of a configuration": (
        2**18, lambda n: configured("#".ljust(n - len("[tool.convcalc]\n\n"), "x")), "262,144",
    ),
    "conventions at once": (
        64, lambda n: refusal(lambda: chosen(["fvcore"] * n, lambda _: pytest.fail())),
        "65 conventions: at most 64 at once",
    ),
    "kinds of a key": (
        100, lambda n: refusal(lambda: subjects(",".join(["relu"] * n), Suggestions())),
        "101 kinds in one key: at most 100 are read",
    ),
}  # fmt: skip


#: What is wrong with as many for another reason.
_OTHERWISE = {
    "bytes of a .prototxt": "the file has no layers",
    "words of a .prototxt": "the file has no layers",
    "messages of a .prototxt": "a is no field of a Caffe net",
    "repeats of a row": "1000 repeats, which all read 3 channels",
    "digits of a value": "expected a positive integer, got 111111111111111111",
}


@pytest.mark.parametrize("what", CASES)
def test_as_many_pass_and_one_more_is_refused(what: str, folder: Path) -> None:
    most, said, message = CASES[what]
    as_many, otherwise = said(most), _OTHERWISE.get(what)
    assert otherwise in as_many if otherwise else not as_many
    assert message in said(most + 1)


def convention(operations: str = "{rest: 0}", **more: str) -> str:
    lines = {"convention": "mine", "operations": operations} | more
    return "".join(f"{key}: {value}\n" for key, value in lines.items())


@pytest.mark.parametrize(
    ("most", "text", "message"),
    [
        (40, lambda n: convention(convention="a" * n), "41 letters, at most 40"),
        (400, lambda n: convention(about="a" * n), "401 letters, at most 400"),
        (
            16,
            lambda n: convention(
                also=str({f"c{i}": "{rest: 0}" for i in range(n)}).replace("'", "")
            ),
            "more than 16 columns",
        ),
        (
            64,
            lambda n: convention(
                "{" + ", ".join(f'"fc(units: {i + 1})": 0' for i in range(n)) + ", rest: 0}"
            ),
            "more than 64 lines for fc",
        ),
    ],
    ids=["name", "text", "columns", "rules"],
)
def test_a_convention_of_a_user(
    most: int,
    text: Callable[[int], str],
    message: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for count, code in ((most, 0), (most + 1, 2)):
        Path("mine.yaml").write_text(text(count))
        assert run(["analyze", "lenet5", "--as", "./mine.yaml"]) == code, count
    assert message in " ".join(capsys.readouterr().err.split())
