"""Files of weights that are made field by field: lengths, offsets and sizes that contradict others.

What `weights.py` changes byte by byte is mostly a checksum; here the parts agree, but for a few.
"""

import json
import random
import struct
import sys
import zlib
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import numpy as np  # noqa: E402
from fuzzing import by_hand  # noqa: E402
from weights import _npy as npy  # noqa: E402
from weights import target as read  # noqa: E402

SAMPLES = [b"zip", b"safetensors"]
WORDS = [b"a", b"b"]
_LIES = (0, 1, -1, 12, 8, 2**31, 2**32 - 1, 2**63, 2**64 - 1, 99_999_999)
_NAMES = (b"a.weight.npy", b"a.bias.npy", b"a.bias.npy", b"../x.npy", b"", b"\xff.npy", b"a/.npy")
_SHAPES = ([3], [3.0], [-3], [0], [], [3, 1], [2**31, 2**31, 4], [True], ["3"], 3, None, [[3]])
_DTYPES = ("F32", "F32", "F64", "BF16", "I64", "BOOL", "F8_E4M3", "", None, 5, [], "f32", "F4")


def said(draw: random.Random, number: int, bits: int) -> int:
    """A number as a field says it, and now and then another."""
    return (number if draw.random() < 0.7 else draw.choice(_LIES)) % 2**bits


def archive(draw: random.Random) -> bytes:
    """A zip file: doubled names, members over one another, sizes of zip64 that are none."""
    body = listed = b""
    starts: list[int] = []
    count = draw.randrange(1, 5)
    for _ in range(count):
        name = draw.choice(_NAMES)
        data = draw.choice((npy(np.arange(3.0)), npy(np.zeros((3, 2)))[:-3], b"", b"x" * 50))
        starts.append(len(body))
        extra, sizes = b"", [said(draw, len(data), 32), said(draw, len(data), 32)]
        if draw.random() < 0.4:
            wide = (said(draw, number, 64) for number in (len(data), len(data), starts[-1]))
            extra = struct.pack("<HHQQQ", 1, 24, *wide)
            sizes = draw.choice((sizes, [2**32 - 1] * 2))
        flag, method = draw.choice((0, 0, 1, 8, 0x800)), draw.choice((0, 0, 0, 8, 9, 12, 14, 99))
        same = (flag, method, 0, 0, zlib.crc32(data), *sizes, len(name), len(extra))
        body += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, *same) + name + extra + data
        where = said(draw, draw.choice(starts), 32)
        head = struct.pack("<4sHHHHHHIIIHH", b"PK\1\2", 20, 20, *same)
        listed += head + struct.pack("<HHHII", 0, 0, 0, 0, where) + name + extra
    start = len(body)
    if draw.random() < 0.3:
        counts = (said(draw, number, 64) for number in (count, count, len(listed), start))
        end = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, *counts)
        end += struct.pack("<4sIQI", b"PK\6\7", 0, said(draw, start + len(listed), 64), 1)
        last = (65535, 65535, 2**32 - 1, 2**32 - 1)
    else:
        end = b""
        own = ((count, 16), (count, 16), (len(listed), 32), (start, 32))
        last = tuple(said(draw, number, bits) for number, bits in own)  # type: ignore[assignment]
    return body + listed + end + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, *last, 0)


def safetensors(draw: random.Random) -> bytes:
    """A header with arrays over one another, doubled names and values of other types."""
    entries = []
    for _ in range(draw.randrange(5)):
        begin, end = (said(draw, number, 64) for number in (0, 12))
        offsets = draw.choice(([begin, end], [begin, end], [begin], None, "x", [1.5, 2], [None, 1]))
        dtype, shape = draw.choice(_DTYPES), draw.choice(_SHAPES)
        entry = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
        if draw.random() < 0.1:
            entry.pop(draw.choice(list(entry)))
        name = draw.choice(("a.weight", "a.bias", "a.bias", "", "__metadata__", "\x1b[2J", "::x"))
        entries.append(f"{json.dumps(name)}: {json.dumps(entry)}")
    text = ("{" + ", ".join(entries) + "}").encode()
    body = bytes(draw.choice((0, 12, 12, 24, 11)))
    return said(draw, len(text), 64).to_bytes(8, "little") + text + body


def target(data: bytes) -> None:
    """Read a file that is drawn with these bytes as the seed."""
    draw = random.Random(data)
    read(draw.choice((archive, safetensors))(draw))


if __name__ == "__main__":
    by_hand(lambda data: target(data + random.randbytes(8)), SAMPLES, WORDS)
