"""Every row of the window rule's table and its known cases, through a spec."""

import pytest

# input, kernel, stride, pad, grade, size down, size up, lost
CASES = [
    (227, 11, 4, 0, "exact", 55, 55),
    (10, 3, 2, 0, "input lost", 4, 5),
    (5, 3, 3, 1, "padding unused", 2, 2),
    (224, 11, 4, 2, "padding unused", 55, 56),
    (224, 7, 2, 3, "padding unused", 112, 113),
    (56, 1, 2, 0, "sub-sampling", 28, 28),
    (224, 7, 2, 0, "input lost", 109, 110),
    (112, 3, 2, 0, "input lost", 55, 56),
]
EQUATIONS = {
    (10, 3, 2, 0): "4.5", (5, 3, 3, 1): "2.33", (224, 11, 4, 2): "55.25", (224, 7, 2, 3): "112.5",
    (56, 1, 2, 0): "28.5", (224, 7, 2, 0): "109.5", (112, 3, 2, 0): "55.5",
}  # fmt: skip
SEVERITY = {"padding unused": "note", "input lost": "warning", "sub-sampling": "note"}


def _conv(layers, case, rounding):
    size, kernel, stride, pad = case[:4]
    return layers(
        f"- conv: {{filters: 4, kernel: {kernel}, stride: {stride}, pad: {pad}}}",
        f"{size}x{size}x3",
        head=f"rounding: {rounding}\n",
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_exact_takes_only_what_comes_out(layers, case) -> None:
    spec = _conv(layers, case, "exact")
    if case[4] == "exact":
        assert (spec.told, spec.output) == ([], (case[5], case[5], 4))
        return
    (finding,) = spec.analysis.findings
    assert (finding.code, finding.severity.value) == ("CC101", "error")
    assert f"= {EQUATIONS[case[:4]]} (height and width; {case[4]}:" in finding.message
    assert spec.output is None
    assert finding.help, "a repair is offered"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_floor_grades_and_goes_on(layers, case) -> None:
    spec = _conv(layers, case, "floor")
    assert spec.output == (case[5], case[5], 4)
    if case[4] == "exact":
        assert spec.told == []
        return
    (finding,) = spec.analysis.findings
    assert finding.severity.value == SEVERITY[case[4]]
    assert finding.message.startswith(f"{case[4]}: ")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_ceil_hangs_over_or_drops_a_window_in_the_padding(layers, case) -> None:
    spec = _conv(layers, case, "ceil")
    assert spec.output == (case[6], case[6], 4)
    if case[4] != "exact":
        (finding,) = spec.analysis.findings
        assert finding.severity.value == "note"
    if case[5] != case[6]:
        assert finding.code == "CC106"


def test_what_is_lost_is_counted(layers) -> None:
    spec = _conv(layers, (224, 7, 2, 0), "floor")
    assert "1 row and 1 column never read" in spec.told[0]
    spec = _conv(layers, (112, 3, 2, 0), "ceil")
    assert "hangs 1 over the edge" in spec.told[0]


@pytest.mark.parametrize("rounding", ["exact", "floor", "ceil"])
@pytest.mark.parametrize("stride", [1, 4])
def test_what_does_not_fit_is_always_an_error(layers, rounding, stride) -> None:
    spec = _conv(layers, (4, 7, stride, 0), rounding)
    text = "4:30: error[CC102] window 7 does not fit: input 4 + 2*0 padding = 4 (height and width)"
    if rounding == "ceil" and stride > 7 - 4:
        text += "; PyTorch's ceil_mode gives 1 position here"
    assert spec.told == [text]
    assert spec.output is None


def test_every_repair_that_changes_an_option_works(layers) -> None:
    for case in CASES[1:]:
        spec = _conv(layers, case, "exact")
        offers = [
            part.strip("`").split("`")[0].split(": ")
            for line in spec.analysis.findings[0].help
            for part in line.split(" or ")
            if part.startswith(("`stride:", "`pad:", "`kernel:"))
        ]
        assert offers
        for option, value in offers:
            given = dict(zip(("kernel", "stride", "pad"), case[1:4], strict=True)) | {option: value}
            words = ", ".join(f"{key}: {number}" for key, number in given.items())
            repaired = layers(f"- conv: {{filters: 4, {words}}}", f"{case[0]}x{case[0]}x3")
            assert repaired.told == [], (case, option, value)


def test_axes_are_graded_apart(layers) -> None:
    spec = layers("- conv: {filters: 4, kernel: 3, stride: 2}", "9x10x3")
    assert spec.told[0].startswith(
        "3:41: error[CC101] output size is not an integer: (10 - 3 + 2*0)/2 + 1 = 4.5"
    )
    spec = layers("- conv: {filters: 4, kernel: 3, stride: 2, pad: [0, 0, 0, 1]}", "9x10x3")
    assert (spec.output, spec.told) == ((4, 5, 4), [])
