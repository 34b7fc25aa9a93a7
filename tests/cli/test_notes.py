"""What the CS231n notes say, asked on the command line (sections by their titles)."""

import json

import pytest

import convcalc

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


def test_variants_of_a_pattern_state_its_words_once(convcalc_) -> None:
    words = ("--net", "[CONV RELU]*2 FC", "--input", "8x8x3", "--set", "filters=8,16")
    for command in ("analyze", "check"):
        told = convcalc_(command, *words).stderr
        assert told == (
            "CONV is 3x3 (stride 1, pad 1), FC is fc-10; change it with --set classes=10\n"
        )


def test_python_lists_the_family_as_the_command_line_does(convcalc_) -> None:
    """Layer Patterns: `variants` of the pattern, smallest first, and narrowed by its letters."""
    done = convcalc_("analyze", "--input", "32x32x3", "--net", NOTES, "--set", "M=2")
    rows = [line for line in done.stdout.splitlines() if line.startswith("N=")]
    found = convcalc.variants(convcalc.load(net=NOTES, input="32x32x3", variables={"M": 2}))
    assert [one.name for one in found] == [" ".join(row.split("  ")[0].split()) for row in rows]
    params = [one.totals.params for one in found]
    assert params == sorted(params) and len(found) == len(rows) == 24
    one = convcalc.load(net=NOTES, input="32x32x3", variables={"M": 2, "K": 1, "N": 1})
    pools, none = convcalc.variants(one)
    # two convs of 12 3x3 filters, then an fc on 8x8x12 or 32x32x12, and one of 10
    convs = (27 * 12 + 12) + (108 * 12 + 12)
    hidden = none["fc1"].output[0]
    expected = [convs + (s * s * 12 + 1) * hidden + (hidden + 1) * 10 for s in (8, 32)]
    assert [pools.totals.params, none.totals.params] == expected
    with pytest.raises(convcalc.LoadError, match="the pattern has no variable 'L'"):
        convcalc.load(net=NOTES, input="32x32x3", variables={"L": 1})


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


#: VGGNet in detail, the listing as the notes print it: name, volume, weights.
VGG = """
INPUT 224x224x3 0
CONV3-64 224x224x64 1,728
CONV3-64 224x224x64 36,864
POOL2 112x112x64 0
CONV3-128 112x112x128 73,728
CONV3-128 112x112x128 147,456
POOL2 56x56x128 0
CONV3-256 56x56x256 294,912
CONV3-256 56x56x256 589,824
CONV3-256 56x56x256 589,824
POOL2 28x28x256 0
CONV3-512 28x28x512 1,179,648
CONV3-512 28x28x512 2,359,296
CONV3-512 28x28x512 2,359,296
POOL2 14x14x512 0
CONV3-512 14x14x512 2,359,296
CONV3-512 14x14x512 2,359,296
CONV3-512 14x14x512 2,359,296
POOL2 7x7x512 0
FC 1x1x4096 102,760,448
FC 1x1x4096 16,777,216
FC 1x1x1000 4,096,000
"""


def test_the_notes_listing_of_vgg_line_by_line(convcalc_) -> None:
    """VGGNet in detail: every row of the table, and the totals where the notes' are wrong."""
    text = convcalc_("analyze", "vgg16", "--format", "notes").stdout
    rows = [line.split() for line in text.splitlines() if "  memory: " in line]
    found = [f"{row[0][:-1]} {row[1][1:-1]} {row[-1]}" for row in rows]
    assert found == VGG.split("\n")[1:-1]
    line = "CONV3-64:  [224x224x64]   memory: 224*224*64=3.2M   params: (3*3*3)*64 = 1,728"
    assert line in text.splitlines()
    memory = [row[3].partition("=")[2] or row[3] for row in rows]
    # the notes print these, three of the volumes as 3.2M, 1.6M and 800K
    assert memory[:7] == ["150K", "3.2M", "3.2M", "800K", "1.6M", "1.6M", "400K"]
    assert memory[-4:] == ["25K", "4096", "4096", "1000"]
    assert "TOTAL memory: 15,237,608 * 4 bytes = 58.1 MiB / image" in text
    assert "TOTAL params: 138,357,544 = 138,344,128 weights + 13,416 biases (138M)" in text
    assert "24M" in text  # the error of the notes is named


def test_activations_twice_is_73_5_mib_where_the_notes_say_72mb(convcalc_) -> None:
    """Layer Sizing Patterns, constraints: three conv3-64 on 224x224x3, with gradients."""
    net = ("--input", "224x224x3", "--net", "[CONV3-64 -> RELU]*3")
    text = convcalc_("analyze", *net, "--format", "notes").stdout
    assert "activations twice: 2 * 9,633,792 * 4 bytes = 73.5 MiB" in text


@pytest.mark.parametrize(
    ("net", "size", "row"),
    [
        ("conv5-256g2", "27x27x96", "CONV5-256g2: [27x27x256] memory: 27*27*256=190K params: "
         "(5*5*48)*256 = 307,200"),
        ("conv11-96s4p0", "227x227x3", "CONV11-96s4p0: [55x55x96] memory: 55*55*96=290K params: "
         "(11*11*3)*96 = 34,848"),
        ("pool3s2", "55x55x96", "POOL3s2: [27x27x96] memory: 27*27*96=70K params: 0"),
        ("batch_norm", "8x8x4", "BATCH_NORM: [8x8x4] memory: 8*8*4=256 params: 8"),
    ],
)  # fmt: skip
def test_other_layers_in_the_notes_form(convcalc_, net, size, row) -> None:
    text = convcalc_("analyze", "--input", size, "--net", net, "--format", "notes").stdout
    assert row in [" ".join(line.split()) for line in text.splitlines()]


def test_a_broken_net_is_listed_as_far_as_it_goes(convcalc_) -> None:
    net = ("--input", "8x8x3", "--net", "conv3-4 pool3s2 fc-10")
    done = convcalc_("analyze", *net, "--format", "notes")
    assert done.exit_code == 1
    assert "[?]" in done.stdout and "CC101" in done.stdout
    assert "no totals of an unfinished net" in done.stdout


def test_vgg_s_table_side_by_side(convcalc_) -> None:
    """VGGNet: table 1 of the paper, columns A, A-LRN, B, C, D, E and its number of parameters."""
    nets = ("vgg11", "vgg11-lrn", "vgg13", "vgg16-c", "vgg16", "vgg19")
    done = convcalc_("analyze", *nets, "--side-by-side")
    lines = done.stdout.splitlines()
    params = next(line for line in lines if line.startswith("params")).split()
    assert params[1::2] == ["133", "133", "133", "134", "138", "144"]
    weights = next(line for line in lines if line.startswith("weight layers")).split()[2:]
    assert weights == ["11", "11", "13", "16", "16", "19"]
    pools = [line.split() for line in lines if "maxpool" in line]
    assert pools == [["maxpool"] * 6] * 5
    assert sum("conv1-" in line for line in lines) == 3  # column C
    assert [line.split() for line in lines if "FC-1000" in line] == [["FC-1000"] * 6]
    at_256 = next(i for i, line in enumerate(lines) if line.startswith("56x56"))
    assert lines[at_256 + 2].split() == ["conv1-256", "conv3-256", "conv3-256"]


def test_what_does_not_fit_beside_goes_on_below(convcalc_) -> None:
    nets = ("vgg11", "vgg16", "vgg19")
    done = convcalc_("analyze", *nets, "--side-by-side", COLUMNS="40")
    assert max(map(len, done.stdout.splitlines())) <= 40
    assert done.stdout.count("params") == 2
    done = convcalc_("analyze", "resnet18", "lenet5", "--side-by-side", NO_COLOR="1")
    assert done.exit_code == 0 and "2 conv" in done.stdout


def test_columns_and_their_order_can_be_chosen(convcalc_) -> None:
    words = ("analyze", "vgg16", "--columns", "weights,layer", "--sort", "weights")
    rows = [line.split() for line in convcalc_(*words).stdout.splitlines()]
    start = rows.index(["weights", "layer"])
    assert rows[start + 1 : start + 4] == [
        *(["102,760,448", "fc1"], ["16,777,216", "fc2"], ["4,096,000", "fc3"])
    ]
    done = convcalc_("analyze", "vgg16", "--format", "csv", "--columns", "layer,weights")
    assert done.stdout.splitlines()[:3] == ["name,weights", "input,0", "conv1_1,1728"]
    words = ("--format", "markdown", "--columns", "layer,params,weights", "--sort", "params")
    lines = convcalc_("analyze", "lenet5", *words).stdout.splitlines()
    assert lines[2:5] == ["| layer | params | weights |", "|---|---:|---:|",
                          "| C5 | 48,120 | 48,000 |"]  # fmt: skip
    assert lines[-1] == "| **total** | **61,706** | **61,470** |"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--columns", "wieghts"), "text has no column 'wieghts': did you mean weights?"),
        (("--sort", "size", "--format", "csv"), "csv has no column 'size': did you mean output?"),
        (("--columns", "shape"), "text has no column 'shape': did you mean output?"),
        (("--columns", "type"), "text has no column 'type': did you mean what?"),
        (("--columns", "type", "--format", "csv"), "csv has no column 'type': did you mean kind?"),
        (("--columns", "name", "--format", "json"), "not json"),
        (("--columns", "layer,layer"), "names 'layer' twice"),
        (("--side-by-side", "--format", "csv"), "--side-by-side is a table for text"),
    ],
)
def test_columns_that_are_none(convcalc_, words, text) -> None:
    done = convcalc_("analyze", "lenet5", *words)
    assert done.exit_code == 2 and text in done.stderr


@pytest.mark.parametrize("column", ["im2col", "share", "field", "biases", "what", "memory"])
def test_every_column_stands_alone(convcalc_, column) -> None:
    for words in (
        ("lenet5",),
        ("--net", "fc-10", "--input", "4x4x1"),
        ("--net", "[x", "--input", "8"),
    ):
        done = convcalc_("analyze", *words, "--columns", column, "--sort", column)
        assert done.exit_code < 2, done.stderr


def section(text: str, title: str) -> str:
    """One section of an explanation, its blanks made one."""
    return " ".join(text.partition(f"\n{title}\n")[2].partition("\n\n")[0].split())


def test_im2col_is_reused_for_pooling(convcalc_) -> None:
    """Implementation as Matrix Multiplication: "the same im2col idea ... pooling operation"."""
    text = section(convcalc_("explain", "alexnet", "pool1").stdout, "with im2col")
    assert "X_col 9 x 69984: each 3x3 window of each channel" in text  # 27*27*96 columns
    assert "629,856 numbers, 2.2 times the input" in text
    report = json.loads(convcalc_("analyze", "alexnet", "--im2col", "--format", "json").stdout)
    sizes = {layer["name"]: layer["im2col"] for layer in report["layers"]}
    assert sizes["pool1"] == 9 * 69_984 * 4
    assert sizes["conv1"] == 363 * 3025 * 4
    assert sizes["fc6"] == 0


def test_the_backward_pass_of_vgg(convcalc_) -> None:
    """Implementation, Backpropagation; Computational Considerations: "*2 for bwd"."""
    report = json.loads(convcalc_("analyze", "vgg16", "--format", "json").stdout)
    assert report["totals"]["macs_backward"] == 2 * 15_470_264_320 - 86_704_128
    layers = {layer["name"]: layer["macs_backward"] for layer in report["layers"]}
    assert layers["conv1_1"] == 86_704_128
    assert layers["conv1_2"] == 2 * 1_849_688_064
    first = section(convcalc_("explain", "vgg16", "conv1_1").stdout, "backward pass")
    assert "summed over the 50,176 positions of its slice" in first
    assert "not needed: no layer before it learns" in first
    second = section(convcalc_("explain", "vgg16", "conv1_2").stdout, "backward pass")
    assert "1,849,688,064 (a convolution with flipped filters)" in second
    assert "a step of training 1,849,688,064 + 3,699,376,128 = 5,549,064,192" in second
    assert "backward     30,853,824,512" in convcalc_("analyze", "vgg16").stdout


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("depth columm", "did you mean depth column?"),
        ("vgg16 conv", "`convcalc explain conv` has its own page"),
        ("adagrad cache", "did you mean adagrad?"),
        ("filtre", "did you mean filter?"),
        ("vgg61 conv1", "did you mean vgg1"),
        ("xyzzy plugh", "`convcalc explain` lists the terms"),
        ("cc10", "did you mean CC010?"),
    ],
)
def test_a_word_that_is_nothing_gets_the_nearest_page(convcalc_, words, text) -> None:
    done = convcalc_("explain", *words.split())
    assert done.exit_code == 2
    assert text in done.stderr and "no file" not in done.stderr


@pytest.mark.parametrize("words", ["depth column", "depth slice", "optimizer", "activation map"])
def test_the_terms_of_the_notes_have_pages(convcalc_, words) -> None:
    assert convcalc_("explain", *words.split()).exit_code == 0
