"""Random nets whose blocks lie in blocks, with branches, long skips and sums in place."""

import json
import random
from typing import Any

TWO = b"""input: 32x32x3
blocks:
  b: {layers: [conv1-4, relu, conv1-32]}
layers: [conv1-32, {b: , name: one}, {b: , name: two}]
"""
#: blocks whose last layer is another block, three deep
NESTED = b"""input: 32x32x3
blocks:
  inner: {layers: [conv1-2, relu, conv1-16]}
  middle: {layers: [conv1-8, {inner: }]}
  outer: {layers: [conv1-24, {middle: }, {inner: }]}
layers: [conv1-32, {outer: }, {outer: , times: 2}, conv1-2]
"""
#: padding that a kernel does not take, a view that holds the whole, a relu in place of one
PADDED = b"""input: 32x32x3
blocks:
  b:
    layers:
      - {conv: {filters: 8, kernel: 3, stride: 2, pad: same}}
      - {slice: {stop: 6}}
      - {conv: {filters: 16, kernel: 1}}
      - {slice: {stop: 4}}
      - relu
      - {conv: {filters: 24, kernel: 1}}
layers: [conv1-32, {b: , name: one}, {b: , name: two}]
"""

Layer = Any  #: an entry of a spec's `layers`

_KINDS = ("conv", "conv", "relu", "norm", "tanh", "block", "block", "join", "skip")


def spec(seed: int, blocks: int = 3) -> bytes:
    """A net with so many blocks, each of which may call those before it; 0: one `forward`."""
    draw = random.Random(seed)
    definitions: dict[str, Any] = {}
    for number in range(blocks):
        known = list(definitions)
        definitions[f"b{number}"] = {"layers": _layers(draw, known, draw.randint(2, 5), 2)}
    layers = [_conv(draw), *_layers(draw, list(definitions), draw.randint(3, 7), 3), _conv(draw)]
    size = draw.choice((8, 12, 16))
    found: dict[str, Any] = {"input": f"{size}x{size}x{draw.choice((1, 3, 24))}"}
    if definitions:
        found["blocks"] = definitions
    return json.dumps({**found, "layers": layers}).encode()


def _conv(draw: random.Random, filters: int = 0) -> Layer:
    kernel = draw.choice((1, 3))
    filters = filters or draw.choice((2, 4, 8, 16, 32))
    return {"conv": {"filters": filters, "kernel": kernel, "pad": kernel // 2}}


def _layers(draw: random.Random, blocks: list[str], count: int, depth: int) -> list[Layer]:
    """Layers in a row; all keep height and width."""
    found: list[Layer] = []
    for number in range(count):
        kind = draw.choice(
            ("conv", "conv", "relu", "norm", "tanh", "block", "block", "join", "skip")
        )
        if kind == "block" and blocks:
            found.append({draw.choice(blocks): None})
        elif kind == "join" and depth:
            found.append(_join(draw, blocks, depth))
        elif kind == "skip" and depth:
            found += _skip(draw, blocks, depth, f"s{depth}_{number}")
        elif kind == "relu":
            found.append("relu")
        elif kind == "norm":
            found.append("batch_norm")
        elif kind == "tanh":
            found.append("tanh")
        else:
            found.append(_conv(draw))
    return found


def _join(draw: random.Random, blocks: list[str], depth: int) -> Layer:
    filters = draw.choice((4, 8, 16))
    branches = {
        word: [*_layers(draw, blocks, draw.randint(0, 2), depth - 1), _conv(draw, filters)]
        for word in ("left", "right", "middle")[: draw.randint(2, 3)]
    }
    return {draw.choice(("add", "concat")): {"branches": branches}}


def _skip(draw: random.Random, blocks: list[str], depth: int, name: str) -> list[Layer]:
    """A volume that is read again some layers on."""
    inner = _layers(draw, blocks, draw.randint(1, 3), depth - 1)
    last = {**_conv(draw), "name": f"{name}_end"}
    return [{**_conv(draw), "name": name}, *inner, last,
            {"concat": None, "from": [name, f"{name}_end"]}]  # fmt: skip
