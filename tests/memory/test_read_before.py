"""Overwriting in place what another layer has read before, held against PyTorch."""

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.spec.load import load

#: a reader of the convolution's output, and PyTorch's call
READERS = {
    "global_avg_pool": "F.adaptive_avg_pool2d(c, 1)",
    "avg_pool: {kernel: 2}": "F.avg_pool2d(c, 2)",
    "max_pool: {kernel: 2}": "F.max_pool2d(c, 2)",
    "conv3-4": "F.conv2d(c, w, padding=1)",
    "sigmoid": "torch.sigmoid(c)",
    "gelu": "F.gelu(c)",
    "relu: {in_place: false}": "F.relu(c)",
    "abs": "c.abs()",
    "upsample: {scale: 2}": "F.interpolate(c, scale_factor=2)",
    "scale: {by: 2}": "c*2",
    "lrn: {size: 3}": "F.local_response_norm(c, 3)",
    "slice: {stop: 2}": "c[:, :2]",
    "crop: {sides: 1}": "c[:, :, 1:-1, 1:-1]",
}


def _net(reader: str) -> Analysis:
    text = (
        f"input: 8x8x4\nlayers:\n  - {{conv3-4: , name: c}}\n"
        f"  - {{{reader if ':' in reader else f'{reader}: '}, from: c, name: other}}\n"
        "  - {relu: {in_place: true}, from: c, name: r}\noutputs: [other, r]\n"
    )
    return analyze(load("net.yaml", text.encode()))


def _told(analysis: Analysis) -> list[str]:
    return [f.message for f in analysis.findings if f.code == "CC122"]


@pytest.mark.parametrize("reader", READERS)
def test_it_is_told_where_pytorch_refuses_or_changes_the_numbers(reader: str) -> None:
    torch = pytest.importorskip("torch")
    names = {"torch": torch, "F": torch.nn.functional, "w": torch.randn(4, 4, 3, 3)}
    names["w"].requires_grad_()
    x = torch.randn(1, 4, 8, 8)
    head = torch.nn.Conv2d(4, 4, 3, padding=1)
    c = head(x)
    other = eval(READERS[reader], {**names, "c": c})
    before = other.detach().clone()
    r = torch.relu_(c)
    changed = bool((other != before).any())
    try:
        (other.sum() + r.sum()).backward()
        refused = False
    except RuntimeError as error:
        assert "inplace operation" in str(error)
        refused = True
    told = _told(_net(reader))
    if changed:
        assert told == ["r overwrites c, which other also reads"]
    elif refused:
        assert told == ["r overwrites c, which other needs again for its gradient"]
    else:
        assert told == []


def test_nothing_is_needed_again_where_nothing_learns() -> None:
    text = (
        "input: 8x8x4\nlayers:\n  - {abs: , name: c}\n  - {gelu: , from: c, name: other}\n"
        "  - {relu: {in_place: true}, from: c, name: r}\noutputs: [other, r]\n"
    )
    assert _told(analyze(load("net.yaml", text.encode()))) == []


@pytest.mark.parametrize(
    "before, told",
    [
        ("{relu: {in_place: true}, from: c, name: other}", 2),  # writes where r writes
        ("{dropout: , from: c, name: other}", 1),  # is its input in inference
        ("{add: , from: [c], name: other}", 0),  # a copy of its one input
        ("{add: , from: [c, c], name: other}", 0),
    ],
)
def test_readers_that_make_nothing_new_are_told(before: str, told: int) -> None:
    text = (
        f"input: 8x8x4\nlayers:\n  - {{conv3-4: , name: c}}\n  - {before}\n"
        "  - {relu: {in_place: true}, from: c, name: r}\noutputs: [other, r]\n"
    )
    assert len(_told(analyze(load("net.yaml", text.encode())))) == told
