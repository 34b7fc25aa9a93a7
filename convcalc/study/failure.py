"""What could not be checked, and why."""

import os
from typing import NamedTuple

from convcalc.escape import plain
from convcalc.network.record import Network
from convcalc.spec.load import PATTERN_PATH
from convcalc.study.load import Pattern, Subject, Text


class Failure(NamedTuple):
    """Why a spec, or a folder of them, was not read or not checked."""

    path: str
    """What findings call it."""
    message: str
    """A sentence that names it."""


def failure_of(subject: Subject, message: str) -> Failure:
    """The failure of a file or a folder, or of what was given in the place of one.

    >>> failure_of("nets//a.yaml", "cannot read nets//a.yaml: Permission denied").path
    'nets/a.yaml'
    """
    if isinstance(subject, Network):
        path = subject.source.path or subject.name
    elif isinstance(subject, Pattern):
        path = PATTERN_PATH
    elif isinstance(subject, Text):
        path = subject.path
    elif subject == "-":
        path = "<stdin>"
    else:
        path = os.path.normpath(os.fspath(subject))
    return Failure(plain(path), message)
