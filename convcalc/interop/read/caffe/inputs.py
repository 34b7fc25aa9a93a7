"""What a prototxt says of the volumes that come in."""

from convcalc.interop.read.caffe.layers import OUTSIDE
from convcalc.interop.read.caffe.phases import type_of
from convcalc.interop.read.caffe.typed import TextFields


def stated_inputs(
    net: TextFields, layers: list[TextFields], staged: list[TextFields]
) -> list[tuple[str, tuple[int, ...]]]:
    """Blobs with their dims: `input`, Input layers, or data layers with a crop.

    Args:
        net: the file.
        layers: those that take part.
        staged: those of other stages, whose data is asked where nothing else says a size.
    """
    found: list[tuple[str, tuple[int, ...]]] = []
    names = net.words("input")
    dims = net.ints("input_dim")
    shapes = [fields.ints("dim") for fields in net.messages("input_shape")]
    for i, name in enumerate(names):
        found.append((name, shapes[i] if i < len(shapes) else dims[4 * i : 4 * i + 4]))
    whole = [*layers, *(layer for layer in staged if not found)]
    for layer in whole:
        kind, tops = type_of(layer), layer.words("top")
        if kind == "Input":
            given = [f.ints("dim") for f in layer.inner("input_param").messages("shape")]
            for i, top in enumerate(tops):
                found.append((top, given[min(i, len(given) - 1)] if given else ()))
        elif kind in OUTSIDE and tops and not layer.words("bottom"):
            if any(name == tops[0] for name, _ in found):
                continue  # the data of another stage
            side = layer.inner("transform_param").integer("crop_size", 0)
            found.append((tops[0], (1, 3, side, side) if side else ()))
    return found
