"""What the CS231n notes say, asked on the command line (sections by their titles)."""

import pytest

NOTES = "INPUT -> [[CONV -> RELU]*N -> POOL?]*M -> [FC -> RELU]*K -> FC"


def test_the_table_of_the_family_is_sorted_and_complete(convcalc_) -> None:
    done = convcalc_("analyze", "--input", "32x32x3", "--net", NOTES)
    assert done.exit_code == 0, done.stderr
    assert "57 nets, smallest first" in done.stdout
    assert done.stderr.count("\n") == 1
    assert "CONV is conv3-12 (3x3, stride 1, pad 1), POOL is pool2 (2x2, stride 2)" in done.stderr
    rows = [line.split("  ") for line in done.stdout.splitlines() if line.startswith("N=")]
    params = [int([cell for cell in row if cell][4].replace(",", "")) for row in rows]
    assert params == sorted(params) and params[0] == 490 and len(params) == 57


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (("check", "--net", "[relu"), 1, "this bracket is not closed"),
        (("explain", "--net", NOTES, "conv1"), 2, "the pattern stands for 57 nets"),
        (
            ("analyze", "--net", NOTES, "--set", "classes=0"),
            2,
            "classes of the pattern is a number",
        ),
        (("analyze", "--net", NOTES, "--set", "L=1"), 2, "the pattern has no variable 'L'"),
    ],
)
def test_what_is_no_net_is_refused(convcalc_, words, code, text) -> None:
    done = convcalc_(*words, "--input", "32x32x3")
    assert done.exit_code == code
    assert text in done.stdout + done.stderr


@pytest.mark.parametrize("pattern", ["[relu", "input-foo", "INPUT-WHAT-EVER"])
def test_an_invalid_pattern_has_no_totals_of_an_empty_net(convcalc_, pattern) -> None:
    done = convcalc_("analyze", "--input", "32x32x3", "--net", pattern)
    assert done.exit_code == 1
    assert "no totals of an unfinished net" in done.stdout
    assert "inference" not in done.stdout
