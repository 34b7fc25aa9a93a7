"""What a file states about its net as a whole: `expect`, `budget` and `rules`."""

from convcalc.findings import brief, plain
from convcalc.network.expectations import SECTIONS, parse, wants, words
from convcalc.network.record import Expectation, RuleSetting
from convcalc.network.remarks import Remarks
from convcalc.quantity import without_commas
from convcalc.shapes import Shape, nearly_shape
from convcalc.spec.as_text import text_of
from convcalc.tree.nodes import Mapping, Node, Scalar
from convcalc.tree.scalars import AmbiguousError, resolve

#: what is expected holds exactly, where a budget is a limit
_SAMPLES = {
    "expect": "`expect: {params: 138357544, output: 1000}`",
    "budget": "`budget: {params: 138M, macs: 16G}`",
}


#: what other tools call these
_OTHER_WORDS = {
    **dict.fromkeys(("parameters", "param", "num_params", "n_params", "total_params"), "params"),
    **dict.fromkeys(("batch_size", "batchsize", "bs"), "batch"),
    **dict.fromkeys(("memory", "train_memory", "gpu_memory"), "training_memory"),
    **dict.fromkeys(("mac", "madds", "multiply_adds", "mult_adds", "macc"), "macs"),
}


def expectations(root: Mapping, section: str, remarks: Remarks) -> tuple[Expectation, ...]:
    """What `expect` or `budget` states."""
    node = root.get(section)
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        remarks.error("CC014", f"{section} must be a mapping", node, "", (_SAMPLES[section],))
        return ()
    found = []
    for word, (key, value) in node.entries.items():
        known = words(section, word)
        if word not in known:
            close = _OTHER_WORDS.get(word.lower(), "") or remarks.suggest.nearest(word, known)
            own = ", ".join(SECTIONS[section])
            flops = "a MAC is two FLOPs: state half of them, as `macs`"
            hint = f"did you mean `{close}`?" if close else f"known: {own}, or a convention"
            hint = flops if word.lower() in {"flops", "flop", "gflops"} else hint
            help = _further_segment(node, word) or (hint,)
            text = f"{section} has no {plain(word)!r}"
            remarks.error("CC010", text, key, "unknown", help)
            continue
        stated = _stated(word, value, remarks)
        if stated is not None:
            bare = isinstance(value, Scalar) and value.text.isdigit()
            found.append(Expectation(word, stated, value, bare))
    return tuple(found)


_SEGMENTS = "checkpoint"  #: the setting that may name several segments, a comma between them


def _further_segment(node: Mapping, word: str) -> tuple[str, ...]:
    """Help for ``checkpoint: enc1,enc2`` in braces, where YAML reads the comma; () for others."""
    keys = [*node.entries]
    first = node.entries[_SEGMENTS][1] if _SEGMENTS in keys else None
    names = keys[keys.index(_SEGMENTS) + 1 : keys.index(word) + 1] if first else []
    values = [node.entries[name][1] for name in names]
    if not names or not all(isinstance(value, Scalar) and not value.text for value in values):
        return ()
    segments = ",".join([text_of(first), *names]) if first else ""
    return (f'a value with a comma is quoted: `{_SEGMENTS}: "{brief(segments)}"`',)


def _stated(word: str, node: Node, remarks: Remarks) -> int | Shape | str | None:
    """The value of one expectation."""
    text = node.text if isinstance(node, Scalar) else ""
    if isinstance(node, Scalar) and node.plain:
        try:
            resolve(text)
        except AmbiguousError as error:
            remarks.error("CC004", plain(str(error)), node)
            return None
    value = parse(word, text)
    if value is None:
        text_given = text
        got = repr(plain(text)) if isinstance(node, Scalar) else "a list or mapping"
        text = f"{word}: expected {wants(word)}, got {got}"
        items = [i.text if isinstance(i, Scalar) else "" for i in getattr(node, "items", [])]
        shape = "x".join(items) if all(item.isdigit() for item in items) else ""
        shape = shape or nearly_shape(text_given)
        meant = shape if word == "output" else without_commas(text_given)
        if word == _SEGMENTS and items and all(items):
            meant = f'"{",".join(items)}"'
        help = (f"did you mean `{meant}`?",) if meant else ()
        remarks.error("CC014", text, node, "", help)
    return value


def rule_settings(root: Mapping, remarks: Remarks) -> tuple[RuleSetting, ...]:
    """What `rules` says; whether there are such rules is for them to say."""
    node = root.get("rules")
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        remarks.error("CC014", "rules must be a mapping", node)
        return ()
    found = []
    for word, (key, value) in node.entries.items():
        parts = value.entries if isinstance(value, Mapping) else {}
        try:
            found.append(RuleSetting(word, _plain(value), key, value, parts))
        except _DoubtfulError as error:
            remarks.error("CC004", plain(str(error)), error.node)
    return tuple(found)


class _DoubtfulError(Exception):
    """A scalar that parsers read differently, and the place of it."""

    def __init__(self, message: str, node: Node) -> None:
        super().__init__(message)
        self.node = node


def _plain(node: Node) -> object:
    """The value of a node, mappings as dicts; raises _DoubtfulError."""
    if isinstance(node, Mapping):
        return {word: _plain(value) for word, (_, value) in node.entries.items()}
    if not isinstance(node, Scalar):
        return "a list"
    try:
        return resolve(node.text) if node.plain else node.text
    except AmbiguousError as error:
        raise _DoubtfulError(str(error), node) from error
