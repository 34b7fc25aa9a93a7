"""The terminal of `demo`: a step drawn in place, on a screen of its own."""

import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text

from convcalc.cli.keys import pressed
from convcalc.cli.output import Output
from convcalc.cli.streams import drop_output
from convcalc.demo.numbers import Demo
from convcalc.escape import plain_report
from convcalc.report.demo.text import frame

KEYS = "space or n: next   b: back   number and Enter: jump   q: quit"
_NEXT = {" ", "n", "l", "j", "\r", "\n", "\x1b[C", "\x1b[B", "\xe0M", "\xe0P"}
_BACK = {"b", "p", "h", "k", "\x7f", "\x08", "\x1b[D", "\x1b[A", "\xe0K", "\xe0H"}
_QUIT = {"q", "Q", "\x1b", "\x04", ""}
_SCROLL = {"\x1b[5~": 8, "\xe0I": 8, "\x1b[6~": -8, "\xe0Q": -8}  #: page up and down, in lines


def show(demo: Demo, out: Output) -> None:
    """Show one step after another as the keys say; the terminal is as it was afterwards."""
    at, last, typed, above = 0, len(demo.positions) - 1, "", 0
    with _screen(out) as draw, _keys() as read:
        while True:
            keys = f"{KEYS}{f'   to step {typed}' if typed else ''}"
            above = draw(plain_report(frame(demo, at, out.palette(), keys)), above)
            for key in read():  # pasted or typed fast, several come at once
                above = max(above + _SCROLL.get(key, 0), 0)
                at, typed = stepped(at, last, key, typed)
                if at < 0:
                    return


def stepped(at: int, last: int, key: str, typed: str) -> tuple[int, str]:
    """Where a key leads, and the digits typed so far; -1 to quit."""
    if key.isdigit() and key.isascii():
        return at, (typed + key)[:6]
    if typed and key in {"\r", "\n", "g"}:
        return min(max(int(typed) - 1, 0), last), ""
    if typed and key in {"\x7f", "\x08"}:
        return at, typed[:-1]
    if key in _QUIT:
        return -1, ""
    if key in _NEXT:
        return min(at + 1, last), ""
    if key in _BACK:
        return max(at - 1, 0), ""
    return at, ""


class _Drawing:
    """Steps on a live screen; each replaces the one before it without clearing first."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def __call__(self, step: str, above: int) -> int:
        """Draw what fits of a step: its end, or so many lines above that; gives how many it was.

        The last line, the keys, is always there. Lines that are too long go on below.
        """
        console = self._live.console
        with suppress(OSError):
            size = os.get_terminal_size(sys.stdout.fileno())
            console.size = (size.columns or 80, size.lines or 24)
        *body, keys = step.splitlines()
        width, height = console.size
        foot = Text.from_ansi(keys).wrap(console, width)
        lines = Text.from_ansi("\n".join(body)).wrap(console, width)
        rows = max(height - len(foot), 1)
        above = min(above, max(len(lines) - rows, 0))
        end = len(lines) - above
        shown = [*lines[max(end - rows, 0) : end], *foot]
        text = Text("\n", no_wrap=True, overflow="crop").join(shown)
        self._live.update(text, refresh=True)
        return above


@contextmanager
def _screen(out: Output) -> Iterator[_Drawing]:
    colour = out.palette().colour
    console = Console(
        force_terminal=True,
        force_interactive=True,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
    )
    live = Live(
        console=console,
        screen=True,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    try:
        live.start()
        yield _Drawing(live)
    finally:
        try:
            live.stop()
        except OSError:  # the terminal is gone
            drop_output()


@contextmanager
def _keys() -> Iterator[Callable[[], list[str]]]:
    """What waits for keys: those that came together, none at a resize, '' where none can come."""
    if os.name != "posix":
        yield lambda: pressed(click.getchar())
        return
    from convcalc.cli.terminal import keyboard, typed

    reader, writer = os.pipe()

    def read() -> list[str]:
        ready, _, _ = select.select([sys.stdin, reader], [], [])
        if reader in ready:
            os.read(reader, 1024)
            return []
        return typed()

    try:
        with keyboard(writer):
            yield read
    finally:
        os.close(reader)
        os.close(writer)
