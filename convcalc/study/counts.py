"""Other tools' counts: which conventions are meant, who prints a figure, which nets have it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from convcalc import zoo
from convcalc.files import IrregularFileError, read_at_most
from convcalc.findings import plain
from convcalc.study.errors import RequestError
from convcalc.study.idle import refuse_all
from convcalc.study.links import own_file
from convcalc.study.outcome import Outcome
from convcalc.tree.decode import TRUSTED, Limits

if TYPE_CHECKING:
    from convcalc.counting.identify import NetMatch
    from convcalc.counting.record import Convention
    from convcalc.counting.reverse import Answer
    from convcalc.findings import Finding


class ConventionFileError(RequestError):
    """A user's own convention has errors: `findings` are all of them, `text` is the file."""

    def __init__(self, path: str, text: str, findings: "Sequence[Finding]") -> None:
        self.path, self.text, self.findings = path, text, tuple(findings)
        super().__init__("\n".join(str(finding) for finding in findings))


def conventions(words: str | Sequence[str], trusted: bool = False) -> "tuple[Convention, ...]":
    """The counting conventions that are named: ``fvcore``, ``ptflops@0.6``, a file, ``all``.

    Raises:
        ConventionFileError: a file of the user's own has errors.
        RequestError: there is no such convention or file.
    """
    from convcalc.counting.known import ConventionError, FileError, chosen

    parts = [part.strip() for part in words.split(",")] if isinstance(words, str) else [*words]
    try:
        return chosen(parts, lambda path: _own(path, trusted))
    except ConventionError as error:
        raise RequestError(str(error)) from error
    except FileError as error:
        raise ConventionFileError(error.path, error.text, error.findings) from error


def _own(path: str, trusted: bool) -> "Convention":
    """A user's own convention from its file, read as carefully as a spec."""
    from convcalc.counting.known import own

    limits = TRUSTED if trusted else Limits()
    most = None if limits.bytes is None else limits.bytes + 1
    name = plain(path)
    try:
        data = read_at_most(path if trusted else own_file(path), most)
    except IrregularFileError as error:
        raise RequestError(f"{name} is not a regular file") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or plain(str(error))
        raise RequestError(f"cannot read {name}: {why}") from error
    return own(name, data, limits)


def answered(
    outcome: Outcome, text: str, among: "tuple[Convention, ...] | None" = None
) -> "Answer":
    """Which conventions print a figure such as ``4.12G`` of a net, and of its other forms.

    Raises:
        NetError: the net has errors.
        RequestError: the text is no figure; a setting, which would do nothing.
    """
    from convcalc.counting.figure import FigureError, figure
    from convcalc.counting.reverse import answer

    refuse_all(outcome.case.settings, "figures that tools print of one image")
    try:
        wanted = figure(text)
    except FigureError as error:
        raise RequestError(str(error)) from error
    return answer(outcome.sized(), wanted, among or conventions("all"))


def identified(
    texts: Sequence[str], among: "tuple[Convention, ...] | None" = None
) -> "tuple[tuple[NetMatch, ...], tuple[NetMatch, ...]]":
    """The bundled nets that have all these figures; if there are none, the closest.

    Raises:
        RequestError: a text is no figure.
    """
    from convcalc.counting.figure import FigureError, figure
    from convcalc.counting.identify import identify
    from convcalc.study.bundled import bundled

    try:
        figures = [figure(text) for text in texts]
    except FigureError as error:
        raise RequestError(str(error)) from error
    nets = ((name, bundled(name)) for name in zoo.names())
    return identify(figures, among or conventions("all"), nets)
