"""Layer entries as JSON Schema.

There are two of everything: `entry` for files without blocks, where any other word is a mistake,
and `block_entry` for files with blocks, where a word may be the name of one.
"""

from convcalc.findings import CODES
from convcalc.layers import BY_NAME
from convcalc.schema.options import FORMULA, SHAPE, Schema, describe, integer, options
from convcalc.spec.shortforms import WORDS
from convcalc.tree.nodes import BESIDE

NAME = r"^[A-Za-z0-9_.\-/]{1,120}$"
BLOCK = r"^[A-Za-z_][A-Za-z0-9_.\-]*$"
_PATTERN = r"(\S\s|\s\S|->|→|\[|\]|\*|\?)"
_SHORT = "^(" + "|".join(word.removesuffix(r"\Z") for word in WORDS) + ")$"
#: Words that no block may be called.
TAKEN: Schema = {"anyOf": [{"enum": [*BY_NAME, "repeat", "input"]}, {"pattern": _SHORT}]}
_EMPTY: Schema = {"anyOf": [{"type": "null"}, {"type": "object", "maxProperties": 0}]}

NAMED: Schema = {"type": ["string", "integer"]}
_NAMES: Schema = {
    "anyOf": [NAMED, {"type": "array", "items": NAMED, "minItems": 1}, FORMULA],
}
_CODE: Schema = {"enum": [*CODES, *CODES.values()]}

#: Keys beside a layer's kind.
BESIDE_LAYERS: dict[str, Schema] = {
    "name": {
        "description": "name of the layer; without it: kind and running number",
        "anyOf": [{"type": "string", "pattern": NAME}, {"type": "integer"}],
        "not": {"const": "input"},
    },
    "from": {**_NAMES, "description": "the layer it reads, or several for a merge"},
    "times": {
        "description": "how many times in a row",
        "anyOf": [{"type": "integer", "minimum": 0}, FORMULA],
    },
    "when": {
        "description": "a condition such as `=stride != 1`; the layer is left out unless it holds",
        "anyOf": [{"type": "boolean"}, {"type": "integer"}, FORMULA],
    },
    "weights": {**NAMED, "description": "the layer, or the block call, whose parameters it shares"},
    "expect": {
        "description": "the expected shape, such as 112x112x64",
        "anyOf": [{"type": "string", "pattern": SHAPE}, integer(1), FORMULA],
    },
    "checkpoint": {
        "description": "run again in the backward pass: true, or one name a segment of neighbours",
        "type": ["boolean", "string"],
    },
    "ignore": {
        "description": "codes of findings that are silenced here",
        "anyOf": [_CODE, {"type": "array", "items": _CODE}],
    },
}


def definitions() -> Schema:
    """Every definition that entries are made of."""
    found: Schema = {}
    for name, kind in BY_NAME.items():
        if not kind.merges:
            found[name] = options(kind)
    for prefix in ("", "block_"):
        found |= {
            f"{prefix}{name}": _merge(name, prefix) for name in BY_NAME if BY_NAME[name].merges
        }
        found[f"{prefix}repeat"] = _repeat(prefix)
        found[f"{prefix}word"] = _word(bool(prefix))
        found[f"{prefix}entry"] = _entry(prefix)
        found[f"{prefix}branch"] = {
            "anyOf": [
                _ref(f"{prefix}entry"),
                {"type": "array", "items": _ref(f"{prefix}entry")},
            ]
        }
        found[f"{prefix}layers"] = layers(prefix)
    return found


def layers(prefix: str) -> Schema:
    """A list of layers, or a pattern in one line."""
    listed = {"type": "array", "items": _ref(f"{prefix}entry"), "minItems": 1}
    return {"anyOf": [listed, _ref(f"{prefix}word")]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _merge(name: str, prefix: str) -> Schema:
    found = options(BY_NAME[name])
    branch = _ref(f"{prefix}branch")
    found["properties"]["branches"] = {
        "description": "what is merged: a list of branches, or a mapping of named ones",
        "anyOf": [
            {"type": "array", "items": branch, "minItems": 1},
            {"type": "object", "additionalProperties": branch, "minProperties": 1},
            FORMULA,
        ],
    }
    return found


def _repeat(prefix: str) -> Schema:
    return {
        "type": "object",
        "description": "layers, several times in a row",
        "properties": {"times": BESIDE_LAYERS["times"], "layers": _ref(f"{prefix}layers")},
        "required": ["layers"],
        "additionalProperties": False,
    }


def _word(blocks: bool) -> Schema:
    """An entry without a colon."""
    bare = [
        {"const": name, "description": describe(kind)}
        for name, kind in BY_NAME.items()
        if not kind.merges and not any(option.required for option in kind.options())
    ]
    forms: list[Schema] = [
        *bare,
        {"type": "string", "pattern": _SHORT},
        {"type": "string", "pattern": _PATTERN},
        {"type": "string", "pattern": "^input(-.*)?$"},
    ]
    if blocks:
        forms += [FORMULA, {"type": "string", "pattern": BLOCK, "not": {"enum": list(BY_NAME)}}]
    return {"anyOf": forms}


def _entry(prefix: str) -> Schema:
    """An entry: a word, or a mapping with one kind and keys beside it."""
    kinds: dict[str, Schema] = {}
    for name, kind in BY_NAME.items():
        needed = any(option.required for option in kind.options())
        reference = _ref(f"{prefix}{name}" if kind.merges else name)
        kinds[name] = reference if needed else {"anyOf": [{"type": "null"}, reference]}
    kinds["repeat"] = _ref(f"{prefix}repeat")
    one_kind = [{"required": [name]} for name in kinds]
    other = {
        "not": {"anyOf": [*one_kind, {"propertyNames": {"enum": list(BESIDE)}}]},
    }
    mapping: Schema = {
        "type": "object",
        "properties": {**kinds, **{key: BESIDE_LAYERS[key] for key in BESIDE}},
        "patternProperties": {_SHORT: _EMPTY},
        "additionalProperties": False,
        "oneOf": [*one_kind, other],
    }
    if prefix:
        known = "|".join([*kinds, *BESIDE])
        block = BLOCK.replace("^", rf"^(?!({known})$)", 1)
        mapping["patternProperties"][block] = {"description": "a call of a block of this file"}
    return {"anyOf": [_ref(f"{prefix}word"), mapping]}
