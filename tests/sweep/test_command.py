"""`convcalc sweep`: rows as they come, whole rows only, and where a run goes on."""

import json
from pathlib import Path

import pytest
from small_sweep import SPEC

from convcalc.cli import run

GRID = ("--set", "width=8..64/8", "--batch", "1,2", "--columns", "params,macs")


@pytest.fixture(autouse=True)
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "net.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return path


def test_csv_has_the_axes_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "net.yaml", *GRID, "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "width,batch,params,macs,findings",
        "8,1,20714,241664,",
        "8,2,20714,241664,",
    ]
    assert len(lines) == 17


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "net.yaml", *GRID, "--input", "33x33x3", "--format", "json"]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first == {
        "set": {"width": 8}, "input": [33, 33, 3], "batch": 1,
        "params": None, "macs": None, "findings": ["CC101"],
    }  # fmt: skip
    assert [*first] == ["set", "input", "batch", "params", "macs", "findings"]


def test_text_counts_what_does_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    inputs = ("--input", "32x32x3,33x33x3,34x34x3,35x35x3")
    assert run(["sweep", "net.yaml", *inputs, "--where", "macs > 230K", "--sort=-macs"]) == 0
    out = capsys.readouterr().out
    assert "4 variants, 2 with macs > 230K" in out
    assert "2 of 4 have errors: 2 CC101 at max_pool1" in out
    assert out.index("34x34x3") < out.index("32x32x3")


def test_the_first_error_is_told_with_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "net.yaml", "--set", "width=a,b"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "2 of 2 have errors: 2 CC014 in line 4; the first, width=a: " in out
    assert "expected a positive integer, got 'a'" in out
    words = ["sweep", "net.yaml", "--input", "32x32x3,33x33x3", "--batch", "1,2"]
    assert run([*words, "--format", "csv", "-o", "rows.csv"]) == 0
    err = " ".join(capsys.readouterr().err.split())
    assert "4 variants, 4 rows written to rows.csv" in err
    assert "; the first, input=33x33x3, batch=1: output size is not an integer: " in err


def test_a_file_that_has_all_variants_is_said_to_be_finished(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["sweep", "net.yaml", "--set", "width=8", "--resume", "rows.csv"]
    assert run(words) == 0
    assert "1 variant, 1 row written to rows.csv" in capsys.readouterr().err
    assert run(words) == 0
    told = "rows.csv has 1 of 1 variant already: remove it to start again"
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--where", "batch == 2"], "`--batch 1,8` varies, in a column of its own"),
        (["--columns", "batch"], "`--batch 1,8` varies, in a column of its own"),
        (["--where", "dtype == 2"], "dtype is a setting, and no number that rows have"),
    ],
)
def test_a_setting_is_no_number_of_a_row(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert run(["sweep", "net.yaml", *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("file", [(), ("-o", "rows")])
def test_rows_without_numbers_are_explained_beside_them(
    capsys: pytest.CaptureFixture[str], form: str, file: tuple[str, ...]
) -> None:
    """A row has the codes of findings; settings that do not go together have none."""
    words = ["sweep", "net.yaml", "--batch", "1,2", "--accumulate", "2", "--format", form, *file]
    assert run(words) == 0
    printed = capsys.readouterr()
    reason = "1 of 2 have errors: 1 settings: a batch of 1 is not divisible by 2"
    assert reason in printed.err and reason not in printed.out
    assert run(["sweep", "net.yaml", "--batch", "2", "--accumulate", "2", "--format", form]) == 0
    assert "have errors" not in capsys.readouterr().err


@pytest.mark.parametrize(("more", "batch"), [((), 4), (("--batch", "8"), 8)])
def test_rows_have_the_batch_that_their_numbers_are_of(
    capsys: pytest.CaptureFixture[str], more: tuple[str, ...], batch: int
) -> None:
    """An image a micro-batch, where no batch is given, as `analyze --accumulate 4` has."""
    words = ["sweep", "net.yaml", "--accumulate", "1,4", "--format", "json", *more]
    assert run([*words, "--columns", "inference_memory"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["accumulate"], row["batch"]) for row in rows] == [
        (1, batch if more else 1),
        (4, batch),
    ]


def test_quiet_says_nothing_beside_the_rows(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sweep", "net.yaml", "--input", "33x33x3", "--format", "csv"]
    assert run([*words, "-q"]) == 0
    assert capsys.readouterr().err == ""


def test_text_shows_the_largest_of_what_is_varied(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sweep", "net.yaml", "--set", "width=1..300", "--columns", "params", "--top", "2"]
    assert run([*words, "--sort", "-width"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in out[1:3]] == ["300", "299"]


def test_a_run_goes_on_after_a_kill_at_any_byte(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("csv", "json"):
        words = ["sweep", "net.yaml", *GRID, "--where", "macs > 500K"]
        assert run([*words, "-o", f"whole.{form}"]) == 0
        whole = Path(f"whole.{form}").read_bytes()
        assert whole.count(b"\n") == 12 + (form == "csv")
        part = Path(f"part.{form}")
        for cut in (0, 1, len(whole) // 3, len(whole) // 2, len(whole) - 1, len(whole)):
            part.write_bytes(whole[:cut])
            assert run([*words, "--resume", str(part)]) == 0, cut
            assert part.read_bytes() == whole, cut


def test_a_file_of_another_sweep_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "net.yaml", *GRID, "-o", "a.csv"]) == 0
    before = Path("a.csv").read_bytes()
    assert run(["sweep", "net.yaml", *GRID, "-o", "a.csv"]) == 2
    assert "a.csv exists: go on with --resume a.csv" in capsys.readouterr().err
    other = ("--set", "width=8..64/8", "--batch", "1,3", "--columns", "params,macs")
    assert run(["sweep", "net.yaml", *other, "--resume", "a.csv"]) == 2
    assert "is of another sweep" in capsys.readouterr().err
    assert run(["sweep", "net.yaml", "--batch", "1", "--resume", "a.csv"]) == 2
    assert "its columns differ" in capsys.readouterr().err
    assert Path("a.csv").read_bytes() == before


def test_the_rows_of_a_killed_run_are_gone_on_with(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyarrow")
    for named, shown in (("q.parquet", "q.parquet"), ("q 2.parquet", "'q 2.parquet'")):
        Path(f"{named}.part").touch()  # the rows of a run that was killed
        assert run(["sweep", "net.yaml", *GRID, "-o", named]) == 2
        error = capsys.readouterr().err
        assert f"{named}.part exists: go on with --resume {shown}, or remove it" in error
        assert run(["sweep", "net.yaml", *GRID, "--resume", named]) == 0
        capsys.readouterr()


@pytest.mark.parametrize("command", ["sweep", "analyze", "check"])
@pytest.mark.parametrize("words", [("--set", "width=16-64"), ("--batch", "16:64")])
def test_a_range_of_another_tool_is_refused_by_all_that_take_ranges(
    command: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, "net.yaml", *words]) == 2
    assert "write 16..64, or 16..64/8 for steps of 8" in capsys.readouterr().err


@pytest.mark.parametrize("values", ["16-64", "16..64"])
def test_a_range_where_one_value_is_taken_leads_to_sweep(
    values: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", "net.yaml", "--set", f"width={values}"]) == 2
    assert "width takes one value: `convcalc sweep --set`" in capsys.readouterr().err


def test_processes_give_the_same_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "net.yaml", *GRID, "--format", "csv"]) == 0
    alone = capsys.readouterr().out
    assert run(["sweep", "net.yaml", *GRID, "--format", "csv", "--processes", "2"]) == 0
    assert capsys.readouterr().out == alone


def test_the_front_is_marked_in_a_picture(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sweep", "net.yaml", *GRID, "--pareto", "params,-macs"]) == 0
    out = capsys.readouterr().out
    assert "macs (up) over params (right); * is on the front" in out
    assert "16 on the front" in out and "*" in out.split("front", 1)[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--resume", "a.csv", "-o", "b.csv"), "takes the place of -o"),
        (("-o", "rows.txt"), "files are csv, json or parquet"),
        (("--on", "nowhere"), "dask:tcp://HOST:8786"),
        (("--net", "fc-10"), "one SPEC, or --net"),
        (("--on", "ray:"), "ray:auto"),
    ],
)
def test_clear_errors(
    words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sweep", "net.yaml", "--batch", "1,2", *words]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("option", ["-o", "--resume"])
def test_quiet_writes_the_rows_and_prints_nothing(
    capsys: pytest.CaptureFixture[str], option: str
) -> None:
    words = ["sweep", "net.yaml", "--set", "width=8..24/8", "--columns", "params"]
    assert run([*words, option, "loud.csv"]) == 0
    capsys.readouterr()
    assert run([*words, "-q", option, "rows.csv"]) == 0
    assert run([*words, "-q", "--format", "csv"]) == 0
    assert capsys.readouterr() == ("", "")
    assert Path("rows.csv").read_bytes() == Path("loud.csv").read_bytes()


def test_a_variable_is_not_called_like_another_column(capsys: pytest.CaptureFixture[str]) -> None:
    text = "input: 8x8x3\nvars: {params: 8, batch: 3, stages: 1}\nlayers:\n"
    text += "  - conv: {filters: =params, kernel: =batch, stride: =stages}\n"
    Path("named.yaml").write_text(text, encoding="utf-8")

    def swept(*words: str) -> tuple[int, str]:
        code = run(["sweep", "named.yaml", *words, "--format", "csv"])
        return code, capsys.readouterr().err

    code, said = swept("--set", "params=1,2")
    assert code == 2 and "a column params of their own" in said
    assert swept("--set", "batch=1,3")[0] == 2
    assert swept("--set", "params=1,2", "--columns", "macs")[0] == 0
    assert swept("--set", "stages=1,2")[0] == 0
    assert swept("--set", "stages=1,2", "--where", "stages < 2")[0] == 2
    assert swept("--set", "params=1,2", "--columns", "macs", "--sort", "params")[0] == 2


def test_columns_that_a_narrow_terminal_leaves_out_are_named(monkeypatch, capsys) -> None:
    from convcalc.sweep.request import USUAL

    words = ["sweep", "net.yaml", "--columns", ",".join([*USUAL, "weights", "layers"])]
    for color in ("never", "always"):
        monkeypatch.setenv("COLUMNS", "60")
        assert run([*words, "--color", color]) == 0
        out = capsys.readouterr().out
        head, left = out.split("\n", 1)[0], out.split("not shown in 60 columns: ")[1].split("\n")[0]
        assert left and {*left.split(", ")}.isdisjoint(head.split())
        assert all(name in head for name in {*USUAL, "weights", "layers"} - {*left.split(", ")})
        monkeypatch.setenv("COLUMNS", "200")
        assert run([*words, "--color", color]) == 0
        assert "not shown" not in capsys.readouterr().out


def test_a_narrow_terminal_keeps_the_numbers_that_tell_rows_apart(monkeypatch, capsys) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert run(["sweep", "net.yaml", "--batch", "1..8", "--top", "8"]) == 0
    out = capsys.readouterr().out
    assert "training_memory" in out.split("\n", 1)[0]
    left = out.split("not shown in 60 columns: ")[1].split("\n")[0]
    assert {*left.split(", ")} <= {"params", "macs", "activations"}
    assert run(["sweep", "net.yaml", "--batch", "4", "--optimizer", "adam,sgd"]) == 0
    out = capsys.readouterr().out
    head = out.split("\n", 1)[0].split()
    assert {"batch", "optimizer", "training_memory"} <= {*head} and "not shown" in out, (
        "of two rows"
    )
    assert run(["sweep", "net.yaml", "--batch", "1"]) == 0, "one row tells nothing apart"
    assert capsys.readouterr().out.split()[1] == "params"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--ema", "--batch", "2"], "--ema takes values here: `--ema true,false --batch ...`"),
        (["--keep-grads", "--dtype", "float16"], "`--keep-grads true,false --dtype ...`"),
        (["--batch", "--ema", "true"], "--batch takes values here: `--batch VALUES --ema ...`"),
    ],
)
def test_an_option_without_its_values_eats_no_other(words, told, capsys) -> None:
    assert run(["sweep", "net.yaml", *words]) == 2
    assert told in capsys.readouterr().err
