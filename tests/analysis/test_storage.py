"""Who overwrites whom (memory.md, section 2), and what an explicit in_place destroys."""

from collections.abc import Callable

import pytest

from convcalc.analysis.record import Analysis
from convcalc.findings import Severity
from convcalc.layers import BY_NAME

Analyzed = Callable[[str], Analysis]

#: in place by default wherever nobody else reads the input
BY_DEFAULT = {
    "relu", "relu6", "leaky_relu", "elu", "selu", "silu", "hard_swish", "mish", "add",
}  # fmt: skip
ACTIVATIONS = sorted(
    name for name, kind in BY_NAME.items() if kind.__module__.endswith(".activation")
)


def _decided(analysis: Analysis) -> dict[str, bool]:
    return {row.step.name: row.in_place for row in analysis.rows}


def _codes(analysis: Analysis) -> list[str]:
    return [finding.code for finding in analysis.findings]


@pytest.mark.parametrize("kind", [*ACTIVATIONS, "prelu", "dropout", "batch_norm", "lrn"])
def test_the_default_of_each_kind_behind_a_convolution(analyzed: Analyzed, kind: str) -> None:
    found = analyzed(f"layers: [conv3-4, {kind}]")
    assert found.rows[-1].in_place == (kind in BY_DEFAULT)
    assert found.rows[-1].new_volume == (kind not in {*BY_DEFAULT, "dropout"})


def test_the_networks_input_is_never_overwritten(analyzed: Analyzed) -> None:
    assert not analyzed("layers: [relu, conv3-4]").rows[1].in_place
    # not through an alias either
    assert not analyzed("layers: [identity, relu, conv3-4]").rows[2].in_place


@pytest.mark.parametrize("kind", ["sigmoid", "tanh", "softmax", "relu"])
def test_what_keeps_its_output_for_the_backward_pass_is_not_overwritten(
    analyzed: Analyzed, kind: str
) -> None:
    assert not analyzed(f"layers: [conv3-4, {kind}, relu6]").rows[-1].in_place


@pytest.mark.parametrize("kind", ["leaky_relu", "elu", "selu"])
def test_what_keeps_its_output_only_in_place(analyzed: Analyzed, kind: str) -> None:
    in_place = analyzed(f"layers: [conv3-4, {kind}, relu]")
    assert [row.in_place for row in in_place.rows] == [False, False, True, False]
    kept = analyzed(f"layers: [conv3-4, {{{kind}: {{in_place: false}}}}, relu]")
    assert [row.in_place for row in kept.rows] == [False, False, False, True]


def test_a_second_reader_forbids_it(analyzed: Analyzed) -> None:
    text = """
        layers:
          - {conv: {filters: 4, kernel: 3, pad: 1}, name: c}
          - {relu: , name: r, from: c}
          - {sigmoid: , name: s, from: c}
          - {concat: , from: [r, s]}
        """
    assert not _decided(analyzed(text))["r"]
    assert _decided(analyzed(text.replace("from: c}", "from: r}").replace("r, from: r", "r")))["r"]


def test_a_second_reader_through_an_alias_forbids_it(analyzed: Analyzed) -> None:
    found = analyzed(
        """
        layers:
          - {conv: {filters: 4, kernel: 3, pad: 1}, name: c}
          - {identity: , name: other}
          - {relu: , name: r, from: c}
          - {add: , from: [r, other]}
        """
    )
    assert not _decided(found)["r"]


def test_an_output_of_the_net_is_read_by_the_caller(analyzed: Analyzed) -> None:
    text = """
        layers:
          - {conv: {filters: 4, kernel: 3, pad: 1}, name: c}
          - {relu: , name: r}
          - {conv: {filters: 4, kernel: 3, pad: 1}, name: last}
        """
    assert _decided(analyzed(text))["r"]
    assert not _decided(analyzed("outputs: [c]\n" + text.replace("\n        ", "\n")))["r"]


def test_behind_an_alias_the_storage_is_still_overwritten(analyzed: Analyzed) -> None:
    found = analyzed("layers: [conv3-4, flatten, relu]")
    assert [row.in_place for row in found.rows] == [False, False, True, True]
    assert found.totals.activations == 2 * 8 * 8 * 4


def test_add_overwrites_its_first_input_if_it_alone_reads_it(analyzed: Analyzed) -> None:
    residual = """
        layers:
          - {conv: {filters: 4, kernel: 3, pad: 1}, name: c}
          - {conv: {filters: 4, kernel: 3, pad: 1}, name: d}
          - {add: , name: sum, from: [%s]}
        """
    assert _decided(analyzed(residual % "d, c"))["sum"]
    # c is read by d as well
    assert not _decided(analyzed(residual % "c, d"))["sum"]
    # the same volume twice is read by the add alone, but as both of its inputs
    assert not _decided(analyzed(residual % "d, d"))["sum"]


def test_multiply_and_concat_make_new_volumes(analyzed: Analyzed) -> None:
    for kind in ("multiply", "concat"):
        found = analyzed(f"layers: [conv3-4, {{{kind}: {{branches: [[conv3-4], [conv3-4]]}}}}]")
        assert not found.rows[-1].in_place
        assert found.rows[-1].new_volume


def test_an_explicit_in_place_is_obeyed(analyzed: Analyzed) -> None:
    layers = "[conv3-4, {relu: {in_place: false}}, gelu, {sigmoid: {in_place: true}}]"
    found = analyzed(f"layers: {layers}")
    assert [row.in_place for row in found.rows] == [False, False, False, False, True]
    assert found.findings == ()


@pytest.mark.parametrize("first", ["", "  - {identity: , name: i}\n"])
def test_an_explicit_in_place_that_destroys_is_obeyed_and_told(
    analyzed: Analyzed, first: str
) -> None:
    text = (
        "layers:\n"
        "  - {conv: {filters: 4, kernel: 3, pad: 1}, name: c}\n"
        f"{first}"
        "  - {relu: {in_place: true}, name: r}\n"
        "  - {sigmoid: , name: s, from: c}\n"
        "  - {add: , from: [r, s]}\n"
    )
    found = analyzed(text)
    assert _decided(found)["r"]
    (finding,) = found.findings
    assert (finding.code, finding.severity, finding.layer) == ("CC122", Severity.WARNING, "r")
    assert finding.message == "r overwrites c, which s also reads"
    assert finding.span is not None
    line = found.network.source.text.splitlines()[finding.span.line - 1]
    assert line[finding.span.column - 1 : finding.span.end_column - 1] == "true"
    assert [related.message for related in finding.related] == ["s reads it"]
    silenced = text.replace("name: r}", "name: r, ignore: CC122}")
    assert _codes(analyzed(silenced)) == []


def test_overwriting_an_output_of_the_net_is_told(analyzed: Analyzed) -> None:
    found = analyzed(
        """
        outputs: [c]
        layers:
          - {conv: {filters: 4, kernel: 3, pad: 1}, name: c}
          - {relu: {in_place: true}, name: r}
        """
    )
    (finding,) = found.findings
    assert finding.code == "CC122"
    assert finding.message == "r overwrites c, which is an output of the network"


DROPPED = "layers: [{conv3-4: , name: c}, dropout, %s, {abs: , from: c}]\noutputs: [relu1]"


def test_a_dropout_hands_its_input_on_in_inference(analyzed: Analyzed) -> None:
    assert not _decided(analyzed(DROPPED % "relu"))["relu1"]
    assert not analyzed("layers: [dropout, relu, conv3-4]").rows[2].in_place
    assert analyzed("layers: [conv3-4, dropout, relu]").rows[3].in_place
    # a sigmoid keeps its output for the backward pass, but not what a dropout makes of it
    assert analyzed("layers: [conv3-4, sigmoid, dropout, relu]").rows[4].in_place
    told = analyzed(DROPPED % "relu: {in_place: true}")
    assert _decided(told)["relu1"]
    assert [finding.message for finding in told.findings if finding.code == "CC122"] == [
        "relu1 overwrites c, which abs1 also reads"
    ]


def test_a_dropout_in_place_overwrites_nothing_in_inference(analyzed: Analyzed) -> None:
    dropout = "layers: [{conv3-4: , name: c}, {dropout: {in_place: true}}, conv3-4%s]"
    assert not analyzed(dropout % "").findings
    (finding,) = analyzed(dropout % ", {concat: , from: [conv1, c]}").findings
    assert finding.message == "dropout1 overwrites c, which concat1 also reads"


#: kinds before a dropout in place, and PyTorch's module
BEFORE = {
    "relu": "ReLU()",
    "relu: {in_place: true}": "ReLU(True)",
    "sigmoid": "Sigmoid()",
    "tanh": "Tanh()",
    "softmax": "Softmax(1)",
    "elu: {in_place: true}": "ELU(inplace=True)",
    "elu: {in_place: false}": "ELU()",
    "leaky_relu: {in_place: true}": "LeakyReLU(inplace=True)",
    "leaky_relu: {in_place: false}": "LeakyReLU()",
    "relu6": "ReLU6()",
    "silu": "SiLU()",
    "gelu": "GELU()",
    "identity": "Identity()",
}


@pytest.mark.parametrize("learns", [True, False])
@pytest.mark.parametrize("kind", BEFORE)
def test_overwriting_what_a_gradient_needs_is_told_where_pytorch_refuses_it(
    analyzed: Analyzed, kind: str, learns: bool
) -> None:
    torch = pytest.importorskip("torch")
    first = "{conv: {filters: 3, kernel: 1}}" if learns else "abs"
    found = analyzed(
        f"layers: [{first}, {{{kind if ':' in kind else f'{kind}: '}}}, "
        "{dropout: {rate: 0.3, in_place: true}}, fc-2]"
    )
    told = [f.message for f in found.findings if f.code == "CC122"]
    head = torch.nn.Conv2d(3, 3, 1) if learns else torch.nn.Threshold(-9, 0)
    before = eval(BEFORE[kind], vars(torch.nn))
    tail = (torch.nn.Dropout(0.3, inplace=True), torch.nn.Flatten(), torch.nn.Linear(48, 2))
    y = torch.nn.Sequential(head, before, *tail)(torch.randn(1, 3, 4, 4))
    try:
        y.sum().backward()
        assert told == []
    except RuntimeError as error:
        assert "inplace operation" in str(error)
        name = kind.partition(":")[0]
        assert told == [f"dropout1 overwrites what {name}1 makes and needs again for its gradient"]


@pytest.mark.parametrize("learns", [True, False])
@pytest.mark.parametrize("slope", [-0.2, 0.0, 0.5])
@pytest.mark.parametrize("kind", ["leaky_relu: {negative_slope: %s%s}", "elu: {alpha: %s%s}"])
def test_a_slope_below_0_is_not_trained_in_place(
    analyzed: Analyzed, kind: str, slope: float, learns: bool
) -> None:
    torch = pytest.importorskip("torch")
    first = "{conv: {filters: 3, kernel: 1}}" if learns else "abs"
    text = f"layers: [{first}, {{{kind}}}, fc-2]"
    asked, default = analyzed(text % (slope, ", in_place: true")), analyzed(text % (slope, ""))
    head = torch.nn.Conv2d(3, 3, 1) if learns else torch.nn.Threshold(-9, 0)
    module = torch.nn.LeakyReLU if "leaky" in kind else torch.nn.ELU
    tail = (module(slope, inplace=True), torch.nn.Flatten(), torch.nn.Linear(48, 2))
    y = torch.nn.Sequential(head, *tail)(torch.randn(1, 3, 4, 4))
    told = [f.message for f in asked.findings if f.code == "CC122"]
    assert asked.rows[2].in_place
    assert default.rows[2].in_place is (slope >= 0)
    assert not [f for f in default.findings if f.code == "CC122"]
    try:
        y.sum().backward()
        assert told == []
    except RuntimeError as error:
        assert "negative slope which is not supported" in str(error)
        name, option = ("leaky_relu1", "negative_slope") if "leaky" in kind else ("elu1", "alpha")
        assert told == [
            f"{name} overwrites its input, which its gradient needs with {option}: {slope}"
        ]
        silenced = text.replace("}}", "}, ignore: CC122}") % (slope, ", in_place: true")
        assert not [f for f in analyzed(silenced).findings if f.code == "CC122"]
