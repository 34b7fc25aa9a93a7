"""The numbers of a demo: typed, in a text file, or in the array files of NumPy and PyTorch."""

from collections.abc import Sequence
from math import isfinite, prod
from typing import TYPE_CHECKING

from convcalc.analysis.record import Row
from convcalc.demo.given import numbers_of
from convcalc.demo.make import Given
from convcalc.demo.numbers import Number, exact
from convcalc.escape import plain
from convcalc.files import LargeFileError, read_file
from convcalc.shapes import Shape, elements, written
from convcalc.study.errors import RequestError
from convcalc.study.links import refuse_stray_numbers

if TYPE_CHECKING:
    from convcalc.backend.arrays import Array

_LONGEST = 2**20  #: bytes of a text of numbers
_MOST = 10_000_000  #: numbers of an array


#: Numbers as they are, or a word of the command line.
Words = str | Sequence[Number] | None


def given(row: Row, array: Words, weights: Words) -> Given:
    """A layer's input and filters as words on the command line say them.

    Raises:
        RequestError: a file that cannot be read, or holds something else.
    """
    filters, biases = _filters(row, weights)
    return Given(_input(row, array), filters, biases)


def _input(row: Row, word: Words) -> Sequence[Number] | None:
    if word is None:
        return None
    typed = _typed("array", word)
    if typed is not None:
        return typed
    assert isinstance(word, str)
    refuse_stray_numbers(word, "--array")
    shape = row.inputs[0] if row.inputs else ()
    if not word.endswith(".npy"):
        return _text("--array", word)
    return _array("--array", word, shape, "the input")


def _filters(row: Row, word: Words) -> tuple[Sequence[Number] | None, Sequence[Number] | None]:
    """The filters, filter by filter and channels last, and the biases of a state_dict."""
    if word is None:
        return None, None
    typed = _typed("weights", word)
    if typed is not None:
        return typed, None
    assert isinstance(word, str)
    refuse_stray_numbers(word, "--weights")
    if word.endswith((".npz", ".safetensors")):
        return _state(row, word)
    if not word.endswith(".npy"):
        return _text("--weights", word), None
    learned = _weight(row)
    if learned is None:
        return (0,), None  # which no layer without weights takes
    count, each, *kernel = learned
    return _array("--weights", word, (count, *kernel, each), "the filters"), None


def _typed(name: str, word: str | Sequence[Number]) -> tuple[Number, ...] | None:
    """Numbers that are given as they are; None for the name of a file."""
    if isinstance(word, str):
        return numbers_of(word)
    if isinstance(word, range) and len(word[: _MOST + 1]) > _MOST:
        raise RequestError(f"{name}: more than {_MOST:,} numbers")
    if not all(isinstance(value, int | float) and _is_finite(value) for value in word):
        raise RequestError(f"{name}: expected finite numbers or the name of a file")
    return tuple(map(exact, word))


def _is_finite(value: Number) -> bool:
    try:
        return isfinite(value)
    except OverflowError:  # an integer that no float holds
        return False


def _text(option: str, path: str) -> tuple[Number, ...]:
    """The numbers of a text file."""
    try:
        data = read_file(path, _LONGEST)
    except FileNotFoundError as error:
        text = f"{option} {plain(path)}: no such file, and no numbers such as 1,0,-1"
        raise RequestError(text) from error
    except LargeFileError as error:
        raise RequestError(f"{option} {plain(path)}: {error.strerror}: save it as .npy") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise RequestError(f"cannot read {plain(path)}: {plain(reason)}") from error
    found = numbers_of(data.decode("utf-8", "replace"))
    if found is None:
        text = "no numbers with commas or blanks between (.npy, .npz are read by their names)"
        raise RequestError(f"{option} {plain(path)}: {text}")
    return found


def _array(option: str, path: str, shape: Shape, what: str) -> tuple[Number, ...]:
    """The numbers of an .npy, whose shape is checked before they are read."""
    _numpy(option)
    from convcalc.backend.files import Pictures, UnreadableError

    try:
        found = Pictures(path, len(shape))
        own = found.shape[-len(shape) :]
        if own != shape or prod(found.shape) != prod(shape):
            hold, needs = written(own if found.shape[0] == 1 else found.shape), written(shape)
            raise RequestError(f"{option} {plain(path)} holds {hold}: {what} needs {needs}")
        _bounded(option, path, elements(shape))
        return _plain(f"{option} {plain(path)}", found.array())
    except UnreadableError as error:
        raise RequestError(f"{option} {error}") from error


def _state(row: Row, path: str) -> tuple[tuple[Number, ...], tuple[Number, ...] | None]:
    """A layer's filters and biases out of a state_dict, in PyTorch's layout."""
    _numpy("--weights")
    from convcalc.backend.files import StateDict, UnreadableError
    from convcalc.verify.weights import Wanted, views

    name, layer = row.step.name, row.step.layer
    arrays = layer.arrays(row.inputs, row.step.output or ()) if layer else ()
    own = {one.name: one for one in arrays}
    try:
        state, found = StateDict(path), {}
        stored = {one.word: one for one in row.step.place.arrays}
        needed = [Wanted(0, f"{name}.{k}", one, (), stored.get(k)) for k, one in own.items()]
        state.view(views(needed, state.shapes))
        for key, one in own.items():
            shape = state.shapes.get(f"{name}.{key}")
            if shape != one.shape:
                has = "no array" if shape is None else f"{written(shape) or 'a single number'} as"
                text = f"{has} {name}.{key}: the layer needs {written(one.shape)}"
                raise RequestError(f"--weights {plain(path)} has {text}")
            _bounded("--weights", path, elements(one.shape))
            found[key] = state.array(f"{name}.{key}")
        if "weight" not in found:
            return (0,), None  # which no layer without weights takes
        weight = _by_filter(row, found["weight"])
        biases = _plain(f"{name}.bias", found["bias"]) if "bias" in found else None
        return _plain(f"{name}.weight", weight), biases
    except UnreadableError as error:
        raise RequestError(f"--weights {error}") from error


def _by_filter(row: Row, weight: "Array") -> "Array":
    """PyTorch's weights filter by filter, channels last."""
    if row.step.kind == "conv_transpose":  # by input channel: bring each group's filters to front
        groups = row.step.layer.__dict__["groups"]
        parts = weight.reshape(groups, -1, *weight.shape[1:]).swapaxes(1, 2)
        weight = parts.reshape(-1, *parts.shape[2:])
    axes = tuple(range(2, weight.ndim))
    return weight.transpose(0, *axes, 1)


def _weight(row: Row) -> Shape | None:
    """Filters, channels of each and the kernel; None for a layer without filters."""
    layer = row.step.layer
    shapes = [
        one.shape
        for one in (layer.arrays(row.inputs, row.step.output or ()) if layer else ())
        if one.name == "weight"
    ]
    if not shapes or row.step.kind != "conv_transpose":
        return shapes[0] if shapes else None
    groups = row.step.layer.__dict__["groups"]
    depth, each, *kernel = shapes[0]
    return (each * groups, depth // groups, *kernel)


def _numpy(option: str) -> None:
    from importlib.util import find_spec

    if find_spec("numpy") is None:
        raise RequestError(f'{option} of an array file needs NumPy: pip install "convcalc[numpy]"')


def _bounded(option: str, path: str, count: int) -> None:
    if count > _MOST:
        raise RequestError(f"{option} {plain(path)}: {count:,} numbers, at most {_MOST:,} are read")


def _plain(what: str, array: "Array") -> tuple[Number, ...]:
    """An array's numbers in order; complex ones and the like are no numbers here."""
    if array.dtype.kind not in "fiub":
        raise RequestError(f"{what} holds {array.dtype}, not numbers")
    numbers = array.reshape(-1).tolist()
    if not all(map(isfinite, numbers)):
        raise RequestError(f"{what} holds numbers that are not finite")
    return tuple(map(exact, numbers))
