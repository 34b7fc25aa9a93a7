"""Repairs: each offer, read back from its text and applied, must do what it says."""

import re
from itertools import product
from typing import Any

import pytest
import yaml

from convcalc.findings import Severity
from convcalc.layers import BY_NAME
from convcalc.layers.base import Roundings, SizeFinding
from convcalc.layers.repair import changes, repairs
from convcalc.layers.windowed import Windowed
from convcalc.shapes import Shape, parse_shape, written
from convcalc.window import Rounding, slide

_EXACT, _FLOOR = Roundings(), Roundings(Rounding.FLOOR, Rounding.FLOOR)


def _layer(kind: str, **options: Any) -> Windowed:
    table = {option.name: option for option in BY_NAME[kind].options()}
    values = {name: tuple(v) if isinstance(v, list) else v for name, v in options.items()}
    layer = BY_NAME[kind](**{name: table[name].accept(v) for name, v in values.items()})
    assert isinstance(layer, Windowed)
    return layer


def _is_exact(layer: Windowed, shape: Shape) -> bool:
    size = layer.sizing((shape,), _EXACT)
    return bool(size.output) and all(w.exact for w in size.windows)


GRID = [
    (_layer("conv", filters=2, kernel=kernel, stride=stride, pad=pad), (size, size, 3))
    for size, kernel, stride, pad in product((4, 7, 10, 11), (1, 2, 3, 7), (1, 2, 3, 4), (0, 1, 2))
]
GRID += [
    (_layer("max_pool", kernel=kernel, stride=stride, pad=pad), (size, size, 3))
    for size, kernel, stride, pad in product((6, 7, 10), (2, 3), (2, 3), (0, 1))
]
GRID += [
    (_layer("conv", filters=2, kernel=3, stride=2), (10, 9, 3)),
    (_layer("conv", filters=2, kernel=3, stride=2), (9, 10, 3)),
    (_layer("conv", filters=2, kernel=[3, 5], stride=[2, 3]), (10, 13, 3)),
    (_layer("conv", filters=2, kernel=3, stride=2, dilation=2), (10, 12, 3)),
    (_layer("conv", filters=2, kernel=3, stride=2, pad=[0, 0, 1, 0]), (10, 12, 3)),
    (_layer("conv", filters=2, kernel=25, stride=5), (4001, 3)),
    (_layer("max_pool", kernel=2), (7, 9, 11, 3)),
    (_layer("max_pool", kernel=[1, 2, 2]), (7, 9, 10, 3)),
    (_layer("depthwise_conv", kernel=5, stride=2), (8, 8, 3)),
    (_layer("locally_connected", filters=1, kernel=3, stride=3), (8, 8, 3)),
    (_layer("conv", filters=64, kernel=11, stride=4, pad=2), (224, 224, 3)),
    (_layer("conv", filters=64, kernel=7, stride=2, pad=3), (224, 224, 3)),
]
INEXACT = [(layer, shape) for layer, shape in GRID if not _is_exact(layer, shape)]

_OFFER = re.compile(r"`(stride|pad|kernel): ([^`]+)` \(([\dx]+)\)")


def _ids(case: Any) -> str:
    return case.describe() if isinstance(case, Windowed) else written(case)


@pytest.mark.parametrize(("layer", "shape"), INEXACT, ids=_ids)
def test_every_offer_is_what_it_says(layer: Windowed, shape: Shape) -> None:
    lines = repairs(layer, shape, strict=True)
    offers = 0
    for line in lines:
        for option, text, output in _OFFER.findall(line):
            changed = _changed(layer, option, text)
            size = changed.sizing((shape,), _EXACT)
            assert size.output == parse_shape(output), line
            assert not [f for f in size.findings if f.severity is Severity.ERROR], line
            assert all(w.exact for w in size.windows), line
            offers += 1
        sizes = re.fullmatch(r"an input of ([\dx]+)(?: or ([\dx]+))? to this layer", line)
        for text in sizes.groups() if sizes else ():
            if text:
                spatial = parse_shape(text)
                assert spatial and _is_exact(layer, (*spatial, shape[-1])), line
                offers += 1
        assert sizes or _OFFER.search(line) or line.startswith("`rounding: ")
    assert offers


def _changed(layer: Windowed, option: str, text: str) -> Windowed:
    value = yaml.safe_load(text)
    table = {o.name: o for o in type(layer).options()}
    accepted = table[option].accept(tuple(value) if isinstance(value, list) else value)
    return layer.replace(**{option: accepted})


@pytest.mark.parametrize(("layer", "shape"), INEXACT, ids=_ids)
def test_rounding_down_is_offered_where_it_gives_a_size(layer: Windowed, shape: Shape) -> None:
    floored = layer.sizing((shape,), _FLOOR).output
    lines = [line for line in repairs(layer, shape, strict=True) if line.startswith("`rounding")]
    if floored is None:
        assert lines == []
        return
    (line,) = lines
    pool = "pool" in layer.kind
    assert line.startswith("`rounding: floor`" if pool else "`rounding: {conv: floor}` at the top")
    assert f"({written(floored)}; " in line
    # where rounding down is allowed already, it is no repair
    assert not any(line.startswith("`rounding") for line in repairs(layer, shape, strict=False))


@pytest.mark.parametrize(("layer", "shape"), INEXACT, ids=_ids)
@pytest.mark.parametrize("option", ["stride", "kernel", "pad"])
def test_no_nearer_number_would_do(layer: Windowed, shape: Shape, option: str) -> None:
    """One number for all axes: the nearest that makes all exact, and its twin on the other side."""
    given = layer.steps if option == "stride" else getattr(layer, option)
    if len(given) > 1:
        return
    minimum = 0 if option == "pad" else 1 + (option == "kernel" and "pool" in layer.kind)
    fits = [
        value
        for value in range(minimum, 40)
        if value != given[0] and _is_exact(layer.replace(**{option: (value,)}), shape)
    ]
    offered = [
        yaml.safe_load(text)
        for line in repairs(layer, shape, strict=True)
        for found, text, _ in _OFFER.findall(line)
        if found == option
    ]
    numbers = [value for value in offered if isinstance(value, int)]
    if not fits:
        assert not numbers
        return
    least = min(abs(value - given[0]) for value in fits)
    assert numbers == [value for value in fits if abs(value - given[0]) == least]


@pytest.mark.parametrize(("layer", "shape"), INEXACT, ids=_ids)
def test_no_nearer_padding_of_the_far_sides_would_do(layer: Windowed, shape: Shape) -> None:
    plan = layer.geometry(shape[:-1])
    assert not isinstance(plan, SizeFinding)
    given = [pad for sides in plan.pad for pad in sides]
    sides = [value for name, values in changes(layer, shape) if name == "pad" for value in values]
    for value in sides:
        if len(value) == 1:
            return  # one number for all sides is judged above
        change = sum(abs(a - b) for a, b in zip(value, given, strict=True))
        for axis in range(len(shape) - 1):
            reach = range(max(given[2 * axis + 1] - change, 0), given[2 * axis + 1] + change + 1)
            offers = [
                (abs(far - given[2 * axis + 1]), far)
                for far in reach
                if _axis_is_exact(layer, shape, axis, given[2 * axis], far)
            ]
            assert abs(value[2 * axis + 1] - given[2 * axis + 1]) == min(offers)[0]


def _axis_is_exact(layer: Windowed, shape: Shape, axis: int, begin: int, end: int) -> bool:
    plan = layer.geometry(shape[:-1])
    assert not isinstance(plan, SizeFinding)
    numbers = shape[axis], plan.kernel[axis], plan.stride[axis], begin, end, plan.dilation[axis]
    return slide(*numbers).exact


def test_padding_that_is_never_read_is_taken_away() -> None:
    conv = _layer("conv", filters=8, kernel=11, stride=4, pad=2)
    assert changes(conv, (224, 224, 3))[1] == ("pad", ((2, 1, 2, 1),))
    conv = _layer("conv", filters=8, kernel=3, stride=2, pad=1)
    assert changes(conv, (16, 16, 3))[1] == ("pad", ((1, 0, 1, 0), (1, 2, 1, 2)))


def test_the_notes_example() -> None:
    """W=10 F=3 S=2 P=0: the repairs of the worked examples, no others."""
    conv = _layer("conv", filters=5, kernel=3, stride=2)
    assert repairs(conv, (10, 10, 3), strict=True) == (
        "`stride: 1` (8x8x5)",
        "`pad: [0, 1, 0, 1]` (5x5x5) or `pad: same` (5x5x5)",
        "`kernel: 2` (5x5x5) or `kernel: 4` (4x4x5)",
        "an input of 9x9 or 11x11 to this layer",
        "`rounding: {conv: floor}` at the top (4x4x5; 1 row never read; 1 column never read)",
    )


def test_only_the_axis_that_needs_it_is_padded() -> None:
    conv = _layer("conv", filters=5, kernel=3, stride=2)
    same = "`pad: same` (5x5x5)"
    assert f"`pad: [0, 1, 0, 0]` (5x4x5) or {same}" in repairs(conv, (10, 9, 3), strict=True)
    assert f"`pad: [0, 0, 0, 1]` (4x5x5) or {same}" in repairs(conv, (9, 10, 3), strict=True)


def test_same_is_offered_only_where_no_even_padding_comes_out() -> None:
    conv = _layer("conv", filters=5, kernel=3, stride=3)
    assert "`pad: 1` (3x3x5)" in repairs(conv, (7, 7, 3), strict=True)


def test_same_padding_leaves_nothing_to_pad() -> None:
    conv = _layer("conv", filters=5, kernel=3, stride=2, pad="same")
    assert not any("`pad" in line for line in repairs(conv, (10, 10, 3), strict=True))


def test_a_layer_without_geometry_has_no_repairs() -> None:
    conv = _layer("conv", filters=5, kernel=[3, 3, 3])
    assert repairs(conv, (10, 10, 3), strict=True) == ()


@pytest.mark.parametrize(("kernel", "pad"), [(4, [1, 2, 1, 2]), (4, 1), (16, [7, 8, 7, 8])])
def test_patches_are_offered_without_padding_first(kernel: int, pad: object) -> None:
    """The stems of ConvNeXt and of vision transformers: windows side by side, on 224."""
    layer = _layer("conv", filters=96, kernel=kernel, stride=kernel, pad=pad)
    first, *_ = dict(changes(layer, (224, 224, 3)))["pad"]
    assert first == (0,)
    lines = repairs(layer, (224, 224, 3), True)
    assert any(line.startswith(f"`pad: 0` ({224 // kernel}x") for line in lines)


def test_half_of_the_window_is_offered_where_rounding_down_then_loses_padding_alone() -> None:
    layer = _layer("conv", filters=16, kernel=3, stride=2)
    assert "`pad: 1` (5x5x16) or `pad: [0, 1, 0, 1]`" in repairs(layer, (10, 10, 3), False)[1]
    assert not any("`pad: 1`" in line for line in repairs(layer, (10, 10, 3), True))
    even = _layer("conv", filters=16, kernel=2, stride=3)
    assert not any("`pad: 1` (" in line for line in repairs(even, (7, 7, 3), False)[:1])


def test_no_pool_is_padded_by_more_than_frameworks_do() -> None:
    pool = _layer("max_pool", kernel=2, stride=3)
    assert repairs(pool, (31, 31, 3), True)[0].startswith("`stride:")
    assert not any("`pad:" in line for line in repairs(pool, (31, 31, 3), True))
    assert "pad" not in dict(changes(pool, (31, 31, 3)))
    conv = _layer("conv", filters=3, kernel=2, stride=3)
    assert dict(changes(conv, (31, 31, 3)))["pad"] == ((2,),)


def test_nothing_exact_is_farther_than_is_looked(monkeypatch) -> None:
    """What is found within the reach is what a search through all values finds."""
    grid = [
        _layer("conv", filters=2, kernel=[a, b], stride=[s, t], dilation=d, pad=pad)
        for a, b, s, t, d in product((2, 7, 30), (3, 8), (1, 4, 6), (3, 5, 10), (1, 2, 3))
        for pad in (0, 3, [1, 0, 2, 5])
    ]
    sizes = ((9, 14, 3), (20, 5, 3))
    changed: list[object] = []

    def noted(*asked: Any) -> Any:
        changed.append(found := changes(*asked))
        return found

    monkeypatch.setattr("convcalc.layers.repair.changes", noted)  # each of the lines is made of it
    bounded = [repairs(layer, size, True) for layer in grid for size in sizes]
    assert len(changed) > 400
    changed_bounded = [*changed]
    changed.clear()
    # what is exact comes again with each multiple of the strides, 30 at most here
    monkeypatch.setattr("convcalc.layers.nearest._reach", lambda layer, spatial: 192)
    found = [repairs(layer, size, True) for layer in grid for size in sizes]
    assert bounded == found and changed_bounded == changed


def test_a_padding_that_cannot_be_is_not_looked_for_long(monkeypatch) -> None:
    tried: list[object] = []
    windows = Windowed.windows

    def counted(self: Windowed, *asked: Any) -> Any:
        tried.append(asked)
        return windows(self, *asked)

    monkeypatch.setattr(Windowed, "windows", counted)
    layer = _layer("conv", filters=2, kernel=3, stride=4)  # 64 - 3 + 2P is odd
    assert repairs(layer, (64, 64, 3), True) and len(tried) < 60


@pytest.mark.parametrize(
    ("kernel", "stride", "shape", "offered"),
    [
        ([3, 5], [2, 2], (32, 40, 3), {"kernel": ((2, 4), (4, 6)), "stride": ((1,),)}),
        ([1, 7], [1, 2], (32, 32, 3), {"kernel": ((1, 6), (1, 8)), "stride": ((1, 1),)}),
        ([3, 5], [1, 1], (2, 33, 3), {"kernel": ((2, 5),)}),
    ],
)
def test_axes_that_are_apart_stay_apart(
    kernel: list[int], stride: list[int], shape: Shape, offered: dict[str, tuple[Shape, ...]]
) -> None:
    """By hand: (32 - 2)/2 = 15, (40 - 4)/2 = 18, (32 - 4)/2 = 14, (40 - 6)/2 = 17."""
    found = dict(changes(_layer("conv", filters=2, kernel=kernel, stride=stride), shape))
    found.pop("pad")
    assert found == offered
