"""Hostile and broken files: each a located finding, under both parsers; never a crash or a guess.

Files that a person could write are bad/*.yaml, with what is said about each in the .out beside it;
bombs are made here.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from convcalc.report.analysis.text import text as report_text
from convcalc.report.drawing.palette import Palette
from convcalc.report.findings.concise import line

HERE = Path(__file__).parent / "bad"


@pytest.mark.parametrize("path", sorted(HERE.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_broken_file_is_told_of(read, golden: Callable[[Path, str], None], path: Path) -> None:
    spec = read(path.read_bytes())
    assert spec.codes, "there is something to find"
    assert all(finding.span for finding in spec.analysis.findings)
    rendered = report_text(spec.analysis, Palette(width=100))
    assert "\x1b" not in rendered
    told = [line(finding) for finding in spec.analysis.findings]
    golden(path.with_suffix(".out"), "\n".join([*told, "", rendered]))


def _blocks(count: int, first: str, each: str) -> str:
    lines = [f"  b0: {first}", *(f"  b{i}: {each.format(i - 1)}" for i in range(1, count))]
    return "input: 8x8x3\nblocks:\n" + "\n".join(lines) + f"\nlayers: [b{count - 1}]\n"


H = "input: 8x8x3\nlayers:\n"
ALIASES = "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12))
VARIABLES = "\n".join(f"  a{i}: [=a{i - 1}, =a{i - 1}]" for i in range(1, 40))
DEFAULTS = ", ".join(f"a{i}: [=a{i - 1}, =a{i - 1}]" for i in range(1, 40))
SPLICES = "\n".join(
    f"  b{i}: {{args: {{x: }}, layers: [{{b{i - 1}: {{x: [=x, =x]}}}}]}}" for i in range(1, 40)
)
POSITIONS = SPLICES.replace("{x: [=x, =x]}", "[[=x, =x]]")
SPLICED = "  b0: {args: {x: }, layers: [=x, =x]}\n"
LAYERS = "CC002 more than 200,000 layers once all repeats are written out"
VALUES = "CC002 more than 100,000 values"
NESTED = "CC002 nested deeper than 32 levels"
WORDS = "CC021 more than 100,000 words"

BOMBS: dict[str, tuple[str | bytes, str]] = {
    "aliases": (f"a0: &a0 [x, x]\n{ALIASES}\n", VALUES),
    "many values": (f"input: 8x8x3\nlayers: [{'a, ' * 100_001}]", VALUES),
    "brackets": ("[" * 50_000, NESTED),
    "braces": ("{a: " * 50_000, NESTED),
    "dashes": ("- " * 50_000, NESTED),
    "branches": ("x: " + "{add: {branches: [" * 20, NESTED),
    "a large file": ("#" * 1_048_577, "CC002 file too large: more than 1,048,576 bytes"),
    "repeats": (
        H + "- repeat: {times: 9999, layers: [{repeat: {times: 9999, layers: [relu]}}]}", LAYERS,
    ),
    "times": (H + "- {relu: , times: 10000001}", LAYERS),
    "times of repeats": (H + "- {repeat: {times: 9999, layers: [relu]}, times: 9999}", LAYERS),
    "empty repeats": (H + "- repeat: {times: 999999999, layers: [{relu: , times: 0}]}", LAYERS),
    "times in a formula": ("vars: {n: 9999}\n" + H + "- {relu: , times: =n*n}", LAYERS),
    "times in an argument": (
        "blocks: {b: {args: {n: }, layers: [{relu: , times: =n}]}}\n" + H + "- b: 99999999", LAYERS,
    ),
    "times in nested arguments": (
        "blocks:\n  b: {args: {n: }, layers: [{relu: , times: =n}]}\n"
        "  c: {args: {n: }, layers: [{b: =n, times: =n}]}\n" + H + "- c: 99999", LAYERS,
    ),
    "calls": (_blocks(40, "{layers: [relu]}", "{{layers: [b{0}, b{0}]}}"), LAYERS),
    "calls of nothing": (_blocks(40, "{layers: []}", "{{layers: [b{0}, b{0}]}}"), LAYERS),
    "calls that are left out": (
        _blocks(40, "{layers: [{relu: , when: =0}]}", "{{layers: [b{0}, b{0}]}}"), LAYERS,
    ),
    "splices": (f"blocks:\n{SPLICED}{SPLICES}\n{H}- b39: {{x: [relu]}}", LAYERS),
    "splices by position": (f"blocks:\n{SPLICED}{POSITIONS}\n{H}- b39: [[relu]]", LAYERS),
    "splices of variables": (f"vars:\n  a0: [relu]\n{VARIABLES}\n{H}- =a39", LAYERS),
    "splices of nothing": (f"vars:\n  a0: []\n{VARIABLES}\n{H}- =a39", LAYERS),
    "splices of defaults": (
        f"blocks: {{b: {{args: {{a0: [relu], {DEFAULTS}}}, layers: [=a39]}}}}\n{H}- b", LAYERS,
    ),
    "a pattern": ("input: 8x8x3\nlayers: '[[[relu]*1000]*1000]*1000'", LAYERS),
    "a pattern in a block": (
        "blocks: {b: {layers: '[[[relu]*1000]*1000]*1000'}}\n" + H + "- b", LAYERS,
    ),
    "a pattern in a variable": ("vars: {p: '[[[relu]*999]*999]*999'}\n" + H + "- =p", LAYERS),
    "a deep pattern": (
        f"input: 8x8x3\nlayers: '{'[' * 9000}relu{']' * 9000}'", NESTED.replace("002", "021"),
    ),
    "a long pattern": (f"input: 8x8x3\nlayers: '{'relu ' * 180_000}'", WORDS),
    "many brackets": (f"input: 8x8x3\nlayers: '{'[relu]' * 150_000}'", WORDS),
    "a long formula": (H + f"- conv: {{kernel: 1, filters: ={'1+' * 9000}1}}", "CC015 =1+1+"),
    "a deep formula": (
        H + f"- conv: {{kernel: 1, filters: ={'(' * 90}1{')' * 90}}}", "CC015 =(((",
    ),
    "a product": (H + f"- conv: {{kernel: 1, filters: ={'*'.join(['9999999999'] * 40)}}}", "CC015"),
    "squares": ("vars: {a: 99999, b: =a*a, c: =b*b, d: =c*c}\n" + H + "- conv1-3", "CC015 =b*b"),
    "5,000 digits": (H + f"- conv: {{kernel: 1, filters: {'9' * 5000}}}", "CC004 a number of 5"),
    "a volume beyond 2**31": (H + "- {upsample: {scale: 2147483647}}", "CC002 output"),
    "a variable in itself": ("vars: {a: [relu, =a, =a]}\n" + H + "- =a", "CC002 blocks and"),
    "inputs of merges": (
        f"{H}- {{conv3-4: , name: a}}\n- {{concat: , from: [{'a, ' * 20_000}], times: 100000}}",
        LAYERS.replace("layers", "inputs of merges"),
    ),
    "a long word": (H + f"- {'x' * 900_000}", "CC011 unknown layer kind 'xxx"),
    "a long reference": (H + f"- {{relu: , from: {'x' * 900_000}}}", "CC017 no layer 'xxx"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_goes_off(read, name: str) -> None:
    data, told = BOMBS[name]
    spec = read(data)
    code, _, words = told.partition(" ")
    found = [f for f in spec.analysis.findings if f.code == code and words in f.message]
    assert found, spec.told
    assert len(spec.network.steps) < 200
    assert all(len(finding.message) < 500 for finding in spec.analysis.findings)
    assert len(report_text(spec.analysis, Palette(width=80))) < 30_000


def test_the_search_for_where_branches_part_has_an_end(read) -> None:
    adds = "".join(f"\n- {{add: , from: [relu{4000 - i}, input]}}" for i in range(300))
    spec = read(f"{H}- conv3-4\n- {{relu: , times: 4000}}{adds}")
    told = [f for f in spec.analysis.findings if f.code == "CC107"]
    parted = [f for f in told if any("split after" in place.message for place in f.related)]
    assert len(told) == 300 and 1 <= len(parted) < 130


def test_merge_keys_are_refused_before_they_multiply(read) -> None:
    bomb = "a0: &a0 {x: 1}\n" + "\n".join(
        f"a{i}: &a{i}\n  <<: [*a{i - 1}, *a{i - 1}]" for i in range(1, 24)
    )
    spec = read(bomb)
    assert spec.told.count("3:3: error[CC005] merge keys (<<) are not supported") == 1


def test_idle_repeats_cost_nothing(layers) -> None:
    spec = layers("- repeat: {times: 99999, layers: [{relu: , when: =0}]}\n- tanh")
    assert (spec.names, spec.told) == (["tanh1"], [])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "1:1: error[CC019] the file is empty"),
        (b"# nothing\n", "1:1: error[CC019] the file is empty"),
        (b"[]", "1:1: error[CC019] a spec is a mapping with `layers:`"),
        (b"name: caf\xe9\n", "1:10: error[CC006] not UTF-8: byte 0xe9 at offset 9"),
        (b"\xff\xfea\x00", "1:1: error[CC006] the file is UTF-16, not UTF-8"),
        ("a: 1".encode("utf-16-be"), "1:1: error[CC006] the file is UTF-16, not UTF-8"),
        ("a: 1".encode("utf-16-le"), "1:1: error[CC006] the file is UTF-16, not UTF-8"),
        ("a: 1".encode("utf-32"), "1:1: error[CC006] the file is UTF-32, not UTF-8"),
        (b"a\0: 1", "1:2: error[CC007] hidden character U+0000"),
        (b"\xffa: 1", "1:1: error[CC006] not UTF-8: byte 0xff at offset 0"),
        (b"a: \x1b[2J", "1:4: error[CC007] hidden character U+001B"),
        (b"a: \x00", "1:4: error[CC007] hidden character U+0000"),
        (b"a: \x7f", "1:4: error[CC007] hidden character U+007F"),
        ("a: b\x85c", "1:5: error[CC007] hidden character U+0085"),
        ("a: b\u202ec", "1:5: error[CC007] hidden character U+202E"),
        ("a: b\u2066c", "1:5: error[CC007] hidden character U+2066"),
        ("a: b\u2028c", "1:5: error[CC007] hidden character U+2028"),
        ("a: \ufffe", "1:4: error[CC007] hidden character U+FFFE"),
        (r'name: "\e[2J"', "1:7: error[CC007] hidden character U+001B written as an escape"),
        (r'name: "\u202e"', "1:7: error[CC007] hidden character U+202E written as an escape"),
        (r'"\x07": 1', "1:1: error[CC007] hidden character U+0007 written as an escape"),
        (r'a: "\ud800"', "1:4: error[CC001] not YAML: invalid escape sequence"),
        (r'a: "\UFFFFFFFF"', "1:4: error[CC001] not YAML: invalid escape sequence"),
        (r'a: "\q"', "1:4: error[CC001] not YAML: invalid escape sequence"),
        ("a: &x [*x]", "1:8: error[CC005] alias *x inside its own anchor"),
        ("a: *x", "1:4: error[CC005] no anchor &x before this"),
        ("a: &", "1:4: error[CC001] not YAML: & and * need a name"),
        ("? [a]\n: 1", "1:3: error[CC005] a key must be plain text"),
        ("{a: 1}: 1", "1:1: error[CC005] a key must be plain text"),
        ("a: !!int 3", "1:4: error[CC005] tags such as tag:yaml.org,2002:int are not supported"),
        ("a: !!python/object/apply:os.system [x]", "1:4: error[CC005] tags such as"),
        ("a: !x!y z", "1:4: error[CC005] tags are not supported"),
        ("%YAML 1.2\n---\na: 1", "1:1: error[CC005] directives such as %YAML are not supported"),
        ("%FOO\n---\na: 1", "1:1: error[CC005] directives such as %YAML are not supported"),
        ("a: 1\n---\nb: 2", "2:1: error[CC005] a spec must be a single YAML document"),
        ("a: 1\n...\nb: 2", "3:1: error[CC005] a spec must be a single YAML document"),
        ("a: b: c", "1:5: error[CC001] not YAML: a colon where no key can be"),
        ("a: [1,\n2", "1:4: error[CC001] not YAML: a bracket is not closed, or a comma is missing"),
        ("a: {b", "1:4: error[CC001] not YAML: a bracket is not closed"),
        ("a: 'b\nc: d", "1:4: error[CC001] not YAML: a quote is not closed"),
        ("a:\n\t- b", "2:1: error[CC001] not YAML: tabs cannot be used for indentation"),
        ("a: [1, ", "1:7: error[CC001] not YAML: a bracket is not closed"),
        ("a: @b", "1:4: error[CC001] not YAML: a value cannot start with '@'"),
        ("a: ]", "1:4: error[CC001] not YAML: a value cannot start with ']'"),
        ("- a\nb: c", "2:1: error[CC001] not YAML: this line fits no list or mapping above it"),
        ("a: 'b' c", "1:1: error[CC001] not YAML: this line fits no list or mapping above it"),
        (
            "a:\n  - b\n  c\n  - d",
            "3:3: error[CC001] not YAML: `c` needs a dash, as the entry above",
        ),
        ("a:\n- b\nconv3-8\n- d", "3:1: error[CC001] not YAML: `conv3-8` needs a dash"),
        ("a:\n  - b\n  c: {d: 1}", "3:3: error[CC001] not YAML: `c` needs a dash"),
        ("'a' b", "1:5: error[CC001] not YAML: unexpected text after the closing quote"),
        ("a: |x\n b", "1:4: error[CC001] not YAML: | and > must end their line"),
    ],
)
def test_what_is_not_yaml_or_not_ours(read, data, told) -> None:
    spec = read(data)
    assert len(spec.told) == 1 or "alias" not in told
    assert spec.told[0].startswith(told) or any(line.startswith(told) for line in spec.told)


@pytest.mark.parametrize(
    "text", ["a:\tb", "a: b\tc", "a: b\t# c", "a: [\n\tb]", "a: b\t\n", "---\na: b\n...\n# end"]
)
def test_harmless_blanks_and_markers_are_read_alike(read, text) -> None:
    assert read(text).codes == ["CC010", "CC013", "CC013"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("010", "CC004] 010 is read differently by YAML parsers: write 10"),
        ("1:30", "CC004] 1:30 is read differently by YAML parsers: quote it if it is text"),
        ("1_000", "CC004] 1_000 is read differently by YAML parsers: write 1000"),
        ("0x1F", "CC004] 0x1F is read differently by YAML parsers: write a plain decimal number"),
        ("0b11", "CC004] 0b11 is read differently"),
        ("0o17", "CC004] 0o17 is read differently"),
        ("yes", "CC004] `yes` is a boolean in YAML 1.1: write true, or quote it"),
        ("No", "CC004] `No` is a boolean in YAML 1.1: write false, or quote it"),
        ("on", "CC004] `on` is a boolean"),
        ("off", "CC004] `off` is a boolean"),
        ("1e3", "CC014] filters: expected a positive integer, got 1000.0"),
        ("3.0", "CC014] filters: expected a positive integer, got 3.0"),
        ("true", "CC014] filters: expected a positive integer, got true"),
        ("2147483649", "CC014] filters: expected a positive integer, got 2147483649"),
        ("9999999999999999999", "CC004] a number of 19 digits: at most 18 are read"),
        ("=", "CC014] filters: expected a positive integer, got '='"),
        ("2020-01-01", "CC014] filters: expected a positive integer, got '2020-01-01'"),
        ("~", "CC014] filters: expected a positive integer, got nothing"),
        (".inf", "CC014] filters: expected a positive integer, got '.inf'"),
        (".nan", "CC014] filters: expected a positive integer, got '.nan'"),
    ],
)
def test_scalars_that_parsers_read_apart_are_never_guessed(layers, value, told) -> None:
    (line,) = layers(f"- conv: {{filters: {value}, kernel: 1}}").told
    assert line.startswith(f"3:19: error[{told}")


def test_keys_are_text_and_distinct(read) -> None:
    told = read("1: a\ntrue: b\n'1': c\ninput: 8x8x3\nlayers: [relu]").told
    assert told == [
        "1:1: error[CC010] unknown key '1'",
        "2:1: error[CC010] unknown key 'true'",
        "3:1: error[CC003] duplicate key '1'",
    ]
