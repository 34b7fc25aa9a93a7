"""The YAML of a model file as rows: bounded, every row with its line."""

from typing import NamedTuple

from convcalc.findings import Severity, plain
from convcalc.interop.flat import UnreadableError
from convcalc.interop.read.ultralytics.activation import Activation, activation
from convcalc.interop.read.ultralytics.scales import Scale, scale, scales
from convcalc.interop.read.ultralytics.values import CLASSES, Value, value
from convcalc.shapes import LARGEST_SIZE
from convcalc.spec.document import KEYS
from convcalc.tree.decode import Limits, decode
from convcalc.tree.nodes import Mapping, Node, Sequence
from convcalc.tree.reader import read as read_tree

#: rows of a file, and rows once all repeats are written out: a YOLO has some 30, and some 150
MOST_ROWS = 2000
_MOST_REPEATS = 1000
#: Keys that only a spec has: beside rows they would be passed over.
_OF_A_SPEC = frozenset(KEYS) - {"name", "source", "notes"}
#: Keys beside rows and scales that Ultralytics 8.4 reads, those of its heads and of training too.
_READ = frozenset(
    (CLASSES, "activation", "channels", "end2end", "inplace", "kpt_shape", "reg_max", "text_model")
)
_MULTIPLES = ("depth_multiple", "width_multiple")
_CHANNELS = ("channels", "ch")
_MOST_NAMED = 5  #: keys that a note names


class Row(NamedTuple):
    """One row of `backbone` or `head`."""

    number: int
    sources: tuple[int, ...]
    """Rows that it reads: -1 for the one before."""
    is_list: bool
    """Whether they are written as a list."""
    repeats: int
    module: str
    args: list[Value]
    line: int


class Family(NamedTuple):
    """A file: its rows, and the scales by their letters."""

    rows: tuple[Row, ...]
    scales: dict[str, Scale]
    alone: Scale
    """That of a file without scales: its `depth_multiple` and `width_multiple`."""
    classes: Value
    """Its `nc`."""
    activation: Activation
    channels: int
    """Those of the input."""
    notes: tuple[str, ...]
    """What is passed over."""


def family(path: str, data: bytes) -> Family:
    """The rows of a file.

    Raises:
        UnreadableError: it is no YAML, or has no rows of this form.
    """
    source, findings = decode(path, data, Limits())
    tree, more = (None, []) if findings else read_tree(source, Limits())
    for finding in (*findings, *more):
        if finding.severity is Severity.ERROR:
            line = f"line {finding.span.line}: " if finding.span else ""
            raise UnreadableError(f"{line}{finding.message}")
    if not isinstance(tree, Mapping):
        raise UnreadableError("the file is not a mapping with `backbone:` and `head:`")
    values = {key: node for key, (_, node) in tree.entries.items()}
    if also := next((f"`{key}:`" for key in values if key in _OF_A_SPEC), ""):
        raise UnreadableError(
            f"{also} is a key of a spec, `backbone:` of an Ultralytics file: leave one of them out"
        )
    rows: list[Row] = []
    classifies = False
    for part in ("backbone", "head"):
        node = values.pop(part, None)
        if node is None:
            raise UnreadableError(f"the file has no `{part}:`; `{part}: []` is one without rows")
        if not isinstance(node, Sequence):
            raise UnreadableError(f"`{part}:` is not a list of rows")
        rows += [_row(entry, len(rows) + i) for i, entry in enumerate(node.items)]
        if len(rows) > MOST_ROWS:
            raise UnreadableError(f"{len(rows):,} rows: {MOST_ROWS:,} are the most")
        classifies = part == "head" and bool(node.items) and rows[-1].module == "Classify"
    if not rows:
        raise UnreadableError("the file has no rows")
    return _family(tuple(rows), values, classifies)


def _family(rows: tuple[Row, ...], values: dict[str, Node], classifies: bool) -> Family:
    """The file of some rows and of what stands beside them."""
    found, alone = scales(values.pop("scales", None)), Scale()
    if not found and any(key in values for key in _MULTIPLES):
        depth, width = (value(values.pop(key)) if key in values else 1.0 for key in _MULTIPLES)
        try:
            alone = scale([depth, width, LARGEST_SIZE])
        except UnreadableError as error:
            raise UnreadableError(
                f"`{_MULTIPLES[0]}:` and `{_MULTIPLES[1]}:` are numbers above 0, 100 at most"
            ) from error
    stated = {key: _channels(key, value(values[key])) for key in _CHANNELS if key in values}
    channels = stated.pop("channels", 3) if classifies else 3
    notes = tuple(
        f"`{key}: {number}` is passed over, as by Ultralytics 8.4, which reads `channels:` of a "
        f"classifier alone: the input has {channels} channels, --input gives others"
        for key, number in stated.items()
        if number != channels
    )
    over = [plain(key[:30]) for key in values if key not in _READ and key not in _CHANNELS]
    if over:
        more = f" and {len(over) - _MOST_NAMED:,} more" if len(over) > _MOST_NAMED else ""
        named = ", ".join(f"`{key}:`" for key in over[:_MOST_NAMED])
        notes += (f"passed over, as by Ultralytics 8.4, which has no such key: {named}{more}",)
    classes, act = (value(values.get(key)) for key in (CLASSES, "activation"))
    return Family(rows, found, alone, classes, activation(act), channels, notes)


def _channels(key: str, found: Value) -> int:
    if type(found) is not int or not 1 <= found <= LARGEST_SIZE:
        raise UnreadableError(f"`{key}:` is not a number of channels")
    return found


def _row(node: Node, number: int) -> Row:
    found, line = value(node), node.span.line
    if not isinstance(found, list) or len(found) != 4:
        raise UnreadableError(f"line {line}: a row is [from, repeats, module, args]")
    sources, repeats, module, args = found
    listed = sources if isinstance(sources, list) else [sources]
    first = -max(number, 1)  # -1 of the first row is the picture
    fits = all(type(i) is int and first <= i < number for i in listed)
    if not listed or not fits:
        raise UnreadableError(f"line {line}: row {number} reads rows that do not come before it")
    if type(repeats) is not int or not 1 <= repeats <= _MOST_REPEATS:
        raise UnreadableError(f"line {line}: repeats are 1 to {_MOST_REPEATS:,}")
    if not isinstance(module, str) or not isinstance(args, list):
        raise UnreadableError(f"line {line}: a row is [from, repeats, module, args]")
    rows = tuple(i for i in listed if type(i) is int)
    return Row(number, rows, isinstance(sources, list), repeats, module, args, line)
