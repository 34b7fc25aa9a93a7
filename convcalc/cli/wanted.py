"""What a check is asked for: limits and codes, from the command line over the configuration."""

import os
from typing import Any, NamedTuple

import click

from convcalc.cli.gather import Decorator, Once, gathered
from convcalc.cli.output import failed
from convcalc.config import Config, wanted_codes
from convcalc.limits import LIMITS, limit
from convcalc.pyproject import ConfigError
from convcalc.quantity import parse_bytes
from convcalc.rules.advise import Selection
from convcalc.study.configured import configuration_of

_LIMIT_HELP = {
    "params": "Maximum of learned parameters, such as 5M.",
    "macs": "Maximum of multiply-accumulates an image.",
    "activations": "Maximum of activations an image.",
    "inference_memory": "Highest peak of inference, such as 80MB, with --batch.",
    "training_memory": "Highest peak of a training step, such as 12GiB, with --batch.",
}


class Quantity(click.ParamType[int]):
    """A count such as 5M or bytes such as 12GiB on the command line."""

    name = "QUANTITY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        assert param is not None, "a quantity is an option's"
        try:
            return value if isinstance(value, int) else limit(str(param.name), str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Wanted(NamedTuple):
    """Which findings below errors are wanted, as the command line says it."""

    select: str | None = None
    ignore: str | None = None
    no_advice: bool = False


def _limit(key: str) -> Decorator:
    """--max-params and the like."""
    metavar = "BYTES" if LIMITS[key] is parse_bytes else "COUNT"
    name = f"--max-{key}".replace("_", "-")
    return click.option(
        name, key, cls=Once, type=Quantity(), metavar=metavar, help=_LIMIT_HELP[key]
    )


def _given(**limits: int | None) -> dict[str, int]:
    return {key: limit for key, limit in limits.items() if limit is not None}


#: An option for everything that can be limited, as the argument `limits`.
limit_options = gathered("limits", _given, *map(_limit, LIMITS))

#: --select, --ignore and --no-advice, as the argument `wanted`.
code_options = gathered(
    "wanted",
    Wanted,
    click.option(
        "--select",
        cls=Once,
        metavar="CODES",
        help="Show only these warnings and notes: CC2,large-kernel.",
    ),
    click.option("--ignore", cls=Once, metavar="CODES", help="Leave these out: CC105,CC2."),
    click.option("--no-advice", is_flag=True, help="No rules of thumb (CC2xx)."),
)


def configuration() -> Config:
    """The configuration for the working folder; raises a one-line error where it is wrong."""
    try:
        return configuration_of(os.curdir)
    except ConfigError as error:
        raise failed(str(error)) from error


def selection(config: Config, wanted: Wanted, limits: dict[str, int]) -> Selection:
    """What is wanted: the command line's word over the configuration's.

    What --select names is shown though the configuration leaves it out or turns it off: a job that
    names codes is not undone by the pyproject.toml of the branch that it checks.

    Raises:
        click.UsageError: all that one option selects is left out by another.
    """
    _refuse_nothing(wanted)
    named = _codes("select", wanted.select or "")
    ignored = config.ignore - named if wanted.ignore is None else _codes("ignore", wanted.ignore)
    kept = {c: own for c, own in config.tuning.items() if c not in named or own.on is not False}
    asked_for_advice = any(code.startswith("CC2") for code in named)
    return Selection(
        config.select if wanted.select is None else named,
        ignored,
        (config.advice or asked_for_advice) and not wanted.no_advice,
        kept,
        {**config.limits, **limits},
        {key: giver for key, giver in config.givers.items() if key not in limits},
    )


def _refuse_nothing(wanted: Wanted) -> None:
    """Refuse words of --select that --no-advice or --ignore leaves nothing of."""
    unwanted = _codes("ignore", wanted.ignore or "")
    for word in _words(wanted.select):
        codes = _codes("select", word)
        if wanted.no_advice and all(code.startswith("CC2") for code in codes):
            other = "--no-advice"
        elif codes <= unwanted:
            other = f"--ignore {wanted.ignore}"
        else:
            continue
        raise click.UsageError(
            f"--select {word} shows nothing beside {other}: leave one of the two"
        )


def _words(text: str | None) -> list[str]:
    return (text or "").replace(",", " ").split()


def _codes(option: str, text: str) -> frozenset[str]:
    try:
        return wanted_codes(tuple(_words(text)))
    except ValueError as error:
        raise failed(f"--{option}: {error}") from error
