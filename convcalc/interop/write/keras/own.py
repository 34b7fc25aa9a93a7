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

OWN = {
    "lrn(": _LRN,
    "Scale(": _SCALE,
    "channel_shuffle(": _SHUFFLE,
    "mean_of_real(": _MEAN,
}
