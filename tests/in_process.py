"""The command line in this process: a start of Python for every run would be most of its time."""

import sys
from typing import Any

from convcalc.cli import run


class _Main:
    """What CliRunner wants of a command, with convcalc's own exit codes around it."""

    name = "convcalc"

    @staticmethod
    def main(args: list[str], prog_name: str, **_: object) -> None:
        sys.exit(run(list(args)))


MAIN: Any = _Main()
