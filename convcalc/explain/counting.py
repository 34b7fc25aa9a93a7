"""The table of what tools count for each layer kind, generated from the conventions' rules."""

from collections.abc import Iterator, Mapping
from textwrap import wrap

from convcalc.counting.conditions import applies
from convcalc.counting.known import BUNDLED
from convcalc.counting.letters import MEANING, lettered
from convcalc.counting.quantities import NAMES
from convcalc.counting.record import UNKNOWN, Condition, Convention
from convcalc.layers import BY_NAME, KINDS

#: The columns of the table, with a head that fits.
COLUMNS = (
    ("fvcore", "fvcore"),
    ("thop", "thop"),
    ("ptflops", "ptflops"),
    ("ptflops-aten", "aten"),
    ("torchinfo", "tinfo"),
    ("torch-flop-counter", "torch"),
    ("calflops", "calfl"),
    ("deepspeed", "dspeed"),
    ("tensorflow-profiler", "tf"),
    ("onnx-tool", "onnx"),
    ("netscope", "nscope"),
)
_LONGEST = 6  #: letters of a cell; a longer formula goes below the table
#: the width of the page's table without its margin, and how many tools are side by side in it
_WIDE, _MOST = 76, 6
_NARROW, _FEWER = 58, 3
WIDTH = _WIDE + 2  #: columns from which the wider table is shown

_OF_SITUATION = {
    "training": False,
    "shared": False,
    "spatial_axes": 2,
    "ceil_differs": False,
    "padded_apart": False,
    "linear": False,
}


def filled(body: str, narrow: bool = False) -> str:
    """The text of the page with the table and the names that formulas may use."""
    names = "\n".join(wrap(", ".join(NAMES), 98))
    return body.replace("{{table}}", table(narrow)).replace("{{names}}", names)


def table(narrow: bool = False) -> str:
    """The table in parts of a page's width, and below it the formulas that do not fit."""
    notes: list[str] = []
    rows = [*_grouped(rows_of_kinds(notes))]
    wide, most = (_NARROW, _FEWER) if narrow else (_WIDE, _MOST)
    parts: list[str] = []
    for start in range(0, len(COLUMNS), most):
        parts += [*_part(rows, range(start, min(start + most, len(COLUMNS))), wide), ""]
    parts += [
        *wrap(MEANING, 98),
        *(f"({number}) {text}" for number, text in enumerate(notes, 1)),
    ]
    return "\n".join(parts) + "\n"


def rows_of_kinds(notes: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Every kind, and its forms that some tool counts otherwise, with a cell a convention.

    What does not fit into a cell goes to `notes`.
    """
    found = []
    for kind, _, _ in KINDS:
        for conditions in (*_forms(kind), ()):
            facts = _facts(kind, conditions)
            cells = [_rule(BUNDLED[name], kind, facts) for name, _ in COLUMNS]
            within = f"({', '.join(map(str, conditions))})" if conditions else ""
            found.append((f"{kind}{within}", tuple(_cell(cell, notes) for cell in cells)))
    return found


def _forms(kind: str) -> Iterator[tuple[Condition, ...]]:
    """The conditions under which some convention has another rule, each once."""
    seen: set[tuple[Condition, ...]] = set()
    for name, _ in COLUMNS:
        operations = BUNDLED[name].operations
        for rule in operations.of(kind) if operations else ():
            own = tuple(c for c in rule.conditions if c.option != "training")
            trains = len(own) < len(rule.conditions)
            if own and not trains and own not in seen and not applies(own, _facts(kind, ())):
                seen.add(own)
                yield own


def _facts(kind: str, conditions: tuple[Condition, ...]) -> Mapping[str, object]:
    """Options as a condition asks for them, the others as they are by default."""
    facts: dict[str, object] = dict(_OF_SITUATION)
    for option in BY_NAME[kind].options():
        facts[option.key] = None if option.required else option.default
    if kind == "upsample":
        facts["scale"] = (2,)
    for condition in conditions:
        more = condition.relation in (">", "!=") and isinstance(condition.value, int)
        facts[condition.option] = (condition.value or 0) + 1 if more else condition.value  # type: ignore[operator]
    return facts


def _rule(convention: Convention, kind: str, facts: Mapping[str, object]) -> str:
    for rule in convention.operations.of(kind) if convention.operations else ():
        if applies(rule.conditions, facts):
            return rule.formula
    return UNKNOWN


def _cell(text: str, notes: list[str]) -> str:
    short = lettered(text)
    if len(short) <= _LONGEST:
        return short
    if short not in notes:
        notes.append(short)
    return f"({notes.index(short) + 1})"


def _grouped(
    rows: list[tuple[str, tuple[str, ...]]],
) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    """Kinds with equal cells in one row."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, cells in rows:
        groups.setdefault(cells, []).append(name)
    for cells, names in groups.items():
        yield names, cells


def _part(rows: list[tuple[list[str], tuple[str, ...]]], columns: range, wide: int) -> list[str]:
    """Some columns of the table, each at the end of the line, the kinds wrapped before them."""
    heads = [COLUMNS[i][1] for i in columns]
    widths = [
        max(len(head), *(len(cells[i]) for _, cells in rows))
        for head, i in zip(heads, columns, strict=True)
    ]
    room = wide - sum(width + 2 for width in widths)
    lines = [_line("", heads, widths, room)]
    merged: dict[tuple[str, ...], list[str]] = {}
    for names, cells in rows:
        merged.setdefault(tuple(cells[i] for i in columns), []).extend(names)
    for cells, names in merged.items():
        plain = [name for name in names if "(" not in name or name.partition("(")[0] not in names]
        first, *rest = _wrapped(plain, room)
        lines += [_line(first, cells, widths, room), *(f"  {line}" for line in rest)]
    return lines


def _line(name: str, cells: tuple[str, ...] | list[str], widths: list[int], room: int) -> str:
    ends = (f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
    return f"  {name:{room}}{''.join(ends)}".rstrip()


def _wrapped(names: list[str], room: int) -> list[str]:
    lines = [""]
    for word in _words(names, room):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def _words(names: list[str], room: int) -> Iterator[str]:
    """The names with commas between them; one that no line has room for is broken at its own."""
    for number, name in enumerate(names):
        word = name + ("," if number < len(names) - 1 else "")
        yield from (word.replace(", ", ",\n").split("\n") if len(word) > room else (word,))
