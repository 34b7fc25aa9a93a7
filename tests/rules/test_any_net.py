"""No net makes a rule stumble, whatever its axes, inputs and layers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from convcalc.analysis.walk import analyze
from convcalc.findings import CODES
from convcalc.report.findings.checked import Checked
from convcalc.report.formats import formats, rendered
from convcalc.rules import RULES
from convcalc.rules.advise import Selection, wanted_findings
from convcalc.spec.load import load

EVERYTHING = Selection(select=frozenset(CODES))

WORDS = (
    "conv3-8", "conv4-8", "conv7-8", "conv5-8p0", "conv1-16s2", "conv11-96s4p0", "pool2", "pool3s2",
    "pool4", "avgpool7", "fc-10", "relu", "batch_norm", "lrn", "softmax", "dropout", "flatten",
    "identity", "global_avg_pool", "{upsample: {scale: 2}}", "{depthwise_conv: {kernel: 5}}",
    "{conv_transpose: {filters: 8, kernel: 2, stride: 2}}", "{max_pool: {kernel: 3, pad: 1}}",
    "{conv: {filters: 8, kernel: 5, pad: same, dilation: 2}}", "{add: {branches: [relu, tanh]}}",
    "{concat: {branches: [conv3-8, {max_pool: {kernel: 3, stride: 1, pad: 1}}]}}",
    "{adaptive_avg_pool: {output: 3}}", "{locally_connected: {filters: 4, kernel: 3}}",
    "{slice: {stop: 2}}", "{crop: {size: 5}}", "{pad: {sides: 1}}", "{relu: , times: 0}",
    "{conv3-8: , from: input}", "{multiply: {branches: [identity, global_avg_pool]}}",
)  # fmt: skip

SIDES = st.integers(1, 70)
SHAPES = st.lists(SIDES, min_size=1, max_size=4).map(lambda sides: "x".join(map(str, sides)))


@given(
    SHAPES,
    st.lists(st.sampled_from(WORDS), max_size=12),
    st.sampled_from(["exact", "floor", "ceil"]),
)
@settings(max_examples=400, deadline=None)
def test_every_rule_and_every_format(shape: str, layers: list[str], rounding: str) -> None:
    text = f"input: {shape}\nrounding: {rounding}\nlayers: [{', '.join(layers)}]"
    network = load("a.yaml", text.encode())
    findings = wanted_findings(analyze(network), EVERYTHING)
    assert len(set(findings)) == len(findings)
    told = [finding.code for finding in findings if finding.code >= "CC2"]
    assert len(told) <= len(RULES)
    checked = Checked(findings, ("a.yaml",), {"a.yaml": network.source}, True)
    for format_ in formats("check"):
        assert isinstance(rendered("check", format_, checked), str)


def test_several_inputs_of_different_axes() -> None:
    text = "inputs: {image: 33x33x3, sound: 4001x2}\nlayers: [conv3-8, pool3s2, fc-10]"
    findings = wanted_findings(analyze(load("a.yaml", text.encode())), EVERYTHING)
    assert {"CC120"} <= {finding.code for finding in findings}


def test_along_one_axis_nothing_is_square() -> None:
    layers = "conv9-8 relu conv9-8 relu pool8 fc-10"
    network = load("net.yaml", f"input: 1600x1\nlayers: {layers}\n".encode())
    found = wanted_findings(analyze(network), EVERYTHING)
    help = {finding.code: " ".join(finding.help) for finding in found}
    assert help["CC202"] == "3, or 5 at most; several small ones see as far"
    assert help["CC205"] == "2 with stride 2"
    assert help["CC209"].startswith("a stride in conv1, such as 7/2 with `pad: same`, shrinks")
