"""How much of a report a service takes, in bytes: names from outside are of any length."""

from collections.abc import Sequence

#: of a table's rows: GitHub takes 64 KiB in a comment, and drops a summary of more than 1 MiB
ROWS = 48_000
#: of several tables, and of the commands in a log
TABLES = 400_000
LOG = 1_000_000


def fitting(lines: Sequence[str], room: int = ROWS) -> int:
    """How many of the first lines are no more than so many bytes.

    >>> fitting(["12", "345", "6"], 8)
    2
    """
    for number, line in enumerate(lines):
        room -= len(line.encode("utf-8", "surrogatepass")) + 1
        if room < 0:
            return number
    return len(lines)
