"""A terminal of Unix: keys as they are pressed, and resizes."""

import os
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from convcalc.cli.keys import pressed


@contextmanager
def keyboard(writer: int) -> Iterator[None]:
    """Keys without Enter, a byte in the pipe at a resize; all as it was afterwards."""
    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)
    # a resize is a byte in the pipe, whichever thread the system interrupts for it
    os.set_blocking(writer, False)
    woken = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    resized = signal.signal(signal.SIGWINCH, lambda *_: None)
    try:
        tty.setcbreak(number)
        yield
    finally:
        with suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(number, termios.TCSADRAIN, before)
        signal.signal(signal.SIGWINCH, resized)
        signal.set_wakeup_fd(woken)


def typed() -> list[str]:
    """The keys that were pressed, several if they came fast; '' where nobody can press any."""
    try:
        read = os.read(sys.stdin.fileno(), 64)
    except OSError:  # the terminal is gone
        return [""]
    return pressed(read.decode("utf-8", "replace")) or [""]
