"""Which specs a command line names: files, and what lies below folders."""

import os
from collections.abc import Callable

_ENDINGS = (".yaml", ".yml")


def spec_files(
    paths: tuple[str, ...], include: tuple[str, ...], failure: Callable[[str], None]
) -> list[str]:
    """The specs that are meant, each once, in the order of the command line and then of names.

    Folders are walked without following links, hidden ones left out; `include` are patterns that
    files in folders must match (default: all .yaml files). What cannot be listed is a `failure`.
    """
    found: dict[str, str] = {}
    for path in paths:
        below = _below(path, include, failure) if os.path.isdir(path) else [path]
        for file in below:
            found.setdefault(os.path.normpath(file), file)
    return list(found.values())


def _below(path: str, include: tuple[str, ...], failure: Callable[[str], None]) -> list[str]:
    found = []

    def unlisted(error: OSError) -> None:
        failure(f"cannot list {error.filename}: {error.strerror}")

    for folder, folders, files in os.walk(path, onerror=unlisted):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = os.path.join(folder, name)
            if name.endswith(_ENDINGS) and _included(os.path.relpath(file, path), include):
                found.append(file)
    if not found and os.access(path, os.R_OK):
        what = f" that match {', '.join(include)}" if include else ""
        failure(f"no .yaml files{what} in {path}")
    return found


def _included(file: str, include: tuple[str, ...]) -> bool:
    if not include:
        return True
    from fnmatch import fnmatchcase

    place = file.replace(os.sep, "/")
    return any(fnmatchcase(place, p) or fnmatchcase(os.path.basename(file), p) for p in include)
