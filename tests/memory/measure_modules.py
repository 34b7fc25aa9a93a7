"""Measure code whose blocks are modules, in use: python -m tests.memory.measure_modules

Writes modules.json beside it (PyTorch 2.13, CPU): the most bytes that are alive while the code that
`export` writes runs, of bundled nets for one image and of nets of blocks for two; every storage is
followed until it goes.
"""

import json
from pathlib import Path
from typing import Any

from convcalc import zoo
from convcalc.analysis.settings import Settings
from convcalc.analysis.walk import analyze
from convcalc.spec.load import load
from tests.memory.live_bytes import inference_peak, torch
from tests.memory.nets_of_blocks import NESTED, PADDED, TWO, spec

PATH = Path(__file__).with_name("modules.json")
BUNDLED = (
    "unet", "mobilenet_v2", "densenet121", "resnet18", "resnet50", "vgg16", "inception_v3",
    "mobilenet_v3_large", "efficientnet_b0", "shufflenet_v2_x1_0", "googlenet",
)  # fmt: skip
SMALL = {"two": TWO, "nested": NESTED, "padded": PADDED}
SEEDS = 120


def net(name: str) -> bytes:
    """The spec of a case by its name; a number is that of a random one."""
    return SMALL[name] if name in SMALL else spec(int(name))


def main() -> None:
    """Measure all of them."""
    bundled = {name: _peak(zoo.read(name), 1) for name in BUNDLED}
    small = {name: _peak(net(name), 2) for name in (*SMALL, *map(str, range(SEEDS)))}
    found: dict[str, Any] = {"torch": torch.__version__, "bundled": bundled, "blocks": small}
    PATH.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _peak(text: bytes, batch: int) -> int:
    return inference_peak(analyze(load("net.yaml", text), Settings(batch)))


if __name__ == "__main__":
    main()
