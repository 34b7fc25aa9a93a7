"""The Python interface: load a net, analyze it, read its numbers under the names of the JSON.

>>> import convcalc
>>> net = convcalc.load("vgg16")
>>> report = convcalc.analyze(net, batch=32)
>>> report.totals.params, report["conv1_1"].output
(138357544, (224, 224, 64))
"""

from convcalc.api.analysis import Report, analyze
from convcalc.api.answers import (
    ChangesReport,
    CheckReport,
    DiffReport,
    ExplainReport,
    FitReport,
    SizesReport,
    VerifyReport,
)
from convcalc.api.demonstration import DemoReport, demo
from convcalc.api.differences import diff
from convcalc.api.family import variants
from convcalc.api.models import ImportReport, export, import_
from convcalc.api.net import Net, Repair, load, names
from convcalc.api.numbers import CountReport, LayerReport, Totals
from convcalc.api.pages import PageReport, report
from convcalc.api.questions import check, explain, fit, identify, sizes
from convcalc.api.sweeps import SweepReport, SweepRow, sweep
from convcalc.api.weights import convert, verify
from convcalc.findings import Finding
from convcalc.memory.report import MemoryReport
from convcalc.network.build import Builder
from convcalc.study.errors import LoadError, NetError, RequestError

__all__ = [
    "Builder",
    "ChangesReport",
    "CheckReport",
    "CountReport",
    "DemoReport",
    "DiffReport",
    "ExplainReport",
    "Finding",
    "FitReport",
    "ImportReport",
    "LayerReport",
    "LoadError",
    "MemoryReport",
    "Net",
    "NetError",
    "PageReport",
    "Repair",
    "Report",
    "RequestError",
    "SizesReport",
    "SweepReport",
    "SweepRow",
    "Totals",
    "VerifyReport",
    "analyze",
    "check",
    "convert",
    "demo",
    "diff",
    "explain",
    "export",
    "fit",
    "identify",
    "import_",
    "load",
    "names",
    "report",
    "sizes",
    "sweep",
    "variants",
    "verify",
]
