"""The bundled architectures, found in a checkout, an editable install and a wheel."""

import os  # not pathlib: it costs 4 ms of start-up
import re

#: Where editors find the JSON Schema of specs.
SCHEMA = "https://raw.githubusercontent.com/convcalc/convcalc/main/schema/convcalc-1.json"
_BESIDE = b"$schema=../schema/convcalc-1.json"  #: what the bundled specs name, in a checkout

_HERE = os.path.dirname(os.path.abspath(__file__))


def folder() -> str:
    """Where the bundled specs lie."""
    for place in (_HERE, os.path.dirname(_HERE)):
        found = os.path.join(place, "architectures")
        if os.path.isdir(found):
            return found
    raise FileNotFoundError("the bundled architectures are not installed")


def names() -> tuple[str, ...]:
    """The bundled nets in alphabetical order."""
    files = os.listdir(folder())
    return tuple(sorted(f.removesuffix(".yaml") for f in files if f.endswith(".yaml")))


def find(name: str) -> str | None:
    """The path of a bundled net's spec; None where there is none of that name."""
    if not name or "/" in name or "\\" in name or name.startswith("."):
        return None
    path = os.path.join(folder(), f"{name}.yaml")
    return path if os.path.isfile(path) else None


def label(name: str) -> str:
    """What a bundled net's spec is called in reports and findings, wherever it lies."""
    return f"architectures/{name}.yaml"


def read(name: str) -> bytes:
    """The spec of a bundled net.

    Raises:
        KeyError: there is none of that name.
    """
    path = find(name)
    if path is None:
        raise KeyError(name)
    with open(path, "rb") as file:
        return file.read()


def copy(name: str) -> bytes:
    """The spec of a bundled net to be saved elsewhere: its first line leads to the schema.

    Raises:
        KeyError: there is none of that name.
    """
    return read(name).replace(_BESIDE, b"$schema=" + SCHEMA.encode(), 1)


def conventions() -> tuple[str, ...]:
    """The bundled counting conventions in alphabetical order."""
    files = os.listdir(os.path.join(_HERE, "counting", "conventions"))
    return tuple(sorted(f.removesuffix(".yaml") for f in files if f.endswith(".yaml")))


def convention_labels() -> tuple[str, ...]:
    """The bundled conventions as reports call them: ``fvcore``, ``ptflops@0.6``."""
    return tuple(re.sub(r"-(?=[0-9])", "@", name) for name in conventions())


def convention_file(name: str) -> str | None:
    """The path of a bundled counting convention; None where there is none of that name."""
    if name not in conventions():
        return None
    return os.path.join(_HERE, "counting", "conventions", f"{name}.yaml")
