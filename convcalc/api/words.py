"""What the command line's options are called in Python, in the messages of errors."""

import re
from collections.abc import Collection, Sequence
from typing import Any, SupportsIndex

from convcalc.quantity import counted

_CODE = re.compile(r"(`[^`]*`)")
_OPTION = re.compile(r"(?<![\w-])--([a-z][a-z-]*)")
_TYPED = re.compile(r"`--([a-z][a-z-]*)(?: ([^\s`]+))?`")
#: options whose argument has another name
_OTHERWISE = {
    "as": "counted_as",
    "from": "from_",
    "input": "inputs",
    "on": "executor",
    "set": "variables",
}
_FROM = ("start", "begin", "first", "least", "min", "minimum", "lowest")
_TO = ("end", "stop", "last", "most", "max", "maximum", "highest")
_FILE = ("output", "out", "path", "file", "filename", "save", "save_as", "html")
_WRITE = "write the page yourself: `pathlib.Path('page.html').write_text(report(net).html)`"
#: what others call an argument, by function
_CALLED = {
    "sizes": {
        **dict.fromkeys(_FROM, "the smallest input is `from_=1`"),
        **dict.fromkeys(_TO, "the largest input is `to=512`"),
    },
    "report": {**dict.fromkeys(_FILE, _WRITE), "svg": "it is `report(net).svg`"},
}


def called(function: str, name: str) -> str:
    """What an argument of another name is in a function; '' where nothing is known of it.

    >>> called("sizes", "start")
    'the smallest input is `from_=1`'
    """
    return _CALLED.get(function, {}).get(name, "")


def in_python(text: str, names: Collection[str]) -> str:
    """A message with the names of a function's arguments; commands to type stay as they are.

    >>> in_python("give --memory such as 24GiB (`convcalc fit --devices`)", {"memory"})
    'give `memory` such as 24GiB (`convcalc fit --devices`)'
    >>> in_python("the rest: `--layers conv1..fc1`", {"layers"})
    "the rest: `layers='conv1..fc1'`"
    """
    if "in Python" in text:  # it says both
        return text
    parts = _CODE.split(text)
    said = [_OPTION.sub(lambda one: _argument(one, names), part) for part in parts[::2]]
    codes = [_TYPED.sub(lambda one: _call(one, names), part) for part in parts[1::2]]
    parts[::2], parts[1::2] = said, codes
    return "".join(parts)


def _named(option: str, names: Collection[str]) -> str:
    """The argument that an option is; '' where the function has none."""
    own = (option.replace("-", "_"), _OTHERWISE.get(option, ""))
    return next((name for name in own if name in names), "")


def _argument(option: re.Match[str], names: Collection[str]) -> str:
    """An option in a sentence, told from its words by backquotes."""
    name = _named(option[1], names)
    return f"`{name}`" if name else option[0]


def _call(typed: re.Match[str], names: Collection[str]) -> str:
    """An option with its value as an argument of a call."""
    name, value = _named(typed[1], names), typed[2]
    if not name:
        return typed[0]
    given = "True" if value is None else value if value.isdigit() else f"'{value}'"
    return f"`{name}={given}`"


def at_place(layers: Sequence[object], place: SupportsIndex | slice) -> Any:
    """The layer at a place, or those of a slice.

    Raises:
        IndexError: there are not so many; the message says how many there are.
    """
    try:
        return layers[place]  # type: ignore[index]
    except IndexError:
        many = counted(len(layers), "layer")
        raise IndexError(f"no layer {place}: {many} with the input, counted from 0") from None
