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
        [sys.executable, "-m", "convcalc", "lsp"], input=sent, capture_output=True, timeout=300
    )
    text = told.stderr.decode()
    assert f"convcalc lsp stops: the editor sent {why}" in text
    assert "Traceback" not in text
    assert told.returncode in {0, 1}


@pytest.mark.parametrize(
    "message",
    [
        b"{",
        b"[1,2]",
        b"null",
        b"\xff\xfe",
        b'{"id":1}',
        b'{"jsonrpc":"2.0","id":1,"method":"nosuch"}',
        b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":5}',
        b'{"jsonrpc":"2.0","method":"\\u001b[2J\\n::error::x"}',
        b"[" * 100_000,
    ],
    ids=lambda value: value[:60].decode("ascii", "replace"),
)
def test_a_message_that_is_none_is_a_line(message: bytes) -> None:
    sent = b"Content-Length: %d\r\n\r\n%s" % (len(message), message)
    told = subprocess.run(
        [sys.executable, "-m", "convcalc", "lsp"], input=sent, capture_output=True, timeout=300
    )
    text = told.stderr.decode()
    assert 1 <= len(text.splitlines()) <= 2, text
    assert all(line.startswith("convcalc lsp: ") for line in text.splitlines())
    assert "Traceback" not in text and "\x1b" not in text
