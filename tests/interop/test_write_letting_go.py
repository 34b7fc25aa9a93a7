"""Exported code holds no volume longer than the net needs it, where it all is one `forward`."""

import re

import pytest

from convcalc.analysis.record import Analysis
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.interop.write.pytorch.net import write
from convcalc.memory.account import Account
from convcalc.memory.forward import inference
from convcalc.spec.load import load
from tests.interop.nets import analysis as architecture
from tests.memory.nets_of_blocks import spec

#: an early volume joined late, beside two that end there
_SKIPS = """input: 8x8x3
layers:
  - {conv: {filters: 16, kernel: 1}, name: a}
  - {conv: {filters: 16, kernel: 1}, name: b}
  - {conv: {filters: 16, kernel: 1}, name: c}
  - concat:
    from: [a, b, c]
  - {conv: {filters: 64, kernel: 1}}
"""
_UNREAD = """input: 8x8x3
layers:
  - {conv: {filters: 16, kernel: 1}, name: a}
  - {conv: {filters: 64, kernel: 1}, name: left, from: a}
  - {conv: {filters: 64, kernel: 1}, name: lost, from: a}
  - {conv: {filters: 64, kernel: 1}, from: a}
  - {conv: {filters: 32, kernel: 1}}
"""
_SEVERAL = """inputs: {left: 8x8x3, right: 8x8x3}
layers:
  - {conv: {filters: 16, kernel: 1}, from: left, name: a}
  - {conv: {filters: 16, kernel: 1}, from: right, name: b}
  - concat:
    from: [a, left, b]
  - {conv: {filters: 4, kernel: 1}, name: end}
outputs: [end, a]
"""
_FLAT = [spec(seed, blocks=0) for seed in range(25)]
_FLAT += [text.encode() for text in (_SKIPS, _UNREAD, _SEVERAL)]


def _of(text: bytes, batch: int = 2) -> Analysis:
    found = analyze(load("net.yaml", text), Settings(batch))
    assert not found.broken, found.findings
    return found


@pytest.mark.parametrize("text", _FLAT)
def test_code_in_one_function_needs_what_is_said(text: bytes) -> None:
    pytest.importorskip("torch")
    from tests.memory.live_bytes import inference_peak

    found = _of(text)
    assert inference_peak(found) == Account(inference(found), 2).peak


def test_what_joins_end_is_let_go() -> None:
    assert re.findall(r"del .*", write(_of(_SKIPS.encode()))) == ["del y, z"]


def test_what_nothing_reads_is_let_go() -> None:
    assert re.findall(r"(_ = .*)\n +(del _)", write(_of(_UNREAD.encode()))) == [
        ("_ = self.left(x)", "del _"),
        ("_ = self.lost(x)", "del _"),
    ]


def test_nothing_is_said_where_nothing_is_made_afterwards() -> None:
    # the sum of a block is the last that it makes: its relu overwrites it
    assert "del " not in write(architecture("resnet50"))


def test_skips_of_a_u_net_are_let_go() -> None:
    found = re.findall(r"(torch\.cat|del) ?(.*)", write(architecture("unet")))
    assert found == [
        ("torch.cat", "([max_pool3, max_pool4], dim=1)"),
        ("del", "max_pool3, max_pool4"),
        ("torch.cat", "([z, up4_concat1], dim=1)"),
        ("del", "up4_concat1"),
        ("torch.cat", "([y, z], dim=1)"),
        ("del", "z"),
        ("torch.cat", "([x, y], dim=1)"),
        ("del", "y"),
    ]
