"""The conventions that convcalc brings along, by name and version."""

import os  # not pathlib: it costs 4 ms of start-up
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from convcalc.counting.read import read
from convcalc.counting.record import Convention, short
from convcalc.files import SPEC_ENDINGS
from convcalc.findings import Finding, plain
from convcalc.suggest import nearest
from convcalc.tree.decode import Limits
from convcalc.zoo import convention_file, conventions

ALL = "all"
#: the counters of a framework, where it is asked for by its own name
_OF_FRAMEWORKS = {
    **dict.fromkeys(("tf", "tensorflow"), ("tensorflow-profiler", "keras")),
    **dict.fromkeys(("torch", "pytorch"), ("torch-flop-counter", "torchinfo")),
    "onnx": ("onnx-tool",),
    "paper": ("papers",),
}
_MOST = 64  #: conventions asked for at once


class ConventionError(Exception):
    """There is no such convention; the message says which there are."""


class FileError(Exception):
    """A user's own convention is at fault."""

    def __init__(self, path: str, text: str, findings: list[Finding]) -> None:
        super().__init__(f"{path} is at fault")
        self.path = path
        self.text = text
        self.findings = findings


class _Bundled(Mapping[str, Convention]):
    """Every bundled file by its name, read when it is first asked for."""

    def __getitem__(self, name: str) -> Convention:
        return _read(name)

    def __iter__(self) -> Iterator[str]:
        return iter(conventions())

    def __len__(self) -> int:
        return len(conventions())


#: By file name: ``fvcore``, ``ptflops``, ``ptflops-0.6``.
BUNDLED: Mapping[str, Convention] = _Bundled()


@lru_cache(maxsize=64)
def _read(name: str) -> Convention:
    path = convention_file(name)
    if path is None:
        raise KeyError(name)
    with open(path, "rb") as file:
        found, findings = read(f"counting/conventions/{name}.yaml", file.read(), BUNDLED, Limits())
    if findings:
        raise AssertionError(f"bundled convention {name}: {findings[0].message}")
    label = name if name == found.name else f"{found.name}@{short(found.version)}"
    return found._replace(label=label)


def every() -> tuple[Convention, ...]:
    """All bundled conventions: that of papers, then in alphabetical order."""
    return tuple(sorted(BUNDLED.values(), key=lambda c: (c.name != "papers", c.name, c.label)))


def find(word: str) -> Convention:
    """The convention of a name, with or without ``@version``.

    Raises:
        ConventionError: there is none; says which there are.
    """
    name, at, version = word.partition("@")
    if not at and name in BUNDLED:
        return BUNDLED[name]
    versions = {c.version: c for c in every() if c.name == name}
    if not versions:
        close = _OF_FRAMEWORKS.get(name.lower()) or [nearest(name, BUNDLED)]
        labels = ", ".join(convention.label for convention in every())
        meant = " or ".join(BUNDLED[own].label for own in close if own)
        hint = f"did you mean {meant}?" if meant else f"known: {labels}"
        raise ConventionError(f"no convention {plain(name[:60])!r}: {hint}")
    for full, found in versions.items():
        if version in {full, short(full), full.rpartition(" ")[2]}:
            return found
    measured = ", ".join(f"{name}@{short(full)}".replace(" ", "") for full in versions)
    raise ConventionError(f"{name} {plain(version[:40])} was not measured: there is {measured}")


def own(path: str, data: bytes, limits: Limits) -> Convention:
    """A user's own convention.

    Raises:
        FileError: its file is at fault.
    """
    found, findings = read(path, data, BUNDLED, limits)
    if findings:
        raise FileError(path, data.decode("utf-8", "replace"), findings)
    return found._replace(label=found.name, path=path)


def chosen(words: Sequence[str], own: Callable[[str], Convention]) -> tuple[Convention, ...]:
    """The conventions that words such as ``fvcore``, ``ptflops@0.6`` and ``./mine.yaml`` name.

    Args:
        words: names, files and ``all``.
        own: reads a user's own convention from a file.

    Raises:
        ConventionError: there is no such convention, or two have one name.
    """
    found: dict[str, Convention] = {}
    if len(words) > _MOST:
        raise ConventionError(f"{len(words)} conventions: at most {_MOST} at once")
    for word in words:
        if not word:
            raise ConventionError("a convention without a name: name one, or all")
        if word == ALL:
            given = every()
        elif word.endswith(SPEC_ENDINGS) or os.sep in word:
            given = (own(word),)
        else:
            given = (find(word),)
        for convention in given:
            before = found.setdefault(convention.label, convention)
            if before.path != convention.path:
                raise ConventionError(
                    f"two conventions are named {convention.label}: "
                    f"rename the one in {plain(convention.path or before.path)}"
                )
    return tuple(found.values())
