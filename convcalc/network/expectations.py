"""What can be stated about a net as a whole: `expect` holds exactly, `budget` is an upper limit."""

from convcalc.quantity import parse_bytes, parse_count
from convcalc.shapes import Shape, parse_shape
from convcalc.zoo import convention_labels

_COUNTS = ("params", "weights", "macs", "activations")
MEMORIES = ("inference_memory", "training_memory", "device_memory")
#: What a budget of memory is for: settings by their names, as words and as counts.
SETTING_WORDS = (
    "dtype", "optimizer", "weight_decay", "optimizer_impl", "precision", "checkpoint",
    "clip_grad", "ema", "keep_grads", "shard",
)  # fmt: skip
SETTINGS = ("batch", "accumulate", "gpus", *SETTING_WORDS)
EXPECTABLE = (*_COUNTS, "output")
BUDGETABLE = (*_COUNTS, *MEMORIES, *SETTINGS)

#: The sections with what can be stated in each.
SECTIONS = {"expect": EXPECTABLE, "budget": BUDGETABLE}


def words(section: str, word: str = "") -> tuple[str, ...]:
    """What can be stated in a section; with a word that is none of them, conventions too."""
    own = SECTIONS[section]
    return own if word in own else (*own, *convention_labels())


def is_convention(word: str) -> bool:
    """Whether an expectation is about what another tool counts: ``fvcore``, ``ptflops@0.6``."""
    return not any(word in own for own in SECTIONS.values()) and word in convention_labels()


def parse(word: str, text: str) -> int | Shape | str | None:
    """The value that a text states for one of these words; None where it is none.

    >>> parse("params", "138M"), parse("output", "7x7x512"), parse("device_memory", "8 apples")
    (138000000, (7, 7, 512), None)
    """
    if word == "output":
        return parse_shape(text)
    if word in MEMORIES:
        return parse_bytes(text)
    if word in SETTING_WORDS:
        return text or None
    return parse_count(text)


def wants(word: str) -> str:
    """What a value for one of these words looks like."""
    if word == "output":
        return "a shape such as 1000 or 12x12x512"
    if word in MEMORIES:
        return "bytes such as 12GiB or 80MB"
    if word in SETTING_WORDS:
        return "a word"
    return "a count such as 138357544 or 140M"
