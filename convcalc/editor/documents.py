"""The texts that an editor has open, each with its last version in which every layer had a size."""

from threading import Lock

from convcalc.editor.reading import Reading, Wishes
from convcalc.editor.versions import moved


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
        self._read = Lock()
        """Several questions of one version wait for one reading of it."""
        self._legible: tuple[Reading, Reading] | None = None
        self.is_spec = False
        """Whether it is one whatever it holds: its name or its language says so."""

    def change(self, text: str, version: int) -> None:
        """Another version of the text; it is read when somebody asks."""
        self.text, self.version = text, version
        self._outdate()

    def ask(self, wishes: Wishes) -> None:
        """Other settings."""
        if wishes != self.wishes:
            self.wishes, self.good = wishes, None
            self._outdate()

    def _outdate(self) -> None:
        """What was read may be of another version now."""
        found = self._reading
        if found is not None and not self._is_current(found):
            found.outdated = True

    def _is_current(self, reading: Reading) -> bool:
        """Whether it is of the text and the settings as they are now."""
        return (reading.text, reading.wishes) == (self.text, self.wishes)

    @property
    def reading(self) -> Reading:
        """The text as it is now."""
        with self._read:
            found = self._reading
            if found is None or not self._is_current(found):
                found = self._reading = Reading(self.path, self.text, self.wishes)
                # a slow question asks on its own thread: the next version may have come meanwhile
                if not self._is_current(found):
                    found.outdated = True
                elif found.whole:
                    self.good = found
        return found

    @property
    def legible(self) -> Reading:
        """What names and structure are read from: the text as it is now.

        While it is no YAML at all, half typed, the last good version, its lines where they are now.
        """
        reading, good = self.reading, self.good
        if good is None or reading.root.entries:
            return reading
        if self._legible is None or self._legible[0] is not reading:
            text = moved(good.lines.lines, reading.lines.lines)
            found = reading if text is None else Reading(self.path, text, self.wishes)
            self._legible = reading, found
        return self._legible[1]

    def same(self, line: int) -> bool:
        """Whether a line is in the text as it is in what is `legible`."""
        return self.legible.lines.line(line) == self.reading.lines.line(line)
