"""Means over what is no padding in exported code: what they hold beside the layer."""

from pathlib import Path
from typing import Any

import pytest

import convcalc
from tests.interop.live_peak import live_peak

torch: Any = pytest.importorskip("torch")

SPEC = """
input: 8x8x8x2
layers:
  - conv: {filters: 8, kernel: 3, pad: 1}
  - avg_pool: {kernel: 3, stride: 2, pad: [0, 1, 0, 1, 0, 1], count_padding: false, rounding: ceil}
  - conv: {filters: 4, kernel: 1}
"""


def test_windows_are_counted_on_one_image_and_channel(tmp_path: Path) -> None:
    """Beside the layer's there is one map of ones with its padding, of 9x9x9 numbers."""
    file, made = tmp_path / "net.yaml", dict[str, Any]()
    file.write_text(SPEC, encoding="utf-8")
    exec(str(convcalc.export(file, to="pytorch")), made)
    net, x = made["Net"]().eval(), torch.randn(2, 2, 8, 8, 8)
    mean = torch.nn.functional.avg_pool3d(
        net.conv1(x), 3, 2, ceil_mode=True, count_include_pad=False
    )
    assert torch.allclose(net(x), net.conv2(mean), atol=1e-6)
    predicted = convcalc.analyze(file, batch=2).memory.inference.peak
    assert live_peak(net, x) == predicted + 4 * 9**3
