"""What a check is asked for: limits and codes, from the command line over the configuration."""

import os
from typing import Any

import click

from convcalc.cli.output import Command, failed
from convcalc.config import Config, ConfigError, load_config, wanted_codes
from convcalc.limits import LIMITS
from convcalc.quantity import parse_bytes
from convcalc.rules.advise import Selection

_LIMIT_HELP = {
    "params": "Most learned parameters, such as 5M.",
    "macs": "Most multiply-accumulates an image.",
    "activations": "Most activations an image.",
    "inference_memory": "Highest peak of inference, such as 80MB, with --batch.",
    "training_memory": "Highest peak of a training step, such as 12GiB, with --batch.",
}


class Quantity(click.ParamType[int]):
    """A count such as 5M or bytes such as 12GiB on the command line."""

    name = "QUANTITY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        assert param is not None, "a quantity is an option's"
        key = str(param.name).removeprefix("max_")
        number = value if isinstance(value, int) else LIMITS[key](str(value))
        if number is None:
            sample = "12GiB" if param.metavar == "BYTES" else "5M"
            self.fail(f"{value!r} is no quantity such as {sample}", param, ctx)
        return number


def limit_options(function: Command) -> Command:
    """--max-params and the like, one for everything that can be limited."""
    for key in reversed(LIMITS):
        metavar = "BYTES" if LIMITS[key] is parse_bytes else "COUNT"
        name = f"--max-{key}".replace("_", "-")
        option = click.option(name, type=Quantity(), metavar=metavar, help=_LIMIT_HELP[key])
        function = option(function)
    return function


def code_options(function: Command) -> Command:
    """--select, --ignore and --no-advice."""
    for option in (
        click.option("--no-advice", is_flag=True, help="No rules of thumb (CC2xx)."),
        click.option("--ignore", metavar="CODES", help="None of these: CC105,CC2."),
        click.option(
            "--select", metavar="CODES", help="Only these below errors: CC2,large-kernel."
        ),
    ):
        function = option(function)
    return function


def configuration() -> Config:
    """The configuration for the working folder; raises a one-line error where it is wrong."""
    try:
        return load_config(os.curdir)
    except ConfigError as error:
        raise failed(str(error)) from error


def selection(config: Config, options: dict[str, Any]) -> Selection:
    """What is wanted: the command line's word over the configuration's."""
    given = {}
    for name in ("select", "ignore"):
        text = options[name]
        words = tuple(filter(None, (text or "").replace(",", " ").split()))
        try:
            given[name] = wanted_codes(words) if text is not None else getattr(config, name)
        except ValueError as error:
            raise failed(f"--{name}: {error}") from error
    limits = dict(config.limits)
    limits.update({k: options[f"max_{k}"] for k in LIMITS if options[f"max_{k}"] is not None})
    advice = config.advice and not options["no_advice"]
    return Selection(given["select"], given["ignore"], advice, config.tuning, limits)
