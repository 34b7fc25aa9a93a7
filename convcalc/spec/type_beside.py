"""``type: conv`` with its options beside it: the layer that it names, and what to write.

Imported only where something is wrong.
"""

from typing import Any

from convcalc import dialects
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.layers.option import Option, Value, shown
from convcalc.layers.traits import Family
from convcalc.network.record import INPUT, Step
from convcalc.spec.as_text import text_of
from convcalc.spec.blocks import Blocks
from convcalc.spec.called import activation_of
from convcalc.spec.foreign.asked import NotCertainError
from convcalc.spec.foreign.entries import translated
from convcalc.spec.misplaced import is_open
from convcalc.spec.nearforms import number
from convcalc.spec.separate import separate
from convcalc.spec.shortforms import expand
from convcalc.spec.truth import absent
from convcalc.spec.typed import WORDS
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence

#: keys that name a layer in other files, or a block
KEYS = frozenset({"block", "module", *WORDS})
_NESTED = ("params", "config", "args", "kwargs", "options", "parameters")
_SHOWN = 20  #: options of a layer that are written out; no kind has so many
#: how the help begins for an entry that certainly means one layer: an edit that `--fix` makes
KEYED = "the kind is the key: `- "
_IN_BRACES = "the kind is the key, with its options in braces: `- "
_OPTIONS = frozenset(option.key for kind in BY_NAME.values() for option in kind.options())

Key = tuple[str, Scalar, Node]  #: the word of a key, the key, and its value


def named(keys: list[Key], blocks: Blocks) -> tuple[Key | None, str]:
    """The key that names the layer, and the kind or block; '' for a word that is neither."""
    for key in keys:
        word, _, value = key
        if not isinstance(value, Scalar) or word in BY_NAME or word in blocks:
            continue
        if value.text in blocks and word.lower() in KEYS:
            return key, value.text
        if word.lower() in WORDS:
            return key, dialects.kind(value.text, BY_NAME) or (expand(value.text) or ("",))[0]
    return None, ""


def only_kind(known: list[Key], keys: list[Key], blocks: Blocks) -> list[Key]:
    """Of keys that are kinds or blocks, those that are no options of what a type names.

    The `pad` of ``type: conv`` is one, and the `batch_norm: true` beside it a layer more.
    """
    key, kind = named(keys, blocks)
    if key is None or not known:
        return known
    if kind in BY_NAME and (same := [k for k in known if k[0] == kind]):
        return same
    names = _names(kind, blocks)
    rest = [k for k in keys if k is not key and k not in known]
    own = () if kind else [option.key for option in _options(known[0][0])]
    other = any(k[0] not in own for k in rest)  # than an option of `pad` itself: `type: reflect`
    for word, _, value in known:
        taken = other and _is_value(value) and (word in _OPTIONS or separate(word, value))
        layer = word in BY_NAME and not _is_value(value)  # one more in the entry
        stated = any(k[0] in names for k in keys if k[0] != word)
        if word not in names and not taken and not (layer and stated):
            return known
    return []


def again(word: str, value: Node, kind: str, blocks: Blocks) -> tuple[str, ...]:
    """Help for a type beside the kind that it names; () for any other key."""
    key, meant = named([(word, Scalar("", 0), value)], blocks)
    if key is None or not meant or meant != (dialects.kind(kind, BY_NAME) or kind):
        return ()
    return (f"leave out `{plain(word)}: {text_of(value)}`: `{plain(kind)}` is the kind",)


def alone(word: str, value: Node | None, blocks: Blocks) -> tuple[str, ...]:
    """Help for ``type: residual`` that names a block, without arguments; () for other entries."""
    if not isinstance(value, Scalar) or value.text not in blocks or word.lower() not in KEYS:
        return ()
    return (f"write `{value.text}` in place of `{plain(word)}: {value.text}`",)


def several(
    keys: list[Key], step: Step | None, blocks: Blocks
) -> tuple[tuple[str, ...], Key | None]:
    """Help for ``type: conv`` beside options, and the entry that it means; () for other keys."""
    key, kind = named(keys, blocks)
    if key is None or not isinstance(key[2], Scalar):
        return (), None
    word, at, name = key[0], key[1], key[2].text
    names = _names(kind, blocks)
    given = {own: value for own, _, value in keys}
    options, form, more = Mapping(at.start), expand(name), False
    for option, size in form[1] if form and name not in BY_NAME else ():
        options.entries[option] = (at, Scalar(number(size), at.start))
    wired = _wired(given, step)
    for other, place, value in keys:
        if other == word or other in wired:
            continue
        if kind and other in BY_NAME and other not in names and not _is_value(value):
            more = True
        elif (other in _NESTED or other.endswith("_param")) and isinstance(value, Mapping):
            options.entries |= value.entries
        else:
            options.entries[other] = (place, value)
    if more:  # a layer more in the entry
        return (), (kind, at, options)
    if kind in blocks:
        help = f"{_IN_BRACES}{kind}: {{{_listed(options)}}}`"
        if options.entries.keys() <= set(names) and "..." not in help:
            help = f"{KEYED}{kind}: {{{_listed(options)}}}`"
        return (help,), (kind, at, options)
    below, rest = _layers_below(options, names)
    try:
        found = translated(kind if form else name, rest, step)
    except NotCertainError as error:
        return (str(error),), (kind, at, options) if kind else None
    if found:
        kind, values, entry = found
        return (f"{KEYED}{entry}`{_lines(below)}",), (kind, at, _mapping(values, at))
    written = kind or plain(name)
    help = f"{_IN_BRACES}{written}: {{{_listed(rest)}}}`{_lines(below)}"
    return (help,), (kind, at, rest) if kind in BY_NAME else None


def _lines(layers: list[str]) -> str:
    """What is said of the layers below an entry, of which two may be meant in any order."""
    if len(layers) < 2:
        return "".join(f", and on the next line `- {layer}`" for layer in layers)
    listed = ", ".join(f"`- {layer}`" for layer in layers)
    return f", and below it {listed}, each on a line of its own"


def _listed(options: Mapping) -> str:
    pairs = [(plain(key), text_of(value)) for key, (_, value) in options.entries.items()]
    return ", ".join(f"{key}: {text}" for key, text in pairs[:_SHOWN])


def _layers_below(options: Mapping, names: list[str]) -> tuple[list[str], Mapping]:
    """The layers that Keras' ``activation: relu`` and others' ``bn: true`` are, and the rest."""
    layers, rest = list[str](), Mapping(options.start)
    for word, (key, value) in options.entries.items():
        layer = None if word in names else _layer(word, value)
        if layer is None:
            rest.entries[word] = (key, value)
        elif layer:
            layers.append(layer)
    return layers, rest


def _layer(word: str, value: Node) -> str | None:
    """The layer that an option of another tool is, '' for one left out; None for other options."""
    if word.lower() in {"activation", "act", "nonlinearity"} and isinstance(value, Scalar):
        acts = activation_of(value.text)
        known = acts in BY_NAME and BY_NAME[acts].family is Family.ACTIVATION
        return acts if known else None  # `linear` is none
    told = separate(word, value) if _is_value(value) else ()
    if not told or dialects.kind(word.lower(), BY_NAME) == "softmax":
        return None
    if absent(value):
        return ""
    return told[0].partition("`- ")[2].partition("`")[0]


def _names(kind: str, blocks: Blocks) -> list[str]:
    """The options of a kind, or the arguments of a block."""
    return [*blocks[kind].args] if kind in blocks else [option.key for option in _options(kind)]


def _options(kind: str) -> tuple[Option[Any], ...]:
    return BY_NAME[kind].options() if kind in BY_NAME else ()


def _is_value(node: Node) -> bool:
    """Whether it is one of an option, such as the 1 of ``pad: 1``, and no options of a layer."""
    return isinstance(node, Scalar | Sequence) and not is_open(node)


def _wired(given: dict[str, Node], step: Step | None) -> tuple[str, ...]:
    """Caffe's `bottom` and `top` where they say that a layer reads the one above it."""
    texts = {word: node.text for word, node in given.items() if isinstance(node, Scalar)}
    bottom, top = texts.get("bottom"), texts.get("top")
    above = step is not None and (step.kind == INPUT or bottom == step.name)
    if bottom is None or not above or top not in {None, bottom, texts.get("name", top)}:
        return ()
    return "bottom", "top"


def _mapping(values: dict[str, Value], at: Scalar) -> Mapping:
    """Options as the nodes of a file have them, all at the place of one key."""
    made = Mapping(at.start)
    for key, value in values.items():
        made.entries[key] = (Scalar(key, at.start), _node(value, at))
    return made


def _node(value: Value, at: Scalar) -> Node:
    if not isinstance(value, tuple):
        return Scalar(value if isinstance(value, str) else shown(value), at.start)
    made = Sequence(at.start)
    made.items = [_node(item, at) for item in value]
    return made
