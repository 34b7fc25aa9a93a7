"""A layer as an entry: a short form, a bare kind, or a kind with options."""

from collections.abc import Iterator
from typing import Any

from convcalc.interop.fold.lines import Short, Tree, value_text
from convcalc.interop.fold.tree import (
    Leaf,
    is_number,
    options,
)
from convcalc.layers.base import Layer
from convcalc.spec import shortforms


def mapping(entry: Tree) -> dict[str, Any]:
    """An entry as a mapping, so that keys can go beside its kind."""
    if isinstance(entry, dict):
        return entry
    assert isinstance(entry, str), "an entry is a word or a mapping"
    return dict(entry.long) if isinstance(entry, Short) else {entry: {}}


def said(layer: Layer) -> dict[str, str]:
    """What a merge says beside its inputs: `in_place` of a sum."""
    return {o.key: value_text(value) for o, value in options(layer) if value != o.default}


def leaf(element: Leaf, exprs: Iterator[Any] | None) -> Tree:
    """A layer: a short form, a bare kind, or a kind with options."""
    layer = element.layer
    given: dict[str, str] = {}
    literal: dict[str, Any] = {}
    formulas = False
    for option, value in options(layer):
        found = value
        if is_number(value):
            brief = value[0] if isinstance(value, tuple) and len(value) == 1 else value
            found = next(exprs) if exprs is not None else brief
            if isinstance(found, str):
                formulas = True
                given[option.key] = found
                continue
            if isinstance(value, tuple):
                found = found if isinstance(found, tuple) else (found,)
        literal[option.name] = found
        if option.required or found != option.default:
            given[option.key] = value_text(found)
    if layer.kind in POOLS and given.get("stride") == given.get("kernel"):
        given.pop("stride", None)
    beside = {}
    if element.name:
        beside["name"] = element.name
    if element.weights:
        beside["weights"] = element.weights
    entry: Tree
    if not formulas:
        short = _short(layer.kind, literal)
        long: Tree = {layer.kind: given} if given else layer.kind
        entry = Short(short, {layer.kind: given}) if short else long
    else:
        entry = {layer.kind: given}
    return {**mapping(entry), **beside} if beside else entry


POOLS = frozenset({"max_pool", "avg_pool", "l2_pool"})


def _short(kind: str, values: dict[str, Any]) -> str:
    """The short form of a layer; '' where it has none."""
    from convcalc.layers import BY_NAME

    words = []
    if kind == "conv" and values["bias"] and len(values["kernel"]) == 1:
        head = f"conv{values['kernel'][0]}-{values['filters']}"
        stride = values["stride"]
        tail = f"s{stride[0]}" if stride != (1,) and len(stride) == 1 else ""
        pad = values["pad"]
        last = f"p{pad[0]}" if isinstance(pad, tuple) and len(pad) == 1 else ""
        groups = f"g{values['groups']}" if values["groups"] > 1 else ""
        words = [f"{head}{tail}{groups}", f"{head}{tail}{last}{groups}"]
    elif kind in {"max_pool", "avg_pool"} and len(values["kernel"]) == 1:
        head = f"{'pool' if kind == 'max_pool' else 'avgpool'}{values['kernel'][0]}"
        stride, pad = values["stride"] or values["kernel"], values["pad"]
        tail = f"s{stride[0]}" if stride != values["kernel"] and len(stride) == 1 else ""
        last = f"p{pad[0]}" if isinstance(pad, tuple) and len(pad) == 1 and pad[0] else ""
        words = [f"{head}{tail}{last}"]
    elif kind == "fc":
        words = [f"fc-{values['units']}"]
    wanted = BY_NAME[kind](**values)
    for word in words:
        form = shortforms.expand(word)
        if form is None or form[0] != kind:
            continue
        table = {option.name: option for option in BY_NAME[kind].options()}
        made = BY_NAME[kind](**{name: table[name].accept(value) for name, value in form[1]})
        if _same(made, wanted):
            return word
    return ""


def _same(a: Any, b: Any) -> bool:
    """Whether two layers are the same, a pool's stride worked out."""
    first = {option.name: value for option, value in options(a)}
    return first == {option.name: value for option, value in options(b)}
