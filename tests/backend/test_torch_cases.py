"""The same specs with the same parameters give PyTorch's numbers, within float32 rounding."""

import numpy as np
import pytest
import torch_cases
from click.testing import CliRunner

from convcalc.cli import cli

NAMES = [*torch_cases.SEQUENCES, *torch_cases.GRAPHS]


def run(name, x, parameters, folder, *more):
    """y as `convcalc verify --weights --array --save` computes it."""
    (folder / "net.yaml").write_text(torch_cases.spec(name))
    np.save(folder / "x.npy", x)
    weights = ["--weights", str(folder / "p.npz")] if parameters else []
    np.savez(folder / "p.npz", **parameters)
    result = CliRunner().invoke(
        cli,
        ["verify", str(folder / "net.yaml"), "--array", str(folder / "x.npy"), *weights,
         "--save", str(folder / "y.npz"), *more],
        standalone_mode=False,
    )  # fmt: skip
    assert result.exception is None, result.exception
    assert result.return_value == 0, result.output
    (y,) = np.load(folder / "y.npz").values()
    return y


def close(got, wanted, rounding=5e-6):
    """Equal within float32 rounding of the largest sum; Winograd's is a few times that of sums."""
    assert got.shape == wanted.shape
    np.testing.assert_allclose(got, wanted, rtol=2e-5, atol=rounding * max(np.abs(wanted).max(), 1))


def test_exact_kernels_are_closer(tmp_path):
    stored = np.load(torch_cases.STORED)
    name = "conv_large"
    parameters = {k: stored[f"{name}/p/{k}"] for k in ("a.weight", "a.bias")}
    x, wanted = stored[f"{name}/x"], stored[f"{name}/y"]
    exact = run(name, x, parameters, tmp_path, "--exact-kernels")
    close(exact, wanted, 1e-6)
    fast = run(name, x, parameters, tmp_path)
    assert np.abs(fast - exact).max() > 0, "Winograd was not chosen for this shape"


@pytest.mark.parametrize("name", NAMES)
def test_stored_case(name, tmp_path):
    stored = np.load(torch_cases.STORED)
    parameters = {
        key.removeprefix(f"{name}/p/"): stored[key]
        for key in stored.files
        if key.startswith(f"{name}/p/")
    }
    y = run(name, stored[f"{name}/x"], parameters, tmp_path)
    close(y, stored[f"{name}/y"])


@pytest.mark.parametrize("name", NAMES)
def test_against_torch_itself(name, tmp_path):
    pytest.importorskip("torch")
    x, y, parameters = torch_cases.run_torch(name, batch=3)
    close(run(name, x, parameters, tmp_path), y)


@pytest.mark.parametrize("name", ["conv", "batch_norm", "flatten_then_fc", "max_pool_ceil"])
def test_float64_agrees_more_closely(name, tmp_path):
    stored = np.load(torch_cases.STORED)
    x = stored[f"{name}/x"]
    parameters = {k[len(name) + 3 :]: stored[k] for k in stored.files if k.startswith(f"{name}/p/")}
    double = run(name, x, parameters, tmp_path, "--dtype", "float64")
    assert double.dtype == np.float64
    np.testing.assert_allclose(double, stored[f"{name}/y"], rtol=1e-4, atol=1e-5)
    half = run(name, x, parameters, tmp_path, "--dtype", "float16")
    assert half.dtype == np.float16
    np.testing.assert_allclose(half, double, rtol=2e-2, atol=2e-2 * np.abs(double).max())
