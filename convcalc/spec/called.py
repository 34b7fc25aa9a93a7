"""Layers written as calls, as PyTorch's and Keras' code has them: ``Conv2d(3, 32, 3)``.

Imported only where something is wrong. A call is parsed and never run.
"""

import ast
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from convcalc import dialects
from convcalc.dialects import folded
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.layers.option import RejectedError, Value, shown
from convcalc.network.graph import NAME_HELP, is_name
from convcalc.shapes import Shape
from convcalc.spec.foreign.asked import KINDS, NotCertainError, tool
from convcalc.spec.foreign.meanings import MEANINGS
from convcalc.spec.foreign.meanings import meant as foreign
from convcalc.spec.foreign.named import with_name
from convcalc.spec.foreign.orders import arguments
from convcalc.spec.shortforms import expand

_LONGEST = 300
_WORD = re.compile(r"((?:\w+\.)*)(\w+)\s*\(")
_SIGNS = re.compile(r"[\w\s.,=()\[\]'\"-]*\Z", re.ASCII)
_NUMBER_AND_WORD = re.compile(r"(?<!\w)[0-9][0-9.]*(?:if|in|is|or|and|else|not|for)")
_PADDED = ("conv", "conv_transpose", "depthwise_conv")  #: nothing unless they say so
VOLUMES = frozenset({"x", "input", "inputs", "net", "out", "h"})  #: what a function calls them
_IN_SHORT = {
    "conv": ("filters", "kernel", "stride", "pad", "dilation", "groups"),
    "max_pool": ("kernel", "stride", "pad"),
    "avg_pool": ("kernel", "stride", "pad"),
    "fc": ("units",),
}
_NO_NUMBER = ("return_indices",)  #: arguments that a spec has no word for and needs none
_GLOBAL = {"adaptive_avg_pool": "global_avg_pool", "adaptive_max_pool": "global_max_pool"}


class Call(NamedTuple):
    """What a call stands for."""

    kind: str
    """The layer kind; '' where it is not known."""
    written: str
    """The entry to write in its place; '' where an argument is not understood."""
    activation: str
    """The kind of the activation that the call has as an argument; '' without one."""
    why: str = ""
    """Why no entry is certain to mean the same."""
    name: str = ""
    """The name that the call has as an argument, of what its activation makes if it has one."""


def meant(call: str, names: Iterable[str], shape: Shape | None = None) -> Call:
    """The entry that a call stands for where `shape` arrives, with all that its arguments say.

    PyTorch's and Keras' convolutions do not pad unless they say so; a word that is neither's
    (`conv(32, 3)`) is read in Keras' order, as a short form, which pads.

    >>> meant("nn.Conv2d(3, 32, 3, stride=2, padding=1)", ["conv"]).written
    'conv3-32s2p1'
    >>> meant("Conv2d(3, 32, 3, bias=False)", ["conv"]).written
    'conv: {filters: 32, kernel: 3, bias: false}'
    """
    call = call.strip().rstrip(",;")  # between the layers of a list
    match = _WORD.match(call)
    if match is None:
        return Call("", "", "")
    word = match[2]
    known = names if isinstance(names, dialects.Known) else dialects.Known(names)
    kind = word.lower() if word.lower() in known.set else dialects.kind(word, known)
    given = arguments_of(call) if kind in BY_NAME or folded(word) in MEANINGS else None
    if given is None:
        return Call(kind, "", "")
    which = tool(f"{match[1]}{word}")
    order = arguments(which, kind or folded(word), folded(word))
    if which == "pytorch" and word.startswith("Lazy"):
        order = order[1:]  # what arrives is not said
    named = _named(given, order, kind)
    name = str((named or {}).pop("name", None) or "")
    try:
        exactly = foreign(f"{match[1]}{word}", named or {}, shape)
    except NotCertainError as error:
        return Call(kind, "", "", str(error))
    if named is None:
        return Call(kind, "", "")
    if exactly is not None:
        kind, named, more = exactly
    else:
        more = {}
    activation = str(named.pop("activation", None) or "")
    acts = activation_of(activation) if activation not in {"", "linear"} else ""
    if (activation not in {"", "linear"} and not acts) or (
        options := options_of(kind, named, {"pad": 0} if which and kind in _PADDED else {}, more)
    ) is None:
        return Call(kind, "", "")
    if kind in _GLOBAL and options.get("output") == 1:
        return Call(_GLOBAL[kind], _GLOBAL[kind], acts, "", name)
    return Call(kind, entry_of(kind, options), acts, "", name)


def by_name(call: str) -> dict[str, Any]:
    """The arguments of a call by their names; none where one is not understood."""
    match, given = _WORD.match(call), arguments_of(call)
    if match is None or given is None:
        return {}
    word, kind = match[2], dialects.kind(match[2], KINDS)
    order = arguments(tool(f"{match[1]}{word}"), kind or folded(word), folded(word))
    return _named(given, order, kind) or {}


def kind_of(word: str, names: dialects.Known) -> str:
    """The kind of a layer of another tool, with or without brackets; '' where none is known."""
    return dialects.kind(word.partition("(")[0].strip(), names)


def activation_of(word: str) -> str:
    """The entry for an activation that another tool has as an argument; '' where none is known.

    >>> activation_of("swish"), activation_of("leaky_relu")
    ('silu', 'leaky_relu: {negative_slope: 0.2}')
    """
    kind, slope = dialects.kind(word, KINDS), {"leaky": 0.1}.get(word.lower(), 0.2)
    if kind == "leaky_relu":  # Keras's function, and darknet's
        return f"leaky_relu: {{negative_slope: {slope}}}"
    return kind


def help(
    call: str, names: Iterable[str], alone: bool, shape: Shape | None = None
) -> tuple[str, ...]:
    """What to type for a call, `alone` in its entry or among the words of a pattern; () unknown."""
    kind, written, activation, why, name = meant(call, names, shape)
    if why:
        return (why,)
    if not kind or kind not in BY_NAME:  # a block
        return ()
    if not written:
        return (kind_named(kind),)
    if name and not is_name(name):
        return (f"`{written}`, with another `name:` than {plain(name)!r}: {NAME_HELP[0]}",)
    if name:
        if activation:
            activation = with_name(activation, name)
        else:
            written = with_name(written, name)
    if " " not in written + activation:  # a word, that a pattern may have beside others
        return (f"did you mean `{written}{f' {activation}' if activation else ''}`?",)
    if alone and not activation:
        return (f"did you mean `{written}`?",)
    entries = [f"`- {entry}`" for entry in (written, activation) if entry]
    if not alone:
        where = "a pattern has words only: in a list of layers it is"
        return (f"{where} {' and '.join(entries)}",)
    return (f"write {' and on the next line '.join(entries)}",)


def kind_named(kind: str) -> str:
    """Help that names a kind and its options, where no entry is certain."""
    options = ", ".join(option.key for option in BY_NAME[kind].options())
    return f"the kind is `{kind}`" + (f", with the options {options}" if options else "")


def arguments_of(call: str) -> tuple[list[Any], dict[str, Any]] | None:
    """The arguments by place and by name; None where one is not a number, text or list of them."""
    call += ")" * (call.count("(") - call.count(")"))
    if len(call) > _LONGEST or not _SIGNS.match(call) or _NUMBER_AND_WORD.search(call):
        return None
    try:
        tree = ast.parse(call, mode="eval").body
        if not isinstance(tree, ast.Call) or any(word.arg is None for word in tree.keywords):
            return None
        # the channels that arrive may be a variable of the program
        first = [arg for arg in tree.args[:1] if isinstance(arg, ast.Name)]
        if first and not tree.args[1:] and first[0].id not in VOLUMES:
            return None
        places = [None] * len(first) + [_literal(arg) for arg in tree.args[len(first) :]]
        return places, {str(word.arg): _literal(word.value) for word in tree.keywords}
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return None


def _literal(node: ast.expr) -> Any:
    """A number, text, True, False, None or list of them, as `ast.literal_eval` has it.

    That makes four functions for each value, which stay until they are collected.
    """
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple | ast.List):
        items = map(_literal, node.elts)
        return tuple(items) if isinstance(node, ast.Tuple) else list(items)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _literal(node.operand)
        if type(value) in (int, float):
            return -value
    raise ValueError


def _named(
    given: tuple[list[Any], dict[str, Any]], order: list[str], kind: str
) -> dict[str, Any] | None:
    """All arguments under the tool's names; None where there are more than names."""
    places, named = given
    if kind == "fc" and len(places) == 1 and order[0] == "in_features":
        order = order[1:]  # Linear(10)
    if len(places) > len(order):
        return None
    return {**dict(zip(order, places, strict=False)), **named}


def options_of(
    kind: str, named: dict[str, Any], default: dict[str, Value], more: dict[str, Any]
) -> dict[str, Value] | None:
    """The kind's own options; None where one of them or its value is not known.

    Args:
        kind: the layer kind.
        named: arguments under another tool's names.
        default: what holds where the arguments do not say it.
        more: options under our own names.
    """
    known = {option.key: option for option in BY_NAME[kind].options()}
    found = {key: value for key, value in default.items() if kind == "conv"}
    for word, value in [*more.items(), *named.items()]:
        if value is None or word in _NO_NUMBER:
            continue
        key, own = word if word in known else dialects.option(word, known) or word, _value(value)
        if key not in known or (key == "pad" and own == "valid"):
            pair = dialects.pair(word, str(value), known)
            if pair is None and own != "valid":
                return None
            if pair is not None and pair.written:
                key, text = pair.written.split(": ")
                own = {"true": True, "false": False}.get(text, text)
            elif pair is not None or key not in found:
                continue
            else:
                own = 0
        try:
            if not (isinstance(own, str) and own[:1] == "="):
                known[key].accept(own)
        except RejectedError:
            return None
        if key in found and key not in default:
            return None  # said twice
        found[key] = own
    missing = any(option.required and key not in found for key, option in known.items())
    return None if missing else found


def _value(value: Any) -> Value:
    """One number for a list of equal ones."""
    if not isinstance(value, list | tuple):
        return value.lower() if isinstance(value, str) else value
    return value[0] if value and len(set(value)) == 1 else tuple(value)


def entry_of(kind: str, options: dict[str, Value]) -> str:
    """The entry with these options, as a short form where there is one."""
    short = _short(kind, options)
    if short and expand(short):
        return short
    if kind == "conv" and options.get("pad") == 0:
        del options["pad"]  # unlike a short form, the kind does not pad
    return written_out(kind, options)


def written_out(kind: str, options: dict[str, Value]) -> str:
    """The entry with these options by their names, those that the kind does not have last."""
    if not options:
        return kind
    order = [option.key for option in BY_NAME[kind].options() if option.key in options]
    values = [(key, options[key]) for key in dict.fromkeys([*order, *options])]
    pairs = (f"{key}: {own if isinstance(own, str) else shown(own)}" for key, own in values)
    return f"{kind}: {{{', '.join(pairs)}}}"


def _short(kind: str, options: dict[str, Value]) -> str:
    """The short form; '' where an option has no letter or is not one number."""
    given, words = dict(options), _IN_SHORT.get(kind)
    if words is None or not set(given) <= set(words):
        return ""
    if kind == "fc":
        return f"fc-{given['units']}"
    kernel = given.pop("kernel")
    size = "x".join(map(str, kernel)) if isinstance(kernel, tuple) else str(kernel)
    if given.get("pad") == "same" and given.get("stride", 1) == 1 and kind == "conv":
        del given["pad"]  # what the short form says
    if given.get("stride") == (1 if kind == "conv" else kernel):
        del given["stride"]
    head = f"conv{size}-{given.pop('filters')}" if kind == "conv" else f"pool{size}"
    if any(type(value) is not int for value in given.values()):
        return ""
    letters = "".join(f"{word[0]}{given[word]}" for word in words if word in given)
    return f"{'avg' if kind == 'avg_pool' else ''}{head}{letters}"
