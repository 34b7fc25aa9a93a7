"""What layers are called: their modules, where the source has them, else their nodes."""

from convcalc.interop.trace.tensors import Op, Trace

#: classes of torch.nn that are one layer
_LEAVES = frozenset(
    """
        Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d
        Linear BatchNorm1d BatchNorm2d BatchNorm3d SyncBatchNorm InstanceNorm1d
        InstanceNorm2d GroupNorm LayerNorm LocalResponseNorm ReLU ReLU6
        LeakyReLU PReLU ELU SELU GELU SiLU
        Mish Hardswish Hardsigmoid Sigmoid Tanh Softmax
        MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d
        LPPool2d AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveMaxPool2d AdaptiveAvgPool3d Dropout
        Dropout2d Flatten Upsample PixelShuffle PixelUnshuffle ZeroPad2d
        ChannelShuffle Hardtanh Identity FrozenBatchNorm2d
    """.split()  # noqa: SIM905
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
        if known or (not cls and self._names_kind(op)):
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
