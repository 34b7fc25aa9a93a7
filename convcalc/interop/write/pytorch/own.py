"""What generated code brings along, since PyTorch has no such layer."""

SCALE = (
    "class Scale(nn.Module):",
    '    """A learned factor a channel, and a shift where there is one."""',
    "",
    "    def __init__(self, channels: int, bias: bool = False) -> None:",
    "        super().__init__()",
    "        self.weight = nn.Parameter(torch.ones(channels))",
    "        self.bias = nn.Parameter(torch.zeros(channels)) if bias else None",
    "",
    "    def forward(self, x: torch.Tensor) -> torch.Tensor:",
    "        shape = (-1, *(1,) * (x.dim() - 2))",
    "        x = x * self.weight.view(shape)",
    "        return x if self.bias is None else x + self.bias.view(shape)",
)

WITHOUT = (
    "def without(norm: nn.Module, name: str) -> nn.Module:",
    '    """A norm that learns its shift (`bias`) or its scale (`weight`) no more."""',
    "    norm.register_parameter(name, None)",
    "    return norm",
)
