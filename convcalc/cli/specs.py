"""The options that say which nets, and reading them: a path, ``-``, a bundled name or a pattern."""

import os
import sys
from math import isfinite
from typing import Any

import click
from click.core import ParameterSource

from convcalc import zoo
from convcalc.analysis.record import DTYPES, INFERENCE_ONLY, Settings
from convcalc.cli.output import Command, failed
from convcalc.files import IrregularFileError, linked_spec, read_at_most
from convcalc.findings import plain
from convcalc.layers.option import Value
from convcalc.memory.optimizers import IMPLEMENTATIONS, NAMES
from convcalc.memory.settings import contradiction
from convcalc.network.record import INPUT, Network
from convcalc.shapes import Shape, parse_shape
from convcalc.spec.document import Overrides
from convcalc.spec.load import load, load_pattern
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
            self.fail(f"{value!r} is no shape such as 224x224x3", param, ctx)
        return shape


class Setting(click.ParamType[tuple[str, Value]]):
    """NAME=VALUE on the command line."""

    name = "NAME=VALUE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Value]:
        name, equals, text = str(value).partition("=")
        if not equals or not name.strip().isidentifier():
            self.fail(f"{value!r} is not NAME=VALUE, such as growth=48", param, ctx)
        try:
            return name.strip(), resolve(text.strip())
        except AmbiguousError as error:
            self.fail(str(error), param, ctx)


class Decay(click.FloatRange):
    """A weight decay on the command line: 0 or more, and a number."""

    def __init__(self) -> None:
        super().__init__(min=0)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        found: float = super().convert(value, param, ctx)
        if not isfinite(found):  # NaN is below nothing and above nothing
            self.fail(f"{value!r} is no finite number such as 0.0005", param, ctx)
        return found


def spec_options(function: Command) -> Command:
    """--input, --net, --set, --rounding and --trusted."""
    for option in reversed(
        (
            click.option(
                "--input", "input_", type=ShapeType(), help="Input size, over the file's."
            ),
            click.option(
                "--net",
                metavar="PATTERN",
                help='A net in one line: "[conv3-32 relu pool2]*2 fc-10".',
            ),
            click.option(
                "--set",
                "variables",
                type=Setting(),
                multiple=True,
                help="Set one of the file's vars.",
            ),
            click.option(
                "--rounding",
                type=click.Choice([r.value for r in Rounding]),
                help="What a remainder means, over the file's.",
            ),
            click.option(
                "--trusted",
                is_flag=True,
                help="Read files of any size (default: 1 MiB, 100,000 values, 200,000 layers).",
            ),
        )
    ):
        function = option(function)
    return function


def settings_options(function: Command) -> Command:
    """--batch, --dtype, --optimizer and what belongs to it."""
    for option in reversed(
        (
            click.option(
                "--batch", type=click.IntRange(1), default=1, show_default=True, help="Batch size."
            ),
            click.option(
                "--dtype", type=click.Choice(tuple(DTYPES)), default="float32", show_default=True
            ),
            click.option(
                "--optimizer",
                type=click.Choice(NAMES),
                default="sgd-momentum",
                show_default=True,
            ),
            click.option("--weight-decay", type=Decay(), default=0.0),
            click.option(
                "--optimizer-impl",
                type=click.Choice(IMPLEMENTATIONS),
                help="How the optimizer steps (default: foreach, as PyTorch on CUDA).",
            ),
            click.option(
                "--foreach/--loop", default=None, help="The same as --optimizer-impl foreach|loop."
            ),
        )
    ):
        function = option(function)
    return function


def chosen_settings(options: dict[str, Any]) -> Settings:
    """The settings among a command's options; numbers for inference take no optimizer."""
    source = click.get_current_context().get_parameter_source("optimizer")
    asked = source is not ParameterSource.DEFAULT and options["optimizer"] != "none"
    if options["dtype"] in INFERENCE_ONLY and asked:
        raise click.UsageError(
            f"{options['dtype']} is for inference, an optimizer for training: "
            "leave --optimizer out, or choose --dtype float16"
        )
    settings = Settings(
        options["batch"],
        options["dtype"],
        options["optimizer"],
        options["weight_decay"],
        _implementation(options["optimizer_impl"], options["foreach"]),
    )
    refused = contradiction(settings)
    if refused:
        raise click.UsageError(refused)
    return settings


def _implementation(named: str | None, foreach: bool | None) -> str:
    """How the optimizer steps, by its name or by --foreach/--loop."""
    flag = None if foreach is None else "foreach" if foreach else "loop"
    if named and flag and named != flag:
        raise click.UsageError(f"--optimizer-impl {named} and --{flag} contradict each other")
    return named or flag or "foreach"


def networks(specs: tuple[str, ...], options: dict[str, Any]) -> list[Network]:
    """The nets that a command line names; raises a one-line error where one cannot be read."""
    given = overrides(options)
    limits = TRUSTED if options["trusted"] else Limits()
    net = options["net"]
    if net is not None and specs:
        raise click.UsageError("give either SPEC or --net, not both")
    if net is not None:
        return [load_pattern(net, given, limits)]
    if not specs:
        raise click.UsageError(
            "no SPEC: a file, - for stdin, a bundled name (see `convcalc list`), or --net PATTERN"
        )
    if len(specs) > 1 and given.variables:
        raise click.UsageError("--set is for one SPEC")
    return [network(spec, given, limits) for spec in specs]


def overrides(options: dict[str, Any]) -> Overrides:
    """What a command's options say over the file."""
    rounding = options["rounding"]
    return Overrides(
        options["input_"], Rounding(rounding) if rounding else None, options["variables"]
    )


def network(spec: str, overrides: Overrides, limits: Limits) -> Network:
    """One net: a path wins over a bundled name."""
    path, data = read_spec(spec, limits)
    found = load(path, data, overrides, limits)
    inputs = [step.name for step in found.steps if step.kind == INPUT]
    if overrides.input and len(inputs) > 1:
        raise failed(f"{path} has {len(inputs)} inputs ({', '.join(inputs)}): --input is for one")
    known = found.variables
    for name, _ in overrides.variables:
        if name not in known:
            from convcalc.suggest import nearest

            close = nearest(name, known)
            hint = f"did you mean {close}?" if close else f"it has {', '.join(known) or 'none'}"
            raise failed(f"{path} has no variable {name!r}: {hint}")
    return found


def read_spec(spec: str, limits: Limits) -> tuple[str, bytes]:
    """The name and bytes of a spec; reads no more than the limit and never waits for a FIFO."""
    most = None if limits.bytes is None else limits.bytes + 1
    try:
        if spec == "-":
            if sys.stdin is None:
                raise failed("standard input is closed: name a file, or pipe one")
            return "<stdin>", sys.stdin.buffer.read(-1 if most is None else most)
        if not os.path.isdir(spec):
            name = spec if limits == TRUSTED else linked_spec(spec)
            return plain(os.path.normpath(spec)), read_at_most(name, most)
    except IrregularFileError as error:
        raise failed(f"{spec} is no regular file: pipe it to `-` instead") from error
    except FileNotFoundError as error:
        if zoo.find(spec) is None:
            raise failed(_not_found(spec)) from error
    except OSError as error:
        raise failed(f"cannot read {spec}: {error.strerror}") from error
    except ValueError as error:
        raise failed(f"cannot read {spec!r}: {error}") from error
    if zoo.find(spec) is None:
        raise failed(f"{spec} is a directory: name a file, or `convcalc check {spec}`")
    return zoo.label(spec), zoo.read(spec)


def _not_found(spec: str) -> str:
    from convcalc.suggest import nearest

    close = nearest(spec, zoo.names())
    hint = f"did you mean {close}?" if close else "`convcalc list` names the bundled nets"
    return f"no file {spec} and no bundled net of that name: {hint}"
