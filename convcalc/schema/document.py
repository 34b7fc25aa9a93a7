"""A whole spec as JSON Schema."""

from convcalc.findings import CODES, Severity
from convcalc.memory.settings import SETTINGS
from convcalc.network.expectations import BUDGETABLE, EXPECTABLE, MEMORIES
from convcalc.rules import BY_CODE
from convcalc.schema.entries import BLOCK, NAMED, TAKEN, definitions
from convcalc.schema.options import FORMULA, SHAPE, Schema, integer
from convcalc.window import Rounding
from convcalc.zoo import SCHEMA, convention_labels

_VARIABLE = r"^(?!(in_channels|min|max)$)[A-Za-z_][A-Za-z0-9_]*$"
_NUMBER = r"^\s*[0-9]{1,18}(\.[0-9]{1,9})?\s*"
_TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
_ROUNDING: Schema = {"enum": [word.value for word in Rounding]}


#: Operations as other tools count them, by the tool's name.
_CONVENTION = f"^({'|'.join(convention_labels())})$".replace(".", "\\.")


def document() -> Schema:
    """The schema of a spec, format version 1."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": SCHEMA,
        "title": "convcalc spec, version 1",
        "description": "The architecture of a convolutional network",
        "type": "object",
        "properties": properties(),
        "additionalProperties": False,
        "required": ["layers"],
        "allOf": [
            {"anyOf": [{"required": ["input"]}, {"required": ["inputs"]}, _input_in_pattern()]},
            {"not": {"required": ["input", "inputs"]}},
            {
                "if": {"required": ["blocks"]},
                "then": {"properties": {"layers": {"$ref": "#/definitions/block_layers"}}},
                "else": {"properties": {"layers": {"$ref": "#/definitions/layers"}}},
            },
        ],
        "definitions": {
            "formula": {
                "type": "string",
                "pattern": "^=[^=]",
                "description": "computed from variables, such as =4*width or =in_channels",
            },
            "shape": _shape(),
            **definitions(),
        },
    }


def properties() -> Schema:
    """The top-level keys of a spec."""
    return {
        "name": {**_TEXT, "description": "what the net is called"},
        "source": {**_TEXT, "description": "where the architecture was published"},
        "notes": {**_TEXT, "description": "anything else to say about it"},
        "input": {"$ref": "#/definitions/shape"},
        "inputs": {
            "description": "several inputs by name",
            "type": "object",
            "additionalProperties": {"$ref": "#/definitions/shape"},
            "minProperties": 1,
        },
        "rounding": {
            "description": "what a size that is not an integer means: exact (an error), floor "
            "or ceil; or {conv: floor, pool: ceil}",
            "anyOf": [_ROUNDING, _closed({"conv": _ROUNDING, "pool": _ROUNDING})],
        },
        "vars": {
            "description": "variables for formulas; --set changes them",
            "type": "object",
            "propertyNames": {"pattern": _VARIABLE},
        },
        "blocks": {
            "description": "layers under a name, called like a kind",
            "type": "object",
            "propertyNames": {"pattern": BLOCK, "not": TAKEN},
            "additionalProperties": _block(),
        },
        "layers": {"description": "the layers in order, or a pattern in one line"},
        "outputs": {
            "description": "layers whose output leaves the net, beside the last one",
            "anyOf": [NAMED, {"type": "array", "items": NAMED}],
        },
        "expect": {
            "description": f"numbers that must be exactly these: {', '.join(EXPECTABLE)}",
            **_closed({key: _expectation(key) for key in EXPECTABLE}),
            "patternProperties": {_CONVENTION: _expectation("macs")},
        },
        "budget": {
            "description": f"upper limits: {', '.join(BUDGETABLE)}",
            **_closed({key: _expectation(key) for key in BUDGETABLE}),
            "patternProperties": {_CONVENTION: _expectation("macs")},
        },
        "rules": {
            "description": "findings that are off (false) or on, and thresholds of advice",
            **_closed(_rules()),
        },
    }


def _closed(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _shape() -> Schema:
    side = {"anyOf": [integer(1), FORMULA]}
    sides = dict.fromkeys(("depth", "height", "width", "length", "channels"), side)
    return {
        "description": "height x width x channels, such as 224x224x3; 4000x1 for sound",
        "anyOf": [
            {"type": "string", "pattern": SHAPE},
            integer(1),
            {**_closed(sides), "required": ["channels"], "minProperties": 2},
        ],
    }


def _block() -> Schema:
    return {
        **_closed(
            {
                "args": {
                    "description": "arguments with their defaults; without one: required",
                    "type": ["object", "null"],
                },
                "layers": {"$ref": "#/definitions/block_layers"},
                "notes": _TEXT,
            }
        ),
        "required": ["layers"],
    }


def _expectation(key: str) -> Schema:
    if key == "output":
        return {"anyOf": [{"type": "string", "pattern": SHAPE}, integer(1)]}
    setting = next((setting for setting in SETTINGS if setting.name == key), None)
    if setting is not None and not isinstance(setting.default, int):
        if setting.choices:
            return {"enum": list(setting.choices)}
        return {"type": "number" if isinstance(setting.default, float) else "string"}
    if setting is not None and isinstance(setting.default, bool):
        return {"type": "boolean"}
    units = "([kKmMgGtT]?[bB]|[kKmMgGtT][iI][bB])?" if key in MEMORIES else "[kKmMgGtT]?"
    quantity = {"type": "string", "pattern": f"{_NUMBER}{units}\\s*$"}
    return {"anyOf": [{"type": "integer", "minimum": 0}, quantity]}


def _rules() -> Schema:
    """Codes and names of findings, with the thresholds of those that have some."""
    found: Schema = {}
    for code, name in CODES.items():
        rule = BY_CODE.get(code)
        options: Schema = {"severity": {"enum": [severity.value for severity in Severity]}}
        for threshold in rule.thresholds if rule else ():
            options[threshold.name] = {
                "type": "integer",
                "minimum": 0,
                "default": threshold.default,
                "description": threshold.doc,
            }
        value = {"anyOf": [{"type": "boolean"}, _closed(options)]}
        found[code] = {**value, "description": name.replace("-", " ")}
        found[name] = {**value, "description": code}
    return found


def _input_in_pattern() -> Schema:
    """Layers whose pattern states the input's size: ``input-32x32x3 -> ...``."""
    starts = {"type": "string", "pattern": r"^[\[ ]*[iI][nN][pP][uU][tT]-"}
    listed = {"type": "array", "items": [starts]}
    return {"required": ["layers"], "properties": {"layers": {"anyOf": [starts, listed]}}}
