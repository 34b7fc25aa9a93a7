"""The texts that an editor has open, each with its last version in which every layer had a size."""

from convcalc.editor.reading import Reading, Wishes


class Document:
    """One open text."""

    def __init__(self, path: str, text: str, wishes: Wishes, version: int = 0) -> None:
        self.path = path
        self.version = version
        self.good: Reading | None = None
        """The last version without a layer that could not be read or sized."""
        self.wishes = wishes
        self.text = text
        self._reading: Reading | None = None
        self.is_spec = False
        """Whether it is one whatever it holds: its name or its language says so."""

    def change(self, text: str, version: int) -> None:
        """Another version of the text; it is read when somebody asks."""
        if self._reading is not None and text == self.text:
            self.version = version
            return
        self.text, self.version, self._reading = text, version, None

    def ask(self, wishes: Wishes) -> None:
        """Other settings."""
        if wishes != self.wishes:
            self.wishes, self._reading, self.good = wishes, None, None

    @property
    def reading(self) -> Reading:
        """The text as it is now."""
        if self._reading is None:
            self._reading = Reading(self.path, self.text, self.wishes)
            if self._reading.whole:
                self.good = self._reading
        return self._reading
