"""Entries as lines of YAML: in one line where it fits, else nested."""

from typing import Any

from convcalc.layers.written import option_text
from convcalc.tree.nodes import BESIDE
from convcalc.tree.scalars import safely

_WIDTH = 88

Tree = str | dict[str, Any] | list[Any]


class Short(str):
    """A short form, which takes no keys beside it in one line: `long` does."""

    __slots__ = ("long",)
    long: dict[str, Any]

    def __new__(cls, word: str, long: dict[str, Any]) -> "Short":
        made = super().__new__(cls, word)
        made.long = long
        return made


def value_text(value: Any) -> str:
    """A value as a spec writes it; a name that YAML parsers read apart (`0_2`, `no`) in quotes."""
    return safely(value) if isinstance(value, str) else option_text(value)


def flow(tree: Tree) -> str:
    """An entry, list or options in one line."""
    if not isinstance(tree, list | dict):
        return value_text(tree)
    if isinstance(tree, list):
        return f"[{', '.join(flow(item) for item in tree)}]"
    parts = [
        f"{key}: {flow(value)}" if value != {} else f"{key}: {{}}" for key, value in tree.items()
    ]
    return f"{{{', '.join(parts)}}}"


def block(entries: list[Tree], indent: int) -> list[str]:
    """Entries as lines of a list."""
    pad = " " * indent
    out: list[str] = []
    for entry in entries:
        line = _one_line(entry, indent)
        if line is not None:
            out.append(line)
            continue
        if isinstance(entry, list):
            inner = block(entry, indent + 2)
            out.append(f"{pad}- {inner[0].lstrip()}")
            out += inner[1:]
            continue
        if isinstance(entry, str):
            out.append(f"{pad}- {entry}")
            continue
        lead = f"{pad}- "
        for key, value in entry.items():
            if key in BESIDE:
                out.append(f"{lead}{key}: {flow(value)}")
            elif isinstance(value, dict) and ("branches" in value or "layers" in value):
                out.append(f"{lead}{key}:")
                for name, inside in value.items():
                    if (
                        isinstance(inside, list)
                        and len(f"{pad}    {name}: {flow(inside)}") > _WIDTH
                    ):
                        out.append(f"{pad}    {name}:")
                        out += block(inside, indent + 6)
                    else:
                        out.append(f"{pad}    {name}: {flow(inside)}")
            else:
                out.append(f"{lead}{key}: {flow(value)}")
            lead = f"{pad}  "
    return out


def listed(key: str, entries: list[Tree], indent: int) -> list[str]:
    """A key with a list of entries: in one line where it fits and none of them has branches."""
    line = f"{' ' * indent}{key}: {flow(entries)}"
    plain = all(_one_line(entry, 0) is not None for entry in entries)
    if plain and len(line) <= _WIDTH:
        return [line]
    return [f"{' ' * indent}{key}:", *block(entries, indent + 2)]


def _one_line(entry: Tree, indent: int) -> str | None:
    """The line of an entry; None where it does not fit, or would be hard to read."""
    pad = " " * indent
    if isinstance(entry, dict) and len(entry) == 1:
        ((key, value),) = entry.items()
        text = f"{pad}- {key}: {flow(value)}"
    else:
        text = f"{pad}- {flow(entry)}"
    simple = not isinstance(entry, dict) or not any(
        isinstance(value, dict) and "branches" in value for value in entry.values()
    )
    return text if len(text) <= _WIDTH and simple else None
