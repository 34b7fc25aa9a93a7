"""What the sections of a spec and the keys beside a layer's kind are for, as the schema says."""

from functools import cache

from convcalc.schema.document import document
from convcalc.schema.entries import BESIDE_LAYERS


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
