"""A block of the file, or a repeat, that is written with round brackets as in a program."""

import pytest

from tests.fix.repairs import offered

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
    "unit(w//2)": "did you mean `unit: =w//2`?",
    "unit(2*q)": "write `unit: [...]` with its arguments: c, s",
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
    codes = layers(f"- conv3-8\n- {entry}", head=HEAD).codes
    assert codes == ([] if "w" in entry else ["CC124"])  # of the variable


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


REPEATED = {
    "unit(8)*2": "{unit: 8, times: 2}",
    "unit(8) * 3": "{unit: 8, times: 3}",
    "unit(8) x2": "{unit: 8, times: 2}",
    "unit(8)x2": "{unit: 8, times: 2}",
    "unit(c=8, s=1)*2": "{unit: {c: 8, s: 1}, times: 2}",
    "unit()*2": "{unit: , times: 2}",
    '"[unit(8)]*2"': "{unit: 8, times: 2}",
    "[unit(8)]*2": "{unit: 8, times: 2}",
    '"[unit(8) -> relu]*2"': "repeat: {times: 2, layers: [unit: 8, relu]}",
    "[unit(8), relu]*2": "repeat: {times: 2, layers: [unit: 8, relu]}",
    "[unit: 8]*2": "{unit: 8, times: 2}",
    "[{unit: 8}] x2": "{unit: 8, times: 2}",
    "[unit: {c: 8, s: 1}, relu]*2": "repeat: {times: 2, layers: [unit: {c: 8, s: 1}, relu]}",
    "Conv2d(3, 8, 3)*2": "{conv3-8p0: , times: 2}",
    "Conv2d(3, 8, 3, bias=False)*2": "{conv: {filters: 8, kernel: 3, bias: false}, times: 2}",
}


@pytest.mark.parametrize(("entry", "repaired"), REPEATED.items())
def test_how_often_a_call_is_repeated_is_kept(entry: str, repaired: str) -> None:
    unit = "{args: {c: 4, s: 1}, layers: [{conv: {filters: =c, kernel: 1, stride: =s}}]}"
    head, tail = f"blocks: {{unit: {unit}}}\ninput: 8x8x3\nlayers:\n  - ", "\n  - relu\n"
    assert offered(f"{head}{entry}{tail}")[0].text == f"{head}{repaired}{tail}"


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("conv3-8 unit(8)*2 relu", "write `{unit: 8, times: 2}` as an entry of a list of layers"),
        ("conv3-8 [unit(8), relu]*2", "its group as `repeat: {times: 2, layers: [...]}`"),
        # what a class rounds down is known by its place, which the edit of a group hides
        ("[MaxPool2d(2, 2)]*2", "write `{pool2: , times: 2}` as an entry of a list of layers"),
    ],
)
def test_among_words_how_often_is_said(layers, entry: str, help: str) -> None:
    spec = layers(f'- "{entry}"', head=HEAD)
    assert help in spec.help


@pytest.mark.parametrize(
    ("entry", "repaired"),
    [
        ("unit, times: 2", "{unit: , times: 2}"),
        ("conv3-8, name: c1  # one", "{conv3-8: , name: c1}  # one"),
        ("relu, when: =1 == 1", "{relu: , when: =1 == 1}"),
        ("unit: 8, times: 2", "{unit: 8, times: 2}"),
        ("unit: {c: 8}, name: u  # one", "{unit: {c: 8}, name: u}  # one"),
        ('relu, name: "a, b"', None),
        ("relu, colour: red", None),
    ],
)
def test_a_key_beside_a_layer_in_its_line(entry: str, repaired: str | None) -> None:
    text = "blocks: {unit: {args: {c: 4}, layers: [conv3-8]}}\ninput: 8x8x3\nlayers:\n  - "
    found = [offer.text for offer in offered(f"{text}{entry}\n")]
    assert found == ([f"{text}{repaired}\n"] if repaired else [])
