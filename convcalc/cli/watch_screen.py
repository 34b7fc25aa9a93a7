"""The terminal of `watch`: keys, saves and resizes, one redrawing each."""

import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from convcalc.cli.output import palette
from convcalc.cli.saves import Saves
from convcalc.cli.terminal import keyboard, typed
from convcalc.escape import plain_report
from convcalc.report.watch import screen
from convcalc.study.watched import Watched

#: another screen without a cursor, on which long lines end at the edge; and back
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l\x1b[?7l", "\x1b[?7h\x1b[?25h\x1b[?1049l"
_SCROLL = {"\x1b[A": -1, "k": -1, "\x1b[B": 1, "j": 1, "\x1b[5~": -15, "\x1b[6~": 15, " ": 15}
_QUIT = frozenset({"q", "Q", ""})
_SAVED = b"s"


def show(first: Watched, saves: Saves, saved: Callable[[Watched], Watched]) -> Watched:
    """Show a watch until q; `saved` reads the file again. Gives what was shown last."""
    reader, writer = os.pipe()
    stop = Event()
    thread = Thread(target=_follow, args=(saves, stop, writer), daemon=True)
    thread.start()
    now, key, top = first, "t", 0
    try:
        with keyboard(writer), _screen():
            while True:
                top = _draw(now, key, top)
                ready, _, _ = select.select([sys.stdin, reader], [], [])
                if reader in ready:
                    if _SAVED in os.read(reader, 1024):
                        now = saved(now)
                    continue
                for pressed in typed():
                    if pressed in _QUIT:
                        return now
                    if pressed in screen.VIEWS:
                        key, top = pressed, 0
                    top = max(top + _SCROLL.get(pressed, 0), 0)
    finally:
        stop.set()
        thread.join(2)


def _follow(saves: Saves, stop: Event, writer: int) -> None:
    for saved in saves.follow(stop):
        if saved:
            os.write(writer, _SAVED)


@contextmanager
def _screen() -> Iterator[None]:
    """A screen of its own, and the one before it afterwards."""
    try:
        sys.stdout.write(_ENTER)
        yield
    finally:
        sys.stdout.write(_LEAVE)
        sys.stdout.flush()


def _draw(now: Watched, key: str, top: int) -> int:
    """Draw what fits; gives the first line that is shown."""
    colours = palette("auto", None)
    rows = os.get_terminal_size(sys.stdout.fileno()).lines or 24
    lines = plain_report(screen.body(now, key, colours)).splitlines()
    top = max(min(top, len(lines) - rows + 1), 0)
    shown = lines[top : top + rows - 1]
    shown += [""] * (rows - 1 - len(shown))
    foot = screen.foot(now, key, colours)
    # each line is cleared before: after a full one the cursor is still on its last letter
    sys.stdout.write("\x1b[H" + "".join(f"\x1b[K{line}\x1b[0m\r\n" for line in shown))
    sys.stdout.write(f"\x1b[K{foot}")
    sys.stdout.flush()
    return top
