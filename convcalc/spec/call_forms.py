"""The forms in which a block call is written elsewhere, read in one place.

The arguments are in round, square or curly brackets or in none, with ``=`` or ``:`` behind their
names or without names, behind a colon with or without its space, ``=``, a hyphen or a space; and
``*2`` may follow any of it. Imported only where something is wrong.
"""

import re
from collections.abc import Container
from typing import NamedTuple

from convcalc.layers import BY_NAME
from convcalc.spec.blocks import Block, Blocks
from convcalc.spec.foreign.parse import VOLUMES
from convcalc.spec.hints import equals_sign
from convcalc.spec.passed import naming
from convcalc.spec.shortforms import expand
from convcalc.spec.values import IN_CHANNELS

_HEAD = re.compile(r"\s*(?:\w+\.)*(\w[\w-]*)")
_HYPHEN = re.compile(r"\s*(\w[\w-]*?)(?=-[0-9])")
#: what is between the name and its arguments
_BETWEEN = re.compile(r"\s*[:=]\s*|-(?=[0-9])|\s*(?=[(\[{])|\s+|\Z|(?=[*\u00d7]\s*[0-9])")
_TIMES = re.compile(r"(?:(?:\A|(?<=[\s)\]}]))[xX]|\s*[*\u00d7])\s*([1-9][0-9]{0,8})\s*\Z")
_NAMED = re.compile(r"([A-Za-z_]\w*)\s*[:=]\s*(?!=)", re.ASCII)
_PAIRED = re.compile(r"\s*(=|:)\s*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")
_WORD = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)
_FORMULA = re.compile(r"=[\w\s+*/%().<>!=-]+\Z", re.ASCII)
#: words that YAML may read anew
_DOUBTFUL = frozenset({"y", "n", "yes", "no", "on", "off", "null", "none", "nan", "inf"})
_TRUTHS = {"True": "true", "False": "false", "true": "true", "false": "false"}
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_LONGEST = 300
_MOST = 50  #: arguments of a call that are written out


class Form(NamedTuple):
    """A call as it is written."""

    name: str
    """The block."""
    given: str
    """Its arguments as YAML has them: ``16``, ``[16, 2]`` or ``{c: 16, s: 2}``; '' without any."""
    times: str
    """How often it is repeated; '' where nothing is said."""
    product: str
    """The formula that the arguments may be as well: ``=16*2``; '' where they are none."""

    @property
    def entry(self) -> str:
        """The call, without how often."""
        return f"{self.name}: {self.given}" if self.given else self.name


def of_entry(text: str, blocks: Blocks, variables: Container[str]) -> Form | None:
    """The call that a text is; None where it is none, or an argument is not understood.

    Args:
        text: such as ``unit(16, s=2)*3``.
        blocks: of the file.
        variables: their names.
    """
    name, rest = _name(text, blocks) if len(text) <= _LONGEST else ("", "")
    between = _BETWEEN.match(rest) if name else None
    if between is None:
        return None
    sign, body = between[0].strip(), rest[between.end() :].rstrip()
    found = given(blocks[name], body, variables)
    if found is not None and sign not in _ASSIGNING and found.given[:1] != "{":
        found = found._replace(product="")  # `conv3-16 *2` means two of them
    if found is None or not (found.given or found.times or body[:1] == "("):
        return None
    return found if body[:1] in _CLEAR or sign == ":" or is_certain(found, body) else None


_ASSIGNING = frozenset(":=")  #: signs before a value, which may be a product
_CLEAR = frozenset("({")  #: brackets that no pattern has


def is_certain(form: Form, body: str) -> bool:
    """Whether words behind the name are its arguments, which might be layers of a pattern."""
    words = re.findall(r"(?<![\w=-])[A-Za-z_][\w.-]*", body)
    signs = not form.given or form.given.lstrip("[")[:1] in _BEGINNINGS
    return signs or ("," in body and not all(word in BY_NAME or expand(word) for word in words))


_BEGINNINGS = frozenset("0123456789-={")  #: of an argument that is no layer


def _name(text: str, blocks: Blocks) -> tuple[str, str]:
    """The block that a text begins with, and what follows; '' where it is none."""
    for pattern in (_HEAD, _HYPHEN):
        if head := pattern.match(text):
            name = blocks.meant(head[1])
            if name:
                return name, text[head.end() :]
    return "", text


def given(block: Block, body: str, variables: Container[str]) -> Form | None:
    """The call of a block that is given a text as its arguments; None where that is no such text.

    Args:
        block: what is called.
        body: such as ``16, s=2`` or ``[16, 2] *2``.
        variables: the names of the file's, which arguments may be.
    """
    if len(body) > _LONGEST:
        return None
    repeated = None if body[:1] == "=" else _TIMES.search(body)
    times, inner = "", body.strip()
    if repeated:
        times, inner = repeated[1], body[: repeated.start()].strip()
    bracket = inner[0] if _is_enclosed(inner) else ""
    items = _items(inner[1:-1].strip().rstrip(",") if bracket else inner, spaces=bracket != "(")
    if items is None or len(items) > _MOST:
        return None
    names = list(block.args)
    if bracket == "(" and items and _arrives(items, block, names, variables):
        items = items[1:]
    values = _values(items, names, variables)
    if values is None:
        return None
    pairs, positional = values
    texts = list(pairs.values())
    listed = _listed(pairs, positional)
    product = ""
    if repeated and not bracket and "x" not in repeated[0].lower() and texts:
        if texts[-1][0] == "=":
            return None  # a formula
        if _NUMBER.match(texts[-1]):
            last = {[*pairs][-1]: f"={texts[-1]}*{times}"}
            product = _listed({**pairs, **last}, positional)
    return Form(block.name, listed, times, product)


def _listed(values: dict[str, str], positional: bool) -> str:
    """Arguments as YAML has them; '' for none."""
    if not positional:
        return f"{{{', '.join(f'{word}: {value}' for word, value in values.items())}}}"
    texts = list(values.values())
    if len(texts) == 1 and texts[0][0] not in "[{":
        return texts[0]
    return f"[{', '.join(texts)}]" if texts else ""


def _arrives(items: list[str], block: Block, names: list[str], variables: Container[str]) -> bool:
    """Whether the first argument is what a call reads in a program: its volume or its channels."""
    word = items[0]
    if not _WORD.match(word) or word in variables or word == IN_CHANNELS:
        return False
    if len(items) > len(names):
        return True
    taken = word in BY_NAME or expand(word) or naming(block.layers, names[:1])
    return not taken and (word in VOLUMES or len(items) > 1)


def _values(
    items: list[str], names: list[str], variables: Container[str]
) -> tuple[dict[str, str], bool] | None:
    """The arguments by name, and whether all are given by place; None where one is unknown."""
    found: dict[str, str] = {}
    positional = True
    for place, item in enumerate(items):
        named = _NAMED.match(item)
        word, text = (named[1], item[named.end() :]) if named else ("", item)
        if not named and (not positional or place >= len(names)):
            return None
        key = word or names[place]
        value = _value(text, variables)
        if key not in names or key in found or not value:
            return None
        found[key] = value
        positional = positional and not named
    return found, positional


def is_named(item: str, names: Container[str]) -> bool:
    """Whether an item of a list is an argument with its name: ``s=2``, ``s: 2``."""
    named = _NAMED.match(item)
    return named is not None and named[1] in names


def _value(text: str, variables: Container[str]) -> str:
    """An argument as YAML has it; '' where it is not sure to be read as the same."""
    text = text.strip()
    if text[:1] in {'"', "'"} and text[-1:] == text[:1] and len(text) > 1:
        text = text[1:-1]
        return text if _is_word(text) else ""
    if _is_enclosed(text) and text[0] != "{":
        inner = text[1:-1].strip().rstrip(",")
        items = _items(inner, spaces=False)
        values = [_value(item, variables) for item in items or ()]
        return "" if items is None or "" in values else f"[{', '.join(values)}]"
    if _is_enclosed(text):
        return text if _NAMED.match(text[1:].lstrip()) and ": " in text else ""
    if text in _TRUTHS:
        return _TRUTHS[text]
    if _NUMBER.match(text) or (text[:1] == "=" and _FORMULA.match(text)):
        return text
    if signed := equals_sign(text, variables):
        return re.sub(".*`(=[^`]*)`.*", r"\1", signed[0])
    return text if _is_word(text) else ""


def _is_word(text: str) -> bool:
    return bool(_WORD.match(text)) and text.lower() not in _DOUBTFUL


def _items(text: str, spaces: bool) -> list[str] | None:
    """The items of a list, which commas separate, or spaces where there are none."""
    items, depth, start = list[str](), list[str](), 0
    for at, sign in enumerate(text):
        if sign in _PAIRS:
            depth.append(_PAIRS[sign])
        elif sign in ")]}" and (not depth or depth.pop() != sign):
            return None
        elif sign == "," and not depth:
            items.append(text[start:at].strip())
            start = at + 1
    items.append(text[start:].strip())
    if depth or (len(items) > 1 and "" in items):
        return None
    if len(items) == 1 and spaces and text[:1] != "=" and "(" not in text:
        items = _PAIRED.sub(r"\1", text).split()
    return [item for item in items if item]


def _is_enclosed(text: str) -> bool:
    """Whether a text is in brackets, all of it."""
    if text[:1] not in _PAIRS or text[-1:] != _PAIRS[text[0]]:
        return False
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign in _PAIRS) - (sign in ")]}")
        if not depth and at < len(text) - 1:
            return False
    return True
