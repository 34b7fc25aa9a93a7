"""What a new user types, and the one line that says what is meant."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from tests.fix.repairs import first

HEAD = "input: 8x8x4\nvars: {n: 8}\nlayers:\n  - conv3-8:\n    name: c1\n  - "
NO_KIND = "no layer kind does this: the kinds are those of convolutional networks"
GATE = "[global_avg_pool, conv1-16, relu, conv1-64, sigmoid]"
TWO = "it is two layers: `- depthwise_conv: {}` and on the next line `- {}`"

HELP = {
    "hswish": "did you mean `hard_swish`?",
    "h_swish": "did you mean `hard_swish`?",
    "hsigmoid": "did you mean `hard_sigmoid`?",
    "maxunpool2": NO_KIND,
    "nn.LSTM": NO_KIND,
    "nn.LazyConv2d": "its numbers are missing, as here: `conv: {filters: 64, kernel: 3, pad: 1}`, "
    "or in short `conv3-64`",
    "nn.LazyConv2d(8, 3)": "did you mean `conv3-8p0`?",
    "LazyLinear(10)": "did you mean `fc-10`?",
    "se": f"a gate of several layers: `multiply: {{branches: [identity, {GATE}]}}`",
    "sepconv3: {filters: 4}": TWO.format("{kernel: 3, pad: 1}", "conv1-4"),
    "conv: {filters: =int(n/2), kernel: 3}": "write `n//2`",
    "conv: {filters: =floor(n/2), kernel: 3}": "write `n//2`",
    "conv: {filters: =ceil(n/3), kernel: 3}": "write `(n + 2)//3`",
    "conv: {filters: =int(n*2), kernel: 3}": "`//` divides and rounds down: `n//2`",
    "conv3-8:\n    input: c1": "did you mean `from`?",
    "conv3-8:\n    if: =n > 4": "did you mean `when`?",
}


@pytest.mark.parametrize(("entry", "help"), HELP.items())
def test_an_entry_is_answered_in_one_line(entry: str, help: str) -> None:
    found = analyze(load("net.yaml", f"{HEAD}{entry}\n".encode())).findings
    (finding,) = [finding for finding in found if finding.code < "CC1"]
    assert help in finding.help


@pytest.mark.parametrize("size", ["32x32x3", "[32, 32, 3]", "[32x32x3]"])
def test_a_single_input_needs_no_name(size: str) -> None:
    spec = f"inputs: {size}\nlayers: [relu]\n"
    assert first(spec) == "input: 32x32x3\nlayers: [relu]\n"


@pytest.mark.parametrize(
    ("inputs", "meant"),
    [
        ("[8x8x3, 8x8x1]", "did you mean `{input1: 8x8x3, input2: 8x8x1}`?"),
        ("[{a: 8x8x3}, {b: 8x8x1}]", "did you mean `{a: 8x8x3, b: 8x8x1}`?"),
        ("[a, b]", "`inputs: {image: 224x224x3, depth: 224x224x1}`"),
    ],
)
def test_inputs_in_a_list_are_written_as_names(inputs: str, meant: str) -> None:
    found = analyze(load("net.yaml", f"inputs: {inputs}\nlayers: [relu]\n".encode())).findings
    assert found[0].help == (meant,)
