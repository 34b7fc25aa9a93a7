"""The YAML of a model file as rows: bounded, every row with its line."""

from typing import NamedTuple

from convcalc.findings import Severity, plain
from convcalc.interop.flat import UnreadableError
from convcalc.shapes import LARGEST_SIZE
from convcalc.spec.document import KEYS
from convcalc.tree.decode import Limits, decode
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence
from convcalc.tree.reader import read as read_tree

#: rows of a file, and rows once all repeats are written out: a YOLO has some 30, and some 150
MOST_ROWS = 2000
_MOST_REPEATS = 1000
#: Keys that only a spec has: beside rows they would be passed over.
_OF_A_SPEC = frozenset(KEYS) - {"name", "source", "notes"}

Value = int | float | bool | str | None | list["Value"]


class Row(NamedTuple):
    """One row of `backbone` or `head`."""

    number: int
    sources: tuple[int, ...]
    """Rows that it reads: -1 for the one before."""
    repeats: int
    module: str
    args: list[Value]
    line: int


class Scale(NamedTuple):
    """How a family is made deeper and wider."""

    depth: float = 1.0
    width: float = 1.0
    most: int = LARGEST_SIZE
    """The most channels, before they are widened."""


class Family(NamedTuple):
    """A file: its rows, and the scales by their letters."""

    rows: tuple[Row, ...]
    scales: dict[str, Scale]
    values: dict[str, Value]
    """Its other keys, such as `nc`."""


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
    for part in ("backbone", "head"):
        node = values.pop(part, None)
        if node is None:
            continue
        if not isinstance(node, Sequence):
            raise UnreadableError(f"`{part}:` is not a list of rows")
        rows += [_row(entry, len(rows) + i) for i, entry in enumerate(node.items)]
        if len(rows) > MOST_ROWS:
            raise UnreadableError(f"{len(rows):,} rows: {MOST_ROWS:,} are the most")
    if not rows:
        raise UnreadableError("the file has no rows")
    scales = _scales(values.pop("scales", None))
    plain_values = {key: _value(node) for key, node in values.items()}
    if not scales and {"depth_multiple", "width_multiple"} & set(plain_values):
        pair = [plain_values.get(key, 1.0) for key in ("depth_multiple", "width_multiple")]
        scales[""] = _scale(pair)
    return Family(tuple(rows), scales, plain_values)


def _row(node: Node, number: int) -> Row:
    found, line = _value(node), node.span.line
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
    return Row(number, rows, repeats, plain(module[:60]), args, line)


def _scales(node: Node | None) -> dict[str, Scale]:
    if not isinstance(node, Mapping):
        return {}
    return {plain(key[:20]): _scale(_value(value)) for key, (_, value) in node.entries.items()}


def _scale(found: Value) -> Scale:
    listed = found if isinstance(found, list) else []
    numbers = [n for n in listed if isinstance(n, int | float) and not isinstance(n, bool)]
    if len(numbers) != len(listed) or len(numbers) not in {2, 3}:
        raise UnreadableError("a scale is [depth, width, max_channels]")
    if not all(0 < n <= LARGEST_SIZE for n in numbers) or max(numbers[:2]) > 100:
        raise UnreadableError("a scale is [depth, width, max_channels], each above 0")
    return Scale(float(numbers[0]), float(numbers[1]), int((*numbers, LARGEST_SIZE)[2]))


def _value(node: Node | None) -> Value:
    """The value of a node: numbers, words and lists of them."""
    if isinstance(node, Sequence):
        return [_value(item) for item in node.items]
    if not isinstance(node, Scalar):
        return None
    text = node.text
    if not node.plain:
        return text
    if text in {"", "~", "null", "None"}:
        return None
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    for kind in (int, float):
        try:
            number = kind(text) if len(text) < 30 else None
        except ValueError:
            continue
        if number is not None and abs(number) <= LARGEST_SIZE:
            return number
    return text
