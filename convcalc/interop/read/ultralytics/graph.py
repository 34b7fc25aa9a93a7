"""A model file to a flat graph: rows in order, widths and depths by the scale."""

import math

from convcalc.findings import plain
from convcalc.interop.called import called
from convcalc.interop.flat import Builder, Flat, Scope, SourceCounts, UnreadableError
from convcalc.interop.read.ultralytics.arguments import Arguments, quoted
from convcalc.interop.read.ultralytics.modules import HEADS, MODULES, Making, Module
from convcalc.interop.read.ultralytics.rows import MOST_ROWS, Family, Row, family
from convcalc.interop.read.ultralytics.scales import chosen
from convcalc.interop.read.ultralytics.values import evaluated
from convcalc.interop.refusals import NoKindError, Refusals
from convcalc.layers.option import RejectedError
from convcalc.shapes import LARGEST_SIZE, Shape

MOST_BYTES = 2**20
_SIZE = (640, 640)
_NAME = 60  #: letters of a module that a message quotes


def read(path: str, data: bytes, shape: Shape | None = None, name: str = "") -> Flat:
    """The flat graph of a model file.

    Args:
        path: what messages call it.
        data: its bytes.
        shape: the input's, where another than 640x640 is wanted.
        name: the file's own name, which asks for a scale; '' for the path.

    Raises:
        UnreadableError: it is damaged, or has no rows of this form.
        UnsupportedError: some modules have attention, or are not known.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError(f"the file has more than {MOST_BYTES:,} bytes")
    return _Reading(path, family(path, data), name or path).read(shape)


class _Reading:
    """A model while it is read."""

    def __init__(self, path: str, found: Family, name: str) -> None:
        self.path = path
        self.family = found
        self.builder = Builder()
        self.refusals = Refusals()
        self.ends: list[int] = []
        self.heads: list[int] = []
        self.scale, notes = chosen(name, found.scales, found.alone)
        self.notes = list(notes)
        self.of_classes: list[str] = []
        """Notes of channels that releases scale or leave."""

    def read(self, shape: Shape | None) -> Flat:
        """Every row."""
        self.bound()
        self.notes += self.family.notes
        if shape is None:
            self.notes.append("the file states no input: 640x640 is taken, --input gives another")
        first = self.builder.input("input", shape or (*_SIZE, self.family.channels))
        for row in self.family.rows:
            reads = [self.item(row, source, first) for source in row.sources]
            try:
                self.ends.append(self.row(row, reads))
            except NoKindError as error:
                self.refusals.add(plain(str(error)), f"model.{row.number}", reads)
                self.ends.append(-1)
            except RejectedError as error:
                raise UnreadableError(f"{_place(row)}: {error}") from error
        self.refusals.raise_if_any(self.flat([]))
        if self.of_classes:
            more = len(self.of_classes) - 1
            self.notes.append(self.of_classes[0] + (f" (and {more:,} more)" if more else ""))
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
                raise UnreadableError(f"{_place(row)}: {text}: {MOST_ROWS:,} are the most")

    def repeats(self, row: Row) -> int:
        """How often a row's module, or what it holds, is repeated in the scale that is read."""
        return max(round(row.repeats * self.scale.depth), 1) if row.repeats > 1 else 1

    def flat(self, outputs: list[int]) -> Flat:
        """The layers so far, with these outputs."""
        builder = self.builder
        return Flat(
            self.path, "", "Ultralytics YAML", called(builder.items), tuple(outputs),
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
        module = MODULES.get(row.module)
        if module is None and row.module not in HEADS:
            raise NoKindError(f"module {row.module[:_NAME]}")
        joins = module is None or module.joins
        if joins != row.is_list:
            raise RejectedError(
                "`from` is a list of rows" if joins else "`from` is one row, not a list"
            )
        if module is None:
            return self.head(row, reads)
        args = Arguments([evaluated(each, self.family.classes) for each in row.args])
        if len(args.values) > module.most:
            raise NoKindError(f"{row.module} with {module.others}")
        if -1 in reads:
            return -1
        channels = self.channels(row, args) if module.is_wide else 0
        return self.repeated(row, module, reads, args, channels)

    def head(self, row: Row, reads: list[int]) -> int:
        """A detection head, which is left out: what it reads are the outputs.

        Raises:
            RejectedError: rows come after it.
        """
        if row.number + 1 < len(self.family.rows):
            raise RejectedError("rows come after the detection head")
        self.heads += reads
        return reads[0]

    def repeated(
        self, row: Row, module: Module, reads: list[int], args: Arguments, channels: int
    ) -> int:
        """A row's module, as often as it says.

        Raises:
            RejectedError: it cannot read what it makes.
        """
        repeats = self.repeats(row)
        times, depth = (1, repeats) if module.repeats == "depth" else (repeats, 1)
        if times > 1 and module.repeats == "never":
            raise RejectedError(f"{times} repeats: it cannot read what it makes")
        read = self.builder.shape(reads[0])[-1:]
        if times > 1 and channels and read and read[0] != channels:
            raise RejectedError(
                f"{times} repeats, which all read {read[0]} channels: they make {channels}"
            )
        for i in range(times):
            path = f"model.{row.number}" + (f".{i}" if times > 1 else "")
            scope = Scope(path, row.module.removeprefix("nn."))
            making = Making(self.builder, (scope,), channels, self.family.activation)
            reads = [module.make(making, reads, args, depth)]
        return reads[0]

    def channels(self, row: Row, args: Arguments) -> int:
        """How many channels a module makes: the scale's share, a multiple of 8."""
        asked = args.values[0] if args.values else None
        if type(asked) is not int or not 1 <= asked <= LARGEST_SIZE:
            raise RejectedError(
                f"the first argument is not a number of channels but {quoted(asked)}"
            )
        channels = math.ceil(min(asked, self.scale.most) * self.scale.width / 8) * 8
        if asked == self.family.classes and channels != asked:
            self.of_classes.append(
                f"{_place(row)}: {asked} channels, as many as `nc`, become {channels} by the scale "
                "and multiples of 8, as in Ultralytics 8.4; earlier releases leave them"
            )
        return channels


def _place(row: Row) -> str:
    """Where a row stands."""
    return f"line {row.line}, {plain(row.module[:_NAME])}"
