"""The Python interface: load a net, analyze it, read its numbers under the names of the JSON.

>>> import convcalc
>>> net = convcalc.load("vgg16")
>>> report = convcalc.analyze(net, batch=32)
>>> report.totals.params, report["conv1_1"].output
(138357544, (224, 224, 64))
"""

from convcalc.analysis.record import Totals
from convcalc.api.net import Net, load, names
from convcalc.api.report import LayerReport, MemoryReport, Report, analyze
from convcalc.findings import Finding
from convcalc.study.errors import LoadError

__all__ = [
    "Finding",
    "LayerReport",
    "LoadError",
    "MemoryReport",
    "Net",
    "Report",
    "Totals",
    "analyze",
    "load",
    "names",
]
