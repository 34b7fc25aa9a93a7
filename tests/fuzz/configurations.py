"""pyproject.toml: a configuration, or an error in one line; never anything else."""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from fuzzing import by_hand  # noqa: E402

from convcalc.config import load_config  # noqa: E402
from convcalc.pyproject import ConfigError  # noqa: E402

SAMPLES = [
    b'[tool.convcalc]\nselect = ["CC2", "input-lost"]\nignore = ["CC210"]\nadvice = false\n'
    b'fail-on = "warning"\ninclude = ["*.convcalc.yaml"]\nmax-params = "5M"\nmax-macs = 1000\n'
    b'[tool.convcalc.rules]\nlarge-kernel = {largest = 7, severity = "warning"}\nCC204 = false\n',
    b'[project]\nname = "a"\n[tool]\nconvcalc = {max-training-memory = "12GiB"}\n',
]
WORDS = [
    *(b"[", b"]", b"{", b"}", b"=", b".", b'"', b"'", b"'''", b'"""', b"\n", b"#", b"\\u2028"),
    *(b"9" * 5000, b"1e999", b"nan", b"inf", b"0x" + b"f" * 5000, b"true", b"a." * 300),
    *(b"[" * 2000, b"[tool.convcalc]\n", b"[[tool.convcalc]]\n", b"\xff", b"\x00", b"\x1b", b"-1"),
]  # fmt: skip


def target(data: bytes) -> None:
    """Load it as the nearest file."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pyproject.toml").write_bytes(data)
        try:
            load_config(folder)
        except ConfigError as error:
            assert "\n" not in str(error) and "\x1b" not in str(error), str(error)
            assert os.path.join(folder, "pyproject.toml") in str(error)


if __name__ == "__main__":
    by_hand(target, SAMPLES, WORDS)
