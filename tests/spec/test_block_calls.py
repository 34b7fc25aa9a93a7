"""A block of the file, or a repeat, that is written with round brackets as in a program."""

import pytest

HEAD = (
    "vars: {w: 8}\nblocks: {unit: {args: {c: 4, s: 1}, layers: [{conv: {F: =c, K: 1, S: =s}}]}}\n"
)

CALLS = {
    "unit(8)": "did you mean `unit: 8`?",
    "unit(8, 2)": "did you mean `unit: [8, 2]`?",
    "unit()": "did you mean `unit`?",
    "Unit(8)": "did you mean `unit: 8`?",
    "self.unit(8)": "did you mean `unit: 8`?",
    "unit(c=8)": "did you mean `unit: {c: 8}`?",
    "unit(8, s=2)": "did you mean `unit: {c: 8, s: 2}`?",
    "unit(2*w)": "write `unit: [...]` with its arguments: c, s",
    "unit(1, 2, 3)": "write `unit: [...]` with its arguments: c, s",
    "unit(8, c=2)": "write `unit: [...]` with its arguments: c, s",
    "unit(x)(y)": "write `unit: [...]` with its arguments: c, s",
}


@pytest.mark.parametrize(("call", "help"), CALLS.items())
def test_a_block_that_is_called_with_round_brackets_is_answered(layers, call, help) -> None:
    spec = layers(f"- conv3-8\n- {call}", head=HEAD)
    found = [f for f in spec.analysis.findings if f.severity == "error"]
    assert len(found) == 1
    assert help in found[0].help
    assert "without round brackets" in " ".join((found[0].message, *found[0].help))


@pytest.mark.parametrize("call", [call for call, help in CALLS.items() if "did you" in help])
def test_what_is_offered_is_that_call(layers, call) -> None:
    entry = CALLS[call].split("`")[1]
    assert layers(f"- conv3-8\n- {entry}", head=HEAD).codes == ["CC124"]  # of the variable


@pytest.mark.parametrize(
    ("call", "help"),
    [
        ("unit(8)", "write `unit: 8`"),
        ("unit(8,2)", "write `unit: [8, 2]`"),
        ("unit(c=8)", "write `unit: {c: 8}`"),
        ("unit()", "write `unit`"),
    ],
)
def test_among_the_words_of_a_pattern_too(layers, call, help) -> None:
    spec = layers(f"- conv3-8 {call}", head=HEAD)
    found = [f for f in spec.analysis.findings if f.severity == "error"]
    assert [f.message for f in found] == ["a block is called without round brackets"]
    assert help in found[0].help[0]


@pytest.mark.parametrize("call", ["repeat(3)", "Repeat(2)", "nn.Repeat(2)", "repeat()"])
def test_a_repeat_with_round_brackets_is_answered(layers, call) -> None:
    spec = layers(f"- {call}")
    assert spec.codes == ["CC011"]
    assert "`repeat: {times: 2, layers: [conv3-64, relu]}`" in spec.help
