"""What to type for code, lists and options among the words of a pattern.

Imported only where something is wrong.
"""

import re
from collections.abc import Container
from typing import NamedTuple

from convcalc.dialects import absent, folded, instead
from convcalc.findings import plain
from convcalc.network.graph import is_name
from convcalc.network.record import Step
from convcalc.spec import applied, block_calls, called, multiplied, nearforms
from convcalc.spec.arriving import in_call, states_input
from convcalc.spec.blocks import Blocks
from convcalc.spec.foreign.asked import KINDS
from convcalc.spec.foreign.named import with_name
from convcalc.spec.foreign.parse import VOLUMES
from convcalc.spec.notes_words import SPACED
from convcalc.spec.stated_input import input_layer, is_input

_SIGNS = frozenset("(),{}")
_CALL = re.compile(r"[\w.]+\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)?")
_COMMA = re.compile(r"\s*[,;]")  #: behind a call, before the next one
#: ``{dropout: {rate: 0.5}}``, as a list of layers has it, up to its closing bracket
_ENTRY = re.compile(r"\{\s*+([\w.-]{1,60}\s*+:\s*+(?:\{[^{}]{0,200}+\}|[^{},]{0,60}))\s*+\}")

_TARGET = re.compile(r"[\w\])]\s*=\s*\Z")  #: what a call is assigned to
_OPTIONS = re.compile(r"([A-Za-z_]\w*)(\{[^{}]*\})")  #: ``max_pool{kernel:2}``


class Fault(NamedTuple):
    """A sign that no pattern has: what is reported, and where."""

    message: str
    offset: int
    length: int
    help: tuple[str, ...]
    behind: int
    """The offset after a call, from which the pattern may be read on; 0 elsewhere."""


def fault(
    text: str,
    offset: int,
    blocks: Blocks,
    variables: Container[str],
    whole_line: bool = False,
) -> Fault:
    """The fault in the word at an offset that has one of the signs ``( ) , { }``.

    Without its `whole_line`, a call behind ``x =`` is no edit: the ``x`` and ``=`` would stay.
    """
    call = _CALL.match(text, offset)
    if call is None:
        at = next(at for at in range(offset, len(text)) if text[at] in _SIGNS)
        return Fault(f"{text[at]!r} has no meaning in a pattern", at, 1, _sign(text, at), 0)
    name = call[0].partition("(")[0]
    message = "a layer is written without round brackets"
    help = block_calls.help(call[0], blocks, variables, call[0] == text.strip())[:1]
    if help:
        message = "a block is called without round brackets" if name in blocks else message
    elif folded(name) == "sequential":
        help = ("the layers inside stand in the list themselves: `conv3-64 relu pool2`",)
    elif is_input(name):
        help = input_layer(call[0], None)
    else:
        help = called.help(call[0], KINDS, call[0] == text.strip())
        help = help or (instead(name) if absent(name) else ("a layer is one word: `conv3-64`",))
        if offset and name.endswith("Dense"):
            help = tuple(map(_each_place, help))
        left = not whole_line and _TARGET.search(text, max(0, offset - _LONGEST), offset)
        if offset and (states_input(call[0]) or left):  # what arrives is not known here
            help = tuple(re.sub("did you mean (`.*`)[?]", r"write \1", line) for line in help)
    help = (*(multiplied.among(line, text, offset, call.end()) for line in help[:1]), *help[1:])
    end = comma.end() if (comma := _COMMA.match(text, call.end())) else call.end()
    return Fault(message, offset, end - offset, help, end)


def _each_place(line: str) -> str:
    """Help for Keras's Dense where it is not known whether a vector arrives."""
    behind = r"behind a vector \1, on each place of a volume a conv with kernel 1"
    return re.sub("did you mean (`.*`)[?]", behind, line)


def _sign(text: str, at: int) -> tuple[str, ...]:
    """Help for a comma or a bracket."""
    if text[at] in "{}":
        sample = "dropout: {rate: 0.5}"
        if entry := _ENTRY.match(text, at):
            sample = plain(entry[1])
        near = _OPTIONS.search(text[max(0, at - _LONGEST) : at + _LONGEST])
        if near and near.start(2) == min(at, _LONGEST):
            sample = f"{near[1]}: {plain(re.sub(r':(?=[^ ])', ': ', near[2]))}"
        return (f"a pattern has words only: in a list of layers it is `- {sample}`",)
    if text[at] == ",":
        return ("layers are separated by spaces: `conv3-64 relu pool2`",)
    return ("a group has square brackets: `[conv3-64 relu]*2`",)


def star(text: str, offset: int) -> tuple[str, int, int, tuple[str, ...]]:
    """What to report of a sign that no word has, such as a ``*`` behind no group: a fault."""
    help = "a group is repeated behind it: `[conv3-64 relu]*2`"
    if text[offset - 1 : offset] == "/":
        help = "a comment begins with `#`, and ends with its line"
    starred = text[offset:].lstrip()[:1] == "*"
    return "this has no meaning in a pattern", offset, 1, (help,) if starred else ()


def group(tokens: list[tuple[str, int]], times: str, offset: int) -> tuple[str, ...]:
    """The group that ``* 3`` behind a layer is meant for; an example where no layer is before it.

    As an entry of a list it has quotes: YAML has lists in square brackets, which nothing repeats.
    """
    word = next((word for word, at in reversed(tokens) if at < offset), "")
    layer = plain(word) if word[:1].isalpha() else "conv3-64 relu"
    written = f"[{layer}]*{re.sub('[^0-9]', '', times)[:20] or 2}"
    return (f"`{written}`, in quotes where it is an entry of a list",)


_LONGEST = 300
#: ``"max_pool: {kernel: 2}"``, an entry with its options as a text
_QUOTED = re.compile(r"[A-Za-z_][\w.]*:\s+(?:\{.*\}|\[.*\]|[\w.=-]+)\s*\Z", re.ASCII)
_LIST = re.compile(r"\s*\[[^,]+,.*\{\s*\w+:\s.*\]\s*\Z", re.ASCII)
_ASSIGNED = re.compile(r"\s*(?:([A-Za-z_][\w.]*)\s*=\s*)?([A-Za-z_][\w.]*\(.*\))\s*;?\s*\Z", re.S)
#: a line of ``print(model)``: ``(bn1): BatchNorm2d(8)``
_PRINTED = re.compile(r"\s*\(?(\w+)\)?:\s+((?:\w+\.)*[A-Z]\w*\(.*\))\s*\Z", re.ASCII)
#: ``x = Add()([a, b])``
_JOINED = re.compile(r"(?:\w+\s*=\s*)?[\w.]+\([^()]*\)\s*\(\s*[(\[]")
_APPLIED = re.compile(r"(.*\))\s*\(\s*\w+\s*\)\Z", re.S)


def entry_in_text(
    text: str, step: Step, blocks: Blocks, variables: Container[str]
) -> tuple[str, ...]:
    """What is wrong with a text that is one entry or one line of code, and the help; () for others.

    ``x = nn.Conv2d(3, 8, 3)``, ``Dense(8)(x)``, ``"pool: {kernel: 2}"``; `step` is what arrives.
    """
    if len(text) > _LONGEST:
        return ()
    if called_block := block_calls.in_text(text, blocks, variables):
        return called_block
    if SPACED.match(text):
        own = any(word in blocks for word in text.split())
        help = () if own else nearforms.spaced(text, step.output)
        return ("a layer is one word", *help) if help else ()
    if times := multiplied.help(text, step, blocks, variables):
        return times
    if _QUOTED.match(text):
        return ("an entry in quotes is a text", f"did you mean `{plain(text.strip())}`?")
    if _LIST.match(text):
        return ("a list with options is no pattern", f"did you mean `{plain(text.strip())}`?")
    if _JOINED.match(text) and (joined := applied.help(text, KINDS)):
        return ("a layer is written without round brackets", *joined)
    if told := applied.statement(text):
        return ("a layer is one word", *told)
    if (printed := _PRINTED.match(text)) and _CALL.fullmatch(printed[2]):
        help = in_call(printed[2], step, called.help(printed[2], KINDS, True))
        own = is_name(printed[1]) and not printed[1].isdigit()
        named = (_with_name(line, printed[1]) for line in help) if own else help
        return ("a layer is written without round brackets", *named) if help else ()
    name, call = assigned(text)
    if not call:
        return ()
    help = in_call(call, step, called.help(call, KINDS, True))
    if name and help:
        sure = (re.sub("did you mean (`.*`)[?]", r"write \1", line) for line in help)
        help = (*sure, f"a name is a key beside the layer: `name: {plain(name)}`")
    return ("a layer is written without round brackets", *help) if help else ()


def _with_name(line: str, name: str) -> str:
    """The help for a layer with its name beside it."""
    said = re.compile("did you mean `(.*)`[?]")
    return said.sub(lambda match: f"did you mean `{with_name(match[1], name)}`?", line)


def assigned(text: str) -> tuple[str, str]:
    """The name and the call of ``self.conv1 = nn.Conv2d(3, 8, 3)`` or ``x = Dense(8)(x)``.

    The name is '' where it is only the volume's; both are '' for any other text.
    """
    if text.rstrip().endswith(",") and _CALL.fullmatch(whole := text.strip().rstrip(",")):
        return "", whole  # one of a list of layers
    if (inner := called.added(text)) != text and _CALL.fullmatch(inner):
        return "", inner
    match = _ASSIGNED.match(text)
    if match is None:
        return "", ""
    name, call = match[1] or "", match[2]
    applied = _APPLIED.match(call)
    if applied and _CALL.fullmatch(applied[1]):
        call = applied[1]
    elif not name:
        return "", ""
    if not _CALL.fullmatch(call):
        return "", ""
    name = name.removeprefix("self.")
    return "" if name in VOLUMES else name, call
