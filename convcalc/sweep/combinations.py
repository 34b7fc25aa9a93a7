"""The few variants of a net that `check` and `analyze` look at one by one."""

from collections.abc import Mapping
from typing import assert_never

from convcalc.memory.settings import SETTINGS, settings_from
from convcalc.shapes import written
from convcalc.study.outcome import WRITTEN, Case
from convcalc.sweep.axes import Axis, AxisError, AxisValue, applied, inputs, values_of
from convcalc.sweep.grid import Grid
from convcalc.sweep.setting_axes import setting_axis

#: Variants that are looked at one by one.
MOST = 1_000

_SETTINGS = {one.name: one for one in SETTINGS}
_FLAGS = {one.name: one.flag.partition("/")[0] for one in SETTINGS}


def combined(
    case: Case,
    axes: tuple[Axis, ...],
    asked: Mapping[str, object],
    stated: tuple[Axis, ...] = (),
) -> tuple[Case, ...]:
    """A case for every combination of some axes; the last one varies fastest.

    Args:
        case: what they have in common, but for its settings.
        axes: what is varied.
        asked: the settings that were asked for beside the axes.
        stated: what the file of a configuration varies, too; the combinations without it come
            first, since that file may be a stranger's, who would choose where nothing is wrong.

    Raises:
        AxisError: there are too many to look at one by one.
        SettingError: settings that exclude each other.
    """
    grid = Grid((*axes, *stated))
    if grid.combinations > MOST:
        raise AxisError(
            f"{grid.combinations:,} variants: up to {MOST:,} are looked at one by one, "
            "`convcalc sweep` is for more"
        )
    written = combined(case, axes, asked) if stated else ()
    own = tuple(one._replace(variant=one.variant + (WRITTEN,) * len(stated)) for one in written)
    return own + tuple(
        _variant(case, grid.axes, asked, values, len(axes))
        for values in grid.variants(0, grid.size)
    )


def _variant(
    case: Case,
    axes: tuple[Axis, ...],
    asked: Mapping[str, object],
    values: tuple[AxisValue, ...],
    given: int,
) -> Case:
    """One combination; the axes from number `given` on set it apart even with a single value."""
    overrides, settings = applied(axes, values, case.overrides)
    stated = tuple(axis.name for axis in axes[given:] if axis.role == "variable")
    pairs = enumerate(zip(axes, values, strict=True))
    return case._replace(
        settings=settings_from({**asked, **settings}),
        overrides=overrides._replace(stated=stated),
        variant=tuple(
            _word(axis, value) for at, (axis, value) in pairs if axis.length > 1 or at >= given
        ),
    )


def _word(axis: Axis, value: AxisValue) -> str:
    """A value of an axis as it is typed on the command line."""
    match axis.role:
        case "variable":
            return f"--set {axis.name}={_typed(value)}"
        case "input":
            return f"--input {written(value)}"  # type: ignore[arg-type]
        case "setting":
            flag = _FLAGS[axis.name]
            return flag if value is True else f"{flag} {_typed(value)}"
        case _:
            assert_never(axis.role)


def stated_axes(words: Mapping[str, str | Mapping[str, str]]) -> tuple[Axis, ...]:
    """The axes that a matrix of ``[tool.convcalc]`` states, in words as the command line's.

    Args:
        words: ``set`` by variable, ``input``, and settings by their names.

    Raises:
        AxisError: no such setting, or values that cannot be.
    """
    found: list[Axis] = []
    for name, text in words.items():
        if isinstance(text, Mapping):
            found += [Axis(key, "variable", values_of(key, own)) for key, own in text.items()]
        elif name == "input":
            sizes = inputs((text,), name)
            found += [sizes] if sizes else []
        else:
            found.append(setting_axis(_SETTINGS[name.replace("-", "_")], text))
    return tuple(found)


def _typed(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
