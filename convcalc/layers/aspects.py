"""What a layer kind must answer. One that leaves something out stops the import."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convcalc.layers.base import Layer

#: What every kind answers, and how a message calls it.
ASPECTS = {
    "family": "what it is: one of `Family`",
    "places": "what it does with the places of a vector's numbers",
    "layout": "in which order its output and its gradient lie in memory",
    "precision": "the width of its output under autocast, and what it casts",
    "is_local": "whether it treats every position alike",
    "sizing": "its output's shape",
    "parameters": "how many numbers it learns",
    "macs": "its multiply-accumulates",
    "receptive_field_step": "how it widens the receptive field",
    "saved_for_backward": "what it saves for backward",
    "describe": "its words in a table",
    "arrays": "its parameters' arrays",
    "forward": "what it computes",
}


def check_aspects(kind: "type[Layer]") -> None:
    """Refuse a class with a `kind` that does not answer every aspect.

    Raises:
        TypeError: an aspect is left out, or inherited from another kind, or a base's promise
            (`typing.final`) is broken; the message names the kind and the aspect.
    """
    name = kind.kind
    members = [(base, vars(base)) for base in kind.__mro__]
    for aspect, meaning in ASPECTS.items():
        givers = [base for base, own in members if aspect in own]
        answer = givers[0].__dict__[aspect] if givers else None
        if answer is None or getattr(answer, "__isabstractmethod__", False):
            raise TypeError(f"layer kind {name} leaves out `{aspect}`: {meaning}")
        giver = givers[0]
        if giver is not kind and "kind" in giver.__dict__:
            raise TypeError(
                f"layer kind {name} leaves out `{aspect}`: {meaning}; "
                f"{giver.__dict__['kind']} answers for itself alone"
            )
        for base in givers[1:]:
            if getattr(base.__dict__[aspect], "__final__", False):
                raise TypeError(
                    f"layer kind {name} answers `{aspect}`, which {base.__name__} promises: "
                    "take another base"
                )
