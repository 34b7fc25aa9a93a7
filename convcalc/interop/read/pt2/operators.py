"""The one table of ATen operators that are read, family by family."""

from convcalc.interop.read.pt2 import arithmetic, shaping, windows
from convcalc.interop.read.pt2.node import Handler

OPERATORS: dict[str, Handler] = {**windows.TABLE, **arithmetic.TABLE, **shaping.TABLE}
