"""What a new user types: each mistake is named in the words of the one who made it."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.fix.search import offers
from convcalc.spec.load import load


def first(text: str) -> str:
    found = analyze(load("net.yaml", text.encode())).findings
    one = next(f for f in found if f.severity is Severity.ERROR)
    assert one.span is not None
    return f"{one.span.line}:{one.span.column}: {one.message}; {one.help[0]}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "input: 8x8x3\nlayers:\n  - conv3-8\n   - relu\n",
            "4:4: this `-` is in column 4, the entry above it has its `-` in column 3; "
            "put it in column 3",
        ),
        (
            "input: 8x8x3\nlayers:\n  - conv: {filters: 8, kernel: 3}\n   - relu\n",
            "4:4: not YAML: `-` is in column 4, the one above it in column 3; put it in column 3",
        ),
        (
            "input: 8x8x3\nlayers:\n  - conv: {filters: 8, kernel: 3}\n     name: x\n",
            "4:6: not YAML: `name:` is in column 6, the one above it in column 5; "
            "put it in column 5",
        ),
        (
            "input: 8x8x3\n layers:\n  - conv3-8\n",
            "2:2: not YAML: `layers:` is in column 2, the one above it in column 1; "
            "put it in column 1",
        ),
        (
            "input: 8x8x3\nlayers:\n  - r\u0435lu\n",
            "3:5: unknown layer kind 'r\u0435lu'; "
            "did you mean `relu`? letter 2 is Cyrillic (U+0435)",
        ),
        (
            "input: 8x8x3\nl\u0430yers:\n  - relu\n",
            "2:1: unknown key 'l\u0430yers'; did you mean `layers`? letter 2 is Cyrillic (U+0430)",
        ),
        (
            "input: 8x8x3\nlayers:\n  - conv: {filters: 8, k\u0435rnel: 3}\n",
            "3:24: conv has no option 'k\u0435rnel'; "
            "did you mean `kernel`? letter 2 is Cyrillic (U+0435)",
        ),
        (
            "input: 8x8x3\nlayers:\n\u00a0\u00a0- conv3-8\n",
            "3:1: not YAML: column 1 holds a special space (U+00A0); write an ordinary space",
        ),
        (
            "input:\u00a08x8x3\nlayers:\n  - conv3-8\n",
            "1:7: not YAML: column 7 holds a special space (U+00A0); write an ordinary space",
        ),
        (
            "input: 8x8x3\nlayers:\n  -\u00a0conv3-8\n  - relu\n",
            "3:3: the `-` is followed by a special space (U+00A0); write an ordinary space",
        ),
        (
            "input: 8x8x3\nlayers:\n  - conv: {filters:\u00a08, kernel: 3}\n",
            "3:12: conv has no option 'filters:\\xa08'; did you mean `filters: 8`?",
        ),
        (
            "input: 8x8x3\nlayers\n  - conv3-8\n",
            "2:1: not YAML: `layers` needs a colon; did you mean `layers:`?",
        ),
        (
            "input: 8\u00d78\u00d73\nlayers:\n  - conv3-8\n",
            "1:8: expected a shape, got '8\u00d78\u00d73'; did you mean `8x8x3`?",
        ),
        (
            "input: 8\u04458\u04453\nlayers:\n  - conv3-8\n",
            "1:8: expected a shape, got '8\u04458\u04453'; "
            "did you mean `8x8x3`? letter 2 is Cyrillic (U+0445)",
        ),
        (
            "input: 8x8x3\nlayers:\n  - relu\n  -conv3-8\n",
            "4:3: not YAML: a dash needs a space after it; did you mean `- conv3-8`?",
        ),
        (
            "input: 8x8x3\nlayers:\n  -conv3-8\n  -relu\n",
            "3:3: unknown layer kind '-conv3-8'; did you mean `- conv3-8`?",
        ),
        (
            "input: (8, 8, 3)\nlayers:\n  - conv3-8\n",
            "1:8: expected a shape, got '(8, 8, 3)'; did you mean `8x8x3`?",
        ),
        (
            "input: 8x8x3\nvars: {dim: 4}\nlayers:\n  - conv1-=dim\n",
            "4:5: unknown layer kind 'conv1-=dim'; a short form takes numbers only: "
            "write `conv: {filters: =dim, kernel: 1}`",
        ),
        (
            "input: 8x8x3\nvars: {dim: 4}\nlayers:\n  - conv3-dim\n",
            "4:5: unknown layer kind 'conv3-dim'; a short form takes numbers only: "
            "write `conv: {filters: =dim, kernel: 3, pad: 1}`",
        ),
        (
            "input: 8x8x3\nvars: {dim: 4}\nlayers:\n  - conv3x5-=dim\n",
            "4:5: unknown layer kind 'conv3x5-=dim'; a short form takes numbers only: "
            "write `conv: {filters: =dim, kernel: [3, 5], pad: same}`",
        ),
        (
            "input: 8x8x3\nlayers:\n  - conv {filters: 4, kernel: 3}  # mine\n",
            "3:5: not YAML: `conv` needs a colon; did you mean `conv: {filters: 4, kernel: 3}`?",
        ),
        (
            "input: 8x8x3\nlayers:\n  - conv: filters: 4, kernel: 3\n",
            "3:5: not YAML: options on one line need braces; "
            "did you mean `conv: {filters: 4, kernel: 3}`?",
        ),
        (
            "input: 8x8x3\nlayers:\n  - conv3-3\n  - add:\n    from: input, conv1\n",
            "5:11: no layer 'input, conv1'; a list needs brackets: did you mean `[input, conv1]`?",
        ),
        (
            "input: 8x8x3\nlayers:\n  - conv3\u00d73-8\n",
            "3:5: unknown layer kind 'conv3\u00d73-8'; "
            "did you mean `conv3x3-8`? character 6 is U+00D7, multiplication sign",
        ),
    ],
)
def test_what_is_wrong_and_what_to_type(text: str, said: str) -> None:
    assert first(text) == said


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("attention", "no layer kind does this: the kinds are those of convolutional networks"),
        ("nn.LSTM: {hidden: 3}", "no layer kind does this: the kinds are those of convolutional"),
        *(
            (word, "no layer kind does this")
            for word in (
                "swiglu",
                "SwiGLU",
                "geglu",
                "reglu",
                "seglu",
                "bilinear_glu",
                "glu2",
                "swiglu1",
                "swiglu: {units: 3}",
                "batch_renorm",
                "BatchRenormalization",
                "frn",
                "smelu",
                "hard_mish",
                "power_norm",
                "mixed_pool",
                "crelu",
                "lstm1",
            )
        ),
        ("softplus", "no layer kind does this: the kinds are those of convolutional networks"),
        ("type: conv", "the kind is the key: write `conv: {filters: 64, kernel: 3, pad: 1}`, or"),
        ("concat: {branches: [conv1, relu1]}", "conv1 is a layer's name: a merge reads layers by"),
        ("concat: [conv1, relu1]", "write `from: [conv1, relu1]` on its own line below"),
        ("concat: [conv3-8, relu]", "did you mean `{branches: [conv3-8, relu]}`?"),
    ],
)
def test_a_word_that_is_no_kind(entry: str, said: str) -> None:
    network = load(
        "net.yaml", f"input: 8x8x3\nlayers:\n  - conv3-8\n  - relu\n  - {entry}\n".encode()
    )
    assert network.findings[0].help[0].startswith(said)


@pytest.mark.parametrize("word", ["attention", "stack", "selfattention"])
def test_no_word_is_repaired_to_a_kind_that_is_little_like_it(word: str) -> None:
    text = f"input: 8x8x3\nlayers:\n  - conv3-8\n  - {word}\n"
    assert not any(
        "did you mean" in line for f in load("a.yaml", text.encode()).findings for line in f.help
    )
    assert offers(load("a.yaml", text.encode())) == []


@pytest.mark.parametrize(
    ("shape", "help"),
    [
        ("[32, 32, 3]", "did you mean `32x32x3`?"),
        ("[1, 32, 32]", "did you mean `32x32x1`? channels come last"),
        ("(3, 32, 32)", "did you mean `32x32x3`? channels come last"),
        ("[1, 3, 32, 32]", "did you mean `32x32x3`? channels come last; the batch is --batch"),
        ("(8, 16, 32, 3)", "an image is `16x32x3`, the batch is --batch; a volume is"),
        ("[[32], 32]", "height x width x channels, such as 224x224x3; 4000x1 for sound"),
        ("[32, 32, 32, 32, 32, 3]", "height x width x channels, such as 224x224x3; 4000x1 for"),
    ],
)
def test_a_shape_in_brackets(shape: str, help: str) -> None:
    text = f"input: {shape}\nlayers:\n  - conv3-8\n"
    assert load("net.yaml", text.encode()).findings[0].help[0].startswith(help)
    if help.startswith("did"):
        assert offers(load("net.yaml", text.encode()))[0].text.startswith(
            f"input: {help[14:].partition('`')[0]}\n"
        )


def test_the_input_by_its_name_in_keras() -> None:
    network = load("net.yaml", b"input_shape: 8x8x3\nlayers:\n  - conv3-8\n")
    assert [f.help for f in network.findings] == [("did you mean `input`?",)]


def test_options_one_step_too_far_left() -> None:
    text = "input: 8x8x3\nlayers:\n  - conv:\n    filters: 8\n    kernel: 3\n"
    helps = [line for f in load("net.yaml", text.encode()).findings for line in f.help]
    assert "indent it by two more spaces, or write `conv: {filters: 8}`" in helps


def test_branches_beside_their_layer() -> None:
    text = "input: 8x8x3\nlayers:\n  - add:\n    branches:\n      - [conv3-3]\n      - []\n"
    helps = [line for f in load("net.yaml", text.encode()).findings for line in f.help]
    assert "`branches:` goes inside add: indent it by two more spaces" in helps


@pytest.mark.parametrize(
    "text",
    [
        "input: 8x8x3\nlayers:\n  - conv3-8\n  - r\u0435lu\n",
        "input: 8\u00d78\u00d73\nlayers:\n  - conv3-8\n  - relu\n",
    ],
)
def test_characters_that_look_like_others_are_repaired(text: str) -> None:
    assert offers(load("net.yaml", text.encode()))[0].text == (
        "input: 8x8x3\nlayers:\n  - conv3-8\n  - relu\n"
    )


def test_lists_within_lists_keep_their_own_columns() -> None:
    text = (
        "input: 8x8x3\nlayers:\n  - repeat:\n      times: 2\n      layers:\n        - relu\n"
        "  - fc-2\n"
    )
    assert load("net.yaml", text.encode()).findings == ()


def test_a_pattern_over_several_lines_may_have_hyphens_between_its_words() -> None:
    text = "input: 8x8x3\nlayers: >-\n  conv3-8\n  - relu\n"
    assert [s.name for s in load("net.yaml", text.encode()).steps] == ["input", "conv1", "relu1"]


def test_a_name_in_the_same_line_is_no_layer() -> None:
    text = "input: 16x16x8\nlayers:\n  - conv3-8 as c3\n  - relu\n"
    assert first(text) == (
        "3:5: a name is no word of a pattern; did you mean `{conv3-8: , name: c3}`?"
    )
    (offer,) = offers(load("net.yaml", text.encode()))
    assert offer.text == text.replace("conv3-8 as c3", "{conv3-8: , name: c3}")
