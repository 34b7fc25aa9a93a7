"""Options that take a word: one of a few, or the name of a layer."""

from convcalc.layers.option import REQUIRED, Option, Required, Value


class FlagOr(Option[bool | str]):
    """true, false, or one of a few words for a part of it."""

    def __init__(self, doc: str, words: tuple[str, ...], default: bool) -> None:
        super().__init__(doc, default)
        self.words = words
        self.wants = f"true, false, {' or '.join(words)}"

    def accept(self, value: Value) -> bool | str:
        if isinstance(value, bool) or (isinstance(value, str) and value in self.words):
            return value
        raise self.reject(value)


class Choice(Option[str]):
    """One of a few words."""

    def __init__(
        self, doc: str, words: tuple[str, ...], default: str | Required = REQUIRED
    ) -> None:
        super().__init__(doc, default)
        self.words = words
        self.wants = " or ".join(words)

    def accept(self, value: Value) -> str:
        if isinstance(value, str) and value in self.words:
            return value
        raise self.reject(value)


class Reference(Option[str | None]):
    """The name of another layer whose size is taken over."""

    wants = "the name of a layer"

    def accept(self, value: Value) -> str | None:
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)
        raise self.reject(value)
