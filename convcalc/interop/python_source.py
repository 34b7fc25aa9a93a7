"""Python source code, which is not run unasked: the line that runs it, and for which class."""

import re
from collections import Counter
from typing import NamedTuple

from convcalc.findings import brief

_KERAS = re.compile(rb"(?m)^(?:import|from) (?:keras|tensorflow)\b")
_MODULE = re.compile(r"class (\w{1,60})\([^)\n]{0,300}?Module\b")
_NAMED = re.compile(r"(?<![\w.])(?<!super\()\w+")
_ARGUMENTS = re.compile(r"def __init__\(\s*+self\b\s*+,?+((?:[^()]|\([^()]*+\)){0,2000}+)\)")
_ASIDE = re.compile(r"#.*|\[[^]]*\]|\([^()]*\)")  #: brackets whose commas part no arguments
_PACKAGE = re.compile(r"(?<=[^/\\.])[/\\]__init__\.py\Z")
_MOST_CLASSES = 6
_LONGEST = 2000  #: letters of a class's arguments that are looked at
_SHOWN = 3  #: arguments of a class that are named


class _Class(NamedTuple):
    """A torch.nn.Module, as far as its text says."""

    name: str
    needed: tuple[str, ...]
    """Arguments that it cannot be made without."""
    is_part: bool
    """Whether another class names it."""
    is_made: bool
    """Whether the file names it outside of classes: a script makes its net."""


def advice(head: bytes, name: str) -> str:
    """What to type to read the net of a Python file.

    Args:
        head: how the file begins.
        name: its path as it was given, from the working folder; '' where it does not end in .py.
    """
    classes = _classes(head.decode(errors="replace"))
    if _KERAS.search(head) and not classes:
        return "`model.save('net.keras')` in it makes a file to be read"
    where, module = _module(name)
    net, *others = classes or [_Class("Net", (), False, False)]
    more = ", ".join(f"{module}:{one.name}" for one in others[:_MOST_CLASSES])
    more += " ..." if len(others) > _MOST_CLASSES else ""
    given = ""
    if net.needed:
        given = f"; --kwargs gives it what it needs: {', '.join(net.needed[:_SHOWN])}"
        given += ", ..." * (len(net.needed) > _SHOWN)
    return (
        f"{where}`convcalc import --torch {module}:{net.name} --input 224x224x3 -o net.yaml` runs "
        f"it, and writes the torch.nn.Module {net.name} as a spec{given}"
        + (f"; others in it: {more}" if more else "")
    )


def _module(name: str) -> tuple[str, str]:
    """What comes before the line, and the module as Python imports it from the working folder.

    >>> _module("src/models/deep.py"), _module("a-b/my-net.py")
    (('', 'src.models.deep'), ('in the folder a-b, called my_net.py, ', 'my_net'))
    """
    name = _PACKAGE.sub(".py", name)
    parts = [part for part in re.split(r"[/\\]", name) if part != "."]
    outside = name[:1] == "/" or name[1:2] == ":" or ".." in parts
    *folders, last = parts
    stem = last.removesuffix(".py")
    if not stem:
        return "", "module"
    module = re.sub(r"\W", "_", stem)
    module = module if module.isidentifier() else f"_{module}"
    called = f"called {module}.py, " if module != stem else ""
    if not outside and all(folder.isidentifier() for folder in folders):
        return called, ".".join((*folders, module))
    folder = name.removesuffix(last).rstrip("/\\") or "/"
    return f"in the folder {brief(folder)}, {called}", module


def _classes(text: str) -> list[_Class]:
    """The modules of a file, the one that is the net most likely first.

    A part of another class comes last, then what cannot be made without arguments.
    """
    name = ""  # of the class whose lines these are; '' outside of classes
    lines: dict[str, list[str]] = {}
    for line in text.splitlines(keepends=True):
        if line[:1].strip(" \t\r\n)#@"):  # a statement of the file itself
            found = _MODULE.match(line)
            name = found[1] if found else ("class" if line.startswith("class ") else "")
        lines.setdefault(name, []).append(line)
    named = {name: set(_NAMED.findall("".join(own))) for name, own in lines.items()}
    made = named.pop("", set())
    times = Counter(word for words in named.values() for word in words)
    found_in = [
        _Class(word, _needed("".join(lines[word])), times[word] > (word in own), word in made)
        for word, own in named.items()
        if word != "class"
    ]
    return sorted(found_in, key=lambda one: (one.is_part, bool(one.needed), not one.is_made))


def _needed(body: str) -> tuple[str, ...]:
    """The arguments without a value of its own that a class is made with."""
    found = _ARGUMENTS.search(body)
    needed = []
    for word in _ASIDE.sub("", found[1][:_LONGEST] if found else "").split(","):
        if word.strip()[:1] == "*":  # what follows has to be named: rarely without a value
            break
        if word.strip() and "=" not in word:
            needed.append(word.partition(":")[0].strip())
    return tuple(needed)
