"""Whose a class or function in a Keras file is: Keras's own, or code that is not in the file."""

from typing import Any

#: what the classes of `keras.ops` are called here: some are named like layers and do other things
OPERATOR = "keras.ops."


def is_foreign(entry: dict[str, Any]) -> bool:
    """Whether an entry with `class_name` is of somebody's own code.

    Keras names the module of each of its own classes and functions; null stands for a class of the
    program that wrote the file. Files of older versions name none.
    """
    registered = entry.get("registered_name")
    if registered is not None and not isinstance(registered, str):
        return True
    if registered and ">" in registered and registered.partition(">")[0] != "keras":
        return True
    return "module" in entry and not _in_keras(entry["module"])


def is_operator(entry: dict[str, Any]) -> bool:
    """Whether an entry is an operator, as `x * 2` and `keras.ops.maximum(x, y)` make it."""
    parts = _parts(entry.get("module"))
    return parts[:2] == ["keras", "ops"] or parts[:3] == ["keras", "src", "ops"]


def _in_keras(module: Any) -> bool:
    return _parts(module)[:1] == ["keras"]


def _parts(module: Any) -> list[str]:
    return module.split(".") if isinstance(module, str) else []
