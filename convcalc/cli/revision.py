"""A spec as it was at a git revision."""

import os

import click

from convcalc.cli.output import failed
from convcalc.findings import plain
from convcalc.spec.source import Limits


def spec_at(revision: str, path: str, limits: Limits) -> tuple[str, bytes]:
    """The name and bytes of a file as it was committed; nothing of the repository is run."""
    import subprocess  # 8 ms, for this one option

    if revision.startswith("-") or not revision:
        raise click.UsageError(f"{revision!r} is no revision")
    folder, name = os.path.split(os.path.normpath(path))
    command = ["git", "-C", folder or ".", "cat-file", "blob", f"{revision}:./{name}"]
    most = -1 if limits.bytes is None else limits.bytes + 1
    try:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as git:
            assert git.stdout is not None and git.stderr is not None, "both are pipes"
            data = git.stdout.read(most)
            git.stdout.close()
            said = git.stderr.read(2000).decode("utf-8", "replace").strip()
    except OSError as error:
        raise failed(f"cannot run git: {error.strerror}") from error
    if git.returncode and not data:
        reason = plain(said.splitlines()[0]) if said else "git fails"
        raise failed(f"no {plain(path)} at {plain(revision)}: {reason}")
    return f"{plain(path)}@{plain(revision)}", data
