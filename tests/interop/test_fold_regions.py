"""Regions that are no branches: sequences that read others by name, blocks with several ends."""

import io
import lzma
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from convcalc.interop.flat import Builder, Flat, SourceCounts
from convcalc.interop.fold.clean import cleaned
from convcalc.interop.fold.prove import proved
from convcalc.interop.fold.spec import flat_text, write
from convcalc.interop.read.model import read
from tests.interop.conftest import totals
from tests.interop.stated_programs import archived
from tests.interop.test_fold import held


class Net:
    """A flat graph, written layer by layer."""

    def __init__(self) -> None:
        self.builder = Builder()
        self.x = self.builder.input("input", (32, 32, 8))

    def add(self, kind: str, *reads: int, **options: object) -> int:
        return self.builder.add(kind, options, reads, f"{kind}{len(self.builder.items)}")

    def conv(self, x: int, filters: int, stride: int = 1, kernel: int = 3) -> int:
        pad = kernel // 2
        options = {"filters": filters, "kernel": kernel, "stride": stride, "pad": pad}
        return self.add("relu", self.add("batch_norm", self.add("conv", x, bias=False, **options)))

    def flat(self, *outputs: int) -> Flat:
        builder = self.builder
        return Flat(
            "net", "", "a test", tuple(builder.items), outputs, builder.roundings,
            SourceCounts(), (), tuple(builder.faults),
        )  # fmt: skip


def exchanged(net: Net, high: int, low: int) -> tuple[int, int]:
    """Two resolutions that read each other, as in HRNet."""
    high, low = net.conv(net.conv(high, 8), 8), net.conv(net.conv(low, 16), 16)
    up = net.add("upsample", net.conv(low, 8, kernel=1), scale=2)
    down = net.conv(high, 16, stride=2)
    return net.add("relu", net.add("add", high, up)), net.add("relu", net.add("add", down, low))


def aggregated(net: Net, x: int) -> tuple[int, int]:
    """Two layers that are joined with what came before, and read again after that, as in DLA."""
    first = net.add("relu", net.add("add", net.conv(x, 8), x))
    second = net.add("relu", net.add("add", net.conv(first, 8), first))
    joined = net.conv(net.add("concat", second, first, x), 8, kernel=1)
    return net.add("add", joined, second), first


def test_a_stage_with_two_inputs_and_two_outputs_is_one_block() -> None:
    net = Net()
    high, low = net.conv(net.x, 8), net.conv(net.x, 16, stride=2)
    for _ in range(5):
        high, low = exchanged(net, high, low)
    flat = net.flat(high, low)
    made = write(flat)
    assert made.folded, made.remark
    assert made.text.count("\n") <= 42, made.text
    assert "args: {x1: " in made.text, made.text
    held(made.text, flat)


def test_hrnet_from_torch_export() -> None:
    """timm 1.0.31's hrnet_w18_small, with the parameters and MACs that PyTorch counts."""
    graph = lzma.decompress(Path(__file__).with_name("hrnet_w18_small.json.xz").read_bytes())
    flat = read("net.pt2", io.BytesIO(archived(graph)))
    assert totals(flat) == (13_187_464, 1_601_508_352)
    text = write(flat).text
    assert text.count("\n") < 130, text  # some of its activations are in place, some are not
    held(text, flat)


def test_a_merge_within_a_block_reads_its_argument() -> None:
    net = Net()
    x = first = net.conv(net.x, 8)
    others = []
    for _ in range(4):
        others.append(net.conv(first, 8))
        x = net.add("add", others[-1], net.conv(net.conv(x, 8, kernel=1), 8))
    flat = net.flat(net.add("concat", x, *others))
    made = write(flat)
    assert made.folded, made.remark
    assert "from: [=skip, " in made.text, made.text
    held(made.text, flat)


def test_trees_of_aggregation_fold() -> None:
    net = Net()
    x, ends = net.conv(net.x, 8), []
    for _ in range(6):
        x, end = aggregated(net, x)
        ends.append(end)
    flat = net.flat(net.add("concat", x, *ends))
    made = write(flat)
    assert made.folded, made.remark
    assert made.text.count("\n") <= 45, made.text
    held(made.text, flat)


@pytest.mark.parametrize("motif", [exchanged, None])
def test_whatever_the_wiring_the_fold_is_proved(
    motif: Callable[[Net, int, int], tuple[int, int]] | None,
) -> None:
    """Motifs that repeat, wired at random: never the flat form, never another net."""
    for seed in range(25):
        draw = random.Random(seed)
        net = Net()
        volumes = [net.conv(net.x, 8), net.x]
        motifs = [[draw.randrange(5) for _ in range(draw.randint(2, 5))] for _ in range(2)]
        for _ in range(draw.randint(3, 10)):
            if motif is not None and draw.random() < 0.4:
                low = net.conv(draw.choice(volumes), 16, stride=2)
                high, low = motif(net, draw.choice(volumes), low)
                volumes += [high, net.add("upsample", net.conv(low, 8), scale=2)]
                continue
            x = draw.choice(volumes)
            for step in draw.choice(motifs):
                x = stepped(net, step, x, volumes, draw)
            volumes.append(x)
        reads = {j for item in net.builder.items for j in item.inputs}
        ends = [i for i in range(len(net.builder.items)) if i not in reads]
        flat = net.flat(*sorted({*ends, *draw.sample(volumes[2:], draw.randint(0, 2))}))
        made = write(flat)
        assert made.folded, (seed, made.remark)
        assert proved(made.text, cleaned(flat)[0]) == "", seed
        assert made.text.count("\n") <= flat_text(flat).count("\n") + 3, (seed, made.text)
        held(made.text, flat)


def stepped(net: Net, step: int, x: int, volumes: list[int], draw: random.Random) -> int:
    """One step of a motif."""
    match step:
        case 0:
            return net.conv(x, 8)
        case 1:
            return net.add("add", x, draw.choice(volumes))
        case 2:
            return net.add("add", draw.choice(volumes), net.conv(x, 8, kernel=1))
        case 3:
            return net.conv(net.add("concat", x, draw.choice(volumes), draw.choice(volumes)), 8)
        case _:
            y = net.add("multiply", net.add("sigmoid", net.conv(x, 8)), x)
            return net.add("relu", y)


@pytest.mark.parametrize("levels", [4, 8, 10])
def test_merges_in_each_other_end_where_nobody_can_read_them(levels: int) -> None:
    """A U-Net of many levels: by names where branches in branches would be nested too deep."""
    net = Net()
    net.builder.items.clear()
    x = net.x = net.builder.input("input", (2**levels, 2**levels, 8))
    skips = []
    for level in range(levels):
        x = net.conv(x, 8 + level)
        skips.append(x)
        x = net.add("max_pool", x, kernel=2, stride=2)
    for skip in reversed(skips):
        x = net.conv(net.add("concat", net.add("upsample", x, scale=2), skip), 8)
    flat = net.flat(x)
    made = write(flat)
    assert made.folded, made.remark
    assert max(len(line) - len(line.lstrip()) for line in made.text.splitlines()) < 60
    assert made.text.count("\n") <= 20 + 5 * levels, made.text
    held(made.text, flat)


def test_the_search_for_regions_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Joins that all read the input are no region: each would be walked up again."""
    from convcalc.interop.fold import branches

    net = Net()
    at = net.conv(net.x, 8)
    for _ in range(300):
        at = net.add("add", at, net.x)
    for most in (1000, 200_000):
        monkeypatch.setattr(branches, "_MOST_VISITED", most)
        reduction = branches.Reduction(net.flat(at))
        reduction.reduce()
        assert reduction.left >= -300 or most > 1000  # each join then asks once
        text = write(net.flat(at)).text
        assert not proved(text, net.flat(at))
