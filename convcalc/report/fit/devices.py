"""The devices that `fit --device` knows."""

from convcalc.memory.devices import DEVICES
from convcalc.report.drawing.columns import Column, lay_out
from convcalc.report.drawing.palette import Palette
from convcalc.report.drawing.units import size


def devices_text(palette: Palette) -> str:
    """The devices that `--device` knows."""
    columns = (Column("device"), Column("memory", right=True), Column("as stated by", least=12))
    rows = [(device.name, size(device.memory), device.source) for device in DEVICES]
    return "\n".join(lay_out(columns, rows, palette)) + "\n"
