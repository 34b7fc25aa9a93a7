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


FLAG = """\
input: 56x56x64
rounding: floor
blocks:
  block:
    args: {c: , down: false}
    layers:
      - add:
          branches:
            body:
              - {conv: {filters: =c, kernel: 3, stride: 2, pad: 1}, when: =down}
              - {conv: {filters: =c, kernel: 3, pad: 1}, when: =not down}
              - relu
              - {conv: {filters: =c, kernel: 3, pad: 1}}
            skip: identity
layers:
  - block: {c: 64}
  - block: {c: 128, down: true}
  - {block: {c: 128}, times: 3}
"""


@pytest.mark.parametrize("when", ["=down", "=down == 1"])
def test_a_projection_is_made_where_the_layer_is_that_steps(when: str) -> None:
    """A block whose calls say that they step down, and not by how much."""
    spec = FLAG
    if when != "=down":
        spec = spec.replace("when: =down", f"when: {when}").replace("not down", "down == 0")
        spec = spec.replace("false", "0").replace("true", "1")
    skip = f"skip: {{conv: {{filters: =c, kernel: 1, stride: 2}}, when: {when}}}"
    assert first(spec) == spec.replace("skip: identity", skip)
