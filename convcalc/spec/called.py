"""Layers written as calls, as PyTorch's and Keras' code has them: ``Conv2d(3, 32, 3)``.

Imported only where something is wrong. A call is parsed and never run.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from convcalc import dialects
from convcalc.dialects import folded
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.layers.option import Value
from convcalc.network.graph import NAME_HELP, is_name
from convcalc.shapes import Shape
from convcalc.spec.foreign import placed
from convcalc.spec.foreign.asked import KINDS, NotCertainError, tool, whole_numbers
from convcalc.spec.foreign.meanings import MEANINGS
from convcalc.spec.foreign.meanings import meant as foreign
from convcalc.spec.foreign.named import with_name
from convcalc.spec.foreign.orders import FUNCTIONS, IMAGES, IN_BLOCKS, arguments
from convcalc.spec.foreign.ours import entry_of, kind_named, left_out, options_of
from convcalc.spec.foreign.parse import LONGEST, VOLUMES, Arguments, arguments_of

_WORD = re.compile(r"((?:\w+\.)*)(\w+)\s*\(")
_PADDED = ("conv", "conv_transpose", "depthwise_conv")  #: nothing unless they say so
_FILTERED = ("conv", "conv_transpose")  #: in PyTorch behind the channels that arrive
_ADDED = re.compile(r"\s*\w+\.add\(\s*([A-Za-z_][\w.]*\(.*\))\s*\)\s*[,;]?\s*\Z", re.S)
_OF_VOLUME = re.compile(rf"[\w.]+\s*\(\s*(?:{'|'.join(sorted(VOLUMES))})\s*[,)]")
_POOLS = ("max_pool", "avg_pool")
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
    without: tuple[str, ...] = ()
    """What the entry does not say of the call, in a line."""


def meant(call: str, names: Iterable[str], shape: Shape | None = None) -> Call:
    """The entry that a call stands for where `shape` arrives, with all that its arguments say.

    PyTorch's and Keras' convolutions do not pad unless they say so; a word that is neither's
    (`conv(32, 3)`) is read in Keras' order, as a short form, which pads.

    >>> meant("nn.Conv2d(3, 32, 3, stride=2, padding=1)", ["conv"]).written
    'conv3-32s2p1'
    >>> meant("Conv2d(3, 32, 3, bias=False)", ["conv"]).written
    'conv: {filters: 32, kernel: 3, bias: false}'
    """
    try:
        read = _read(call, names, shape)
    except NotCertainError as error:
        return Call(kind_of(call, KINDS), "", "", str(error))
    if read is None:
        return Call("", "", "")
    word, kind, which, given, order = read
    if given is None:
        return Call(kind, "", "")
    named = _named(given, order, kind)
    name = str((named or {}).pop("name", None) or "")
    try:
        exactly = foreign(word, named or {}, shape)
        if named is None:
            return Call(kind, "", "")
        kind, own, more = exactly or (kind, named, {})
        own = dict(own)
        activation = str(own.pop("activation", None) or "")
        acts = activation_of(activation) if activation not in {"", "linear"} else ""
        if activation not in {"", "linear"} and not acts:
            text = f"no kind is the activation {plain(activation)!r}"
            return Call(kind, "", "", f"{text}: `convcalc list --kinds` names them")
        padded: dict[str, Value] = {"pad": 0} if which and kind in _PADDED else {}
        options = options_of(kind, own, padded, more)
    except NotCertainError as error:
        return Call(kind, "", "", str(error))
    without = left_out(named)
    if kind in _GLOBAL and options.get("output") == 1:
        return Call(_GLOBAL[kind], _GLOBAL[kind], acts, "", name, without)
    return Call(kind, entry_of(kind, options), acts, "", name, without)


def added(call: str) -> str:
    """The layer of ``model.add(Dense(10))``; any other call as it is."""
    match = _ADDED.match(call[:LONGEST])
    return match[1] if match else call


def _read(
    call: str, names: Iterable[str], shape: Shape | None = None
) -> tuple[str, str, str, Arguments | None, list[str]] | None:
    """Of a call: its word with its module, the kind, the tool, the arguments and their names.

    Raises:
        NotCertainError: whose order its numbers are in is not certain, or one is given twice.
    """
    call = added(call).strip().rstrip(",;")  # between the layers of a list
    match = _WORD.match(call)
    if match is None:
        return None
    word, whole = match[2], f"{match[1]}{match[2]}"
    known = names if isinstance(names, dialects.Known) else dialects.Known(names)
    kind = word.lower() if word.lower() in known.set else dialects.kind(word, known)
    meaning = folded(word) in MEANINGS
    which = tool(whole)
    lower = which == "pytorch" and word.islower() and bool(match[1] or FUNCTIONS.get(kind))
    lower = lower or (word.islower() and folded(word) in IN_BLOCKS)
    given = arguments_of(call, lower or word in IMAGES) if kind in BY_NAME or meaning else None
    if given is None and meaning and not kind:
        given = [], {}  # what is refused anyhow
    of_keras = which == "keras" and kind in _FILTERED
    if of_keras and given and (_pads_by_number(given) or placed.is_of_pytorch(given[0], shape)):
        which = "pytorch"  # Conv2D(3, 16, 3, padding=1)
    named_first = given is not None and given[0][:1] == [None]
    operation = which in {"", "keras"} and word.islower()
    operation = operation and (word in IMAGES or bool(_OF_VOLUME.match(call)))
    function = named_first and (lower or operation)
    reads = function or (named_first and which == "slim")
    if given and reads:  # the volume comes first
        given = given[0][1:], given[1]
        if operation and kind in _POOLS:
            given = _of_axes(given)
    own = which or ("" if function or not given else placed.tool_of(kind, *given, shape))
    order = arguments(own, kind or folded(word), folded(word), function)
    if which == "pytorch" and word.startswith("Lazy"):
        order = order[1:]  # what arrives is not said
    placed.given_twice(*(given or ([], {})), order)
    return whole, kind, which, given, order


def _of_axes(given: Arguments) -> Arguments:
    """Windows of TensorFlow's functions, `[1, 2, 2, 1]`, without the batch and the channels."""

    def inner(value: Any) -> Any:
        whole = isinstance(value, list | tuple) and len(value) > 2
        return value[1:-1] if whole and value[0] == value[-1] == 1 else value

    return [*map(inner, given[0])], {name: inner(value) for name, value in given[1].items()}


def _pads_by_number(given: Arguments) -> bool:
    """Whether a convolution pads by a number, as PyTorch's does, where Keras's has a word."""
    places, named = given
    padding = named.get("padding", places[3] if len(places) > 3 else None)
    return len(places) > 2 and bool(whole_numbers(padding))


def by_name(call: str) -> dict[str, Any]:
    """The arguments of a call by their names; none where one is not understood."""
    try:
        read = _read(call, KINDS)
    except NotCertainError:
        return {}
    given = read and (read[3] or arguments_of(call))
    return (read and given and _named(given, read[4], read[1])) or {}


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
    kind, written, activation, why, name, without = meant(call, names, shape)
    if why:
        return (why,)
    if not written:
        from convcalc.spec import applied

        if told := applied.help(call, KINDS, shape):
            return told
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
        return (f"did you mean `{written}{f' {activation}' if activation else ''}`?", *without)
    if alone and not activation:
        return (f"did you mean `{written}`?", *without)
    entries = [f"`- {entry}`" for entry in (written, activation) if entry]
    if not alone:
        where = "a pattern has words only: in a list of layers it is"
        return (f"{where} {' and '.join(entries)}",)
    return (f"write {' and on the next line '.join(entries)}",)


def _named(
    given: tuple[list[Any], dict[str, Any]], order: list[str], kind: str
) -> dict[str, Any] | None:
    """All arguments under the tool's names; None where there are more than names."""
    places, named = given
    if kind == "fc" and len(places) == 1 and order[:1] == ["in_features"]:
        order = order[1:]  # Linear(10)
    if len(places) > len(order):
        return None
    return {**dict(zip(order, places, strict=False)), **named}
