"""Specs with a long run of one letter or word anywhere: findings, in the time that reading takes.

By hand, rounds of more than five seconds are named; one such is a pattern or a loop that goes over
its text again and again::

    python tests/fuzz/long_runs.py --seconds 600
"""

import random
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from fuzzing import by_hand  # noqa: E402
from specs import LIMITS  # noqa: E402

from convcalc.analysis.walk import analyze  # noqa: E402
from convcalc.rules.advise import with_faults  # noqa: E402
from convcalc.spec.load import load  # noqa: E402

_PLACES = (
    ("layers:\n  - ", ""),
    ("layers:\n  - '", "'"),
    ("layers:\n  - 'nn.Conv2d(", ")'"),
    ("layers:\n  - nn.Conv2d(3, ", ")"),
    ("layers:\n  - x = F.relu(", ")"),
    ("layers:\n  - conv: {filters: 8, kernel: '", "'}"),
    ("layers:\n  - conv3-8:\n    pad: '", "'"),
    ("layers:\n  - conv3-8:\n    name: 'a", "'"),
    ("layers:\n  - reshape: '", "'"),
    ("layers:\n  - {conv: ", "}"),
    ("layers:\n  - {relu: }", ""),
    ("layers:\n  - '", "': {kernel: 3}"),
    ("layers:\n  - conv: {filters: 8, '", "': 3}"),
    ("layers:\n  - add: {branches: {a: '", "', b: identity}}"),
    ("layers:\n  - conv3-8\n  - add:\n    from: ['", "', conv1]"),
    ("layers:\n  - repeat: {times: '", "', layers: [relu]}"),
    ("layers:\n  - relu:\n    when: '", "'"),
    ("layers:\n  - relu:\n    ignore: ['", "']"),
    ("layers:\n  - relu\n", "\n  - relu"),
    ("layers: '", "'"),
    ("layers:\n  - conv3-8\n    ", "\n    relu"),
    ("layers: >\n  ", "\n  relu"),
    ("layers:\n  - |\n    ", "\n    relu"),
    ('layers:\n  - "relu\n    ', '"'),
    ("layers:\n  - 'a\\x41\n    ", "'"),
    ("import torch\nlayers: ", ""),
    ("layers: '[conv3-8 ", "]*2'"),
    ("layers: [relu, ", "]"),
    ("layers: [\n", ""),
    ("layers: [a", "b]x2"),
    ("vars: {w: '=", "'}\nlayers: [{fc: =w}]"),
    ("vars: {w: '", "'}\nlayers: [{fc: =w}]"),
    ("blocks: {b: {args: {w: 8}, layers: [conv3-=w]}}\nlayers: [{b: {w: '", "'}}]"),
    ("expect: {params: '", "'}\nlayers: [relu]"),
    ("budget: {training_memory: '", "'}\nlayers: [relu]"),
    ("name: '", "'\nlayers: [relu]"),
    ("", ": 3\nlayers: [relu]"),
)
SAMPLES = [f"input: 8x8x3\n{before}@{behind}\n".encode() for before, behind in _PLACES]
#: what is repeated: letters, digits, signs, and what patterns for other tools' words look for
WORDS = [
    *(b" ", b"  ", b"9", b"99", b"0.", b"0d0d", b"1e", b"9x", b"x9", b"1_", b"1+", b"(1"),
    *(b"a", b"e", b"x", b"A0", b"a(", b"a,", b"a, ", b"a: ", b"a=", b"a.", b"a_", b"a*", b"a@"),
    *(b"-", b"- ", b"--", b"[", b"]", b"(", b")", b"((", b"{", b"}", b"<", b"<<", b"&", b"*"),
    *(b"|", b">", b"?", b":", b",", b", ", b"=", b"==", b"'", b"''", b'"', b".", b"/", b"_", b"+"),
    *(b"!", b"~", b"#", b"\\", b"$", b"${", b"%(", b"->", b"a->", b"{a: ", b"} #", b" #"),
    *(b"[a] ", b"[] a ", b"'a' ", b"a\t", b"\xc3\x97", b"\xd9\xa0", b"identity ", b"[relu]*2 "),
    *(b"conv", b"conv3-8 ", b"s1p1", b"relu ", b"- relu ", b"k=3, ", b"in_channels=", b"self."),
    *(
        b"f(x)",
        b"x.add(",
        b"(A,A ",
        b"- \n    ",
        b"a -\n    ",
        b"[{",
        b"\\x41 ",
        b":(0: ",
        b"did you mean `",
        b"a short form ",
    ),
]


def target(data: bytes) -> None:
    """Put a long run of a word where the sample has its mark, or anywhere, and read it."""
    draw = random.Random(data)
    run = draw.choice(WORDS)
    at = data.find(b"@")
    at = draw.randrange(len(data) + 1) if at < 0 else at
    begin, end = (
        draw.choice(WORDS + [b""] * 20),
        draw.choice((b"", b"", b"!", b"x", b"3", b")", b"]")),
    )
    text = begin + run * (20_000 // len(run)) + end
    with_faults(analyze(load("a.yaml", data[:at] + text + data[at + 1 :], limits=LIMITS)))


if __name__ == "__main__":
    by_hand(target, SAMPLES, WORDS)
