"""convcalc: the shape-and-memory calculator for convolutional networks.

>>> import convcalc
>>> convcalc.analyze("vgg16").totals.params
138357544
"""

TYPE_CHECKING = False  # what type checkers take for true; importing typing would cost 10 ms
if TYPE_CHECKING:
    from convcalc.api import (
        Finding,
        LayerReport,
        LoadError,
        MemoryReport,
        Net,
        Report,
        Totals,
        analyze,
        load,
        names,
    )

__version__ = "0.1.0"

__all__ = [
    "Finding",
    "LayerReport",
    "LoadError",
    "MemoryReport",
    "Net",
    "Report",
    "Totals",
    "__version__",
    "analyze",
    "load",
    "names",
]


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
