"""How much an editor may say that it sends: too much ends the server, in a sentence."""

import subprocess
import sys

import pytest

pytest.importorskip("pygls")


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"Content-Length: 99999999999999\r\n\r\n{}", "a message of 99,999,999,999,999 bytes"),
        (b"Content-Length: " + b"9" * 20 + b"\r\n\r\n{}", "a header that no editor sends"),
        (b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}", "a header that no editor sends"),
        (b"x" * 100_000, "a header that no editor sends"),
    ],
)
def test_a_message_that_is_too_large_ends_the_stream(sent: bytes, why: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "convcalc", "lsp"], input=sent, capture_output=True, timeout=120
    )
    text = told.stderr.decode()
    assert f"convcalc lsp stops: the editor sent {why}" in text
    assert "Traceback" not in text
    assert told.returncode in {0, 1}
