"""Names of revisions that mean several commits to git.

It takes the first of a list in which tags come before branches, and only warns. Who pushes a tag
named ``origin/main`` would choose what a branch is compared with.
"""

import re

from convcalc.findings import brief, plain
from convcalc.study.git import Git
from convcalc.study.waiting import RULES

_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_MOST = 2**20  #: bytes of the refs whose names begin alike


def why_ambiguous(folder: str, name: str) -> str:
    """What several commits a name stands for, and what to write; '' where git takes the one meant.

    Args:
        folder: where to ask git.
        name: what git warns of.

    Raises:
        OSError: git cannot be started.
    """
    if name in {"HEAD", "@"} or _HASH.fullmatch(name):  # no tag comes before these
        return ""
    full = [rule.format(name) for rule in RULES]
    if name.startswith("refs/"):
        full.insert(0, name)
    with Git(folder, "for-each-ref", "--format=%(refname)", "--", *full) as git:
        known = set(git.read(_MOST).decode("utf-8", "replace").split("\n"))
    there = [one for one in full if one in known]
    if name in there:
        return ""
    head = f"{brief(name)!r} is ambiguous"
    if len(there) < 2:
        also = f"{plain(there[0])} and a short hash" if there else "a name and a short hash"
        return f"{head}, {also}: write the commit's whole hash"
    branch = there[-1]  # tags come first
    meant = f" for the {'tag' if branch.startswith('refs/tags/') else 'branch'}"
    shown = " and ".join(plain(one) for one in there)
    return f"{head}: {shown}: write {plain(branch)}{meant}"
