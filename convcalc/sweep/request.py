"""What a sweep is asked for, checked before anything is worked out."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from convcalc.analysis.settings import Settings
from convcalc.memory.devices import Device
from convcalc.memory.settings import SETTINGS, SettingError, settings_from, without_effect
from convcalc.network.record import Network
from convcalc.shapes import Shape
from convcalc.spec.document import Overrides
from convcalc.study.errors import NetError, RequestError
from convcalc.study.load import Pattern, Subject, Text, kept
from convcalc.study.outcome import Case, Outcome, study
from convcalc.suggest import nearest
from convcalc.sweep.axes import Axis, AxisError, applied, inputs, variable
from convcalc.sweep.grid import MOST, Grid, Sampling
from convcalc.sweep.idle import idle_axes
from convcalc.sweep.mistyped import FLOPS, word_hint
from convcalc.sweep.model_file import ModelFile, first_read, size_axis
from convcalc.sweep.pareto import Objective
from convcalc.sweep.setting_axes import checked, setting_axis
from convcalc.sweep.variant import LARGEST, NUMBERS, SweepPlan, needs
from convcalc.sweep.where import Condition, ConditionError, beyond_layers, condition
from convcalc.window import Rounding
from convcalc.zoo import convention_labels

#: Variants that a search tries where nothing else is said.
TRIALS = 500

USUAL = ("params", "macs", "activations", "inference_memory", "training_memory")

_OF_EVERY_ROW = ("input", "batch", "findings")  #: columns, whatever is asked for


class Asked(NamedTuple):
    """The words of a request, as the command line or Python gives them."""

    variables: tuple[str | Axis, ...] = ()
    """``NAME=VALUES``, or an axis."""
    inputs: tuple[str, ...] | Axis = ()
    settings: Mapping[str, str | Axis] = {}
    """By the setting's name, values separated by commas, or an axis."""
    where: str | None = None
    columns: str | None = None
    sort: str | None = None
    pareto: str | None = None
    sample: int | None = None
    seed: int = 0
    sampling: Sampling = "latin"
    search: str | None = None
    rounding: str | None = None
    """Of all variants, over the file's."""
    """The columns that are to be small, ``-macs`` large, in what is tried."""


class Request(NamedTuple):
    """A sweep that can be run."""

    plan: SweepPlan
    grid: Grid
    columns: tuple[str, ...]
    """The numbers of a row that are written."""
    where: Condition | None
    sort: Objective | None
    pareto: tuple[Objective, ...]
    input: Shape | None
    """The input of variants that do not set one."""
    search: tuple[Objective, ...] = ()
    """What is looked for, where variants are chosen by an optimizer."""
    remark: str = ""
    """What to say about where the net came from, '' for nothing."""
    estimate: str = ""
    """That its training is counted by the layers, where rows or conditions have that."""
    idle: tuple[str, ...] = ()
    """What to say of axes over variables that nothing reads."""
    parts: tuple[str, ...] = ()
    """What to say of a condition whose numbers are a part of what a model file has."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know of all rows."""
        return (*filter(None, [self.estimate]), *self.idle, *self.parts)

    @property
    def estimated(self) -> tuple[str, ...]:
        """The columns that are estimates for that reason."""
        return tuple(filter(_is_of_training, self.columns)) if self.estimate else ()


def request(
    subject: Subject,
    asked: Asked,
    device: Device | None = None,
    trusted: bool = False,
    stand_in: bool = False,
) -> Request:
    """Check what is asked for, and read the net once; `stand_in` as of a `Case`.

    Raises:
        RequestError: an axis, column or condition that cannot be, or too many variants.
        NetError: the spec has errors in every variant, such as one in its syntax.
    """
    try:
        return _request(Case(subject, trusted=trusted, stand_in=stand_in), asked, device)
    except (AxisError, ConditionError, SettingError) as error:
        raise RequestError(str(error)) from error


def _request(written: Case, asked: Asked, device: Device | None) -> Request:
    axes = _axes(asked)
    refused = without_effect(asked.settings, "sweep")
    if refused:
        raise AxisError(refused)
    sample = asked.sample if asked.search is None else asked.sample or TRIALS
    grid = Grid(axes, sample, asked.seed, asked.sampling)
    if grid.size > MOST and sample is None:
        raise RequestError(f"{grid.size:,} variants: draw some of them with --sample N")
    columns = _columns(asked.columns, device)
    sort = None if asked.sort is None else _order(asked.sort, axes, device)
    front = _objectives("--pareto", asked.pareto, axes, device)
    sought = _objectives("--search", asked.search, axes, device)
    if len(sought) > 1:
        front = front or sought
    elif sought and sort is None:
        sort = sought[0]
    names = [axis.name for axis in axes if axis.is_comparable]
    counted = [name for name in convention_labels() if name.isidentifier() and name != "keras"]
    known = [*_known(device), *names, *counted]
    where = None if asked.where is None else condition(asked.where, known)
    base = Overrides(rounding=Rounding(asked.rounding) if asked.rounding else None)
    case, first, remark, file = _readable(written, axes, base)
    wanted = [*columns, *(where.names if where else ()), *(o.column for o in (*front, *sought))]
    if device is not None and not {*wanted, sort.column if sort else ""} & {*LARGEST}:
        columns = (*columns, *LARGEST)  # what a device is given for
        wanted += LARGEST
    if sort is not None and sort.column not in {*names} - {*_known(device)}:
        wanted.append(sort.column)
    _distinct(axes, {*wanted} & {*_known(device), *convention_labels()})
    plan = SweepPlan(case, axes, needs(tuple(wanted)), device, file)
    if grid.size == grid.combinations:  # all of them are tried
        sought = ()
    steps = first.network.steps
    own = steps[0].output if steps else None
    learning = any(map(_is_of_training, wanted))
    estimate = first.training_estimate if learning else ""
    idle = idle_axes(axes, first.findings)
    parts = beyond_layers(where.names if where else (), first.network.beyond)
    return Request(
        plan, grid, columns, where, sort, front, own, sought, remark, estimate, idle, parts
    )


def _is_of_training(column: str) -> bool:
    return column.startswith("training")


def _distinct(axes: Sequence[Axis], numbers: set[str]) -> None:
    """Refuse variables that are called like another column of the rows.

    Raises:
        AxisError: what reads the rows, or a condition, could not tell the two apart.
    """
    for axis in axes:
        if axis.role == "variable" and axis.name in {*numbers, *_OF_EVERY_ROW}:
            raise AxisError(
                f"--set {axis.name}: rows have a column {axis.name} of their own: "
                "give the variable another name in the file"
            )


def _objectives(
    option: str, text: str | None, axes: Sequence[Axis], device: Device | None
) -> tuple[Objective, ...]:
    words = [] if text is None else text.split(",")
    return tuple(_objective(option, word, axes, device) for word in words)


def _axes(asked: Asked) -> tuple[Axis, ...]:
    """The axes that are asked for; one of a single value is the same in all variants."""
    found = [variable(one) if isinstance(one, str) else one for one in asked.variables]
    sizes = asked.inputs if isinstance(asked.inputs, Axis) else inputs(asked.inputs)
    found += [sizes] if sizes is not None else []
    for one in SETTINGS:
        text = asked.settings.get(one.name)
        if text is not None:
            found.append(setting_axis(one, text) if isinstance(text, str) else checked(one, text))
    names = [axis.name for axis in found]
    for name in names:
        if names.count(name) > 1:
            raise AxisError(f"{name} is given {names.count(name)} times: join its values by commas")
    return tuple(found)


def _known(device: Device | None) -> tuple[str, ...]:
    return NUMBERS if device is not None else tuple(n for n in NUMBERS if n not in LARGEST)


def _columns(text: str | None, device: Device | None) -> tuple[str, ...]:
    if text is None:
        return (*USUAL, *(LARGEST if device is not None else ()))
    return tuple(
        dict.fromkeys(_number("--columns", word, _known(device)) for word in text.split(","))
    )


def _objective(option: str, word: str, axes: Sequence[Axis], device: Device | None) -> Objective:
    """A number of a row, smallest first; ``-macs`` largest first."""
    name = word.strip().removeprefix("-")
    if name in (axis.name for axis in axes) and name not in NUMBERS:
        raise AxisError(f"{option}: {name} is varied and no number of a row, such as params")
    return Objective(_number(option, name, _known(device)), word.strip().startswith("-"))


def _order(word: str, axes: Sequence[Axis], device: Device | None) -> Objective:
    """The order of the rows: by one of their numbers, or by what is varied."""
    name = word.strip().removeprefix("-")
    axis = next((axis for axis in axes if axis.name == name), None)
    if axis is None or name in _known(device):
        known = (*_known(device), *(axis.name for axis in axes if axis.is_ordered))
        return Objective(_number("--sort", name, known), word.strip().startswith("-"))
    if not axis.is_ordered:
        raise AxisError(f"--sort: the values of {name} are not numbers: sort by params, say")
    return Objective(name, word.strip().startswith("-"))


def _number(option: str, word: str, known: Sequence[str]) -> str:
    name = word.strip()
    if name in known or (name in convention_labels() and name != "keras"):  # it counts none
        return name
    if name in LARGEST:
        raise AxisError(f"{option} {name} needs --device or --memory")
    close = "" if name.lower() in FLOPS else nearest(name, known)
    listed = f"there are {', '.join(known)}, and conventions such as fvcore"
    hint = f"did you mean {close}?" if close else word_hint(name) or listed
    raise AxisError(f"{option}: no number {name!r}: {hint}")


def _readable(
    written: Case, axes: tuple[Axis, ...], base: Overrides
) -> tuple[Case, Outcome, str, ModelFile | None]:
    """The case of all variants, its text read so that workers need no file; the first of them.

    And what to say about where it came from: not of a pattern, whose variables may be axes. And
    the model file, where an axis has its sizes.
    """
    sizes = size_axis(axes)
    written = written._replace(subject=kept(written.subject, written.trusted))
    first, _ = applied(axes, [axis.value(0) for axis in axes], base)
    alone = all(axis.length == 1 for axis in axes if axis.varies_net)
    asked = written._replace(settings=_same(axes, alone), overrides=first)
    outcome = first_read(study, asked, None if isinstance(asked.subject, Network) else sizes)
    wrong = [f for f in outcome.errors if f.code < "CC1"]
    if wrong and first != base:  # what only some values make wrong is counted
        bare = study(written._replace(overrides=base))
        own = {(f.code, f.span) for f in bare.errors}
        alone = all(axis.length == 1 for axis in axes)
        wrong = [f for f in wrong if alone or (f.code, f.span) in own]
    if wrong:
        raise NetError(outcome, tuple(wrong))
    ready, remark, file = written.subject, "", None
    network = outcome.network
    if not isinstance(ready, Pattern):
        remark = outcome.remark
    if not isinstance(ready, Network | Pattern):
        source = network.source
        if sizes is not None and not source.text:
            file = ModelFile(ready, written.trusted)
            file.known[outcome.case.overrides.input] = network
        ready = Text(source.path, source.text) if source.text else network
    return written._replace(subject=ready, overrides=base), outcome, remark, file


def _same(axes: tuple[Axis, ...], alone: bool) -> Settings:
    """The settings where all variants have the same, else the defaults.

    Segments to checkpoint are among them where the net is the same too: `alone`.

    Raises:
        SettingError: they exclude each other in every variant.
    """
    found = [axis for axis in axes if axis.role == "setting"]
    if any(axis.length > 1 for axis in found):
        return Settings()
    settings = settings_from({axis.name: axis.value(0) for axis in found})
    return settings if alone else settings._replace(checkpoint="")
