"""A Keras layer as the function of its class sees it, and what the function gives."""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.keras.calls import Call
from convcalc.interop.read.keras.config import Config
from convcalc.interop.refusals import NoKindError
from convcalc.shapes import Shape, written


class Part(NamedTuple):
    """A layer that a Keras layer becomes (a conv and its activation are two)."""

    kind: str
    options: dict[str, Any]
    learns: bool = False


class Asked(NamedTuple):
    """A Keras layer with the shapes that arrive, channels last."""

    cls: str
    config: Config
    shapes: tuple[Shape, ...]
    first: bool
    """The model has its channels first."""
    notes: list[str]
    """What the layers here do otherwise than the model's, a sentence each: it is added to."""

    call: Call
    """What this call of it is given."""
    built: Any
    """What Keras makes its weights for: a `build_config`, None or {} where it makes them here."""

    @property
    def axes(self) -> int:
        """Spatial axes of the input."""
        return len(self.shapes[0]) - 1

    @property
    def channels_last(self) -> bool:
        """Whether the last axis is that of the channels, as it is in vectors."""
        return not (self.first and self.axes > 0)

    def refuse_values(self) -> None:
        """Refuse what the call is given beside volumes.

        Raises:
            NoKindError: there is something.
        """
        if self.call.values:
            raise NoKindError(f"{self.cls} with {self.call.said()}")

    def window(self, kernel: str = "kernel_size") -> dict[str, Any]:
        """Kernel, stride and padding; causal padding, of Conv1D alone, lies all before the row."""
        config = self.config
        size = config.ints(kernel)
        if size is None:
            raise config.fail(kernel)
        padding = config.text("padding", "valid")
        if padding == "causal" and self.cls == "Conv1D" and len(size) == 1:
            holes = config.ints("dilation_rate") or (1,)
            if len(holes) != 1:
                raise config.fail("dilation_rate")
            pad = (holes[0] * (size[0] - 1), 0)
            return {"kernel": size, "stride": config.ints("strides") or (1,), "pad": pad}
        if padding not in {"valid", "same"}:
            raise NoKindError(f"{self.cls} with padding {padding}")
        return {
            "kernel": size,
            "stride": config.ints("strides") or (size if kernel == "pool_size" else (1,)),
            "pad": "same" if padding == "same" else 0,
        }

    def refuse_built(self, axes: Collection[int]) -> None:
        """Refuse weights that are made for other sizes than arrive.

        Args:
            axes: those over which the layer has weights, as Keras counts them from 0, the batch.

        Raises:
            UnreadableError: the `build_config` has another size along one of them.
        """
        if not self.built:
            return
        stated: Any = self.built.get("input_shape") if isinstance(self.built, dict) else None
        x = self.shapes[0]
        arriving = (-1, *((x[-1], *x[:-1]) if self.first else x))
        fits = isinstance(stated, list) and len(stated) == len(arriving)
        if not fits or any(stated[axis] != arriving[axis] for axis in axes):
            shown = plain(str(stated)[:60])
            raise UnreadableError(
                f"layer {self.config.name} is built for {shown} and reads {written(x)}: "
                "save the model again"
            )

    def channel_axis(self, key: str = "axis", default: int = -1) -> bool:
        """Whether an axis is that of the channels."""
        found = self.config.get(key)
        found = default if found is None else found
        axes = found if isinstance(found, list) else [found]
        if len(axes) != 1 or type(axes[0]) is not int:
            return False
        rank = self.axes + 2
        at = self.config.placed(axes[0], rank)
        return at == (1 if self.first or rank == 2 else rank - 1)


Parts = list[Part]

Handler = Callable[[Asked], Parts]
