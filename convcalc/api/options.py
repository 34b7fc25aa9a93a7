"""What every function takes: a net and, by name, what the command line takes as options."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from convcalc.analysis.settings import Settings
from convcalc.api.net import Net, Spec, overridden, subject
from convcalc.api.settings import SettingsKeywords
from convcalc.layers.option import Value
from convcalc.memory.settings import SettingError, settings_from
from convcalc.network.record import Network
from convcalc.shapes import Shape
from convcalc.study.outcome import Case, Outcome, study

if TYPE_CHECKING:
    from convcalc.rules.advise import Selection
    from convcalc.study.failure import Failure

Given = Net | Network | Spec


class SpecKeywords(TypedDict, total=False):
    """What is set over a spec's own."""

    input: str | Shape
    rounding: Literal["exact", "floor", "ceil"]
    variables: Mapping[str, Value]
    trusted: bool


class Keywords(SpecKeywords, SettingsKeywords, total=False):
    """All of them: ``batch``, ``dtype``, ``optimizer`` ... and ``input``, ``rounding`` ..."""


def settings_of(options: Mapping[str, object]) -> Settings:
    """The settings among a function's arguments.

    Raises:
        RequestError: a value that cannot be, or two that exclude each other.
        TypeError: there is no such setting.
    """
    try:
        return settings_from(options)
    except SettingError as error:
        from convcalc.study.errors import RequestError

        raise RequestError(str(error)) from error


def case(net: Given, **options: Unpack[Keywords]) -> Case:
    """The case that a function is asked about.

    Raises:
        ValueError: an invalid option.
    """
    own = {name: options.pop(name) for name in SpecKeywords.__annotations__ if name in options}  # type: ignore[misc]
    settings = settings_of(options)
    found = net.case(settings) if isinstance(net, Net) else Case(subject(net), settings)
    return overridden(found, own)


def outcome(net: Given, **options: Unpack[Keywords]) -> Outcome:
    """What comes of it; a loaded net is not read again where nothing is set over it.

    Raises:
        ValueError: an invalid option (LoadError: there is nothing to read).
    """
    asked = case(net, **options)
    if isinstance(net, Net) and asked == net.case(asked.settings):
        return net.outcome(asked.settings)
    return study(asked)


def folders(nets: tuple[Given, ...]) -> list[Given]:
    """The nets that are meant: a folder stands for the specs below it.

    Raises:
        LoadError: a folder holds none, or cannot be read.
    """
    from convcalc.study.errors import LoadError
    from convcalc.study.files import spec_files

    found: list[Given] = []
    failures: list[Failure] = []
    for net in nets:
        if isinstance(net, (str, os.PathLike)) and os.path.isdir(net):
            paths = spec_files((os.fspath(net),), (), failures.append)
            found += map(Path, paths)  # a name may have a line break
        else:
            found.append(net)
    if failures:
        raise LoadError(failures[0].message)
    return found


def selection(
    select: str | None, ignore: str | None, advice: bool, limits: Mapping[str, int] | None = None
) -> "Selection":
    """Which findings below errors are wanted, and which limits hold.

    Raises:
        RequestError: an unknown code or limit.
    """
    from convcalc.config import wanted_codes
    from convcalc.limits import LIMITS
    from convcalc.rules.advise import Selection
    from convcalc.study.errors import RequestError
    from convcalc.suggest import nearest

    for name in limits or {}:
        if name not in LIMITS:
            close = nearest(name.removeprefix("max_"), LIMITS)
            hint = f"did you mean {close!r}?" if close else ", ".join(LIMITS)
            if name.removeprefix("max_") in {"flops", "gflops"}:
                hint = "'macs' are limited, of which each is two FLOPs: give half of the number"
            raise RequestError(f"limits: no {name!r}: {hint}")
    try:
        chosen, unwanted = (
            None if words is None else wanted_codes(tuple(words.replace(",", " ").split()))
            for words in (select, ignore)
        )
    except ValueError as error:
        raise RequestError(str(error)) from error
    return Selection(chosen, unwanted or frozenset(), advice, limits=limits or {})


def refuse_unknown_word(name: str, known: Sequence[str], given: str) -> None:
    """Look at a word that is given as an argument.

    Raises:
        RequestError: it is none of the known ones.
    """
    if given not in known:
        from convcalc.choices import expected_one_of
        from convcalc.study.errors import RequestError

        raise RequestError(f"{name}: {expected_one_of(known, given)}")


def device_room(name: str, given: int | str | None) -> int | None:
    """The bytes of a device's `memory`, `context`, `sram` or `flash`; None where none are given.

    Raises:
        RequestError: not a number of bytes, or one so small that its unit must be missing.
    """
    from convcalc.quantity import bytes_of
    from convcalc.study.errors import RequestError

    try:
        return None if given is None else bytes_of(name, given)
    except ValueError as error:
        raise RequestError(f"{name}: {error}") from error
