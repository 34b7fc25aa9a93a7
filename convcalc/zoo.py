"""The bundled architectures, found in a checkout, an editable install and a wheel."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def folder() -> Path:
    """Where the bundled specs lie."""
    installed = _HERE / "architectures"
    return installed if installed.is_dir() else _HERE.parent / "architectures"


def names() -> tuple[str, ...]:
    """The bundled nets in alphabetical order."""
    return tuple(sorted(path.stem for path in folder().glob("*.yaml")))


def find(name: str) -> Path | None:
    """The spec of a bundled net; None where there is none of that name."""
    if not name or "/" in name or "\\" in name or name.startswith("."):
        return None
    path = folder() / f"{name}.yaml"
    return path if path.is_file() else None
