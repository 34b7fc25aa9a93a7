"""What generated code brings along, since Keras has no such layer: by the word that calls it."""

_LRN = (
    "def lrn(",
    "    x: keras.KerasTensor, size: int, alpha: float, beta: float, k: float",
    ") -> keras.KerasTensor:",
    '    """Local response normalization over the channels."""',
    "    sides = [(0, 0)] * (len(x.shape) - 1) + [(size // 2, (size - 1) // 2)]",
    "    squares = keras.ops.pad(keras.ops.square(x), sides)",
    "    total = sum(squares[..., i : i + x.shape[-1]] for i in range(size))",
    "    return x / (k + alpha / size * total) ** beta",
)

_SCALE = (
    "class Scale(layers.Layer):",
    '    """A learned factor a channel, and a shift where there is one."""',
    "",
    "    def __init__(self, channels: int, bias: bool = False) -> None:",
    "        super().__init__()",
    '        self.factor = self.add_weight(shape=(channels,), initializer="ones")',
    '        zeros = {"shape": (channels,), "initializer": "zeros"}',
    "        self.shift = self.add_weight(**zeros) if bias else None",
    "",
    "    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:",
    "        x = x * self.factor",
    "        return x if self.shift is None else x + self.shift",
)

_SHUFFLE = (
    "def channel_shuffle(x: keras.KerasTensor, groups: int) -> keras.KerasTensor:",
    '    """The channels of all groups taken in turn."""',
    "    *sizes, channels = x.shape[1:]",
    "    x = layers.Reshape((*sizes, groups, channels // groups))(x)",
    "    return layers.Reshape((*sizes, channels))(keras.ops.swapaxes(x, -1, -2))",
)

_MEAN = (
    "def mean_of_real(",
    "    x: keras.KerasTensor, pool: layers.Layer, sides: list[tuple[int, int]]",
    ") -> keras.KerasTensor:",
    '    """The mean of each window over what is no padding."""',
    "    ones = keras.ops.pad(keras.ops.ones((1, *x.shape[1:])), sides)",
    "    return pool(keras.ops.pad(x, sides)) / pool(ones)",
)

_TO_SPACE = (
    "def channels_to_space(",
    "    x: keras.KerasTensor, factor: int, channel_last: bool = False",
    ") -> keras.KerasTensor:",
    '    """Channels as positions, on any number of axes: `space_to_channels` back."""',
    "    *sizes, channels = x.shape[1:]",
    "    steps, axes = [factor] * len(sizes), len(sizes)",
    "    kept = channels // factor**axes",
    "    split = (*sizes, *steps, kept) if channel_last else (*sizes, kept, *steps)",
    "    x = layers.Reshape(split)(x)",
    "    first = 1 + axes if channel_last else 2 + axes",
    "    pairs = [axis for at in range(axes) for axis in (1 + at, first + at)]",
    "    last = 1 + 2 * axes if channel_last else 1 + axes",
    "    x = keras.ops.transpose(x, (0, *pairs, last))",
    "    return layers.Reshape((*(size * factor for size in sizes), kept))(x)",
)

_TO_CHANNELS = (
    "def space_to_channels(",
    "    x: keras.KerasTensor, factor: int, channel_last: bool = False",
    ") -> keras.KerasTensor:",
    '    """Neighbours as channels, on any number of axes, a position every `factor`."""',
    "    *sizes, channels = x.shape[1:]",
    "    axes = len(sizes)",
    "    split = [part for size in sizes for part in (size // factor, factor)]",
    "    x = layers.Reshape((*split, channels))(x)",
    "    steps, last = range(2, 2 + 2 * axes, 2), 1 + 2 * axes",
    "    order = (*steps, last) if channel_last else (last, *steps)",
    "    x = keras.ops.transpose(x, (0, *range(1, 1 + 2 * axes, 2), *order))",
    "    return layers.Reshape((*(size // factor for size in sizes), channels * factor**axes))(x)",
)

_L2 = (
    "def l2_pool(x: keras.KerasTensor, mean: layers.Layer, numbers: int) -> keras.KerasTensor:",
    '    """The root of the sum of squares of each window, which has so many numbers."""',
    "    return keras.ops.sqrt(mean(keras.ops.square(x)) * numbers)",
)

_LOCAL = (
    "class LocallyConnected(layers.Layer):",
    '    """A convolution with its own filters at every position."""',
    "",
    "    def __init__(",
    "        self,",
    "        filters: int,",
    "        kernel: tuple[int, ...],",
    "        strides: tuple[int, ...],",
    "        bias: bool = True,",
    "    ) -> None:",
    "        super().__init__()",
    "        self.filters, self.kernel, self.strides = filters, kernel, strides",
    "        self.has_bias = bias",
    "",
    "    def build(self, shape: tuple[int, ...]) -> None:",
    "        axes = tuple(range(len(self.kernel)))",
    "        places = np.arange(math.prod(shape[1:])).reshape(shape[1:])",
    "        places = np.lib.stride_tricks.sliding_window_view(places, self.kernel, axes)",
    "        places = places[tuple(slice(None, None, step) for step in self.strides)]",
    "        self.size = (*places.shape[: len(axes)], self.filters)",
    "        self.places = places.reshape(math.prod(self.size[:-1]), -1)",
    "        weights = (*self.places.shape, self.filters)",
    "        self.weight = self.add_weight(shape=weights)",
    '        zeros = {"shape": self.size, "initializer": "zeros"}',
    "        self.bias = self.add_weight(**zeros) if self.has_bias else None",
    "",
    "    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:",
    "        x = keras.ops.reshape(x, (-1, math.prod(x.shape[1:])))",
    "        x = keras.ops.take(x, self.places, axis=1)",
    '        x = keras.ops.einsum("npk,pkf->npf", x, self.weight)',
    "        x = keras.ops.reshape(x, (-1, *self.size))",
    "        return x if self.bias is None else x + self.bias",
)

OWN = {
    "lrn(": _LRN,
    "Scale(": _SCALE,
    "channel_shuffle(": _SHUFFLE,
    "mean_of_real(": _MEAN,
    "channels_to_space(": _TO_SPACE,
    "space_to_channels(": _TO_CHANNELS,
    "l2_pool(": _L2,
    "LocallyConnected(": _LOCAL,
}
