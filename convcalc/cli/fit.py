"""`convcalc fit SPEC`: the largest batch that a device takes."""

from typing import Any

import click
from click.core import ParameterSource

from convcalc.analysis.settings import Settings
from convcalc.cli.case import one_case, remark
from convcalc.cli.gather import Once
from convcalc.cli.options import SpecOptions, settings_options, spec_options
from convcalc.cli.output import Output, output_options
from convcalc.quantity import parse_bytes
from convcalc.study import fit as study


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
@click.option("--memory", cls=Once, type=Bytes(), help="Bytes of the device, such as 24GiB.")
@click.option("--device", cls=Once, metavar="NAME", help="A device by name: see --devices.")
@click.option("--context", type=Bytes(), help="Bytes of a CUDA context (default: 400MiB).")
@click.option("--devices", is_flag=True, help="List the devices with their sources.")
@spec_options
@settings_options
@output_options(("text", "json"))
def command(
    specs: tuple[str, ...],
    memory: int | None,
    device: str | None,
    context: int | None,
    devices: bool,
    given: SpecOptions,
    settings: Settings,
    out: Output,
) -> int:
    """Find the largest batch that fits a device, in training and in inference.

    With --batch it also says whether that batch fits, and exits 1 if it does not, not even
    possibly, in training or in inference.
    """
    from convcalc.report.fit.text import devices_text, fit_text

    if devices:
        out.write(devices_text(out.palette()))
        return 0
    onto = study.device(memory, device, context)
    source = click.get_current_context().get_parameter_source("batch")
    batch = None if source is ParameterSource.DEFAULT else settings.batch
    found = study.fit(one_case(specs, given, settings), onto, batch)
    remark([found.outcome])
    if not out.quiet:
        if out.format == "json":
            from convcalc.report.fit.json import fit_json

            out.write(fit_json(found.outcome.analysis, found.placement))
        else:
            out.write(fit_text(found.outcome.analysis, found.placement, out.palette()))
    return int(not found.fits)
