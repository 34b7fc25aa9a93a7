"""What the sections of a spec and the keys beside a layer's kind are for, as the schema says."""

from functools import cache

from convcalc.memory.segments_named import RULES
from convcalc.memory.settings import SETTINGS
from convcalc.network.expectations import SECTIONS
from convcalc.schema.document import document
from convcalc.schema.entries import BESIDE_LAYERS
from convcalc.window import Rounding


@cache
def sections() -> dict[str, str]:
    """The sections of a spec, each with what it is."""
    schema = document()
    return {key: _said(value, schema["definitions"]) for key, value in schema["properties"].items()}


@cache
def beside() -> dict[str, str]:
    """The keys beside a layer's kind, each with what it is."""
    return {key: _said(value, {}) for key, value in BESIDE_LAYERS.items()}


def _said(value: dict[str, object], definitions: dict[str, dict[str, object]]) -> str:
    """A description, or that of the definition that is referred to."""
    name = str(value.get("$ref", "")).rpartition("/")[2]
    return str(value.get("description") or definitions.get(name, {}).get("description", ""))


_ROUNDINGS = tuple(word.value for word in Rounding)
_ON_OFF = ("true", "false")
#: sections whose values are no formulas
_LITERAL = frozenset({"rounding", "rules", *SECTIONS})


def section_words(section: str, key: str) -> tuple[str, ...]:
    """The words that a value of a section outside the layers takes; none for a number."""
    if "rounding" in (section, key):
        return _ROUNDINGS
    if section == "rules":
        return ("false",)
    setting = next((one for one in SETTINGS if section == "budget" and one.name == key), None)
    if setting is None:
        return ()
    if isinstance(setting.default, bool):
        return _ON_OFF
    return (*RULES, "seq:") if setting.check else setting.choices


def is_literal(section: str, key: str) -> bool:
    """Whether no formula is read there."""
    return section in _LITERAL or (not section and key in {*_LITERAL, "name", "source", "notes"})
