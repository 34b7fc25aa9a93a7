"""`convcalc fit SPEC`: the largest batch that a device takes."""

from typing import Any

import click
from click.core import ParameterSource

from convcalc.analysis.record import Analysis
from convcalc.analysis.walk import analyze
from convcalc.cli.faulty import faulty
from convcalc.cli.output import failed, output_options, palette, write
from convcalc.cli.specs import chosen_settings, networks, settings_options, spec_options
from convcalc.memory.device import Verdict
from convcalc.memory.devices import BY_NAME, Device, find
from convcalc.memory.placement import place
from convcalc.quantity import parse_bytes
from convcalc.shapes import Shape


class Bytes(click.ParamType[int]):
    """Bytes with a unit on the command line."""

    name = "BYTES"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = value if isinstance(value, int) else parse_bytes(str(value))
        if found is None:
            self.fail(f"{value!r} is no number of bytes such as 24GiB or 512KiB", param, ctx)
        return found


@click.command(
    "fit",
    epilog="""\b
Examples:
  convcalc fit resnet50 --device rtx-4090 --optimizer adam
  convcalc fit mynet.yaml --memory 24GiB --batch 64
  convcalc fit mobilenet_v2 --dtype int8 --device stm32h743
  convcalc fit --devices
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC")
@click.option("--memory", type=Bytes(), help="Bytes of the device, such as 24GiB.")
@click.option("--device", metavar="NAME", help="A device by name: see --devices.")
@click.option("--context", type=Bytes(), help="Bytes of a CUDA context (default: 400MiB).")
@click.option("--devices", is_flag=True, help="List the devices with their sources.")
@spec_options
@settings_options
@output_options(("text", "json"))
@click.pass_context
def command(
    ctx: click.Context,
    /,
    specs: tuple[str, ...],
    memory: int | None,
    device: str | None,
    context: int | None,
    devices: bool,
    format_: str,
    output: str | None,
    color: str,
    quiet: bool,
    **options: Any,
) -> int:
    """Find the largest batch that fits a device, in training and in inference.

    With --batch it also says whether that batch fits, and exits 1 if it does not, not even
    possibly, in training or in inference.
    """
    from convcalc.report.fit.text import devices_text, fit_text

    if devices:
        write(devices_text(palette(color, output)), output)
        return 0
    if len(specs) > 1:
        raise click.UsageError("fit takes one SPEC")
    onto = _device(memory, device, context)
    settings = chosen_settings(options)
    analysis = analyze(networks(specs, options)[0], settings)
    if analysis.broken:
        raise faulty(analysis.network, color, analysis.findings)

    def resize(shape: Shape) -> Analysis | None:
        if "-" in specs:  # standard input cannot be read twice
            return None
        return analyze(networks(specs, {**options, "input_": shape})[0], settings)

    given = ctx.get_parameter_source("batch") is not ParameterSource.DEFAULT
    placement = place(analysis, onto, options["batch"] if given else None, resize)
    if not quiet:
        if format_ == "json":
            from convcalc.report.fit.json import fit_json

            write(fit_json(analysis, placement), output)
        else:
            write(fit_text(analysis, placement, palette(color, output)), output)
    return int(any(asked.verdict is Verdict.DOES_NOT_FIT for asked in placement.asked))


def _device(memory: int | None, name: str | None, context: int | None) -> Device:
    """The device that the options name or describe."""
    if memory is not None and name is not None:
        raise click.UsageError("give either --memory or --device, not both")
    if memory is None and name is None:
        raise click.UsageError(
            "give --memory such as 24GiB, or --device NAME (`convcalc fit --devices` names them)"
        )
    if name is not None:
        found = find(name)
        if found is None:
            from convcalc.suggest import nearest

            close = nearest(name, BY_NAME)
            hint = f"did you mean {close}?" if close else "`convcalc fit --devices` names them"
            raise failed(f"no device {name!r}: {hint}")
    else:
        if not memory:
            raise click.UsageError("--memory 0: no device has no memory")
        found = Device("", memory, "")
    return found if context is None else found._replace(context=context)
