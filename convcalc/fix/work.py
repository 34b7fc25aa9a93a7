"""How much is read and sized again while repairs are tried: an expensive net gets fewer tries."""

from collections.abc import Callable, Iterable

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.findings import ON_TOTALS, order
from convcalc.fix.readings import as_read
from convcalc.memory.budget_settings import settings_faults
from convcalc.network.record import Network
from convcalc.rules.advise import Selection, not_turned_off
from convcalc.spec.load import load
from convcalc.tree.decode import Limits

#: layers, findings and letters that the trials of one file may have together: some seconds
_MOST = 80_000
FINDING = 12  #: layers that take as long as a finding, with what was meant
_LETTERS = 40  #: that take as long to read as a layer to size
_ALL = Selection()


def _never() -> bool:
    return False


class Work:
    """What is left to spend on the repairs of one file."""

    def __init__(
        self,
        stop: Callable[[], bool] = _never,
        most: int = _MOST,
        selection: Selection | None = None,
        limits: Limits | None = None,
        reading: str = "",
    ) -> None:
        """`stop` says that nobody waits for the answer any more.

        What a `selection` or the file's own `rules:` turn off is no fault: it is not repaired.
        An edit is tried within the `limits` that the file was read in: a word that is put right may
        repeat layers by the million. With a `reading`, entries that may be read in two ways are
        read in that one.
        """
        self._stop, self._left = stop, most
        self.selection = selection or _ALL
        self.limits = limits or Limits()
        self.reading = reading
        self.before: Network | None = None
        """The net that is repaired: what a trial has in common with it is held once."""
        self.untried: dict[str, None] = {}
        """What was not tried, in words; each once."""
        self.broken: dict[str, None] = {}
        """What of the file edits were left out for, which would break it: `expect`, `budget`."""

    def read(self, path: str, text: str) -> Analysis:
        """The net that a text says, with the findings that are not turned off."""
        data = text.encode()
        return self.heard(load(path, data, limits=self.limits, before=self.before))

    def heard(self, network: Network) -> Analysis:
        """The analysis of a net, with the findings that are not turned off."""
        found = analyze(network)
        stated = settings_faults(found) if network.budget else []
        findings = order((*found.findings, *stated)) if stated else found.findings
        if self.reading:
            findings = tuple(as_read(finding, self.reading) for finding in findings)
        return found._replace(findings=not_turned_off(findings, network, self.selection))

    def took(self, analysis: Analysis) -> None:
        """One more net was read and sized."""
        network = analysis.network
        self._left -= len(network.steps) + FINDING * len(analysis.findings)
        self._left -= len(network.source.text) // _LETTERS

    def again(self, reading: str = "") -> "Work":
        """As much once more, for repairs of another kind; what they leave untried is told here."""
        reading = reading or self.reading
        other = Work(self._stop, _MOST, self.selection, self.limits, reading)
        other.untried, other.broken, other.before = self.untried, self.broken, self.before
        return other

    def spent(self, layers: int) -> None:
        """So many layers were looked at besides."""
        self._left -= layers

    def skipped(self, what: str) -> None:
        """Something is not tried: it would take long."""
        self.untried.setdefault(what)

    def breaks(self, codes: Iterable[str]) -> None:
        """Edits are not offered that make errors of these codes."""
        self.broken.update(dict.fromkeys(ON_TOTALS[code] for code in codes if code in ON_TOTALS))

    @property
    def is_over(self) -> bool:
        """Whether what is found by now has to do."""
        return self._left <= 0 or self._stop()
