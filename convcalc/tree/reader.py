"""Text to located tree, by YAML's own events and under limits that hold while they stream in.

PyYAML's composer and constructor are not used: they keep the last of two duplicate keys, read 010
as 8, expand merge bombs and die of deep nesting. Works the same with libyaml and without.
"""

import gc
from typing import TYPE_CHECKING, Any

from convcalc.findings import Finding
from convcalc.source import Source
from convcalc.tree.builder import Builder
from convcalc.tree.decode import Limits
from convcalc.tree.faults import Faults, StopReadingError
from convcalc.tree.libyaml import yaml
from convcalc.tree.nodes import Node

if TYPE_CHECKING:
    from convcalc.tree.syntax import Fault

_C_PARSER: Any = getattr(yaml, "CSafeLoader", ())
_PARSER: Any = _C_PARSER or yaml.SafeLoader


def _framing(source: Source) -> "Fault | None":
    """A directive or a second document; most texts hold no mark of either."""
    if not any(mark in source.text for mark in ("%", "---", "...")):
        return None
    from convcalc.tree.syntax import framing

    return framing(source)


def read(source: Source, limits: Limits, parser: Any = None) -> tuple[Node | None, list[Finding]]:
    """The tree of a file and what is wrong with it as YAML; the tree is None if it has none.

    `parser` is the PyYAML loader class that supplies the events (default: libyaml if there is one).
    """
    faults = Faults(source.path)
    fault = _framing(source)
    if fault is not None:
        faults.refuse(fault)
        return None, faults.findings
    parser = parser or _PARSER
    if not issubclass(parser, _C_PARSER):
        from convcalc.tree.scanner import Scanner  # needed without libyaml only

        parser = Scanner
    collecting = gc.isenabled()
    gc.disable()  # a large file makes many small objects and no garbage
    builder = Builder(source, limits, faults)
    root = None
    try:
        builder.build(parser(source.text))
        root = builder.root
    except StopReadingError:
        pass
    except yaml.YAMLError as error:
        from convcalc.tree.syntax import explained

        faults.refuse(explained(source, error, parser))
    finally:
        if collecting:
            gc.enable()
    return root, faults.findings
