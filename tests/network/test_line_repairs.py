"""What a net of one line is offered where a size is no integer: words, and the option."""

import re

import pytest

from convcalc.analysis.walk import analyze
from convcalc.findings import Finding, Severity
from convcalc.shapes import Shape, parse_shape
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern
from convcalc.window import Rounding

_OFFER = re.compile(r"`([^`]+)` \(([\dx]+)")


def _fault(pattern: str, shape: Shape) -> Finding:
    errors = [
        finding
        for finding in analyze(load_pattern(pattern, Overrides(shape))).findings
        if finding.severity is Severity.ERROR
    ]
    return errors[0]


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("conv7-64s2", (224, 224, 3)),
        ("conv3-8s2", (32, 32, 3)),
        ("conv4-8s3", (32, 31, 3)),
        ("conv3-8s2d2", (32, 32, 3)),
        ("conv9-8p0", (5, 5, 3)),
        ("pool3s2", (112, 112, 64)),
        ("POOL", (7, 7, 3)),
        ("avgpool5", (7, 7, 3)),
        ("conv3x5-8s2", (32, 32, 3)),
    ],
)
def test_every_offer_is_a_net_of_one_line(word, shape) -> None:
    fault = _fault(f"{word} relu fc-10", shape)
    offers = [offer for line in fault.help for offer in _OFFER.findall(line)]
    assert offers or fault.code == "CC102"
    for text, made in offers:
        floor = text == "--rounding floor"
        given = Overrides(shape, Rounding.FLOOR if floor else None)
        network = analyze(load_pattern(f"{word if floor else text} relu fc-10", given))
        assert not [f for f in network.findings if f.severity is Severity.ERROR]
        assert network.rows[1].step.output == parse_shape(made)


def test_rounding_down_is_an_option_of_the_command() -> None:
    *_, last = _fault("conv7-64s2 relu fc-10", (224, 224, 3)).help
    assert last.startswith("`--rounding floor` (112x112x64; ")


def test_a_pattern_in_a_file_has_the_file_s_key() -> None:
    text = b"input: 224x224x3\nlayers:\n  - conv7-64s2 relu fc-10\n"
    (fault, *_) = analyze(load("a.yaml", text)).findings
    assert fault.help[-1].startswith("`rounding: {conv: floor}` at the top (112x112x64; ")


@pytest.mark.parametrize(
    "layers", ["conv7-64s2 relu", "'[conv7-64s2 relu]*1'", "\n  - conv7-64s2 relu"]
)
def test_a_pattern_in_a_file_says_that_options_need_an_entry(layers: str) -> None:
    (finding,) = load("net.yaml", f"input: 32x32x3\nlayers: {layers}\n".encode()).findings
    told = [line for line in finding.help if "conv: {f" in line]
    assert told and all(
        line.endswith("; as an entry of its own, since a pattern has words only") for line in told
    )


@pytest.mark.parametrize("entry", ["conv7-64s2", '"conv7-64s2"', "conv7-64s2: "])
def test_an_entry_says_nothing_of_patterns(entry: str) -> None:
    text = f"input: 32x32x3\nlayers:\n  - {entry}\n"
    (finding,) = load("net.yaml", text.encode()).findings
    assert not any("pattern" in line for line in finding.help)
