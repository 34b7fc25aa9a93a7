"""Arguments of wrong types: one sentence that names the argument, and nothing is done."""

import os
from pathlib import Path

import pytest

import convcalc

SPEC = "input: 8x8x3\nlayers: [conv3-4, relu, fc-10]\n"


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: convcalc.analyze(None), "net: expected Net"),
        (lambda: convcalc.analyze(b"x"), "net: expected"),
        (lambda: convcalc.analyze(SPEC, counted_as=1), "counted_as: expected str"),
        (lambda: convcalc.analyze(SPEC, counted_as=range(10**12)), "counted_as: "),
        (lambda: convcalc.check(SPEC, 3), "nets: expected"),
        (lambda: convcalc.check(SPEC, select=1), "select: expected str or None, got int"),
        (lambda: convcalc.check(SPEC, limits=1), "limits: expected Mapping"),
        (lambda: convcalc.check(SPEC, limits={"params": "5M"}), "limits: params: expected int"),
        (lambda: convcalc.check(SPEC, progress=None), "progress: expected"),
        (lambda: convcalc.verify(SPEC, seed=None), "seed: expected int, got NoneType"),
        (lambda: convcalc.verify(SPEC, layers=1), "layers: expected"),
        (lambda: convcalc.verify(SPEC, weights=1), "weights: expected"),
        (lambda: convcalc.verify(SPEC, batch=True), "batch: expected int or None, got bool"),
        (lambda: convcalc.diff(SPEC, base=1), "base: expected str or None"),
        (lambda: convcalc.explain(SPEC, []), "layer: expected str or None"),
        (lambda: convcalc.identify(None), "figures: expected str"),
        (lambda: convcalc.sweep(SPEC, where=1), "where: expected"),
        (lambda: convcalc.sweep(SPEC, columns=range(10**12)), "columns: expected"),
        (lambda: convcalc.sweep(SPEC, variables=1), "variables: expected"),
        (lambda: convcalc.sweep(SPEC, device=1), "device: expected"),
        (lambda: convcalc.import_(1), "file: expected"),
        (lambda: convcalc.import_("a.onnx", name=b"x"), "name: expected str, got bytes"),
        (lambda: convcalc.diff(SPEC, 3), "nets: expected Net"),
    ],
)
def test_an_argument_of_a_wrong_type_is_named(call, name: str) -> None:
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value).startswith(name)


@pytest.mark.parametrize("save", [1, True, 2, -1, 2**70, b"x"])
def test_a_number_is_no_name_of_a_file(save: object, capfdbinary, tmp_path, monkeypatch) -> None:
    """1 would be standard output, and the process's own from then on closed."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TypeError, match=r"^save: expected str"):
        convcalc.verify(SPEC, save=save)  # type: ignore[arg-type]
    assert capfdbinary.readouterr() == (b"", b"") and os.listdir() == []


@pytest.mark.parametrize(
    ("options", "message"),
    [({"batch": 0}, "batch: "), ({"batch": -1}, "batch: "), ({"seed": -1}, "seed: ")],
)
def test_numbers_that_no_run_can_have(options: dict[str, int], message: str) -> None:
    with pytest.raises(convcalc.RequestError, match=f"^{message}"):
        convcalc.verify(SPEC, **options)


@pytest.mark.parametrize("dtype", ["int8", "int4", "bfloat16", "foo", ""])
def test_numbers_that_numpy_does_not_run_with(dtype: str) -> None:
    message = "^dtype: expected one of float32, float64, float16, got"
    with pytest.raises(convcalc.RequestError, match=message):
        convcalc.verify(SPEC, dtype=dtype)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch": 5, "accumulate": 2}, "a batch of 5 is not divisible by 2"),
        ({"checkpoint": "seq:0"}, "checkpoint: seq:0 has no segment"),
        ({"gpus": 0}, "gpus: expected a positive integer, got 0"),
        ({"dtype": "int8", "optimizer": "adam"}, "int8 is for inference"),
        ({"optimizer": "adm"}, "optimizer: expected one of "),
    ],
)
@pytest.mark.parametrize(
    "ask",
    [
        convcalc.analyze,
        convcalc.check,
        convcalc.report,
        convcalc.variants,
        lambda net, **options: convcalc.fit(net, memory="8GiB", **options),
        lambda net, **options: convcalc.diff(net, net, **options),
        lambda net, **options: convcalc.explain(net, "conv1", **options),
        convcalc.sweep,
    ],
)
def test_settings_that_cannot_be_are_a_request_error(ask, options, message: str) -> None:
    with pytest.raises(convcalc.RequestError, match=message):
        ask(SPEC, **options)


def test_a_range_of_very_many_numbers_is_no_input() -> None:
    with pytest.raises(ValueError, match="input: "):
        convcalc.check(SPEC, input=range(10**12))  # type: ignore[arg-type]


def test_names_of_files_may_be_paths(tmp_path: Path) -> None:
    import numpy as np

    convcalc.verify(SPEC, save=tmp_path / "out.npz")
    np.savez(tmp_path / "w.npz", x=np.zeros(3))
    with pytest.raises(convcalc.NetError):  # the arrays do not fit: they were read
        convcalc.verify(SPEC, weights=tmp_path / "w.npz")


@pytest.mark.parametrize(
    ("call", "written"),
    [
        (lambda: convcalc.check([SPEC, SPEC]), "write check(*nets)"),
        (lambda: convcalc.report((SPEC,)), "write report(*nets)"),
        (lambda: convcalc.analyze([SPEC]), "write [analyze(net) for net in nets]"),
        (lambda: convcalc.analyze({"input": "8x8x3"}), "write its text, json.dumps(net, indent=1)"),
        (lambda: convcalc.load(SPEC.encode()), "write load(text.decode())"),
        (lambda: convcalc.check(SPEC, max_params=5), "`check(net, limits={'params': ...})`"),
        (lambda: convcalc.check(SPEC, limits={"max_params": 5}), "did you mean 'params'?"),
        (lambda: convcalc.check(SPEC, limits={"params": "5M"}), "got str: write 5_000_000"),
        (lambda: convcalc.check(SPEC, limits={"training_memory": "1KiB"}), "write 1_024"),
        (lambda: convcalc.demo(array=[[[1, 2]]]), "in one row, array=numpy.ravel(array).tolist()"),
        (lambda: convcalc.Builder((8, 8, 3)), "`Builder().input('input', (224, 224, 3))`"),
        (lambda: convcalc.Builder().add(5), "got int: a kind is a word such as 'conv'"),
        (lambda: convcalc.diff(SPEC), "diff(old, new) or diff(path, base='main'), got 1 net"),
    ],
)
def test_what_new_users_try_is_answered_with_what_to_write(call, written: str) -> None:
    with pytest.raises((TypeError, convcalc.RequestError)) as caught:
        call()
    assert str(caught.value).endswith(written) and "\n" not in str(caught.value)


def test_a_table_of_python_is_a_spec_as_its_json() -> None:
    import json

    net = {"input": "8x8x3", "layers": ["conv3-4", "fc-10"]}
    assert convcalc.analyze(json.dumps(net, indent=1)).ok


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda np: convcalc.check(SPEC, select=np.float16), "select: .*got the type float16"),
        (lambda np: convcalc.fit(SPEC, memory=np.float64), "memory: .*got the type float64"),
        (lambda np: convcalc.check(SPEC, limits={"params": "5M"}), "limits: params: expected int"),
        (lambda np: convcalc.check(SPEC, limits={3: 5}), "limits: expected keys of str, got int"),
    ],
)
def test_types_and_entries_of_a_wrong_type_are_named(call, said: str) -> None:
    np = pytest.importorskip("numpy")
    with pytest.raises(TypeError, match=f"^{said}"):
        call(np)


def test_a_type_of_numpy_is_no_setting() -> None:
    np = pytest.importorskip("numpy")
    with pytest.raises(convcalc.RequestError, match=r"^dtype: expected one of float32"):
        convcalc.analyze(SPEC, dtype=np.float16)
    with pytest.raises(convcalc.RequestError, match=r"^batch: expected a positive integer"):
        convcalc.analyze(SPEC, batch=np.int64)


def test_an_array_is_no_net_and_is_given_in_one_row() -> None:
    np = pytest.importorskip("numpy")
    x = np.zeros((5, 5, 3))
    with pytest.raises(TypeError, match=r"give a net, and numbers as array=numpy.ravel\(x\)"):
        convcalc.demo(x)
    with pytest.raises(TypeError, match=r"got ndarray: write its numbers in one row, array="):
        convcalc.demo(array=x)
    assert convcalc.demo(array=np.ravel(x).tolist()).outputs
    with pytest.raises(TypeError, match=r"write numpy.save\('x.npy', array\) and array='x.npy'$"):
        convcalc.verify(SPEC, array=x)
    with pytest.raises(TypeError, match=r"got ndarray: give a net$"):
        convcalc.analyze(x)


@pytest.mark.parametrize("call", [convcalc.analyze, convcalc.check, convcalc.report, convcalc.load])
def test_a_builder_is_answered_with_its_network(call) -> None:
    with pytest.raises(TypeError, match=r"got Builder: .* is what its `\.build\(\)` gives"):
        call(convcalc.Builder("n"))
