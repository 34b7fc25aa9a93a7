"""Whether a sum overwrites its first volume is read of a `.pt2`, and means that are written out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import convcalc

torch: Any = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export


def imported(join: Callable[[Any, Any, Any], Any], file: Path, functions: bool = False) -> str:
    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.convs = torch.nn.ModuleList(torch.nn.Conv2d(3, 8, 3) for _ in range(3))

        def forward(self, x: Any) -> Any:
            return join(*(conv(x) for conv in self.convs)).mean((2, 3))

    program = torch.export.export(Net().eval(), (torch.zeros(1, 3, 18, 18),))
    torch.export.save(program.run_decompositions() if functions else program, file)
    return convcalc.import_(file).text


def added(x: Any, y: Any, z: Any) -> Any:
    return x + y + z


def added_over(x: Any, y: Any, z: Any) -> Any:
    x += y
    x += z
    return x


def test_a_sum_out_of_place_makes_a_volume_more(tmp_path: Path) -> None:
    apart, over = (imported(join, tmp_path / "net.pt2") for join in (added, added_over))
    assert apart.count("in_place: false") == 2
    assert "in_place" not in over
    assert "from:" not in apart
    volume = 16 * 16 * 8 * 4
    one, other = (convcalc.analyze(text).memory.inference.peak for text in (apart, over))
    assert one == other + volume  # of the first sum, while the third volume is there
    assert "in_place" not in imported(added, tmp_path / "functions.pt2", functions=True)


def divided_over(x: Any, y: Any, z: Any) -> Any:
    mean = (x + y + z).div_(3)
    return mean


@pytest.mark.parametrize(
    ("join", "kinds"),
    [
        (lambda x, y, z: (x + y) / 2 * z, ["average", "multiply"]),
        (lambda x, y, z: 0.5 * (y + x), ["average"]),
        (lambda x, y, z: (x + (y + z)) / 3, ["add", "add", "scale"]),
        (lambda x, y, z: (x + y + z) / 3, ["average"]),
        (lambda x, y, z: (x + y + z) / 2, ["add", "add", "scale"]),
        (lambda x, y, z: (x + x) / 2, ["add", "scale"]),
        (lambda x, y, z: (added_over(x, y, z)) / 3, ["add", "add", "scale"]),
        (divided_over, ["add", "add", "scale"]),
        (lambda x, y, z: (s := x + y) / 2 + s, ["add", "scale", "add"]),
    ],
)
def test_a_mean_that_is_written_out(
    join: Callable[..., Any], kinds: list[str], tmp_path: Path
) -> None:
    found = convcalc.analyze(imported(join, tmp_path / "net.pt2"))
    merges = {"add", "average", "multiply", "scale"}
    assert [layer.kind for layer in found.layers if layer.kind in merges] == kinds


def test_an_average_comes_back_as_it_was_exported(tmp_path: Path) -> None:
    names: dict[str, Any] = {}
    spec = "input: 8x8x3\nlayers:\n- conv3-4\n- average: {branches: [[conv3-4], [conv1-4]]}\n"
    exec(convcalc.export(spec, to="pytorch"), names)
    program = torch.export.export(names["Net"]().eval(), (torch.zeros(1, 3, 8, 8),))
    torch.export.save(program, tmp_path / "net.pt2")
    made = convcalc.import_(tmp_path / "net.pt2").text
    one, other = (convcalc.analyze(text).memory.training for text in (spec, made))
    assert (one.forward, one.backward) == (other.forward, other.backward)


@pytest.mark.parametrize("join", [lambda x, y, z: (1 - x) * y, lambda x, y, z: 2 * x - y])
def test_numbers_that_stand_first_are_read_of_functions_too(join: Any, tmp_path: Path) -> None:
    """`1 - x` is `aten.sub(1, x)` once decomposed."""
    program, functions = (imported(join, tmp_path / "net.pt2", core) for core in (False, True))
    layers, others = (text.split("layers:")[1] for text in (program, functions))
    assert "scale: {by: " in layers
    assert layers == others


def test_a_sum_that_spreads_one_volume_over_another_says_their_sizes(tmp_path: Path) -> None:
    class Spread(torch.nn.Module):  # type: ignore[misc, name-defined]
        def forward(self, x: Any) -> Any:
            return x + x.mean((2, 3), keepdim=True)

    file = tmp_path / "net.pt2"
    torch.export.save(torch.export.export(Spread(), (torch.zeros(1, 4, 6, 6),)), file)
    (found,) = convcalc.load(file).findings
    assert "of different shapes (1x1x4 and 6x6x4), one spread over the other" in found.message
