"""What a row gives its module: each argument of the type that it has, or refused."""

from convcalc.findings import plain
from convcalc.interop.read.ultralytics.values import Value
from convcalc.layers.option import RejectedError

_WORD = 30  #: letters of a word that a message quotes


class Arguments:
    """The arguments of a row."""

    def __init__(self, values: list[Value]) -> None:
        self.values = values

    def has(self, at: int) -> bool:
        """Whether an argument is given, and is not None."""
        return at < len(self.values) and self.values[at] is not None

    def integer(self, at: int, default: int | None = None) -> int:
        """A whole number. Without a default it has to be given.

        Raises:
            RejectedError: it is none.
        """
        if at >= len(self.values) and default is not None:
            return default
        return whole(self.values[at] if at < len(self.values) else None, f"argument {at + 1}")

    def flag(self, at: int, default: bool) -> bool:
        """True or False.

        Raises:
            RejectedError: it is neither.
        """
        found = self.values[at] if at < len(self.values) else default
        if not isinstance(found, bool):
            raise RejectedError(f"argument {at + 1} is {quoted(found)}: True or False is taken")
        return found

    def integers(self, at: int) -> list[int]:
        """A list of whole numbers.

        Raises:
            RejectedError: it is none.
        """
        found = self.values[at] if at < len(self.values) else None
        if not isinstance(found, list):
            raise RejectedError(f"argument {at + 1} is not a list of whole numbers")
        return [whole(each, f"number {i + 1} of argument {at + 1}") for i, each in enumerate(found)]


def whole(found: Value, what: str) -> int:
    """A whole number.

    Raises:
        RejectedError: it is none.
    """
    if type(found) is not int:
        raise RejectedError(f"{what} is not a whole number but {quoted(found)}")
    return found


def quoted(found: Value) -> str:
    """An argument as a message shows it."""
    if isinstance(found, list):
        return "a list"
    if isinstance(found, str):
        return f"the word '{plain(found[:_WORD])}'"
    return str(found)
