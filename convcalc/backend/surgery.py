"""Weights of fc layers as filters of the equivalent convs (CS231n notes, FC to CONV)."""

from collections.abc import Mapping

from convcalc.backend.arrays import Array
from convcalc.backend.files import StateDict, save
from convcalc.findings import plain
from convcalc.shapes import Shape, elements, written


def reshape_weights(
    given: StateDict,
    target: str,
    names: Mapping[str, str],
    kernels: Mapping[str, Shape],
    shapes: Mapping[str, Shape],
) -> list[str]:
    """Write a state_dict for the conv form of a net; says what was reshaped, a line each.

    Args:
        given: the arrays of the fc form, which fit it: ``fc1.weight`` is units x numbers, flattened
            channels first as PyTorch does.
        target: the .npz to write, whole or not at all.
        names: what each layer of the fc form is called in the conv form.
        kernels: the kernel of each fc, by its name in the fc form.
        shapes: what other arrays are in the conv form, by their key in the fc form.

    Raises:
        UnreadableError: the numbers of an array cannot be read.
        OSError: the target cannot be written.
    """
    found: dict[str, Array] = {}
    changes = []
    for key in given.shapes:
        layer, _, kind = key.rpartition(".")
        array = given.array(key)
        if layer in kernels and kind == "weight":
            kernel = kernels[layer]
            channels = array.shape[-1] // elements(kernel)
            shape = (array.shape[0], channels, *kernel)
        else:
            shape = shapes.get(key, array.shape)
        if shape != array.shape and array.size == elements(shape):
            changes.append(f"{plain(key)}: {written(array.shape)} becomes {written(shape)}")
            array = array.reshape(shape)
        found[f"{names.get(layer, layer)}.{kind}" if layer else key] = array
    save(target, found)
    return changes
