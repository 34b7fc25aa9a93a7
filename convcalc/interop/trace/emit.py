"""Adding operations to a trace: sizes them, and follows weights through what prepares them."""

from collections.abc import Sequence
from typing import Any

from convcalc.interop.flat import Scope, UnreadableError
from convcalc.interop.trace.shapes import output_shape
from convcalc.interop.trace.tensors import SOMEWHERE, Op, Tensor, Trace, sources_of
from convcalc.interop.trace.window_shapes import ShapeError


class Emitter:
    """Emits the operations of one node of the file, under the node's name."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.name = ""
        self.source = ""
        self.scopes: tuple[Scope, ...] = ()
        #: how it is known that the node folds a batch norm that the exporter merged into it:
        #: ``said`` in the file, ``named`` as such nodes are; '' where it does not
        self.folded = ""
        #: whether the node writes over its first input; None where the file does not say
        self.overwrites: bool | None = None

    def at(self, name: str, source: str, scopes: tuple[Scope, ...] = ()) -> None:
        """Start with another node."""
        self.name, self.source, self.scopes, self.folded = name, source, scopes, ""

    def op(self, kind: str, inputs: Sequence[Tensor | None], **attrs: Any) -> Tensor:
        """One operation; an operation on weights alone gives a weight.

        What reads a tensor without a size is `unsized`: readers give it no attributes, and nothing
        may ask for them.

        Raises:
            UnreadableError: the inputs do not fit together.
        """
        given = [tensor for tensor in inputs if tensor is not None]
        try:
            unknown = any(tensor.shape is None for tensor in given)
            shapes = [None if tensor is None else tensor.shape for tensor in inputs]
            shape = None if unknown else output_shape(kind, shapes, attrs)
        except ShapeError as error:
            raise UnreadableError(f"node {self.name}: {error}") from error
        result = Tensor(self.name, shape)
        if given and "float" in given[0].dtype:  # its type is that of what is computed with
            result.dtype = given[0].dtype
        if given and all(tensor.constant for tensor in given):
            result.sources = sources_of(given)
            result.constant = True
            if any(tensor.of_batch for tensor in given):
                result.of_batch = SOMEWHERE
        result.batch_first = all(one.constant or one.batch_first for one in given)
        if unknown:
            kind, attrs = "unsized", {}
        elif not _keeps_batch(kind, attrs):
            result.batch_first = False
        made = Op(kind, inputs, attrs, [result], self.name, self.source, self.scopes)
        made.overwrites = self.overwrites
        self.trace.ops.append(made)
        return result

    def unsupported(
        self, inputs: Sequence[Tensor | None], outputs: int = 1, why: str = ""
    ) -> list[Tensor]:
        """An operation without a layer kind; what it makes is unknown.

        Of weights alone it makes weights, of sizes that the file may state.
        """
        made = [Tensor(self.name, None) for _ in range(max(outputs, 1))]
        given = [tensor for tensor in inputs if tensor is not None]
        if given and all(tensor.constant for tensor in given):
            sources = sources_of(given)
            for tensor in made:
                tensor.sources, tensor.constant = sources, True
        attrs = {"why": why or self.source}
        op = Op("unsupported", inputs, attrs, made, self.name, self.source, self.scopes)
        self.trace.ops.append(op)
        return made


def _keeps_batch(kind: str, attrs: dict[str, Any]) -> bool:
    """Whether the first axis stays the first, and whole; of a reshape its reader knows.

    What is given nothing has no attributes.
    """
    match kind:
        case "transpose":
            return bool(attrs.get("perm", (0,))[:1] == (0,))
        case "slice" | "concat" | "stack" | "gather":
            return bool(attrs.get("axis", 1))
        case "reduce":
            return 0 not in attrs.get("axes", ())
        case _:
            return True
