"""convcalc: the shape-and-memory calculator for convolutional networks.

>>> import convcalc
>>> convcalc.analyze("vgg16").totals.params
138357544
"""

import sys

TYPE_CHECKING = False  # what type checkers take for true; importing typing would cost 10 ms
if TYPE_CHECKING:
    from convcalc.api import (
        Builder,
        ChangesReport,
        CheckReport,
        CountReport,
        DemoReport,
        DiffReport,
        ExplainReport,
        Finding,
        FitReport,
        ImportReport,
        LayerReport,
        LoadError,
        MemoryReport,
        Net,
        NetError,
        PageReport,
        Repair,
        Report,
        RequestError,
        SizesReport,
        SweepReport,
        SweepRow,
        Totals,
        VerifyReport,
        analyze,
        check,
        convert,
        demo,
        diff,
        explain,
        export,
        fit,
        identify,
        import_,
        load,
        names,
        report,
        sizes,
        sweep,
        variants,
        verify,
    )

__version__ = "0.1.0"

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
    "__version__",
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


class _Front(type(sys)):  # type: ignore[misc]
    """This package, in which functions come before the packages of the same name.

    `convcalc.verify` is the function, whichever package was imported before; those are reached by
    ``from convcalc.verify import ...``.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if name not in __all__ or not isinstance(value, type(sys)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Front


def __getattr__(name: str) -> object:
    """Everything but the version is loaded when it is first asked for: importing costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'convcalc' has no attribute {name!r}")
    from convcalc import api

    value: object = getattr(api, name)
    return value


def __dir__() -> list[str]:
    """What there is, for completion in a notebook."""
    return sorted(__all__)
