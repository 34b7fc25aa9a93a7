"""What moves numbers: slices, padding, upsampling, reshapes and shuffles."""

from collections.abc import Callable

from convcalc.analysis.record import Row
from convcalc.explain.code import Options, call, rank, tupled
from convcalc.explain.padding import around, sides


def slice(row: Row, own: Options) -> str:
    """Of the channels, which are axis 1."""
    return f"x[:, {own['start']}:{own['stop'] or row.inputs[0][-1]}]"


def upsample(row: Row, own: Options) -> str:
    """By a factor or to a size."""
    if own["scale"]:
        size = f"scale_factor={tupled(own['scale'])}"
    else:
        size = f"size={tupled((row.step.output or ())[:-1])}"
    mode = own["mode"] if own["mode"] == "nearest" else _LINEAR[rank(row)]
    return call("nn.Upsample", size, f'mode="{mode}"')


#: PyTorch's word for `bilinear` by the number of axes
_LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


_PADS = {"zeros": "ZeroPad", "reflect": "ReflectionPad", "edge": "ReplicationPad"}


def pad(row: Row, own: Options) -> str:
    """A module of the mode; `F.pad` where channels come too."""
    axes = rank(row)
    begins, ends = around(own["sides"], axes)
    if any(own["channels"]):
        channels = around(own["channels"], 1)
        return f"F.pad(x, {sides(channels[0] + begins, channels[1] + ends)})"
    return call(f"nn.{_PADS[own['mode']]}{axes}d", sides(begins, ends)) if axes else ""


def crop(row: Row, own: Options) -> str:
    """A slice an axis."""
    kept = (row.step.output or ())[:-1]
    if own["sides"]:
        begins = around(own["sides"], len(kept))[0]
    else:
        begins = tuple((a - b) // 2 for a, b in zip(row.inputs[0][:-1], kept, strict=True))
    parts = [f"{begin}:{begin + size}" for begin, size in zip(begins, kept, strict=True)]
    return f"x[:, :, {', '.join(parts)}]"


def reshape(row: Row, own: Options) -> str:
    """Numbers are reshaped with the channels last, as here."""
    before = "x.movedim(1, -1)" if rank(row) else "x"
    after = ".movedim(-1, 1)" if len(own["shape"]) > 1 else ""
    return f"{before}.reshape(-1, {', '.join(map(str, own['shape']))}){after}"


def shuffle(name: str) -> Callable[[Row, Options], str]:
    """PixelShuffle or its inverse: two axes, the channel the slowest."""

    def write(row: Row, own: Options) -> str:
        return (
            call(f"nn.{name}", str(own["factor"]))
            if rank(row) == 2 and own["order"] == "crd"
            else ""
        )

    return write
