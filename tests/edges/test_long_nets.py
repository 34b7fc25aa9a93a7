"""Resident memory of a net of very many layers: at the limit of 200,000 below 200 MiB.

Two such nets side by side are below 500 MiB.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from convcalc.cli import run
from convcalc.fix import unsettled
from convcalc.fix.search import offers
from convcalc.network.record import Network
from convcalc.spec.load import Prepared, load

resource = pytest.importorskip("resource")

_MIB = 1 << 20
_LIMIT, _MOST = 200 * _MIB, 200_000
_LAYERS = 50_000
_SPEC = """input: 8x8x4
layers:
- conv: {{filters: 4, kernel: 3, pad: 1}}
  times: {}
"""
#: Of a small process, so that nothing that came before counts.
_MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _resident(*command: str, exits: int = 0) -> int:
    """Bytes, at most, of a run of the command line in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-S", "-c", _MEASURED, sys.executable, "-m", "convcalc", *command],
        capture_output=True,
        text=True,
        check=True,
    )
    code, size = map(int, run.stdout.split())
    assert code == exits, run.stderr
    return size * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.parametrize(
    "command",
    [
        ["analyze"],
        ["analyze", "--expand"],
        ["analyze", "--format", "json"],
        ["analyze", "--format", "csv"],
        ["analyze", "--format", "markdown"],
        ["check"],
    ],
    ids=" ".join,
)
def test_a_quarter_of_the_layers_takes_a_quarter_of_the_memory(
    command: list[str], tmp_path: Path
) -> None:
    sizes = []
    for layers in (1, _LAYERS - 1):
        spec = tmp_path / f"{layers}.yaml"
        spec.write_text(_SPEC.format(layers), encoding="utf-8")
        sizes.append(_resident(*command, str(spec)))
    start, taken = sizes
    assert taken - start <= (_LIMIT - start) * _LAYERS // _MOST


@pytest.mark.parametrize("command", ["analyze", "check"])
def test_so_do_layers_that_all_differ(command: str, tmp_path: Path) -> None:
    """Every layer of the net makes another size."""
    sizes = []
    for layers in (1, _LAYERS - 1):
        spec = tmp_path / f"{layers}.yaml"
        text = _SPEC.format(layers).replace("kernel: 3, pad: 1", "kernel: 1, pad: [0, 1, 0, 1]")
        spec.write_text(text, encoding="utf-8")
        sizes.append(_resident(command, str(spec)))
    start, taken = sizes
    assert taken - start <= (_LIMIT - start) * _LAYERS // _MOST


def test_two_nets_of_a_quarter_of_the_layers_take_a_quarter_of_the_memory(tmp_path: Path) -> None:
    sizes = []
    for layers in (1, _LAYERS - 1):
        old, new = tmp_path / f"{layers}.yaml", tmp_path / f"{layers}-wide.yaml"
        old.write_text(_SPEC.format(layers), encoding="utf-8")
        new.write_text(_SPEC.format(layers).replace("filters: 4", "filters: 8"), encoding="utf-8")
        sizes.append(_resident("diff", str(old), str(new)))
    start, taken = sizes
    assert taken - start <= (500 * _MIB - start) * _LAYERS // _MOST


def test_code_of_a_quarter_of_the_layers_takes_a_quarter_of_the_memory(tmp_path: Path) -> None:
    """A text of 20 MB at the limit of 200,000 layers, and what makes it."""
    sizes = []
    for layers in (1, _LAYERS - 1):
        spec, code = tmp_path / f"{layers}.yaml", tmp_path / f"{layers}.py"
        spec.write_text(_SPEC.format(layers), encoding="utf-8")
        sizes.append(_resident("export", str(spec), "--to", "pytorch", "-o", str(code)))
    start, taken = sizes
    assert taken - start <= (_LIMIT - start) * _LAYERS // _MOST


_LEVELS = 14  #: of blocks that call the one before twice: 2^14 layers and as many calls again


def test_blocks_within_blocks_take_no_more_where_names_and_places_are_long(tmp_path: Path) -> None:
    """The limit of layers, which counts calls as well, is reached at 16 levels."""
    sizes = []
    for levels in (1, _LEVELS):
        blocks = ["  b0: {layers: [{conv: {filters: 4, kernel: 3, pad: 1}}]}"]
        for level in range(1, levels + 1):
            blocks.append(f"  b{level}: {{layers: [b{level - 1}, b{level - 1}]}}")
        text = "\n".join(["input: 8x8x4", "blocks:", *blocks, f"layers: [b{levels}]", ""])
        spec = tmp_path / f"{levels}.yaml"
        spec.write_text(text, encoding="utf-8")
        sizes.append(_resident("analyze", str(spec)))
    start, taken = sizes
    assert taken - start <= (_LIMIT - start) // 4


@pytest.mark.parametrize("target", ["pytorch", "keras"])
def test_code_of_blocks_within_branches_takes_a_quarter_too(target: str, tmp_path: Path) -> None:
    """A block of two branches that call the one before: 15 levels are below the limit of layers."""
    sizes = []
    for levels in (1, _LEVELS - 1):
        blocks = ["  b0: {layers: [{conv: {filters: 4, kernel: 3, pad: 1}}]}"]
        for level in range(1, levels + 1):
            branches = f"[[b{level - 1}], [b{level - 1}]]"
            blocks.append(f"  b{level}: {{layers: [{{add: {{branches: {branches}}}}}]}}")
        text = "\n".join(["input: 8x8x4", "blocks:", *blocks, f"layers: [b{levels}]", ""])
        spec, code = tmp_path / f"{levels}.yaml", tmp_path / f"{levels}.py"
        spec.write_text(text, encoding="utf-8")
        sizes.append(_resident("export", str(spec), "--to", target, "-o", str(code)))
    start, taken = sizes
    assert taken - start <= (_LIMIT - start) // 4


#: A fault behind all turns of 60 layers, in a size, and one at the end of each, in a word.
_FAULTS = {
    "a size": "- conv: {filters: 8, kernel: 3, stride: 2, pad: 1}",
    "a word": "    - convv: {filters: 8, kernel: 3, pad: 1}",
}


@pytest.mark.parametrize("fault", _FAULTS.values(), ids=_FAULTS)
def test_repairs_of_a_quarter_of_the_layers_take_a_quarter_of_the_memory(
    fault: str, tmp_path: Path
) -> None:
    """The net as it is and the repaired one are held at once."""
    sizes = []
    for turns in (1, _LAYERS // 62):
        spec = tmp_path / f"{turns}.yaml"
        inner = "- repeat: {times: 20, layers: [conv3-8, relu, batch_norm]}"
        lines = f"- repeat:\n    times: {turns}\n    layers:\n    {inner}\n{fault}\n"
        spec.write_text(f"input: 32x32x3\nlayers:\n{lines}", encoding="utf-8")
        sizes.append(_resident("check", "--fix", str(spec), exits=1))
    start, taken = sizes
    assert taken - start <= (_LIMIT - start) * _LAYERS // _MOST


def test_so_do_repairs_of_layers_that_all_differ(tmp_path: Path) -> None:
    """The steps that the repaired net has in common with the one as it is are held once."""
    sizes = []
    for layers in (1, _LAYERS - 1):
        spec = tmp_path / f"{layers}.yaml"
        text = _SPEC.format(layers).replace("kernel: 3, pad: 1", "kernel: 1, pad: [0, 1, 0, 1]")
        spec.write_text(
            text + _FAULTS["a size"].replace("kernel: 3", "kernel: 4"), encoding="utf-8"
        )
        sizes.append(_resident("check", "--fix", str(spec), exits=1))
    start, taken = sizes
    assert taken - start <= (_LIMIT - start) * _LAYERS // _MOST


@pytest.mark.parametrize("layers", ["[conv3-8, relu]", "[conv: {filters: 8, kernel: 3}, relu: ]"])
def test_all_copies_of_a_layer_have_one_place(layers: str) -> None:
    """Whatever is between them."""
    text = f"input: 32x32x3\nlayers: [repeat: {{times: 40, layers: {layers}}}]\n"
    steps = load("a.yaml", text.encode()).steps
    assert len({id(step.place) for step in steps[1:]}) == 2


def test_a_net_that_is_not_repaired_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for what is tried: not again for the check."""
    read, spec = [], tmp_path / "a.yaml"
    prepared = Prepared.network

    def counted(self: Prepared, *given: Any) -> Network:
        read.append(self.source.text)
        return prepared(self, *given)

    monkeypatch.setattr(Prepared, "network", counted)
    spec.write_text("input: 8x8x4\nlayers:\n- conv4-4s3\n", encoding="utf-8")
    assert run(["check", "--fix", str(spec)]) == 1
    assert read.count(spec.read_text()) == 1


def test_equal_copies_of_a_repaired_layer_are_sized_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sized = []
    is_right = unsettled._is_right

    def counted(*given: Any) -> bool:
        sized.append(given)
        return is_right(*given)

    monkeypatch.setattr(unsettled, "_is_right", counted)
    copies = "repeat: {times: 50, layers: [conv3-4, relu]}"
    text = f"input: 9x9x4\nlayers:\n- {copies}\n- conv: {{filters: 4, kernel: 4, stride: 2}}\n"
    assert offers(load("a.yaml", text.encode()))
    assert 0 < len(sized) < 50
