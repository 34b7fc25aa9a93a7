"""The variables of a file, under `vars:`, and those that are set for it."""

from convcalc.findings import plain
from convcalc.layers.option import Value
from convcalc.network.remarks import Remarks
from convcalc.spec.values import (
    RESERVED,
    UNKNOWN,
    GivenText,
    Later,
    NoValueError,
    Reader,
    no_channels,
)
from convcalc.tree.nodes import Mapping

#: what their names can be
NAMES = f"letters, digits and _; not {', '.join(RESERVED)}"


def is_variable(word: str) -> bool:
    """Whether a word can be the name of a variable."""
    return word.isidentifier() and word.isascii() and word not in RESERVED


def file_variables(
    root: Mapping, given: tuple[tuple[str, Value], ...], remarks: Remarks, free: bool
) -> dict[str, Value | Later]:
    """The file's variables, in its order, with the values that are `given` for them.

    `free`: those given need no `vars:`.
    """
    forced = dict(given)
    variables: dict[str, Value | Later] = {}
    node = root.get("vars")
    if node is None:
        return {**forced} if free else variables
    if not isinstance(node, Mapping):
        text, help = "vars must be a mapping", ("`vars: {width: 64}`",)
        remarks.error("CC014", text, node, "", help)
        remarks.unread_variables = True
        return variables
    for word, (key, value) in node.entries.items():
        if not is_variable(word):
            text = f"{plain(word)!r} cannot be a variable"
            remarks.error("CC018", text, key, "", (NAMES,))
            continue
        if word not in forced:
            remarks.variables[word] = value
        reader = Reader(remarks, variables, no_channels, stated=node.entries)
        set_to = forced.get(word)
        try:
            variables[word] = set_to if word in forced else reader.passed(value)
            if isinstance(set_to, str):
                variables[word] = GivenText(set_to, word, value)
        except NoValueError:
            variables[word] = UNKNOWN
    return variables
