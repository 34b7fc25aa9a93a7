"""Counting conventions of one's own: counts or located findings; never anything else."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from fuzzing import by_hand  # noqa: E402

from convcalc.analysis.walk import analyze  # noqa: E402
from convcalc.counting.known import FileError, own  # noqa: E402
from convcalc.counting.tally import Counter  # noqa: E402
from convcalc.spec.load import load  # noqa: E402
from convcalc.tree.decode import Limits  # noqa: E402
from convcalc.zoo import convention_file, conventions  # noqa: E402

SAMPLES = [
    *(Path(convention_file(name) or "").read_bytes() for name in conventions()),
    b"convention: mine\nversion: 3\nunit: flop\nprints: {digits: 1, unit: GOps, scale: GM}\n"
    b"extends: fvcore\ntimes: 2\nfolds: batch_norm\noperations:\n  relu, relu6: inputs\n"
    b'  "batch_norm(affine: false)": 3*inputs\n  "conv(groups: >1)": =macs//groups + 7 % 3\n'
    b"  rest: unknown\nmemory: {says: Memory, bytes: {rest: 4*outputs}, unit: MiB}\n"
    b'also: {macs: {conv: macs, rest: 0}}\nnotes: {"conv(groups: >1)": counts 0}\n',
    b"convention: m\noperations: {conv: macs - 2*macs, fc: macs / 0, rest: 'min(1, outputs)'}\n",
]
WORDS = [
    *(b"\n", b": ", b"{", b"}", b"[", b"]", b", ", b"=", b"'", b'"', b"&a ", b"*a", b"<<: ", b"("),
    *(b"conv(groups: >1)", b"rest: 0", b"unknown", b"none", b"macs*macs*macs", b"2**63", b"//0"),
    *(b"9" * 18, b"9" * 400, b"-", b"%", b"round(", b"max(", b"\xff", b"\xe2\x80\xa8", b"\x1b"),
    *(b"extends: thop\n", b"operations: ", b"kernel", b"bias", b"inputs", b"relu, silu", b"1e400"),
]  # fmt: skip
NETS = [
    analyze(load("a.yaml", f"input: {shape}\nlayers: '{layers}'\n".encode()))
    for shape, layers in (("8x8x4", "conv3-8g2 relu pool2 fc-10 softmax"), ("9x3", "conv3-4"))
]


def target(data: bytes) -> None:
    """Read it and count two nets by it."""
    try:
        found = own("m.yaml", data, Limits())
    except FileError as error:
        assert error.findings
        assert not {"\x1b", "\u2028"} & set("".join(str(finding) for finding in error.findings))
        return
    for net in NETS:
        count = Counter(net).count(found)
        assert count.operations is None or count.operations >= 0
        assert not {"\x1b", "\u2028"} & set(repr(count))


if __name__ == "__main__":
    by_hand(target, SAMPLES, WORDS)
