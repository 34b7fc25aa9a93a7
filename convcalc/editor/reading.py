"""One version of a text in an editor, and everything that is known of it."""

from collections.abc import Callable
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from convcalc.analysis.settings import Settings
from convcalc.editor.positions import Lines
from convcalc.editor.symbols.record import Symbols
from convcalc.editor.symbols.table import symbols_of
from convcalc.findings import Finding, Severity
from convcalc.fix.work import Work
from convcalc.memory.devices import Device
from convcalc.network.record import INPUT
from convcalc.rules.advise import Selection
from convcalc.study.check import checked
from convcalc.study.errors import RequestError
from convcalc.study.half_typed import readable
from convcalc.study.load import Text
from convcalc.study.outcome import Case, Outcome, study
from convcalc.tree.decode import Limits
from convcalc.tree.nodes import Mapping
from convcalc.tree.reader import read

T = TypeVar("T")


class Wishes(NamedTuple):
    """What an editor's settings ask for."""

    settings: Settings = Settings()
    selection: Selection = Selection()
    hints: tuple[str, ...] = ("output",)
    """The text at the end of a layer's line: see `convcalc.editor.hints.SHOWN`."""
    device: Device | None = None
    """Whose largest batch the line above the text names."""


class Reading:
    """A text as it is now. Each part is worked out when it is first asked for."""

    def __init__(self, path: str, text: str, wishes: Wishes) -> None:
        self.text = text
        self.wishes = wishes
        self.refusal = ""
        """Why there is nothing to say about it: it is no spec."""
        self.outcome: Outcome | None = None
        self.outdated = False
        """The text has another version: nobody waits for what is still tried with this one."""
        self._tried: dict[str, Any] = {}
        self._trying = Lock()
        try:
            case = Case(Text(path, text), wishes.settings, selection=wishes.selection)
            self.outcome = study(case)
        except RequestError as error:
            self.refusal = str(error)

    def tried(self, name: str, trial: Callable[[Work], T]) -> T:
        """What takes long to try, once a version: an editor asks whenever the cursor moves."""
        with self._trying:
            if name not in self._tried:
                self._tried[name] = trial(
                    Work(lambda: self.outdated, selection=self.wishes.selection)
                )
            found: T = self._tried[name]
            return found

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What `check` finds."""
        return () if self.outcome is None else checked(self.outcome).findings

    @cached_property
    def lines(self) -> Lines:
        """The text by lines."""
        return Lines(self.text)

    @cached_property
    def root(self) -> Mapping:
        """The text as a located tree; without keys where it is none."""
        if self.outcome is None:
            return Mapping(0)
        root, _ = read(self.outcome.network.source, Limits())
        return root if isinstance(root, Mapping) else Mapping(0)

    @cached_property
    def symbols(self) -> Symbols:
        """What the text defines and where it is used."""
        return symbols_of(self.root, () if self.outcome is None else self.outcome.network.steps)

    @cached_property
    def whole(self) -> bool:
        """Whether every layer was read and sized, whatever else is found."""
        if self.outcome is None or self.outcome.without_layers:
            return False
        unread = any(f.severity is Severity.ERROR and f.code < "CC01" for f in self.findings)
        steps = self.outcome.network.steps
        sized = all(step.output is not None for step in steps)
        return sized and not unread and any(step.kind != INPUT for step in steps)


def half_typed(reading: Reading, line: int) -> Reading:
    """The text as far as it can be read, without the line where somebody types if need be."""
    if reading.outcome is None:
        return reading
    text = readable(reading.text, line)
    path = reading.outcome.network.source.path
    return reading if text == reading.text else Reading(path, text, reading.wishes)
