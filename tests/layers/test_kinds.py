"""The contract of a layer kind: complete, documented by an example that runs, immutable."""

import importlib
import inspect
import pkgutil
import re
from typing import Any

import pytest

from convcalc import layers
from convcalc.analysis.walk import analyze
from convcalc.layers import BY_NAME, KINDS
from convcalc.layers.aspects import ASPECTS
from convcalc.layers.base import Layer, Parameters, Roundings
from convcalc.layers.bases import (
    CanOverwrite,
    KeepsShape,
    NoMacs,
    NoParameters,
    Pointwise,
    ReadsOnePosition,
)
from convcalc.layers.conv import Conv, GroupedConv
from convcalc.layers.option import Flag, Option, options_of
from convcalc.quantity import counted
from convcalc.shapes import parse_shape
from convcalc.spec.load import load
from convcalc.window import Rounding

SECTIONS = ("Size", "Parameters", "MACs", "Saved for backward", "Example")


def test_every_class_with_a_kind_is_among_the_kinds() -> None:
    found = set()
    for module in pkgutil.iter_modules(layers.__path__):
        loaded = importlib.import_module(f"convcalc.layers.{module.name}")
        for _, kind in inspect.getmembers(loaded, inspect.isclass):
            if kind.__module__ == loaded.__name__ and "kind" in vars(kind):
                found.add(kind)
    assert found == set(BY_NAME.values())
    assert len(KINDS) == len({name for name, *_ in KINDS}) == len(found)


def test_the_table_of_kinds_says_where_each_is() -> None:
    for name, module, cls in KINDS:
        kind = BY_NAME[name]
        assert (kind.kind, kind.__name__) == (name, cls)
        assert kind.__module__ == f"convcalc.layers.{module}"
        assert not kind.__abstractmethods__
    assert "no_such_kind" not in BY_NAME
    with pytest.raises(KeyError):
        BY_NAME["no_such_kind"]


@pytest.mark.parametrize("kind", BY_NAME.values(), ids=BY_NAME)
def test_a_kind_is_documented_and_its_example_runs(kind: type[Layer]) -> None:
    doc = inspect.cleandoc(vars(kind)["__doc__"])
    for section in SECTIONS:
        assert re.search(rf"^{section}: \S", doc, re.MULTILINE), f"no {section} in {kind.kind}"
    for option in kind.options():
        assert option.doc
    example = re.search(r"^Example: (.*)$", doc, re.MULTILINE)
    assert example
    given, entry, output = example[1].split(" -> ")
    shapes = re.split(r" [+*] ", given)
    names = ["first", "second"][: len(shapes)]
    inputs = ", ".join(f"{name}: {shape}" for name, shape in zip(names, shapes, strict=True))
    entry += "" if ":" in entry else ":"
    text = f"inputs: {{{inputs}}}\nlayers:\n- {entry}\n  from: [{', '.join(names)}]\n"
    if not kind.merges:
        text = text.replace("[first]", "first")
    analysis = analyze(load("example.yaml", text.encode()))
    assert analysis.findings == ()
    assert analysis.rows[-1].step.kind == kind.kind
    assert analysis.output == parse_shape(output)


def test_every_abstract_method_is_an_aspect() -> None:
    assert Layer.__abstractmethods__ | {"family"} == ASPECTS.keys()


def _flattened(kind: type[Layer]) -> dict[str, Any]:
    """All that a kind says, its bases' answers among it, as one class body."""
    body: dict[str, Any] = {}
    for base in reversed(kind.__mro__[: kind.__mro__.index(Layer)]):
        body.update(vars(base))
    return {k: v for k, v in body.items() if k not in {"__dict__", "__weakref__", "_options"}}


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("kind", BY_NAME.values(), ids=BY_NAME)
def test_a_kind_without_an_aspect_stops_the_import(kind: type[Layer], aspect: str) -> None:
    """Nothing counts as zero by accident: one sentence names the kind and the aspect."""
    body = _flattened(kind)
    assert type("Whole", (Layer,), dict(body)).kind == kind.kind  # type: ignore[attr-defined]
    del body[aspect]
    with pytest.raises(TypeError, match=f"layer kind {kind.kind} leaves out `{aspect}`: "):
        type("Forgetful", (Layer,), body)


def test_the_aspects_of_another_kind_are_not_inherited() -> None:
    with pytest.raises(TypeError, match=r"layer kind biased leaves out .*conv answers for itself"):
        type("Biased", (Conv,), {"kind": "biased"})


@pytest.mark.parametrize("base", [NoParameters, NoMacs, KeepsShape, ReadsOnePosition, Pointwise])
def test_what_a_base_promises_is_final(base: type[Layer]) -> None:
    """A kind that moves positions is not pointwise, whatever else it answers."""
    whole = _flattened(BY_NAME["pixel_shuffle"])
    promised = [
        (name, giver)
        for giver in base.__mro__
        for name, member in vars(giver).items()
        if getattr(member, "__final__", False)
    ]
    assert promised
    for aspect, giver in promised:
        body = {**whole, aspect: lambda self: None}
        words = f"layer kind pixel_shuffle answers `.*`, which {giver.__name__} promises"
        only = {k: v for k, v in body.items() if k == aspect or k not in dict(promised)}
        with pytest.raises(TypeError, match=words):
            type("Broken", (base,), only)


def test_layers_are_values() -> None:
    conv = Conv(filters=8, kernel=(3,))
    assert conv == Conv(filters=8, kernel=(3,))
    assert hash(conv) == hash(Conv(filters=8, kernel=(3,)))
    assert conv != Conv(filters=9, kernel=(3,))
    assert conv != BY_NAME["conv_transpose"](filters=8, kernel=(3,))
    assert conv.replace(filters=9) == Conv(filters=9, kernel=(3,))
    assert conv.filters == 8
    with pytest.raises(AttributeError, match="immutable"):
        conv.filters = 9  # type: ignore[misc]
    with pytest.raises(TypeError, match="no option colour"):
        Conv(filters=8, kernel=(3,), colour=1)
    assert "filters=8" in repr(conv)


def test_a_kind_inherits_options_and_may_change_their_default() -> None:
    class Biased(GroupedConv):
        bias = Flag("one bias a filter", default=False)

    defaults = {option.name: option.default for option in options_of(Biased)}
    assert list(defaults) == ["filters", "kernel", "stride", "pad", "dilation", "groups", "bias"]
    assert defaults["bias"] is False
    assert isinstance(Biased.bias, Option)
    assert options_of(Conv) == Conv.options() != options_of(Biased)


def test_learned_parameters_are_weights_biases_and_norm_but_no_buffers() -> None:
    assert Parameters(1, 10, 100, 1000).learned == 111


def test_only_an_explicit_in_place_is_a_decision() -> None:
    assert CanOverwrite in BY_NAME["relu"].__mro__
    assert BY_NAME["relu"]().works_in_place() is None
    assert BY_NAME["relu"](in_place=True).works_in_place() is True
    assert BY_NAME["relu"](in_place=False).works_in_place() is False
    assert Conv(filters=1, kernel=(1,)).works_in_place() is None


def test_sizing_depends_on_the_rounding_of_its_own_family() -> None:
    roundings = Roundings(conv=Rounding.FLOOR, pool=Rounding.CEIL)
    conv = Conv(filters=1, kernel=(3,), stride=(2,))
    pool = BY_NAME["max_pool"](kernel=(3,), stride=(2,))
    assert conv.sizing(((10, 10, 1),), roundings).output == (4, 4, 1)
    assert pool.sizing(((10, 10, 1),), roundings).output == (5, 5, 1)
    assert conv.sizing(((10, 10, 1),), Roundings()).output is None


def test_counted_words() -> None:
    assert counted(1, "row") == "1 row"
    assert counted(2, "row") == "2 rows"
    assert counted(2, "spatial axis") == "2 spatial axes"
    assert counted(1000, "layer") == "1,000 layers"
