"""What a program holds in use, to the byte: views, overwriting, what layers leave out, dead calls.

The nets are modules of many families, and random ones that mix such operators. Where it cannot be
known what a program allocates, the file says so.
"""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import convcalc
from convcalc.memory.fit import Simulation
from tests.interop.live_peak import live_peak
from tests.interop.program_nets import Net, conv, functional, nets, nn, shuffled, torch

pytestmark = pytest.mark.filterwarnings("ignore")  # of PyTorch's own export

SEEDS = 40
ESTIMATE = "the peak of inference is an estimate"


def exported(module: Any, x: Any, file: Path, decomposed: bool = False) -> int:
    """Write a program; the most bytes that are alive while PyTorch runs it."""
    program = torch.export.export(module.eval(), (x,))
    if decomposed:
        program = program.run_decompositions()
    torch.export.save(program, file)
    return live_peak(torch.export.load(file).module(), x)


def said(found: Any) -> bool:
    """Whether the report names what makes its peak an estimate."""
    return any(ESTIMATE in finding.message for finding in found.findings)


@pytest.mark.parametrize("decomposed", [False, True])
@pytest.mark.parametrize("name", nets())
def test_the_peak_is_pytorchs(name: str, decomposed: bool, tmp_path: Path) -> None:
    file = tmp_path / "net.pt2"
    truth = exported(nets()[name], torch.randn(2, 3, 16, 16), file, decomposed)
    found = convcalc.analyze(file, batch=2)
    if decomposed and name == "merging":  # its products of matrices have no layer kind then
        assert not found.ok
        return
    assert found.ok
    assert found.memory.inference.peak == truth
    assert not said(found)


#: Nets whose files have sizes of their own: of views, cuts, flattened volumes.
FIXED = {"dcgan", "merging", "responses", "shufflenet", "unet"}


@pytest.mark.parametrize("name", nets())
def test_another_batch_and_another_size(name: str, tmp_path: Path) -> None:
    exported(nets()[name], torch.randn(2, 3, 16, 16), tmp_path / "two.pt2")
    size = 16 if name in FIXED else 24
    truth = exported(nets()[name], torch.randn(3, 3, size, size), tmp_path / "three.pt2")
    found = convcalc.analyze(tmp_path / "two.pt2", batch=3, input=f"{size}x{size}x3")
    assert found.memory.inference.peak == truth


#: Functions of volumes of 8 channels that give one of the same size; the net has layers for them.
Mixed = Callable[[Any, Any, Any], Any]


def _over(function: str, *numbers: float) -> Mixed:
    """A function that overwrites what a convolution made."""
    return lambda net, x, y: getattr(net.one(x), function)(*numbers)


def _joined(net: Any, x: Any, y: Any) -> Any:
    first, second = x.chunk(2, 1)
    return torch.cat([second, first + y[:, 4:]], 1)


def _dead(net: Any, x: Any, y: Any) -> Any:
    torch.cat([x, y, net.one(x)], 1).sigmoid()
    return x


def _cut(net: Any, x: Any, y: Any) -> Any:
    return functional.interpolate(net.wide(x)[:, :8, 1:-1, 1:-1], size=x.shape[2:])


def _normed(net: Any, x: Any, y: Any) -> Any:
    return net.layer(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2) + y


def _linear(net: Any, x: Any, y: Any) -> Any:
    return net.fc(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2).contiguous()


def _both_over(net: Any, x: Any, y: Any) -> Any:
    z = net.one(x)
    z *= y
    z += x
    return z


MIXED: dict[str, Mixed] = {
    "conv": lambda net, x, y: net.three(x),
    "free": lambda net, x, y: net.free(x),
    "grouped": lambda net, x, y: net.grouped(x),
    "even": lambda net, x, y: net.even(x),
    "norm": lambda net, x, y: net.norm(net.free(x)),
    "groups": lambda net, x, y: net.groups(x),
    "instance": lambda net, x, y: net.instance(x),
    "layer norm": _normed,
    "linear": _linear,
    "responses": lambda net, x, y: net.responses(x),
    "relu": lambda net, x, y: torch.relu(x),
    "relu_": _over("relu_"),
    "mul_": _over("mul_", 2),
    "abs_": _over("abs_"),
    "both over": _both_over,
    "silu": lambda net, x, y: functional.silu(x),
    "silu_": lambda net, x, y: functional.silu(net.one(x), inplace=True),
    "leaky": lambda net, x, y: functional.leaky_relu(x, 0.1),
    "gelu": lambda net, x, y: functional.gelu(x),
    "mish": lambda net, x, y: functional.mish(net.one(x), inplace=True),
    "hard": lambda net, x, y: functional.hardswish(x),
    "tanh": lambda net, x, y: torch.tanh(x) * torch.sigmoid(y),
    "prelu": lambda net, x, y: net.prelu(x),
    "softmax": lambda net, x, y: torch.softmax(x, 1),
    "scaled": lambda net, x, y: x + 0.1 * y,
    "moved": lambda net, x, y: (x - 0.5) / 0.25 + 1,
    "taken": lambda net, x, y: 1 - x,
    "constant": lambda net, x, y: x / net.mean,
    "sum": lambda net, x, y: x + y,
    "less": lambda net, x, y: x - y,
    "product": lambda net, x, y: x * y,
    "maximum": lambda net, x, y: torch.maximum(x, y),
    "gate": lambda net, x, y: x * torch.sigmoid(net.one(y.mean((2, 3), keepdim=True))),
    "joined": _joined,
    "shuffled": lambda net, x, y: shuffled(x),
    "shuffle": lambda net, x, y: functional.channel_shuffle(x, 2),
    "shuffled by reshape": lambda net, x, y: x.unflatten(1, (2, 4)).transpose(1, 2).flatten(1, 2),
    "split": lambda net, x, y: torch.cat([*net.wide(x).split([3, 5, 4], 1)[:2]], 1),
    "groups over": lambda net, x, y: net.groups(net.twice(x)[:, 8:]),
    "instance over": lambda net, x, y: net.instance(net.twice(x)[:, 8:]),
    "linear over": lambda net, x, y: net.fc(net.twice(x).permute(0, 2, 3, 1)[..., 8:]).permute(
        0, 3, 1, 2
    ),
    "cut": _cut,
    "padded": lambda net, x, y: functional.pad(x, (1, 0, 0, 1))[:, :, 1:, :-1],
    "max pool": lambda net, x, y: functional.max_pool2d(x, 3, 1, 1),
    "mean pool": lambda net, x, y: functional.interpolate(
        functional.avg_pool2d(x, 2), scale_factor=2, mode="bilinear"
    ),
    "depth": lambda net, x, y: functional.pixel_shuffle(net.four(functional.max_pool2d(x, 2)), 2),
    "unshuffle": lambda net, x, y: net.up(functional.pixel_unshuffle(x, 2)),
    "gated": lambda net, x, y: functional.glu(net.twice(x), 1),
    "maxout": lambda net, x, y: torch.max(*net.twice(x).chunk(2, 1)),
    "dropout": lambda net, x, y: functional.dropout(x, 0.5, net.training),
    "copied": lambda net, x, y: x.clone() + y.contiguous(),
    "dead": _dead,
}


def _layers() -> dict[str, Any]:
    """The layers of a random net; those that it does not call are left out of its file's arrays."""
    return {
        "one": conv(8, 8, 1), "three": conv(8, 8), "free": conv(8, 8, bias=False),
        "grouped": conv(8, 8, groups=8), "even": nn.Conv2d(8, 8, 2, padding="same"),
        "wide": conv(8, 12), "twice": conv(8, 16, 1), "four": conv(8, 32, 1),
        "up": nn.ConvTranspose2d(32, 8, 2, 2), "norm": nn.BatchNorm2d(8),
        "groups": nn.GroupNorm(2, 8), "instance": nn.InstanceNorm2d(8, affine=True),
        "layer": nn.LayerNorm(8), "fc": nn.Linear(8, 8, bias=False),
        "responses": nn.LocalResponseNorm(3), "prelu": nn.PReLU(8), "first": conv(3, 8),
    }  # fmt: skip


def mixed(seed: int) -> tuple[list[str], Any]:
    """The operators of a random net, and the net."""
    drawn = random.Random(seed)
    names = [drawn.choice(sorted(MIXED)) for _ in range(drawn.randint(3, 9))]
    reads = [(drawn.randrange(99), drawn.randrange(99)) for _ in names]

    def run(net: Any, x: Any) -> Any:
        volumes = [net.first(x)]
        for name, (first, second) in zip(names, reads, strict=True):
            x, y = (volumes[max(len(volumes) - 1 - at % 3, 0)] for at in (first, second))
            volumes.append(MIXED[name](net, x, y))
        return volumes[-1] if seed % 3 else (volumes[-1], volumes[-2])

    net = Net(run, **_layers())
    net.register_buffer("mean", torch.rand(8, 1, 1))
    return names, net


def unread(module: Any, file: Path) -> int:
    """Bytes of the arrays that no call of a program reads: they are left out of it."""
    program = torch.export.load(file)
    calls = [node for node in program.graph.nodes if node.op == "placeholder" and node.users]
    read = {program.graph_signature.inputs_to_parameters.get(node.name) for node in calls}
    read |= {program.graph_signature.inputs_to_buffers.get(node.name) for node in calls}
    modules = {name.rpartition(".")[0] for name in read if name is not None}
    own = [*program.named_parameters(), *program.named_buffers()]
    beside = {n for n, _ in program.named_buffers() if n.rpartition(".")[0] in modules}
    return sum(t.numel() * t.element_size() for n, t in own if n not in read | beside)


@pytest.mark.parametrize("name", MIXED)
def test_operators_one_by_one(name: str, tmp_path: Path) -> None:
    def run(net: Any, x: Any) -> Any:
        x = net.first(x)
        return MIXED[name](net, x, x)

    net = Net(run, **_layers())
    net.register_buffer("mean", torch.rand(8, 1, 1))
    file = tmp_path / "net.pt2"
    truth = exported(net, torch.randn(2, 3, 16, 16), file) - unread(net, file)
    found = convcalc.analyze(file, batch=2)
    assert found.ok, [finding.message for finding in found.findings]
    assert found.memory.inference.peak == truth
    assert not said(found)


@pytest.mark.parametrize(
    "name", ["linear", "linear over", "groups over", "instance over", "shuffled by reshape"]
)
def test_one_image_copies_less(name: str, tmp_path: Path) -> None:
    """Whatever the batch of the file: `fit` too has a run of one image and one of several."""
    net = Net(lambda net, x: MIXED[name](net, net.first(x), x), **_layers())
    files = {batch: tmp_path / f"{batch}.pt2" for batch in (1, 3)}
    truth = {at: exported(net, torch.randn(at, 3, 16, 16), file) for at, file in files.items()}
    for file in files.values():
        beside = unread(net, file)
        for batch, peak in truth.items():
            found = convcalc.analyze(file, batch=batch)
            assert found.memory.inference.peak == peak - beside
            assert Simulation(found.analysis, False).peak(1) == truth[1] - beside
            assert Simulation(found.analysis, False).peak(3) == truth[3] - beside


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("decomposed", [False, True])
@pytest.mark.parametrize("given", ["", "affine", "track_running_stats", "both"])
def test_instance_norms(given: str, decomposed: bool, over: bool, tmp_path: Path) -> None:
    """What they learn and keep is repeated for each image; kept numbers are not worked out."""
    options = {key: given in {key, "both"} for key in ("affine", "track_running_stats")}
    net = Net(
        lambda net, x: net.norm(net.first(x)[:, 4:] if over else net.first(x)),
        first=conv(3, 8),
        norm=nn.InstanceNorm2d(4 if over else 8, **options),
    )
    file, more = tmp_path / "1.pt2", tmp_path / "more.pt2"
    truth = {1: exported(net, torch.randn(1, 3, 8, 8), file, decomposed)}
    truth |= {n: exported(net, torch.randn(n, 3, 8, 8), more, decomposed) for n in (2, 3)}
    for batch, peak in truth.items():
        found = convcalc.analyze(file, batch=batch)
        assert found.memory.inference.peak == peak
        assert not said(found)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_random_nets_to_the_byte_or_said(seed: int, tmp_path: Path) -> None:
    names, net = mixed(seed)
    file, batch = tmp_path / "net.pt2", 1 + seed % 2
    x = torch.randn(batch, 3, 16, 16)
    truth = exported(net, x, file, decomposed=seed % 5 == 4) - unread(net, file)
    found = convcalc.analyze(file, batch=batch)
    if not found.ok:  # an operator without a layer kind: nothing is said of its memory
        assert found.memory is None
        return
    assert found.memory.inference.peak == truth or said(found), names


@pytest.mark.parametrize("dtype", ["uint8", "bool", "int64", "float16", "float32", "float64"])
def test_images_of_another_type(dtype: str, tmp_path: Path) -> None:
    """Their numbers take their own bytes until the program makes its floats of them."""
    net = Net(lambda net, x: net.c(x.float() / 255), c=nn.Conv2d(3, 4, 3))
    x = torch.ones(2, 3, 16, 16).to(getattr(torch, dtype))
    truth = exported(net, x, tmp_path / "net.pt2")
    found = convcalc.analyze(tmp_path / "net.pt2", batch=2)
    assert found.memory.inference.peak == truth
    assert not said(found)
