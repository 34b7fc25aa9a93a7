"""One output of a layer as NumPy writes it, run against the kernels (Numpy examples)."""

import numpy as np
import pytest

from convcalc.analysis.numpy_line import numpy_line
from convcalc.analysis.walk import analyze
from convcalc.backend.ops import NumPyOps
from convcalc.cli import run
from convcalc.spec.load import load

#: entries, and how many inputs of which shape they read
LAYERS = [
    "relu", "relu6", "{leaky_relu: {negative_slope: 0.3}}", "{elu: {alpha: 0.7}}", "silu", "mish",
    "hard_swish", "hard_sigmoid", "sigmoid", "tanh", "abs", "softmax", "dropout", "identity",
    "global_avg_pool", "global_max_pool", "lrn", "{lrn: {size: 4, alpha: 0.3, k: 1, beta: 0.5}}",
    "{lrn: {size: 3, alpha: 0.7, alpha_over: size}}",
    "{add: {branches: [identity, identity]}}", "{subtract: {branches: [identity, identity]}}",
    "{maximum: {branches: [identity, identity, identity]}}",
    "{average: {branches: [identity, identity, identity]}}",
    "{multiply: {branches: [identity, global_avg_pool]}}",
    "{concat: {branches: [identity, [{slice: {start: 1, stop: 3}}], identity]}}",
]  # fmt: skip


@pytest.mark.parametrize("layer", LAYERS)
def test_the_line_of_every_output_is_what_the_kernel_makes(layer: str) -> None:
    found = analyze(load("n.yaml", f"input: 4x5x6\nlayers: [{layer}]\n".encode()))
    row = found.rows[-1]
    draw = np.random.default_rng(4).normal
    inputs = [3 * draw(size=(1, *shape)) for shape in row.inputs]
    ops = NumPyOps(found.network.roundings, exact=True)
    made = row.step.layer.forward(ops, [x.copy() for x in inputs], {})[0]
    names = {"np": np, "X": inputs[0][0], "max": max}
    names |= {f"X{i}": x[0] for i, x in enumerate(inputs, 1)}
    lines = 0
    for place in np.ndindex(made.shape):
        target, equals, value = numpy_line(row, place).partition(" = ")
        assert equals and target == f"V[{','.join(map(str, place))}]"
        assert eval(value, names) == pytest.approx(made[place], rel=1e-6, abs=1e-9), value
        lines += 1
    assert lines == made.size


def test_a_unit_of_an_fc_depends_on_all_of_the_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "alexnet", "fc6", "7"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "V[7] = np.dot(W[7], X.ravel()) + b[7]" in out
    assert "depends on height 0..226, width 0..226 of the net's 227x227x3" in out


@pytest.mark.parametrize(
    ("words", "pad"),
    [
        (["--net", "pool3s2p1"], "constant_values=-np.inf"),
        (["--net", "conv3-2"], "np.pad(x, [(1, 1), (1, 1), (0, 0)])"),
    ],
)
def test_what_the_padding_is(words, pad, capsys: pytest.CaptureFixture[str]) -> None:
    layer = "max_pool1" if "pool" in words[1] else "conv1"
    rounding = ["--rounding", "floor"]
    assert run(["explain", "--input", "9x9x2", *words, *rounding, layer, "0,0,0"]) == 0
    assert pad in " ".join(capsys.readouterr().out.split())
