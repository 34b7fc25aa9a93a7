"""What to type for a block of the file, or a repeat, with round brackets: ``residual(8, 2)``.

Imported only where something is wrong.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from convcalc.dialects import folded
from convcalc.layers.option import shown
from convcalc.spec import called

_CALL = re.compile(r"(?:\w+\.)*(\w[\w-]*)\s*\(")
_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_DOUBTFUL = frozenset(
    {"y", "n", "yes", "no", "on", "off", "null"}
)  #: words that YAML may read anew


def help(call: str, blocks: Collection[str], alone: bool = True) -> tuple[str, ...]:
    """What to type for a call of a block, `alone` in its entry or among a pattern's words.

    () for a call of anything else.
    """
    match = _CALL.match(call)
    if match is None:
        return ()
    like = (word for word in blocks if folded(word) == folded(match[1]))
    name = match[1] if match[1] in blocks else next(like, "")
    if not name:
        if folded(match[1]) != "repeat":
            return ()
        return ("write `repeat: {times: 2, layers: [conv3-64, relu]}`",)
    names: tuple[str, ...] = tuple(blocks[name].args) if isinstance(blocks, Mapping) else ()
    written = _entry(call, name, names)
    if written and alone:
        return (f"did you mean `{written}`?", "a block is called without round brackets")
    if not written:
        takes = f" with its arguments: {', '.join(names[:_LISTED])}" if names else ""
        written = f"{name}: [...]" if names else name
        return (f"write `{written}`{takes}", *["a block is called without round brackets"] * alone)
    if written == name:
        return (f"write `{written}`",)
    return (f"write `{written}` as an entry of a list of layers",)


_LISTED = 10  #: arguments that a help names


def _entry(call: str, name: str, names: tuple[str, ...]) -> str:
    """The entry of a call; '' where an argument is not understood."""
    given = None if ")(" in call.replace(" ", "") else called.arguments_of(call)
    if given is None:
        return ""
    places, named = given
    if places[:1] == [None]:  # the volume that it reads
        places = places[1:]
    if len(places) > len(names) or set(named) - set(names):
        return ""
    if set(names[: len(places)]) & set(named):
        return ""
    values = {word: _value(value) for word, value in zip(names, places, strict=False)}
    values |= {word: _value(value) for word, value in named.items()}
    if "" in values.values():
        return ""
    if named:
        return f"{name}: {{{', '.join(f'{word}: {value}' for word, value in values.items())}}}"
    texts = list(values.values())
    if len(texts) == 1 and texts[0][0] != "[":
        return f"{name}: {texts[0]}"
    return f"{name}: [{', '.join(texts)}]" if texts else name


def _value(value: Any) -> str:
    """An argument as YAML has it; '' where it is not sure to be read as the same."""
    if isinstance(value, list | tuple):
        items = [_value(item) for item in value]
        return "" if "" in items else f"[{', '.join(items)}]"
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) and value.lower() not in _DOUBTFUL else ""
    return "" if value is None else shown(value)
