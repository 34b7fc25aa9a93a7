"""A .cfg while it is read: the section at hand, its options, and the layers so far."""

from convcalc.findings import plain
from convcalc.interop.flat import Builder, UnreadableError, bounded
from convcalc.interop.read.darknet.text import Section
from convcalc.interop.read.digits import integer
from convcalc.interop.refusals import Refusals
from convcalc.layers.option import RejectedError
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
        self.rows = set[int]()
        """The sections, by number, that give numbers without height and width."""
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

    @property
    def place(self) -> str:
        """Where the section stands."""
        return f"line {self.section.line}, [{plain(self.section.name)}]"

    def text(self, key: str) -> str | None:
        """What an option says before a remark; None where the section does not state it."""
        found = self.section.options.get(key)
        return None if found is None else found.partition("#")[0]

    def integer(self, key: str, default: int) -> int:
        """An option as an integer: the first of several, as C reads it."""
        return self.ints(key, (default,))[0]

    def ints(self, key: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """An option as integers with commas between them.

        Raises:
            UnreadableError: one is none, or there is none where C reads 0.
        """
        text = self.text(key)
        if text is None:
            return default
        parts = text.split(",")
        found = [integer(part, LARGEST_SIZE) for part in parts]
        numbers = tuple(number for number in found if number is not None)
        if len(numbers) < len(found):
            why = "" if "" not in parts else ": darknet reads 0 where no number is"
            raise UnreadableError(f"{self.place}: {key} is {plain(text[:40])}{why}")
        return numbers

    def strides(self) -> tuple[int, int]:
        """Strides of a pool along height and width: what an axis states, else the common one.

        Raises:
            RejectedError: darknet divides by one that is none.
        """
        common = self.integer("stride", 1)
        tall, wide = (self.integer(key, common) for key in ("stride_y", "stride_x"))
        if min(tall, wide) < 1:
            raise RejectedError(f"stride {min(tall, wide)} is below 1")
        return tall, wide

    def numbers(self, key: str) -> list[int]:
        """The sections that a section names, counted from the first."""
        return [self._number(number) for number in self.ints(key, ())]

    def _number(self, number: int) -> int:
        """The section of a number that may count backwards from this one."""
        return number if number >= 0 else self.number + number

    def named(self, key: str) -> list[int]:
        """The items that a section names.

        Raises:
            UnreadableError: it names none, or one that does not come before it.
            RejectedError: it names very many.
        """
        numbers = self.ints(key, ())
        if not numbers:
            raise UnreadableError(f"{self.place}: names no layers")
        bounded(self.section.name, len(numbers))
        return [self.item(number) for number in numbers]

    def note(self, text: str) -> None:
        """Remember what is written another way than in the source."""
        self.notes[text] = self.notes.get(text, 0) + 1

    def item(self, number: int) -> int:
        """The item that a section names: counted from the first, or backwards from this one."""
        index = self._number(number)
        if not 0 <= index < self.number:
            why = f"reads section {number}, which does not come before it"
            raise UnreadableError(f"{self.place}: {why}")
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
