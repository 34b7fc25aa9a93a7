"""`convcalc sweep SPEC`: a row of numbers for each of very many variants."""

import os
from functools import partial
from time import monotonic
from typing import Any

import click

from convcalc.cli.case import says
from convcalc.cli.fit import Bytes
from convcalc.cli.gather import Once, OneOf, Whole
from convcalc.cli.gather import given as was_given
from convcalc.cli.links import written_file
from convcalc.cli.options import rounding_option, trusted_option
from convcalc.cli.output import Output, output_options
from convcalc.cli.progress import Progress
from convcalc.findings import plain
from convcalc.memory.settings import BY_RULE, SETTINGS, Setting
from convcalc.quantity import counted
from convcalc.study import fit
from convcalc.study.load import Pattern
from convcalc.sweep.collect import TOP
from convcalc.sweep.grid import Sampling
from convcalc.sweep.request import Asked, Request, request


def _settings(function: Any) -> Any:
    """One option a setting; several values make an axis."""
    for one in reversed(SETTINGS):
        flag = one.flag.partition("/")[0]
        function = click.option(
            flag, one.name, cls=Once, metavar="VALUES", help=f"{one.help} Values by commas.",
            callback=partial(_no_option, one), hidden=one.name in BY_RULE,
        )(function)  # fmt: skip
    return function


def _no_option(
    setting: Setting, context: click.Context, option: click.Parameter, given: str | None
) -> str | None:
    """Values that are no other option, which `--ema --batch 2` takes for those of a flag."""
    if given is not None and given.startswith("--"):
        sample = "true,false" if isinstance(setting.default, bool) else "VALUES"
        flag = option.opts[0]
        raise click.UsageError(f"{flag} takes values here: `{flag} {sample} {given} ...`")
    return given


@click.command(
    "sweep",
    epilog="""\b
Examples:
  convcalc sweep densenet121 --set growth=16..48/8 --batch 1,32
  convcalc sweep resnet50 --input 160x160x3,224x224x3 --batch 8..64/8 --device rtx-3060
  convcalc sweep mynet.yaml --set width=16..128/8 --set depth=2,3,4 \\
      --where "macs < 2G and training_memory < 8GiB" --pareto params,macs
  convcalc sweep mynet.yaml --set width=16..128/8 -o rows.csv
  convcalc sweep regnet_x --set depth=12..28 --set w0=8..256/8 --batch 32 \\
      --search=-macs --where "training_memory < 8GiB" --sample 300 --seed 1
""",
)
@click.argument("specs", nargs=-1, metavar="SPEC")
@click.option("--net", cls=Once, metavar="PATTERN", help="A net in one line, in place of SPEC.")
@click.option(
    "--set",
    "variables",
    multiple=True,
    metavar="NAME=VALUES",
    help="Values of one of the file's vars: 2,3,4 or 16..128/8, both ends included.",
)
@click.option("--input", "inputs", multiple=True, metavar="HxWxC,...", help="Input sizes.")
@rounding_option
@_settings
@click.option(
    "--where",
    cls=Once,
    metavar="CONDITION",
    help='Only rows that meet it, such as "macs < 2G and training_memory < 8GiB".',
)
@click.option(
    "--columns",
    cls=Once,
    metavar="NAMES",
    help="The numbers of a row; fvcore, thop ...: operations as they count them.",
)
@click.option("--sort", cls=Once, metavar="[-]NAME", help="Smallest first; -NAME largest first.")
@click.option(
    "--top",
    cls=Once,
    type=Whole(1),
    default=TOP,
    show_default=True,
    help="Rows that text shows.",
)
@click.option(
    "--pareto",
    cls=Once,
    metavar="[-]NAME,...",
    help="Show the rows that no other row beats in all of these (- for larger).",
)
@click.option(
    "--search",
    cls=Once,
    metavar="[-]NAME,...",
    help="Try --sample variants, chosen by Optuna: those small (- large) in these, with --where.",
)
@click.option("--sample", cls=Once, type=Whole(1), help="How many variants are drawn.")
@click.option(
    "--sampling",
    type=OneOf(("latin", "random")),
    default="latin",
    show_default=True,
    help="A latin hypercube, or at random.",
)
@click.option("--seed", cls=Once, type=Whole(0), default=0, help="Random seed.")
@click.option(
    "--device", cls=Once, metavar="NAME", help="The largest batches on a device, as columns."
)
@click.option("--memory", cls=Once, type=Bytes(), help="The same for a device of so many bytes.")
@click.option("--processes", cls=Once, type=Whole(1), help="Default: one per core.")
@click.option("--on", cls=Once, metavar="CLUSTER", help="dask:tcp://HOST:8786 or ray:auto.")
@click.option(
    "--resume",
    cls=Once,
    metavar="FILE",
    callback=written_file,
    help="Write rows to FILE; continue where a stopped run left off.",
)
@trusted_option
@output_options(("text", "csv", "json", "parquet"), by_name=True)
def command(
    specs: tuple[str, ...],
    net: str | None,
    variables: tuple[str, ...],
    inputs: tuple[str, ...],
    rounding: str | None,
    where: str | None,
    columns: str | None,
    sort: str | None,
    top: int,
    pareto: str | None,
    search: str | None,
    sample: int | None,
    sampling: Sampling,
    seed: int,
    device: str | None,
    memory: int | None,
    processes: int | None,
    on: str | None,
    resume: str | None,
    trusted: bool,
    out: Output,
    **settings: str | None,
) -> int:
    """Size a net in every combination of the values given, or in a sample of them.

    SPEC is a file, - for standard input, or a bundled net. Rows are written as they come.
    """
    if (len(specs) == 1) == (net is not None):
        raise click.UsageError(_not_one(specs, net, variables))
    if resume is not None and out.file is not None:
        raise click.UsageError("--resume FILE takes the place of -o FILE")
    for name in ("seed", "sampling"):
        if sample is None and was_given(name):
            raise click.UsageError(f"--{name} is for --sample N: all combinations are sized")
    if on is not None and processes is not None:
        raise click.UsageError("--processes are of this machine: leave it or --on out")
    onto = None if device is None and memory is None else fit.device(memory, device)
    given = {name: value for name, value in settings.items() if value is not None}
    asked = Asked(
        variables, inputs, given, where, columns, sort, pareto, sample, seed, sampling, search,
        rounding,
    )  # fmt: skip
    subject = Pattern(net) if net is not None else specs[0]
    wanted = request(subject, asked, onto, trusted, says(out))
    for said in (*filter(None, [wanted.remark]), *(f"Note: {note}" for note in wanted.notes)):
        out.tell(said)
    file = resume or out.file
    out = out._replace(file=file)
    form = _format(out.format, file)
    if form == "text" and file is not None:
        stem = os.path.splitext(file)[0]
        raise click.UsageError(
            f"-o {file}: files are csv, json or parquet: name it {stem}.csv, {stem}.jsonl or "
            f"{stem}.parquet, or choose with --format"
        )
    for name, why in _OF_TABLE.items():
        if form != "text" and was_given(name):
            raise click.UsageError(f"--{name} is for the table: {form} has every row{why}")
    if form == "parquet" and file is None:
        raise click.UsageError("--format parquet writes a file: -o rows.parquet")
    return _run(wanted, form, file, resume is not None, top, on, processes, out)


def _not_one(specs: tuple[str, ...], net: str | None, variables: tuple[str, ...]) -> str:
    """What to say of no net, or of words beside it that are none."""
    from convcalc.study.nearby import assigned

    text = "give one SPEC, or --net PATTERN"
    more = specs if net is not None else specs[1:]
    bare = [name for name in variables if name.isidentifier()]
    if more and len(bare) == len(more):  # `--set w 16,32`
        said = [f"--set {name}={plain(values)}" for name, values in zip(bare, more, strict=True)]
    else:
        said = [*filter(None, map(assigned, more))]
    return f"{text}; values are given as `{' '.join(said)}`" if said else text


#: options of the table alone, and what to say beside that a file has every row as it comes
_OF_TABLE = {
    "top": "",
    "sort": ", in the order of the axes",
    "pareto": ": `convcalc report rows.csv --pareto ...` marks the front in a file",
}


def _format(chosen: str, file: str | None) -> str:
    """What is written; a file's name decides where nothing is chosen."""
    if chosen == "text" and file is not None:
        from convcalc.report.sweep.formats import ENDINGS

        return ENDINGS.get(os.path.splitext(file)[1].lower(), chosen)
    return chosen


def _run(
    wanted: Request,
    form: str,
    file: str | None,
    resume: bool,
    top: int,
    on: str | None,
    processes: int | None,
    out: Output,
) -> int:
    from convcalc.cli.sweep_rows import Rows
    from convcalc.process import collect_seldom
    from convcalc.report.sweep.text import faults_said, render
    from convcalc.sweep.collect import Collected
    from convcalc.sweep.executors import workers
    from convcalc.sweep.rows import found as found_rows
    from convcalc.sweep.rows import names

    collect_seldom()
    rows = Rows(wanted, "text" if out.silent else form, file, resume)
    collected = Collected(wanted, top, names)
    size = wanted.grid.size
    with rows, Progress("variants", out.quiet) as progress, workers(on, processes, size) as found:
        done, begun = rows.start, monotonic()
        for row in found_rows(wanted, found.executor, found.number, rows.start):
            done += 1
            if collected.add(row):
                rows.write(row)
            rate = (done - rows.start) / max(monotonic() - begun, 1e-9)
            progress.show(done, size, f"{rate:,.0f} a second")
        rows.finish()
    if form == "text":
        out.write(render(collected, out.palette()))
        return 0
    if file is not None:
        seen, written = counted(collected.seen, "variant"), counted(rows.count, "row")
        told = f"{seen}, {written} written to {file}"
        if rows.had:
            told += f", behind {counted(rows.had, 'row')} that it had"
        if rows.start and rows.start == size:
            found_all = f"{size:,} of {counted(size, 'variant')}"
            told = f"{file} has {found_all} already: remove it to start again"
        out.tell(told)
    if faults := faults_said(collected):
        out.tell(faults)
    return 0
