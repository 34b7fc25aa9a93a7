"""The page of a layer kind: its docstring and its options."""

from inspect import cleandoc

from convcalc.explain.lookup import Page
from convcalc.layers import BY_NAME
from convcalc.layers.option import shown


def kind(word: str) -> Page | None:
    """The page of a kind by its name; None where there is none of that name."""
    wanted = word.strip().lower().replace(" ", "_").replace("-", "_")
    layer = BY_NAME.get(wanted)
    if layer is None:
        return None
    lines = [cleandoc(layer.__doc__ or ""), "", "Options:"]
    if layer.merges:
        lines += ["    branches", "        the branches to join; or `from`"]
    for option in layer.options():
        default = "required" if option.required else _default(option.default)
        letter = f" (or {option.letter})" if option.letter else ""
        lines.append(f"    {option.key}{letter}: {option.wants}{default and f'; {default}'}")
        lines.append(f"        {option.doc}")
    if lines[-1] == "Options:":
        lines[-1] = "Options: none"
    return Page(wanted, (), "\n".join(lines) + "\n")


def _default(value: object) -> str:
    """The default as a spec writes it; '' where leaving the option out is a choice of its own."""
    if value is None or value == ():
        return ""
    if isinstance(value, tuple) and len(set(value)) == 1:
        value = value[0]
    return f"default {value if isinstance(value, str) else shown(value)}"  # type: ignore[arg-type]
