"""Exported PyTorch overwrites what the analysis says is overwritten, where PyTorch can."""

from typing import Any

import pytest

import convcalc
from convcalc.interop.write.pytorch import overwriting as module_of_overwriting
from convcalc.interop.write.pytorch.net import write
from convcalc.interop.write.pytorch.overwriting import not_overwriting, overwriting
from tests.interop.nets import one
from tests.interop.test_pt2_in_place import saved


def module(layers: str, shape: str = "12x14x8") -> Any:
    names: dict[str, Any] = {}
    exec(compile(write(one(layers, shape)), "net.py", "exec"), names)
    return names["Net"]()


def written(layers: str, shape: str = "12x14x8") -> tuple[list[str], list[str]]:
    """The layers whose code overwrites, and those whose does not though it is said to."""
    found = one(layers, shape)
    steps = found.network.steps
    over = overwriting(found)
    return [steps[i].name for i in sorted(over)], not_overwriting(found, over)


_CONV = "  - {conv: {filters: 8, kernel: 3, pad: 1}}\n  - batch_norm\n"


@pytest.mark.parametrize("in_place", ["", ": {in_place: false}"])
@pytest.mark.parametrize(
    "kind", ["relu", "relu6", "leaky_relu", "elu", "selu", "silu", "mish", "hard_swish"]
)
def test_what_is_kept_is_what_is_counted(kind: str, in_place: str) -> None:
    torch: Any = pytest.importorskip("torch")
    layers = f"{_CONV}  - {kind}{in_place}\n  - {{conv: {{filters: 8, kernel: 1}}}}\n"
    assert ("inplace=True" in write(one(layers))) is not in_place
    spec = f"input: 64x64x8\nrounding: floor\nlayers:\n{layers}"
    found = convcalc.analyze(spec).memory.training.saved
    loss = 4 * 8 * 64 * 64  # which keeps the last volume
    kept = saved(module(layers, "64x64x8").train(), torch.randn(1, 8, 64, 64))
    assert abs(found - loss - kept) < 1024


@pytest.mark.parametrize("kind", ["leaky_relu: {negative_slope: -0.2}", "elu: {alpha: -0.5}"])
def test_a_slope_below_0_is_written_as_it_is_trained(kind: str) -> None:
    torch: Any = pytest.importorskip("torch")
    layers = f"{_CONV}  - {kind}\n  - {{conv: {{filters: 8, kernel: 1}}}}\n"
    found = convcalc.analyze(f"input: 64x64x8\nlayers:\n{layers}").memory.training.saved
    net, x = module(layers, "64x64x8").train(), torch.randn(1, 8, 64, 64)
    assert abs(found - 4 * 8 * 64 * 64 - saved(net, x)) < 1024  # the loss keeps the last volume
    net(x).sum().backward()


def test_a_sum_is_added_into_its_first_input() -> None:
    pytest.importorskip("torch")
    layers = f"{_CONV}  - relu\n  - add: {{branches: [[conv3-8], []]}}\n  - relu\n"
    assert "x += y" in (text := write(one(layers))) or "y += x" in text
    several = f"{_CONV}  - relu\n  - add: {{branches: [[conv3-8], [], [conv1-8]]}}\n"
    assert ".add_(" in write(one(several))


#: layers, those that the code overwrites with, and those that it does not although they are said to
CASES = {
    "something else reads it": (
        f"{_CONV}  - {{relu: {{in_place: true}}, name: a}}\n"
        "  - {concat: , from: [a, batch_norm1]}\n",
        [],
        ["a"],
    ),
    "PyTorch has no word": ("  - conv3-8\n  - sigmoid: {in_place: true}\n", [], ["sigmoid1"]),
    "a part of it is a view": (
        "  - {conv: {filters: 8, kernel: 1}, name: a}\n  - crop: {sides: [0, 0]}\n"
        "  - {relu: , name: b}\n  - {concat: , from: [a, b]}\n",
        [],
        ["b"],
    ),
    "a part of the input is a view": (
        "  - slice: {stop: 6}\n  - {selu: , name: a}\n  - {conv3-8: , name: c}\n",
        [],
        ["a"],
    ),
    "its maker needs it": (
        "  - conv3-8\n  - {sigmoid: , name: a}\n  - {relu: {in_place: true}, name: b}\n",
        [],
        ["b"],
    ),
    "it is no more than said": (
        f"{_CONV}  - {{dropout: {{in_place: true}}, name: a}}\n  - {{elu: , name: b}}\n",
        ["a", "b"],
        [],
    ),
    "both parts of a sum": (
        "  - {conv: {filters: 8, kernel: 1}, name: a}\n"
        "  - {add: {in_place: true}, from: [a, a], name: b}\n",
        [],
        ["b"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_overwritten_that_is_read_again(case: str) -> None:
    torch: Any = pytest.importorskip("torch")
    layers, over, not_over = CASES[case]
    assert written(layers) == (over, not_over)
    out = module(layers).train()(torch.randn(2, 8, 12, 14))
    sum(y.sum() for y in (out if isinstance(out, tuple) else (out,))).backward()


def test_what_is_not_overwritten_is_named() -> None:
    found = one(CASES["PyTorch has no word"][0])
    assert "\nLeft out: in_place of sigmoid1.\n" in write(found)


def test_in_place_that_no_spec_says_is_not_called_left_out() -> None:
    """An activation is counted in place wherever nothing else reads what it overwrites."""
    said = "  - conv3-8\n  - sigmoid: {in_place: true}\n"
    text = write(one(f"{said}{CASES['a part of it is a view'][0]}"))
    assert (
        "\nLeft out: in_place of sigmoid1; counted in place, but not so in the code: b.\n" in text
    )
    alone = write(one(CASES["a part of the input is a view"][0]))
    assert "\nCounted in place, but not so in the code: a.\n" in alone


_BLOCK = """input: 8x8x8
rounding: floor
blocks:
  b:
    args: {act: [relu]}
    layers: [=act, {conv: {filters: 8, kernel: 1}}, batch_norm]
layers:
  - {conv: {filters: 8, kernel: 1}, name: a}
  - {b: {}, name: first}
  - {add: , from: [a, first]}
  - b
  - {b: {act: [%s]}, name: last}
"""


@pytest.mark.parametrize(("other", "classes"), [("silu", 1), ("tanh", 2), ("relu", 1)])
def test_calls_of_a_block_that_differ_in_it(other: str, classes: int) -> None:
    torch: Any = pytest.importorskip("torch")
    text = convcalc.export(_BLOCK % other, to="pytorch")
    assert text.count("class B") == classes
    names: dict[str, Any] = {}
    exec(compile(text, "net.py", "exec"), names)
    net = names["Net"]()
    says = {name: part.inplace for name, part in net.named_modules() if hasattr(part, "inplace")}
    expected = [False, True] if other == "tanh" else [False, True, True]
    assert list(says.values()) == expected
    net(torch.randn(2, 8, 8, 8)).sum().backward()


#: nets in which a relu reads the image by another layer, which copies it or does not, in PyTorch
BEHIND = {
    "pad: {sides: 1}": True,
    "pad: {sides: 1, mode: reflect}": True,
    "pad: {channels: [2, 2]}": True,
    "channel_shuffle: {groups: 2}": True,
    "upsample: {scale: 2}": True,
    "upsample: {scale: 2, mode: bilinear}": True,
    "pixel_shuffle: {factor: 2}": True,
    "space_to_depth: {factor: 2}": True,
    "concat: {branches: [[]]}": True,
    "slice: {stop: 4}": False,
    "crop: {sides: 1}": False,
    "channel_shuffle: {groups: 8}": False,
    "pixel_shuffle: {factor: 1}": False,
    "space_to_depth: {factor: 1}": False,
}


@pytest.mark.parametrize("layer", BEHIND)
def test_what_is_a_copy_is_overwritten_as_analyzed(layer: str) -> None:
    """Training keeps as much as is said, and an image stays as it was given."""
    torch: Any = pytest.importorskip("torch")
    layers = f"  - {layer}\n  - relu\n  - conv3-8\n"
    over, missing = written(layers, "64x64x8")
    assert (
        (over, missing) == (["relu1"], []) if BEHIND[layer] else (over, missing) == ([], ["relu1"])
    )
    net, x = module(layers, "64x64x8").train(), torch.randn(1, 8, 64, 64)
    before = x.clone()
    kept = saved(net, x)
    assert torch.equal(x, before)
    spec = f"input: 64x64x8\nrounding: floor\nlayers:\n{layers}"
    found = convcalc.analyze(spec)
    loss = 4 * int(net(x).numel())
    assert abs(found.memory.training.saved - loss - kept) < 1024 or not BEHIND[layer]


@pytest.mark.parametrize("shape", ["1x64x16", "64x1x16", "64x16", "1x16", "1x1x16", "4x4x4x16"])
@pytest.mark.parametrize("kind", ["pixel_shuffle", "space_to_depth"])
@pytest.mark.parametrize("order", ["crd", "dcr"])
def test_an_image_is_never_overwritten(kind: str, order: str, shape: str) -> None:
    torch: Any = pytest.importorskip("torch")
    layers = f"  - {kind}: {{factor: 2, order: {order}}}\n  - relu\n  - scale\n"
    if kind == "space_to_depth" and "1x" in f"{shape}":
        layers = f"  - upsample: {{scale: 2}}\n{layers}"
    net = module(layers, shape).train()
    *positions, channels = map(int, shape.split("x"))
    x = torch.randn(2, channels, *positions)
    before = x.clone()
    net(x)
    assert torch.equal(x, before)


@pytest.mark.parametrize("read_again", [False, True])
@pytest.mark.parametrize("kind", ["add", "subtract", "multiply", "maximum", "average", "concat"])
def test_a_merge_of_one_volume_is_the_copy_that_is_counted(kind: str, read_again: bool) -> None:
    torch: Any = pytest.importorskip("torch")
    dispatch: Any = pytest.importorskip("torch.utils._python_dispatch")
    end = "  - add: {in_place: false}\n    from: [relu1, conv1]\n" if read_again else ""
    layers = f"  - conv1-8\n  - {kind}:\n    from: conv1\n    ignore: CC125\n  - relu\n{end}"
    made: dict[int, Any] = {}

    class Made(dispatch.TorchDispatchMode):  # type: ignore[misc, name-defined]
        """Every storage that an operator makes."""

        def __torch_dispatch__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            found = func(*args, **(kwargs or {}))
            if isinstance(found, torch.Tensor):
                made[found.untyped_storage()._cdata] = found
            return found

    net, x = module(layers), torch.randn(1, 8, 12, 14)
    with torch.no_grad(), Made():
        net(x)
    own = {tensor.untyped_storage()._cdata for tensor in (x, *net.parameters())}
    size = x.numel() + sum(found.numel() for key, found in made.items() if key not in own)
    assert size == one(layers).totals.activations


def test_what_overwrites_is_worked_out_once_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    own = module_of_overwriting._has_word
    monkeypatch.setattr(
        module_of_overwriting, "_has_word", lambda row: (asked.append(row.step.name), own(row))[1]
    )
    write(one("  - conv3-8\n  - relu\n  - conv3-8\n  - relu: {in_place: true}\n"))
    assert asked and len(asked) == len(set(asked))
