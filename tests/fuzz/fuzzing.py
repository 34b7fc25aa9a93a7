"""What the fuzz targets share: mutations of good samples, a seed a round, and a run by hand.

`pytest` runs a few rounds of fixed seeds. By hand, for as long as you like::

    python tests/fuzz/specs.py --seconds 600
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence

Target = Callable[[bytes], None]


def mutated(draw: random.Random, samples: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """A sample with a few edits: bytes changed, parts doubled, cut, swapped, words put in."""
    data = bytearray(draw.choice(samples))
    for _ in range(draw.choice((0, 1, 1, 2, 3, 5, 8, 30))):
        at = draw.randrange(len(data) + 1)
        end = min(at + draw.choice((1, 2, 5, 20, 100)), len(data))
        match draw.randrange(7):
            case 0:
                data[at:end] = bytes(draw.randrange(256) for _ in range(end - at))
            case 1:
                data[at:at] = data[at:end] * draw.choice((1, 2, 9))
            case 2:
                del data[at:end]
            case 3:
                data[at:at] = draw.choice(words)
            case 4:
                data[at:end] = draw.choice(words)
            case 5:
                other = draw.choice(samples)
                begin = draw.randrange(len(other) + 1)
                data[at:at] = other[begin : begin + draw.choice((3, 20, 100))]
            case _:
                if at < len(data):
                    data[at] ^= 1 << draw.randrange(8)
    return bytes(data[:100_000])


def rounds(
    target: Target, samples: Sequence[bytes], words: Sequence[bytes], seeds: Sequence[int]
) -> None:
    """Give the target a mutation a seed; what it raises names the seed."""
    for seed in seeds:
        data = mutated(random.Random(seed), samples, words)
        try:
            target(data)
        except Exception as error:
            error.add_note(f"seed {seed}: {data[:2000]!r}")
            raise


def by_hand(target: Target, samples: Sequence[bytes], words: Sequence[bytes]) -> None:
    """Run until the time is over, with seeds that no run before had."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, help="this round alone")
    given = parser.parse_args()
    if given.seed is not None:
        rounds(target, samples, words, (given.seed,))
        return
    end, done = time.monotonic() + given.seconds, 0
    first = random.SystemRandom().randrange(2**40)
    while time.monotonic() < end:
        before = time.monotonic()
        rounds(target, samples, words, (first + done,))
        if time.monotonic() - before > 5:
            print(f"slow: seed {first + done}", file=sys.stderr)
        done += 1
    print(f"{done:,} rounds, nothing found")
