"""`check --fix`: lines, brackets and commas that are no YAML, or YAML that is not a spec."""

import pytest

from convcalc.spec.load import load
from tests.fix.repairs import offered

HEAD = "input: 8x8x3\nlayers:"
OPTIONS = "filters: 8\n{0}kernel: 3"
DEEP, SHALLOW = OPTIONS.format("      "), OPTIONS.format("    ")


@pytest.mark.parametrize(
    ("layers", "told", "repaired"),
    [
        # a dash is missing: after keys, before keys, in the column of an entry's own keys
        (f"  - conv:\n      {DEEP}\n  relu\n  - fc-2", "`relu` needs a dash",
         f"  - conv:\n      {DEEP}\n  - relu\n  - fc-2"),
        (f"  - relu\n  conv:\n      {DEEP}", "`conv` needs a dash",
         f"  - relu\n  - conv:\n      {DEEP}"),
        (f"  - relu\n  conv:\n    {SHALLOW}", "`conv` needs a dash",
         f"  - relu\n  - conv:\n      {DEEP}"),
        ("  - relu: {}\n    tanh  # more", "`tanh` needs a dash", "  - relu: {}\n  - tanh  # more"),
        ("  - relu\n    tanh:\n  - fc-2", "`tanh` needs a dash", "  - relu\n  - tanh:\n  - fc-2"),
        ("  - relu: {}\n    name: a\n    tanh", "`tanh` needs a dash",
         "  - relu: {}\n    name: a\n  - tanh"),
        ("  - relu: {}\n    name: a\n    tanh:\n    conv3-8:", "several layers: relu and tanh",
         "  - relu: {}\n    name: a\n  - tanh:\n  - conv3-8:"),
        (f"  -   relu:\n      conv:\n        {OPTIONS.format('        ')}", "several layers",
         f"  -   relu:\n  -   conv:\n        {OPTIONS.format('        ')}"),
        ("  - {relu: , tanh: }", "several layers", ""),
        ("  - relu\n  # why\n\n  tanh", "`tanh` needs a dash", "  - relu\n  # why\n\n  - tanh"),
        ("  - relu\n  -tanh", "a dash needs a space", "  - relu\n  - tanh"),
        ("  -relu\n  -tanh", "unknown layer kind '-relu'", "  - relu\n  - tanh"),
        ("  * relu\n  * tanh", "not with `*`", "  - relu\n  - tanh"),
        # a colon
        ("  - relu  # one\n    name: r", "`- relu` needs a colon", "  - relu:  # one\n    name: r"),
        ("  - relu\n    # one\n    name: r", "`- relu` needs a colon",
         "  - relu:\n    # one\n    name: r"),
        ("  - relu\n    name: r\n  - tanh\n  - relu\n    name: s\n  - relu\n    name: t",
         "`- relu` needs a colon",
         "  - relu:\n    name: r\n  - tanh\n  - relu:\n    name: s\n  - relu:\n    name: t"),
        (f"  - conv # one\n      {DEEP}", "`- conv` needs a colon",
         f"  - conv: # one\n      {DEEP}"),
        ("  - conv:{filters: 8, kernel: 3}  # one", "a space after it",
         "  - conv: {filters: 8, kernel: 3}  # one"),
        # brackets and commas
        ("  - conv: {filters: 8 kernel: 3}", "a comma is missing", None),
        ("  - conv: {filters: 8, kernel: 3\n  - relu", "a bracket is not closed",
         "  - conv: {filters: 8, kernel: 3}\n  - relu"),
        ("  - conv: {filters: 8, kernel: [3, 3}", "a list is not closed",
         "  - conv: {filters: 8, kernel: [3, 3]}"),
        ("  - conv: {filters: 8, kernel: 3\n    name: a\n  - relu", "a bracket is not closed",
         "  - conv: {filters: 8, kernel: 3}\n    name: a\n  - relu"),
        ("  - conv: {filters: 8,\n      kernel: 3\n    name: a\n  - relu", "is not closed",
         "  - conv: {filters: 8,\n      kernel: 3}\n    name: a\n  - relu"),
        ("  - conv: {filters: 8\n      kernel: 3}\n    name: a\n  - relu", "a comma is missing",
         "  - conv: {filters: 8,\n      kernel: 3}\n    name: a\n  - relu"),
        ("  - conv: {filters: 8, kernel: 3}}", "one `}` too many", None),
        ("  - conv: (filters: 8, kernel: 3)", "options are in braces", None),
        ("  - conv: filters: 8, kernel: 3", "need braces", None),
        ("  - conv {filters: 8, kernel: 3}", "`conv` needs a colon", None),
        ("  - conv: {filters=8, kernel_size = 3}", "no option 'filters=8'", None),
        ("  - conv: filters=8 kernel=3", "must be a mapping", None),
        ("  [relu,\n   tanh\n   fc-2]", "", "  [relu,\n   tanh\n   fc-2]"),
        ("  [relu,\n   'tanh'\n   fc-2]", "a comma is missing", "  [relu,\n   'tanh',\n   fc-2]"),
        ("  [conv3-8, relu]*2 fc-2", "cannot be multiplied", '  "[conv3-8 relu]*2 fc-2"'),
        ("  - relu,\n  - conv3-8;\n  - fc-2,", "unknown layer kind 'relu,'",
         "  - relu\n  - conv3-8\n  - fc-2"),
        ("  \u201cconv3-8 relu\u201d", "unknown layer kind", "  conv3-8 relu"),
        ("  \u2022 relu\n  \u2022 tanh", "unknown layer kind '\u2022'", "  - relu\n  - tanh"),
        ("  - relu // one", "unknown layer kind '//'", "  - relu # one"),
        ("  conv3-8 => relu > tanh ==> fc-2", "'=>' has no meaning in a pattern",
         "  conv3-8 -> relu -> tanh -> fc-2"),
        # columns
        ("\t- relu\n\t- conv:\n\t\tfilters: 8\n\t\tkernel: 3", "tabs cannot",
         "    - relu\n    - conv:\n        filters: 8\n        kernel: 3"),
        ("  - relu\n\t- tanh\n  - fc-2", "tabs cannot", "  - relu\n  - tanh\n  - fc-2"),
        ("  - conv:\n\tfilters: 8\n\tkernel: 3", "tabs cannot",
         "  - conv:\n        filters: 8\n        kernel: 3"),
        ("  - repeat:\n      times: 2\n      layers:\n\t- relu\n\t- tanh", "tabs cannot",
         "  - repeat:\n      times: 2\n      layers:\n        - relu\n        - tanh"),
        (f"  - conv:\n    {SHALLOW}", "conv needs filters and kernel", f"  - conv:\n      {DEEP}"),
        ("  - repeat:\n    times: 2\n    layers:\n      - relu", "one entry holds several keys",
         "  - repeat:\n      times: 2\n      layers:\n        - relu"),
        ("  - add:\n    branches:\n      - relu\n      - tanh", "add has no inputs",
         "  - add:\n      branches:\n        - relu\n        - tanh"),
        # keys of the entry between the kind and its options
        (f"  - conv:\n    name: c1\n      {DEEP}\n  - relu", "`name:` is between `conv:` and its",
         f"  - conv:\n      {DEEP}\n    name: c1\n  - relu"),
        ("  - name: s\n    add:\n    from: input\n    # why\n    when: =1 == 1\n\n      branches:\n"
         "        - relu\n        - tanh", "`from:` and `when:` are between `add:` and its options",
         "  - name: s\n    add:\n      branches:\n        - relu\n        - tanh\n"
         "    from: input\n    # why\n    when: =1 == 1\n"),
        ("  - repeat:\n    name: r\n      times: 2\n      layers:\n        - conv:\n"
         "          ignore: [CC103]\n            filters: 8\n            kernel: 3",
         "`name:` is between `repeat:`",
         "  - repeat:\n      times: 2\n      layers:\n        - conv:\n            filters: 8\n"
         "            kernel: 3\n          ignore: [CC103]\n    name: r"),
        ("  - add:\n    name: s\n    branches:\n      - relu\n      - tanh", "add has no inputs",
         "  - add:\n      branches:\n        - relu\n        - tanh\n    name: s"),
        (f"  - conv:\n    name: c1\n    {SHALLOW} # 3\n    pad:\n      - 1\n      - 1",
         "conv needs filters and kernel",
         f"  - conv:\n      {DEEP} # 3\n      pad:\n        - 1\n        - 1\n    name: c1"),
        ("  - repeat:\n    name: r\n    times: 2\n    layers:\n      - relu", "several keys",
         "  - repeat:\n      times: 2\n      layers:\n        - relu\n    name: r"),
        # how often beside what is repeated
        ("  - repeat: 8  # eight\n    name: r\n    layers:\n      - relu\n      # two\n"
         "      - tanh",
         "several keys: repeat and layers",
         "  - repeat:\n      times: 8  # eight\n      layers:\n        - relu\n        # two\n"
         "        - tanh\n    name: r"),
        ("  - repeat: 8\n    layers: [relu]", "several keys",
         "  - repeat:\n      times: 8\n      layers: [relu]"),
        (f"  conv:\n    {SHALLOW}\n  # two\n  relu:\n  conv3-8:\n  relu:", "layers must be a list",
         f"  - conv:\n      {DEEP}\n    # two\n  - relu:\n  - conv3-8:\n  - relu:"),
    ],
)  # fmt: skip
def test_what_its_author_meant_is_an_edit(layers: str, told: str, repaired: str | None) -> None:
    text = f"{HEAD}\n{layers}\n"
    found = load("net.yaml", text.encode()).findings
    assert not told or any(told in finding.message for finding in found)
    if repaired is None:
        repaired = "  - conv: {filters: 8, kernel: 3}"
    if not repaired or not found:
        assert offered(text) == []
        return
    best = offered(text)[0]
    assert best.text == f"{HEAD}\n{repaired}\n"
    assert best.errors == ()


@pytest.mark.parametrize(
    "layers",
    [
        "  - relu: {}\n    checkpoint",  # a key of the entry, and no layer
        "  - relu\n  name: a",  # of the entry above, or an entry
        "  - relu\nname: a",
        "  - a: {b: 1,\n  - relu",  # more may have been meant to come
    ],
)
def test_what_may_mean_two_things_is_no_edit(layers: str) -> None:
    text = f"{HEAD}\n{layers}\n"
    assert "- checkpoint" not in "".join(offer.text for offer in offered(text))
    assert not any("- name" in offer.text or "1}" in offer.text for offer in offered(text))


@pytest.mark.parametrize(
    ("spec", "repaired"),
    [
        ("blocks: {b: [relu, tanh]}", "blocks: {b: {layers: [relu, tanh]}}"),
        ("blocks:\n  b: [relu, tanh]  # a", "blocks:\n  b: {layers: [relu, tanh]}  # a"),
        ("blocks:\n  b:\n    - relu  # a", "blocks:\n  b:\n    layers:\n    - relu  # a"),
        ("blocks:\n  b:\n  - relu", "blocks:\n  b:\n    layers:\n    - relu"),
    ],
)
def test_a_block_that_is_a_list_gets_its_key(spec: str, repaired: str) -> None:
    tail = "\ninput: 8x8x3\nlayers: [b]\n"
    found = [offer.text for offer in offered(f"{spec}{tail}")]
    assert found == ([f"{repaired}{tail}"] if repaired else [])


@pytest.mark.parametrize(
    ("entry", "repaired"),
    [
        ("{repeat: 3, layers: [conv3-8, relu]}", "{repeat: {times: 3, layers: [conv3-8, relu]}}"),
        ("{repeat: 3, layers: [relu], name: r}", "{repeat: {times: 3, layers: [relu]}, name: r}"),
        ("{layers: [relu], repeat: 3}", "{repeat: {times: 3, layers: [relu]}}"),
    ],
)
def test_a_repeat_on_one_line(entry: str, repaired: str | None) -> None:
    found = [offer.text for offer in offered(f"{HEAD}\n  - {entry}\n")]
    assert found == ([f"{HEAD}\n  - {repaired}\n"] if repaired else [])


@pytest.mark.parametrize("shape", ["8x8x3,", "\u20188x8x3\u2019", "(8, 8, 3);"])
def test_signs_around_a_shape_are_left_out(shape: str) -> None:
    assert offered(f"input: {shape}\nlayers: [relu]\n")[0].text == "input: 8x8x3\nlayers: [relu]\n"


def test_no_edit_writes_what_a_message_shows_of_a_hidden_character() -> None:
    found = load("net.yaml", "input: 8x8x3\nlayers\u00ad: [relu]\nlayers\u00ad\n".encode())
    assert not any("did you mean" in line for f in found.findings for line in f.help)


def test_a_name_in_place_of_a_kind_is_told_where_it_stands() -> None:
    for entry in ("conv1: conv3-8", "relu1: relu"):
        (found,) = load("net.yaml", f"{HEAD}\n  - {entry}\n".encode()).findings
        name, layer = entry.split(": ")
        said = f"a name stands beside its layer: `- {layer}:`, and `name: {name}` below it"
        assert found.help == (said,)


def test_an_activation_of_another_tool_is_no_name() -> None:
    assert offered(f"{HEAD}\n  - Activation: relu\n")[0].text == f"{HEAD}\n  - relu\n"


@pytest.mark.parametrize("piece", ["\t", " ", "a", ":(a: ", "{a: b ", "}", "* ", "- a: ", "[a]*2 "])
def test_a_long_line_is_answered_at_once(piece: str) -> None:
    # a search that tries every place of a line anew would take hours
    text = f"{HEAD}\n  - conv: {{filters: 8\n{piece * 60_000}\n\t- relu\n"
    offered(text)


def test_layers_with_times_alone_are_a_repeat() -> None:
    (found,) = load("net.yaml", f"{HEAD}\n  - layers: [relu]\n    times: 3\n".encode()).findings
    assert found.help == (
        "layers that are repeated stand inside `repeat: {times: 3, layers: [...]}`",
    )


DEEP_CONV = f"conv:\n{' ' * 16}filters: 3\n{' ' * 16}kernel: 1"


@pytest.mark.parametrize(
    ("merge", "kind"),
    [("add", "conv: {filters: 3, kernel: 1}"), ("concat", "conv3-8:"), ("add", DEEP_CONV)],
)
@pytest.mark.parametrize("beside", ["", "name: a\n"])
def test_a_branch_of_several_layers_is_a_list_not_a_branch_of_each(
    merge: str, kind: str, beside: str
) -> None:
    """With a dash of its own each would be a branch beside the others."""
    column = " " * 12
    keys = f"{column}{beside}" if beside else ""
    text = (
        f"input: 8x8x3\nlayers:\n  - {merge}:\n      branches:\n"
        f"          - {kind}\n{keys}{column}relu:\n{column}batch_norm:\n          - identity\n"
    )
    (found,) = load("n.yaml", text.encode()).findings[:1]
    assert found.help == (
        "a branch of several layers is a list: `- ` before each layer, `- - ` before the first",
    )
    first = offered(text)[0]
    own = load("n.yaml", first.text.encode())
    assert not own.findings
    layers = [step.kind for step in own.steps if step.kind in {"conv", "relu", "batch_norm"}]
    merged = next(step for step in own.steps if step.kind == merge)
    assert len(merged.inputs) == 2 and len(layers) == 3


def test_a_layer_that_one_entry_holds_twice_may_have_a_dash_of_its_own() -> None:
    (found,) = load("n.yaml", f"{HEAD}\n  - relu:\n    relu:\n".encode()).findings
    assert found.help[1:] == ("or, where they are two layers, give each its own `- `",)
    (key,) = load("n.yaml", f"{HEAD}\n  - relu:\n    name: a\n    name: b\n".encode()).findings
    assert key.message == "duplicate key 'name'" and len(key.help) == 1


def test_keys_below_layers_that_a_call_gives_need_a_layer_around_them() -> None:
    """`- =act:` is no kind, whatever is put for it."""
    text = (
        "input: 8x8x3\nblocks:\n  b:\n    args: {act: [relu]}\n    layers:\n"
        "      - =act\n        name: a\n      - conv1-3\n      - add:\n        from: [a, conv1]\n"
        "layers: [b]\n"
    )
    (best,) = offered(text)
    meant = "- repeat: {times: 1, layers: =act}\n        name: a"
    assert best.text == text.replace("- =act\n        name: a", meant) and best.errors == ()
    (found,) = load("n.yaml", text.encode()).findings
    assert found.message.endswith(
        "keys cannot follow below `- =act`, which stands for a block's layers"
    )
