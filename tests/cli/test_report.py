"""`convcalc report`: which files it writes, and how it ends."""

from itertools import count
from pathlib import Path

import convcalc
from convcalc.verify import checks, run


def test_a_page_is_written_whole(convcalc_) -> None:
    result = convcalc_("report", "small.yaml", "-o", "page.html")
    assert (result.exit_code, result.output) == (0, "")
    page = Path("page.html").read_text(encoding="utf-8")
    assert page == convcalc.report("small.yaml").html
    assert page.startswith("<!DOCTYPE html>") and page.endswith("</html>\n")


def test_a_page_is_printed_as_it_is(convcalc_) -> None:
    result = convcalc_("report", "lenet5", "--as", "fvcore")
    assert result.exit_code == 0
    assert result.stdout == convcalc.report("lenet5", counted_as="fvcore").html


def test_svg_alone_or_beside_a_page(convcalc_) -> None:
    assert convcalc_("report", "unet", "--svg", "unet.svg").stdout == ""
    assert Path("unet.svg").read_text(encoding="utf-8") == convcalc.report("unet").svg
    result = convcalc_("report", "unet", "--expand", "--svg", "open.svg", "-o", "page.html")
    assert result.exit_code == 0 and Path("page.html").exists()
    assert Path("open.svg").read_text(encoding="utf-8") == convcalc.report("unet", expand=True).svg


def test_errors_of_a_net_are_on_the_page_and_in_the_exit_code(convcalc_) -> None:
    result = convcalc_("report", "small.yaml", "broken.yaml", "-o", "page.html")
    assert result.exit_code == 1
    assert "CC101" in Path("page.html").read_text(encoding="utf-8")


def test_what_cannot_be_is_one_line(convcalc_) -> None:
    for args, said in (
        (("report", "-o", "page.html"), "no SPEC"),
        (("report", "nothing.yaml"), "nothing.yaml"),
        (("report", "vgg16", "--as", "fvcor"), "did you mean"),
        (("report", "vgg16", "--select", "CC999"), "CC999"),
        (("report", "vgg16", "-o", "no/such/page.html"), "cannot write no/such/page.html"),
        (("report", "vgg16", "--svg", "no/such.svg"), "cannot write no/such.svg"),
    ):
        result = convcalc_(*args)
        assert result.exit_code == 2, args
        assert said in result.stderr, (args, result.stderr)
        assert not Path("page.html").exists()


def test_times_are_measured_on_request(convcalc_, monkeypatch) -> None:
    monkeypatch.setattr(run, "perf_counter", count(0, 0.5).__next__)
    monkeypatch.setattr(run, "product_rate", lambda dtype: 1)
    result = convcalc_("report", "small.yaml", "lenet5", "--measure", "-o", "page.html")
    assert (result.exit_code, result.output) == (0, "")
    page = Path("page.html").read_text(encoding="utf-8")
    assert page == convcalc.report("small.yaml", "lenet5", measure=True).html
    assert page != convcalc.report("small.yaml", "lenet5").html


def test_what_verify_refuses_is_not_measured(convcalc_, monkeypatch) -> None:
    result = convcalc_("report", "small.yaml", "broken.yaml", "--measure", "-o", "page.html")
    assert result.exit_code == 1
    assert result.output == convcalc_("verify", "broken.yaml").output and "CC101" in result.output
    monkeypatch.setattr(checks, "available_bytes", lambda: 1000)
    for args, said in (
        (("lenet5",), "0.98 KiB are free: try --dtype float16"),
        (("small.yaml",), "0.98 KiB are free: try a smaller --input"),
        (("lenet5", "--dtype", "bfloat16"), "float32, float64, float16, not bfloat16: see --dtype"),
    ):
        result = convcalc_("report", *args, "--measure", "-o", "page.html")
        assert result.exit_code == 2 and said in result.stderr, (args, result.stderr)
    assert not Path("page.html").exists()
    result = convcalc_("report", "lenet5", "--measure", "--svg", "lenet5.svg")
    assert result.exit_code == 2 and "name it with -o page.html" in result.stderr
    assert not Path("lenet5.svg").exists()


def test_rows_of_a_sweep_have_a_page(convcalc_) -> None:
    assert convcalc_("sweep", "wrn", "--set", "width=1..4", "-o", "rows.jsonl").exit_code == 0
    result = convcalc_("report", "rows.jsonl", "--svg", "rows.svg", "-o", "rows.html")
    assert (result.exit_code, result.output) == (0, "")
    page = convcalc.report("rows.jsonl")
    assert Path("rows.html").read_text(encoding="utf-8") == page.html
    assert Path("rows.svg").read_text(encoding="utf-8") == page.svg
    for args, said in (
        (("rows.jsonl", "vgg16"), "one file at a time"),
        (("rows.jsonl", "--batch", "8"), "--batch is for nets: rows.jsonl holds rows"),
        (("rows.jsonl", "--measure"), "--measure is for nets: rows.jsonl holds rows"),
        (("rows.jsonl", "--expand"), "--expand is for nets"),
        (("rows.jsonl", "--pareto", "parms"), "did you mean params?"),
        (("vgg16", "--pareto", "params"), "--pareto is for the rows of a sweep"),
        (("no.csv",), "cannot read no.csv"),
    ):
        result = convcalc_("report", *args, "-o", "page.html")
        assert result.exit_code == 2 and said in result.stderr, (args, result.stderr)
