"""A model file to a flat graph: rows in order, widths and depths by the scale."""

import math
import re

from convcalc.findings import plain
from convcalc.interop.flat import Builder, Flat, Scope, SourceCounts, UnreadableError
from convcalc.interop.read.ultralytics.modules import DEEP, OTHERS, WIDE, Making
from convcalc.interop.read.ultralytics.rows import (
    MOST_ROWS,
    Family,
    Row,
    Scale,
    Value,
    family,
)
from convcalc.interop.refusals import NoKindError, Refusals
from convcalc.layers.option import RejectedError
from convcalc.shapes import LARGEST_SIZE, Shape

MOST_BYTES = 2**20
_SIZE: Shape = (640, 640, 3)
_LETTER = re.compile(r"yolo\w*?\d+([a-z])(?:[-_.]|$)")
#: detection heads: what they read are the outputs
_HEADS = frozenset({"Detect", "Segment", "Pose", "OBB", "v10Detect"})


def read(path: str, data: bytes, shape: Shape | None = None) -> Flat:
    """The flat graph of a model file.

    Raises:
        UnreadableError: it is damaged, or has no rows of this form.
        UnsupportedError: some modules have attention, or are not known.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError(f"the file has more than {MOST_BYTES:,} bytes")
    return _Reading(path, family(path, data)).read(shape)


class _Reading:
    """A model while it is read."""

    def __init__(self, path: str, found: Family) -> None:
        self.path = path
        self.family = found
        self.builder = Builder()
        self.refusals = Refusals()
        self.ends: list[int] = []
        self.heads: list[int] = []
        self.notes: list[str] = []
        self.scale = self.chosen()

    def chosen(self) -> Scale:
        """The scale that the file's name asks for, as yolov8s.yaml does; else the first one."""
        scales = self.family.scales
        if not scales:
            return Scale()
        name = re.split(r"[\\/]", self.path)[-1]
        letter = _LETTER.match(name)
        if letter and letter[1] in scales:
            return scales[letter[1]]
        first = next(iter(scales))
        if len(scales) > 1:
            self.notes.append(
                f"scale {first} of {', '.join(scales)}: the name of a copy asks for another, "
                f"as yolov8{list(scales)[-1]}.yaml does"
            )
        return scales[first]

    def read(self, shape: Shape | None) -> Flat:
        """Every row."""
        self.bound()
        channels = self.family.values.get("ch", 3)
        if type(channels) is not int or not 1 <= channels <= LARGEST_SIZE:
            raise UnreadableError("`ch:` is not a number of channels")
        if shape is None:
            self.notes.append("the file states no input: 640x640 is taken, --input gives another")
        first = self.builder.input("input", shape or (*_SIZE[:2], channels))
        for row in self.family.rows:
            reads = [self.item(row, source, first) for source in row.sources]
            try:
                self.ends.append(self.row(row, reads))
            except NoKindError as error:
                self.refusals.add(plain(str(error)), f"model.{row.number}", reads)
                self.ends.append(-1)
            except RejectedError as error:
                raise UnreadableError(f"line {row.line}, {row.module}: {error}") from error
        self.refusals.raise_if_any(self.flat([]))
        outputs = list(dict.fromkeys(self.heads or [self.ends[-1]]))
        if self.heads:
            self.notes.append("the detection head is left out: what it reads are the outputs")
        return self.flat(outputs)

    def bound(self) -> None:
        """Refuse repeats that a few lines can say and that would be hours of layers.

        Raises:
            UnreadableError: there are too many.
        """
        rows = 0
        for row in self.family.rows:
            rows += self.repeats(row)
            if rows > MOST_ROWS:
                text = f"{rows:,} rows so far, once all repeats are written out"
                raise UnreadableError(
                    f"line {row.line}, {row.module}: {text}: {MOST_ROWS:,} are the most"
                )

    def repeats(self, row: Row) -> int:
        """How often a row's module, or what it holds, is repeated in the scale that is read."""
        return max(round(row.repeats * self.scale.depth), 1) if row.repeats > 1 else 1

    def flat(self, outputs: list[int]) -> Flat:
        """The layers so far, with these outputs."""
        builder = self.builder
        return Flat(
            self.path, "", "Ultralytics YAML", tuple(builder.items), tuple(outputs),
            builder.roundings, SourceCounts(), tuple(self.notes), tuple(builder.faults),
        )  # fmt: skip

    def item(self, row: Row, source: int, first: int) -> int:
        """What a row reads: the input, where nothing comes before it."""
        index = source if source >= 0 else row.number + source
        return self.ends[index] if 0 <= index < len(self.ends) else first

    def row(self, row: Row, reads: list[int]) -> int:
        """The layers of one row.

        Raises:
            NoKindError: the module is not known.
            RejectedError: an argument cannot be.
        """
        if row.module in _HEADS:
            self.heads += reads
            return reads[0]
        make = WIDE.get(row.module) or OTHERS.get(row.module)
        if make is None:
            raise NoKindError(f"module {row.module}")
        if -1 in reads:
            return -1
        args = [self.value(value) for value in row.args]
        channels = 0
        if row.module in WIDE:
            channels = self.channels(row, args)
        repeats = self.repeats(row)
        times, depth = (1, repeats) if row.module in DEEP else (repeats, 1)
        for i in range(times):
            path = f"model.{row.number}" + (f".{i}" if times > 1 else "")
            scope = Scope(path, row.module.removeprefix("nn."))
            reads = [make(Making(self.builder, (scope,), channels), reads, args, depth)]
        return reads[0]

    def channels(self, row: Row, args: list[Value]) -> int:
        """How many channels a module makes: the scale's share, a multiple of 8."""
        asked = args[0] if args else None
        if type(asked) is not int or not 1 <= asked <= LARGEST_SIZE:
            raise RejectedError("the first argument is not a number of channels")
        if asked == self.family.values.get("nc"):
            return asked
        return math.ceil(min(asked, self.scale.most) * self.scale.width / 8) * 8

    def value(self, value: Value) -> Value:
        """An argument: a name means the file's own value."""
        if isinstance(value, str) and value in self.family.values:
            return self.family.values[value]
        return value
