"""Weights and pictures: arrays of numbers, or an error in one line; never anything else."""

import io
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import numpy as np  # noqa: E402
from fuzzing import by_hand  # noqa: E402

from convcalc.backend.files import Pictures, StateDict, UnreadableError  # noqa: E402


def _npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def _npz(compressed: bool) -> bytes:
    out = io.BytesIO()
    save = np.savez_compressed if compressed else np.savez
    save(out, **{"a.weight": np.arange(6.0).reshape(3, 2), "a.bias": np.arange(3)})
    return out.getvalue()


def _safetensors() -> bytes:
    entry = {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]}
    text = json.dumps({"__metadata__": {"format": "pt"}, "a.bias": entry}).encode()
    return len(text).to_bytes(8, "little") + text + bytes(12)


SAMPLES = [_npz(False), _npz(True), _safetensors(), _npy(np.zeros((4, 4, 2)))]
WORDS = [
    *(b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"\x93NUMPY"),
    *(b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"(", b")", b"'|O'", b"99999999999", b"-1"),
    *(b'"', b"[", b"{", b"}", b"]", b'"a":', b"1e99", b"null", b"[" * 5000, b"9" * 5000, b"L"),
]  # fmt: skip
LARGEST = 50_000_000  #: bytes that a sample of a few hundred may say that it has


def target(data: bytes) -> None:
    """Read it as each of the formats."""
    with tempfile.TemporaryDirectory() as folder:
        for ending in (".npz", ".safetensors", ".npy"):
            path = str(Path(folder, f"a{ending}"))
            Path(path).write_bytes(data)
            try:
                if ending == ".npy":
                    Pictures(path, 3).array()
                else:
                    state = StateDict(path)
                    for name, shape in state.shapes.items():
                        if np.prod(shape, dtype=float) < LARGEST:
                            assert state.array(name).shape == shape
            except UnreadableError as error:
                assert "\n" not in str(error) and "\x1b" not in str(error), str(error)


if __name__ == "__main__":
    by_hand(target, SAMPLES, WORDS)
