"""The input of a net where a layer states it, as other tools have it: ``Input((32, 32, 3))``.

Imported only where something is wrong.
"""

import re

from convcalc.findings import plain
from convcalc.network.record import INPUT, Step
from convcalc.shapes import written
from convcalc.spec import called
from convcalc.spec.as_text import text_of
from convcalc.spec.viewed import numbers
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

NUMBERS = ("in_features", "input_dim")
SHAPES = ("input_shape", "batch_input_shape", "batch_shape")  #: the batch comes first in two


def first_input(layers: Node | None) -> str:
    """The input that the first layer of a file states, ``28x28x1``; '' where it states none."""
    first = layers.items[0] if isinstance(layers, Sequence) and layers.items else layers
    if isinstance(first, Scalar):
        return _shape_in_call(first.text)
    for word, (_, value) in first.entries.items() if isinstance(first, Mapping) else ():
        if shape := input_of(word, value, first):
            return shape
    return ""


def input_layer(call: str, step: Step | None) -> tuple[str, ...]:
    """Help for the input as a call, ``Input(shape=(32, 32, 3))``; () for any other."""
    name, bracket, _ = call.strip().partition("(")
    if not bracket or not is_input(name) or not _is_whole(call):
        return ()
    shape = _shape_in_call(call.strip())
    arrives = step is not None and step.kind == INPUT and step.output
    if arrives and shape == written(arrives):
        return (f"leave out `{plain(call.strip())}`: the input is a key of the file",)
    return (f"the input is a key of the file: `input: {shape or '224x224x3'}`",)


def is_input(word: str) -> bool:
    """Whether Keras's word for a layer is the one of the input."""
    return word.rsplit(".", 1)[-1].lower() in {"input", "inputlayer"}


def _shape_in_call(call: str) -> str:
    """The shape that a call states; '' where it states none."""
    word, _, inside = call.partition("(")
    if not _is_whole(call):
        return ""
    given = {word: str(value) for word, value in called.by_name(call).items()}
    return _shape_in(word, given or {"": inside.rstrip()[:-1]})


def _is_whole(call: str) -> bool:
    """Whether a text is one call to its end: YAML may have cut it at a comma."""
    return call.rstrip()[-1:] == ")" and call.count("(") == call.count(")")


def input_of(word: str, value: Node, entry: Node | None = None) -> str:
    """The input that a layer states among its options, or its entry beside them; '' for none."""
    given, waiting = {"": text_of(value)}, [value, entry]
    while waiting:
        node = waiting.pop()
        for key, (_, inner) in node.entries.items() if isinstance(node, Mapping) else ():
            given[key] = text_of(inner)
            waiting.append(inner)
    return _shape_in(word, given)


def _shape_in(word: str, given: dict[str, str]) -> str:
    """The shape that is among the options of a layer; '' where none is, or another order."""
    for key in (*SHAPES, *NUMBERS, *(("shape", "") if is_input(word) else ())):
        text = given.get(key, "").replace("x", ",")
        sizes = sizes_in(key, text)
        if sizes and min(sizes) > 0 and "channels_first" not in given.values():
            return written(sizes)
    return ""


def sizes_in(word: str, text: str) -> tuple[int, ...]:
    """The sizes that an option states, -1 for any, without the batch; () for what has none."""
    found = numbers(Scalar(re.sub("None|null", "-1", text[:100]), 0))
    return found[1:] if word.startswith("batch") else found
