"""Freed memory stays in the process inside `kept_heap`, and goes back after it."""

import ctypes
import platform

import numpy as np
import pytest

from convcalc.backend.heap import kept_heap

SIZE = 2**26


def faults_of_three_volumes():
    """Page faults of volumes that are made one after the other, each where the last was freed."""
    resource = pytest.importorskip("resource")
    np.ones(SIZE, np.uint8)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(3):
        np.ones(SIZE, np.uint8)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")
def test_volumes_are_made_of_freed_ones():
    with kept_heap():
        kept = faults_of_three_volumes()
    assert kept < 10 < faults_of_three_volumes()


def test_without_glibc_nothing_happens(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    with kept_heap():
        assert np.ones(3).sum() == 3


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")
def test_memory_goes_back_afterwards():
    def resident():
        with open("/proc/self/status") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    before = resident()
    with kept_heap():
        np.ones(SIZE, np.uint8)
        assert resident() > before + SIZE // 2048
    assert resident() < before + SIZE // 2048
