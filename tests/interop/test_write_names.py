"""Names of layers, blocks and inputs that Python, PyTorch or Keras have already: code that runs.

The keys of PyTorch's `state_dict` are the spec's names wherever a module can have them.
"""

import math
from pathlib import Path
from typing import Any

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.interop.write.pytorch.names import TAKEN, is_taken
from convcalc.spec.load import load
from tests.interop.same_numbers import as_numpy_does, made
from tests.interop.test_write_keras import built as in_keras
from tests.interop.test_write_pytorch import built as in_pytorch


def net(layers: str, head: str = "") -> Analysis:
    found = analyze(load("x.yaml", f"input: 8x8x8\n{head}layers:\n{layers}".encode()))
    assert not [f for f in found.findings if f.severity == "error"], found.findings
    return found


def named(*names: str) -> Analysis:
    """Convolutions of these names in a row, and an fc."""
    rows = [f"  - {{conv3-8: , name: '{name}'}}\n" for name in names]
    return net("".join(rows) + "  - fc-10\n")


def keys(found: Analysis) -> set[str]:
    """The layers that `state_dict` names, after a run of the code."""
    torch = pytest.importorskip("torch")
    model, outputs, macs = in_pytorch(torch, found)
    assert sum(p.numel() for p in model.parameters()) == found.totals.params
    assert macs == found.totals.macs
    assert [y.shape[1] for y in outputs] == [
        (found.network.steps[i].output or ())[-1] for i in found.network.returned
    ]
    return {key.rpartition(".")[0] for key in model.state_dict()}


def runs_in_keras(keras: Any, found: Analysis) -> None:
    model = in_keras(keras, found, "meta")
    assert sum(math.prod(w.shape) for w in model.trainable_weights) == found.totals.params
    shapes = [tuple(output.shape[1:]) for output in model.outputs]
    assert shapes == [found.network.steps[i].output for i in found.network.returned]


def test_taken_is_what_modules_have() -> None:
    torch = pytest.importorskip("torch")
    assert not {name for name in dir(torch.nn.Module()) if not is_taken(name)}
    assert not {name for name in dir(torch.nn.ModuleDict()) if not is_taken(name, "self.a")}
    assert not {name for name in torch.nn.Module.__annotations__ if not is_taken(name)}


@pytest.mark.parametrize("name", ["train", "requires_grad_", "__class__", "_modules"])
def test_a_name_of_every_module_and_its_neighbour(name: str) -> None:
    assert keys(named(name, f"{name}_")) == {f"{name}__", f"{name}_", "fc1"}
    assert keys(named(f"{name}_", name)) == {f"{name}__", f"{name}_", "fc1"}


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_no_name_of_a_module_breaks_the_code(name: str) -> None:
    assert keys(named(name)) == {f"{name}_", "fc1"}


@pytest.mark.parametrize("name", ["__x", "class", "1", "a-b", "a/b", "input_", "x", "self", "torch",
                                  "nn", "a.__x", "None.a", "f.relu", "0.1.2"])  # fmt: skip
def test_all_other_names_are_keys(name: str, keras: Any) -> None:
    found = named(name, "b")
    assert keys(found) == {name, "b", "fc1"}
    runs_in_keras(keras, found)


@pytest.mark.parametrize("name", [".a", "a..b", "a.", ".", "..", "a/../b", "...", "_..a"])
def test_names_with_empty_parts(name: str, keras: Any) -> None:
    found = named(name, "_.a", "b")
    assert {"_.a", "b", "fc1"} < keys(found)
    runs_in_keras(keras, found)


@pytest.mark.parametrize(
    "names", [("a", "a_", "a.b"), ("a.b", "a", "a_"), ("a_.b", "a.b", "a"), ("a.b", "a", "a_.b")]
)
def test_layers_keep_their_names_beside_blocks_of_the_same(
    names: tuple[str, ...], keras: Any
) -> None:
    found = named(*names)
    made = keys(found)
    assert len(made) == len(names) + 1
    assert {name for name in names if name != "a.b"} < made
    runs_in_keras(keras, found)


@pytest.mark.parametrize("inner", ["items", "keys", "train", "forward"])
def test_names_in_groups_that_are_no_module(inner: str) -> None:
    """Two convolutions of one group read the same volume: a dictionary of modules."""
    found = net(
        f"  - {{conv3-8: , name: g.{inner}}}\n"
        "  - {conv3-8: , name: b, from: input}\n"
        "  - {conv3-8: , name: g.c}\n"
        f"  - add: {{branches: [[], [{{conv3-8: , from: g.{inner}, name: d}}]]}}\n"
    )
    assert keys(found) == {f"g.{inner}_", "b", "g.c", "d"}


@pytest.mark.parametrize("block", ["none", "f", "_true", "scale_", "net", "module", "torch", "nn"])
def test_blocks_of_words_that_code_has(block: str, keras: Any) -> None:
    found = net(
        f"  - {block}\n  - scale: {{parameters: channel}}\n  - {block}\n  - fc-10\n",
        f"blocks:\n  {block}:\n    layers: [conv3-8, batch_norm, selu]\n",
    )
    assert {"fc1", "scale1"} < keys(found)
    runs_in_keras(keras, found)


@pytest.mark.parametrize("name", ["1-2.a", "1/2.b", "1_2.a", "class.a", "def.a", "x.a",
                                  "none.a", "keras.a", "inputs.a", "g.in_channels.c"])  # fmt: skip
def test_groups_of_any_name_are_functions_in_keras(name: str, keras: Any) -> None:
    found = named(name, "b")
    assert keys(found) == {name, "b", "fc1"}
    runs_in_keras(keras, found)


@pytest.mark.parametrize("word", ["y", "z", "x", "torch", "nn", "i", "keras", "layers", "f",
                                  "_", "range", "channel_shuffle", "build"])  # fmt: skip
def test_values_that_are_kept_are_no_names_of_the_code(word: str, keras: Any) -> None:
    """More values than the three variables, each named by its layer."""
    rows = [f"  - {{conv3-8: , name: v{n}}}\n" for n in range(3)]
    rows += [f"  - {{conv3-8: , name: {word}, from: v0}}\n", "  - {conv3-8: , name: w, from: v1}\n"]
    rows += [
        "  - {channel_shuffle: {groups: 2}}\n  - {selu: , name: u}\n  - {conv3-8: , name: q}\n"
    ]
    rows += [f"  - {{add: , from: [v0, v1, v2, {word}, w, u, q]}}\n"]
    rows += ["  - pixel_shuffle: {factor: 2}\n  - pad: {sides: 1, mode: reflect}\n  - fc-10\n"]
    found = net("".join(rows))
    assert {word, "v0", "v1", "v2", "w", "q"} < keys(found)
    runs_in_keras(keras, found)


@pytest.mark.parametrize("names", [("a-b", "a_b"), ("x", "y_x"), ("torch", "y"), ("keras", "i"),
                                   ("z", "y")])  # fmt: skip
def test_inputs_that_python_calls_alike(names: tuple[str, str], keras: Any) -> None:
    first, second = names
    text = (
        f"inputs: {{'{first}': 8x8x8, '{second}': 8x8x8}}\nlayers:\n"
        f"  - {{conv3-8: , from: {first}, name: c}}\n  - {{conv3-8: , from: {second}, name: d}}\n"
        "  - {add: , from: [c, d]}\n  - fc-3\n"
    )
    found = analyze(load("x.yaml", text.encode()))
    assert keys(found) == {"c", "d", "fc1"}
    runs_in_keras(keras, found)


def test_shared_weights_of_names_that_are_alike(keras: Any) -> None:
    rows = ["  - {conv3-8: , name: a-b}\n  - {conv3-8: , name: a_b}\n"]
    rows += ["  - {conv3-8: , weights: a-b}\n  - {conv3-8: , weights: a_b, name: x}\n"]
    rows += ["  - {add: , from: [a-b, a_b, conv1, x]}\n  - fc-3\n"]
    found = net("".join(rows))
    assert keys(found) == {"a-b", "a_b", "fc1"}
    runs_in_keras(keras, found)


@pytest.mark.parametrize(
    "names",
    [
        ("train", "a", "a.b", "a.b.to", "x..y", "forward.type.0", "half"),
        ("train", "train_", "type.conv", "type.relu"),
    ],
)
def test_weights_of_the_exported_class_fit_the_spec(names: tuple[str, ...], tmp_path: Path) -> None:
    """Numbers of the renamed layers, and no others, as the module computes them."""
    torch = pytest.importorskip("torch")
    rows = "".join(f"  - {{conv3-8: , name: '{name}'}}\n" for name in names)
    text = f"input: 8x8x8\nlayers:\n{rows}  - fc-10\n"
    model, x, y = made(torch, analyze(load("x.yaml", text.encode())))
    kept = model.state_dict()
    assert any(key.split(".")[0] not in {n.split(".")[0] for n in (*names, "fc1")} for key in kept)
    as_numpy_does(text, model, x, y, tmp_path)


def test_weights_that_could_be_of_two_layers_fit_neither(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np = pytest.importorskip("numpy")
    from convcalc.cli import run

    spec, file = tmp_path / "a.yaml", tmp_path / "w.npz"
    spec.write_text("input: 4\nlayers:\n  - {fc-4: , name: a}\n  - {fc-4: , name: b}\n")
    weight, bias = np.ones((4, 4), "float32"), np.ones(4, "float32")
    given = {"a_.weight": weight, "a__.weight": weight, "a.bias": bias}
    np.savez(file, **given, **{"b_.weight": np.ones((4, 5), "float32"), "b.bias": bias})
    assert run(["verify", str(spec), "--weights", str(file)]) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert "has no array a.weight of 4x4" in said and "has no array b.weight of 4x4" in said
    assert "no layer takes the array a_.weight" in said
