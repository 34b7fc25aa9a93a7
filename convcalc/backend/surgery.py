"""Weights of fc layers as filters of the equivalent convs (CS231n notes, FC to CONV)."""

from collections.abc import Mapping, Set

from convcalc.backend.arrays import Array
from convcalc.backend.files import StateDict, UnreadableError, save
from convcalc.findings import plain
from convcalc.shapes import Shape, elements, written


def reshape_weights(
    source: str,
    target: str,
    names: Mapping[str, str],
    kernels: Mapping[str, Shape],
    shapes: Mapping[str, Shape],
    sharing: Set[str] = frozenset(),
) -> list[str]:
    """Write a state_dict for the conv form of a net; says what was reshaped, a line each.

    Args:
        source: an .npz or .safetensors of the fc form: ``fc1.weight`` is units x numbers, flattened
            channels first as PyTorch does.
        target: the .npz to write, whole or not at all.
        names: what each layer of the fc form is called in the conv form.
        kernels: the kernel of each fc, by its name in the fc form.
        shapes: what other arrays are in the conv form, by their key in the fc form.
        sharing: layers with the weights of others, of which the file need not have copies.

    Raises:
        UnreadableError: the file cannot be read, or does not fit the net.
    """
    given = StateDict(source)
    found: dict[str, Array] = {}
    changes = []
    for key in given.shapes:
        layer, _, kind = key.rpartition(".")
        array = given.array(key)
        if layer in kernels and kind == "weight":
            kernel = kernels[layer]
            channels, rest = divmod(array.shape[-1], elements(kernel))
            if array.ndim != 2 or rest:
                text = f"{key} is {written(array.shape)}, not a matrix of {written(kernel)} windows"
                raise UnreadableError(f"{plain(source)}: {plain(text)}")
            shape = (array.shape[0], channels, *kernel)
        else:
            shape = shapes.get(key, array.shape)
        if shape != array.shape and array.size == elements(shape):
            changes.append(f"{plain(key)}: {written(array.shape)} becomes {written(shape)}")
            array = array.reshape(shape)
        found[f"{names.get(layer, layer)}.{kind}" if layer else key] = array
    missing = [
        name for name in kernels if name not in sharing and f"{name}.weight" not in given.shapes
    ]
    if missing:
        raise UnreadableError(f"{plain(source)} has no {plain(missing[0])}.weight")
    save(target, found)
    return changes
