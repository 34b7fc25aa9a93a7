"""Quick fixes of classes of other tools: the net of `check --fix`, its rounding too."""

import pytest

from convcalc.editor.actions import Action, actions, fix_all
from convcalc.editor.reading import Reading
from convcalc.fix.search import offers
from convcalc.source import Source
from convcalc.spec.edit import Editor
from convcalc.spec.load import load

TOP = "input: 32x32x8\nlayers:\n"
ENTRIES = [
    "nn.Conv2d(8, 8, 3, stride=2)",
    '"nn.Conv2d(8, 8, 3, stride=2)"',
    "x = layers.Conv2D(8, 3, strides=2)(x)",
    "Conv2D: {filters: 8, kernel_size: 3, strides: 2}",
    "Conv2D: {filters: 8, kernel_size: 3}",
    "Conv2D:\n      filters: 8\n      kernel_size: 3\n      strides: 2",
    "Conv2d: {in_channels: 8, out_channels: 8, kernel_size: 3, stride: 2}",
    "Conv2d: [8, 8, 3, 2]",
    "MaxPool2d: {kernel_size: 3, stride: 2}",
    "nn.MaxPool2d(3, 2)",
    "ZeroPad2d: [1, 2, 3, 4]",
    "conv: {filters: 8, kernel: 3, activation: relu}",
    "ReLU()",
]


def _made(text: str, action: Action) -> str:
    return Editor(Source("net.yaml", text)).apply(action.edits)


def _first(read, text: str) -> Action:
    reading: Reading = read(text)
    return actions(reading, 1, len(text.splitlines()))[0]


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_quick_fix_makes_the_entry_that_check_does(read, entry: str) -> None:
    text = f"{TOP}  - {entry}\n"
    action = _first(read, text)
    assert _made(text, action) == offers(load("net.yaml", text.encode()))[0].text
    everything = fix_all(read(text))
    assert everything is not None and _made(text, everything) == _made(text, action)


def test_a_quick_fix_says_all_that_it_changes(read) -> None:
    text = f"{TOP}  - Conv2d: {{in_channels: 8, out_channels: 8, kernel_size: 3, stride: 2}}\n"
    assert _first(read, text).title == (
        "Change Conv2d to conv, leave out in_channels: 8, out_channels to filters, kernel_size to "
        "kernel, rounding exact to {conv: floor}: every conv is rounded down"
    )
    text = f"{TOP}  - MaxPool2d: {{kernel_size: 3, stride: 2}}\n"
    assert _first(read, text).title == (
        "Change MaxPool2d: {kernel_size: 3, stride: 2} to "
        "max_pool: {kernel: 3, stride: 2, rounding: floor}"
    )


def test_a_list_that_may_be_read_in_two_ways_has_no_fix(read) -> None:
    """`[3, 2]` is a call's kernel and stride, or a window of 3x2, as Keras's `pool_size` is."""
    for kind in ("MaxPool2d", "MaxPooling2D"):
        text = f"{TOP}  - {kind}: [3, 2]\n"
        assert actions(read(text), 1, 3) == []
        assert fix_all(read(text)) is None


@pytest.mark.parametrize("entry", ENTRIES[:4])
def test_a_class_behind_what_is_not_read_yet_waits(read, entry: str) -> None:
    text = f"{TOP}  - Foo\n  - {entry}\n  - ReLU()\n"
    found = [one for one in actions(read(text), 4, 4) if not one.title.startswith("Fix all")]
    assert found == []
    everything = fix_all(read(text))
    assert everything is not None and _made(text, everything) == text.replace("ReLU()", "relu")


def test_one_of_several_is_mended_alone(read) -> None:
    line = "  - Conv2D: {filters: 8, kernel_size: 3, strides: 2}\n"
    text = f"{TOP}{line}{line}"
    (own, *_) = actions(read(text), 3, 3)
    made = line.replace("Conv2D", "conv").replace("_size", "").replace("strides", "stride")
    assert _made(text, own) == f"input: 32x32x8\nrounding: {{conv: floor}}\nlayers:\n{made}{line}"


def test_entries_of_a_long_file_are_tried_a_few_at_a_time(read) -> None:
    text = TOP + "  - MaxPool2d: {kernel_size: 1, stride: 1}\n" * 400
    found = [one for one in actions(read(text), 1, 999) if one.title.startswith("Change")]
    assert 0 < len(found) <= 12
    (one,) = [a for a in actions(read(text), 300, 300) if a.title.startswith("Change")]
    assert len(_made(text, one).splitlines()) == 402
