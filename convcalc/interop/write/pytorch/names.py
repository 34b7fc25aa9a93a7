"""Names of modules: attributes where Python and PyTorch allow it."""

import keyword

TAKEN = frozenset(
    """
    forward train eval input training apply parameters buffers modules
    children half float double type to cpu cuda state_dict register_module add_module
    """.split()  # noqa: SIM905
)


def usable(name: str) -> bool:
    """Whether a name can be an attribute of a module."""
    return name.isidentifier() and not keyword.iskeyword(name) and name not in TAKEN


def access(name: str, owner: str) -> str:
    """How a child of a module is reached, after its owner's own name."""
    if owner != "self":
        return f'["{name}"]'
    if usable(name):
        return f".{name}"
    return f".{name}_" if name in TAKEN else f'.get_submodule("{name}")'


def assigned(name: str, value: list[str], owner: str) -> list[str]:
    """The lines that give a module a child, whose own lines are `value`."""
    first, last = value[0], value[-1]
    if owner != "self":
        head, tail = f'"{name}": ', ","
    elif usable(name):
        head, tail = f"self.{name} = ", ""
    elif name in TAKEN:  # no module can have this name
        head, tail = f"self.{name}_ = ", ""
    else:
        head, tail = f'self.add_module("{name}", ', ")"
    if len(value) == 1:
        return [f"{head}{first}{tail}"]
    return [f"{head}{first}", *value[1:-1], f"{last}{tail}"]
