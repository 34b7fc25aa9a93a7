"""A layer of another tool with its arguments, and what it can be said to mean."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from convcalc.dialects import Known
from convcalc.layers import BY_NAME
from convcalc.shapes import Shape

KINDS = Known(BY_NAME)  #: of ours, made once for all layers of a file
#: classes of one tool alone, whichever letter is behind their number
_KERAS_ALONE = re.compile(
    r"(?:\w*Pooling|UpSampling|ZeroPadding|Cropping|SpatialDropout)[123][dD]\Z"
)
_PYTORCH_ALONE = re.compile(
    r"(?:BatchNorm|InstanceNorm|Adaptive\w+Pool|\w*(?:Zero|Reflection|Replication|Constant)Pad)"
    r"[123][dD]\Z"
)
_KERAS = re.compile(r".*[123]D(?:Transpose)?\Z|Dense\Z|\w+ization\Z")
_PYTORCH = re.compile(r".*[123]d\Z|(?:Lazy)?Linear\Z|\w+Norm\Z|Upsample\Z")
_MODULES = {
    **dict.fromkeys(("nn", "torch", "f", "functional"), "pytorch"),
    **dict.fromkeys(("layers", "keras", "tf", "tensorflow"), "keras"),
    **dict.fromkeys(("caffe", "l"), "caffe"),
    **dict.fromkeys(("flax", "linen", "nnx"), "flax"),
    **dict.fromkeys(("hk", "haiku", "snt", "sonnet"), "haiku"),
    "slim": "slim",
}
Given = dict[str, Any]


class NotCertainError(Exception):
    """No single entry means the same; says why."""


class Asked(NamedTuple):
    """A layer of another tool: its word, its arguments by name, and what arrives there."""

    word: str
    given: Given
    shape: Shape | None

    @property
    def tool(self) -> str:
        """The tool that has the word; '' where several do."""
        return tool(self.word)

    def default(self, name: str, value: Any) -> Any:
        """An argument, taken out of the others; its tool's default where it is not given."""
        found = self.given.pop(name, None)
        return value if found is None else found

    def usual(self, name: str, *values: Any) -> None:
        """Take an argument out that must have one of these values.

        Raises:
            NotCertainError: it has another.
        """
        found = self.given.pop(name, values[0])
        if found not in values or (isinstance(found, bool) and not isinstance(values[0], bool)):
            raise NotCertainError(f"no kind does what `{name}={found}` asks for")


class Meant(NamedTuple):
    """A kind, with arguments that have still the tool's names, and options that have ours."""

    kind: str
    given: Given
    options: Given


def tool(word: str) -> str:
    """The tool that a word with its module is from; '' where several have it.

    >>> tool("nn.Softmax"), tool("UpSampling2D"), tool("LeakyReLU")
    ('pytorch', 'keras', '')
    """
    *modules, last = word.split(".")
    for module in modules:
        if found := _MODULES.get(module.lower()):
            return found
    if _PYTORCH_ALONE.match(last):
        return "pytorch"
    if _KERAS_ALONE.match(last):
        return "keras"
    return "keras" if _KERAS.match(last) else "pytorch" if _PYTORCH.match(last) else ""


#: what people leave around a layer: quotes, a key for its class, a variable, a model
_AROUND = re.compile(
    r"""["']?(?:\(?\w+\)?: ?["']?(?=(?:\w+\.)*[A-Z]))?(?:[\w.]+ ?= ?)?(?:\w+\.add\( ?)?"""
)
_LONGEST = 300


def class_in(text: str) -> str:
    """A layer of another tool without what its code has before it.

    >>> class_in('"nn.Conv2d(8, 8, 3)"'), class_in("x = layers.Dense(10)(x)")
    ('nn.Conv2d(8, 8, 3)"', 'layers.Dense(10)(x)')
    """
    match = _AROUND.match(text[:_LONGEST])
    return text[match.end() :] if match else text


def is_computed(value: object) -> bool:
    """Whether a value is a formula: nobody knows its number here."""
    return isinstance(value, str) and value[:1] == "="


def one_if_equal(value: Any) -> Any:
    """The number that all of a list are; any other argument as it is.

    What a list holds may be lists or mappings: they are compared, and never hashed.

    >>> one_if_equal([3, 3]), one_if_equal([[1, 2], [1, 2]]), one_if_equal((3, 5))
    (3, [1, 2], (3, 5))
    """
    if not isinstance(value, list | tuple) or not value:
        return value
    return value[0] if all(item == value[0] for item in value) else value


def whole_numbers(value: Any) -> list[int]:
    """One number, or those of a list; [] where it is anything else."""
    numbers = list(value) if isinstance(value, list | tuple) else [value]
    return numbers if all(type(n) is int for n in numbers) else []


#: What a layer means; None where it is its kind with its words put in ours.
Meaning = Callable[[Asked], Meant | None]


def only_said(text: str) -> Meaning:
    """A layer that no single entry is."""

    def refuse(asked: Asked) -> Meant | None:
        raise NotCertainError(text)

    return refuse
