"""`convcalc fit SPEC`: the largest batch that a device takes."""

from typing import Any

import click
from click.core import ParameterSource

from convcalc.analysis.settings import Settings
from convcalc.cli.case import one_case, remark
from convcalc.cli.gather import Once, refuse_others
from convcalc.cli.gather import given as given_option
from convcalc.cli.options import SpecOptions, exact_settings_options, spec_options
from convcalc.cli.output import Output, failed, output_options
from convcalc.cli.progress import Progress
from convcalc.findings import plain
from convcalc.quantity import bytes_of
from convcalc.report.fit.view import FitView
from convcalc.report.formats import formats
from convcalc.study import fit as study
from convcalc.study.links import leads_out


class Bytes(click.ParamType[int]):
    """Bytes of a device on the command line, by the option's name."""

    name = "BYTES"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        assert param is not None and param.name is not None, "bytes are an option's"
        try:
            return value if isinstance(value, int) else bytes_of(param.name, str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Percent(click.ParamType[float]):
    """A share on the command line."""

    name = "PERCENT"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, float):
            return value
        text = str(value).strip().removesuffix("%").strip()
        try:
            found = float(text) / 100
        except ValueError:
            found = -1.0
        if not 0 <= found < 1000:
            self.fail(f"{value!r} is not a percentage such as 20%", param, ctx)
        return found


@click.command(
    "fit",
    epilog="""\b
Examples:
  convcalc fit resnet50 --device rtx-4090 --optimizer adam
  convcalc fit mynet.yaml --memory 24GiB --batch 64
  convcalc fit mobilenet_v2 --dtype int8 --device stm32h743
  convcalc fit mobilenet_v2 --dtype int4 --sram 320KiB --flash 2MiB
  convcalc fit resnet50 --batch 64 --memory 8GiB --advise --max-compute 20%
  convcalc fit --devices
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC")
@click.option(
    "--memory", cls=Once, type=Bytes(), help="Bytes of the device: 24GiB is 24*2^30, 24GB 24*10^9."
)
@click.option("--device", cls=Once, metavar="NAME", help="A device by name: see --devices.")
@click.option("--sram", cls=Once, type=Bytes(), help="SRAM of a microcontroller, such as 320KiB.")
@click.option("--flash", cls=Once, type=Bytes(), help="Its flash, for the weights.")
@click.option("--context", type=Bytes(), help="Bytes of a CUDA context (default: 400MiB).")
@click.option("--devices", is_flag=True, help="List the devices with their sources.")
@click.option("--advise", is_flag=True, help="Which layers to checkpoint so that --batch fits.")
@click.option(
    "--max-compute",
    cls=Once,
    type=Percent(),
    help="Extra compute that advice may cost, such as 20%.",
)
@click.option("--write", is_flag=True, help="Add the advice to the spec's budget.")
@spec_options
@exact_settings_options
@output_options(formats("fit"))
def command(
    specs: tuple[str, ...],
    memory: int | None,
    device: str | None,
    context: int | None,
    sram: int | None,
    flash: int | None,
    devices: bool,
    advise: bool,
    max_compute: float | None,
    write: bool,
    given: SpecOptions,
    settings: Settings,
    out: Output,
) -> int:
    """Find the largest batch that fits a device, in training and in inference.

    With --batch it also says whether that batch fits, and exits 1 if it cannot fit in training or
    in inference.
    """
    if devices:
        from convcalc.report.fit.devices import devices_text

        refuse_others("--devices, which lists all", "devices")
        if specs or given_option("format"):
            other = plain(specs[0]) if specs else "--format"
            raise click.UsageError(f"{other} does not go with --devices, which lists all")
        out.write(devices_text(out.palette()))
        return 0
    onto = study.device(memory, device, context, sram, flash)
    source = click.get_current_context().get_parameter_source("batch")
    batch = None if source is ParameterSource.DEFAULT else settings.batch
    if not advise and (write or max_compute is not None):
        raise click.UsageError("--write and --max-compute belong to --advise")
    wrong = leads_out(specs[0]) if write and specs else ""
    if wrong:
        raise failed(wrong)
    case = one_case(specs, given, settings, out)
    with Progress("fitting", out.quiet) as progress:
        found = study.fit(case, onto, batch, advise, max_compute, progress.show)
    from convcalc.study import fit_budget  # nothing that --help and --devices need

    remark([found.outcome], out)
    if not advise and (aside := fit_budget.left_aside(found.outcome.analysis)):
        out.tell(aside)
    out.show("fit", FitView(found.outcome.analysis, found.placement, found.advice))
    if write:
        out.tell(fit_budget.write(found, specs[0] if specs else ""))
    return int(not found.ok)
