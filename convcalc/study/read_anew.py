"""A model file of another tool at other sizes than it was loaded at: its reader decides again."""

import re

from convcalc.network.record import INPUT, Network
from convcalc.progress import Progress, silent
from convcalc.shapes import Shape, written
from convcalc.sizes.anew import Read, Unread
from convcalc.study.errors import LoadError
from convcalc.study.load import load
from convcalc.study.outcome import Outcome

_NODE = re.compile(r"(?:node|layer) ([^\s:]+)(?: \([^)]{,200}\))?: ", re.ASCII)


def reader(outcome: Outcome, progress: Progress = silent, expected: int = 0) -> Read | None:
    """What reads the file of an outcome at a size; None where there is none, or of several inputs.

    `expected`: how many sizes it is likely to be asked for, for the progress.
    """
    inputs = [step for step in outcome.network.steps if step.kind == INPUT]
    if not outcome.is_model_file or len(inputs) != 1:
        return None
    case, done = outcome.case, 0

    def read(shape: Shape) -> Network | Unread:
        nonlocal done
        progress(done, max(expected, done + 1), written(shape))
        done += 1
        overrides = case.overrides._replace(input=shape)
        try:
            return load(case.subject, overrides, case.trusted).network
        except LoadError as error:
            return unread(str(error.__cause__ or error))

    return read


def unread(why: str) -> Unread:
    """Why nothing can be read, and of which node.

    >>> unread("node pool2d: window 3 does not fit")
    Unread(node='pool2d', reason='window 3 does not fit')
    """
    found = _NODE.match(why)
    return Unread(found[1], why[found.end() :]) if found else Unread("", why)
