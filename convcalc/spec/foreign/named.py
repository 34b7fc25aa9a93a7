"""Entries with the name that a call of another tool has as an argument."""

from convcalc.tree.scalars import AmbiguousError, resolve


def with_name(entry: str, name: str) -> str:
    """An entry with its name beside it, in braces: it stands wherever the call did.

    >>> with_name("conv3-8", "c1"), with_name("dropout: {rate: 0.5}", "no")
    ('{conv3-8: , name: c1}', "{dropout: {rate: 0.5}, name: 'no'}")
    """
    try:
        text = name if isinstance(resolve(name), str) else f"'{name}'"
    except AmbiguousError:  # a boolean in YAML 1.1
        text = f"'{name}'"
    return f"{{{entry if ':' in entry else f'{entry}: '}, name: {text}}}"
