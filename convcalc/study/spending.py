"""What all variants of a net may cost together.

A file of 150 bytes, with 1,000 values for it in a pyproject.toml, would be hours of work. Both may
be a stranger's.
"""

import os
from collections import Counter
from collections.abc import Iterable

from convcalc.findings import plain
from convcalc.study.outcome import Case
from convcalc.tree.decode import LARGEST_FILE

#: Layers of all variants of a net: five times the most that one has, a quarter of a minute.
MOST_LAYERS = 1_000_000
#: Characters that are read for all of them; one file has up to a million, which take as long.
MOST_CHARACTERS = 32_000_000
#: Findings of all of them; each has its place, its arithmetic and its repairs looked for.
MOST_FINDINGS = 100_000


def identity(case: Case) -> int | str:
    """Which net a case is a variant of: the name of its file, or what was given in its place."""
    subject = case.subject
    if isinstance(subject, str | os.PathLike):
        return os.path.normpath(os.fspath(subject))
    return id(subject)


class Spending:
    """Adds up what the variants of each net cost, in their order; a trusted net may cost all."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._variants = Counter(map(identity, cases))
        self._seen = Counter[int | str]()
        self._layers = Counter[int | str]()
        self._characters = Counter[int | str]()
        self._findings = Counter[int | str]()
        self._stopped: dict[int | str, str] = {}

    def allows(self, case: Case) -> bool:
        """Whether the variants of its net before it left room."""
        return identity(case) not in self._stopped

    def add(self, case: Case, path: str, layers: int, characters: int, findings: int = 0) -> None:
        """Count a variant of a net that findings call `path`."""
        net = identity(case)
        self._seen[net] += 1
        self._layers[net] += layers
        self._characters[net] += characters
        self._findings[net] += findings
        seen, variants = self._seen[net], self._variants[net]
        if case.trusted or seen == variants:
            return
        for number, most, what in (
            (self._layers[net], MOST_LAYERS, "layers"),
            (self._characters[net], MOST_CHARACTERS, "characters"),
            (self._findings[net], MOST_FINDINGS, "findings"),
        ):
            if number >= most and net not in self._stopped:
                self._stopped[net] = (
                    f"{path}: {variants - seen:,} of its {variants:,} variants are not checked: "
                    f"those before them have {number:,} {what}, and {most:,} are the most for all "
                    "of them together (--trusted lifts it)"
                )

    def add_refused(self, case: Case) -> None:
        """Count a variant whose net could not be read: at most its file was."""
        try:
            size = min(os.stat(case.subject).st_size, LARGEST_FILE)  # type: ignore[arg-type]
        except (OSError, ValueError, TypeError):
            return
        self.add(case, plain(str(identity(case))), 0, size)

    @property
    def failures(self) -> list[str]:
        """What is not checked."""
        return [*self._stopped.values()]
