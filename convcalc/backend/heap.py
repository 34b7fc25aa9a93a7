"""Freed volumes stay in the process while a net runs, for the next volume to be made of.

glibc gives every large block back to the system when it is freed, and the system hands out zeroed
pages for the next one, a fault for each: a tenth of VGG-16's time, a sixth of MobileNetV2's. What
is alive, and what `tracemalloc` counts, does not change; where there is no glibc nothing happens.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

#: malloc.h: when the end of the heap goes back to the system, and how many blocks may be mapped
#: apart from it. Their values here, and glibc's own.
_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
_KEEP = {_TRIM_THRESHOLD: -1, _MMAP_MAX: 0}
_DEFAULT = {_TRIM_THRESHOLD: 128 * 1024, _MMAP_MAX: 65536}


@contextmanager
def kept_heap() -> Iterator[None]:
    """Freed memory is kept for the block, and given back after it."""
    try:
        library = ctypes.CDLL(None)
        mallopt, trim = library.mallopt, library.malloc_trim
    except (OSError, TypeError, AttributeError):  # no glibc: macOS, Windows, musl
        yield
        return
    for option, value in _KEEP.items():
        mallopt(option, value)
    try:
        yield
    finally:
        for option, value in _DEFAULT.items():
            mallopt(option, value)
        trim(0)
