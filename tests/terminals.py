"""A program on a terminal of its own (a pty), as a user has it."""

import os
import pty
import queue
import re
import subprocess
import sys
import termios
import threading
from contextlib import suppress
from pathlib import Path

PATIENCE = 300  #: seconds until a program counts as dead, on a loaded machine
_CODE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """convcalc on a terminal of a given size; `frame` is what it last drew.

    `foot` is in the last line that it draws; `code` runs instead of `-m convcalc`.
    """

    def __init__(
        self, words: list[str], folder: Path, columns: int, rows: int, foot: str, code: str = ""
    ) -> None:
        self.foot = foot
        self.master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        termios.tcsetwinsize(slave, (rows, columns))
        kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, *(("-c", code) if code else ("-m", "convcalc")), *words],
            stdin=slave, stdout=slave, stderr=slave, cwd=folder, start_new_session=True,
            env=kept | {"TERM": "xterm-256color", "NO_COLOR": "1"},
        )  # fmt: skip
        self.slave = slave
        self.parts: queue.Queue[bytes] = queue.Queue()
        self.raw = b""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            while part := os.read(self.master, 65536):
                self.parts.put(part)
        except OSError:  # the other end is closed
            pass
        self.parts.put(b"")

    def press(self, keys: str) -> None:
        """Keys, as they come from a keyboard."""
        os.write(self.master, keys.encode())

    @property
    def frame(self) -> str:
        """The screen that was drawn last, without its codes."""
        drawn = self.raw.decode().rpartition("\x1b[H")[2]
        return _CODE.sub("", drawn).replace("\r", "")

    def until(self, *texts: str, without: str = "\0") -> str:
        """The first screen that has all texts, its last line included."""
        needed = (*texts, self.foot)
        while not all(text in self.frame for text in needed) or without in self.frame:
            try:
                part = self.parts.get(timeout=PATIENCE)
            except queue.Empty:
                part = b""
            assert part, f"never {needed}, without {without!r}, but:\n{self.frame}"
            self.raw += part
        return self.frame

    def leave(self, key: str = "q") -> int:
        """Press a key that ends it, '' for none; gives the exit code."""
        if key:
            self.press(key)
        code = self.process.wait(PATIENCE)
        assert termios.tcgetattr(self.slave) == self.before
        os.close(self.slave)
        while part := self.parts.get(timeout=PATIENCE):
            self.raw += part
        return code

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()
        with suppress(OSError):  # closed already by a program that left as it should
            os.close(self.slave)
        os.close(self.master)
