"""Whose process this is, the command line's own or a program's; its garbage, and its children."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import CompletedProcess

#: set by the command line before anything else: nobody else is here to notice a short cut
is_ours = False


def collect_seldom() -> None:
    """In a process that works on many nets: each makes some 10,000 objects and hardly a cycle.

    The command line has switched that off for its short runs (`convcalc.__main__`).
    """
    import gc

    gc.enable()
    gc.set_threshold(50_000)


def in_child(module: str, *words: str) -> "CompletedProcess[bytes]":
    """Run a module of convcalc in a process of its own, with what it writes kept off ours.

    It finds the same packages, and none in the folder that it is started in.
    """
    import os
    import subprocess
    import sys

    above = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    paths = [above, *filter(None, [os.environ.get("PYTHONPATH", "")])]
    return subprocess.run(
        [sys.executable, "-P", "-m", module, *words],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.DEVNULL,
    )
