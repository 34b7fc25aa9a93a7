"""What a file gives a node beside its inputs: arguments that remember which of them were read.

A function that reads a `Softplus` and not its `beta` leaves the sizes right and the numbers wrong.
So each reader asks, when the function of an operator is done, which arguments it never looked at:
those that change neither sizes nor numbers are listed by name, any other refuses the node.
"""

from collections.abc import Container
from typing import Any

from convcalc.findings import plain

_LONGEST = 60


class Given(dict[str, Any]):
    """Arguments by name."""

    __slots__ = ("read",)

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        #: the names that somebody asked for
        self.read: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        if isinstance(key, str):
            self.read.add(key)
        return super().__contains__(key)

    def unread(self, free: Container[str], neutral: tuple[Any, ...] = (None,)) -> str:
        """``with beta = 2`` of the first argument that nobody read and that is not `free`; else ''.

        Args:
            free: names that change neither sizes nor numbers.
            neutral: values that say as much as that the argument is absent.
        """
        for name, value in self.items():
            if value not in neutral and name not in self.read and name not in free:
                return f"with {plain(name[:_LONGEST])} = {plain(str(value)[:_LONGEST])}"
        return ""
