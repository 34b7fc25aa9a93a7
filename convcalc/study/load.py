"""What is meant by a word or an object, and the network that it is.

A subject is a path, ``-``, a bundled name, a text that is in no file yet (`Text`), a net in one
line (`Pattern`) or a `Network` that exists already. A path wins over a bundled name.
"""

import errno
import os
import sys
from collections.abc import Callable, Sequence

from convcalc import zoo
from convcalc.escape import shown
from convcalc.files import SPEC_ENDINGS, IrregularFileError, has_rows, read_at_most
from convcalc.findings import brief, plain
from convcalc.network.record import INPUT, Network
from convcalc.records import NamedTuple
from convcalc.spec import load as spec
from convcalc.spec.document import Overrides
from convcalc.study.errors import LoadError, NoInputError
from convcalc.study.links import own_file
from convcalc.tree.decode import TRUSTED, Limits


class Text(NamedTuple):
    """A spec that is no file: an editor's buffer, what standard input gave."""

    path: str
    """What findings call it."""
    data: bytes | str
    name: str = ""
    """Its file's name, where findings call it otherwise."""


class Pattern(NamedTuple):
    """A net in one line, such as ``[conv3-32 relu pool2]*2 fc-10``."""

    text: str
    name: str = ""
    """What reports call it."""


Subject = str | os.PathLike[str] | Text | Pattern | Network


class Opened(NamedTuple):
    """What a file or standard input begins with."""

    path: str
    """What findings call it."""
    data: bytes
    """All of it, or one byte more than the limit of a spec."""
    file: str | None = None
    """Where all of it is, for a reader of model files, which has limits of its own."""
    remark: str = ""
    name: str = ""
    """Its file's name, where findings call it otherwise."""


class Reader(NamedTuple):
    """One of the formats that a file may have beside YAML, recognized by how it begins."""

    name: str
    recognizes: Callable[[bytes, str], bool]
    """Given the first bytes of a file and its name."""
    module: str
    """Where ``read(opened, overrides, limits) -> Network`` is; imported when it is needed."""


def _is_model(head: bytes, name: str) -> bool:
    """Whether a file is a model of another tool; what is named as a spec is one."""
    if name.endswith(SPEC_ENDINGS) and not has_rows(head):
        return False
    from convcalc.interop.load import is_model

    return is_model(head, name)


#: The foreign formats that can be read wherever a spec can; YAML is what none of them recognizes.
READERS = (Reader("a model of another tool", _is_model, "convcalc.interop.load"),)

_EMPTY = "an empty name is no spec: name a file or a bundled net (`convcalc list` names them)"
_NAMED = 20  #: variables of a net that a message names
_HEAD = 2**16  #: bytes that a reader decides by
_SAID = 2_000  #: letters of what is said of a file of another tool
_PATTERN = 100_000  #: letters of a pattern in which the notes' words are looked for


class Loaded(NamedTuple):
    """A network, and what it was made from."""

    network: Network
    again: Text | Pattern | None
    """What can be read once more, with another input; None where there is no spec."""
    remark: str = ""
    """What to say about where it came from."""


def load(
    subject: Subject, overrides: Overrides, trusted: bool = False, stand_in: bool = False
) -> Loaded:
    """The network that is meant. What is wrong with its spec is among its findings.

    `stand_in`: `vgg16.yaml` is the bundled net where it is no file, which the `remark` says.

    Raises:
        LoadError: there is nothing to read, or an override is of something that it does not have.
    """
    limits = TRUSTED if trusted else Limits()
    if isinstance(subject, Network):
        return Loaded(_existing(subject, overrides), None)
    if isinstance(subject, Pattern):
        remark = stated(subject.text, overrides)
        found = spec.load_pattern(subject.text, overrides, limits)
        return Loaded(found._replace(name=subject.name), subject, remark)
    if isinstance(subject, Text):
        data = subject.data
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogatepass")
        opened = Opened(plain(subject.path), data, name=subject.name)
    else:
        opened = _opened(os.fspath(subject), limits, stand_in)
    path, data = opened.path, opened.data
    for reader in READERS:
        if reader.recognizes(data[:_HEAD], opened.name or path):
            found = _foreign(reader, opened, overrides, limits)
            return Loaded(
                found, None, brief(f"{path}: {found.notes}", _SAID) if found.notes else ""
            )
    found = spec.load(path, data, overrides, limits)
    _overridable(found, overrides)
    return Loaded(found, Text(path, found.source.text), opened.remark)


def stated(pattern: str, overrides: Overrides) -> str:
    """What the bare words of a pattern are; refuses variables that it does not have."""
    from convcalc.spec.notes_words import RANGES, defaults, open_letters

    pattern = pattern[:_PATTERN]
    known = open_letters(pattern)
    refuse_unknown("the pattern", known, overrides)
    for name, value in overrides.variables:
        least = 0 if name in RANGES else 1
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise LoadError(f"{name} of the pattern is a number from {least}, got {value!r}")
    return defaults(pattern, dict(overrides.variables))


def _existing(network: Network, overrides: Overrides) -> Network:
    """A network that was made elsewhere, at another input size where that is asked for."""
    if overrides.variables or overrides.rounding:
        raise LoadError("a network that exists already takes another input, no rounding or vars")
    if overrides.input is None:
        return network
    _one_input(network, network.source.path or network.name, overrides)
    from convcalc.sizes.resize import resized

    return resized(network, overrides.input)


def _foreign(reader: Reader, opened: Opened, overrides: Overrides, limits: Limits) -> Network:
    from importlib import import_module

    from convcalc.interop.flat import NoInputError as Unsized
    from convcalc.interop.flat import UnreadableError

    if overrides.variables:
        raise LoadError(f"{opened.path} is {reader.name}: it has no vars to --set")
    if overrides.rounding:
        raise LoadError(f"{opened.path} is {reader.name}: --rounding is for specs")
    try:
        found = import_module(reader.module).read(opened, overrides, limits)
    except UnreadableError as error:
        which = NoInputError if isinstance(error, Unsized) else LoadError
        raise which(f"{opened.path}: {error}") from error
    assert isinstance(found, Network)
    return found


def _overridable(found: Network, overrides: Overrides) -> None:
    """Refuse overrides of what a file does not have."""
    path = found.source.path
    _one_input(found, path, overrides)
    refuse_unknown(path, found.variables, overrides)


def _one_input(network: Network, what: str, overrides: Overrides) -> None:
    """Refuse a size for one input where there are several."""
    inputs = [step.name for step in network.steps if step.kind == INPUT]
    if overrides.input and len(inputs) > 1:
        names = ", ".join(inputs)
        raise LoadError(f"{what} has {len(inputs)} inputs ({names}): --input is for one")


def refuse_unknown(what: str, known: Sequence[str], overrides: Overrides) -> None:
    """Refuse a variable that is not there."""
    for name, _ in overrides.variables:
        if name not in known:
            from convcalc.spec.variables import NAMES, is_variable
            from convcalc.suggest import nearest

            who = ", which a matrix of pyproject.toml sets" if name in overrides.stated else ""
            if not is_variable(name):
                empty = "" if name else ", an empty name"
                which = f"{what} has no variable {shown(name)}{empty}{who}"
                raise LoadError(f"{which}: names are {NAMES}")
            close = nearest(name, known)
            more = f" and {len(known) - _NAMED:,} more" if len(known) > _NAMED else ""
            hint = (
                f"did you mean {close}?" if close else f"it has {', '.join(known[:_NAMED])}{more}"
            )
            if not known:
                hint = f"it has none; `vars: {{{plain(name[:20])}: 8}}` in the file makes one"
            raise LoadError(f"{what} has no variable {shown(name)}{who}: {hint}")


def kept(subject: Subject, trusted: bool) -> Subject:
    """What can be read again and again: standard input can be once."""
    if subject != "-":
        return subject
    return Text("<stdin>", standard_input(TRUSTED if trusted else Limits()))


def standard_input(limits: Limits) -> bytes:
    """What is piped in, no more of it than one byte above the limit.

    Raises:
        LoadError: it is closed.
    """
    if sys.stdin is None:
        raise LoadError("standard input is closed: name a file, or pipe one")
    return sys.stdin.buffer.read(-1 if limits.bytes is None else limits.bytes + 1)


def _opened(word: str, limits: Limits, stand_in: bool) -> Opened:
    """The name and bytes of a spec; reads no more than the limit and never waits for a FIFO."""
    most = None if limits.bytes is None else limits.bytes + 1
    try:
        if word == "-":
            return Opened("<stdin>", standard_input(limits))
        if not word.strip() and not os.path.lexists(word):
            raise LoadError(_EMPTY)
        if not os.path.isdir(word):
            name = word if limits == TRUSTED else own_file(word)
            return Opened(plain(os.path.normpath(word)), read_at_most(name, most), name)
    except LoadError:  # it is a ValueError itself
        raise
    except IrregularFileError as error:
        name = plain(word)
        raise LoadError(f"{name} is not a regular file: pipe it to `-` instead") from error
    except FileNotFoundError as error:
        if os.path.islink(word):
            raise LoadError(f"{plain(word)} is a link to a file that is not there") from error
        if zoo.find(word) is None:
            return _without_ending(word, stand_in, error)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise LoadError(_nothing(word)) from error
        raise LoadError(f"cannot read {brief(word)}: {error.strerror}") from error
    except ValueError as error:
        raise LoadError(f"cannot read {plain(repr(word))}: {error}") from error
    if zoo.find(word) is None:
        from convcalc.study.passed_over import model_in

        name, model = plain(word), model_in(word)
        instead = f"such as {plain(model)}" if model else f"or `convcalc check {name}`"
        raise LoadError(f"{name} is a directory: name a file, {instead}")
    return Opened(zoo.label(word), zoo.read(word))


def _without_ending(word: str, stand_in: bool, error: FileNotFoundError) -> Opened:
    """The bundled net that a file name which is no file means: the first thing that people type.

    Raises:
        LoadError: there is none of that name either, or nobody says which net it is.
    """
    name, ending = os.path.splitext(word)
    if ending in {".yaml", ".yml"} and zoo.find(name) is not None:
        if not stand_in:
            text = f"no file {plain(word)}: the bundled net is named {name}"
            raise LoadError(text) from error
        remark = f"no file {plain(word)}: this is the bundled {name}"
        return Opened(zoo.label(name), zoo.read(name), None, remark)
    raise LoadError(_nothing(word)) from error


def _nothing(word: str) -> str:
    """What is said of a word that is no file and no bundled net."""
    from convcalc.study.nearby import hint

    return f"no file {brief(word)} and no bundled net of that name: {hint(word)}"
