"""Short forms: what they stand for, and what cannot stand beside them."""

import pytest

# word, input, output
SHORT = [
    ("conv3-64", "8x8x3", (8, 8, 64)),
    ("conv3-64s2p1", "9x9x3", (5, 5, 64)),
    ("conv11-96s4p0", "227x227x3", (55, 55, 96)),
    ("conv3-64p0", "8x8x3", (6, 6, 64)),
    ("conv3-64d2", "8x8x3", (8, 8, 64)),
    ("conv3-64g2", "8x8x4", (8, 8, 64)),
    ("conv4-64", "8x8x3", (8, 8, 64)),
    ("conv3x5-64", "8x8x3", (8, 8, 64)),
    ("conv2-8", "100x3", (100, 8)),
    ("conv4-8d3", "100x3", (100, 8)),
    ("conv2-8", "8x9x8x3", (8, 9, 8, 8)),
    ("conv2x3x4-8", "8x9x8x3", (8, 9, 8, 8)),
    ("pool2", "8x8x3", (4, 4, 3)),
    ("pool3s2", "9x9x3", (4, 4, 3)),
    ("maxpool2", "8x8x3", (4, 4, 3)),
    ("avgpool7", "7x7x3", (1, 1, 3)),
    ("fc-4096", "8x8x3", (4096,)),
]


@pytest.mark.parametrize(
    ("word", "shape", "output"), SHORT, ids=["-".join(row[:2]) for row in SHORT]
)
def test_a_short_form_is_a_layer(layers, word, shape, output) -> None:
    spec = layers(f"- {word}", shape)
    assert (spec.output, spec.told) == (output, [])
    assert layers(f"- {{{word}: , name: x}}", shape).layers == [("x", output)]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("conv3-64s0", "stride: expected a positive integer"),
        ("conv3-64g0", "groups: expected a positive integer"),
        ("pool3s0", "stride: expected a positive integer"),
        ("conv3-64p9999999999", "pad: expected an integer from 0"),
        ("conv9999999999-3", "kernel: expected a positive integer"),
        ("fc-9999999999", "units: expected a positive integer"),
        ("conv3-64s2s2", "unknown layer kind 'conv3-64s2s2'"),
        ("conv3", "unknown layer kind 'conv3'"),
        ("conv0-3", "unknown layer kind 'conv0-3'"),
        ("fc-0", "unknown layer kind 'fc-0'"),
    ],
)
def test_a_short_form_out_of_range_is_a_finding(layers, word, told) -> None:
    spec = layers(f"- {word}")
    assert len(spec.told) == 1
    assert spec.told[0].startswith("3:3: error[CC01")
    assert told in spec.told[0]


def test_a_short_form_takes_no_options(layers) -> None:
    told = layers("- conv3-64: {stride: 2}").told
    assert told == ["3:3: error[CC012] the short form conv3-64 takes no options"]


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("conv3-64: {stride: 2}", "conv3-64s2"),
        ("conv3-64s2: {dilation: 1}", "conv3-64s2d1"),
        ("conv3-64: {bias: false}", "conv: {filters: 64, kernel: 3, pad: 1, bias: false}"),
        ("conv2-64: {pad: 0}", "conv2-64p0"),
        ("pool2: {stride: 1}", "pool2s1"),
        ("conv3-64: {}", "conv3-64"),
        ("fc-10: {bias: false}", "fc: {units: 10, bias: false}"),
    ],
)
def test_a_short_form_with_options_is_written_out_with_all_of_them(layers, entry, meant) -> None:
    behind = "{}" if entry.endswith("{}") else "..."
    assert layers(f"- {entry}").help == f"write `{meant}` in place of `{entry.split()[0]} {behind}`"
    assert set(layers(f"- {meant}").codes) <= {"CC101"}


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("conv3-16: {filters: 32}", "`conv3-16` says filters 16, the option below it 32"),
        ("conv3-8s2: {stride: 1}", "`conv3-8s2` says stride 2, the option below it 1"),
        ("pool3s2: {stride: 3}", "`pool3s2` says stride 2, the option below it 3"),
        ("conv3-8: {pad: 0, kernel: 5}", "`conv3-8` says kernel 3, the option below it 5"),
    ],
)
def test_a_short_form_and_an_option_that_contradict_each_other(layers, entry, help) -> None:
    assert layers(f"- {entry}").help == f"{help}: leave one out"


@pytest.mark.parametrize(
    ("entry", "help"),
    [
        ("conv3-8: {activation: relu}",
         "write `conv: {filters: 8, kernel: 3, pad: 1, activation: relu}` in place of"),
        ("conv3-8: {padding: 0}", "write `conv3-8p0` in place of"),
        ("conv3-8: {strides: 2}", "write `conv3-8s2` in place of"),
        ("conv3-8s2: {strides: 1}", "`conv3-8s2` says stride 2, the option below it 1"),
        ("conv3-8: {pad: 0, padding: 1}", "pad is given twice below `conv3-8`"),
        ("fc-10: 5", "the word has all its sizes: leave out `5`, or"),
        ("conv3-8: [relu]", "the word has all its sizes: leave out `[relu]`, or"),
        ("conv3-8: {}", "write `conv3-8` in place of `conv3-8: {}`"),
    ],
)  # fmt: skip
def test_nothing_below_a_short_form_is_dropped_in_silence(layers, entry, help) -> None:
    assert layers(f"- {entry}").help.startswith(help)
