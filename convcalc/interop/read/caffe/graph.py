"""A prototxt to a flat graph: phases, tops written in place, batch norm with its scale."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from convcalc.findings import plain
from convcalc.interop.called import called
from convcalc.interop.flat import Builder, Flat, NoInputError, SourceCounts, UnreadableError
from convcalc.interop.names import listed
from convcalc.interop.read.caffe.axes import usual
from convcalc.interop.read.caffe.cuts import beyond, crop, cut, slices
from convcalc.interop.read.caffe.fields import refuse_unread
from convcalc.interop.read.caffe.inputs import stated_inputs
from convcalc.interop.read.caffe.layers import (
    CONVOLVING,
    LEARNING,
    OUTSIDE,
    TYPES,
    Asked,
    pooled,
)
from convcalc.interop.read.caffe.phases import OTHERS, in_deploy, layers_of, stages_of, type_of
from convcalc.interop.read.caffe.shaping import reshape
from convcalc.interop.read.caffe.shared import Shared, SharedError, array_names, frozen, learned
from convcalc.interop.read.caffe.text import parse
from convcalc.interop.read.caffe.tokens import MOST_BYTES
from convcalc.interop.read.caffe.typed import TextFields
from convcalc.interop.read.frozen import of_frozen
from convcalc.interop.refusals import NoKindError, Refusals
from convcalc.layers.base import Roundings
from convcalc.layers.option import RejectedError
from convcalc.quantity import counted
from convcalc.shapes import LARGEST_SIZE, Shape
from convcalc.window import Rounding


def read(path: str, data: bytes, shape: Shape | None = None) -> Flat:
    """The flat graph of a prototxt.

    Raises:
        UnreadableError: it is damaged, or no net.
        UnsupportedError: some layers have no kind.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError(f"the file has more than {MOST_BYTES:,} bytes")
    return _Reading(path, TextFields(parse(data), "net")).read(shape)


class _Reading:
    """A net while it is read."""

    def __init__(self, path: str, net: TextFields) -> None:
        self.path = path
        self.net = net
        self.builder = Builder(Roundings(Rounding.FLOOR, Rounding.CEIL))
        self.refusals = Refusals()
        self.blobs: dict[str, int] = {}
        self.makers: dict[str, str] = {}
        """The layer that makes each blob, or changes it in place."""
        self.unread: set[str] = set()
        """Blobs that no layer reads, as Caffe tells a net's outputs."""
        self.names = defaultdict[int, set[str]](set)  # by item the blobs that it has been
        self.ahead = Counter[str]()  # how often each blob is read by layers that are to come
        self.left_out: set[str] = set()
        self.shared = Shared()
        self.frozen: list[bool] = []  # of each layer that learns
        self.batch: int | None = None
        """How many images the file is for; None where it does not say."""
        self.notes: list[str] = []

    def read(self, shape: Shape | None) -> Flat:
        """Inputs, and every layer in order."""
        layers = layers_of(self.net)
        kept: list[TextFields] = []
        others: list[TextFields] = []
        stages = stages_of(self.net)
        for layer in layers:
            (kept if in_deploy(layer, stages=stages) else others).append(layer)
        staged = [layer for layer in others if in_deploy(layer, True)]
        self.inputs(kept, staged, shape)
        for layer in kept:
            self.ahead.update(layer.words("bottom") if type_of(layer) not in OUTSIDE else ())
        for layer in kept:
            self.layer(layer, plain(layer.layer[:200]))
        self.refusals.raise_if_any(self.flat([]))
        if self.left_out:
            kinds = ", ".join(sorted(self.left_out))
            they = "it belongs" if len(self.left_out) == 1 else "they belong"
            self.notes.append(f"{kinds}: left out, since {they} to data or training")
        names = [layer.word("name") for layer in staged if type_of(layer) not in OUTSIDE]
        if names:
            they = "it" if len(names) == 1 else "them"
            why = f"left out, since Caffe runs {they} in another stage or at another level"
            self.notes.append(f"{listed(names)}: {why}")
        among = len(self.frozen)
        if note := of_frozen(sum(self.frozen), among, "layers with weights", "lr_mult: 0"):
            self.notes.append(note)
        items = self.builder.items
        last = dict.fromkeys(self.blobs[name] for name in sorted(self.unread))  # Caffe's order
        outputs = [item for item in last if items[item].layer is not None]
        if not outputs:
            raise UnreadableError("the net has no layer that is left")
        return self.flat(outputs)

    def flat(self, outputs: list[int]) -> Flat:
        """The layers so far, with these outputs."""
        items = self.builder.items
        params = sum(learned(items, i) for i, item in enumerate(items) if item.shares is None)
        difference = self.shared.difference(params)
        return Flat(
            self.path,
            plain(self.net.word("name")[:200]),
            "Caffe prototxt",
            called(self.builder.items),
            tuple(outputs),
            self.builder.roundings,
            SourceCounts(),
            (*self.notes, difference) if difference else tuple(self.notes),
            tuple(self.builder.faults),
            difference,
        )

    def inputs(
        self, layers: list[TextFields], staged: list[TextFields], shape: Shape | None
    ) -> None:
        """`input` with its dims, Input layers, or data layers with a crop, of a stage as well."""
        found = stated_inputs(self.net, layers, staged, self.notes if shape is None else [])
        if not found:
            raise UnreadableError("the net states no input: `input:` and `input_dim:` are missing")
        alone = len(found) == 1
        first = found[0][1]
        self.batch = first[0] if len(first) >= 2 and first[0] > 0 else None
        for name, dims in found:
            if shape is not None and alone:
                size: Shape = shape
            elif 2 <= len(dims) <= 5:
                size = (*dims[2:], dims[1])
            else:
                text = f"input {plain(name[:80])} has no size: give it with --input HxWxC"
                raise (NoInputError if alone and not dims else UnreadableError)(text)
            if not all(1 <= dim <= LARGEST_SIZE for dim in size):
                raise UnreadableError(f"input {plain(name[:80])} has the sizes {list(size)}")
            self.makes(name, "the input", ())
            self.blobs[name] = self.builder.input(name, size, alone)

    def makes(self, blob: str, maker: str, bottoms: Sequence[str]) -> None:
        """A blob is made, or changed in place of the one that is read.

        Raises:
            UnreadableError: another layer makes it too.
        """
        other = self.makers.get(blob)
        if other is not None and blob not in bottoms:
            raise UnreadableError(f"{other} and {maker} both make the blob {plain(blob[:80])}")
        self.makers[blob] = maker
        self.unread.add(blob)

    def layer(self, layer: TextFields, name: str) -> None:
        """One layer: its bottoms, its kind, its tops."""
        kind = type_of(layer)
        bottoms, tops = layer.words("bottom"), layer.words("top")
        if kind in OUTSIDE or kind == "Input":
            if kind in OUTSIDE:
                self.left_out.add(kind)
            return
        reads = []
        for bottom in bottoms:
            item = self.blobs.get(bottom)
            if item is None:
                text = f"layer {name} reads {plain(bottom[:80])}, which no layer before it makes"
                raise UnreadableError(text)
            reads.append(item)
        if not reads or not tops:
            raise UnreadableError(f"layer {name} has no bottom or no top")
        self.unread.difference_update(bottoms)
        self.ahead.subtract(bottoms)
        for i, top in enumerate(tops):
            self.makes(top, f"layer {name}", bottoms[i : i + 1])
        if -1 in reads:
            if kind not in TYPES and kind not in OTHERS:
                self.refusals.add(plain(kind[:60]), name, reads)
            self.blobs.update(dict.fromkeys(tops, -1))
            return
        try:
            made = self.made(kind, layer, name, reads)
        except (NoKindError, RejectedError, SharedError, UnreadableError) as error:
            if behind := [item for item in reads if not self.builder.shape(item)]:
                made = behind[:1] * len(tops)  # of a fault, which is what is said
            elif isinstance(error, NoKindError):
                self.refusals.add(str(error), name, reads)
                made = [-1] * len(tops)
            elif isinstance(error, RejectedError | SharedError):
                raise UnreadableError(f"layer {name}: {error}") from error
            else:
                raise
        if len(tops) != len(made):
            makes = f"{kind} makes {len(made)} of {counted(len(bottoms), 'bottom')}"
            raise UnreadableError(f"layer {name} has {counted(len(tops), 'top')}: {makes}")
        for top, item in zip(tops, made, strict=True):
            self.blobs[top] = item
            self.names[item].add(top)

    def made(self, kind: str, layer: TextFields, name: str, reads: list[int]) -> list[int]:
        """The items of a layer's tops."""
        tops = layer.words("top")
        shapes = tuple(self.builder.shape(item) for item in reads)
        if not all(shapes):
            shapes = tuple(shape or (1, 1, 1) for shape in shapes)
        asked = Asked(kind, layer, shapes)
        if kind in TYPES or kind in OTHERS:
            refuse_unread(kind, layer)
        if kind == "Split":
            return [reads[0]] * len(tops)
        if kind == "Slice":
            return slices(self.builder, layer, name, reads[0])
        if kind == "BatchNorm":
            return [self.builder.add("batch_norm", {"affine": False}, (reads[0],), name)]
        if kind == "Scale":
            return [self.scale(layer, name, reads)]
        if kind == "Crop":
            return [crop(self.builder, layer, name, reads)]
        if kind == "Reshape":
            item, notes = reshape(self.builder, layer, name, reads[0], self.batch)
            self.notes += notes
            return [item]
        if kind == "Power":
            return [self.power(layer, name, reads[0])]
        handler = TYPES.get(kind)
        if handler is None:
            raise NoKindError(plain(kind[:60]))
        found, options = handler(asked)
        how = pooled(layer) if kind == "Pooling" else ""
        if how:
            self.notes += cut(options, self.builder.shape(reads[0]))
        if how == "STOCHASTIC":
            self.notes.append(
                f"{name} pools at random in training: written as {found}, sizes are equal"
            )
        names = array_names(layer, 1 + bool(options.get("bias")))
        shared = self.shared.owner(found, names) if found in LEARNING else None
        first, others = (reads[:1], reads[1:]) if found in CONVOLVING else (reads, [])
        item = self.builder.add(found, options, tuple(first), name, shares=shared)
        owner = item if shared is None else shared
        again = [self.builder.add(found, options, (i,), name, shares=owner) for i in others]
        if kind == "Pooling" and found in {"max_pool", "avg_pool"}:
            self.notes += beyond(self.builder, item, shapes[0], options, name)
        if found in LEARNING and shared is None:
            params, last = learned(self.builder.items, item), self.builder.shape(item)[-1:]
            bias = last[0] if last and len(names) == 2 else 0
            self.shared.own(found, names, (params - bias, bias)[: len(names)], item)
            self.frozen.append(frozen(layer, len(names)))
        if how == "MAX" and len(tops) == 2:
            return [item, self.mask(tops[1], name)]
        return [item, *again]

    def mask(self, blob: str, name: str) -> int:
        """The second top of a max pool, the place of each maximum: -1, which has no size.

        Raises:
            NoKindError: a layer reads it.
        """
        shown = plain(blob[:80])
        if self.ahead[blob]:
            raise NoKindError(f"Pooling whose places of the maxima are read (the blob {shown})")
        self.unread.discard(blob)
        what = f"{name} also says where each maximum was (the blob {shown})"
        self.notes.append(f"{what}: left out, no layer reads it")
        return -1

    def scale(self, layer: TextFields, name: str, reads: list[int]) -> int:
        """Scale: the pair of the batch norm before it, or a layer of its own, or a product."""
        fields = layer.inner("scale_param")
        bias = fields.flag("bias_term", False)
        channels = self.builder.shape(reads[0])[-1:] or (0,)
        if len(reads) == 1:
            self.shared.own("scale", array_names(layer, 1 + bias), channels * (1 + bias), -1)
        else:
            if bias:
                raise NoKindError("Scale of two volumes with a shift")
            return self.builder.add("multiply", {}, tuple(reads), name)
        usual("Scale", fields, axis=(1,), num_axes=(1,))
        before = self.builder.items[reads[0]]
        norm = before.layer
        last = reads[0] == len(self.builder.items) - 1
        others = self.names[reads[0]].difference(layer.words("top"))
        wanted = (blob for blob in others if self.blobs[blob] == reads[0])
        read = any(self.ahead[blob] or blob in self.unread for blob in wanted)  # without the pair
        fresh = last and before.kind == "batch_norm" and not read
        if norm is not None and fresh and bias and not norm.__dict__["affine"]:
            self.builder.items[reads[0]] = before._replace(layer=norm.replace(affine=True))
            return reads[0]
        return self.builder.add("scale", {"bias": bias}, (reads[0],), name)

    def power(self, layer: TextFields, name: str, read: int) -> int:
        """Power: a number multiplied and added; another exponent than 1 has no kind."""
        fields = layer.inner("power_param")
        if fields.number("power", 1.0) != 1:
            raise NoKindError("Power with another exponent than 1")
        self.notes.append(f"{name} scales and shifts by numbers: left out")
        return read
