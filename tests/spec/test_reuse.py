"""Blocks that are taken from equal calls are those that expansion would make, in every detail."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convcalc import zoo
from convcalc.network.record import Network, Step
from convcalc.spec.document import Overrides
from convcalc.spec.load import Prepared, load
from convcalc.spec.reuse import Reuse
from convcalc.tree.decode import Limits

FAMILIES = {
    "resnet": {
        "conv2": range(4), "conv3": range(4), "conv4": range(1, 4), "conv5": range(1, 4),
        "bottleneck": (True, False), "width": (4, 6, 8, 64), "groups": range(1, 4),
        "group_width": (16, 32, 48, 64),
    },
    "wrn": {"depth": (10, 16, 22, 27), "width": range(1, 5)},
    "mobilenet_v2": {"width": (0.35, 0.5, 1, 1.4)},
    "efficientnet": {"width": (1, 1.1, 2), "depth": (1, 1.1, 1.8)},
    "densenet121": {"growth": (12, 13, 32)},
    "regnet_x": {"depth": range(12, 20), "w0": (24, 32, 48), "wa": (24, 36), "wm": (2, 2.5),
                 "group_width": (1, 8, 16, 24)},
}  # fmt: skip


def seen(network: Network) -> tuple[Any, ...]:
    """Everything of a network that anybody can see, places as spans."""
    return (*map(_step, network.steps), network.outputs, network.findings, network.variables)


def _step(step: Step) -> tuple[Any, ...]:
    place = step.place
    options = place.options
    keys = [] if options is None else sorted(options.entries)  # type: ignore[attr-defined]
    return (
        *step[:5], type(step.layer), place.span, [place.option(key) for key in keys],
        [mark.span for mark in place.calls], place.node, step[6:],
    )  # fmt: skip


def expanded(
    path: str,
    data: bytes,
    overrides: Overrides = Overrides(),  # noqa: B008 - it is frozen
    limits: Limits = Limits(),  # noqa: B008
) -> Network:
    """The network with every call expanded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Reuse, "taken", lambda *_: None)
        return load(path, data, overrides, limits)


def takes(path: str, data: bytes, overrides: Overrides = Overrides()) -> int:  # noqa: B008
    """How many calls were taken over."""
    count = 0
    real = Reuse.taken

    def counting(self: Reuse, *words: Any) -> int | None:
        nonlocal count
        found = real(self, *words)
        count += found is not None
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Reuse, "taken", counting)
        load(path, data, overrides)
    return count


@pytest.mark.parametrize("name", zoo.names())
def test_bundled_nets_are_the_same(name: str) -> None:
    data = zoo.read(name)
    assert seen(load(name, data)) == seen(expanded(name, data))


def test_blocks_are_taken_over() -> None:
    # 16 blocks, 8 different ones; the first of conv3 to conv5 have notes about their strides
    assert takes("resnet", zoo.read("resnet")) >= 8


@settings(max_examples=40)
@given(st.data())
def test_variants_are_the_same_in_any_order(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FAMILIES)))
    text = zoo.read(name)
    prepared = Prepared(name, text)
    for _ in range(4):
        variables = tuple(
            (key, data.draw(st.sampled_from(list(values))))
            for key, values in FAMILIES[name].items()
        )
        side = data.draw(st.sampled_from((32, 33, 64, 224)))
        overrides = Overrides((side, side, 3), variables=variables)
        assert seen(prepared.network(overrides)) == seen(expanded(name, text, overrides))


HEAD = "input: 8x8x4\nvars: {n: 2, flag: true, act: relu, N: 2, filters: 5}\nblocks:\n"
TAILS = {
    "reads outside by name": """
  b: {layers: [conv3-4, {add: , from: [conv1, stem]}]}
layers: [{conv3-4: , name: stem}, b, b]""",
    "reads what arrives by name": """
  b: {layers: [{add: {branches: [[conv3-4], [{relu: , from: stem}]]}}]}
layers: [{conv3-4: , name: stem}, b, relu, b]""",
    "shares weights outside": """
  b: {layers: [{conv3-4: , weights: stem}]}
layers: [{conv3-4: , name: stem}, b, b]""",
    "shares weights inside": """
  b: {layers: [conv3-4, {conv3-4: , weights: conv1, name: second}]}
layers: [{conv3-4: , name: stem}, b, b, {repeat: {times: 2, layers: [b, relu]}}]""",
    "a flag that is true or 1": """
  b: {args: {x: }, layers: [{conv: {filters: 4, kernel: 3, pad: 1, bias: =x}}]}
layers: [conv3-4, {b: {x: true}}, {b: {x: 1}}, {b: {x: true}}]""",
    "faults at every call": """
  b: {layers: [conv3-4, {relu: , from: nowhere}]}
layers: [conv3-4, b, b, b]""",
    "remarks at every call": """
  b: {layers: [{max_pool: {kernel: 3, stride: 2, pad: 1}}, {conv: {filters: 4, kernel: 1}}]}
layers: [conv3-4, {b: , ignore: [CC104]}, b, b]""",
    "ignored remarks": """
  b: {layers: [conv3-4, relu]}
layers: [conv3-4, b, {b: , ignore: [CC103]}, b, {b: , ignore: [CC103]}]""",
    "patterns with letters": """
  b: {layers: "[CONV RELU]*N"}
layers: [conv3-5, b, b]""",
    "a pattern as an argument": """
  b: {args: {body: }, layers: [=body, relu]}
layers: [conv3-5, {b: {body: "[CONV RELU]*N"}}, {b: {body: "[CONV RELU]*N"}}]""",
    "layers as an argument": """
  b: {args: {body: }, layers: [=body, relu]}
layers: [conv3-4, {b: {body: [conv3-4, relu]}}, {b: {body: [conv3-4]}}, {b: [[conv3-4]]}]""",
    "checkpoints": """
  b: {layers: [{conv3-4: , checkpoint: true}, relu]}
  c: {layers: [conv3-4, relu]}
layers: [conv3-4, b, b, {c: , checkpoint: one}, c, {c: , checkpoint: true}, c]""",
    "blocks in blocks, repeated": """
  a: {args: {w: }, layers: [{conv: {filters: =w, kernel: 3, pad: 1}}, =act]}
  b: {args: {w: }, layers: [{a: {w: =w}, times: =n}, {add: {branches: [[{a: [=w]}], identity]}}]}
layers: [conv3-4, {b: {w: 4}, times: 3}, {b: [4], name: end},
  {repeat: {times: 2, layers: [{b: [4]}]}, name: r}, {add: , from: [end, r]}]""",
    "an empty block": """
  b: {args: {x: }, layers: [{conv3-4: , when: =x}]}
layers: [conv3-4, {b: [false], name: none}, {b: [true]}, {b: [false]},
  {add: , from: [none, conv1]}]""",
    "names with a dot": """
  b: {layers: [conv3-4, relu]}
layers: [conv3-4, b, {relu: , name: b2.conv1}, b]""",
    "a block that calls itself at times": """
  a: {args: {x: }, layers: [conv3-4, {b: [false], when: =x}]}
  b: {args: {x: }, layers: [relu, {a: [true], when: =x}]}
  c: {layers: [{a: [true]}]}
layers: [conv3-4, c, {b: [false]}, {a: [true]}, {b: [true]}, {a: [true]}]""",
    "a name with a dot that a repeat has": """
  b: {layers: [{conv3-4: , name: c, times: 2}, relu]}
layers: [conv3-4, b, b, {relu: , name: b2.c}, {relu: , name: b2.relu1}]""",
    "a number as a name": """
  b: {layers: [{conv3-4: , name: "1"}]}
layers: [conv3-4, {b: , name: z}, {relu: , name: x, times: 2}, {b: , name: x}]""",
    "a name of its own": """
  b: {layers: [{conv3-4: , name: inner}, {add: , from: [inner, inner]}]}
layers: [conv3-4, {b: , name: x}, {b: , name: x}, {b: , name: y}, {relu: , from: y.inner}]""",
    "expectations": """
  b: {args: {s: 1}, layers: [{conv: {filters: 4, kernel: 3, stride: =s, pad: 1}, expect: 8x8x4}]}
layers: [conv3-4, b, b, {b: {s: 2}}, {b: {s: 2}}]""",
}  # fmt: skip


@pytest.mark.parametrize("tail", TAILS.values(), ids=TAILS)
def test_what_a_key_does_not_say_is_not_taken_over(tail: str) -> None:
    data = (HEAD + tail.lstrip("\n") + "\n").encode()
    whole = expanded("a.yaml", data)
    assert seen(load("a.yaml", data)) == seen(whole)
    prepared = Prepared("a.yaml", data)
    for number in (2, 3, 1, 2):
        over = Overrides(variables=(("n", number), ("N", number), ("filters", 4 + number)))
        assert seen(prepared.network(over)) == seen(expanded("a.yaml", data, over))
    assert seen(prepared.network()) == seen(whole)


AT_THE_LIMIT = {
    "many calls": """
  b: {layers: [conv3-4, relu, {conv3-4: , times: 3}]}
layers: [conv3-4, {b: , times: 9}]""",
    "a repeat of nothing": """
  c: {layers: [{relu: , when: =n > 5}]}
  b: {args: {t: }, layers: [{c: , times: =t}]}
layers: [conv3-4, {b: [21]}, {b: [21], times: 2}]""",
    "a repeat whose first turn makes most": """
  a: {layers: [{conv3-8: , when: =in_channels == 4}, {relu: , when: =in_channels == 4}]}
  b: {args: {t: }, layers: [{a: , times: =t}]}
layers: [conv3-4, {b: [40]}, conv3-4, {b: [40]}]""",
    "merges": """
  b: {layers: [{conv3-4: , name: k}, {add: , from: [k, k, k, k, k, k]}]}
layers: [conv3-4, b, b, b, b, b, b, b]""",
}


@pytest.mark.parametrize("tail", AT_THE_LIMIT.values(), ids=AT_THE_LIMIT)
def test_a_net_at_the_limit_of_layers_is_refused_alike(tail: str) -> None:
    data = (HEAD + tail.lstrip("\n") + "\n").encode()
    for most in range(38, 52):
        limits = Limits()._replace(layers=most)
        whole = expanded("a.yaml", data, limits=limits)
        assert seen(load("a.yaml", data, limits=limits)) == seen(whole), most


def test_a_call_that_is_nested_too_deep_is_refused_alike() -> None:
    def nested(entry: str, levels: int) -> str:
        return "{repeat: {times: 1, layers: [" * levels + entry + "]}}" * levels

    tail = f"  b: {{layers: [{nested('relu', 40)}]}}\nlayers: [conv3-4, b, {nested('b', 30)}]\n"
    limits = Limits()._replace(depth=500)
    whole = expanded("a.yaml", (HEAD + tail).encode(), limits=limits)
    assert any("nested deeper" in finding.message for finding in whole.findings)
    assert seen(load("a.yaml", (HEAD + tail).encode(), limits=limits)) == seen(whole)
