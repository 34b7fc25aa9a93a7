"""`convert`: an equivalent spec."""

from typing import NamedTuple

from convcalc.convert import CannotConvertError, FaultyNetError, converted, planned
from convcalc.findings import plain
from convcalc.layers.ops import Learned
from convcalc.network.record import Network, Step
from convcalc.shapes import written
from convcalc.spec.document import Overrides
from convcalc.spec.load import load
from convcalc.study.errors import NetError, RequestError
from convcalc.study.links import refuse_stray_numbers
from convcalc.study.load import Pattern
from convcalc.study.outcome import Case, Outcome, study
from convcalc.tree.decode import TRUSTED

_LOST = (
    "written out layer by layer, as an fc in a block, repeat or pattern has no line of its own: "
    "comments, blocks and what layers `expect` are left out"
)


class Converted(NamedTuple):
    """The spec of an equivalent net."""

    outcome: Outcome
    text: str
    lost: str
    """What of the file is not in the text; '' where only the fc layers differ."""


def refuse_overrides(given: Overrides) -> None:
    """Refuse other variables, or another rounding, than a file's own.

    Raises:
        RequestError: there are some.
    """
    key = "rounding" if given.rounding else "vars" if given.variables else ""
    if key:
        text = f"the file's own numbers are converted: change `{key}:` in the file"
        raise RequestError(f"{text}, with a bundled net in a copy (`convcalc show NAME -o FILE`)")


def convert(case: Case) -> Converted:
    """A spec whose fc layers are convs, its comments and layout kept where that can be.

    Raises:
        NetError: the net has errors.
        RequestError: the net has no such form, or the case sets other numbers than the file's.
        LoadError: there is nothing to read.
    """
    if not isinstance(case.subject, Pattern):
        if shape := case.overrides.input:
            raise RequestError(
                "the file's own input makes the filters: convert without --input, then `convcalc "
                f"analyze CONV.yaml --input {written(shape)}`; or change `input:` in the file"
            )
        refuse_overrides(case.overrides)
    outcome = study(case)
    outcome.sound()
    network = outcome.network
    try:
        text, keeps_layout = converted(network)
        own_file = isinstance(case.subject, Pattern) or keeps_layout
        return Converted(outcome, text, "" if own_file else _LOST)
    except FaultyNetError as error:
        raise NetError(outcome, tuple(error.findings)) from error
    except CannotConvertError as error:
        raise RequestError(f"{plain(network.name or network.source.path)}: {error}") from error


def convert_weights(found: Converted, source: str, target: str) -> list[str]:
    """Write the weights of a converted net as an .npz; says what was reshaped, a line each.

    Raises:
        NetError: they are not those of the net.
        RequestError: the weights cannot be read or written.
    """
    try:
        from convcalc.backend.files import UnreadableError
        from convcalc.backend.surgery import reshape_weights
    except ImportError as error:
        raise RequestError("weights need NumPy: pip install 'convcalc[numpy]'") from error
    from convcalc.study.running import own_weights

    refuse_stray_numbers(target, "--output")
    network = found.outcome.network
    plan = planned(network)
    after = load(network.source.path, found.text.encode(), limits=TRUSTED)
    gone = plan.flattens if len(after.steps) < len(network.steps) else frozenset()
    kept = [step.name for i, step in enumerate(network.steps) if i not in gone]
    names = dict(zip(kept, (step.name for step in after.steps), strict=True))
    kernels = {network.steps[index].name: kernel for index, kernel in plan.kernels.items()}
    converted_step = {step.name: step for step in after.steps}
    shapes = {
        f"{step.name}.{old.name}": new.shape
        for i, step in enumerate(network.steps)
        if i not in gone and i not in plan.kernels
        for old, new in zip(
            _arrays(network, step), _arrays(after, converted_step[names[step.name]]), strict=True
        )
        if old.shape != new.shape  # of a vector that is a volume now
    }
    try:
        given = own_weights(source, found.outcome)
        return reshape_weights(given, target, names, kernels, shapes)
    except UnreadableError as error:
        raise RequestError(str(error)) from error
    except OSError as error:
        raise RequestError(f"cannot write {plain(target)}: {error.strerror}") from error


def _arrays(network: Network, step: Step) -> tuple[Learned, ...]:
    shapes = tuple(network.steps[i].output or () for i in step.inputs)
    return step.layer.arrays(shapes, step.output or ()) if step.layer else ()
