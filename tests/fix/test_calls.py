"""`check --fix`: what is wrong in one call of a block is mended there; others stay as they are."""

import pytest

from convcalc.findings import Severity
from convcalc.fix.bystanders import altered
from convcalc.fix.moved import Moved
from convcalc.spec.edit import Edit
from convcalc.spec.load import load
from tests.fix.repairs import first, offered

BLOCK = """\
input: 32x32x3
vars: {width: 16}
blocks:
  b:
    args: {filters: 8, pad: 0, bias: true, mode: nearest, times: 1, q: =pad}
    layers:
      - conv: {filters: =filters, kernel: 3, pad: =q, bias: =bias}
      - upsample: {scale: 2, mode: =mode}
      - {relu: , times: =times}
  outer:
    args: {f: , p: 1}
    layers:
      - b: [=f, =p]
layers:
"""


@pytest.mark.parametrize(
    ("call", "repaired"),
    [
        ("b: {filters: $width}", "b: {filters: =width}"),
        ("b: {filters: width}", "b: {filters: =width}"),
        ("b: $width", "b: =width"),
        ("b: [$width, 1]", "b: [=width, 1]"),
        ('b: {filters: "32"}', "b: {filters: 32}"),
        ("b: 32.0", "b: 32"),
        ('b: {bias: "false"}', "b: {bias: false}"),
        ("b: {bias: 0}", "b: {bias: false}"),
        ("b: {pad: SAME}", "b: {pad: same}"),
        ("b: {mode: linear}", "b: {mode: bilinear}"),
        ("b: {times: width}", "b: {times: =width}"),
        ("outer: [8, SAME]", "outer: [8, same]"),
        ("outer: {f: $width}", "outer: {f: =width}"),
    ],
)
def test_a_wrong_value_is_mended_in_its_call(call: str, repaired: str) -> None:
    others = "  - b: 4\n  - b: {pad: 1, bias: true, mode: bilinear}\n  - outer: 4\n"
    wrong, right = (f"{BLOCK}{others}  - {one}\n{others}" for one in (call, repaired))
    assert first(wrong) == right
    (finding,) = [
        f for f in load("net.yaml", wrong.encode()).findings if f.severity is Severity.ERROR
    ]
    assert finding.line == 18
    assert finding.related[0].message == "used here"
    assert load("net.yaml", right.encode()).steps[1].layer is not None


def test_a_wrong_default_is_mended_where_it_stands() -> None:
    wrong = BLOCK.replace("bias: true", 'bias: "no"') + "  - b: 4\n  - b: {bias: true}\n"
    assert first(wrong) == wrong.replace('"no"', "false")


def test_a_default_of_the_same_name_as_a_variable_is_that_variable() -> None:
    text = BLOCK.replace("filters: 8", "width: =width").replace("=filters", "=width")
    text = text.replace("{width: 16}", '{width: "16"}') + "  - b\n"
    assert "remove the quotes" in offered_help(text)
    assert first(text) == text.replace('"16"', "16")


def offered_help(text: str) -> str:
    return load("net.yaml", text.encode()).findings[0].help[0]


HEAD = "input: 8x8x4\nblocks:\n  b:\n    args: {pad: 0, w: 4}\n    layers:\n"
BODY = f"{HEAD}      - conv: {{filters: =w, kernel: 3, pad: =pad}}\nlayers:\n  - b: {{pad: SAME}}\n"


READS = """\
input: 8x8x4
blocks:
  merge: {args: {skip: }, layers: [{conv3-4: , name: t}, {add: , from: [=skip, t]}]}
layers: [{conv3-4: , name: one}, {conv3-4: , name: two}, merge: one, merge: tow]
"""


@pytest.mark.parametrize(
    ("text", "before", "after", "spoils"),
    [
        (READS, "=skip", "two", True),  # the right call reads another layer
        (READS, "tow", "two", False),
        (f"{BODY}  - b\n", "=pad}", "same}", True),  # the right call has another padding
        (f"{BODY}  - b\n", "SAME", "same", False),
        (BODY, "=pad}", "same}", False),
        (f"{HEAD}      - relu\nlayers:\n  - {{relu: , pd: 2}}\n", ", pd: 2", "", False),
        ("input: 8x8x4\nlayers:\n  - rellu\n  - conv3-8\n", "rellu", "pool2", False),
        (
            "input: 8x8x4\nvars: {n: 4}\nlayers:\n  - conv: {filters: =n, kernel: 1}\n",
            "{n: 4}",
            "{n: 5}",
            True,
        ),
        (
            "input: 8x8x4\nlayers:\n  - conv3-8\n  - conv: {filters: =in_channels, kernel: 1}\n",
            "conv3-8",
            "conv3-9",
            False,  # another number arrives, and the first has a repair of its own
        ),
        (
            "input: 8x8x4\nlayers:\n  - concat: {branches: [conv3-8, identity]}\n",
            "conv3-8",
            "conv3-8, relu",
            True,
        ),
    ],
)
def test_layers_that_were_right_are_held_against_what_they_were(
    text: str, before: str, after: str, spoils: bool
) -> None:
    at = text.index(before)
    old, new = text, text.replace(before, after, 1)
    edit = Edit(at, at + len(before), after)
    networks = [load("net.yaml", one.encode()) for one in (old, new)]
    assert altered([edit], *networks) is spoils


def test_places_are_found_again_before_and_after_edits() -> None:
    moved = Moved([Edit(2, 4, "wxyz"), Edit(6, 6, "--"), Edit(8, 9, "")])  # abcdefghij
    assert [moved.on(at) for at in (0, 2, 3, 4, 5, 6, 7, 8, 9)] == [0, 2, 2, 6, 7, 10, 11, 12, 12]
    assert [moved.back(at) for at in (0, 2, 5, 6, 7, 8, 9, 10, 11)] == [0, 2, 2, 4, 5, 6, 6, 6, 7]


def test_lines_of_a_repair_are_those_of_the_file_before_it() -> None:
    text = (
        "input: 28x28x1\nlayers:\n  - Conv2D: {filters: 6, kernel_size: 5, activation: relu}\n"
        "  - dense: {units: 84, activation: relu}\n  - fc: 10\n  - dropout: {p: 0.5}\n"
        "  - pool: {kernel_size: 2}\n"
    )
    (best, *_) = offered(text)
    lines = text.splitlines()
    for change in best.changes:
        assert change.before.rstrip(":").split(":")[0] in lines[change.line - 1], change


MERGE = "input: 32x32x8\nlayers:\n  - conv3-8\n  - concat:\n      branches:\n"


@pytest.mark.parametrize(
    ("branch", "repaired"),
    [
        (
            "        - conv: {filters: 8, kernel: 3, pad: 1, activation: relu}  # why\n",
            "        - [conv: {filters: 8, kernel: 3, pad: 1}, relu]  # why\n",
        ),
        (
            "        - {conv: {filters: 8, kernel: 1, bn: true}}\n",
            "        - [{conv: {filters: 8, kernel: 1}}, batch_norm]\n",
        ),
        (
            "        - conv: {filters: 8, kernel: 1, dropout: 0.5}\n",
            "        - [conv: {filters: 8, kernel: 1}, {dropout: {rate: 0.5}}]\n",
        ),
        (
            "        - conv:\n            filters: 8\n            activation: relu  # why\n"
            "            kernel: 1\n",
            "        - - conv:\n              filters: 8\n              kernel: 1\n"
            "          - relu  # why\n",
        ),
        (
            "        - conv:\n            filters: 8\n            kernel: 1\n"
            "          activation: relu\n",
            "        - - conv:\n              filters: 8\n              kernel: 1\n"
            "          - relu\n",
        ),
        (
            "        - Conv2D: {filters: 8, kernel_size: 1, activation: relu}\n",
            "        - [conv: {filters: 8, kernel: 1}, relu]\n",
        ),
        (
            "        - concat: {branches: [{conv: {filters: 8, kernel: 1, act: relu}}, relu]}\n",
            "        - concat: {branches: [[{conv: {filters: 8, kernel: 1}}, relu], relu]}\n",
        ),
        (
            "        - [conv: {filters: 8, kernel: 1, activation: relu}]\n",
            "        - [conv: {filters: 8, kernel: 1}, relu]\n",
        ),
    ],
)
def test_an_activation_of_a_branch_is_no_branch_of_its_own(branch: str, repaired: str) -> None:
    more = "        - conv1-16\n  - conv1-8\n"
    wrong, right = f"{MERGE}{branch}{more}", f"{MERGE}{repaired}{more}"
    assert first(wrong) == right
    network = load("net.yaml", right.encode())
    assert not [f for f in network.findings if f.severity is Severity.ERROR]
    merges = [step for step in network.steps if step.kind == "concat"]
    assert [len(step.inputs) for step in merges] == [2] * len(merges)
    windows = first(wrong.replace("\n", "\r\n"))
    assert windows == right.replace("\n", "\r\n")


def test_a_named_branch_of_one_layer_becomes_a_list() -> None:
    head = (
        "input: 8x8x8\nlayers:\n  - add:\n      branches:\n        skip: identity\n        main:\n"
    )
    wrong = (
        "          conv:\n            filters: 8\n\n            kernel: 1\n            act: relu"
    )
    right = (
        "          - conv:\n              filters: 8\n\n              kernel: 1\n\n          - relu"
    )
    assert first(head + wrong) == head + right


def test_the_help_in_a_branch_is_what_can_be_typed_there() -> None:
    entry = "conv: {filters: 8, kernel: 1, activation: relu}"
    for spec, help in (
        (f"{MERGE}        - {entry}\n", "make a list of both, `[conv: {...}, relu]`"),
        (f"{MERGE}        - [{entry}]\n", "`- relu` on the next line"),
        (
            f"{MERGE}        - repeat: {{times: 2, layers: [{entry}]}}\n",
            "`- relu` on the next line",
        ),
        (f"input: 8x8x8\nlayers:\n  - {entry}\n", "`- relu` on the next line"),
    ):
        assert offered_help(spec) == f"an activation is a separate layer: {help}"


@pytest.mark.parametrize(
    "branch",
    [
        "{conv: {filters: 8, kernel: 1, activation: relu}, name: a}",
        "{conv: {filters: 8, kernel: 1, activation: relu, bn: true}}",
    ],
)
def test_no_branch_is_rewritten_that_may_mean_something_else(branch: str) -> None:
    assert offered(f"{MERGE}        - {branch}\n        - conv1-16\n") == []
