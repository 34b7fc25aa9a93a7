"""What differs between two nets, or has changed since a git revision."""

import os
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Unpack, overload

from convcalc.api.answers import ChangesReport, DiffReport
from convcalc.api.net import overridden
from convcalc.api.options import Given, Keywords, case, settings_of
from convcalc.api.settings import SettingsKeywords
from convcalc.api.typed import typed
from convcalc.difference.record import Allowance
from convcalc.quantity import counted
from convcalc.study.errors import RequestError
from convcalc.study.load import Text
from convcalc.study.outcome import Case

_SETTINGS = SettingsKeywords.__annotations__
Increases = Mapping[str, int | str]


@overload
def diff(
    old: Given,
    new: Given,
    /,
    *,
    fail_on_increase: Increases | None = None,
    fail_on_difference: bool = False,
    counted_as: str | Sequence[str] | None = None,
    **options: Unpack[Keywords],
) -> DiffReport: ...


@overload
def diff(
    *paths: str | os.PathLike[str],
    base: str,
    fail_on_increase: Increases | None = None,
    fail_on_difference: bool = False,
    counted_as: str | Sequence[str] | None = None,
    **options: Unpack[Keywords],
) -> ChangesReport: ...


@typed
def diff(
    *nets: Given,
    base: str | None = None,
    fail_on_increase: Increases | None = None,
    fail_on_difference: bool = False,
    counted_as: str | Sequence[str] | None = None,
    **options: Unpack[Keywords],
) -> DiffReport | ChangesReport:
    """What differs between two nets; with `base`, what has changed in specs since a git revision.

    Args:
        *nets: the old and the new one, each what `load` takes or gave; with `base` any number of
            specs and folders of them, by their names in the working tree.
        base: a git revision, such as ``"main"``.
        fail_on_increase: by how much totals may grow: ``{"params": 0, "macs": "5%"}``.
        fail_on_difference: whether the report is not ok where anything differs.
        counted_as: conventions whose counts are totals too: ``"fvcore,thop"``, or a list of names.
        **options: as the command line's, for all nets.

    Raises:
        LoadError: nothing to read, no such revision.
        RequestError: an increase that is not a number or a share, or not two nets.
    """
    from convcalc.study.counts import conventions
    from convcalc.study.diff import diff as compared

    allowances = _allowances(fail_on_increase or {})
    counting = conventions(counted_as, options.get("trusted", False)) if counted_as else ()
    if base is None:
        if len(nets) != 2:
            given = counted(len(nets), "net")
            raise RequestError(f"diff(old, new) or diff(path, base='main'), got {given}")
        before, after = (case(net, **options) for net in nets)
        return DiffReport(compared(before, after, allowances, False, counting, fail_on_difference))
    from convcalc.study.changes import changes

    paths = [os.fspath(net) for net in nets if isinstance(net, str | os.PathLike)]
    if not nets or len(paths) < len(nets):
        raise RequestError("base: name specs and folders of a git repository")
    if options.get("variables"):
        raise RequestError("variables: they are of one spec, and base may find several")

    def asked(subject: str | Text) -> Case:
        settings = settings_of({k: v for k, v in options.items() if k in _SETTINGS})
        return overridden(Case(subject, settings), options)

    trusted = options.get("trusted", False)
    return ChangesReport(
        changes(base, paths, asked, allowances, counting, (), trusted, fail_on_difference)
    )


def _allowances(increases: Increases) -> list[Allowance]:
    from convcalc.study.diff import TOTALS
    from convcalc.zoo import convention_labels

    found = []
    for name, most in increases.items():
        text = str(most)
        number = _fraction(text.removesuffix("%"))
        known = name in TOTALS or name in convention_labels()
        if not known or number is None:
            raise RequestError(f"fail_on_increase: {name!r}: {most!r}, expected a number or 5%")
        found.append(Allowance(name, number, text.endswith("%")))
    return found


def _fraction(text: str) -> Fraction | None:
    try:
        return Fraction(text.strip()) if len(text) < 20 else None
    except (ValueError, ZeroDivisionError):
        return None
