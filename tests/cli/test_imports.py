"""What a run loads: start-up is paid by everybody, so it is tested by name, not by a clock."""

import pytest

HEAVY = (
    "numpy", "rich", "difflib", "importlib.metadata", "dataclasses", "convcalc.report.page.html",
    "convcalc.report.page.svg", "convcalc.memory.lifetimes", "convcalc.sweep.table", "textwrap",
)  # fmt: skip

#: what a list of layers without branches, repeats or mistakes has no use for
COMPOUND = (
    "convcalc.spec.compounds", "convcalc.spec.repeats", "convcalc.spec.beside", "convcalc.suggest",
    "convcalc.layers.smooth", "convcalc.layers.squash",
)  # fmt: skip


@pytest.mark.parametrize(
    ("args", "without"),
    [
        (["analyze", "vgg16"], HEAVY + COMPOUND),
        (["analyze", "vgg16", "--format", "json"], HEAVY + COMPOUND),
        (["analyze", "resnet50", "--format", "csv"], HEAVY),
        (["check", "vgg16"], ("numpy", "rich")),
        (["check", "vgg16", "--format", "json"], ("numpy", "rich")),
        (["list"], ("numpy", "rich")),
        (["explain", "CC101"], ("numpy", "rich")),
        (["report", "vgg16"], ("numpy", "rich", "convcalc.study.verify")),
        (["fit", "vgg16", "--memory", "8GiB"], ("numpy", "rich")),
        (["diff", "vgg16", "vgg19"], ("numpy", "rich")),
        (["demo"], ("numpy", "rich")),
        (["--help"], (*HEAVY, "yaml", "convcalc.records", "convcalc.escape")),
    ],
    ids=" ".join,
)
def test_a_run_loads_no_more_than_it_needs(process, args, without) -> None:
    code = (
        "import contextlib, io, sys\nfrom convcalc.cli import run\n"
        f"with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())): run({args!r})\n"
        "print(*sys.modules)"
    )
    loaded = set(process(code=code).stdout.split())
    assert "click" in loaded
    assert loaded.isdisjoint(without), loaded.intersection(without)


@pytest.mark.parametrize("args", [["analyze", "vgg16"], ["check", "vgg16"]], ids=" ".join)
def test_a_run_compiles_no_constructor_of_a_record(process, args) -> None:
    code = (
        "import contextlib, io\nfrom convcalc import records\nfrom convcalc.cli import run\n"
        f"with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())): run({args!r})\n"
        "print([count for count in records._CODES if count >= len(records._MAKERS)])"
    )
    assert process(code=code).stdout == "[]\n", "one line more in convcalc/records.py"
