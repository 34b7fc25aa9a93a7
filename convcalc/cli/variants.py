"""The axes of `check` and `analyze`: a net in a few variants, as `sweep` has very many."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, assert_never

import click

from convcalc.analysis.settings import Settings
from convcalc.cli.case import cases
from convcalc.cli.gather import Command, Decorator, gathered
from convcalc.cli.options import (
    Assignment,
    ShapeType,
    SpecOptions,
    asked_names,
    chosen,
    distinct,
    foreach_option,
    net_option,
    rounding_option,
    setting_option,
    setting_type,
    trusted_option,
)
from convcalc.cli.output import Output, failed
from convcalc.memory.settings import SETTINGS, Setting
from convcalc.records import NamedTuple
from convcalc.shapes import Shape, parse_shapes
from convcalc.study.outcome import Case

if TYPE_CHECKING:
    from convcalc.sweep.axes import Axis


_NOTHING: Mapping[str, Any] = {}


class Variants(NamedTuple):
    """What is set over nets, and what of it is varied."""

    given: SpecOptions
    settings: Settings
    """Of all of them; the default where an axis has to be known first."""
    asked: Mapping[str, Any] = _NOTHING
    """The settings that were asked for and are the same in all."""
    axes: "tuple[Axis, ...]" = ()

    @property
    def named(self) -> frozenset[str]:
        """The settings that the command line says anything about."""
        varied = {axis.name for axis in self.axes if axis.role == "setting"}
        also = {"optimizer_impl"} if "foreach" in self.asked else set[str]()
        return frozenset({*self.asked, *varied, *also})

    def bases(self, specs: tuple[str, ...], out: Output | None = None) -> list[Case]:
        """What the variants of each net have in common; `out` as for `cases`.

        Raises:
            click.UsageError: no net is named, or what is given cannot be meant together.
        """
        found = cases(specs, self.given, self.settings, out)
        if len(found) > 1 and any(axis.role == "variable" for axis in self.axes):
            raise click.UsageError("--set is for one SPEC")
        return found

    def of(self, case: Case, stated: "tuple[Axis, ...]" = ()) -> tuple[Case, ...]:
        """The variants of a case; the command line wins over axes that are stated elsewhere.

        Where it leaves any of those, the net as it is without them is the first variant.

        Raises:
            click.UsageError: too many of them, or settings that exclude each other.
        """
        left = tuple(axis for axis in stated if not self._has(axis))
        if not (self.axes or left):
            return (case,)
        from convcalc.memory.settings import SettingError  # for few runs
        from convcalc.sweep.axes import AxisError
        from convcalc.sweep.combinations import combined

        try:
            return combined(case, self.axes, self.asked, left)
        except (AxisError, SettingError) as error:
            if left:
                raise failed(f"[tool.convcalc] matrix: {error}") from error
            raise click.UsageError(str(error)) from error

    def _has(self, axis: "Axis") -> bool:
        """Whether the command line says something about what an axis varies."""
        given = self.given
        match axis.role:
            case "input":
                named = given.input is not None
            case "setting":
                named = axis.name in self.asked
            case "variable":
                named = axis.name in dict(given.variables)
            case _:
                assert_never(axis.role)
        return named or any((own.role, own.name) == axis[1::-1] for own in self.axes)


def _is_several(text: str) -> bool:
    return "," in text or ".." in text


def _refuse_range(
    kind: click.ParamType[Any], text: str, param: click.Parameter | None, ctx: click.Context | None
) -> None:
    """Refuse a range that is written as elsewhere, such as 16-64."""
    if text.isalnum() or text.strip().startswith("["):
        return
    from convcalc.sweep.mistyped import complaint  # for few values

    wrong = complaint(text)
    if wrong:
        kind.fail(wrong, param, ctx)


class _Values(click.ParamType[Any]):
    """What another type takes, or several such values: an axis."""

    def __init__(self, one: Setting, kind: click.ParamType[Any]) -> None:
        self.one = one
        self.kind = kind
        self.name = kind.name

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """That of one value."""
        return self.kind.get_metavar(param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> Any:
        """That of one value."""
        return self.kind.shell_complete(ctx, param, incomplete)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not (isinstance(value, str) and _is_several(value)):
            if isinstance(value, str):
                _refuse_range(self, value, param, ctx)
            return self.kind.convert(value, param, ctx)
        from convcalc.sweep.axes import AxisError  # for few runs
        from convcalc.sweep.setting_axes import setting_axis

        try:
            return setting_axis(self.one, value)
        except AxisError as error:
            self.fail(str(error), param, ctx)


class _Assignments(Assignment):
    """NAME=VALUE, or NAME=VALUES: then the value is an axis."""

    name = "NAME=VALUES"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        text = str(value).partition("=")[2]
        if not _is_several(text) or text.strip().startswith("["):
            _refuse_range(self, text, param, ctx)
            return super().convert(value, param, ctx)
        from convcalc.sweep.axes import AxisError, variable

        try:
            axis = variable(str(value))
        except AxisError as error:
            self.fail(str(error), param, ctx)
        return axis.name, axis


class _Shapes(ShapeType):
    """HxWxC, or several by commas: always a tuple of them."""

    name = "HxWxC,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        try:
            return parse_shapes(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _gathered(
    inputs: tuple[tuple[Shape, ...], ...],
    net: str | None,
    variables: tuple[tuple[str, Any], ...],
    rounding: str | None,
    trusted: bool,
    foreach: bool | None,
    **options: Any,
) -> Variants:
    shapes = tuple(dict.fromkeys(shape for group in inputs for shape in group))
    fixed = tuple(one for one in variables if not _is_axis(one[1]))
    given = SpecOptions(shapes[0] if len(shapes) == 1 else None, net, fixed, rounding, trusted)
    axes = [value for _, value in variables if _is_axis(value)]
    if len(shapes) > 1:
        from convcalc.sweep.axes import Axis

        axes.append(Axis("input", "input", (shapes,)))
    varied = [value for value in options.values() if _is_axis(value)]
    names = asked_names(options)
    asked = {name: options[name] for name in options if name in names}
    if foreach is not None:
        asked["foreach"] = foreach
    if not varied:
        return Variants(given, chosen(foreach, **options), asked, tuple(axes))
    asked = {name: value for name, value in asked.items() if not _is_axis(value)}
    return Variants(given, Settings(), asked, (*axes, *varied))


def _is_axis(value: object) -> bool:
    return hasattr(value, "parts")


def _setting(one: Setting, exact: bool) -> Decorator:
    if isinstance(one.default, bool) or one.check:  # whose text has commas of its own
        return setting_option(one, exact=exact)
    return setting_option(one, _Values(one, setting_type(one)), exact)


def _variants_options(exact: bool) -> Callable[[Command], Command]:
    return gathered(
        "variants",
        _gathered,
        click.option(
            "--input", "inputs", type=_Shapes(), multiple=True,
            help="Input size, in place of the file's; several are taken in turn.",
        ),
        net_option,
        click.option(
            "--set", "variables", type=_Assignments(), multiple=True, callback=distinct,
            help="Set one of the file's vars; 16,32 or 16..64/8 in turn.",
        ),
        rounding_option,
        trusted_option,
        *(_setting(one, exact) for one in SETTINGS),
        foreach_option,
    )  # fmt: skip


#: All options of a spec and of settings, those that can be varied as axes: `variants`.
variants_options = _variants_options(exact=False)
#: The same for a command that refuses what the notes' rule of thumb alone counts.
exact_variants_options = _variants_options(exact=True)
