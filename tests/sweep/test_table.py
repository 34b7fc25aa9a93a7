"""Rows read back from files: what a sweep wrote, and what a stranger may have written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import convcalc
from convcalc.study.errors import RequestError
from convcalc.sweep import table as module
from convcalc.sweep.page_headers import chunks, page_sizes
from convcalc.sweep.table import holds_rows, table

CSV = "width,batch,input,params,macs,findings\n1,8,8x8x3,112,6912,\n2,8,8x8x3,,13824,CC101 CC104\n"
JSON = (
    '{"set": {"width": 1}, "input": [8, 8, 3], "batch": 8, "params": 112, "findings": []}\n'
    '{"set": {"width": 2}, "input": [8, 8, 3], "batch": 8, "params": null,'
    ' "findings": ["CC1\u2028"]}\n'
)


def _file(tmp_path: Path, name: str, text: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_csv_and_json_lines_are_read(tmp_path: Path) -> None:
    found = table(_file(tmp_path, "rows.csv", CSV))
    assert found.names == ("width", "batch", "input", "params", "macs", "findings")
    assert found.rows == (
        (1, 8, "8x8x3", 112, 6912, None),
        (2, 8, "8x8x3", None, 13824, "CC101 CC104"),
    )
    assert [found.is_number(at) for at in range(6)] == [True, True, False, True, True, False]
    found = table(_file(tmp_path, "rows.jsonl", JSON))
    assert found.names == ("width", "input", "batch", "params", "findings")
    assert found.rows == ((1, "8x8x3", 8, 112, ""), (2, "8x8x3", 8, None, "CC1<U+2028>"))


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl", "rows.parquet"])
def test_what_a_sweep_wrote_comes_back(tmp_path: Path, name: str, monkeypatch) -> None:
    if name.endswith(".parquet"):
        pytest.importorskip("pyarrow")
    from convcalc.cli import run

    monkeypatch.chdir(tmp_path)
    args = ["sweep", "wrn", "--set", "width=1..3", "--batch", "1,8", "--processes", "1", "-o", name]
    assert run(args) == 0
    found = table(name)
    report = convcalc.sweep("wrn", variables={"width": range(1, 4)}, batch=[1, 8])
    at = {column: found.names.index(column) for column in ("width", "batch", *report.columns)}
    assert [[row[place] for place in at.values()] for row in found.rows] == [
        [row.set["width"], row.settings["batch"], *row.numbers.values()] for row in report
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rows.jsonl", '{"a": 1, "b": [' + "[]," * 400_000 + "1]}\n"),
        ("rows.jsonl", '{"a": 1}\n{"a": [' + "[]," * 400_000 + "1]}\n"),
        ("rows.csv", "ab," * 400_000 + "ab\n"),
        ("rows.csv", "a,b\n1,2\n" + '"c\nd",' * 200_000 + "1\n"),
    ],
    ids=["json", "second of json", "csv", "csv in lines"],
)
def test_a_very_long_row_is_refused_before_it_is_taken_apart(
    tmp_path: Path, name: str, text: str
) -> None:
    with pytest.raises(RequestError, match="a row is longer than 1,048,576 letters"):
        table(_file(tmp_path, name, text))


@pytest.mark.parametrize(
    ("name", "head", "row"), [("r.jsonl", "", '{"a": "%s"}\n'), ("r.csv", "a\n", '"%s"\n')]
)
def test_many_rows_may_be_longer_together(tmp_path: Path, name: str, head: str, row: str) -> None:
    text = head + row % ("x" * 100_000) * 12
    assert len(table(_file(tmp_path, name, text)).rows) == 12


def test_a_row_that_a_kill_cut_off_is_none(tmp_path: Path) -> None:
    assert len(table(_file(tmp_path, "rows.csv", CSV + "3,8,8x")).rows) == 2
    assert len(table(_file(tmp_path, "rows.jsonl", JSON + '{"set": {"wi')).rows) == 2


def test_which_files_hold_rows(tmp_path: Path) -> None:
    assert all(map(holds_rows, ("a.csv", "a.JSONL", "a.ndjson", Path("b/a.parquet"))))
    assert not any(map(holds_rows, ("a.yaml", "vgg16", "-", "no.json", None, tmp_path)))
    assert holds_rows(_file(tmp_path, "rows.json", JSON))
    assert not holds_rows(_file(tmp_path, "net.json", '{"input": "8x8x3", "layers": ["relu"]}'))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "", "does not name the columns"),
        ("a.csv", "a,a\n1,2\n", "does not name the columns, each once"),
        ("a.csv", "a,b\n", "holds no rows"),
        ("a.csv", "a,b\n1\n", "row 1 has 1 cells, the first line 2 names"),
        ("a.csv", 'a,b\n1,"x\n', "row 1: unexpected end of data"),
        ("a.csv", b"a,b\n\xff,1\n", "not UTF-8 text"),
        ("a.csv", ",".join(f"c{i}" for i in range(99)) + "\n1\n", "99 columns, 64 at most"),
        ("a.jsonl", "", "holds no rows"),
        ("a.jsonl", "{\n", "row 1 is not JSON"),
        ("a.jsonl", "[1]\n", "row 1 is not an object"),
        ("a.jsonl", '{"a": NaN}\n', "row 1 is not JSON"),
        ("a.jsonl", '{"a": 1e999}\n', "row 1: a is neither a number nor a text"),
        ("a.jsonl", f'{{"a": {10**50}}}\n', "row 1: a is neither a number nor a text"),
        ("a.jsonl", '{"a": {"b": 1}}\n', "row 1: a is neither a number nor a text"),
        ("a.jsonl", '{"a": 1}\n{"b": 1}\n', "row 2 has other columns than the first"),
        ("a.jsonl", "[" * 100_000 + "\n", "row 1 is not"),
        ("a.jsonl", '{"a": ' + "9" * 5000 + "}\n", "row 1 is not JSON"),
    ],
)
def test_what_is_no_row_is_refused_where_it_is(
    tmp_path: Path, name: str, text: str | bytes, said: str
) -> None:
    with pytest.raises(convcalc.RequestError, match=said):
        table(_file(tmp_path, name, text))


def test_cells_are_bounded_and_finite(tmp_path: Path) -> None:
    found = table(_file(tmp_path, "a.csv", f"a,b\n1e999,{'x' * 5000}\n-1.5e3,\n"))
    assert found.rows[0][0] == "1e999" and len(str(found.rows[0][1])) < 400
    assert found.rows[1] == (-1500.0, None)


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 1)
    for name, text in (("a.csv", CSV), ("a.jsonl", JSON)):
        with pytest.raises(convcalc.RequestError, match=r"more than 1 rows long: .*--where"):
            table(_file(tmp_path, name, text))
    monkeypatch.setattr(module, "_MOST_BYTES", 10)
    with pytest.raises(convcalc.RequestError, match="larger than 10 bytes"):
        table(_file(tmp_path, "a.csv", CSV))


def test_what_is_no_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(convcalc.RequestError, match=r"cannot read .*No such file"):
        table(tmp_path / "no.csv")
    os.mkfifo(tmp_path / "fifo.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("fifo.csv", "folder.csv"):
        with pytest.raises(convcalc.RequestError, match="not a regular file"):
            table(tmp_path / name)


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": [1, 2, 3], "b": ["x", "y", None]}), path)
    assert table(path).rows == ((1, "x"), (2, "y"), (3, None))
    data = path.read_bytes()
    for broken in (b"", b"PAR1", data[:-20], data[:40] + b"\xff" * 8 + data[48:], b"a,b\n1,2\n"):
        path.write_bytes(broken)
        with pytest.raises(convcalc.RequestError, match="does not hold the rows of a sweep"):
            table(path)
    pq.write_table(pa.table({"a": [[1], [2]]}), path)
    with pytest.raises(convcalc.RequestError, match="a is neither a number nor a text"):
        table(path)


@pytest.mark.parametrize("text", ["a" * 1_000_000, "a" * 80_000_000])
def test_what_is_small_only_while_packed_is_refused(tmp_path: Path, text: str) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    words = pa.DictionaryArray.from_arrays(pa.array([0] * 100, type=pa.int32()), pa.array([text]))
    rows = pa.table({"w": words, "params": pa.array(range(100))})
    path = tmp_path / "bomb.parquet"
    parquet.write_table(rows, path, compression="zstd", store_schema=False)
    assert path.stat().st_size < 20_000
    with pytest.raises(convcalc.RequestError, match="67,108,864 bytes when it is unpacked"):
        table(path)


def test_what_holds_more_in_a_cell_is_refused_unread(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "lists.parquet"
    parquet.write_table(pa.table({"params": pa.array([[1, 2], [3]])}), path)
    with pytest.raises(convcalc.RequestError, match="params is neither a number nor a text"):
        table(path)


def test_a_parquet_footer_that_understates_its_pages_is_not_believed(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "rows.parquet"
    rows = pa.table({"a": ["x" * 80_000_000, "y"]})
    parquet.write_table(rows, path, compression="zstd", use_dictionary=False, store_schema=False)
    size = parquet.ParquetFile(path).metadata.row_group(0).column(0).total_uncompressed_size
    said, left = b"", 2 * size
    while left:
        said, left = said + bytes([left & 127 | 128]), left >> 7
    said = said[:-1] + bytes([said[-1] & 127])
    data = path.read_bytes()
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    five = b"\x8a" + b"\x80" * (len(said) - 2) + b"\x00"
    data = data[:footer] + data[footer:].replace(said, five)
    path.write_bytes(data)
    lying = parquet.ParquetFile(path).metadata.row_group(0).column(0)
    assert lying.total_uncompressed_size == 5
    assert sum(page_sizes(data, 4, 4 + lying.total_compressed_size)) > 80_000_000
    with pytest.raises(RequestError, match="larger than 67,108,864 bytes when it is unpacked"):
        table(path)


def test_damaged_statistics_of_a_parquet_file_are_refused(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "rows.parquet"
    parquet.write_table(pa.table({"a": [1, 2, 3], "b": ["x", "y", None]}), path)
    data = path.read_bytes()
    optional = b"\x25\x02\x18\x01a"  # with a histogram of nulls, which a required one has not
    assert data.count(optional) == 1
    path.write_bytes(data.replace(optional, b"\x25\x00\x18\x01a"))
    code = "from convcalc import RequestError; from convcalc.sweep.table import table\n"
    code += f"try: table({str(path)!r})\nexcept RequestError as error: print(error)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "does not hold the rows of a sweep: it is not a Parquet file, or it is" in done.stdout


def test_the_columns_of_a_parquet_file_are_those_that_pyarrow_finds(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "rows.parquet"
    rows = pa.table({"a": range(100), "b": ["x"] * 100, "c": [0.5, None] * 50, "d": [True] * 100})
    for options in ({}, {"use_dictionary": False}, {"write_statistics": False}):
        parquet.write_table(rows, path, row_group_size=7, **options)
        metadata = parquet.ParquetFile(path).metadata
        own = [metadata.row_group(i).column(j) for i in range(15) for j in range(4)]
        firsts = [one.dictionary_page_offset or one.data_page_offset for one in own]
        assert list(chunks(path.read_bytes())) == [
            (first, first + one.total_compressed_size, one.total_uncompressed_size)
            for first, one in zip(firsts, own, strict=True)
        ]


@pytest.mark.parametrize(
    "footer",
    [
        b"",
        b"\x00",
        b"\x49\x1c\x00\x00",  # no columns
        b"\x49\xfc\xff\xff\xff\xff\x0f",
        b"\x49" + b"\x19" * 20,
        b"\x16\x02\x06\x02\x02\x00",  # one field twice
        b"\x15" + b"\xff" * 9 + b"\x01\x00",  # more than its bits
        b"\x06\x01\x00",  # a field below 1
    ],
)
def test_what_is_no_footer_is_refused(footer: bytes) -> None:
    with pytest.raises(ValueError, match=r"no (footer|struct)"):
        list(chunks(b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1"))


def test_what_is_no_page_is_refused() -> None:
    for data in (b"\x00", b"\x15\x00\x15", b"\x1c" * 20, b"\x15" + b"\xff" * 12, b"\x19\x00\x00"):
        with pytest.raises(ValueError, match="no page"):
            list(page_sizes(data, 0, len(data)))
