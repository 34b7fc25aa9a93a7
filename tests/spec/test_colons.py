"""Keys whose colon is missing or an equals sign, two keys in a line, commas behind brackets."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered

LAYERS = "layers:\n  - conv3-8\n"


@pytest.mark.parametrize("slip", ["h = 32", "h 32", "h=32"])
@pytest.mark.parametrize(
    "text",
    [
        f"input: 32x32x3\nvars:\n  nc: 37\n  SLIP\n{LAYERS}",
        f"input: 32x32x3\nvars:\n  nc: 37\n\n  # high\n  SLIP\n{LAYERS}",
        f"input: 32x32x3\n{LAYERS}vars:\n  nc: 37\n  SLIP\n",
        f"input: 32x32x3\nvars:\n  nc: 37\n  SLIP\n  w: 8\n{LAYERS}",
    ],
)
def test_a_key_of_a_mapping_without_its_colon(read, text: str, slip: str) -> None:
    made = text.replace("SLIP", slip)
    spec = read(made)
    assert spec.told[0].endswith("error[CC001] not YAML: `h` needs a colon")
    assert spec.help == "did you mean `h: 32`?"
    assert first(made) == text.replace("SLIP", "h: 32")


def test_the_last_line_of_each_section() -> None:
    for key, slip, meant in (
        ("expect:\n  params: 224", "macs = 221184", "macs: 221184"),
        ("budget:\n  params: 5M", "training_memory 8GiB", "training_memory: 8GiB"),
    ):
        text = f"input: 32x32x3\n{key}\n  SLIP\n{LAYERS}"
        assert first(text.replace("SLIP", slip)) == text.replace("SLIP", meant)
    text = f"inputs:\n  a: 32x32x3\n  SLIP\n{LAYERS}    from: a\n"
    found = load("net.yaml", text.replace("SLIP", "b 32x32x3").encode()).findings[0]
    assert found.help == ("did you mean `b: 32x32x3`?",)


def test_two_of_them_are_both_repaired() -> None:
    text = f"input: 32x32x3\nvars:\n  a: 3\n  h = 4\n  w = 5\n{LAYERS}"
    assert first(text) == text.replace(" = ", ": ")


@pytest.mark.parametrize("slip", ["kernel = 3", "kernel 3"])
@pytest.mark.parametrize("rest", ["", "      pad: 1\n"])
def test_an_option_without_its_colon(slip: str, rest: str) -> None:
    text = f"input: 32x32x3\nlayers:\n  - conv:\n      filters: 8\n      SLIP\n{rest}  - relu\n"
    assert first(text.replace("SLIP", slip)) == text.replace("SLIP", "kernel: 3")


def test_a_key_beside_a_layer_without_its_colon() -> None:
    text = "input: 32x32x3\nlayers:\n  - conv3-8:\n    SLIP\n  - relu\n"
    assert first(text.replace("SLIP", "name c1")) == text.replace("SLIP", "name: c1")
    other = load("net.yaml", text.replace("SLIP", "relu dropout").encode()).findings[0]
    assert "relu: dropout" not in "".join(other.help)  # a layer without its dash


def test_a_key_alone_has_no_value_to_offer(read) -> None:
    text = f"input: 32x32x3\nvars:\n  nc: 37\n  h\n{LAYERS}"
    spec = read(text)
    assert spec.told[0] == "4:3: error[CC001] not YAML: `h` needs a colon and a value"
    assert not offered(text)


@pytest.mark.parametrize(
    "line",
    [
        "  - conv: {filters: 8, kernel: 3, pad: 1}",
        "  - add: {branches: [[conv3-3], []]}",
        "  - [conv3-8, relu]",
    ],
)
def test_a_comma_behind_the_closing_bracket(read, line: str) -> None:
    text = f"input: 32x32x3\nlayers:\n{line},\n  - relu\n"
    spec = read(text)
    assert spec.told[0].endswith(f"a comma behind the closing `{line[-1]}`: remove the comma")
    assert first(text) == text.replace(f"{line},", line)


def test_commas_behind_sections_and_entries_all_go() -> None:
    layers = "layers:\n  - {relu: },\n  - conv3-8,\n  - max_pool: {kernel: 2},\n"
    text = f"vars: {{w: 8}},\ninput: 32x32x3\n{layers}"
    assert first(text) == text.replace("},", "}").replace("8,", "8")
    lines = "input: 8x8x3\nvars: {w: 3,\n  h: 4},\nlayers: [conv3-8]\n"
    assert first(lines) == lines.replace("},", "}")


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("vars: w: 8", "vars: {w: 8}"),
        ("budget: training_memory: 8GiB", "budget: {training_memory: 8GiB}"),
        ("expect: params: 224", "expect: {params: 224}"),
        ("rounding: conv: floor", "rounding: {conv: floor}"),
        ("rules: CC208: false  # why", "rules: {CC208: false}  # why"),
        ("vars: w: 8, h: 9,", "vars: {w: 8, h: 9}"),
    ],
)
def test_two_keys_in_a_line_of_the_file_need_braces(line: str, meant: str) -> None:
    text = f"input: 32x32x3\n{line}\n{LAYERS}"
    assert first(text) == text.replace(line, meant) and not faults(first(text))


def test_an_input_of_named_sizes_in_one_line() -> None:
    text = f"input: height: 32, width: 32, channels: 3\n{LAYERS}"
    assert first(text) == f"input: {{height: 32, width: 32, channels: 3}}\n{LAYERS}"


def test_with_more_keys_below_the_first_gets_a_line_of_its_own(read) -> None:
    text = f"input: 32x32x3\nvars: w: 3\n      h: 4\n{LAYERS}"
    assert read(text).help == (
        "put `w:` and its value in a line of its own below `vars:`, in column 7"
    )
    assert not offered(text)
