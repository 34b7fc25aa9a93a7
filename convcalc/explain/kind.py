"""The page of a layer kind: its docstring and its options."""

from inspect import cleandoc

from convcalc import dialects
from convcalc.explain.lookup import Page
from convcalc.layers import BY_NAME
from convcalc.layers.option import shown
from convcalc.spec.arriving import STATED
from convcalc.spec.foreign.asked import tool
from convcalc.spec.foreign.orders import arguments


def kind(word: str) -> Page | None:
    """The page of a kind by its name; None where there is none of that name."""
    wanted = word.strip().lower().replace(" ", "_").replace("-", "_")
    layer = BY_NAME.get(wanted)
    if layer is None:
        return None
    lines = [cleandoc(layer.__doc__ or ""), "", "Options:"]
    if layer.merges:
        lines += [
            "    branches",
            "        the branches to join, each entry one, layers in a row a list in it; or `from`",
        ]
    for option in layer.options():
        default = "required" if option.required else _default(option.default)
        letter = f" (or {option.letter})" if option.letter else ""
        lines.append(f"    {option.key}{letter}: {option.wants}{default and f'; {default}'}")
        lines.append(f"        {option.doc}")
    if lines[-1] == "Options:":
        lines[-1] = "Options: none"
    return Page(wanted, (), "\n".join(lines) + "\n")


def of_another_tool(word: str) -> Page | None:
    """The page of the kind that PyTorch, Keras, Caffe or darknet calls so; None for other words.

    What their arguments are called here comes first: ``nn.Conv2d``. Papers write words apart:
    ``transposed convolution``.
    """
    name = word.strip().partition("(")[0]
    meant = dialects.kind(name, BY_NAME) if name else ""
    page = kind(meant) if meant else None
    if page is None:
        return None
    names = [option.key for option in BY_NAME[meant].options()]
    asked = arguments(tool(name), meant, dialects.folded(name)) if tool(name) else []
    pairs = [(given, dialects.option(given, names)) for given in asked]
    known = [f"`{given}` is `{own}`" for given, own in pairs if own and own != given]
    known += [f"`{given}` is what arrives, and left out" for given in asked if given in STATED]
    options = f": {', '.join(known)}" if known else ""
    told = f"{name} is `{meant}` here{options}."
    return page._replace(body=f"{told}\n\n{page.body}")


def _default(value: object) -> str:
    """The default as a spec writes it; '' where leaving the option out is a choice of its own."""
    if value is None or value == ():
        return ""
    if isinstance(value, tuple) and len(set(value)) == 1:
        value = value[0]
    return f"default {value if isinstance(value, str) else shown(value)}"  # type: ignore[arg-type]
