"""Help for a key beside a layer's kind that is not allowed there.

Imported only where something is wrong.
"""

import re
from collections.abc import Container

from convcalc import dialects
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.network.record import Step
from convcalc.spec import shortforms
from convcalc.spec.as_text import text_of
from convcalc.spec.blocks import Blocks
from convcalc.spec.both_given import left_out
from convcalc.spec.characters import meant as meant_word
from convcalc.spec.hints import missing_space
from convcalc.spec.nearforms import number
from convcalc.spec.option_hints import READ, border, branch_by_name
from convcalc.spec.separate import activation, placed, separate
from convcalc.suggest import Suggestions
from convcalc.tree.nodes import BESIDE, BLOCK, Mapping, Node, Scalar, Sequence

CONDITIONS = frozenset({"if", "condition", "enabled"})  #: `when:` in other files
_INPUT = frozenset({"input", "inputs", "bottom"})  #: what a layer reads, in other files
_OWN_DASH = "start each layer with its own `- `"
_OWN_LIST = "a branch of several layers is a list: `- ` before each layer, `- - ` before the first"
_IN_BRACES = frozenset("{}[],#:\"'`")  #: what a value in braces cannot have as it is
_SHOWN = 20  #: options of a layer that are written out; no kind has so many


_LETTERED = ("stride", "pad", "dilation", "groups")  #: options that a short form has letters for


Key = tuple[str, Scalar, Node]  #: the word of a key, the key, and its value


def beside(
    word: str,
    value: Node,
    entry: Key,
    options: list[str],
    suggest: Suggestions,
    others: dict[str, Node],
    alone: bool,
) -> tuple[str, ...]:
    """Help for the key `word` beside the kind of an entry, which takes `options`.

    `others` are the keys beside it that may be there; `alone`: the entry is a whole branch.
    """
    kind, _, given = entry
    if shortforms.expand(word):
        return (own_dash(alone),)
    if word == "repeat":
        return ("did you mean `times`?", "`times: 2` makes two of it")
    meant = separate(word, value) or activation(word, value) or border(word, value)
    meant = meant or missing_space(word)
    if meant:
        return placed(meant, kind, others, alone)
    named = BY_NAME.get(dialects.kind(kind, BY_NAME))
    if word == "branches" and named and named.merges:
        return (f"`branches:` goes inside {kind}: {_deeper(entry, value, others)}",)
    if kind == "repeat" and word == "layers" and is_open(given):
        return (_deeper(entry, value, others),)
    merges = named is not None and named.merges
    if word.lower() in (READ if merges else _INPUT) and word not in options:
        return ("did you mean `from`?",)
    if word.lower() == "top":
        return (f"a layer is read by its name: `name: {text_of(value)}`, and no `top`",)
    if word.lower() in CONDITIONS:
        return ("did you mean `when`?",)
    close = suggest.option(word, (*BESIDE, *options))
    if close and close not in BESIDE:
        if isinstance(given, Mapping) and len(given.entries) > _SHOWN:
            return (f"it goes among the options of {kind}",)
        written = f"write `{kind}: {{{_joined(kind, given, options, close, text_of(value))}}}`"
        way = _deeper(entry, value, others)
        return (f"{way}, or {written}" if is_open(given) else written,)
    branch = branch_by_name(word, value) if merges and is_open(given) and not close else ()
    if branch:
        return branch
    if close in others:
        return left_out(close, others[close], word, value)
    option = dialects.option(word, _LETTERED) or word
    if form := shortforms.lettered(kind, {option: text_of(value)}):
        return (f"write `{form}`",)
    return (
        _of_form(kind, word, value)
        or meant_word(close, word)
        or (f"beside a layer: {', '.join(BESIDE)}",)
    )


def _deeper(entry: Key, value: Node, others: dict[str, Node]) -> str:
    """Where a key with a value goes that is in the column of a kind, and one of its options."""
    kind, at, _ = entry
    between = any(at.start < other.start < value.start for other in others.values())
    if between or value.start < at.start:
        return f"put it right below `{plain(kind)}:`, indented by two more spaces"
    return "indent it by two more spaces"


def in_one_line(word: str, value: Node | None, known: Container[str]) -> tuple[str, ...]:
    """``- conv3-8, name: c1``, a key beside a layer in the same line; () for other entries."""
    kind, comma, key = word.rpartition(",")
    kind, key, text = kind.strip(), key.strip(), text_of(value) if value is not None else ""
    if not comma or key not in BESIDE or not (kind in known or shortforms.expand(kind)):
        return ()
    odd = isinstance(value, Scalar) and not _IN_BRACES.isdisjoint(text)
    if not text or "..." in text or odd or not isinstance(value, Scalar | Sequence):
        return (f"a key beside a layer needs a line of its own: `{key}:` below `{kind}:`",)
    return (f"write `{{{kind}: , {key}: {text}}}` in place of `{plain(word)}: {text}`",)


def own_dash(alone: bool) -> str:
    """What to do with several layers in one entry, `alone` where that is a whole branch.

    A dash alone would make another branch of each.
    """
    return _OWN_LIST if alone else _OWN_DASH


def several(
    keys: list[Key], step: Step, alone: bool, blocks: Blocks
) -> tuple[tuple[str, ...], Key | None]:
    """Help for an entry with several keys of which none alone is a kind, and the one it means.

    `step` is what arrives, `alone`: the entry is a whole branch, `blocks` those of the file.
    """
    given = {word: value for word, _, value in keys}
    if "repeat" in given and "layers" in given and is_open(given["repeat"]):
        return ("indent what is below `repeat:` by two more spaces",), _with_rest(
            "repeat", "repeat", keys
        )
    if isinstance(given.get("repeat"), Scalar) and "layers" in given and len(given) == 2:
        return _times(keys)
    from convcalc.spec.type_beside import several as typed

    help, meant = typed(keys, step, blocks)
    return help or (own_dash(alone),), meant


def _times(keys: list[Key]) -> tuple[tuple[str, ...], Key]:
    """``repeat: 8`` and ``layers:`` below it, in its column."""
    (_, at, times), (_, key, layers) = sorted(keys, key=lambda key: key[0] != "repeat")
    options = Mapping(at.start)
    options.entries = {"times": (at, times), "layers": (key, layers)}
    help = (
        f"`times: {text_of(times)}` and `layers:` go inside `repeat:`, two more spaces before them"
    )
    return (help,), ("repeat", at, options)


def _with_rest(kind: str, word: str, keys: list[Key]) -> Key:
    """A kind at the place of a word, with the other keys as its options."""
    at = next(key for other, key, _ in keys if other == word)
    options = Mapping(at.start)
    options.entries = {other: (key, value) for other, key, value in keys if other != word}
    return kind, at, options


def is_open(given: Node) -> bool:
    """Whether nothing follows the kind on its line: lines indented deeper belong to it."""
    if isinstance(given, Mapping):
        return given.closed == BLOCK
    return isinstance(given, Scalar) and given.plain and not given.text


def _joined(kind: str, given: Node, names: list[str], option: str, value: str) -> str:
    """What was given, by name, and one option more."""
    pairs: dict[str, str] = {}
    if isinstance(given, Mapping):
        pairs = {word: text_of(node) for word, (_, node) in given.entries.items()}
    elif not is_open(given) and kind in BY_NAME:
        from convcalc.spec.alone import bare_value

        told = bare_value(kind, BY_NAME[kind].options(), given)[0]
        if match := re.fullmatch(rf"write `{kind}: \{{(.*)\}}`", told):
            return f"{match[1]}, {option}: {value}"
    elif not is_open(given):
        items = given.items if isinstance(given, Sequence) else [given]
        pairs = dict(zip(names, map(text_of, items), strict=False))
    return ", ".join(f"{word}: {text}" for word, text in {**pairs, option: value}.items())


def _of_form(form: str, word: str, value: Node) -> tuple[str, ...]:
    """An option of the kind that a short form is: ``bias: false`` below ``conv3-8``."""
    kind, found = shortforms.expand(form) or ("", ())
    if not kind:
        return ()
    stated = {key: number(size) for key, size in found}
    own = {option.key for option in BY_NAME[kind].options()}
    key = word if word in own else dialects.option(word, own)
    if not key or (key in stated and not shortforms.lettered(form, {key: "1"})):
        return ()
    listed = ", ".join(f"{name}: {text}" for name, text in {**stated, key: text_of(value)}.items())
    return (f"with that option `{form}` is written out: `{kind}: {{{listed}}}`",)
