"""Nets in one line: whatever the text, there are findings and never an exception."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from fuzzing import by_hand  # noqa: E402

from convcalc.analysis.walk import analyze  # noqa: E402
from convcalc.spec.document import Overrides  # noqa: E402
from convcalc.spec.load import load_pattern  # noqa: E402
from convcalc.tree.decode import Limits  # noqa: E402

SAMPLES = [
    b"[conv3-32 relu pool2]*2 fc-10",
    b"input-32x32x3 -> [[CONV3-64 -> RELU]*2 -> POOL2]*3 -> FC-10",
    b"conv3-8s2p0 bn relu avgpool3s2 dropout0.5 flatten fc-10 softmax",
    b"[[[conv1-4]*2 relu]*3 pool2]*2",
]
WORDS = [
    *(b"[", b"]", b"*2", b"*999999999", b"->", b"?", b" ", b"conv", b"3", b"-", b"x", b"s2", b"p1"),
    *(b"\xe2\x86\x92", b"\xc2\xb2", b"\xff", b"\x1b[2J", b"=width", b"\n", b"'", b": ", b"{", b"*"),
]
LIMITS = Limits(layers=2000)


def target(data: bytes) -> None:
    """Read and size."""
    text = data.decode("utf-8", "surrogateescape")
    analyze(load_pattern(text, Overrides((32, 32, 3)), LIMITS))
    analyze(load_pattern(text, Overrides(), LIMITS))


if __name__ == "__main__":
    by_hand(target, SAMPLES, WORDS)
