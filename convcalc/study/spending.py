"""What all variants of a net may cost together, and all nets of a run.

A file of 150 bytes, with 1,000 values for it in a pyproject.toml, would be hours of work, and so
would be a folder of thousands of files, each of them just short of its limits. All may be a
stranger's.
"""

import os
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from convcalc.findings import plain
from convcalc.study.failure import Failure
from convcalc.study.outcome import Case
from convcalc.tree.decode import LARGEST_FILE

#: Layers of all variants of a net: five times the most that one has, a quarter of a minute.
MOST_LAYERS = 1_000_000
#: Characters that are read for all of them; one file has up to a million, which take as long.
MOST_CHARACTERS = 32_000_000
#: Findings of all of them; each has its place, its arithmetic and its repairs looked for.
MOST_FINDINGS = 100_000
#: So many times all that may be had by all nets of a run: 20,000,000 layers are 200,000 specs of a
#: hundred layers, and some minutes. Findings that differ are held until the last net is checked,
#: a quarter of a GB as JSON: of those the nets of a run have no more than one may have.
NETS = 20


def identity(case: Case) -> int | str:
    """Which net a case is a variant of: the name of its file, or what was given in its place."""
    subject = case.subject
    if isinstance(subject, str | os.PathLike):
        return os.path.normpath(os.fspath(subject))
    return id(subject)


class _Spent(NamedTuple):
    """What some nets cost."""

    layers: int = 0
    characters: int = 0
    findings: int = 0
    different: int = 0
    """Findings that no net or variant before had."""

    def and_also(self, more: "_Spent") -> "_Spent":
        """The cost of both."""
        return _Spent(*map(sum, zip(self, more, strict=True)))

    def too_much(self, nets: int) -> str:
        """What is as much as so many nets may have, or more, and how much that is; else ''."""
        words = ("layers", "characters", "findings", "different findings")
        most = (MOST_LAYERS * nets, MOST_CHARACTERS * nets, MOST_FINDINGS * nets, MOST_FINDINGS)
        for what, number, limit in zip(words, self, most, strict=True):
            if number >= limit:
                return f"{number:,} {what}, and {limit:,} are the most"
        return ""


class Spending:
    """Adds up what nets and their variants cost, in their order; trusted ones may cost all."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._variants = Counter(map(identity, cases))
        self._seen = Counter[int | str]()
        self._spent: dict[int | str, _Spent] = {}
        self._all = _Spent()
        self._left_out = 0
        self._stopped: dict[int | str, Failure] = {}
        self._over: Failure | None = None

    def allows(self, case: Case) -> bool:
        """Whether the variants of its net before it left room, and the other nets."""
        return identity(case) not in self._stopped and not self._over

    def add(
        self,
        case: Case,
        path: str,
        layers: int,
        characters: int,
        findings: int = 0,
        different: int = 0,
    ) -> None:
        """Count a variant of a net that findings call `path`."""
        net = identity(case)
        self._seen[net] += 1
        seen, variants = self._seen[net], self._variants[net]
        cost = _Spent(layers, characters, findings, different)
        spent = self._spent[net] = self._spent.get(net, _Spent()).and_also(cost)
        self._all = self._all.and_also(cost)
        if case.trusted:
            return
        why = spent.too_much(1)
        if why and seen < variants and net not in self._stopped:
            self._left_out += variants - seen
            self._stopped[net] = Failure(
                path,
                f"{path}: {variants - seen:,} of its {variants:,} variants are not checked: "
                f"those before them have {why} for all of them together (--trusted lifts it)",
            )
        why = self._all.too_much(NETS)
        total = self._variants.total()
        left = total - self._seen.total() - self._left_out
        if why and left and not self._over:
            self._over = Failure(
                path,  # the last that is checked: others follow it
                f"{left:,} of {total:,} specs and variants are not checked: those before them "
                f"have {why} for all of a run (--trusted lifts it)",
            )

    def add_refused(self, case: Case) -> None:
        """Count a variant whose net could not be read: at most its file was."""
        try:
            size = min(os.stat(case.subject).st_size, LARGEST_FILE)  # type: ignore[arg-type]
        except (OSError, ValueError, TypeError):
            return
        self.add(case, plain(str(identity(case))), 0, size)

    @property
    def failures(self) -> list[Failure]:
        """What is not checked."""
        return [*self._stopped.values(), *([self._over] if self._over else [])]
