"""`check --fix`: words that were probably meant."""

import pytest

from convcalc.analysis.walk import analyze
from convcalc.findings import Severity
from convcalc.fix import suggested, work
from convcalc.fix.record import Offer
from convcalc.fix.search import offers
from convcalc.fix.words import words_replaced
from convcalc.fix.work import Work
from convcalc.spec.edit import Edit
from convcalc.spec.load import load


def offered(spec: str) -> list[Offer]:
    return offers(load("net.yaml", spec.encode()))


def faults(text: str) -> list[str]:
    analysis = analyze(load("net.yaml", text.encode()))
    return [f.code for f in analysis.findings if f.severity is not Severity.NOTE]


def test_repeat_beside_an_entry_becomes_times() -> None:
    spec = "input: 8x8x3\nlayers:\n  - Conv2D: {filters: 4, kernel: 3}\n    repeat: 2\n  - fc-10\n"
    (best,) = offered(spec)
    assert best.text == spec.replace("Conv2D", "conv").replace("repeat", "times")
    assert best.errors == ()


def test_an_entry_with_keys_below_it_gets_its_colon() -> None:
    spec = "input: 8x8x3\nlayers:\n  - conv3-4\n    name: a\n  - relu\n    name: b\n  - fc-10\n"
    (best,) = offered(spec)
    assert best.text == spec.replace("conv3-4", "conv3-4:").replace("relu", "relu:")
    assert best.errors == ()
    assert [(one.before, one.after) for one in best.changes] == [
        ("conv3-4", "conv3-4:"),
        ("relu", "relu:"),
    ]


def test_no_correction_breaks_the_yaml_that_would_hide_the_other_errors(monkeypatch) -> None:
    monkeypatch.setattr(suggested, "suggestion", lambda finding: "relu: 2: 2")
    assert offered("input: 8x8x3\nlayers:\n  - rellu\n  - {soft: }\n  - tanhh\n") == []


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        ("[filters]", "{filters: }"),
        ("filters", "{filters: }"),
        ("[filters, stride=1]", "{filters: , stride: 1}"),
    ],
)
def test_arguments_in_a_list_become_a_mapping(args: str, meant: str) -> None:
    spec = (
        "input: 8x8x3\nblocks:\n  b:\n    args: ARGS\n    layers:\n"
        "      - conv: {filters: =filters, kernel: 1}\nlayers:\n  - b: 4\n  - b: 8\n"
    )
    assert faults(spec.replace("ARGS", args)) == ["CC020"]
    assert offered(spec.replace("ARGS", args))[0].text == spec.replace("ARGS", meant)


def test_arguments_that_cannot_be_read_are_the_only_error() -> None:
    spec = "input: 8x8x3\nblocks: {b: {args: [[a]], layers: [relu]}}\nlayers:\n  - b: 4\n"
    assert faults(spec) == ["CC020"]


def test_the_lines_of_a_repair_stand_in_the_order_of_the_file() -> None:
    text = (
        "input: 32x32x3\nlayers:\n  - Conv2d: {out_channels: 8, kernel_size: 3, padding: 1}\n"
        "  - ReLU\n  - MaxPool2d: {kernel_size: 2}\n  - Flatten\n  - Linear: {out_features: 10}\n"
    )
    (offer,) = offers(load("net.yaml", text.encode()))
    lines = [change.line for change in offer.changes]
    assert lines == sorted(lines) and {3, 4, 5, 7} <= set(lines)


BLOCK = "input: 8x8x3\nlayers:\n  - conv:\n      filters: 4\n      kernel: 3\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("      activation: relu\n  - flatten\n", "  - relu\n  - flatten\n"),
        ("      activation: relu", "\n  - relu"),
        ("      activation: relu  # why\n", "  - relu  # why\n"),
        ("      activation: relu  # why\n      pad: 1\n", "      pad: 1\n  - relu  # why\n"),
        ("      kernel_initializer: ones  # why\n      pad: 1\n", "      # why\n      pad: 1\n"),
        ("      activation: ReLU\n\n  - flatten\n", "  - relu\n\n  - flatten\n"),
        ("      activation: ReLU\n    expect: 6x6x4\n", "    expect: 6x6x4\n  - relu\n"),
    ],
)
def test_an_option_on_a_line_of_its_own_takes_no_comment_with_it(before, after) -> None:
    (offer,) = offered(BLOCK + before)
    assert offer.text == BLOCK + after
    windows, unix = (BLOCK + before).replace("\n", "\r\n"), BLOCK + after
    assert offered(windows)[0].text.replace("\r\n", "\n") == unix


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{filters: 8,\n      activation: relu,  # a\n      kernel: 3}",
         "{filters: 8,\n        # a\n      kernel: 3}"),
        ("{filters: 8, kernel: 3,  # a\n      activation: relu}",
         "{filters: 8, kernel: 3,  # a\n      }"),
        ("{filters: 8, kernel: 3, activation: relu}  # a", "{filters: 8, kernel: 3}  # a"),
    ],
)  # fmt: skip
def test_an_option_in_brackets_takes_no_comment_with_it(before, after) -> None:
    head = "input: 8x8x3\nlayers:\n  - conv: "
    (offer,) = offered(f"{head}{before}\n  - flatten\n")
    assert offer.text == f"{head}{after}\n  - relu\n  - flatten\n"
    assert faults(offer.text) == []


def test_a_comment_before_the_comma_of_an_option_is_left_alone() -> None:
    options = "{filters: 8,\n      activation: relu  # a, b\n      , kernel: 3}"
    assert offered(f"input: 8x8x3\nlayers:\n  - conv: {options}\n  - flatten\n") == []


def test_an_activation_that_is_no_kind_is_not_taken_for_another() -> None:
    spec = "input: 8x8x3\nlayers:\n  - Conv2D: {filters: 4, kernel: 3, activation: softplus}\n"
    assert offered(spec) == []
    assert "relu" in offered(spec.replace("softplus", "ReLU"))[0].text


def test_edits_that_want_the_same_place_are_not_offered(monkeypatch) -> None:
    monkeypatch.setattr(
        suggested.Pairs, "edits", lambda self, help, span: ("x", (Edit(3, 9, "a"), Edit(5, 6, "b")))
    )
    assert offered(BLOCK + "      activation: relu\n") == []


def test_a_short_form_with_options_is_written_out() -> None:
    head = "input: 8x8x3\nlayers:\n"
    flow = f"{head}  - conv3-4: {{bias: false}}  # why\n    name: x\n"
    (offer,) = offered(flow)
    assert offer.text == flow.replace("conv3-4: {", "conv: {filters: 4, kernel: 3, pad: 1, ")
    (offer,) = offered(f"{head}  - conv3-4: {{stride: 1}}\n    name: x\n")
    assert offer.text == f"{head}  - conv3-4s1:\n    name: x\n"
    assert offered(f"{head}  - conv3-4:\n      # why\n      bias: false\n      stride: 1\n") == []


@pytest.mark.parametrize(
    ("layers", "repaired"),
    [
        ("- relu: true  # r\n  - dropout: false\n  - fc-10", "- relu  # r\n  - fc-10"),
        ("- fc-10\n  - relu: off  # r", "- fc-10\n  # r"),
        ("- {relu: on, name: a}\n  - fc-10", "- {relu: , name: a}\n  - fc-10"),
        ("- relu: True\n    name: a\n  - fc-10", "- relu:\n    name: a\n  - fc-10"),
        ("- {conv: {filters: 2, kernel: 1, relu: false}}", "- {conv: {filters: 2, kernel: 1}}"),
        (
            "- conv: {filters: 2, kernel: 1, bias: None}",
            "- conv: {filters: 2, kernel: 1, bias: false}",
        ),
        ("- dropout: {in_place: on}", "- dropout: {in_place: true}"),
        ("- {dropout: false, name: a}", None),
        ("- dropout: false", None),
        ("- reshape: true", None),
        ("- conv: {filters: 2, kernel: 1, activation: true}", None),
    ],
)
def test_yes_and_no(layers: str, repaired: str | None) -> None:
    found = offered(f"input: 8x8x3\nlayers:\n  {layers}\n")
    assert (found[0].text if found else None) == (
        repaired and f"input: 8x8x3\nlayers:\n  {repaired}\n"
    )


def test_what_is_replaced_is_shown_with_its_key() -> None:
    (best,) = offered("input: 8x8x3\nlayers: [relu: true, {relu: false}]\n")
    assert best.text == "input: 8x8x3\nlayers: [relu]\n"
    assert [(c.before, c.after) for c in best.changes] == [
        ("relu: true", "relu"),
        ("relu: false", ""),
    ]


def _sizings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many layers each trial has, while one repairs."""
    sized: list[int] = []
    monkeypatch.setattr(
        work, "load", lambda *a, **k: (n := load(*a, **k), sized.append(len(n.steps)))[0]
    )
    return sized


def test_many_words_are_replaced_together(monkeypatch: pytest.MonkeyPatch) -> None:
    sized = _sizings(monkeypatch)
    block = (
        "  - conv: {filtrs: 8, kernl: 3, pd: 1}\n  - Conv2d: {out_channels: 8, kernel_size: 1}\n"
    )
    network = load("net.yaml", f"input: 64x64x3\nlayers:\n{block * 40}".encode())
    found = words_replaced(network)
    assert found is not None and not found.errors and len(sized) < 8
    assert (
        "- conv: {filters: 8, kernel: 3, pad: 1}\n  - conv: {filters: 8, kernel: 1}" in found.text
    )


def test_one_word_that_does_not_help_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "  - conv: {filtrs: 8, kernl: 3, pd: 1}\n"
    bad = "  - conv: {filters: 8, kernel: 3, strid: [x]}\n"
    text = f"input: 64x64x3\nlayers:\n{line * 9}{bad}{line * 9}"
    found = words_replaced(load("net.yaml", text.encode()))
    assert found is not None and found.text.count("{filters: 8, kernel: 3, pad: 1}") == 18
    assert bad in found.text


def test_an_expensive_net_gets_few_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    sized = _sizings(monkeypatch)
    wrong = "  - conv: {filters: 8, kernel: 3, strid: [x]}\n  - {pool2: , from: input}\n"
    text = f"input: 65x65x3\nlayers:\n  - {{conv3-8: , times: 9000}}\n{wrong * 30}"
    offers(load("net.yaml", text.encode()))
    assert 0 < sum(sized) < 900_000
    assert words_replaced(load("net.yaml", text.encode()), Work(lambda: True)) is None


@pytest.mark.parametrize(
    "layers",
    [
        "  - conv: &c {filters: 8, kernel: 3, activation: relu}\n  - conv: *c\n",
        "  - &c {conv: {filters: 8, kernel: 3, activation: relu}}\n  - *c\n",
        "  - conv:\n      filters: 8\n      kernel: 3\n      activation: relu\n  - relu\n"
        "  - {tanh: , from: relu1}\n",
    ],
)
def test_no_layer_is_put_in_that_an_alias_or_a_reference_would_miss(layers: str) -> None:
    assert offered(f"input: 16x16x3\nlayers:\n{layers}") == []
    whole = "layers: &l\n  - conv: {filters: 8, kernel: 3, activation: relu}\n  - tanh\n"
    (offer,) = offered(f"input: 16x16x3\n{whole}")
    assert "  - relu\n  - tanh\n" in offer.text


def test_no_layer_is_taken_out_whose_number_others_take() -> None:
    text = "input: 8x8x3\nlayers:\n  - conv3-3\n  - relu: false\n  - relu\n"
    assert offered(text)[0].text == text.replace("  - relu: false\n", "")
    assert offered(f"{text}  - {{tanh: , from: relu2}}\n") == []


def test_what_was_meant_counts_as_work_beside_the_layers() -> None:
    found = analyze(load("net.yaml", b"input: 8x8x4\nlayers: [rellu]\n"))
    short, enough = Work(most=14), Work(most=15)  # 2 layers, and 12 for the one that is unknown
    short.took(found)
    enough.took(found)
    assert (short.is_over, enough.is_over) == (True, False)


def test_a_long_text_counts_as_work_beside_its_layers() -> None:
    found = analyze(
        load("net.yaml", b"input: 8x8x4\nnotes: " + b"n" * 4000 + b"\nlayers: [relu]\n")
    )
    short, enough = Work(most=102), Work(most=103)  # 2 layers and 40 letters a layer
    short.took(found)
    enough.took(found)
    assert (short.is_over, enough.is_over) == (True, False)


@pytest.mark.parametrize(
    ("layers", "repaired"),
    [
        ("[conv3-6-s2]", "[conv3-6s2]"),
        ("[conv3_6_s2_p1, relu]", "[conv3-6s2p1, relu]"),
        ("relu conv3-6-s2 pool3-s1", "relu conv3-6s2 pool3s1"),
        ("[pool3/2]", "[pool3s2]"),
        ("[ReflectionPad2d: 1]", "[pad: {sides: 1, mode: reflect}]"),
        ("[nn.ReflectionPad2d(2)]", "[pad: {sides: 2, mode: reflect}]"),
        ("['nn.ReplicationPad2d((1, 2, 3, 4))']", "[pad: {sides: [3, 4, 1, 2], mode: edge}]"),
        ("[{conv: {filters: =W, kernel: 3}}]", "[{conv: {filters: =w, kernel: 3}}]"),
        ("[{conv: {filters: =2*W + W, kernel: 3}}]", "[{conv: {filters: =2*w + w, kernel: 3}}]"),
    ],
)  # fmt: skip
def test_a_word_is_written_as_here(layers: str, repaired: str) -> None:
    head = "input: 9x9x3\nvars: {w: 4}\nlayers: "
    texts = [words_replaced(load("net.yaml", f"{head}{layers}\n".encode()))]
    assert [found and found.text for found in texts] == [f"{head}{repaired}\n"]


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("Conv3-64s2p1", "conv3-64s2p1"),
        ("Pool3s2", "pool3s2"),
        ("repeat: {time: 2, layer: [relu]}", "repeat: {times: 2, layers: [relu]}"),
        ("repeat: {time: 2, layers: [relu]}", "repeat: {times: 2, layers: [relu]}"),
    ],
)
def test_capitals_of_short_forms_and_keys_of_a_repeat(entry: str, meant: str) -> None:
    text = "input: 9x9x3\nlayers:\n  - {}\n"
    found = load("net.yaml", text.format(entry).encode()).findings
    assert all(line.startswith("did you mean") for finding in found for line in finding.help)
    (best, *_) = offers(load("net.yaml", text.format(entry).encode()))
    assert meant in best.text
