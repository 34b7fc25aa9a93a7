"""Groups of options that reach a command as one frozen record."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click
from click.core import ParameterSource

Command = TypeVar("Command", bound=Callable[..., Any])
#: What `click.option` gives.
Decorator = Callable[[Any], Any]


WIDEST_CHOICE = 45  #: letters of the choices that are listed beside an option in its help
#: options of how something is shown, which go with all else
_SHOWN = frozenset(("format_", "format", "file", "output", "color", "quiet"))


def given(name: str) -> bool:
    """Whether an option is on the command line."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def refuse_others(what: str, *taken: str) -> None:
    """Refuse options that are not among those taken: they would do nothing beside `what`.

    Raises:
        click.UsageError: one is given.
    """
    for option in click.get_current_context().command.params:
        name = option.name or ""
        if isinstance(option, click.Option) and name not in {*taken, *_SHOWN} and given(name):
            raise click.UsageError(f"{option.opts[-1]} does not go with {what}")


#: what options that name a file are shown to take
_FILES = frozenset({"FILE", "MODEL"})


class Once(click.Option):
    """An option that takes one value: giving it twice is an error, where click keeps the last."""

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:
        """Have the parser keep every value."""
        own, self.multiple = self.multiple, not (self.is_flag or self.count)
        super().add_to_parser(parser, ctx)
        self.multiple = own

    def consume_value(self, ctx: click.Context, opts: Any) -> tuple[Any, ParameterSource]:
        """The one value, wherever it comes from."""
        given = opts.get(self.name)
        if isinstance(given, list) and not self.multiple:
            if len(given) > 1 and not ctx.resilient_parsing:  # a shell completes what is behind it
                more = ": join its values by commas" if self.metavar == "CODES" else ""
                raise click.UsageError(f"{self.opts[-1]} is given {len(given)} times{more}", ctx)
            opts = {**opts, self.name: given[0]}
        value, source = super().consume_value(ctx, opts)
        if value == "" and self.metavar in _FILES and not ctx.resilient_parsing:
            raise click.BadParameter("an empty name is no file", ctx, self)
        return value, source


class Either(click.Option):
    """A flag with two names: giving both is an error, where click keeps the last."""

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:
        """Have the parser keep every one of them."""
        for names, value in ((self.opts, True), (self.secondary_opts, False)):
            parser.add_option(self, names, self.name, action="append_const", const=value)

    def consume_value(self, ctx: click.Context, opts: Any) -> tuple[Any, ParameterSource]:
        """The one that is given, wherever it comes from."""
        given = opts.get(self.name)
        if isinstance(given, list):
            if len(set(given)) > 1 and not ctx.resilient_parsing:
                both = f"{self.opts[-1]} and {self.secondary_opts[-1]}"
                raise click.UsageError(f"{both} contradict each other", ctx)
            opts = {**opts, self.name: given[0]}
        return super().consume_value(ctx, opts)


class OneOf(click.Choice[str]):
    """One of some words on the command line; another is answered with the one that was meant."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word itself."""
        if value not in self.choices:
            from convcalc.choices import expected_one_of

            self.fail(expected_one_of(self.choices, value), param, ctx)
        return str(value)


class Whole(click.ParamType[int]):
    """A whole number on the command line, from one to another."""

    name = "integer"

    def __init__(self, least: int, most: int | None = None) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        from convcalc.quantity import not_whole

        try:
            found = int(value)
        except ValueError:
            found = value
        wrong = not_whole(found, self.least, self.most)
        if wrong:
            self.fail(wrong, param, ctx)
        return int(found)


class Count(Whole):
    """A whole number that is multiplied with others."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        from convcalc.quantity import many_digits

        found = super().convert(value, param, ctx)
        wrong = many_digits(found)
        if wrong:
            self.fail(wrong, param, ctx)
        return found


class OptionalNumber(Once):
    """An option that takes a number or none, of a command that is `WithNumbers`."""

    def __init__(self, *names: Any, alone: int, **given: Any) -> None:
        """`alone` is the number where none is given."""
        super().__init__(*names, **given)
        self.alone = alone

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """The number that is given, or the one for none."""
        return self.alone if value == "" else super().type_cast_value(ctx, value)


class WithNumbers(click.Command):
    """A command with options that take a number or none: the next word is one only if it is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Attach the number to its option: ``--write`` alone is ``--write=``."""
        alone = {p.opts[0] for p in self.params if isinstance(p, OptionalNumber)}
        end = args.index("--") if "--" in args else len(args)
        found: list[str] = []
        words = iter(enumerate(args[:end]))
        for at, word in words:
            if word not in alone:
                found.append(word)
            elif at + 1 < end and args[at + 1].isascii() and args[at + 1].isdigit():
                found.append(f"{word}={next(words)[1]}")
            else:
                found.append(f"{word}=")
        return super().parse_args(ctx, found + args[end:])


def gathered(
    name: str, record: Callable[..., object], *options: Decorator
) -> Callable[[Command], Command]:
    """Add options to a command, which gets them as one argument: a record with their names."""

    def decorate(function: Command) -> Command:
        known = len(getattr(function, "__click_params__", ()))

        @wraps(function)
        def command(*args: Any, **kwargs: Any) -> Any:
            own = {field: kwargs.pop(field) for field in fields}
            return function(*args, **kwargs, **{name: record(**own)})

        for option in reversed(options):
            option(command)
        fields = [str(one.name) for one in command.__click_params__[known:]]  # type: ignore[attr-defined]
        return command  # type: ignore[return-value]

    return decorate
