"""Which part of the memory that `tracemalloc` counts is Python's own objects, and no array's.

Python keeps what a kernel frees (up to 2,000 tuples of each length), and its table of interned
names doubles at some import or other: by a megabyte behind the drawing of a progress bar. Neither
is a volume of the net, and neither can be predicted.
"""

import tracemalloc

import numpy as np


def python_objects() -> int:
    """Bytes of all objects that are traced, but for the numbers of arrays; 0 if nothing is."""
    if not tracemalloc.is_tracing():
        return 0
    traces = tracemalloc.take_snapshot().traces
    return sum(trace.size for trace in traces if trace.domain != np.lib.tracemalloc_domain)
