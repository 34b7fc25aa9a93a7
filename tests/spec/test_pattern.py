"""The notes' pattern notation, as `layers:` and on the command line."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.fix.words import words_replaced
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern

# the four example patterns of the CS231n notes, with sizes written into the words
NOTES = [
    ("INPUT -> FC-10", 1, (10,)),
    ("INPUT -> CONV3-8 -> RELU -> FC-10", 3, (10,)),
    ("INPUT -> [CONV3-8 -> RELU -> POOL2]*2 -> FC-64 -> RELU -> FC-10", 9, (10,)),
    (
        "INPUT -> [CONV3-8 -> RELU -> CONV3-8 -> RELU -> POOL2]*3 -> [FC-64 -> RELU]*2 -> FC-10",
        20,
        (10,),
    ),
]


@pytest.mark.parametrize(("pattern", "count", "output"), NOTES)
def test_the_patterns_of_the_notes(read, pattern, count, output) -> None:
    spec = read(f"input: 32x32x3\nlayers: {pattern}")
    assert (len(spec.layers), spec.output, spec.told) == (count, output, [])
    network = load_pattern(pattern, Overrides(input=(32, 32, 3)))
    assert [(s.name, s.output) for s in network.steps][1:] == spec.layers


@pytest.mark.parametrize(
    "pattern",
    [
        "[conv3-4 relu]*2 pool2",
        "[conv3-4->relu]*2->pool2",
        "[ conv3-4 , relu ]*2".replace(",", "->"),
    ],
)
def test_arrows_and_blanks_are_the_same(layers, read, pattern) -> None:
    spec = read(f"input: 8x8x3\nlayers: '{pattern}'")
    assert spec.names[:4] == ["conv1", "relu1", "conv2", "relu2"]


def test_a_pattern_stands_among_layers_in_branches_blocks_and_variables(layers) -> None:
    assert layers("- conv3-4 -> relu\n- tanh").names == ["conv1", "relu1", "tanh1"]
    assert layers("- add: {branches: [conv1-3 -> relu, []]}").names == ["conv1", "relu1", "add1"]
    head = "vars: {p: 'conv1-4 -> relu'}\nblocks: {b: {layers: '[relu]*2'}}\n"
    assert layers("- =p\n- b", head=head).names == ["conv1", "relu1", "b1.relu1", "b1.relu2"]


def test_a_pattern_of_the_input_alone_is_no_net(read) -> None:
    told = read("input: 8x8x3\nlayers: '[INPUT]'").told
    assert told == ["2:9: error[CC013] the net has no layers"]


def test_the_input_may_stand_in_the_pattern(read) -> None:
    assert read("layers: input-8x8x3 -> relu").layers == [("relu1", (8, 8, 3))]
    assert read("layers: INPUT-8x8x3 -> RELU").layers == [("relu1", (8, 8, 3))]
    assert analyze(load_pattern("input-8x8x3 fc-10")).output == (10,)
    told = read("input: 9x9x3\nlayers: input-8x8x3 -> relu").told
    assert told == ["2:9: error[CC021] the input is 9x9x3"]
    told = read("input: 8x8x3\nlayers: relu -> input").told
    assert told == ["2:17: error[CC021] input must come first"]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("relu]", "2:14: error[CC021] ']' closes nothing"),
        ("[relu", "2:10: error[CC021] this bracket is not closed"),
        ("relu*2", "2:14: error[CC021] *2 follows no group"),
        ("relu -> POOL?", "2:22: error[CC021] ? is not written in a spec"),
        ("[relu]*x", "2:16: error[CC021] this has no meaning in a pattern"),
        ("relu -> conv2d", "2:18: error[CC011] unknown layer kind 'conv2d'"),
        ("[" * 33 + "relu" + "]" * 33, "2:42: error[CC021] nested deeper than 32 levels"),
    ],
)
def test_a_pattern_that_is_none(read, pattern, told) -> None:
    assert read(f"input: 8x8x3\nlayers: '{pattern}'").told == [told]


@pytest.mark.parametrize(
    ("pattern", "told", "help"),
    [
        ("conv3-8, relu", "2:17: error[CC021] ',' has no meaning in a pattern", "by spaces"),
        ("(conv3-8 relu)*2", "2:10: error[CC021] '(' has no meaning in a pattern", "[conv3-64"),
        ("relu conv(8, 3)", "2:15: error[CC021] a layer is written without round", "`conv3-8`"),
        (
            "relu {dropout: {rate: 0.5}}",
            "2:15: error[CC021] '{' has no",
            "`- dropout: {rate: 0.5}`",
        ),
        ("relu max_pool{kernel:2}", "2:23: error[CC021] '{' has no", "`- max_pool: {kernel: 2}`"),
        ("relu dropout(0.5)", "2:15: error[CC021] a layer is", "it is `- dropout: {rate: 0.5}`"),
        ("relu dropout:0.5", "2:15: error[CC011] unknown", "it is `- dropout: {rate: 0.5}`"),
        ("relu linear:10", "2:15: error[CC011] unknown", "did you mean `fc-10`?"),
        ("relu maxpool:2", "2:15: error[CC011] unknown", "did you mean `maxpool2`?"),
        ("relu MaxPool2d", "2:15: error[CC011] unknown", "into the word: `pool2`"),
        ("relu AvgPool2d", "2:15: error[CC011] unknown", "into the word: `avgpool2`"),
        ("relu relu: relu", "2:15: error[CC011] unknown", "options stand in a list of layers"),
    ],
)
def test_commas_and_round_brackets(read, pattern, told, help) -> None:
    spec = read(f"input: 8x8x3\nlayers: '{pattern}'")
    assert len(spec.told) == 1
    assert spec.told[0].startswith(told)
    assert help in spec.help


def repaired(text: str) -> str:
    found = words_replaced(load("net.yaml", text.encode()))
    return found.text if found else ""


@pytest.mark.parametrize(
    ("layers", "meant"),
    [
        ("Conv2d(3, 8, 3) -> ReLU -> MaxPool2d(2) -> Linear(10)",
         "conv3-8p0 -> relu -> pool2 -> fc-10"),
        ('"[conv3-8, {MaxPool2d: {kernel_size: 2}}]"', "[conv3-8, {max_pool: {kernel: 2}}]"),
        ('[relu, "max_pool: {kernel: 2}"]', "[relu, max_pool: {kernel: 2}]"),
        ("['nn.Conv2d(3, 8, 3, bias=False)']",
         "[conv: {filters: 8, kernel: 3, bias: false}]"),
        ("['x = layers.Conv2D(8, 3)(x)']", "[conv3-8p0]"),
        ("|\n  Conv2d(3, 8, 3)\n  ReLU()", "|\n  conv3-8p0\n  relu"),
    ],
)  # fmt: skip
def test_code_and_entries_in_a_text_are_written_as_layers(layers, meant) -> None:
    head = "input: 10x10x3\nlayers: "
    assert repaired(f"{head}{layers}\n") == f"{head}{meant}\n"


@pytest.mark.parametrize(
    ("layers", "help"),
    [
        ("conv3-8 Conv2d(3, 8, 3)", "write `conv3-8p0`"),  # 8 channels arrive
        ("'conv3-8 {relu: {}} relu'", "it is `- relu: {}`"),
        ("'self.stem = nn.Conv2d(3, 8, 3)'", "`name: stem`"),
    ],
)
def test_no_edit_drops_what_a_call_or_an_entry_says(read, layers, help) -> None:
    text = f"input: 10x10x3\nlayers: {layers}\n"
    assert help in read(text).help
    assert repaired(text) == ""


def test_pool_with_a_question_mark_is_a_choice_to_be_made(read) -> None:
    spec = read("input: 8x8x3\nlayers: '[conv3-4 relu]*2 POOL?'")
    assert "write the layer or leave it out: the notes' `POOL?` means a choice" in spec.help
    assert "`convcalc analyze --net` lists all nets" in spec.help


FOLDED = [
    ("layers: >\n  conv3-4 ->\n  rleu -> fc-10", "5:3"),
    ("layers: |\n  conv3-4\n\n    -> rleu -> fc-10\n", "6:8"),
    ("layers: &p |-\n  conv3-4\n  [relu ->\n  rleu]*2", "6:3"),
    ('layers: "conv3-4 relu\n  rleu"', "4:3"),
    ("layers: 'conv3-4 relu\n\n  rleu'", "5:3"),
    ("layers: conv3-4\n relu ->\n  relu rleu", "5:8"),
    ("layers:\n- conv3-4\n- relu\n   ->   rleu", "6:9"),
]


@pytest.mark.parametrize(("text", "place"), FOLDED)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_words_over_several_lines_are_told_of_where_they_stand(read, text, place, newline) -> None:
    spec = read(f"# größe 网络 🎲\ninput: 8x8x3\n{text}".replace("\n", newline))
    assert spec.told == [f"{place}: error[CC011] unknown layer kind 'rleu'"]


def test_a_word_written_with_escapes_is_told_of_by_the_one_before_it(read) -> None:
    told = read('input: 8x8x3\nlayers: "relu \\\n  r\\x6ceu"').told
    assert told == ["2:15: error[CC011] unknown layer kind 'rleu'"]
