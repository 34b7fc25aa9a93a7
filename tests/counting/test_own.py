"""A user's own convention: the same grammar, contract and limits as specs, located errors."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import convcalc
from convcalc.counting.known import BUNDLED, FileError, own
from convcalc.study.counts import ConventionFileError, conventions
from convcalc.tree.decode import Limits

GOOD = """\
convention: mine
version: 3
tool: our lab's table
unit: flop
prints: {digits: 1, unit: GOps}
extends: torch-flop-counter
operations:
  relu, relu6: inputs
  "batch_norm(affine: false)": 3*inputs
  batch_norm: 4*inputs
  "upsample(mode: bilinear)": =7*outputs
notes:
  relu6: is counted as relu
"""


def _write(folder: Path, text: str | bytes, name: str = "mine.yaml") -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_it_counts(tmp_path: Path) -> None:
    path = _write(tmp_path, GOOD)
    report = convcalc.analyze("mobilenet_v2", counted_as=["fvcore", path])
    mine, norm = report.counts["mine"], report.counts["fvcore"].by_kind["batch_norm"]
    assert norm is not None
    assert (mine.version, mine.unit, mine.printed) == ("3", "flop", "634.4 MOps")
    assert mine.by_kind["batch_norm"] == 2 * norm
    assert mine.by_kind["conv"] == 2 * (report.counts["fvcore"].by_kind["conv"] or 0)
    assert mine.notes[0]["text"] == "is counted as relu"
    assert len(mine.notes[0]["layers"]) == 35


M = "convention: m\n"


@pytest.mark.parametrize(
    ("text", "code", "line", "message"),
    [
        (M + "operations: {conv: macs}\n", "CC013", 2, "operations says nothing of"),
        (M + "operations: {cnov: macs, rest: 0}\n", "CC011", 2, "unknown layer kind 'cnov'"),
        (M + "operations: {conv: maks, rest: 0}\n", "CC016", 2, "unknown name 'maks'"),
        (M + "operations: {conv: 2*(macs, rest: 0}\n", "CC015", 2, "expected ')'"),
        (M + "operations: {conv: macs(2), rest: 0}\n", "CC015", 2, "macs is not a function"),
        (M + "operations: {conv: [], rest: 0}\n", "CC014", 2, "expected a formula"),
        (M + 'operations: {"conv(x: 1)": 0, rest: 0}\n', "CC012", 2, "conv has no option 'x'"),
        (M + 'operations: {"conv(groups)": 0, rest: 0}\n', "CC014", 2, "expected a condition"),
        (M + 'operations: {"relu(in_place: 3)": 0, rest: 0}\n', "CC014", 2, "expected true"),
        (M + 'operations: {"upsample(mode: >1)": 0, rest: 0}\n', "CC014", 2, "expected nearest"),
        (M + 'operations: {conv: 1, "conv(groups: >1)": 0, rest: 0}\n', "CC019", 2, "earlier line"),
        (M + "opertions: {rest: 0}\n", "CC010", 2, "a convention has no 'opertions'"),
        (M + "extends: fvcroe\n", "CC017", 2, "no convention 'fvcroe' to extend"),
        ("operations: {rest: 0}\n", "CC013", 1, "a convention needs a name"),
        ("convention: m\n", "CC013", 1, "a convention needs its operations"),
        ("convention: all\nextends: fvcore\n", "CC018", 1, "expected a name of letters"),
        ("convention: a b\nextends: fvcore\n", "CC018", 1, "expected a name of letters"),
        (M + "extends: thop\nunit: macs\n", "CC014", 3, "unit: expected mac or flop"),
        (M + "extends: thop\ntimes: 0\n", "CC014", 3, "times: expected a number from 1"),
        (M + "extends: thop\nprints: {unit: Mac}\n", "CC014", 3, "unit: expected a text with G"),
        ("convention: m\nconvention: n\nextends: thop\n", "CC003", 2, "duplicate key"),
        ("[1, 2]\n", "CC014", 1, "a convention is a mapping"),
        ("a: [\n", "CC001", 1, ""),
        ("convention: &a m\nextends: *b\n", "CC005", 2, "no anchor"),
        ("convention: !!python/object m\n", "CC005", 1, "tags"),
        ("", "CC014", 1, "a convention is a mapping"),
    ],
)  # fmt: skip
def test_errors_are_located(tmp_path: Path, text: str, code: str, line: int, message: str) -> None:
    with pytest.raises(ConventionFileError) as caught:
        conventions([_write(tmp_path, text)])
    first = caught.value.findings[0]
    assert (first.code, first.line) == (code, line)
    assert message in first.message


def test_a_formula_without_a_value_is_unknown_and_says_why(tmp_path: Path) -> None:
    text = "convention: m\noperations: {conv: macs, fc: macs - 2*macs, rest: 0}\n"
    report = convcalc.analyze("vgg16", counted_as=[_write(tmp_path, text)])
    mine = report.counts["m"]
    assert mine.operations is None
    assert mine.unknown == ("fc",)
    assert mine.notes[0]["text"] == "macs - 2*macs has no value: -102760448 is below 0"
    assert mine.notes[0]["layers"] == ["fc1"]


def test_its_size_is_bounded(tmp_path: Path) -> None:
    big = "convention: m\nextends: fvcore\nabout: " + "x" * (1 << 20) + "\n"
    with pytest.raises(ConventionFileError, match="file too large"):
        conventions([_write(tmp_path, big)])
    many = "".join(f'  "conv(groups: {n})": {n}\n' for n in range(1, 80))
    with pytest.raises(ConventionFileError, match="more than 64 lines for conv"):
        conventions([_write(tmp_path, f"convention: m\noperations:\n{many}  rest: 0\n")])
    with pytest.raises(ConventionFileError, match="500"):
        formula = "+".join(["macs"] * 300)
        conventions([_write(tmp_path, f"convention: m\noperations: {{rest: {formula}}}\n")])
    with pytest.raises(ConventionFileError, match="not UTF-8"):
        conventions([_write(tmp_path, b"convention: \xff\n")])
    with pytest.raises(ConventionFileError, match="hidden character"):
        conventions([_write(tmp_path, "convention: m\u202e\n")])
    deep = "convention: m\noperations: " + "{a: " * 40 + "1" + "}" * 40
    with pytest.raises(ConventionFileError, match="nested deeper"):
        conventions([_write(tmp_path, deep)])
    with pytest.raises(convcalc.RequestError, match="at most 64 at once"):
        conventions(["fvcore"] * 65)


def test_files_that_are_none(tmp_path: Path) -> None:
    folder = tmp_path / "dir.yaml"
    folder.mkdir()
    with pytest.raises(convcalc.RequestError, match="is not a regular file"):
        conventions([str(folder)])
    with pytest.raises(convcalc.RequestError, match="cannot read"):
        conventions([str(tmp_path / "none.yaml")])
    secret = tmp_path / "secret"
    secret.write_text("convention: m\n", encoding="utf-8")
    link = tmp_path / "link.yaml"
    link.symlink_to(secret)
    with pytest.raises(convcalc.RequestError, match="a link that does not lead to a"):
        conventions([str(link)])


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    path = _write(tmp_path, "convention: fvcore\nextends: fvcore\n")
    with pytest.raises(convcalc.RequestError, match="two conventions are named fvcore"):
        conventions(["fvcore", path])
    assert conventions([path])[0].path == path


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        own("m.yaml", text.encode("utf-8", "surrogatepass"), Limits())
    except FileError as error:
        assert error.findings


@given(
    st.dictionaries(
        st.sampled_from(["convention", "extends", "operations", "prints", "times", "notes"]),
        st.one_of(
            st.sampled_from(["m", "thop", "0", "unknown", "none", "{rest: 0}", "{relu: inputs}"]),
            st.text("abc(){}[]:,>&*! 019", max_size=12),
        ),
    )
)  # fmt: skip
def test_no_document_breaks_the_reader(entries: dict[str, str]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in entries.items())
    try:
        found = own("m.yaml", text.encode(), Limits())
    except FileError as error:
        assert error.findings
    else:
        assert found.name
    assert BUNDLED["fvcore"].operations is not None
