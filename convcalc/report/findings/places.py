"""Where a finding is, for machines: paths as services want them, and fingerprints that last."""

import os
from collections.abc import Iterable

from convcalc.findings import Finding
from convcalc.study.failure import Failure


def relative(path: str) -> str:
    """A path from the working folder with forward slashes, as repositories name their files."""
    here = os.getcwd() + os.sep
    return path.removeprefix(here).replace(os.sep, "/")


def uri(path: str) -> str:
    """The path as a URI: relative to the repository, or absolute outside of it."""
    from urllib.parse import quote

    place = relative(path)
    quoted = quote(place, errors="surrogatepass")
    return f"file://{quoted}" if place.startswith("/") else quoted


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """A name for each finding that survives edits elsewhere in its file; all are different.

    Lines are not part of it. Findings that agree in all else are distinguished by their order.
    """
    return _distinct(
        (relative(finding.path), finding.code, finding.layer or "", finding.message)
        for finding in findings
    )


def failure_fingerprints(failures: Iterable[Failure]) -> list[str]:
    """The same for what could not be checked."""
    return _distinct((relative(one.path), "not-checked", one.message) for one in failures)


def _distinct(keys: Iterable[tuple[str, ...]]) -> list[str]:
    from hashlib import sha256

    seen: dict[tuple[str, ...], int] = {}
    names = []
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
        text = "\0".join((*key, str(seen[key])))
        names.append(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return names
