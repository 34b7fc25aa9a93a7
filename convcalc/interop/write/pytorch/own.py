"""What generated code brings along, since PyTorch has no such layer: by the word that calls it."""

_SCALE = (
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

_WITHOUT = (
    "def without(norm: nn.Module, name: str) -> nn.Module:",
    '    """A norm that learns its shift (`bias`) or its scale (`weight`) no more."""',
    "    norm.register_parameter(name, None)",
    "    return norm",
)

_LOCAL = (
    "class LocallyConnected(nn.Module):",
    '    """A convolution with its own filters at every position."""',
    "",
    "    def __init__(",
    "        self,",
    "        in_channels: int,",
    "        filters: int,",
    "        size: tuple[int, ...],",
    "        kernel: tuple[int, ...],",
    "        stride: tuple[int, ...],",
    "        sides: tuple[int, ...] = (),",
    "        bias: bool = True,",
    "    ) -> None:",
    "        super().__init__()",
    "        self.kernel = kernel",
    "        self.stride = stride",
    "        self.sides = sides",
    "        self.weight = nn.Parameter(torch.empty(*size, filters, in_channels, *kernel))",
    "        self.bias = nn.Parameter(torch.zeros(*size, filters)) if bias else None",
    "        nn.init.normal_(self.weight, std=self.weight[(0,) * (len(size) + 1)].numel() ** -0.5)",
    "",
    "    def forward(self, x: torch.Tensor) -> torch.Tensor:",
    "        axes = len(self.kernel)",
    "        size = self.weight.shape[:axes]",
    "        if self.sides:",
    "            x = F.pad(x, self.sides)",
    "        for axis in range(axes):",
    "            x = x.unfold(axis + 2, self.kernel[axis], self.stride[axis])",
    "        x = x.permute(*range(2, 2 + axes), 1, *range(2 + axes, 2 + 2 * axes), 0)",
    "        x = x.clone(memory_format=torch.contiguous_format)",  # one copy of all windows
    "        x = x.view(size.numel(), -1, x.shape[-1])",
    "        weight = self.weight.flatten(axes + 1).flatten(0, axes - 1)",
    "        if self.bias is None:",
    "            x = torch.bmm(weight, x)",
    "        else:",
    "            x = torch.baddbmm(self.bias.view(-1, self.bias.shape[-1], 1), weight, x)",
    "        x = torch.unflatten(x, 0, size).permute(-1, axes, *range(axes))",
    "        return x.clone(memory_format=torch.contiguous_format)",
)

_TO_SPACE = (
    "def channels_to_space(",
    "    x: torch.Tensor, factor: int, channel_last: bool = False",
    ") -> torch.Tensor:",
    '    """Channels as positions, on any number of axes: `space_to_channels` back."""',
    "    axes = x.dim() - 2",
    "    steps, sizes = [factor] * axes, [factor * size for size in x.shape[2:]]",
    "    x = torch.unflatten(x, 1, (*steps, -1) if channel_last else (-1, *steps))",
    "    x = x.movedim(1 + axes, 1) if channel_last else x",
    "    pairs = [(2 + axes + axis, 2 + axis) for axis in range(axes)]",
    "    x = x.permute(0, 1, *(axis for pair in pairs for axis in pair))",
    "    return x.reshape(*x.shape[:2], *sizes)",  # one copy: a flatten more would be a view of it
)

_TO_CHANNELS = (
    "def space_to_channels(",
    "    x: torch.Tensor, factor: int, channel_last: bool = False",
    ") -> torch.Tensor:",
    '    """Neighbours as channels, on any number of axes, a position every `factor`."""',
    "    axes = x.dim() - 2",
    "    for axis in range(axes):",
    "        x = torch.unflatten(x, 2 + 2 * axis, (-1, factor))",
    "    x = x.permute(0, 1, *range(3, 3 + 2 * axes, 2), *range(2, 2 + 2 * axes, 2))",
    "    x = x.movedim(1, 1 + axes) if channel_last else x",
    "    return x.flatten(1, 1 + axes)",
)

_CHANNELS_LAST = (
    "def channels_last(x: torch.Tensor, *volumes: tuple[int, ...]) -> torch.Tensor:",
    '    """Flattened volumes, one after the other, with the channels of a position together."""',
    "    parts = x.split([math.prod(volume) for volume in volumes], 1)",
    "    pairs = zip(parts, volumes, strict=True)",
    "    split = [torch.unflatten(part, 1, volume) for part, volume in pairs]",
    "    return torch.cat([part.movedim(1, -1).flatten(1) for part in split], 1)",
)

_MEAN = (
    "def mean_of_real(x: torch.Tensor, pool: nn.Module, sides: tuple[int, ...]) -> torch.Tensor:",
    '    """The mean of each window over what is no padding."""',
    "    ones = F.pad(torch.ones_like(x[:1, :1]), sides)",  # one count for all images, channels
    "    mean: torch.Tensor = pool(F.pad(x, sides)) / pool(ones)",
    "    return mean",
)

OWN = {
    "Scale(": _SCALE,
    "without(": _WITHOUT,
    "LocallyConnected(": _LOCAL,
    "channels_to_space(": _TO_SPACE,
    "space_to_channels(": _TO_CHANNELS,
    "channels_last(": _CHANNELS_LAST,
    "mean_of_real(": _MEAN,
}
