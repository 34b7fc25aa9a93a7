"""A .cfg while it is read: the section at hand, its options, and the layers so far."""

from convcalc.findings import plain
from convcalc.interop.flat import Builder, UnreadableError, bounded
from convcalc.interop.read.darknet.text import Section
from convcalc.interop.read.digits import integer
from convcalc.interop.refusals import Refusals
from convcalc.shapes import LARGEST_SIZE

_ACTIVATIONS = {
    "leaky": ("leaky_relu", {"negative_slope": 0.1}),
    "mish": ("mish", {}),
    "swish": ("silu", {}),
    "logistic": ("sigmoid", {}),
    "relu6": ("relu6", {}),
    "relu": ("relu", {}),
    "tanh": ("tanh", {}),
    "elu": ("elu", {}),
    "selu": ("selu", {}),
    "gelu": ("gelu", {}),
    "hard_mish": ("mish", {}),
}
#: activations whose numbers are others than their kind's
_APPROXIMATE = {
    "gelu": "gelu is the tanh approximation in the source",
    "hard_mish": "mish is hard_mish in the source",
}


class Reading:
    """A net while it is read."""

    def __init__(self, path: str, found: list[Section]) -> None:
        self.path = path
        self.sections = found
        self.builder = Builder()
        self.refusals = Refusals()
        self.notes: dict[str, int] = {}
        """What is written another way than in the source, counted."""
        self.ends: list[int] = []
        self.heads: list[int] = []
        self.at = 0
        self.number = 0
        self.section = found[0]

    @property
    def name(self) -> str:
        """What the section is called: its kind and number."""
        return f"{self.section.name}_{self.number}"

    def refuse(self, why: str) -> None:
        """This section has no kind."""
        self.refusals.add(plain(why), self.name, [self.at])
        self.at = -1

    def add(self, kind: str, options: dict[str, object], inputs: tuple[int, ...] = ()) -> int:
        """One layer after what came last."""
        first = self.builder.items[-1].node != self.name
        name = self.name if first else f"{self.name}.{kind}"
        self.at = self.builder.add(kind, options, inputs or (self.at,), name, self.name)
        return self.at

    def integer(self, key: str, default: int) -> int:
        """An option as an integer."""
        return self.ints(key, (default,))[0]

    def ints(self, key: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """An option as integers with commas between them."""
        text = self.section.options.get(key)
        if text is None:
            return default
        found = []
        for part in map(str.strip, text.split(",")):
            if not part:
                continue
            number = integer(part, LARGEST_SIZE)
            if number is None:
                at = f"line {self.section.line}, [{self.section.name}]"
                raise UnreadableError(f"{at}: {key} is {plain(text[:40])}")
            found.append(number)
        return tuple(found) or default

    def strides(self) -> tuple[int, int]:
        """Strides along height and width: an axis without its own has the common one."""
        common = self.integer("stride", 1)
        own = (self.integer(key, 0) for key in ("stride_y", "stride_x"))
        tall, wide = (stride if stride > 0 else common for stride in own)
        return tall, wide

    def named(self, key: str) -> list[int]:
        """The items that a section names.

        Raises:
            UnreadableError: it names none, or one that does not come before it.
            RejectedError: it names very many.
        """
        numbers = self.ints(key, ())
        if not numbers:
            at = f"line {self.section.line}, [{self.section.name}]"
            raise UnreadableError(f"{at}: names no layers")
        bounded(self.section.name, len(numbers))
        return [self.item(number) for number in numbers]

    def note(self, text: str) -> None:
        """Remember what is written another way than in the source."""
        self.notes[text] = self.notes.get(text, 0) + 1

    def item(self, number: int) -> int:
        """The item that a section names: counted from the first, or backwards from this one."""
        index = number if number >= 0 else self.number + number
        if not 0 <= index < self.number:
            at = f"line {self.section.line}, [{self.section.name}]"
            raise UnreadableError(f"{at}: reads section {number}, which does not come before it")
        return self.ends[index]

    def activation(self, default: str = "linear") -> None:
        """The layer of the section's activation."""
        word = self.section.options.get("activation", default)
        if word == "linear":
            return
        found = _ACTIVATIONS.get(word)
        if found is None:
            self.refuse(f"activation {word[:40]}")
            return
        if word in _APPROXIMATE:
            self.note(f"{_APPROXIMATE[word]}: sizes are equal")
        self.add(found[0], dict(found[1]))
