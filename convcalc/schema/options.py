"""Options of the layer kinds as JSON Schema."""

from typing import Any

from convcalc.layers.base import Layer
from convcalc.layers.option import (
    Count,
    Extent,
    Flag,
    InPlace,
    Number,
    Option,
    OptionalNumber,
    PerAxis,
    RoundingChoice,
    Sides,
)
from convcalc.layers.words import Choice, FlagOr, Reference
from convcalc.shapes import LARGEST_SIZE

Schema = dict[str, Any]

FORMULA: Schema = {"$ref": "#/definitions/formula"}
_PADS = r"^\s*[0-9]+(\s*[xX]\s*[0-9]+){1,2}\s*$"
_SIDES = r"^\s*[1-9][0-9]*(\s*[xX]\s*[1-9][0-9]*){1,2}\s*$"
SHAPE = r"^\s*[1-9][0-9]*(\s*[xX]\s*[1-9][0-9]*){0,3}\s*$"


def options(kind: type[Layer]) -> Schema:
    """The mapping of a kind's options; no other keys are allowed."""
    declared = kind.options()
    properties: Schema = {}
    for option in declared:
        properties[option.key] = _documented(option)
        if option.letter:
            said = f"{option.key}, as the CS231n notes write it"
            properties[option.letter] = {**_value(option), "description": said}
    found: Schema = {
        "type": "object",
        "description": describe(kind),
        "properties": properties,
        "additionalProperties": False,
    }
    required = [option for option in declared if option.required]
    plain = [option.key for option in required if not option.letter]
    lettered = [option for option in required if option.letter]
    if plain:
        found["required"] = plain
    if lettered:
        found["allOf"] = [
            {"anyOf": [{"required": [option.key]}, {"required": [option.letter]}]}
            for option in lettered
        ]
    return found


def describe(kind: type[Layer]) -> str:
    """What a kind does, and an example of it, from its docstring."""
    lines = [line.strip() for line in (kind.__doc__ or "").strip().splitlines()]
    return "\n".join([lines[0], *(line for line in lines if line.startswith("Example:"))])


def _documented(option: Option[Any]) -> Schema:
    found = {**_value(option), "description": f"{option.doc} ({option.wants})"}
    default = option.default
    if isinstance(default, bool | int | float | str) and default != "":
        found["default"] = default
    elif isinstance(default, tuple) and len(default) == 1:
        found["default"] = default[0]
    return found


def _value(option: Option[Any]) -> Schema:
    """What an option takes; a formula can stand for any value."""
    return {"anyOf": [*_forms(option), FORMULA]}


def _forms(option: Option[Any]) -> list[Schema]:
    match option:
        case Count():
            return [integer(option.minimum)]
        case PerAxis():
            number, text = integer(option.minimum), {"type": "string", "pattern": _SIDES}
            return [number, several(number, 3), text]
        case Extent():
            return [integer(1), several(integer(1), 4), {"type": "string", "pattern": SHAPE}]
        case Sides():
            text = {"type": "string", "pattern": _PADS}
            return [integer(0), several(integer(0), 6), text, {"enum": list(option.words)}]
        case OptionalNumber():
            return [{"type": "number"}]
        case FlagOr():
            return [{"type": "boolean"}, {"enum": list(option.words)}]
        case Number():
            return [_number(option)]
        case Flag() | InPlace():
            return [{"type": "boolean"}]
        case Choice() | RoundingChoice():
            return [{"enum": [str(word) for word in option.words]}]
        case Reference():
            return [{"type": ["string", "integer"]}]
        case _:
            raise TypeError(f"no schema for the option type {type(option).__name__}")


def _number(option: Number) -> Schema:
    found: Schema = {"type": "number"}
    if option.minimum > float("-inf"):
        found["minimum"] = option.minimum
    if option.maximum < float("inf"):
        found["maximum"] = option.maximum
    return found


def integer(minimum: int) -> Schema:
    """A whole number from a minimum up to the largest size."""
    return {"type": "integer", "minimum": minimum, "maximum": LARGEST_SIZE}


def several(item: Schema, most: int) -> Schema:
    """A list of one to `most` items, formulas among them."""
    return {
        "type": "array",
        "items": {"anyOf": [item, FORMULA]},
        "minItems": 1,
        "maxItems": most,
    }
