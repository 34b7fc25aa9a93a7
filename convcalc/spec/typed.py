"""Entries that name their layer in another place: ``type: conv``, ``- [conv, 16, 3]``.

Imported only where something is wrong.
"""

import re

from convcalc import dialects
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.network.record import Step
from convcalc.spec.as_text import text_of
from convcalc.spec.foreign import each_place
from convcalc.spec.foreign.asked import KINDS, NotCertainError
from convcalc.spec.foreign.entries import in_order, translated, why_uncertain
from convcalc.spec.hints import missing
from convcalc.spec.shortforms import expand
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

#: keys that name the layer in other files, and keys that hold its options there
WORDS = ("type", "kind", "layer", "op", "class", "class_name", "layer_type")


def alone(word: str, value: Node | None) -> tuple[str, ...]:
    """Help for ``type: relu`` without options; () for other entries."""
    if word.lower() not in WORDS or not isinstance(value, Scalar) or not value.text:
        return ()
    name = dialects.kind(value.text, BY_NAME)
    if not name and not expand(value.text):
        return ("the kind is the key, as in `- conv: {filters: 64, kernel: 3}`",)
    if not name or not needed(name):
        written = name or value.text
        return (f"write `{written}` in place of `{plain(word)}: {text_of(value)}`",)
    (help,) = needed(name)
    return (f"the kind is the key: {help}",)


def needed(kind: str) -> tuple[str, ...]:
    """What to write for a kind that does not do without options or inputs; () for others."""
    if kind not in BY_NAME:
        return ()
    if BY_NAME[kind].merges:
        return (inputs(kind),)
    if sample := _ONE_OF.get(kind):
        return (f"write `{kind}: {{{sample}}}`",)
    required = [option.key for option in BY_NAME[kind].options() if option.required]
    return missing(BY_NAME[kind], required, False) if required else ()


#: of kinds that need one of several options
_ONE_OF = {"upsample": "scale: 2", "crop": "size: 16", "fractional_max_pool": "ratio: 0.7"}

_SIZES = frozenset({"scale", "size", "like", "sides", "ratio", "output"})


def inputs(kind: str) -> str:
    """What a merge without inputs is given."""
    sample = f"`{kind}: {{branches: [[conv3-64], identity]}}`"
    return f"give {sample}, or beside it `from: [layer1, layer2]`"


def listed(node: Sequence, step: Step | None) -> tuple[str, ...]:
    """Help for a list where a layer belongs: ``[conv, 16, 3]``, a row of another tool's file."""
    items = node.items
    if len(items) == 4 and isinstance(items[3], Sequence) and isinstance(items[1], Scalar):
        rows = "Ultralytics' rows stand below `backbone:` and `head:`"
        return (f"{rows}, in a file that `convcalc analyze` and `import` read as it is",)
    first = items[0].text if items and isinstance(items[0], Scalar) else ""
    if len(items) == 1 and first in _SECTIONS:
        return ("a section is darknet's: a file that begins with `[net]` is read as it is",)
    kind, rest = dialects.kind(first, BY_NAME), items[1:]
    if all(map(_is_layer, items)):
        if len(items) == 1:
            return (f"did you mean `{plain(first)}`?",) if first else (_IN_A_ROW,)
        return (_IN_A_ROW, _PARALLEL)
    if not kind or not all(isinstance(item, Scalar | Sequence) for item in rest):
        return (_PARALLEL,)
    from convcalc.spec.alone import bare_value

    given = Sequence(node.start)
    given.items = rest
    value = rest[0] if len(rest) == 1 else given
    if not rest:
        return (_PARALLEL,)
    told = why_uncertain(first, value, step) or (in_order(first, value, step) if step else ())
    return told or bare_value(kind, BY_NAME[kind].options(), value, step=step)


_SECTIONS = frozenset({"net", "convolutional", "maxpool", "connected", "route", "shortcut", "yolo"})
_IN_A_ROW = "layers in a row are entries of their own: each begins with its own `- `"
_PARALLEL = "parallel lists go under `add:` or `concat:` as `branches:`"


def _is_layer(node: Node) -> bool:
    """Whether an item is a layer by itself, and no name or number of another one's."""
    text = node.text if isinstance(node, Scalar) else ""
    known = text in BY_NAME and not needed(text)
    return known or bool(expand(text)) or isinstance(node, Mapping)


_NAME = re.compile(r"([A-Za-z][A-Za-z_]*?)[-_.]?[0-9][\w.-]*\Z", re.ASCII)


def name_as_key(word: str, value: Node | None, step: Step | None) -> tuple[str, ...]:
    """Help for ``- fc1: {units: 10}``, an entry whose key is its name; () for other entries."""
    if isinstance(value, Scalar) and "(" in value.text:
        return _of_call(word, value.text, step)
    if isinstance(value, Scalar) and (cut := _OPENED.match(word)) and value.text[-1:] == "}":
        braces = f"{cut[2]}: {plain(value.text)}"
        return (f"write `{cut[1]}: {braces}` in place of `{word}: {plain(value.text)}`",)
    if not isinstance(value, Mapping) or not value.entries:
        return ()
    match, kind, options = _NAME.match(word), "", value
    inner = next((w for w in WORDS if isinstance(value.get(w), Scalar)), "")
    if inner and isinstance(typed := value.get(inner), Scalar):
        kind, options = typed.text, Mapping(value.start)
        options.entries = {key: pair for key, pair in value.entries.items() if key != inner}
    elif match and not dialects.kind(word, BY_NAME):  # max_pool2d
        kind = dialects.kind(match[1], BY_NAME)
    try:
        found = translated(kind, options, step) if kind else None
    except NotCertainError as error:
        return (str(error),)
    if found and found[0] in _ONE_OF and _SIZES.isdisjoint(found[1]):
        return ()
    return (f"{NAMED}{found[2]}{'' if ':' in found[2] else ':'}`, and "
            f"`name: {plain(word)}` below it",) if found else ()  # fmt: skip


_OPENED = re.compile(r"([A-Za-z_][\w.]*+) *(\{ *[A-Za-z_]\w*)\Z", re.ASCII)  #: ``conv {filters``
_PRINTED = re.compile(r"\(?([A-Za-z_][\w.]*|[0-9]{1,4})\)?\Z", re.ASCII)


def _of_call(word: str, call: str, step: Step | None) -> tuple[str, ...]:
    """Help for ``(conv1): Conv2d(3, 6, kernel_size=(5, 5))``, as PyTorch prints a net."""
    match = _PRINTED.match(word)
    if match is None:
        return ()
    from convcalc.spec import arriving, called

    if each_place.waits(call, step):
        return each_place.help(call, called.help(call, KINDS, True), (), step)
    told = arriving.in_call(call, step, called.help(call, KINDS, True)) if step else ()
    entry = re.match("did you mean `([^`]+)`[?]", told[0]) if told else None
    if entry is None or " " in entry[1].partition(":")[0]:
        return told
    if match[1].isdigit():
        return (f"write `{entry[1]}` in place of `{plain(word)}: {plain(call)}`",)
    below = f"`name: {match[1]}` below it"
    return (f"{NAMED}{entry[1]}{'' if ':' in entry[1] else ':'}`, and {below}",)


#: how the help begins for a name where the kind belongs
NAMED = "a name stands beside its layer: `- "
