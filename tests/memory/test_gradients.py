"""How gradients of one volume add up: in place, or in a new tensor (PyTorch's input buffers)."""

import pytest

from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.memory.precisions import with_precision
from convcalc.memory.summary import memory_of
from convcalc.memory.trace import GRADIENT
from convcalc.memory.training import training
from convcalc.spec.load import load

_CONV = "conv: {filters: 4, kernel: 1}"


def _made(layers: str, batch: int, end: str = "- global_avg_pool\n") -> int:
    """How many tensors are made for the gradient of the first layer's output, `x`."""
    spec = f"input: 4x4x4\nlayers:\n- {_CONV}\n  name: x\n{layers}{end}- fc: {{units: 2}}\n"
    analysis = analyze(load("net.yaml", spec.encode()))
    assert not analysis.broken, analysis.findings
    trace = training(analysis, batch)
    return sum(
        role == GRADIENT and step == 1 for role, step in zip(trace.roles, trace.steps, strict=True)
    )


TWO_CONVS = f"- {_CONV}\n  name: a\n- {_CONV}\n  name: b\n  from: x\n- add: {{}}\n  from: [a, b]\n"
SKIP = f"- {_CONV}\n  name: a\n- add: {{in_place: false}}\n  from: [a, x]\n"
TWICE = "- add: {in_place: false}\n  from: [x, x]\n"
CONCAT = f"- {_CONV}\n  name: a\n- concat: {{}}\n  from: [a, x]\n"
COPY = (
    f"- {_CONV}\n  name: a\n- concat: {{}}\n  from: [x]\n  name: c\n- add: {{}}\n  from: [a, c]\n"
)


@pytest.mark.parametrize(
    ("layers", "batch", "made"),
    [
        pytest.param(TWO_CONVS, 2, 2, id="two of its own: the second is added to the first"),
        pytest.param(SKIP, 2, 1, id="a skip's waits alone: the other is added to it"),
        pytest.param(TWICE, 2, 1, id="one tensor twice: the sum is a new one"),
        pytest.param(CONCAT, 2, 2, id="a slice is not dense: the sum is a new one"),
        pytest.param(CONCAT, 1, 1, id="a slice of one image is dense"),
        pytest.param(COPY, 2, 1, id="a concat of one input hands on the whole tensor"),
    ],
)
def test_tensors_made_for_the_gradient_of_one_volume(layers: str, batch: int, made: int) -> None:
    assert _made(layers, batch) == made


@pytest.mark.parametrize("end", ["", "- flatten\n"])
def test_a_flattened_gradient_is_a_view_beside_the_product_s_own(end: str) -> None:
    assert _made(SKIP, 2, end) == 2, "it is not added to in place"


#: saved beside the loss's 8 + 4 bytes by PyTorch 2.13 (`saved_tensors_hooks`, storages once): one
#: image of 4x4x4 is 256 bytes; the norm keeps its input and 2 numbers a channel, fc its input
@pytest.mark.parametrize(
    ("kind", "factors", "saved"),  # b reads a, and so keeps it
    [
        pytest.param("multiply", "[a, b]", 0, id="a, made of the images alone, for b"),
        pytest.param("multiply", "[b, a]", 0, id="in the other order"),
        pytest.param("multiply", "[b, b]", 256, id="b for itself"),
        pytest.param("multiply", "[a, a, b]", 256, id="the product of the images for b"),
        pytest.param("multiply", "[a, b, a]", 0, id="no product of b: a is of the images"),
        pytest.param("multiply", "[b, a, a]", 0, id="nor this: a is of the images"),
        pytest.param("multiply", "[b, a, a, a]", 0, id="none of two products"),
        pytest.param("multiply", "[a, a, a, b]", 256, id="the second product"),
        pytest.param("multiply", "[b, b, b]", 256 + 256, id="b and the product"),
        pytest.param("maximum", "[a, b]", 256, id="a maximum compares both"),
        pytest.param("maximum", "[a, a, b]", 256 + 256, id="not what is of the images"),
        pytest.param("maximum", "[b, a, a]", 256 + 256, id="all from the first with a gradient on"),
    ],
)
def test_a_factor_is_saved_for_the_gradients_of_the_others(
    kind: str, factors: str, saved: int
) -> None:
    layers = "- sigmoid: {}\n  name: a\n- batch_norm: {}\n  name: b\n"
    spec = f"input: 4x4x4\nlayers:\n{layers}- {kind}: {{}}\n  from: {factors}\n- fc: {{units: 2}}"
    assert _saved(spec) == 256 + 32 + 256 + saved + 8 + 4


#: PyTorch saves nothing where nothing is to be learned
@pytest.mark.parametrize("layers", ["- sigmoid\n", "- global_avg_pool\n- softmax\n"])
@pytest.mark.parametrize("precision", ["fp32", "amp-bf16"])
def test_a_net_with_nothing_to_train_saves_nothing(layers: str, precision: str) -> None:
    spec = f"input: 4x4x4\nlayers:\n{layers}"
    assert _saved(spec, precision) == 0


def test_an_output_without_a_gradient_beside_one_with_one_keeps_nothing_of_its_loss() -> None:
    spec = "input: 4x4x4\nlayers:\n- fc: {units: 2}\n  name: a\n"
    more = "- global_avg_pool: {}\n  from: input\n  name: b\noutputs: [b, a]\n"
    assert _saved(spec + more) == _saved(spec)


def _saved(spec: str, precision: str = "fp32") -> int:
    settings = with_precision(Settings(), precision)
    analysis = analyze(load("net.yaml", spec.encode()), settings)
    assert not analysis.broken, analysis.findings
    memory = memory_of(analysis)
    assert memory is not None
    return memory.training.saved
