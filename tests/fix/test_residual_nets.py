"""`check --fix` of whole residual nets whose shortcuts are all identities."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered, told

BODY = "body: [conv3-{0}{1}, batch_norm, relu, conv3-{0}, batch_norm]"
PROJECTED = "skip: [conv1-{0}s2, batch_norm]"
STEM = "  - conv7-64s2p3\n  - relu\n  - pool3s2p1\n"
HEAD = "  - global_avg_pool\n  - fc-1000\n"
STAGES = ((64, ""), (64, ""), (128, "s2"), (128, ""), (256, "s2"), (256, ""), (512, "s2"))


def resnet(shortcut: str) -> str:
    adds = "".join(
        f"  - add: {{branches: {{{BODY.format(c, s)}, "
        f"{shortcut.format(c) if s else 'skip: identity'}}}}}\n  - relu\n"
        for c, s in STAGES
    )
    return f"input: 224x224x3\nlayers:\n{STEM}{adds}{HEAD}"


#: ResNet-34 and ResNet-50: a stage is a call that counts its blocks
BASIC = """\
              - conv: {filters: =c, kernel: 3, stride: =s, pad: 1}
              - relu
              - conv: {filters: =c, kernel: 3, pad: 1}
"""
BOTTLENECK = """\
              - conv: {filters: =c, kernel: 1}
              - conv: {filters: =c, kernel: 3, stride: =s, pad: 1}
              - conv: {filters: =4*c, kernel: 1}
"""
BLOCKS = """\
input: 224x224x3
blocks:
  block:
    args: {{c: , s: 1}}
    layers:
      - add:
          branches:
            body:
{body}            skip: identity
      - relu
  stage:
    args: {{c: , n: , s: 2}}
    layers:
      - block: [=c, =s]
      - repeat: {{times: =n - 1, layers: [block: [=c]]}}
layers:
{stem}  - stage: [64, 3, 1]
  - stage: [128, 4]
  - stage: [256, 6]
  - stage: [512, 3]
{head}"""


def test_a_resnet_is_rounded_down_and_projected_in_one_repair() -> None:
    """Beside the shortcuts its stem has a remainder: other padding made 113x113 of it."""
    spec = resnet("skip: identity")
    best, uneven = offered(spec)
    assert best.text == resnet(PROJECTED).replace("layers:", "rounding: floor\nlayers:", 1)
    assert told(best)[0] == ("", "rounding", "floor")
    assert told(uneven)[0] == ("conv1", "pad", "[3, 4, 3, 4]")


@pytest.mark.parametrize(
    ("body", "depth", "last"), [(BASIC, "=c", 512), (BOTTLENECK, "=4*c", 2048)]
)
def test_so_is_one_that_is_written_in_blocks(body: str, depth: str, last: int) -> None:
    spec = BLOCKS.format(body=body, stem=STEM, head=HEAD)
    skip = (
        f"skip: {{conv: {{filters: {depth}, kernel: 1, stride: =s}}, "
        f"when: =s != 1 or in_channels != {depth[1:]}}}"
    )
    assert faults(spec) == ["CC101"]
    text = first(spec)
    assert text == spec.replace("skip: identity", skip).replace(
        "\nlayers:", "\nrounding: floor\nlayers:"
    )
    rows = analyze(load("net.yaml", text.encode())).rows
    assert rows[-3].step.output == (7, 7, last)
