"""`check --fix` where a residual body is strided or widened and its shortcut is not."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from tests.fix.repairs import faults, first, offered, told

HEAD = "input: 32x32x3\nlayers:\n  - conv3-16\n  - relu\n"
FLOOR = HEAD.replace("layers:", "rounding: {conv: floor}\nlayers:")
FROM = "  - conv3-32s2p1\n  - relu\n  - conv3-32\n  - add:\n    from: [relu1, conv3]\n"
CALLS = """\
input: 32x32x3
rounding: floor
blocks:
  basic:
    args: {{width: , stride: 1, shortcut: []}}
    layers:
      - add:
          branches:
            body:
              - conv: {{filters: =width, kernel: 3, stride: =stride, pad: 1}}
              - relu
              - conv: {{filters: =width, kernel: 3, pad: 1}}
            skip: {}
      - relu
layers:
  - conv3-16
  - basic: {{width: 16}}
  - basic: {{width: 32, stride: 2}}
  - basic: {{width: 32}}
  - basic: [64, 2]
"""
CONV = "{conv: {filters: =width, kernel: 1, stride: =stride}"
NEEDED = f"{CONV}, when: =stride != 1 or in_channels != width}}"


def test_a_shortcut_is_projected_before_the_body_loses_its_stride() -> None:
    found = offered(HEAD + FROM)
    assert found[0].text == FLOOR + FROM.replace(
        "  - add:\n    from: [relu1,",
        "  - conv1-32s2:\n    from: relu1\n    name: relu1_projected\n"
        "  - add:\n    from: [relu1_projected,",
    )
    uneven = [offer for offer in found if told(offer)[0] == ("conv2", "pad", "[1, 0, 1, 0]")]
    assert "conv: {filters: 32, kernel: 1, stride: 2, pad: same}" in uneven[0].text
    assert all(change.option != "stride" for offer in found[:-1] for change in offer.changes)


def test_the_stride_itself_is_still_offered_where_it_repairs_alone() -> None:
    spec = HEAD + FROM.replace("-32", "-16")
    found = [told(offer)[-1] for offer in offered(spec)]
    assert found[0][:2] == ("add1", "from")
    assert found[-1] == ("conv2", "stride", "1")


@pytest.mark.parametrize(
    ("shortcut", "repaired"),
    [
        ("[]", "conv1-32s2"),
        ("identity", "conv1-32s2"),
        ("identity:", "conv1-32s2"),
        ("[relu]", "[relu, conv1-32s2]"),
        ("relu  # mine", "[relu, conv1-32s2]  # mine"),
        ("{relu: {in_place: false}}", "[{relu: {in_place: false}}, conv1-32s2]"),
        ("relu: {in_place: false}", "[{relu: {in_place: false}}, conv1-32s2]"),
        ("- relu  # mine", "- relu  # mine\n          - conv1-32s2"),
    ],
)
def test_a_shortcut_that_is_written_inside_ends_with_a_projection(
    shortcut: str, repaired: str
) -> None:
    spec = (
        "  - add:\n      branches:\n        - - conv3-32s2  # down\n          - conv3-32\n"
        f"        - {shortcut}\n  - fc-10\n"
    )
    spec, wanted = FLOOR + spec, FLOOR + spec.replace(shortcut, repaired)
    assert faults(spec) == ["CC107"]
    assert first(spec) == wanted
    assert first(spec.replace("\n", "\r\n")) == wanted.replace("\n", "\r\n")
    flow = f"{FLOOR}  - {{add: {{branches: {{body: [conv3-32s2, conv3-32], skip: []}}}}}}\n"
    assert first(flow) == flow.replace("skip: []", "skip: conv1-32s2")


def test_an_identity_in_a_block_is_projected_in_the_words_of_the_block() -> None:
    spec = CALLS.format("identity").replace(", shortcut: []", "")
    some, every = offered(spec)
    assert some.text == spec.replace("skip: identity", f"skip: {NEEDED}")
    assert every.text == spec.replace("skip: identity", f"skip: {CONV}}}")
    once = spec.replace("  - basic: {width: 16}\n", "").replace("  - basic: {width: 32}\n", "")
    once = once.replace("  - basic: [64, 2]\n", "")
    assert first(once) == once.replace("skip: identity", f"skip: {CONV}}}")


def test_an_argument_for_the_shortcut_is_given_by_the_calls_that_need_it() -> None:
    spec = CALLS.format("=shortcut")
    (best,) = offered(spec)
    assert best.text == spec.replace(
        "{width: 32, stride: 2}", "{width: 32, stride: 2, shortcut: [conv1-32s2]}"
    ).replace("[64, 2]", "[64, 2, [conv1-64s2]]")
    empty = spec.replace("stride: 2}", "stride: 2, shortcut: []}")
    assert offered(empty)[0].text == best.text


def test_a_call_inside_of_a_block_gives_the_argument_in_that_blocks_words() -> None:
    head, _, _ = CALLS.format("=shortcut").partition("layers:\n  - conv3-16")
    spec = (
        f"{head}  stage:\n    args: {{width: , stride: 2}}\n    layers:\n"
        "      - basic: {width: =width, stride: =stride}\n      - basic: {width: =width}\n"
        "layers:\n  - conv3-16\n  - stage: [16, 1]\n  - stage: [32]\n  - stage: [64]\n"
    )
    assert first(spec) == spec.replace("=stride}\n", f"=stride, shortcut: [{NEEDED}]}}\n")


def test_a_shortcut_with_a_name_in_a_block_is_projected_before_the_merge() -> None:
    spec = """\
input: 32x32x3
rounding: floor
blocks:
  bottleneck:
    args: {width: , stride: 1}
    layers:
      - identity:
        name: start
      - conv: {filters: =width, kernel: 3, stride: =stride, pad: 1}
      - conv: {filters: =4*width, kernel: 1}
      - add:
        from: [start, conv2]
layers:
  - conv3-16
  - bottleneck: {width: 16}
  - bottleneck: {width: 16}
  - bottleneck: {width: 32, stride: 2}
"""
    conv = "conv: {filters: =4*width, kernel: 1, stride: =stride}"
    when = "when: =stride != 1 or in_channels != 4*width, name: start_projected_inside"
    repeat = f"repeat: {{times: 1, layers: [{{{conv}, {when}}}]}}"
    texts = [
        spec.replace(
            "      - add:\n        from: [start,",
            f"      - {layer}\n        from: start\n        name: start_projected\n"
            "      - add:\n        from: [start_projected,",
        )
        for layer in (repeat, conv)
    ]
    kept = "from: [start, conv2]\n        when: =stride == 1 and in_channels == 4*width"
    without = spec.replace("from: [start, conv2]", kept)
    assert [offer.text for offer in offered(spec)] == [*texts, without]


def test_a_shortcut_of_odd_size_is_projected_and_not_cropped() -> None:
    spec = (HEAD + FROM).replace("32x32", "33x33")
    found = offered(spec)
    assert "conv1-32s2:\n    from: relu1" in found[0].text
    assert not any("crop" in offer.text for offer in found)


def test_a_layer_more_in_a_branch_leaves_the_numbers_that_the_file_reads_by() -> None:
    spec = (
        FLOOR + "  - add:\n      branches:\n        - [conv3-32s2, conv3-32]\n        - []\n"
        "  - conv3-32\n  - relu\n  - conv3-32\n  - add:\n    from: [conv4, conv5]\n"
    )
    best = offered(spec)[0]
    assert best.text == spec.replace("- []", "- {conv1-32s2: , name: add1_branch_2_projected}")
    steps = {step.name: step for step in load("net.yaml", best.text.encode()).steps}
    assert [steps[f"conv{n}"].place.line for n in (4, 5)] == [10, 12]


INSIDE = """\
input: 32x32x3
rounding: floor
blocks:
  residual:
    args: {width: , stride: 1}
    layers:
      - conv: {filters: =width, kernel: 3, stride: =stride, pad: 1}  # first
      - add:
        from: [conv1, input]
layers:
  - conv3-16
"""


def test_the_input_of_the_net_is_not_what_arrives_at_a_block() -> None:
    spec = INSIDE + "  - residual: {width: 16}\n"
    best, *_ = offered(spec)
    assert best.text == spec.replace(
        "    layers:\n", "    layers:\n      - identity:\n        name: start\n"
    ).replace("[conv1, input]", "[conv1, start]")
    assert faults(best.text) == []


def test_two_changes_of_one_merge_are_told_as_one() -> None:
    spec = INSIDE + "  - residual: {width: 32, stride: 2}\n"
    best = offered(spec)[0]
    assert faults(best.text) == []
    (change,) = best.changes
    assert (change.before, change.after) == ("[conv1, input]", "[conv1, start_projected]")
    assert change.effect.startswith("start is what arrives at the block, `")
    assert change.line == 8


PROJECTED = "input: 32x32x3\nrounding: floor\nlayers:\n  - conv3-16\n  - add:\n      branches:\n"
BODY = "        body: [conv3-16, relu, conv3-16s2]\n        skip: "


@pytest.mark.parametrize(
    ("shortcut", "repaired", "change"),
    [
        ("[conv1-16]", "[conv1-16s2]", ("conv4", "stride", "2")),
        ("conv1-16  # mine", "conv1-16s2  # mine", ("conv4", "stride", "2")),
        ("[conv1-32]", "[conv1-16s2]", ("conv4", "filters, stride", "16, 2")),
        ("[relu, conv1-16, batch_norm]", "[relu, conv1-16s2, batch_norm]",
         ("conv4", "stride", "2")),
        ("[conv: {filters: 16, kernel: 1, bias: false}]",
         "[conv: {filters: 16, kernel: 1, bias: false, stride: 2}]", ("conv4", "stride", "2")),
        ("[conv: {K: 8, F: 1, S: 1}]", "[conv: {K: 16, F: 1, S: 2}]",
         ("conv4", "filters, stride", "16, 2")),
    ],
)  # fmt: skip
def test_a_shortcut_that_lacks_its_stride_gets_it_and_no_second_conv(
    shortcut: str, repaired: str, change: tuple[str, str, str]
) -> None:
    spec = PROJECTED + BODY + shortcut + "\n"
    found = offered(spec)
    assert found[0].text == PROJECTED + BODY + repaired + "\n"
    assert told(found[0]) == [change] and faults(found[0].text) == []
    assert not any("conv1-16s2" in offer.text for offer in found[1:])


def test_a_shortcut_in_short_form_is_written_out_where_its_padding_changes() -> None:
    spec = (PROJECTED + BODY).replace("rounding: floor\n", "") + "[conv1-32]\n"
    uneven = [offer.text for offer in offered(spec) if "pad: [1, 0, 1, 0]" in offer.text]
    conv = "{conv: {filters: 16, kernel: 1, stride: 2, pad: same}}"
    assert len(uneven) == 1 and uneven[0].endswith(f"        skip: [{conv}]\n")
    listed = spec.replace("[conv1-32]", "\n          - conv1-32")
    assert any(f"- {conv[1:-1]}\n" in offer.text for offer in offered(listed))


def test_the_help_names_the_stride_of_the_shortcut_and_not_the_body() -> None:
    findings = analyze(load("net.yaml", f"{PROJECTED}{BODY}[conv1-16]\n".encode())).findings
    (help,) = [finding.help for finding in findings if finding.code == "CC107"]
    assert help == ("skip: `conv1-16s2` in place of conv4 (16x16x16)",)


def test_a_shortcut_in_a_block_gets_the_stride_of_its_calls() -> None:
    spec = CALLS.format("{conv: {filters: =width, kernel: 1}}").replace(", shortcut: []", "")
    assert first(spec) == spec.replace("kernel: 1}", "kernel: 1, stride: =stride}")


def test_a_body_that_ends_in_a_1x1_conv_is_no_shortcut() -> None:
    spec = PROJECTED + "        body: [conv1-4, conv3-4, conv1-16]\n        skip: [conv1-16s2]\n"
    assert not any("body: [conv1-4, conv3-4, conv1-16s2]" in o.text for o in offered(spec))
