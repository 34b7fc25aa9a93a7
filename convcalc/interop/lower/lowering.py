"""The lowering: one volume an operation, layers in order, what has no kind collected."""

from collections.abc import Callable, Sequence
from typing import Any

from convcalc.interop.flat import Builder, Flat, Scope, Tensors, UnreadableError
from convcalc.interop.lower.finished import finished
from convcalc.interop.lower.inputs import inputs
from convcalc.interop.lower.layout import (
    BATCH,
    CHANNELS,
    Roles,
    Volume,
    agrees,
    channels_first,
    complete,
    images,
    renamed,
    spread,
)
from convcalc.interop.lower.naming import Naming
from convcalc.interop.lower.outputs import output
from convcalc.interop.lower.turned import turned
from convcalc.interop.lower.weights import Weights
from convcalc.interop.refusals import NoKindError, Refusals
from convcalc.interop.returned import give_back
from convcalc.interop.trace.tensors import Op, Tensor, Trace
from convcalc.layers.option import RejectedError
from convcalc.shapes import Shape

Scopes = tuple[Scope, ...]


class Lowering:
    """A trace on its way to a flat graph."""

    def __init__(self, trace: Trace, unfold: bool = False) -> None:
        self.trace = trace
        self.unfold = unfold
        self.builder = Builder()
        self.volumes: dict[int, Volume] = {}
        self.refusals = Refusals()
        self.readers = trace.readers()
        self.weights = Weights(trace)
        #: convolutions with a merged batch norm, by how that is known
        self.folded: dict[str, int] = {}
        self.noted: dict[str, int] = {}
        self.exact = set[str]()
        """Those of the notes that change no layer's numbers."""
        self.naming = Naming(trace)
        self.otherwise: dict[str, None] = {}
        """The nodes whose memory is another in PyTorch than that of the layers."""
        self.with_factors = set[int]()
        """The operations that add what a `scale` layer has beside its factors, by id."""
        self.taken: dict[str, None] = {}
        """The layers whose size is another volume's here, which the file does not say."""
        self.inputs_last = False
        """Whether an input of the net has its channels last, in a tool whose volumes may."""

    def run(self, handlers: dict[str, Callable[["Lowering", Op], Volume | None]]) -> Flat:
        """All operations.

        Raises:
            UnsupportedError: some have no layer kind.
        """
        trace = self.trace
        inputs(self)
        for op in trace.ops:
            if all(tensor is not None and tensor.constant for tensor in op.outputs):
                continue
            self.one(op, handlers)
        outputs = []
        for i, tensor in enumerate(trace.outputs):
            volume = self.volumes.get(id(tensor))
            if volume is not None:
                outputs.append(output(self, volume, tensor))
                give_back(self.builder.items, outputs[-1], trace.returned[i : i + 1])
            elif tensor.constant and (said := self.weights.apart(tensor)):
                self.note(said)
        found = finished(self, tuple(dict.fromkeys(outputs)))
        self.refusals.raise_if_any(found, trace.advice)
        if not outputs:
            raise UnreadableError("no output depends on the input")
        return found

    def one(self, op: Op, handlers: dict[str, Callable[["Lowering", Op], Volume | None]]) -> None:
        """One operation; what follows from something without a kind is passed over."""
        if op.kind == "unsupported":
            self.refusals.add(op.attrs["why"], op.name, self.read_by(op))
            return
        given = [t for t in op.inputs if t is not None and not t.constant]
        if not all(id(tensor) in self.volumes for tensor in given) or not given:
            return
        handler = handlers.get(op.kind)
        try:
            if handler is None:
                raise NoKindError(op.source)
            volume = handler(self, op)
            if volume is not None and not agrees(volume.roles, self.shape(volume), op.output.shape):
                raise NoKindError(f"{op.source} whose size comes out otherwise than as a layer")
            if volume is not None:
                self.hold_images(op, volume, given)
        except NoKindError as error:
            self.refusals.add(str(error), op.name, self.read_by(op))
        except RejectedError as error:
            self.refusals.add(f"{op.source}: {error}", op.name, self.read_by(op))
        else:
            if volume is not None:
                self.volumes[id(op.output)] = volume
                item = self.builder.items[volume.item]
                if item.node == op.name or not item.tensors.made:
                    made, axes = op.output.name, volume.roles
                    tensors = item.tensors._replace(made=made, axes=axes)
                    self.builder.items[volume.item] = item._replace(tensors=tensors)

    def hold_images(self, op: Op, made: Volume, given: list[Tensor]) -> None:
        """That an operation makes as many images as it reads: here each is one of the batch.

        Raises:
            NoKindError: it makes more of them, or reads unlike numbers of them.
        """
        read = {
            count
            for tensor in given
            for count in images(self.volumes[id(tensor)].roles, tensor.shape)
        }
        if len(read) > 1:
            listed = " and ".join(f"{count:,}" for count in sorted(read)[:2])
            raise NoKindError(f"{op.source} of {listed} images")
        for count in images(made.roles, op.output.shape) - read:
            raise NoKindError(f"{op.source} that makes {count:,} images of {min(read):,}")

    def read_by(self, op: Op) -> list[int]:
        """The items that an operation reads, as far as they have kinds."""
        volumes = (self.volumes.get(id(tensor)) for tensor in op.inputs)
        return [volume.item for volume in volumes if volume is not None]

    def is_read(self, tensor: Tensor) -> bool:
        """Whether some operation reads a tensor."""
        return id(tensor) in self.readers

    def turned(self, tensor: Tensor, otherwise: bool = False) -> bool:
        """Whether the channels of a tensor come last."""
        return turned(tensor, self.readers, otherwise)

    def volume(self, tensor: Tensor | None) -> Volume:
        """The volume of a tensor."""
        if tensor is None:
            raise NoKindError("an operation without its input")
        found = self.volumes.get(id(tensor))
        if found is None:
            raise NoKindError("an operation on constants")
        return found

    def shape(self, volume: Volume) -> Shape:
        """The shape of a volume's item: channels last."""
        return self.builder.shape(volume.item)

    def row(self, tensor: Tensor | None, op: Op) -> Volume:
        """The volume of a tensor; one that is all in a row is flattened."""
        volume = self.volume(tensor)
        flat = len(volume.roles) == 2 and volume.roles[0] == BATCH and volume.roles[1] != CHANNELS
        return self.whole(volume, op) if flat else volume

    def whole(self, volume: Volume, op: Op) -> Volume:
        """A volume whose axes are all there; what waits to be flattened is flattened."""
        shape = self.shape(volume)
        if not shape or complete(volume.roles, shape):
            return volume
        if len(volume.roles) != 2:  # not in a row: axes of 1 came, went or changed places
            raise NoKindError(f"{op.source} on a reshaped volume")
        item = self.builder.add("flatten", {}, (volume.item,), f"{op.name}.flatten", op.name)
        return Volume(item, (BATCH, CHANNELS))

    def volume_of_channels(self, tensor: Tensor | None, op: Op) -> Volume:
        """A volume in the order [N, C, H, W], as windows and norms read it.

        Raises:
            NoKindError: its axes are in another order.
        """
        volume = self.with_its_channels(self.volume(tensor), tensor, op)
        name = f"{op.name}.reshape"
        volume = self.whole(self.spread(volume, name, op.name, op.scopes), op)
        if volume.roles != channels_first(self.shape(volume)):
            raise NoKindError(f"{op.source} over axes that are not channels and positions")
        return volume

    def with_its_channels(self, volume: Volume, tensor: Tensor | None, op: Op) -> Volume:
        """A volume whose one long axis is called channels, or no longer: ECA's gate, and back."""
        target = renamed(volume.roles, self.shape(volume), tensor.shape if tensor else None)
        if target is None:
            return volume
        name = f"{op.name}.reshape"
        options = {"shape": target}
        item = self.builder.add("reshape", options, (volume.item,), name, op.name, op.scopes)
        return Volume(item, channels_first(target))

    def spread(self, volume: Volume, name: str, node: str, scopes: Scopes = ()) -> Volume:
        """A volume with the axes of length 1 that the file gave it or took: a sequence as a row."""
        target = spread(volume.roles, self.shape(volume))
        if target is None:
            return volume
        item = self.builder.add("reshape", {"shape": target}, (volume.item,), name, node, scopes)
        return Volume(item, channels_first(target))

    def layer(
        self,
        op: Op,
        kind: str,
        options: dict[str, Any],
        volumes: Sequence[Volume],
        roles: Roles | None = None,
        weights: Sequence[Tensor | None] = (),
        name: str = "",
        changed: tuple[bool, ...] = (),
        like: Volume | None = None,
    ) -> Volume:
        """One layer of the flat graph; two with the very same weights share them.

        Args:
            op: what it is made of.
            kind: its kind.
            options: its options.
            volumes: what it reads.
            roles: the axes of what it makes, where they are others than the first volume's.
            weights: its learned arrays.
            name: what to call it, where that is not the operation's.
            changed: of each array whether the layer's numbers are others: divided by, say.
            like: the volume whose size it takes over.

        Raises:
            NoKindError: the net itself makes what would be its weights.
        """
        if any(tensor is not None and not tensor.constant for tensor in weights):
            raise NoKindError(f"{op.source} with computed weights")
        columns = op.kind == "linear" and not op.attrs["rows"]
        shares = self.weights.read(kind, weights, columns) if weights else None
        item = self.builder.add(
            kind,
            options,
            tuple(volume.item for volume in volumes),
            name or self.name_of(op, kind),
            op.name,
            op.scopes,
            shares,
            None if like is None else like.item,
        )
        if weights and shares is None:
            self.weights.owned(kind, weights, item, columns)
        if weights or op.kind == "batch_norm":
            given = (*weights, *op.inputs[3:5]) if op.kind == "batch_norm" else weights
            names = tuple(tensor.name if tensor is not None else "" for tensor in given)
            stored = self.weights.all_stored(given, columns, changed)
            made = self.builder.items[item]
            self.builder.items[item] = made._replace(
                tensors=Tensors("", (), names, columns, stored)
            )
        return Volume(item, volumes[0].roles if roles is None else roles)

    def name_of(self, op: Op, kind: str) -> str:
        """What to call a layer."""
        return self.naming.name_of(op, kind)

    def note(self, text: str, exact: bool = False) -> None:
        """Remember what was left out, counted.

        Args:
            text: what, and what that means.
            exact: whether layers compute the source's numbers nevertheless, of its weights.
        """
        self.noted[text] = self.noted.get(text, 0) + 1
        if exact:
            self.exact.add(text)
