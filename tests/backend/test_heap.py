"""Freed memory stays in the process inside `kept_heap`, and goes back after it.

Each is seen in a process of its own: in one that has done other work, a hole in its heap may be
wide enough for the volume, and then nothing comes from the system or goes back to it.
"""

import ctypes
import platform
import subprocess
import sys

import numpy as np
import pytest

from convcalc.backend.heap import kept_heap

FRESH = """
import resource
import numpy as np
from convcalc.backend.heap import kept_heap

SIZE = 2**26


def faults_of_three_volumes():
    np.ones(SIZE, np.uint8)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(3):
        np.ones(SIZE, np.uint8)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def resident():
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * resource.getpagesize()

"""
needs_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")


def figures(code):
    """What `code` prints, in a fresh process whose allocator no environment variable changes."""
    told = subprocess.run(
        [sys.executable, "-c", FRESH + code],
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(word) for word in told.stdout.split()]


@needs_glibc
def test_volumes_are_made_of_freed_ones():
    kept, given_back = figures(
        "with kept_heap():\n    kept = faults_of_three_volumes()\n"
        "print(kept, faults_of_three_volumes())"
    )
    if given_back == 0:
        pytest.skip("this system does not count page faults")
    assert kept < 10 < given_back


def test_without_glibc_nothing_happens(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    with kept_heap():
        assert np.ones(3).sum() == 3


@needs_glibc
def test_memory_goes_back_afterwards():
    before, inside, after, size = figures(
        "before = resident()\n"
        "with kept_heap():\n    np.ones(SIZE, np.uint8)\n    inside = resident()\n"
        "print(before, inside, resident(), SIZE)"
    )
    assert inside > before + size // 2
    assert after < before + size // 2
