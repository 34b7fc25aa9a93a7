"""Options that several commands share, each group gathered into one frozen record."""

from collections.abc import Callable, Iterable
from functools import partial
from math import isfinite
from typing import Any

import click
from click.core import ParameterSource

from convcalc.analysis.settings import Settings
from convcalc.cli.gather import (
    WIDEST_CHOICE,
    Command,
    Count,
    Decorator,
    Either,
    Once,
    OneOf,
    gathered,
)
from convcalc.layers.option import Value
from convcalc.memory.settings import BY_RULE, SETTINGS, Setting, complaint, completed
from convcalc.records import NamedTuple
from convcalc.shapes import Shape, not_a_shape, parse_shape
from convcalc.spec.document import Overrides
from convcalc.tree.decode import TRUSTED, Limits
from convcalc.tree.scalars import AmbiguousError, resolve
from convcalc.window import Rounding


class ShapeType(click.ParamType[Shape]):
    """HxWxC on the command line."""

    name = "HxWxC"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Shape:
        shape = value if isinstance(value, tuple) else parse_shape(str(value))
        if shape is None:
            self.fail(not_a_shape(value, str(value)), param, ctx)
        return shape


class Assignment(click.ParamType[tuple[str, Value]]):
    """NAME=VALUE on the command line."""

    name = "NAME=VALUE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Value]:
        name, equals, text = str(value).partition("=")
        if not equals or not name.strip().isidentifier():
            self.fail(f"{value!r} is not NAME=VALUE, such as growth=48", param, ctx)
        if ("," in text and not text.strip().startswith("[")) or _is_range(text):
            hint = f"{name.strip()} takes one value: `convcalc sweep --set` takes several"
            self.fail(hint, param, ctx)
        try:
            return name.strip(), resolve(text.strip())
        except AmbiguousError as error:
            self.fail(str(error), param, ctx)


def _is_range(text: str) -> bool:
    if text.isdigit() or not any(char.isdigit() for char in text):
        return False
    from convcalc.sweep.mistyped import range_meant  # for few values

    return bool(range_meant(text))


class Decay(click.ParamType[float]):
    """A number of 0 or more on the command line."""

    name = "float"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        try:
            found = float(value)
        except ValueError:
            found = -1.0
        if not (isfinite(found) and found >= 0):
            self.fail(f"expected a finite number from 0 on, got {value!r}", param, ctx)
        return found


class Checked(click.ParamType[str]):
    """Text that a setting may have a complaint about."""

    name = "text"

    def __init__(self, check: Callable[[str], str]) -> None:
        self.check = check

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        wrong = self.check(str(value))
        if wrong:
            self.fail(wrong, param, ctx)
        return str(value)


class SpecOptions(NamedTuple):
    """Which net is meant beside SPEC, and what is set over its file."""

    input: Shape | None = None
    net: str | None = None
    variables: tuple[tuple[str, Value], ...] = ()
    rounding: str | None = None
    trusted: bool = False

    @property
    def overrides(self) -> Overrides:
        """What is set over the file."""
        rounding = Rounding(self.rounding) if self.rounding else None
        return Overrides(self.input, rounding, self.variables)

    @property
    def limits(self) -> Limits:
        """How much is read."""
        return TRUSTED if self.trusted else Limits()


def distinct(
    ctx: click.Context, param: click.Parameter, value: tuple[tuple[str, Value], ...]
) -> tuple[tuple[str, Value], ...]:
    """The assignments, refused where one name is assigned twice."""
    names = [name for name, _ in value]
    for name in names:
        if names.count(name) > 1:
            raise click.UsageError(f"--set {name} is given {names.count(name)} times", ctx)
    return value


input_option = click.option(
    "--input",
    cls=Once,
    type=ShapeType(),
    metavar="HxWxC",
    help="Input size, in place of the file's.",
)
set_option = click.option(
    "--set", "variables", type=Assignment(), multiple=True, callback=distinct,
    help="Set one of the file's vars.",
)  # fmt: skip
rounding_option = click.option(
    "--rounding", cls=Once, type=OneOf([r.value for r in Rounding]),
    help="How sizes with a remainder are rounded.",
)  # fmt: skip
trusted_option = click.option(
    "--trusted",
    is_flag=True,
    help="Read files of any size (default: 1 MiB, 100,000 values, 200,000 layers).",
)

net_option = click.option(
    "--net", cls=Once, metavar="PATTERN",
    help='A net in one line: "[conv3-32 relu pool2]*2 fc-10".',
)  # fmt: skip
#: --input, --net, --set, --rounding and --trusted, as the argument `given`.
spec_options = gathered(
    "given", SpecOptions, input_option, net_option, set_option, rounding_option, trusted_option
)


def asked_names(options: Iterable[str]) -> set[str]:
    """Those of some options that were asked for, not left at their default."""
    context = click.get_current_context()
    default = ParameterSource.DEFAULT
    return {name for name in options if context.get_parameter_source(name) is not default}


def chosen(foreach: bool | None, **options: Any) -> Settings:
    """The settings, refused where those that were asked for exclude each other."""
    asked = asked_names(options)
    if foreach is not None:
        named = "foreach" if foreach else "loop"
        if "optimizer_impl" in asked and options["optimizer_impl"] != named:
            given = options["optimizer_impl"]
            raise click.UsageError(f"--optimizer-impl {given} and --{named} contradict each other")
        options["optimizer_impl"] = named
    settings = Settings(**{name: value for name, value in options.items() if value is not None})
    settings, conflict = completed(settings, asked)
    if conflict:
        raise click.UsageError(conflict)
    return settings


def setting_type(setting: Setting) -> click.ParamType[Any]:
    """The type of a setting that is no flag."""
    default = setting.default
    if isinstance(default, int):
        return Count(setting.least)
    if isinstance(default, float):
        return Decay()
    if setting.check:
        return Checked(partial(complaint, setting))
    return OneOf(setting.words)


def setting_option(
    setting: Setting, kind: click.ParamType[Any] | None = None, exact: bool = False
) -> Decorator:
    """The option of a setting, of its own type or another.

    Help does not list what a command refuses whose numbers are the exact ones alone.
    """
    unlisted = exact and setting.name in BY_RULE
    default = setting.default
    if isinstance(default, bool):
        return click.option(
            setting.flag, setting.name, is_flag=True, help=setting.help, hidden=unlisted
        )
    kind = kind or setting_type(setting)
    many = len("|".join(setting.choices)) > WIDEST_CHOICE
    text = f"{setting.help} One of {', '.join(setting.choices)}." if many else setting.help
    return click.option(
        setting.flag, setting.name, cls=Once, type=kind, default=default or None, help=text,
        show_default=bool(default), metavar="NAME" if many else None, hidden=unlisted,
    )  # fmt: skip


foreach_option = click.option(
    "--foreach/--loop", cls=Either, default=None, help="The same as --optimizer-impl foreach|loop."
)


def _settings_options(exact: bool) -> Callable[[Command], Command]:
    options = (setting_option(setting, exact=exact) for setting in SETTINGS)
    return gathered("settings", chosen, *options, foreach_option)


#: One option a setting, as the argument `settings`.
settings_options = _settings_options(exact=False)
#: The same for commands that refuse what the notes' rule of thumb alone counts.
exact_settings_options = _settings_options(exact=True)
