"""What layers are called: their modules, where the source has them, else their nodes."""

from convcalc.interop.trace.tensors import Op, Trace

#: modules of torch.nn that are one layer, for every number of axes
_OF_AXES = """
    Conv ConvTranspose BatchNorm InstanceNorm MaxPool AvgPool LPPool AdaptiveAvgPool AdaptiveMaxPool
    Dropout ZeroPad ConstantPad ReflectionPad ReplicationPad
"""
#: and those of one name; torchvision's FrozenBatchNorm2d is one of them
_OTHERS = """
    Linear SyncBatchNorm GroupNorm LayerNorm LocalResponseNorm FrozenBatchNorm2d
    ReLU ReLU6 LeakyReLU PReLU ELU SELU GELU SiLU Mish Hardswish Hardsigmoid Hardtanh Sigmoid Tanh
    Softmax Softmax2d Dropout AlphaDropout FeatureAlphaDropout Flatten Identity
    Upsample UpsamplingNearest2d UpsamplingBilinear2d PixelShuffle PixelUnshuffle ChannelShuffle
"""
_LEAVES = frozenset(
    [*_OTHERS.split(), *(f"{name}{axes}d" for name in _OF_AXES.split() for axes in (1, 2, 3))]
)


class Naming:
    """The names of a trace's layers."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.counts: dict[str, int] = {}

    def name_of(self, op: Op, kind: str) -> str:
        """What to call a layer: its module, or its module and kind where it is no module's own."""
        if not op.scopes:
            return op.name.strip("/").replace("/", ".") or kind
        path = op.scopes[-1].path
        cls = op.scopes[-1].cls
        known = cls and not cls.startswith(("Sequential", "ModuleList")) and cls in _LEAVES
        if known or _weighted(op, path) or (not cls and self._names_kind(op)):
            return path
        return f"{path}.{kind}" if path else kind

    def _names_kind(self, op: Op) -> bool:
        """Whether a node's own scope is a leaf: it alone lies in it."""
        count = self.counts.get(op.scopes[-1].path)
        if count is None:
            for other in self.trace.ops:
                if other.scopes:
                    path = other.scopes[-1].path
                    self.counts[path] = self.counts.get(path, 0) + 1
                    for outer in other.scopes[:-1]:
                        self.counts[outer.path] = self.counts.get(outer.path, 0) + 2
            count = self.counts.get(op.scopes[-1].path, 0)
        return count == 1


def _weighted(op: Op, path: str) -> bool:
    """Whether an operation reads its module's own weight: state_dicts call its arrays by the path.

    So have modules that are no classes of torch.nn: torchvision's LayerNorm2d, timm's Conv2dSame.
    """
    weight = f"{path}.weight"
    return any(tensor is not None and weight in tensor.sources for tensor in op.inputs[1:])
