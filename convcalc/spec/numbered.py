"""Words with a number as keys, and numbers behind them: ``fc8: 10``, ``pool1: 2``, ``conv3: 64``.

The word is the layer's name, or its number is the size of a window: where it may be both, both are
said and no edit is made. Imported only where something is wrong.
"""

import re
from collections.abc import Container, Sequence
from itertools import islice

from convcalc import dialects, formula
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.network.graph import is_name
from convcalc.network.record import Step
from convcalc.quantity import counted
from convcalc.spec.alone import bare_value, is_only_taker
from convcalc.spec.as_text import text_of
from convcalc.spec.by_word import word_of
from convcalc.spec.nearforms import LARGEST_KERNEL, number
from convcalc.spec.shortforms import expand, lettered
from convcalc.spec.typed import NAMED
from convcalc.tree import nodes
from convcalc.tree.nodes import Node, Scalar

_WORD = re.compile(
    r"([A-Za-z][A-Za-z_]*?(?:[123][dD](?=[-_.]))?)([-_.]?)([0-9]{1,4})((?:[x_.-][0-9]{1,4}){0,2})\Z"
)
_DECIMAL = re.compile(r"(?:[1-9][0-9]{0,8}|0?\.[0-9]{1,6})%?\Z")
_BARE = re.compile(r"conv([0-9]{1,4})\Z")
_ENTRY = re.compile(r"write `((\w+)(?:: \{(\w+): ([^{}]+)\})?)`(?: in place of `.*)?\Z")
_RECENT = 200  #: layers that are looked through: a file may have very many helps
_POOLS = ("max_pool", "avg_pool")
_AS_NAME = "as a name it stands below its layer: "


def help(
    word: str, value: Node | None, step: Step, beside: Container[str], above: Sequence[Step] = ()
) -> tuple[str, ...]:
    """What to type for numbers behind a numbered word; () for any other entry.

    Args:
        word: the key.
        value: what is behind it.
        step: what arrives.
        beside: the keys beside it.
        above: the layers before it, where the word's number may count them.
    """
    match = _WORD.match(word)
    kind = dialects.kind(match[1], BY_NAME) if match else ""
    if match is None or not kind or value is None or BY_NAME[kind].merges or not is_name(word):
        return ()
    if isinstance(value, nodes.Sequence) and len(value.items) == 1:
        value = value.items[0]
    own = bool(match[4]) and match[4][:1] != "x"  # conv1_1
    own = own or expand(f"conv{match[3]}{match[4]}-1") is None  # conv0
    window = "" if own else f"{match[3]}{match[4]}"
    if kind == "conv" and (filters := _filters(value)):
        own = own or (bool(match[2]) and not match[4])  # conv_1
        return _conv(word, "" if own else window, filters, value, above)
    if not _is_numeric(value):
        return ()
    options = BY_NAME[kind].options()
    if kind in _POOLS and isinstance(value, Scalar) and window:
        pooled = _pool(word, kind, window, value.text)
        if pooled:
            return pooled
    elif window not in {"", "1"} and any(option.key == "kernel" for option in options):
        return _windowed(word, kind, window, value)
    return _named(word, bare_value(kind, options, value, step=step), beside)


def _is_numeric(value: Node) -> bool:
    """Whether a value is a number or a formula, or a list of them."""
    items = value.items if isinstance(value, nodes.Sequence) else [value]
    texts = [item.text if isinstance(item, Scalar) else "" for item in items]
    return bool(texts) and all(_DECIMAL.match(text) or _is_formula(text) for text in texts)


def _is_formula(text: str) -> bool:
    """Whether a text can be read as a formula."""
    try:
        formula.names(text)
    except formula.FormulaError:
        return False
    return text[:1] == "="


def _filters(value: Node) -> dict[str, str]:
    """The options of a convolution with filters and no kernel, by our names; {} for others."""
    if isinstance(value, Scalar):
        text = f'"{value.text}"' if "," in value.text else value.text  # =min(64, k)
        return {"filters": text} if _is_numeric(value) else {}
    if not isinstance(value, nodes.Mapping):
        return {}
    known = [option.key for option in BY_NAME["conv"].options()]
    keys = {key: key if key in known else dialects.option(key, known) for key in value.entries}
    given = {keys[key]: text_of(node) for key, (_, node) in value.entries.items()}
    plainly = len(given) == len(keys) and "" not in given and "..." not in "".join(given.values())
    return given if plainly and "filters" in given and "kernel" not in given else {}


def _conv(
    word: str, window: str, given: dict[str, str], value: Node, above: Sequence[Step]
) -> tuple[str, ...]:
    """``conv3x3: 128``, and ``conv3: 64``, whose number may be the layer's own too."""
    filters = given["filters"]
    most = max(map(int, window.split("x"))) if window else 0
    if most > LARGEST_KERNEL and filters.isdecimal() and int(filters) <= LARGEST_KERNEL:
        window, given = filters, {**given, "filters": window}  # the filters come first elsewhere
    elif most > LARGEST_KERNEL:
        window = ""
    entry = _with_window(window or "3", given)
    if "x" in window or given["filters"] != filters or (window and _is_window(word, above)):
        behind = text_of(value) if isinstance(value, Scalar) else "..."
        return (f"write `{entry}` in place of `{plain(word)}: {behind}`",)
    own = _with_window("3", given) if filters.isdecimal() else _kind_of(given)
    named = (
        f"{_AS_NAME}`- {own}{'' if ':' in own else ':'}` with its own kernel, and `name: {word}`"
    )
    if not window:
        return (named,)
    many = counted(int(filters), "filter") if filters.isdecimal() else f"`{filters}` filters"
    return named, f"`{entry}` is {window}x{window} with {many}"


def _kind_of(given: dict[str, str]) -> str:
    """A convolution with a kernel as an example."""
    first = {"filters": given["filters"], "kernel": "3"}
    return f"conv: {{{', '.join(f'{key}: {text}' for key, text in {**first, **given}.items())}}}"


def _with_window(window: str, given: dict[str, str]) -> str:
    """A convolution with its window: a short form where there is one."""
    rest = {key: text for key, text in given.items() if key != "filters"}
    if form := lettered(f"conv{window}-{given['filters']}", rest):
        return form
    same = dict((expand(f"conv{window}-1") or ("", ()))[1])
    pad = {} if number(same["pad"]) == "0" else {"pad": number(same["pad"])}
    stated = {"filters": given["filters"], "kernel": number(same["kernel"]), **pad, **rest}
    return f"conv: {{{', '.join(f'{key}: {text}' for key, text in stated.items())}}}"


def _is_window(word: str, above: Sequence[Step]) -> bool:
    """Whether the number of ``conv3`` is a kernel: it counts no layers.

    A word of several layers is no name; and the first convolution is not the third.
    """
    match = _BARE.match(word.lower())
    last = [*islice(reversed(above), _RECENT)]
    others = {other.lower() for step in last if _BARE.match((other := word_of(step)).lower())}
    if match is None or int(match[1]) % 2 == 0 or match[1] == "1" or others - {word.lower()}:
        return False
    count = sum(step.kind == "conv" for step in last)
    return bool(others) or int(match[1]) != count + 1


def _pool(word: str, kind: str, window: str, stride: str) -> tuple[str, ...]:
    """A number behind ``pool3x3`` or ``pool3``, which may be its stride; () where it is none."""
    head = "avgpool" if kind == "avg_pool" else "maxpool" if word.lower()[:3] == "max" else "pool"
    base = f"{head}{window}"
    sizes = {*window.split("x")}
    form = base if sizes == {stride} else f"{base}s{stride}"
    if not expand(form):
        return ()
    instead = (f"write `{form}` in place of `{plain(word)}: {stride}`",)
    if "x" in window or form == base:
        return instead
    if int(stride) > int(window):
        return ()
    named = f"{_AS_NAME}`- {kind}: {{kernel: {stride}}}`, and `name: {word}`"
    return named, f"`{form}` is {window}x{window} with stride {stride}"


def _windowed(word: str, kind: str, window: str, value: Node) -> tuple[str, ...]:
    """``deconv4: 32``, ``conv3x3: [64, 2]``: what the numbers are as filters and a stride."""
    filters, *rest = value.items if isinstance(value, nodes.Sequence) else [value]
    if not any(option.key == "filters" for option in BY_NAME[kind].options()) or len(rest) > 1:
        return ()
    given = dict(zip(("filters", "stride"), map(text_of, (filters, *rest)), strict=False))
    if kind == "conv":
        entry = _with_window(window, given)
    else:
        sizes = window if "x" not in window else number(tuple(map(int, window.split("x"))))
        pairs = {"filters": given.pop("filters"), "kernel": sizes, **given}
        entry = f"{kind}: {{{', '.join(f'{key}: {text}' for key, text in pairs.items())}}}"
    listed = " and ".join(f"{text} as the {key}" for key, text in given.items() if key != "filters")
    named = f"{_AS_NAME}`name: {word}`, and there its own numbers"
    told = f"write `{entry}`{f', with {listed}' if listed else ''}"
    return (told,) if "x" in window else (named, told)


def _named(word: str, told: tuple[str, ...], beside: Container[str]) -> tuple[str, ...]:
    """The help for the kind with this value, and the word as the layer's name."""
    match = _ENTRY.match(told[0]) if len(told) == 1 else None
    if match and (not match[3] or is_only_taker(*match.groups()[1:])):
        if "name" in beside:
            return (f"write `{match[1]}` in place of `{plain(word)}: ...`",)
        return (f"{NAMED}{match[1]}{'' if match[3] else ':'}`, and `name: {word}` below it",)
    if not told or not told[0].startswith("write `"):
        return ()
    return f"{_AS_NAME}`name: {word}`", *told
