"""`fit`: the largest batch that a device takes."""

from typing import NamedTuple

from convcalc.memory.device import Verdict
from convcalc.memory.devices import BY_NAME, Device, find
from convcalc.memory.placement import Placement, place
from convcalc.study.errors import RequestError
from convcalc.study.outcome import Case, Outcome, study


class Fitted(NamedTuple):
    """A network on a device."""

    outcome: Outcome
    placement: Placement

    @property
    def fits(self) -> bool:
        """Whether the batch that was asked for may fit; True where none was."""
        return all(asked.verdict is not Verdict.DOES_NOT_FIT for asked in self.placement.asked)


def fit(case: Case, device: Device, batch: int | None = None) -> Fitted:
    """The largest batches of a case on a device, and whether `batch` fits.

    Raises:
        NetError: the net has errors.
        LoadError: there is nothing to read.
    """
    outcome = study(case)
    placement = place(outcome.sound(), device, batch, lambda shape: outcome.at(shape).analysis)
    return Fitted(outcome, placement)


def device(memory: int | None, name: str | None, context: int | None = None) -> Device:
    """The device of a name, or one of so many bytes.

    Raises:
        RequestError: both or neither is given, or there is no such device.
    """
    if memory is not None and name is not None:
        raise RequestError("give either --memory or --device, not both")
    if name is not None:
        found = find(name)
        if found is None:
            from convcalc.suggest import nearest

            close = nearest(name, BY_NAME)
            hint = f"did you mean {close}?" if close else "`convcalc fit --devices` names them"
            raise RequestError(f"no device {name!r}: {hint}")
    elif memory is None:
        raise RequestError(
            "give --memory such as 24GiB, or --device NAME (`convcalc fit --devices` names them)"
        )
    elif memory < 1:
        raise RequestError("--memory must be positive")
    else:
        found = Device("", memory, "")
    return found if context is None else found._replace(context=context)
