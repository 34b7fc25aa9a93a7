"""What a prototxt says of the volumes that come in."""

from itertools import islice

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.caffe.axes import dims
from convcalc.interop.read.caffe.fields import LAYER
from convcalc.interop.read.caffe.layers import OUTSIDE
from convcalc.interop.read.caffe.phases import type_of
from convcalc.interop.read.caffe.typed import TextFields

_Stated = list[tuple[str, tuple[int, ...]]]

#: data layers that cut images to `crop_size`, and where the old dialect says it
_CROPPING = {
    "Data": "data_param",
    "ImageData": "image_data_param",
    "WindowData": "window_data_param",
}
#: what Caffe's own `transform_param` has: a fork's may size otherwise
_TRANSFORM = frozenset(
    ("scale", "mirror", "crop_size", "mean_file", "mean_value", "force_color", "force_gray")
)


def stated_inputs(
    net: TextFields, layers: list[TextFields], staged: list[TextFields], notes: list[str]
) -> _Stated:
    """Blobs with their dims, () where none are stated: `input`, Input layers, or data layers.

    Args:
        net: the file.
        layers: those that take part.
        staged: those of other stages, whose data is asked where nothing else says a size.
        notes: where it is said that channels are assumed.

    Raises:
        UnreadableError: dims are not as many as Caffe takes, or inputs are of unlike batches.
    """
    found = _fields(net)
    wanted = {
        bottom
        for layer in layers
        if type_of(layer) not in OUTSIDE
        for bottom in layer.words("bottom")
    }
    unread: _Stated = []
    for layer in [*layers, *(staged if not found else ())]:
        kind, tops = type_of(layer), layer.words("top")
        if kind == "Input":
            for field in {*layer.message} - LAYER:
                raise layer.wrong(field, layer.message, "is no field of Caffe's layers")
            given = _shapes(layer, layer.inner("input_param"), tops)
            found += zip(tops, given, strict=True)
        elif kind in OUTSIDE and tops and not layer.words("bottom"):
            if layer in staged and any(name == tops[0] for name, _ in found):
                continue  # the data of another stage
            sizes = _data(kind, layer, tops)
            made = [pair for pair in zip(tops, sizes, strict=False) if pair[0] in wanted]
            found += made
            if made and made[0][1] and kind == "Data" and not _says_channels(layer):
                what = f"input {plain(made[0][0][:80])}: the file does not say its channels"
                notes.append(f"{what}, 3 are assumed: --input HxWxC says others")
            unread += [] if made else [(tops[0], sizes[0])]
    _hold_batches([pair for pair in found if pair[0] in wanted])
    return found or unread


def _hold_batches(read: _Stated) -> None:
    """That the inputs are of as many images each: one image here is one of every input.

    Raises:
        UnreadableError: they are not.
    """
    counts = {dims[0]: name for name, dims in read if len(dims) > 1 and dims[0] > 0}
    if len(counts) > 1:
        (a, first), (b, second) = islice(sorted(counts.items()), 2)
        raise UnreadableError(
            f"inputs {plain(first[:80])} and {plain(second[:80])} are of {a:,} and {b:,} images: "
            "write one batch for all"
        )


def _fields(net: TextFields) -> _Stated:
    """`input` with its `input_shape`, or with four `input_dim`."""
    names, flat = net.words("input"), net.ints("input_dim")
    shapes = [dims(fields) for fields in net.messages("input_shape")]
    if not shapes:
        shapes = [flat[at : at + 4] for at in range(0, 4 * len(names), 4)]
        if len(flat) not in {0, 4 * len(names)}:
            what = f"{len(flat)} input_dim for {len(names)} input"
            raise UnreadableError(f"the net states {what}: Caffe takes four each")
    if len(shapes) != len(names):
        what = f"{len(shapes)} input_shape for {len(names)} input"
        raise UnreadableError(f"the net states {what}: Caffe takes one each")
    return list(zip(names, shapes, strict=True))


def _shapes(layer: TextFields, fields: TextFields, tops: list[str]) -> list[tuple[int, ...]]:
    """The dims of each top: one `shape` for all, or one each."""
    given = [dims(shape) for shape in fields.messages("shape")]
    if len(given) not in {0, 1, len(tops)}:
        raise layer.fail("shape", f"stated {len(given)} times for {len(tops)} tops")
    return given if len(given) == len(tops) else (given or [()]) * len(tops)


def _data(kind: str, layer: TextFields, tops: list[str]) -> list[tuple[int, ...]]:
    """The dims of a data layer's tops, as far as images have some: labels have none."""
    if not LAYER.issuperset(layer.message):
        return [()]  # of a fork, which may size otherwise
    if kind == "DummyData":
        fields = layer.inner("dummy_data_param")
        axes = [fields.ints(name) for name in ("num", "channels", "height", "width")]
        if not any(axes):
            return _shapes(layer, fields, tops)
        if fields.messages("shape") or any(len(axis) not in {1, len(tops)} for axis in axes):
            raise layer.fail(
                "dummy_data_param", f"num, channels, height, width of {len(tops)} tops"
            )
        each = [axis if len(axis) == len(tops) else axis * len(tops) for axis in axes]
        return list(zip(*each, strict=True))
    if kind == "MemoryData":
        fields = layer.inner("memory_data_param")
        names = ("batch_size", "channels", "height", "width")
        return [tuple(fields.integer(name, 0) for name in names)]
    return [_images(kind, layer)]


def _says_channels(layer: TextFields) -> bool:
    """Whether stored images are turned into some of known channels, or three means taken off."""
    transform = layer.inner("transform_param")
    forced = [transform.flag(name, False) for name in ("force_color", "force_gray")]
    return any(forced) or len(transform.bare("mean_value")) > 1


def _images(kind: str, layer: TextFields) -> tuple[int, ...]:
    """The dims of images that are cut to a size, or brought to one; () where neither is said."""
    transform = layer.inner("transform_param")
    if kind not in _CROPPING or not _TRANSFORM.issuperset(transform.message):
        return ()
    own = layer.inner(_CROPPING[kind])
    # of `layers` Caffe takes what data_param says over into transform_param
    old = 0 if layer.values("type")[0].quoted else own.integer("crop_size", 0)
    side = old or transform.integer("crop_size", 0)
    batch, grey = own.integer("batch_size", 1), transform.flag("force_gray", False)
    sides = (side, side)
    if kind == "ImageData":
        grey = not own.flag("is_color", True)
        if not side:
            sides = (own.integer("new_height", 0), own.integer("new_width", 0))
    return (batch, 1 if grey and kind != "WindowData" else 3, *sides) if any(sides) else ()
