"""The response norms of bundled nets compute what their weights were trained with."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from convcalc import zoo
from convcalc.analysis.walk import analyze
from convcalc.backend.ops import NumPyOps
from convcalc.layers.lrn import LocalResponseNorm
from convcalc.spec.load import load

Divisor = Callable[[Any], Any]


def energy(x: Any) -> Any:
    """The sum of squares over five neighbouring channels."""
    squares = np.pad(x**2, ((0, 0), (0, 0), (0, 0), (2, 2)))
    return sum(squares[..., place : place + x.shape[-1]] for place in range(5))


def paper(x: Any) -> Any:
    """Krizhevsky et al. 2012, section 3.3: k + alpha times the sum, k = 2."""
    return (2 + 1e-4 * energy(x)) ** 0.75


def caffe(x: Any) -> Any:
    """bvlc_alexnet, bvlc_googlenet: alpha is divided by local_size, and k is 1."""
    return (1 + 1e-4 / 5 * energy(x)) ** 0.75


#: Nets with weights of Caffe, and those that are told by papers alone.
TRAINED = {
    "alexnet": caffe,
    "googlenet": caffe,
    "alexnet-ungrouped": paper,
    "vgg11-lrn": paper,
    "zfnet": paper,
}


def response_norms(name: str) -> list[LocalResponseNorm]:
    steps = load(name, zoo.read(name)).steps
    return [step.layer for step in steps if isinstance(step.layer, LocalResponseNorm)]


def test_every_net_with_such_a_norm_is_here() -> None:
    assert {name for name in zoo.names() if response_norms(name)} == set(TRAINED)


@pytest.mark.parametrize(("name", "divisor"), TRAINED.items())
def test_the_divisor_is_that_of_the_weights(name: str, divisor: Divisor) -> None:
    x = np.random.default_rng(0).normal(0, 100, (1, 2, 3, 16)).astype(np.float32)
    norms = response_norms(name)
    assert norms
    for norm in norms:
        made = norm.forward(NumPyOps(), [x], {})
        np.testing.assert_allclose(made, x / divisor(x), rtol=1e-5)
    assert not np.allclose(paper(x), caffe(x), rtol=0.1), "the two are told apart"


@pytest.mark.parametrize(("name", "divisor"), TRAINED.items())
def test_the_exported_layer_is_that_of_the_weights(name: str, divisor: Divisor) -> None:
    from convcalc.interop.write.pytorch.net import write

    size = "5, alpha=0.0001, beta=0.75, k=1" if divisor is caffe else "5, alpha=0.0005, beta=0.75"
    code = write(analyze(load(name, zoo.read(name))))
    assert code.count("nn.LocalResponseNorm(") == code.count(f"nn.LocalResponseNorm({size}") > 0
