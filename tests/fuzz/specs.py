"""Specs: whatever the bytes, there are findings and never an exception."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from fuzzing import by_hand  # noqa: E402

from convcalc import zoo  # noqa: E402
from convcalc.analysis.walk import analyze  # noqa: E402
from convcalc.findings import Severity  # noqa: E402
from convcalc.report.analysis.json import report_json  # noqa: E402
from convcalc.rules.advise import with_faults  # noqa: E402
from convcalc.spec.load import load  # noqa: E402
from convcalc.tree.decode import Limits  # noqa: E402

SAMPLES = [
    *(zoo.read(name) for name in ("alexnet", "lenet5", "resnet18", "vgg16", "unet")),
    b"input: 8x8x3\nlayers: [{repeat: {times: 3, layers: [{conv3-8: , from: x}]}}]\n"
    b"outputs: [conv1]\n",
    b"inputs: {a: 8x8x3, b: 8x8x3}\nlayers:\n  - concat: {branches: [[{conv3-4: , name: a}], "
    b"[relu]]}\n    from: nowhere\n  - {relu: , from: a}\n",
    b"input: 8x8x4\nvars: {w: 1e40, v: =w*2}\nblocks: {b: {args: {n: , m: 2}, layers: [{conv: "
    b"{filters: =n*m, kernel: 3}}, relu]}}\nlayers: [{b: [4]}, {b: {n: =v}, times: 2}, "
    b"{fc: 3, when: =w > 2}]\nexpect: {params: 12}\nbudget: {params: 1K}\nrules: {CC202: false}\n",
    b"input: 32x32x3\nrounding: {pool: ceil}\nlayers: '[[conv3-8 -> relu]*2 -> pool2]*2 fc-10'\n",
    b"input: 16x1\nlayers: [conv3-8, {add: {branches: [[{conv3-8: , weights: conv1}], []]}}, "
    b"{crop: , like: input}, {global_avg_pool: , ignore: CC105}]\n",
]
WORDS = [
    *(b"\n", b"- ", b": ", b"{", b"}", b"[", b"]", b", ", b"=", b"'", b'"', b"&a ", b"*a", b"<<: "),
    *(b"from: ", b"name: ", b"times: ", b"when: ", b"branches: ", b"weights: ", b"like: input"),
    *(b"repeat: ", b"layers: ", b"outputs: ", b"inputs: ", b"input: ", b"blocks: ", b"vars: "),
    *(b"1e400", b"0", b"-1", b"999999999999", b"2147483648", b"010", b"1:30", b"yes", b"~"),
    *(b"\xff", b"\xe2\x80\xa8", b"\x1b", b"\t", b"\r", b"!!python/object ", b"---\n"),
    *(b"conv3-8s2p0d2g2", b"relu", b"add: ", b"concat: ", b"flatten", b"fc-10", b"=in_channels*2"),
    *(b"expect: {output: 1x1x1}", b"budget: {inference_memory: 1KB}", b"rounding: exact\n"),
]  # fmt: skip
LIMITS = Limits(layers=2000)


def target(data: bytes) -> None:
    """Read, size, judge and report."""
    network = load("a.yaml", data, limits=LIMITS)
    found = with_faults(analyze(network))
    text = report_json(found)
    assert not {"\x1b", "\u2028", "\x9b"} & set(text), "a hidden character is printed"
    if not any(finding.severity is Severity.ERROR for finding in found.findings):
        assert all(step.output for step in network.steps), "a sound net has a layer of no size"


if __name__ == "__main__":
    by_hand(target, SAMPLES, WORDS)
