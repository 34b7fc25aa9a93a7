"""darknet's .cfg files: sections in order, each a layer that later ones may read by number."""

from collections.abc import Callable
from typing import NamedTuple

from convcalc.findings import plain
from convcalc.interop.flat import Builder, Counts, Flat, UnreadableError
from convcalc.interop.refusals import Refusals
from convcalc.layers.option import RejectedError
from convcalc.shapes import LARGEST_SIZE, Shape
from convcalc.window import same_padding

MOST_BYTES = 2**20
_MOST_SECTIONS = 20_000
_ACTIVATIONS = {
    "leaky": ("leaky_relu", {"negative_slope": 0.1}),
    "mish": ("mish", {}),
    "swish": ("silu", {}),
    "logistic": ("sigmoid", {}),
    "relu6": ("relu6", {}),
    "relu": ("relu", {}),
    "tanh": ("tanh", {}),
    "elu": ("elu", {}),
    "selu": ("selu", {}),
    "gelu": ("gelu", {}),
    "hard_mish": ("mish", {}),
}
#: sections of detectors and training, which add no layer
_HEADS = frozenset(("yolo", "region", "detection", "cost", "Gaussian_yolo", "iseg"))


class Section(NamedTuple):
    """One section: its name, its line, and its options."""

    name: str
    line: int
    options: dict[str, str]


def sections(text: str) -> list[Section]:
    """The sections of a file.

    Raises:
        UnreadableError: a line is no section, option or remark.
    """
    found: list[Section] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line[0] in "#;":
            continue
        if line[0] == "[":
            if not line.endswith("]") or len(line) > 80:
                raise UnreadableError(f"line {number}: a section has no closing bracket")
            found.append(Section(line[1:-1].strip(), number, {}))
            if len(found) > _MOST_SECTIONS:
                raise UnreadableError(f"more than {_MOST_SECTIONS:,} sections")
            continue
        key, equals, value = line.partition("=")
        if not equals or not found:
            raise UnreadableError(f"line {number}: {plain(line[:60])!r} is no `option=value`")
        found[-1].options[key.strip()] = value.split("#")[0].strip()
    return found


def read(path: str, data: bytes, shape: Shape | None = None) -> Flat:
    """The flat graph of a .cfg.

    Raises:
        UnreadableError: it is damaged, or no net.
        UnsupportedError: some sections have no kind.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError(f"the file has more than {MOST_BYTES:,} bytes")
    found = sections(data.decode("utf-8", "replace"))
    if not found or found[0].name not in {"net", "network"}:
        raise UnreadableError("the file does not begin with a [net] section")
    return _Reading(path, found).read(shape)


class _Reading:
    """A net while it is read."""

    def __init__(self, path: str, found: list[Section]) -> None:
        self.path = path
        self.sections = found
        self.builder = Builder()
        self.refusals = Refusals()
        self.ends: list[int] = []
        self.heads: list[int] = []
        self.at = 0
        self.number = 0
        self.section = found[0]

    def read(self, shape: Shape | None) -> Flat:
        """Every section."""
        size = tuple(self.integer(key, 0) for key in ("height", "width", "channels"))
        if size[2] == 0:
            size = (*size[:2], 3)
        if min(size) < 1 and shape is None:
            if self.integer("inputs", 0):
                size = (self.integer("inputs", 0),)
            else:
                raise UnreadableError("[net] states no height, width and channels: give --input")
        self.at = self.builder.input("input", shape or size)
        for number, section in enumerate(self.sections[1:]):
            self.section, self.number = section, number
            try:
                self.one(section)
            except RejectedError as error:
                raise UnreadableError(f"line {section.line}, [{section.name}]: {error}") from error
            self.ends.append(self.at)
        self.refusals.raise_if_any()
        heads = list(dict.fromkeys([*self.heads, self.at]))
        notes = []
        if self.heads:
            notes.append("yolo, region, detection and cost sections are outputs, no layers")
        if not self.builder.items[self.at].inputs:
            raise UnreadableError("the file has no layers")
        return Flat(
            self.path,
            "",
            "darknet cfg",
            tuple(self.builder.items),
            tuple(heads),
            self.builder.roundings,
            Counts(),
            tuple(notes),
            tuple(self.builder.faults),
        )

    def one(self, section: Section) -> None:
        """One section: the item after it becomes the one that the next reads."""
        if section.name in _HEADS:
            self.heads.append(self.at)
            return
        handler = _SECTIONS.get(section.name)
        if handler is None or self.at < 0:
            if handler is None:
                self.refusals.add(f"[{plain(section.name[:40])}]", self.name)
            self.at = self.at if section.name == "net" else -1
            return
        handler(self)

    @property
    def name(self) -> str:
        """What the section is called: its kind and number."""
        return f"{self.section.name}_{self.number}"

    def refuse(self, why: str) -> None:
        """This section has no kind."""
        self.refusals.add(plain(why), self.name)
        self.at = -1

    def add(self, kind: str, options: dict[str, object], inputs: tuple[int, ...] = ()) -> int:
        """One layer after what came last."""
        first = self.builder.items[-1].node != self.name
        name = self.name if first else f"{self.name}.{kind}"
        self.at = self.builder.add(kind, options, inputs or (self.at,), name, self.name)
        return self.at

    def integer(self, key: str, default: int) -> int:
        """An option as an integer."""
        return self.ints(key, (default,))[0]

    def ints(self, key: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """An option as integers with commas between them."""
        text = self.section.options.get(key)
        if text is None:
            return default
        found = []
        for part in map(str.strip, text.split(",")):
            digits = part.lstrip("-")
            if not part:
                continue
            if not digits.isdecimal() or len(digits) > 10 or abs(int(part)) > LARGEST_SIZE:
                at = f"line {self.section.line}, [{self.section.name}]"
                raise UnreadableError(f"{at}: {key} is {plain(text[:40])}")
            found.append(int(part))
        return tuple(found) or default

    def item(self, number: int) -> int:
        """The item that a section names: counted from the first, or backwards from this one."""
        index = number if number >= 0 else self.number + number
        if not 0 <= index < self.number:
            at = f"line {self.section.line}, [{self.section.name}]"
            raise UnreadableError(f"{at}: reads section {number}, which does not come before it")
        return self.ends[index]

    def activation(self, default: str = "linear") -> None:
        """The layer of the section's activation."""
        word = self.section.options.get("activation", default)
        if word == "linear":
            return
        found = _ACTIVATIONS.get(word)
        if found is None:
            self.refuse(f"activation {word[:40]}")
            return
        self.add(found[0], dict(found[1]))


def _conv(self: _Reading) -> None:
    size, groups = self.integer("size", 1), self.integer("groups", 1)
    pad = size // 2 if self.integer("pad", 0) else self.integer("padding", 0)
    norm = self.integer("batch_normalize", 0)
    stride = self.integer("stride", 1)
    strides = (self.integer("stride_y", stride), self.integer("stride_x", stride))
    dilation = self.integer("dilation", 1)
    if self.integer("pad", 0) and dilation > 1:
        pad = size // 2 * dilation
    filters = self.integer("filters", 1)
    options: dict[str, object] = {
        "kernel": size,
        "stride": strides,
        "pad": pad,
        "dilation": dilation,
        "bias": not norm,
    }
    channels = self.builder.shape(self.at)[-1] if self.builder.shape(self.at) else 0
    if groups == channels > 1:
        self.add("depthwise_conv", {**options, "multiplier": max(filters // channels, 1)})
    else:
        self.add("conv", {**options, "filters": filters, "groups": groups})
    if norm:
        self.add("batch_norm", {})
    self.activation("logistic")


def _deconv(self: _Reading) -> None:
    size, pad = self.integer("size", 1), self.integer("padding", 0)
    pad = size // 2 if self.integer("pad", 0) else pad
    norm = self.integer("batch_normalize", 0)
    options = {"filters": self.integer("filters", 1), "kernel": size, "pad": pad, "bias": not norm}
    self.add("conv_transpose", {**options, "stride": self.integer("stride", 1)})
    if norm:
        self.add("batch_norm", {})
    self.activation("logistic")


def _max_pool(self: _Reading) -> None:
    if self.integer("maxpool_depth", 0):
        self.refuse("maxpool over the channels")
        return
    stride = self.integer("stride", 1)
    size = self.integer("size", stride)
    total = self.integer("padding", size - 1)
    shape = self.builder.shape(self.at)
    sides: list[int] = []
    for width in shape[:-1]:
        output = (width + total - size) // stride + 1
        begin = total // 2
        # what the last window reads beyond the far edge: rows that no window reads are not padded
        sides += [begin, max((output - 1) * stride + size - width - begin, 0)]
    even = all(
        (begin, end) == same_padding(width, size, stride)
        for width, begin, end in zip(shape[:-1], sides[::2], sides[1::2], strict=True)
    )
    pad: object = "same" if even and any(sides) else tuple(sides)
    if even and sides and len(set(sides)) == 1:
        pad = sides[0]
    self.add("max_pool", {"kernel": size, "stride": stride, "pad": pad})


def _avg_pool(self: _Reading) -> None:
    self.add("global_avg_pool", {})


def _local_avg_pool(self: _Reading) -> None:
    stride = self.integer("stride", 1)
    size = self.integer("size", stride)
    total = self.integer("padding", size - 1)
    if total:
        self.refuse("local_avgpool with padding")
        return
    self.add("avg_pool", {"kernel": size, "stride": stride})


def _route(self: _Reading) -> None:
    found = [self.item(number) for number in self.ints("layers", ())]
    if not found:
        at = f"line {self.section.line}, [route]"
        raise UnreadableError(f"{at}: names no layers")
    if -1 in found:
        self.at = -1
        return
    groups, part = self.integer("groups", 1), self.integer("group_id", 0)
    cut = []
    for whole in found:
        item = whole
        channels = self.builder.shape(item)[-1] if self.builder.shape(item) else 0
        if groups > 1:
            each = channels // groups
            stop = (part + 1) * each
            self.at = item
            options = {"start": part * each, "stop": 0 if stop == channels else stop}
            item = self.add("slice", dict(options))
        cut.append(item)
    self.at = cut[0]
    if len(cut) > 1:
        self.add("concat", {}, tuple(cut))


def _shortcut(self: _Reading) -> None:
    others = [self.item(number) for number in self.ints("from", ())]
    if -1 in others or not others:
        self.at = -1
        return
    inputs = (self.at, *others)
    if len({self.builder.shape(item) for item in inputs}) > 1:
        self.refuse("shortcut between different shapes")
        return
    self.add("add", {}, inputs)
    self.activation()


def _gate(self: _Reading) -> None:
    other = self.item(self.integer("from", -1))
    if other < 0:
        self.at = -1
        return
    self.add("multiply", {}, (other, self.at))
    self.activation()


def _upsample(self: _Reading) -> None:
    self.add("upsample", {"scale": self.integer("stride", 2)})


def _reorg(self: _Reading) -> None:
    from convcalc.layers import BY_NAME

    if "space_to_depth" not in BY_NAME:
        self.refuse("reorg")
        return
    self.add("space_to_depth", {"factor": self.integer("stride", 1)})


def _connected(self: _Reading) -> None:
    norm = self.integer("batch_normalize", 0)
    self.add("fc", {"units": self.integer("output", 1), "bias": not norm})
    if norm:
        self.add("batch_norm", {})
    self.activation("logistic")


def _local(self: _Reading) -> None:
    size, pad = self.integer("size", 1), self.integer("pad", 0)
    options = {
        "filters": self.integer("filters", 1),
        "kernel": size,
        "stride": self.integer("stride", 1),
    }
    self.add("locally_connected", {**options, "pad": size // 2 if pad else 0})
    self.activation("logistic")


def _dropout(self: _Reading) -> None:
    text = self.section.options.get("probability", "0.5")
    try:
        rate = float(text)
    except ValueError as error:
        raise UnreadableError(f"line {self.section.line}: probability is {text[:40]!r}") from error
    self.add("dropout", {"rate": rate})


def _batch_norm(self: _Reading) -> None:
    self.add("batch_norm", {})


def _softmax(self: _Reading) -> None:
    if self.integer("groups", 1) != 1:
        self.refuse("softmax over groups")
        return
    self.add("softmax", {})


def _crop(self: _Reading) -> None:
    self.add("crop", {"size": (self.integer("crop_height", 1), self.integer("crop_width", 1))})


def _activation_layer(self: _Reading) -> None:
    self.activation()


_SECTIONS: dict[str, Callable[[_Reading], None]] = {
    "convolutional": _conv,
    "conv": _conv,
    "deconvolutional": _deconv,
    "maxpool": _max_pool,
    "max": _max_pool,
    "avgpool": _avg_pool,
    "avg": _avg_pool,
    "local_avgpool": _local_avg_pool,
    "route": _route,
    "shortcut": _shortcut,
    "scale_channels": _gate,
    "sam": _gate,
    "upsample": _upsample,
    "reorg": _reorg,
    "reorg3d": _reorg,
    "connected": _connected,
    "conn": _connected,
    "local": _local,
    "dropout": _dropout,
    "batchnorm": _batch_norm,
    "softmax": _softmax,
    "crop": _crop,
    "activation": _activation_layer,
}
