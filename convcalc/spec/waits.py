"""Classes that state what arrives, behind a layer that is not read yet: why they wait for it.

Imported only where something is wrong.
"""

from convcalc.network.record import Step
from convcalc.spec.arriving import STATED, stated_in
from convcalc.spec.as_text import text_of
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

_ABOVE = "mend what is above first"
_LONGEST = 300


def help(word: str, value: Node | None, said: tuple[str, ...], step: Step) -> tuple[str, ...]:
    """The help for a class, and that it waits where what it states cannot be compared.

    Args:
        word: the class, or a call of it.
        value: what follows its colon.
        said: the help so far.
        step: the layer that it reads.
    """
    stated = _stated(word, value) if said and step.output is None else []
    if not stated or "`" not in said[0] or any(line.endswith(_ABOVE) for line in said):
        return said
    key, number = stated[0]
    compared = f"`{key}` {number} is compared with what arrives, which is not known yet"
    return *said, f"{compared}: {_ABOVE}"


def _stated(word: str, value: Node | None) -> list[tuple[str, str]]:
    """What a class says of its input, as a call, a list or options."""
    if isinstance(value, Mapping):
        return [(key, text_of(own)) for key, (_, own) in value.entries.items() if key in STATED]
    if isinstance(value, Sequence):
        return stated_in(f"{word}: {text_of(value)}"[:_LONGEST])
    if isinstance(value, Scalar) and "(" in value.text:  # a name, and the layer behind it
        return stated_in(value.text[:_LONGEST])
    return stated_in(word[:_LONGEST]) if "(" in word else []
