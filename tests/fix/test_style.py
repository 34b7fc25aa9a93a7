"""`check --fix`: a projection is written as the convs that it stands beside."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered

HEAD = "input: 32x32x3\nrounding: floor\nlayers:\n  - conv3-16\n  - relu\n"
PLAIN = "{conv: {filters: 32, kernel: 3, stride: 2, pad: 1, bias: false}}"
PROJECTED = "conv: {filters: 32, kernel: 1, stride: 2, bias: false}"


@pytest.mark.parametrize(
    ("body", "repaired"),
    [
        ("conv3-32s2, batch_norm, relu, conv3-32, batch_norm", "[conv1-32s2, batch_norm]"),
        (f"{PLAIN}, batch_norm", f"[{{{PROJECTED}}}, batch_norm]"),
        (f"{PLAIN}, relu", f"{{{PROJECTED}}}"),
        (
            "conv3-32s2, {group_norm: {groups: 8}}",
            "[conv1-32s2, {group_norm: {groups: 8}}]",
        ),
        ("batch_norm, relu, conv3-32s2, batch_norm, relu, conv3-32", "conv1-32s2"),
        ("conv3-32s2, batch_norm, relu, conv3-32, relu", "conv1-32s2"),
        ("conv3-32s2, lrn, relu, conv3-32, lrn", "conv1-32s2"),
        ("conv3-32s2, batch_norm, relu, conv3-32, instance_norm", "conv1-32s2"),
    ],
)
def test_a_projection_has_the_norm_and_bias_of_the_convs_beside_it(
    body: str, repaired: str
) -> None:
    spec = f"{HEAD}  - add:\n      branches:\n        - [{body}]\n        - SKIP\n"
    assert first(spec.replace("SKIP", "identity")) == spec.replace("SKIP", repaired)
    assert first(spec.replace("SKIP", "[]")) == spec.replace("SKIP", repaired)


def test_a_list_with_a_line_an_item_gets_two_lines() -> None:
    spec = f"{HEAD}  - add:\n      branches:\n        - [{PLAIN}, batch_norm]\n        - - relu\n"
    assert first(spec) == f"{spec}          - {PROJECTED}\n          - batch_norm\n"
    flow = spec.replace("- - relu", "- [relu]")
    assert first(flow) == flow.replace("[relu]", f"[relu, {{{PROJECTED}}}, batch_norm]")


FROM = """\
  - conv3-32s2
  - batch_norm
  - relu
  - conv3-32
  - batch_norm
  - add:
    from: [relu1, batch_norm2]
"""


def test_the_norm_is_an_entry_before_a_merge_that_names_its_inputs() -> None:
    spec = HEAD + FROM
    best = offered(spec)[0]
    assert best.text == spec.replace(
        "  - add:\n    from: [relu1,",
        "  - conv1-32s2:\n    from: relu1\n  - batch_norm:\n    name: relu1_projected\n"
        "  - add:\n    from: [relu1_projected,",
    )
    assert best.changes[0].effect == "`conv1-32s2`, `batch_norm` before it"
    later = f"{spec}  - conv3-32\n  - conv3-32\n  - add:\n    from: [conv4, conv5]\n"
    assert "  - conv1-32s2:\n    from: relu1\n    name: relu1_projected_conv\n" in first(later)


BLOCK = """\
input: 32x32x3
rounding: floor
blocks:
  basic:
    args: {{width: , stride: 1}}
    layers:
{}
layers:
  - conv3-16
  - basic: {{width: 16}}
  - basic: {{width: 32, stride: 2}}
  - basic: {{width: 32}}
"""
CONVS = """\
- conv: {filters: =width, kernel: 3, stride: =stride, pad: 1}
- batch_norm
- relu
- conv: {filters: =width, kernel: 3, pad: 1}
- batch_norm
"""
WORDS = "{conv: {filters: =width, kernel: 1, stride: =stride}}"
WHEN = "when: =stride != 1 or in_channels != width"


def indented(text: str, columns: int) -> str:
    return "\n".join(" " * columns + line for line in text.rstrip().splitlines())


def test_in_a_block_both_are_left_out_by_one_condition() -> None:
    inner = f"- add:\n    branches:\n      body:\n{indented(CONVS, 8)}\n      skip: identity"
    spec = BLOCK.format(indented(inner, 6))
    some, every = offered(spec)
    both = f"{WORDS}, batch_norm"
    skip = f"{{repeat: {{times: 1, layers: [{both}]}}, {WHEN}}}"
    assert some.text == spec.replace("identity", skip)
    assert every.text == spec.replace("identity", f"[{both}]")
    names = [step.name for step in load("net.yaml", some.text.encode()).steps]
    assert "basic1.batch_norm3" not in names and "basic2.batch_norm3" in names


def test_the_argument_that_a_shortcut_is_has_both() -> None:
    inner = f"- add:\n    branches:\n      body:\n{indented(CONVS, 8)}\n      skip: =skip"
    spec = BLOCK.format(indented(inner, 6)).replace("stride: 1}", "stride: 1, skip: []}")
    (best,) = offered(spec)
    assert best.text == spec.replace("stride: 2}", "stride: 2, skip: [conv1-32s2, batch_norm]}")


def test_before_a_merge_in_a_block_both_are_left_out_by_one_condition() -> None:
    inner = f"- identity:\n  name: start\n{CONVS}- add:\n  from: [start, batch_norm2]"
    spec = BLOCK.format(indented(inner, 6))
    some, every, without = offered(spec)
    assert "projected" not in without.text
    names = [step.name for step in load("net.yaml", some.text.encode()).steps]
    assert faults(some.text) == faults(every.text) == []
    assert f"batch_norm: , name: start_projected_norm}}]}}, {WHEN}}}]}}" in some.text
    assert not any(name.startswith("basic1.start_projected_") for name in names)
    assert "      - batch_norm:\n        name: start_projected\n" in every.text
