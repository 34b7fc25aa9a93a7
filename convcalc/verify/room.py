"""How much memory a run may take on this machine, asked before anything is allocated."""

import os
from pathlib import Path


def available_bytes() -> int | None:
    """Bytes that can be had now of the system, the container and this process; None: unknown."""
    found = [one for one in (_system(), _container(), _limit()) if one is not None]
    return min(found, default=None)


def _system() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    try:  # other Unix systems: all of the memory there is
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _container() -> int | None:
    """What a control group leaves, version 2."""
    folder = Path("/sys/fs/cgroup")
    try:
        limit = (folder / "memory.max").read_text(encoding="ascii").strip()
        used = int((folder / "memory.current").read_text(encoding="ascii"))
        return None if limit == "max" else max(int(limit) - used, 0)
    except (OSError, ValueError):
        return None


def _limit() -> int | None:
    """What the process may still map of the addresses that it is limited to (`ulimit -v`)."""
    try:
        from resource import RLIM_INFINITY, RLIMIT_AS, getrlimit

        limit, pages = getrlimit(RLIMIT_AS)[0], Path("/proc/self/statm").read_text("ascii").split()
        if limit == RLIM_INFINITY:
            return None
        return max(limit - int(pages[0]) * os.sysconf("SC_PAGE_SIZE"), 0)
    except (ImportError, AttributeError, OSError, ValueError):  # other than Linux
        return None
