"""Groups of options that reach a command as one frozen record."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click
from click.core import ParameterSource

Command = TypeVar("Command", bound=Callable[..., Any])
#: What `click.option` gives.
Decorator = Callable[[Any], Any]


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
            if len(given) > 1:
                raise click.UsageError(f"{self.opts[-1]} is given {len(given)} times", ctx)
            opts = {**opts, self.name: given[0]}
        return super().consume_value(ctx, opts)


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
