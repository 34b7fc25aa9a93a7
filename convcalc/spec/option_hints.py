"""What to type instead of an option that a kind does not have.

Imported only where something is wrong.
"""

import re
from collections.abc import Iterable

from convcalc import dialects
from convcalc.findings import plain
from convcalc.layers import BY_NAME
from convcalc.spec.as_text import text_of
from convcalc.spec.characters import meant as meant_word
from convcalc.spec.hints import missing_space
from convcalc.spec.options_behind import named
from convcalc.spec.separate import activation, separate
from convcalc.spec.shortforms import expand
from convcalc.spec.truth import truth
from convcalc.suggest import Suggestions
from convcalc.tree.nodes import Mapping, Node, Scalar, Sequence
from convcalc.window import Rounding


def option(word: str, value: Node, names: Iterable[str], suggest: Suggestions) -> tuple[str, ...]:
    """An option that the kind does not have."""
    names = list(names)
    meant = (
        of_all_layers(word, value)
        or separate(word, value)
        or border(word, value)
        or replaced(word, value, names)
        or activation(word, value)
    )
    meant = meant or of_tensorflow(word, value, names)
    if not meant and "branches" in names and not suggest.option(word, names):
        meant = _joined(word, value)
    meant = meant or _wired(word, value)
    meant = meant or missing_space(word) or _assigned(word, value, names)
    meant = meant or _number_alone(word, value, names) or _rounding(word, value, names)
    if meant:
        return meant
    if word == "k" and (kernel := named(word, text_of(value), names)):
        return (f"did you mean `{kernel}`?",)
    return meant_word(suggest.option(word, names), word)


def _wired(word: str, value: Node) -> tuple[str, ...]:
    """``bottom: pool1`` and ``top: ip1`` of Caffe, and ``input: conv1``: names of layers."""
    key = {"bottom": "from", "top": "name", "input": "from", "inputs": "from"}.get(word)
    if word[:2] == "in" and not text_of(value).replace("_", "").isidentifier():
        return ()  # a size
    if not text_of(value)[:1].isalpha() and word in {"top", "bottom"}:
        return ()  # a side
    return (f"on its own line below the kind it is `{key}: {text_of(value)}`",) if key else ()


#: what other files call the layers that a merge reads
READ = frozenset({"inputs", "input", "sources", "layers", "tensors", "bottom", "src"})


def _joined(word: str, value: Node) -> tuple[str, ...]:
    """``inputs: [a, b]`` of a merge, and branches that have names."""
    text = text_of(value)
    if word.lower() == "with" and "..." not in text:
        also = f"`from: [that name, {text.strip('[]')}]`"
        return (f"give the layer above a `name:`, and write {also} on its own line below the kind",)
    if word.lower() in READ and isinstance(value, Scalar | Sequence) and "..." not in text:
        from convcalc.spec.listed_names import in_from

        if isinstance(value, Scalar) and len(names := in_from(text)) > 1:
            text = f"[{', '.join(names)}]"
        return (f"write `from: {text}` on its own line below the kind",)
    return branch_by_name(word, value)


def branch_by_name(word: str, value: Node) -> tuple[str, ...]:
    """``body: [conv3-8, relu]`` where `branches:` is missing above it; () for what is no layer."""
    text = text_of(value)
    words = [*value.entries][:1] if isinstance(value, Mapping) else [text]
    if words == ["branches"] and isinstance(value, Mapping) and len(value.entries) == 1:
        return (f"`branches:` is no part of a branch: leave out the `{plain(word)}:` around it",)
    if not isinstance(value, Sequence) and not any(w in BY_NAME or expand(w) for w in words):
        return ()
    text = "[...]" if "..." in text else text
    return (f"branches stand below `branches:`: `{{branches: {{{plain(word)}: {text}}}}}`",)


def _assigned(word: str, value: Node, names: list[str]) -> tuple[str, ...]:
    """``{filters=8}``, an argument as calls have it."""
    name, sign, own = word.partition("=")
    name = name.strip()
    name = named(name, own.strip(), names)
    if not sign or not name or text_of(value) or not re.fullmatch(r" *[\w.]{1,20}", own):
        return ()
    return (f"did you mean `{name}: {own.strip()}`?",)


def _number_alone(word: str, value: Node, names: list[str]) -> tuple[str, ...]:
    """``fc: {10}``, the number of a layer that has one."""
    if text_of(value):
        return ()
    if "units" in names and re.fullmatch("[1-9][0-9]{0,9}", word):
        return (f"did you mean `units: {word}`?",)
    rate = "rate" in names and re.fullmatch(r"0?\.[0-9]{1,9}", word)
    return (f"did you mean `rate: {word}`?",) if rate else ()


def _rounding(word: str, value: Node, names: list[str]) -> tuple[str, ...]:
    """``rounding: floor`` of a conv: the file says it for all of them."""
    if word != "rounding" or "stride" not in names or "output_pad" in names:
        return ()
    told = text_of(value) if text_of(value) in tuple(Rounding) else Rounding.FLOOR.value
    return (f"it is said for all convs at the top of the file: `rounding: {{conv: {told}}}`",)


def of_tensorflow(word: str, value: Node, names: Iterable[str]) -> tuple[str, ...]:
    """``block_size: 2``, ``rate: 2`` of an atrous convolution, and ``keep_prob: 0.8``."""
    if (
        word == "keep_prob"
        and "rate" in names
        and re.fullmatch(r"0?\.[0-9]{0,8}[1-9]", text_of(value))
    ):
        digits = text_of(value).partition(".")[2]
        left = 10 ** len(digits) - int(digits)
        return (f"write `rate: 0.{left:0{len(digits)}}` in place of `keep_prob: {text_of(value)}`",)
    if word == "rate" and "dilation" in names:
        return (f"write `dilation: {text_of(value)}` if it is the rate of an atrous convolution",)
    if word.lower() not in {"block_size", "blocksize"} or "order" not in names:
        return ()
    return (f"write `factor: {text_of(value)}`, and `order: dcr` where it is TensorFlow's",)


def border(word: str, value: Node) -> tuple[str, ...]:
    """``padding_mode: reflect``: a layer of its own before the window, here."""
    mode = text_of(value).lower().strip("'\"")
    if word.lower() != "padding_mode" or mode == "zeros":
        return ()
    own = {"reflect": "reflect", "replicate": "edge"}.get(mode)
    if own is None:
        return (
            f"leave out `{plain(word)}` if only sizes matter: the `pad` layer has reflect and edge",
        )
    return (f"a layer before it pads so: `- pad: {{sides: 1, mode: {own}}}`, and no `pad` here",)


def of_relu(kind: str, word: str, text: str) -> tuple[str, ...]:
    """``slope: 0.1`` and ``max_value: 6`` of a relu, which has neither."""
    if kind in {"relu", "relu6"} and word in {"max_value", "max"}:
        return ("a relu that ends at 6 is `relu6`, and no kind ends at another number",)
    slope = dialects.option(word, ["negative_slope"]) or word
    if kind not in {"relu", "relu6"} or slope not in {"negative_slope", "leak", "leaky"}:
        return ()
    number = text if re.fullmatch(r"[0-9.]{1,9}", text) else "0.1"
    return (f"a relu that leaks is a `leaky_relu: {{negative_slope: {number}}}`",)


def of_norm(kind: str, word: str, text: str) -> tuple[str, ...]:
    """``track_running_stats: false``, with which a batch_norm is another layer."""
    if word != "track_running_stats" or kind not in {"batch_norm", "instance_norm"}:
        return ()
    from convcalc.spec.foreign.norms import untracked

    if why := untracked(kind, {"true": True, "null": None}.get(text.lower(), False)):
        return (f"{why}; remove `{word}` if the layer is to have what `{kind}` has",)
    kept = "always" if kind == "batch_norm" else "never"
    return (f"leave out `{word}`: {kind} {kept} keeps running means and variances",)


def of_all_layers(word: str, value: Node) -> tuple[str, ...]:
    """``trainable: false`` and ``dtype: float16``, which no spec says of one layer."""
    text = text_of(value)
    there = truth(value)
    if there is not None and dialects.TRAINED.get(word) == str(not there).lower():
        return (f"every layer counts as trained: remove `{word}` if that will do",)
    if word == "dtype" and text.lower() not in {"float32", "null", "none"}:
        return (f"all layers have one type: `--dtype {text}` on the command line, and no `dtype`",)
    return ()


def replaced(word: str, value: Node, names: Iterable[str]) -> tuple[str, ...]:
    """An option of another tool that says nothing of a size, or says it in another way."""
    pair = dialects.pair(word, text_of(value), names)
    if pair is None:
        return ()
    if not pair.written:
        return (f"leave out `{plain(word)}`: {pair.why}",)
    return (f"write `{pair.written}` in place of `{plain(word)}: {text_of(value)}`",)
