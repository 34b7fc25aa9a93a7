"""The numbers of the limits: one within each is taken, one more is refused, in figures."""

import io
import struct

import numpy as np
import pytest

from convcalc import RequestError, api
from convcalc.backend.files import LARGEST_HEADER
from convcalc.backend.npy import layout
from convcalc.backend.opened import MalformedError
from convcalc.backend.safetensors import _are_sizes
from convcalc.cli import cli, run
from convcalc.config import LARGEST_CONFIG
from convcalc.counting.known import FileError, own
from convcalc.counting.layer import _number
from convcalc.counting.quantities import Quantities
from convcalc.formula import FormulaError, evaluate
from convcalc.pyproject import ConfigError, section
from convcalc.quantity import parse_bytes, parse_count
from convcalc.shapes import parse_shape
from convcalc.source import Source
from convcalc.spec.counting import _MOST_WORK
from convcalc.spec.load import load
from convcalc.spec.notes_words import TooManyChoicesError, members
from convcalc.study.counts import conventions
from convcalc.sweep import resume
from convcalc.sweep.axes import AxisError, variable
from convcalc.sweep.request import Asked, request
from convcalc.tree.decode import TRUSTED, Limits
from convcalc.tree.reader import read


def test_the_limits_of_a_file_are_those_that_help_names() -> None:
    assert Limits() == (1_048_576, 100_000, 32, 200_000)
    assert TRUSTED == (None, None, 32, 10_000_000)
    found = cli.get_command(None, "check")  # type: ignore[arg-type]
    (option,) = [p for p in found.params if "--trusted" in p.opts]
    assert "(default: 1 MiB, 100,000 values, 200,000 layers)" in option.help
    assert (LARGEST_CONFIG, LARGEST_HEADER) == (262_144, 4_194_304)
    assert (_MOST_WORK, resume.LONGEST_ROW) == (1_000_000, 1_048_576)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("[" + "1," * 99_999 + "]", True),  # and the list itself
        ("[" + "1," * 100_000 + "]", False),
        ("[" * 32 + "1" + "]" * 32, True),
        ("[" * 33 + "1" + "]" * 33, False),
    ],
    ids=["values", "too many values", "depth", "too deep"],
)
def test_values_and_depth_of_a_file(text: str, good: bool) -> None:
    root, findings = read(Source("a.yaml", text), Limits())
    assert (not findings) is good and (root is not None or not good)


@pytest.mark.parametrize(("levels", "good"), [(64, True), (65, False)])
def test_blocks_in_blocks(levels: int, good: bool) -> None:
    chain = "".join(f"  b{i}: {{layers: [b{i + 1}: ]}}\n" for i in range(levels - 1))
    text = f"input: 8x8x3\nblocks:\n{chain}  b{levels - 1}: {{layers: [relu]}}\nlayers: [b0: ]\n"
    found = load("a.yaml", text.replace("[b", "[{b").replace(": ]", ": }]").encode())
    assert ("CC002" not in {finding.code for finding in found.findings}) is good
    assert not good or len(found.steps) == 2


def test_numbers_of_a_formula() -> None:
    none = {}.__getitem__
    assert evaluate(f"={'(' * 32}1{')' * 32}", none) == 1
    with pytest.raises(FormulaError, match="nested deeper than 32"):
        evaluate(f"={'(' * 33}1{')' * 33}", none)
    assert evaluate("=" + "9" * 18, none) == 10**18 - 1
    with pytest.raises(FormulaError, match="19 digits"):
        evaluate("=" + "9" * 19, none)
    most = "7*7*73*127*337*92737*649657"  # the factors of 2**63 - 1
    assert evaluate(f"={most}", none) == 2**63 - 1 and evaluate(f"=-{most}", none) == 1 - 2**63
    for text in (f"={most} + 1", f"=-{most} - 1", "=2147483648*2147483648*2"):
        with pytest.raises(FormulaError, match=r"beyond 2\*\*63"):
            evaluate(text, none)


def test_sizes_and_quantities() -> None:
    assert parse_shape(f"{2**31}") == (2**31,) and parse_shape(f"{2**31 + 1}") is None
    assert parse_shape("1x1x1x1") == (1, 1, 1, 1) and parse_shape("1x1x1x1x1") is None
    for parse in (parse_count, parse_bytes):
        assert parse("9" * 18) == 10**18 - 1 and parse("9" * 19) is None
    assert parse_count(f"1.{'0' * 9}K") == 1000 and parse_count(f"1.{'0' * 10}K") is None


@pytest.mark.parametrize(("parts", "good"), [(31, True), (32, False)])
def test_parts_of_a_key_in_pyproject(parts: int, good: bool) -> None:
    text = f"# convcalc\n{'a.' * parts}b = 1\n".encode()
    if good:
        assert section("p", text) is None
    else:
        with pytest.raises(ConfigError, match="more than 32 names"):
            section("p", text)


def npy(line: str) -> io.BytesIO:
    data = line.encode()
    return io.BytesIO(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(data)) + data)


def test_the_first_line_of_an_array() -> None:
    line = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}"
    assert layout(npy(line.ljust(10_000))).shape == (1,)
    with pytest.raises(MalformedError, match="the header of"):
        layout(npy(line.ljust(10_001)))
    for axes in (8, 9):
        many = line.replace("(1,)", f"({'1, ' * axes})")
        if axes == 8:
            assert layout(npy(many)).shape == (1,) * 8
        else:
            with pytest.raises(MalformedError, match="9 axes"):
                layout(npy(many))
    assert layout(npy(line.replace("(1,)", f"({2**31},)"))).shape == (2**31,)
    with pytest.raises(MalformedError, match="its shape is invalid"):
        layout(npy(line.replace("(1,)", f"({2**31 + 1},)")))


def test_sizes_in_a_safetensors_header() -> None:
    assert _are_sizes([1] * 8) and not _are_sizes([1] * 9)
    assert _are_sizes([2**62]) and not _are_sizes([2**62 + 1]) and not _are_sizes([-1])


def test_values_and_variants_of_a_sweep() -> None:
    assert variable("a=" + ",".join(map(str, range(100_000)))).length == 100_000
    with pytest.raises(AxisError, match="100,001 values"):
        variable("a=" + ",".join(map(str, range(100_001))))
    spec = "vgg16"
    assert request(spec, Asked(settings={"batch": "1..10000000"})).grid.size == 10_000_000
    with pytest.raises(RequestError, match="10,000,001 variants: draw some"):
        request(spec, Asked(settings={"batch": "1..10000001"}))


def test_choices_of_a_pattern() -> None:
    assert len(members("conv relu? relu? relu?", {})) >= 1
    with pytest.raises(TooManyChoicesError, match="4 question marks"):
        members("conv relu? relu? relu? relu?", {})


def refused(text: str) -> str:
    with pytest.raises(FileError) as caught:
        own("m.yaml", f"convention: m\n{text}".encode(), Limits())
    return caught.value.findings[0].message


def accepted(text: str) -> None:
    own("m.yaml", f"convention: m\n{text}".encode(), Limits())


def test_a_convention_of_ones_own() -> None:
    accepted(f"extends: fvcore\nabout: {'x' * 400}\n")
    assert "401 letters" in refused(f"extends: fvcore\nabout: {'x' * 401}\n")
    accepted(f"extends: fvcore\nversion: {'x' * 40}\n")
    assert "41 letters" in refused(f"extends: fvcore\nversion: {'x' * 41}\n")
    rows = "".join(f'  "conv(groups: {n})": {n}\n' for n in range(1, 65))
    accepted(f"operations:\n{rows}  rest: 0\n")
    more = f'{rows}  "conv(groups: 65)": 1\n'
    assert "more than 64 lines for conv" in refused(f"operations:\n{more}  rest: 0\n")
    columns = ", ".join(f"c{n}: {{rest: 0}}" for n in range(16))
    accepted(f"operations: {{rest: 0}}\nalso: {{{columns}}}\n")
    columns += ", c16: {rest: 0}"
    assert "more than 16 columns" in refused(f"operations: {{rest: 0}}\nalso: {{{columns}}}\n")
    named = f"also: {{{'c' * 40}: {{rest: 0}}}}\n"
    accepted(f"operations: {{rest: 0}}\n{named}")
    assert "cannot name a column" in refused(
        f"operations: {{rest: 0}}\n{named.replace('cc', 'ccc', 1)}"
    )
    kinds = ", ".join(["relu"] * 101)
    assert "101 kinds in one key" in refused(f'operations: {{"{kinds}": 0, rest: 0}}\n')
    kinds = kinds.removesuffix(", relu")
    assert "earlier line" in refused(f'operations: {{"{kinds}": 0, rest: 0}}\n')  # it is read
    accepted("extends: fvcore\ntimes: 1000\nprints: {digits: 9}\n")
    assert "1 to 1000" in refused("extends: fvcore\ntimes: 1001\n")
    assert "0 to 9" in refused("extends: fvcore\nprints: {digits: 10}\n")


def test_conventions_and_figures_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(conventions(["fvcore"] * 64)) == 1
    with pytest.raises(RequestError, match="65 conventions"):
        conventions(["fvcore"] * 65)
    assert run(["identify", *["4.12G"] * 8]) in {0, 1}
    assert run(["identify", *["4.12G"] * 9]) == 2
    assert "9 figures: at most 8" in capsys.readouterr().err


def test_a_count_of_operations() -> None:
    numbers = Quantities(*(2**62 if i == 0 else 1 for i in range(len(Quantities._fields))))
    name = Quantities._fields[0]
    assert _number(f"={name} + ({name} - 1)", numbers) == 2**63 - 1
    with pytest.raises(FormulaError, match=r"beyond 2\*\*63"):
        _number(f"={name} + {name}", numbers)


def test_sizes_of_one_call() -> None:
    net = api.load(net="conv1-1", input="8x8x1")
    assert len(api.sizes(net, from_=1, to=100_000).exact) == 100_000
    with pytest.raises(RequestError, match="100,001 sizes"):
        api.sizes(net, from_=1, to=100_001)


@pytest.mark.parametrize(("columns", "kept"), [("99999", True), ("100000", False)])
def test_columns_of_a_terminal(columns: str, kept: bool, monkeypatch, capsys) -> None:
    import os

    monkeypatch.setenv("COLUMNS", columns)
    assert run(["list", "--plain"]) == 0
    assert ("COLUMNS" in os.environ) is kept


def test_pictures_have_as_many_axes_as_the_input(tmp_path) -> None:
    from convcalc.backend.files import Pictures, UnreadableError

    for shape, good in (((2, 2, 3), True), ((1, 2, 2, 3), True), ((2, 3), False)):
        np.save(tmp_path / "a.npy", np.zeros(shape, "f4"))
        if good:
            assert Pictures(str(tmp_path / "a.npy"), 3).shape == (1, 2, 2, 3)
        else:
            with pytest.raises(UnreadableError, match="2 axes, a picture 3"):
                Pictures(str(tmp_path / "a.npy"), 3)
