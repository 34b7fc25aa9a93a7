"""Norms, with what PyTorch wants turned or added for them."""

from convcalc.analysis.record import Row
from convcalc.explain.code import Options, call, flag, rank


def batch_norm(row: Row, own: Options) -> str:
    """A module, or the function where one of scale and shift is missing."""
    if own["affine"] in ("scale", "shift"):
        factor = "weight=weight" if own["affine"] == "scale" else "bias=bias"
        return f"F.batch_norm(x, running_mean, running_var, {factor})"
    name = f"BatchNorm{max(rank(row), 1)}d"
    return call(f"nn.{name}", str(row.inputs[0][-1]), flag("affine=False", not own["affine"]))


def instance_norm(row: Row, own: Options) -> str:
    """By the number of axes; a vector without any would be read as channels of one image."""
    name = f"InstanceNorm{max(rank(row), 1)}d"
    module = call(f"nn.{name}", str(row.inputs[0][-1]), flag("affine=True", own["affine"]))
    return module if rank(row) else f"{module}(x.unsqueeze(-1)).squeeze(-1)"


def group_norm(row: Row, own: Options) -> str:
    """On any number of axes."""
    affine = flag("affine=False", not own["affine"])
    return call("nn.GroupNorm", str(own["groups"]), str(row.inputs[0][-1]), affine)


def layer_norm(row: Row, own: Options) -> str:
    """Over all axes, or over the channels, which go last for it."""
    *spatial, channels = row.inputs[0]
    affine = flag("elementwise_affine=False", not own["affine"])
    if own["axes"] == "all" or not spatial:
        return call("nn.LayerNorm", f"[{', '.join(map(str, (channels, *spatial)))}]", affine)
    module = call("nn.LayerNorm", str(channels), affine)
    return f"{module}(x.movedim(1, -1)).movedim(-1, 1)"


def lrn(row: Row, own: Options) -> str:
    """With the alpha that PyTorch divides by the size."""
    over_one = own["alpha_over"] == "one"  # PyTorch divides by the size
    alpha = own["alpha"] * own["size"] if over_one else own["alpha"]
    parts = (f"alpha={alpha:.12g}", f"beta={own['beta']:.12g}", f"k={own['k']:.12g}")
    module = call("nn.LocalResponseNorm", str(own["size"]), *parts)
    return module if rank(row) else f"{module}(x.unsqueeze(-1)).squeeze(-1)"  # wants positions
