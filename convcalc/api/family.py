"""A net in a few variants, looked at one by one; `sweep` is for very many."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Unpack

from convcalc.api.analysis import Report
from convcalc.api.net import shape_given, variables_given
from convcalc.api.options import Given, Keywords, case, folders
from convcalc.api.sweeps import SettingAxes, Sizes, Values
from convcalc.api.typed import typed
from convcalc.shapes import Shape, written
from convcalc.study.errors import LoadError, RequestError
from convcalc.study.family import family, studied
from convcalc.study.outcome import Case
from convcalc.study.unreadable import all_studied
from convcalc.sweep.axes import Axis, AxisError, given, inputs


class Axes(SettingAxes, total=False):
    """The keyword arguments of a net, each with one value or several: a list, or a `range`."""

    input: Sizes
    variables: Mapping[str, Values]
    rounding: Literal["exact", "floor", "ceil"]
    trusted: bool
    foreach: bool


@typed
def variants(net: Given, **options: Unpack[Axes]) -> tuple[Report, ...]:
    """The numbers of a net in every combination of the values given, at most 1,000.

    A pattern with letters, such as ``load(net="INPUT -> [[CONV -> RELU]*N -> POOL?]*M -> FC")``,
    stands for the family of its nets (CS231n notes, Layer Patterns): they come smallest first, and
    ``variables={"M": 2}`` narrows them.

    Args:
        net: what `load` takes or gave.
        **options: those of `analyze`, each with one value or several: ``batch=[1, 32]``,
            ``input=["224x224x3", "384x384x3"]``, ``variables={"width": range(16, 65, 16)}``.

    Returns:
        A report a variant, the last axis varying fastest; `Report.variant` says which, and
        `Report.name` which member of a family: ``"N=1 M=2 POOL"``.

    Raises:
        RequestError: an invalid axis, or too many variants (LoadError: nothing to read).
        ValueError: an invalid option.
    """
    found = cases((net,), options)
    listed = tuple(member for one in found for member in family(one) or (one,))
    outcomes = studied(listed) if len(listed) > len(found) else all_studied(found)
    return tuple(map(Report, outcomes))


def cases(nets: tuple[Given, ...], options: Mapping[str, Any]) -> list[Case]:
    """A case for every variant of every net; a folder stands for the specs below it.

    Raises:
        RequestError: see `variants`.
    """
    single = dict(options)
    try:
        axes = _axes(single)
    except AxisError as error:
        raise RequestError(str(error)) from error
    if not axes:
        return [case(net, **_typed(single)) for net in folders(nets)]
    from convcalc.sweep.combinations import combined

    spec = {name: single.pop(name) for name in _SPEC if name in single}
    found: list[Case] = []
    for net in folders(nets):
        try:
            found += combined(case(net, **_typed(spec)), axes, single)
        except AxisError as error:
            raise RequestError(str(error)) from error
    return found


_SPEC = ("input", "variables", "rounding", "trusted")


def _typed(options: dict[str, Any]) -> Keywords:
    return options  # type: ignore[return-value]


def _axes(options: dict[str, Any]) -> tuple[Axis, ...]:
    """The axes among some options, which are taken out of them.

    A tuple under `variables` is one value, a list of a spec.
    """
    variables, found = variables_given(options.get("variables")), list[Axis]()
    for name, value in tuple(variables.items()):
        if isinstance(value, (list, range)):
            found.append(given(name, "variable", variables.pop(name)))
    if found:
        options["variables"] = variables
    sizes = options.get("input")
    if isinstance(sizes, (tuple, list)) and not _is_shape(sizes):
        texts = [one if isinstance(one, str) else written(_shape(one)) for one in sizes]
        axis = inputs(texts, "input")
        found += [axis] if axis is not None else []
        del options["input"]
    for name, value in tuple(options.items()):
        if name not in {"variables", "input"} and isinstance(value, (list, tuple, range)):
            found.append(given(name, "setting", options.pop(name)))
    return tuple(found)


def _shape(given: object) -> Shape:
    shape = shape_given(given)
    if shape is None:
        raise LoadError("input: expected sizes such as 224x224x3, got None")
    return shape


def _is_shape(sizes: Sequence[object]) -> bool:
    return all(isinstance(side, int) for side in sizes)
